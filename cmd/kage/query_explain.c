/* query_explain.c: the cells behind the rows: a line for each host of each. */
#include "query.h"

#include "base/calendar.h"
#include "record/record.h"
#include "signature/match.h"

#include <inttypes.h>
#include <stdlib.h>

static const struct column columns[] = {{"day", "day", false, 1},
                                        {"user", "user", false, 1},
                                        {"app", "app", false, 1},
                                        {"tenant", "tenant", false, 3},
                                        {"status", "status", false, 4},
                                        {"policy_line", "policy", true, 0},
                                        {"approver", "approver", false, 0},
                                        {"kind", "kind", false, 2},
                                        {"role", "role", false, 2},
                                        {"passed", "passed", true, 1},
                                        {"denied", "denied", true, 2},
                                        {"active_minutes", "minutes", true, 2},
                                        {"host", "host", false, 1},
                                        {"signature", "signature", false, 1},
                                        {"signature_line", "line", false, 3},
                                        {"evidence", "evidence", false, 1}};

/* A cell that stands behind a row. */
struct told {
    const struct usage *usage;
    struct usage_cell cell;
    const char *app;
    const struct policy_line *policy; /* NULL: no line decided */
};

/* Cells in the order in which they are told. */
struct explanation {
    struct query *query;
    const struct usage *usage;
    struct told *told;
    size_t count, capacity;
    struct writer *writer;
    struct buf scratch;
    struct error *err;
};

/* By day, user, app, tenant, kind and role; for qsort. */
static int compare_told(const void *left, const void *right)
{
    const struct told *a = left, *b = right;
    const struct usage_key *x = &a->cell.key, *y = &b->cell.key;
    int order = (x->day > y->day) - (x->day < y->day);

    if (order == 0)
        order = slice_compare(usage_name(a->usage, NAME_USER, x->user),
                              usage_name(b->usage, NAME_USER, y->user));
    if (order == 0)
        order = slice_compare(slice_of_string(a->app), slice_of_string(b->app));
    if (order == 0)
        order = slice_compare(usage_name(a->usage, NAME_TENANT, x->tenant),
                              usage_name(b->usage, NAME_TENANT, y->tenant));
    if (order == 0)
        order = (x->kind > y->kind) - (x->kind < y->kind);
    return order != 0 ? order : (x->role < y->role) - (x->role > y->role);
}

static bool print_name(struct explanation *e, enum usage_name kind, uint32_t id)
{
    struct slice text = usage_name(e->usage, kind, id);
    struct value value = {
        .type = text.len == 0 ? VALUE_EMPTY : VALUE_TEXT, .text = text, .name = true};

    return writer_cell(e->writer, &value, e->err);
}

static bool print_scratch(struct explanation *e)
{
    struct value value = value_text(buf_slice(&e->scratch));

    if (e->scratch.failed)
        return error_set_memory(e->err);
    return writer_cell(e->writer, &value, e->err);
}

static bool print_status(struct explanation *e, const struct policy_line *line)
{
    struct value approver = {.type = VALUE_EMPTY};

    if (line == NULL)
        return writer_string(e->writer, plan_status_name(STATUS_UNREVIEWED), e->err) &&
               writer_string(e->writer, NULL, e->err) && writer_string(e->writer, NULL, e->err);
    if (line->approver.len > 0)
        approver = value_text(line->approver);
    return writer_string(e->writer, plan_status_name(line->status), e->err) &&
           writer_number(e->writer, line->line, e->err) &&
           writer_cell(e->writer, &approver, e->err);
}

static bool print_nothing(struct explanation *e, unsigned cells)
{
    for (; cells > 0; cells--)
        if (!writer_string(e->writer, NULL, e->err))
            return false;
    return true;
}

/* Which signature matches the host today. */
static bool print_signature(struct explanation *e, struct slice host)
{
    struct match match = signature_match(e->query->signatures, host);
    const struct signature *signature;

    if (match.signature == MATCH_NO_SIGNATURE)
        return print_nothing(e, 2);
    signature = signature_at(e->query->signatures, match.signature);
    buf_reset(&e->scratch);
    buf_printf(&e->scratch, "%s%s", signature->exact ? "=" : "", signature->domain);
    if (!print_scratch(e))
        return false;
    buf_reset(&e->scratch);
    buf_printf(&e->scratch, "%s:%zu", signature->file, signature->line);
    return print_scratch(e);
}

