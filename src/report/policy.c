/* policy.c: lines in the order of their precedence, and for each app those that may speak of it. */
#include "report/policy.h"

#include "base/arena.h"
#include "base/calendar.h"
#include "base/csv.h"
#include "base/num.h"
#include "base/room.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_LIMIT = 1 << 26 };

enum { COLUMN_SUBJECT, COLUMN_STATUS, COLUMN_SCOPE, COLUMN_UNTIL, COLUMN_APPROVER, COLUMN_REASON };

static const struct csv_column columns[] = {{"subject", false}, {"status", false},
                                            {"scope", false},   {"until", false},
                                            {"approver", true}, {"reason", true}};

struct policy {
    struct arena arena;
    char *name;
    struct policy_line *lines; /* by precedence once read */
    size_t count, capacity;
    uint32_t *of_apps; /* places in `lines`, app by app */
    uint32_t *begins;  /* of each app's in of_apps; one more at the end */
};

struct policy_reading {
    struct policy *policy;
    const struct signature_set *signatures;
};

static bool is_category(const struct signature_set *signatures, struct slice name)
{
    for (size_t i = 0; i < signature_app_count(signatures); i++)
        if (slice_is(name, signature_app(signatures, (uint32_t)i)->category))
            return true;
    return false;
}

static bool parse_app(const struct policy_reading *r, const struct csv_row *row, struct slice id,
                      struct policy_line *line, struct error *err)
{
    line->name = id;
    line->app = signature_find_app(r->signatures, id);
    return line->app != SIGNATURE_NO_APP ||
           csv_fail(row, err, "subject: app '%.*s' is none that is known", SLICE_FMT(id));
}

static bool parse_tenant(const struct policy_reading *r, const struct csv_row *row,
                         struct slice text, struct policy_line *line, struct error *err)
{
    struct slice app;

    if (!slice_cut(text, '/', &app, &line->tenant) || line->tenant.len == 0)
        return csv_fail(row, err, "subject 'tenant:%.*s': expected tenant:APP/NAME",
                        SLICE_FMT(text));
    line->subject =
        slice_find(line->tenant, '*') < line->tenant.len ? SUBJECT_TENANTS : SUBJECT_TENANT;
    return parse_app(r, row, app, line, err);
}

static bool parse_subject(const struct policy_reading *r, const struct csv_row *row,
                          struct policy_line *line, struct error *err)
{
    struct slice text = row->fields[COLUMN_SUBJECT], kind, rest;

    slice_cut(text, ':', &kind, &rest);
    rest = slice_trim(rest);
    line->app = SIGNATURE_NO_APP;
    if (slice_is(kind, "tenant"))
        return parse_tenant(r, row, rest, line, err);
    if (slice_is(kind, "app")) {
        line->subject = SUBJECT_APP;
        return parse_app(r, row, rest, line, err);
    }
    line->subject = SUBJECT_CATEGORY;
    line->name = rest;
    if (!slice_is(kind, "category"))
        return csv_fail(row, err, "subject '%.*s': expected category:ID, app:ID or tenant:APP/NAME",
                        SLICE_FMT(text));
    return is_category(r->signatures, rest) ||
           csv_fail(row, err, "subject: category '%.*s' is none that is known", SLICE_FMT(rest));
}

static bool parse_status(const struct csv_row *row, struct policy_line *line, struct error *err)
{
    struct slice text = row->fields[COLUMN_STATUS];

    for (unsigned s = 0; s < STATUSES; s++)
        if (slice_is(text, plan_status_name((enum app_status)s))) {
            line->status = (enum app_status)s;
            return true;
        }
    return csv_fail(row, err,
                    "status '%.*s': expected sanctioned, tolerated, unsanctioned or unreviewed",
                    SLICE_FMT(text));
}

static bool parse_scope(const struct csv_row *row, struct policy_line *line, struct error *err)
{
    struct slice text = row->fields[COLUMN_SCOPE], kind;

    line->scope = SCOPE_ALL;
    if (text.len == 0)
        return true;
    slice_cut(text, ':', &kind, &line->who);
    line->who = slice_trim(line->who);
    if (slice_is(kind, "user"))
        line->scope = SCOPE_USER;
    else if (slice_is(kind, "department"))
        line->scope = SCOPE_DEPARTMENT;
    if (line->scope != SCOPE_ALL && line->who.len > 0)
        return true;
    return csv_fail(row, err, "scope '%.*s': expected nothing, user:NAME or department:NAME",
                    SLICE_FMT(text));
}

