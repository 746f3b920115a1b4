/* apps_dead.c: kage apps --dead: signatures that no host in a store ever hit. */
#include "apps.h"
#include "base/buf.h"
#include "signature/match.h"
#include "store/cells.h"
#include "store/store.h"
#include "usage/usage.h"

#include <stdlib.h>

/* What the store has seen. */
struct seen {
    bool *signatures; /* by number: did a host hit it? */
    bool *apps;       /* by number: has it cells? */
};

static bool load_usage(struct store *store, const struct signature_set *signatures,
                       struct usage *usage, struct error *err)
{
    const struct record_filter all = {.since_us = INT64_MIN, .until_us = INT64_MAX};
    const struct cells_wanted wanted = {
        .from_day = INT32_MIN, .until_day = INT32_MAX, .filter = &all};

    return cells_load(store, &wanted, signatures, usage, err);
}

/* The catalogue that the store's cells refer to: apps that are gone from ours stay known. */
static struct signature_set *load_signatures(const struct apps_task *t, struct store *store,
                                             struct error *err)
{
    struct signature_set *set = signature_set_create(err);

    if (set != NULL && reading_lay_signatures(set, t->folders, err) &&
        cells_load_apps(store, set, err) && signature_set_finish(set, err))
        return set;
    signature_set_free(set);
    return NULL;
}

/* Of today's catalogue. */
static void note_seen(const struct apps_task *t, const struct usage *usage,
                      const struct signature_set *counted_with, struct seen *seen)
{
    for (uint32_t id = 1; id < usage_name_count(usage, NAME_HOST); id++) {
        struct match match = signature_match(t->signatures, usage_name(usage, NAME_HOST, id));

        if (match.signature != MATCH_NO_SIGNATURE)
            seen->signatures[match.signature] = true;
    }
    for (size_t i = 0; i < usage_cell_count(usage); i++) {
        uint32_t app = usage_key_get(usage, i).app;
        const char *id = app == SIGNATURE_NO_APP ? "" : signature_app(counted_with, app)->id;
        uint32_t ours = signature_find_app(t->signatures, slice_of_string(id));

        if (ours != SIGNATURE_NO_APP)
            seen->apps[ours] = true;
    }
}

static bool write_row(struct writer *writer, const struct apps_task *t, const struct signature *s,
                      const struct seen *seen, struct error *err)
{
    bool none = s->app == SIGNATURE_NO_APP, ok;
    const char *app = none ? "-" : signature_app(t->signatures, s->app)->id;
    const char *used = seen->apps[none ? 0 : s->app] ? "yes" : "no";
    struct buf domain = {0};

    buf_printf(&domain, "%s%s", s->exact ? "=" : "", s->domain);
    buf_append_byte(&domain, '\0');
    ok = !domain.failed || error_set_memory(err);
    ok = ok && writer_string(writer, domain.ptr, err) && writer_string(writer, app, err) &&
         writer_string(writer, none ? "" : role_name(s->role), err) &&
         writer_string(writer, none ? "" : used, err) && writer_string(writer, s->file, err) &&
         writer_number(writer, s->line, err);
    buf_free(&domain);
    return ok;
}

static bool write_rows(struct apps_task *t, const struct seen *seen, struct error *err)
{
    static const struct column columns[] = {
        {"domain", "domain", false, 1},     {"app", "app", false, 1},   {"role", "role", false, 1},
        {"app_seen", "app seen", false, 1}, {"file", "file", false, 3}, {"line", "line", true, 3}};
    struct writer *writer = apps_open_writer(t, columns, sizeof columns / sizeof *columns, err);
    bool ok = writer != NULL;

    for (uint32_t i = 0; ok && i < signature_count(t->signatures); i++)
        if (!seen->signatures[i])
            ok = write_row(writer, t, signature_at(t->signatures, i), seen, err);
    ok = ok && writer_end(writer, err);
    writer_free(writer);
    return ok;
}

static bool compare(struct apps_task *t, struct store *store, struct usage *usage,
                    struct error *err)
{
    struct signature_set *signatures = load_signatures(t, store, err);
    struct seen seen = {calloc(signature_count(t->signatures) + 1, sizeof(bool)),
                        calloc(signature_app_count(t->signatures) + 1, sizeof(bool))};
    bool ok = signatures != NULL && load_usage(store, signatures, usage, err);

    if (seen.signatures == NULL || seen.apps == NULL) {
        ok = error_set_memory(err);
    } else if (ok) {
        note_seen(t, usage, signatures, &seen);
        ok = write_rows(t, &seen, err);
    }
    free(seen.signatures);
    free(seen.apps);
    signature_set_free(signatures);
    return ok;
}

bool apps_dead(struct apps_task *t, enum outcome *outcome, struct error *err)
{
    struct store *store = store_open(t->dead, STORE_READ, NULL, err);
    struct usage *usage = store == NULL ? NULL : usage_create(err);
    bool ok = usage != NULL && compare(t, store, usage, err);

    (void)outcome;
    usage_free(usage);
    store_close(store);
    return ok;
}
