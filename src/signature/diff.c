/* diff.c: each kind of row as a key and fields, sorted; one walk over both sides. */
#include "signature/diff.h"

#include "base/buf.h"
#include "base/room.h"
#include "signature/explain.h"

#include <stdlib.h>
#include <string.h>

enum { FIELDS_MAX = 8 + TRAIT_COUNT };

struct entry {
    const char *key;
    const char *fields[FIELDS_MAX];
};

/* A kind of row. */
struct kind {
    const char *name;
    const char *field_names[FIELDS_MAX];
    size_t (*count)(const struct signature_set *set);
    bool (*fill)(const struct signature_set *set, size_t index, struct arena *arena,
                 struct entry *out);
};

static const char *app_id(const struct signature_set *set, uint32_t app)
{
    return app == SIGNATURE_NO_APP ? "-" : signature_app(set, app)->id;
}

/* What takes a name out has no role. */
static const char *role_text(uint32_t app, enum role role)
{
    return app == SIGNATURE_NO_APP ? "" : role_name(role);
}

static bool fill_app(const struct signature_set *set, size_t index, struct arena *arena,
                     struct entry *out)
{
    static const char *const traits[] = {
        [TRAIT_UNKNOWN] = "unknown", [TRAIT_NO] = "no", [TRAIT_YES] = "yes"};
    const struct app *app = signature_app(set, (uint32_t)index);

    (void)arena;
    *out = (struct entry){app->id,
                          {app->name, app->name_ja, app->category, app->vendor, app->country,
                           managed_name(app->managed), app->alternative, app->note}};
    for (size_t t = 0; t < TRAIT_COUNT; t++)
        out->fields[8 + t] = traits[app->traits[t]];
    return true;
}

static bool fill_domain(const struct signature_set *set, size_t index, struct arena *arena,
                        struct entry *out)
{
    const struct signature *s = signature_at(set, (uint32_t)index);
    size_t length = strlen(s->domain);
    char *exact;

    *out = (struct entry){s->domain, {app_id(set, s->app), role_text(s->app, s->role)}};
    if (!s->exact)
        return true;
    exact = ARENA_NEW(arena, char, length + 2);
    if (exact == NULL)
        return false;
    exact[0] = '=';
    memcpy(exact + 1, s->domain, length);
    out->key = exact;
    return true;
}

static bool fill_network(const struct signature_set *set, size_t index, struct arena *arena,
                         struct entry *out)
{
    struct network_note note = signature_network_at(set, index);

    *out = (struct entry){arena_copy(arena, slice_of_string(note.text)).ptr,
                          {app_id(set, note.app), role_text(note.app, note.role)}};
    return out->key != NULL;
}

static bool fill_tenant(const struct signature_set *set, size_t index, struct arena *arena,
                        struct entry *out)
{
    struct tenant_note note = signature_tenant_at(set, index);
    struct buf key = {0};

    buf_printf(&key, "%s %.*s", app_id(set, note.app), SLICE_FMT(note.pattern));
    *out = (struct entry){.key = key.failed ? NULL : arena_copy(arena, buf_slice(&key)).ptr};
    buf_free(&key);
    return out->key != NULL;
}

static bool fill_rule(const struct signature_set *set, size_t index, struct arena *arena,
                      struct entry *out)
{
    struct rule_note note = signature_rule_at(set, index);

    (void)arena;
    *out =
        (struct entry){note.id,
                       {app_id(set, note.app), note.category, note.severity, note.method, note.port,
                        note.host, note.path, note.user_agent, note.detail, role_name(note.role)}};
    return true;
}

static const struct kind kinds[] = {
    {"app",
     {
         "name",
         "name_ja",
         "category",
         "vendor",
         "country",
         "managed",
         "alternative",
         "note",
#define TRAIT(name, help) #name,
#include "signature/attributes.def"
#undef TRAIT
     },
     signature_app_count,
     fill_app},
    {"domain", {"app", "role"}, signature_count, fill_domain},
    {"network", {"app", "role"}, signature_network_count, fill_network},
    {"tenant", {NULL}, signature_tenant_count, fill_tenant},
    {"rule",
     {"app", "category", "severity", "method", "port", "host", "path", "user_agent", "detail",
      "role"},
     signature_rule_count,
     fill_rule},
};