/* The digits of a date's part. */
static bool parse_part(struct slice text, size_t length, int32_t *out)
{
    uint64_t number;

    if (text.len != length || !num_parse(text, 9999, &number))
        return false;
    *out = (int32_t)number;
    return true;
}

static bool parse_until(const struct csv_row *row, struct policy_line *line, struct error *err)
{
    struct slice text = row->fields[COLUMN_UNTIL], year, month, day;
    struct civil date = {0};

    line->until = POLICY_FOREVER;
    if (text.len == 0)
        return true;
    slice_cut(text, '-', &year, &day);
    slice_cut(day, '-', &month, &day);
    if (!parse_part(year, 4, &date.year) || !parse_part(month, 2, &date.month) ||
        !parse_part(day, 2, &date.day) || !calendar_valid(&date))
        return csv_fail(row, err, "until '%.*s': expected a date such as 2027-03-31, or nothing",
                        SLICE_FMT(text));
    line->until = (int32_t)calendar_days(date.year, date.month, date.day);
    return true;
}

static bool is_same_case(const struct policy_line *a, const struct policy_line *b)
{
    return a->subject == b->subject && slice_equal(a->name, b->name) &&
           slice_equal(a->tenant, b->tenant) && a->scope == b->scope &&
           slice_equal(a->who, b->who) && a->until == b->until;
}

static bool keep_text(struct policy *p, struct slice *text, struct error *err)
{
    if (text->len == 0)
        return true;
    *text = arena_copy(&p->arena, *text);
    return text->ptr != NULL || error_set_memory(err);
}

static bool add_line(struct policy *p, struct policy_line line, struct error *err)
{
    if (!ROOM_FOR_ONE(p->lines, p->count, p->capacity))
        return error_set_memory(err);
    if (!keep_text(p, &line.name, err) || !keep_text(p, &line.tenant, err) ||
        !keep_text(p, &line.who, err) || !keep_text(p, &line.approver, err) ||
        !keep_text(p, &line.reason, err))
        return false;
    p->lines[p->count++] = line;
    return true;
}

static bool take_row(void *context, const struct csv_row *row, struct error *err)
{
    struct policy_reading *r = context;
    struct policy_line line = {.line = row->line,
                               .approver = row->fields[COLUMN_APPROVER],
                               .reason = row->fields[COLUMN_REASON]};

    if (!parse_subject(r, row, &line, err) || !parse_status(row, &line, err) ||
        !parse_scope(row, &line, err) || !parse_until(row, &line, err))
        return false;
    for (size_t i = 0; i < r->policy->count; i++)
        if (is_same_case(&line, &r->policy->lines[i]))
            return csv_fail(row, err, "the same subject, scope and until stand in line %zu",
                            r->policy->lines[i].line);
    return add_line(r->policy, line, err);
}

/* By precedence, for qsort; the file's order decides the rest: what fits first wins. */
static int compare_lines(const void *left, const void *right)
{
    const struct policy_line *a = left, *b = right;

    if (a->subject != b->subject)
        return a->subject < b->subject ? -1 : 1;
    if (a->scope != b->scope)
        return a->scope < b->scope ? -1 : 1;
    if (a->until != b->until)
        return a->until < b->until ? -1 : 1;
    return (a->line > b->line) - (a->line < b->line);
}

static bool speaks_of(const struct policy_line *line, const struct signature_set *signatures,
                      uint32_t app)
{
    return line->subject == SUBJECT_CATEGORY
               ? slice_is(line->name, signature_app(signatures, app)->category)
               : line->app == app;
}

static bool index_apps(struct policy *p, const struct signature_set *signatures, struct error *err)
{
    size_t apps = signature_app_count(signatures), count = 0;

    p->begins = calloc(apps + 1, sizeof *p->begins);
    if (p->begins == NULL)
        return error_set_memory(err);
    for (size_t app = 0; app < apps; app++)
        for (size_t i = 0; i < p->count; i++)
            count += speaks_of(&p->lines[i], signatures, (uint32_t)app);
    p->of_apps = calloc(count + 1, sizeof *p->of_apps);
    if (p->of_apps == NULL)
        return error_set_memory(err);
    count = 0;
    for (size_t app = 0; app < apps; app++) {
        p->begins[app] = (uint32_t)count;
        for (size_t i = 0; i < p->count; i++)
            if (speaks_of(&p->lines[i], signatures, (uint32_t)app))
                p->of_apps[count++] = (uint32_t)i;
    }
    p->begins[apps] = (uint32_t)count;
    return true;
}