static bool print_counts(struct explanation *e, const struct told *t)
{
    const struct usage_cell *cell = &t->cell;

    return writer_string(e->writer, record_kind_name((enum record_kind)cell->key.kind), e->err) &&
           writer_string(e->writer, role_name((enum role)cell->key.role), e->err) &&
           writer_number(e->writer, cell->counts[COUNT_PASSED], e->err) &&
           writer_number(e->writer, cell->counts[COUNT_DENIED], e->err) &&
           writer_number(e->writer, cell->minutes.count, e->err);
}

static bool print_evidence(struct explanation *e, const struct usage_cell *cell)
{
    if (cell->first_us == INT64_MAX)
        return writer_string(e->writer, NULL, e->err);
    buf_reset(&e->scratch);
    buf_append(&e->scratch, usage_name(e->usage, NAME_ARCHIVE, cell->evidence_archive));
    buf_printf(&e->scratch, ":%" PRIu64, cell->evidence_line);
    return print_scratch(e);
}

static bool print_line(struct explanation *e, const struct told *t, uint32_t host)
{
    const struct usage_key *key = &t->cell.key;
    struct civil date = calendar_date(key->day);

    buf_reset(&e->scratch);
    buf_printf(&e->scratch, "%04" PRId32 "-%02" PRId32 "-%02" PRId32, date.year, date.month,
               date.day);
    return print_scratch(e) && print_name(e, NAME_USER, key->user) &&
           writer_string(e->writer, t->app, e->err) && print_name(e, NAME_TENANT, key->tenant) &&
           print_status(e, t->policy) && print_counts(e, t) && print_name(e, NAME_HOST, host) &&
           print_signature(e, usage_name(e->usage, NAME_HOST, host)) && print_evidence(e, &t->cell);
}

/* A host and its number. */
struct named_host {
    struct slice name;
    uint32_t number;
};

/* By name, for qsort: numbers depend on what was read first. */
static int compare_hosts(const void *left, const void *right)
{
    const struct named_host *a = left, *b = right;

    return slice_compare(a->name, b->name);
}

static bool print_cell(struct explanation *e, const struct told *t)
{
    const struct host_set *set = &t->cell.hosts;
    struct named_host *hosts;
    bool ok = true;

    if (set->count == 0)
        return print_line(e, t, 0);
    hosts = calloc(set->count, sizeof *hosts);
    if (hosts == NULL)
        return error_set_memory(e->err);
    for (uint32_t i = 0; i < set->count; i++) {
        uint32_t number = host_set_get(set, i);

        hosts[i] = (struct named_host){usage_name(e->usage, NAME_HOST, number), number};
    }
    qsort(hosts, set->count, sizeof *hosts, compare_hosts);
    for (uint32_t i = 0; ok && i < set->count; i++)
        ok = print_line(e, t, hosts[i].number);
    free(hosts);
    return ok;
}

/* The filter keeps it. */
static bool note(void *context, const struct document *document, const struct policy_line *line,
                 struct error *err)
{
    struct explanation *e = context;

    if (e->count + document->count > e->capacity) {
        size_t capacity = e->capacity * 2 + DOCUMENT_CELLS;
        struct told *grown = reallocarray(e->told, capacity, sizeof *grown);

        if (grown == NULL)
            return error_set_memory(err);
        e->told = grown;
        e->capacity = capacity;
    }
    for (size_t i = 0; i < document->count; i++) {
        const struct usage_cell *cell = document->cells[i];

        e->told[e->count++] = (struct told){
            NULL, *cell, signature_app(e->query->signatures, cell->key.app)->id, line};
    }
    return true;
}

static bool print_cells(struct explanation *e)
{
    uint64_t top = e->query->plan.top;
    bool ok = true;

    for (size_t i = 0; i < e->count; i++)
        e->told[i].usage = e->usage;
    if (e->count > 1)
        qsort(e->told, e->count, sizeof *e->told, compare_told);
    for (size_t i = 0; ok && i < e->count && (top == 0 || i < top); i++)
        ok = print_cell(e, &e->told[i]);
    return ok && writer_end(e->writer, e->err);
}

bool query_print_explanation(struct query *q, struct error *err)
{
    struct explanation e = {.query = q, .err = err};
    struct query_answer answer = {.witness = {note, &e}};
    struct writer_task task = {q->out, columns, sizeof columns / sizeof *columns,
                               printing_look(q->call, &q->arguments.printing)};
    bool ok = query_load(q, query_period(q), &answer, err);

    e.usage = answer.usage;
    if (ok)
        e.writer = writer_open(q->form, &task, err);
    ok = e.writer != NULL && print_cells(&e);
    writer_free(e.writer);
    buf_free(&e.scratch);
    free(e.told);
    query_answer_free(&answer);
    return ok;
}