/* All rows of one kind of one set, by key. */
struct entries {
    struct entry *entries;
    size_t count;
};

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;

    return strcmp(a->key, b->key);
}

static bool collect(const struct kind *kind, const struct signature_set *set, struct arena *arena,
                    struct entries *out)
{
    out->count = kind->count(set);
    out->entries = calloc(out->count + 1, sizeof *out->entries);
    if (out->entries == NULL)
        return false;
    for (size_t i = 0; i < out->count; i++)
        if (!kind->fill(set, i, arena, &out->entries[i]))
            return false;
    qsort(out->entries, out->count, sizeof *out->entries, compare_entries);
    return true;
}

static bool add_row(struct diff *d, const struct diff_row *row)
{
    if (!ROOM_FOR_ONE(d->rows, d->count, d->capacity))
        return false;
    d->rows[d->count++] = *row;
    return true;
}

/* The fields that are not empty, joined by a blank. */
static const char *describe(struct diff *d, const struct entry *e)
{
    struct buf text = {0};
    const char *copy;

    for (size_t i = 0; i < FIELDS_MAX && e->fields[i] != NULL; i++)
        if (e->fields[i][0] != '\0') {
            buf_append_string(&text, text.len > 0 ? " " : "");
            buf_append_string(&text, e->fields[i]);
        }
    copy = text.failed ? NULL : arena_copy(&d->arena, buf_slice(&text)).ptr;
    buf_free(&text);
    return copy;
}

static bool add_whole(struct diff *d, const struct kind *kind, const struct entry *e, bool added)
{
    const char *text = describe(d, e);
    struct diff_row row = {added ? "added" : "removed", kind->name, e->key, "", "", ""};

    *(added ? &row.after : &row.before) = text;
    return text != NULL && add_row(d, &row);
}

static bool add_changes(struct diff *d, const struct kind *kind, const struct entry *before,
                        const struct entry *after)
{
    for (size_t i = 0; i < FIELDS_MAX && before->fields[i] != NULL; i++) {
        const struct diff_row row = {"changed",         kind->name,
                                     before->key,       kind->field_names[i],
                                     before->fields[i], after->fields[i]};

        if (strcmp(row.before, row.after) != 0 && !add_row(d, &row))
            return false;
    }
    return true;
}

static bool compare(struct diff *d, const struct kind *kind, const struct entries *before,
                    const struct entries *after)
{
    size_t b = 0, a = 0;
    bool ok = true;

    while (ok && (b < before->count || a < after->count)) {
        int order;

        if (b == before->count)
            order = 1;
        else if (a == after->count)
            order = -1;
        else
            order = strcmp(before->entries[b].key, after->entries[a].key);
        if (order < 0)
            ok = add_whole(d, kind, &before->entries[b++], false);
        else if (order > 0)
            ok = add_whole(d, kind, &after->entries[a++], true);
        else
            ok = add_changes(d, kind, &before->entries[b++], &after->entries[a++]);
    }
    return ok;
}

bool signature_diff(const struct signature_set *before, const struct signature_set *after,
                    struct diff *out, struct error *err)
{
    bool ok = true;

    for (size_t k = 0; ok && k < sizeof kinds / sizeof *kinds; k++) {
        struct entries left = {0}, right = {0};

        ok = collect(&kinds[k], before, &out->arena, &left) &&
             collect(&kinds[k], after, &out->arena, &right) &&
             compare(out, &kinds[k], &left, &right);
        free(left.entries);
        free(right.entries);
    }
    return ok || error_set_memory(err);
}

void diff_free(struct diff *diff)
{
    free(diff->rows);
    arena_free(&diff->arena);
    *diff = (struct diff){0};
}