struct policy *policy_read(const char *name, struct slice bytes,
                           const struct signature_set *signatures, struct error *err)
{
    struct policy *p = calloc(1, sizeof *p);
    struct policy_reading reading = {p, signatures};
    struct csv_file file = {.name = name,
                            .bytes = bytes,
                            .columns = columns,
                            .column_count = sizeof columns / sizeof *columns};

    if (p == NULL) {
        error_set_memory(err);
        return NULL;
    }
    p->name = strdup(name);
    if (p->name == NULL)
        error_set_memory(err);
    if (err->code == ERROR_NONE && csv_read(&file, take_row, &reading, err)) {
        if (p->count > 1)
            qsort(p->lines, p->count, sizeof *p->lines, compare_lines);
        if (index_apps(p, signatures, err))
            return p;
    }
    policy_free(p);
    return NULL;
}

static bool read_all(FILE *in, struct buf *out, const char *path, struct error *err)
{
    char piece[65536];
    size_t got;

    while ((got = fread(piece, 1, sizeof piece, in)) > 0 && out->len < FILE_LIMIT)
        buf_append(out, slice_of(piece, got));
    if (ferror(in))
        return error_set_errno(err, errno, "%s: cannot read the policy", path);
    return !out->failed || error_set_memory(err);
}

struct policy *policy_load(const char *path, const struct signature_set *signatures,
                           struct error *err)
{
    FILE *in = fopen(path, "re");
    struct policy *policy = NULL;
    struct buf bytes = {0};

    if (in == NULL) {
        error_set_errno(err, errno, "%s: cannot read the policy", path);
        return NULL;
    }
    if (read_all(in, &bytes, path, err))
        policy = policy_read(path, buf_slice(&bytes), signatures, err);
    fclose(in);
    buf_free(&bytes);
    return policy;
}

static bool fits_subject(const struct policy_line *line, const struct policy_case *c)
{
    switch (line->subject) {
    case SUBJECT_TENANT: return slice_equal_nocase(line->tenant, c->tenant);
    case SUBJECT_TENANTS: return c->tenant.len > 0 && slice_glob(line->tenant, c->tenant);
    case SUBJECT_APP:
    case SUBJECT_CATEGORY: break;
    }
    return true;
}

static bool fits_scope(const struct policy_line *line, const struct policy_case *c)
{
    switch (line->scope) {
    case SCOPE_USER: return slice_glob(line->who, c->user);
    case SCOPE_DEPARTMENT: return slice_glob(line->who, c->department);
    case SCOPE_ALL: break;
    }
    return true;
}

const struct policy_line *policy_decide(const struct policy *p, const struct policy_case *c)
{
    if (p == NULL)
        return NULL;
    for (uint32_t i = p->begins[c->app]; i < p->begins[c->app + 1]; i++) {
        const struct policy_line *line = &p->lines[p->of_apps[i]];

        if (c->day <= line->until && fits_subject(line, c) && fits_scope(line, c))
            return line;
    }
    return NULL;
}

bool policy_is_personal(const struct policy *p)
{
    for (size_t i = 0; p != NULL && i < p->count; i++)
        if (p->lines[i].scope != SCOPE_ALL || p->lines[i].subject < SUBJECT_APP)
            return true;
    return false;
}

bool policy_is_of_departments(const struct policy *p)
{
    for (size_t i = 0; p != NULL && i < p->count; i++)
        if (p->lines[i].scope == SCOPE_DEPARTMENT)
            return true;
    return false;
}

size_t policy_line_count(const struct policy *p)
{
    return p->count;
}

const struct policy_line *policy_line_at(const struct policy *p, size_t index)
{
    return &p->lines[index];
}

const char *policy_name(const struct policy *p)
{
    return p->name;
}

void policy_append_subject(struct buf *out, const struct policy_line *line)
{
    static const char *const kinds[] = {[SUBJECT_TENANT] = "tenant:",
                                        [SUBJECT_TENANTS] = "tenant:",
                                        [SUBJECT_APP] = "app:",
                                        [SUBJECT_CATEGORY] = "category:"};

    buf_append_string(out, kinds[line->subject]);
    buf_append(out, line->name);
    if (line->tenant.len > 0) {
        buf_append_byte(out, '/');
        buf_append(out, line->tenant);
    }
}

void policy_append_scope(struct buf *out, const struct policy_line *line)
{
    static const char *const kinds[] = {
        [SCOPE_USER] = "user:", [SCOPE_DEPARTMENT] = "department:", [SCOPE_ALL] = ""};

    buf_append_string(out, kinds[line->scope]);
    buf_append(out, line->who);
}

void policy_free(struct policy *p)
{
    if (p == NULL)
        return;
    arena_free(&p->arena);
    free(p->name);
    free(p->lines);
    free(p->of_apps);
    free(p->begins);
    free(p);
}
