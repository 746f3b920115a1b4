/* apps_dead.c: kage apps --dead: signatures that nothing in a store ever hit. */
#include "apps.h"
#include "base/buf.h"
#include "base/calendar.h"
#include "base/text_map.h"
#include "signature/explain.h"
#include "signature/match.h"
#include "store/seen.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdlib.h>

/* What the store has seen of the catalogue. */
struct seen {
    const struct signature_set *signatures;
    struct text_map names[HIT_KINDS]; /* of rows that were noted, by today's catalogue or another */
    struct hits hits;                 /* what hosts tell */
    bool *domains;                    /* by number of signature */
    bool *apps;                       /* by number: has it cells? */
    bool failed;                      /* memory is out */
};

/* A row that was hit by nothing. */
struct dead {
    const char *kind;
    struct slice text;
    uint32_t app;     /* or SIGNATURE_NO_APP */
    const char *role; /* "": it has none */
    const char *file;
    size_t line;
};

static void see_host(struct seen *seen, struct slice host)
{
    struct match match = signature_match(seen->signatures, host);

    if (match.signature != MATCH_NO_SIGNATURE)
        seen->domains[match.signature] = true;
    if (match.network != MATCH_NO_SIGNATURE)
        seen->failed |= !hits_note(&seen->hits, HIT_NETWORK, match.network);
    if (match.tenant_row != MATCH_NO_SIGNATURE)
        seen->failed |= !hits_note(&seen->hits, HIT_TENANT, match.tenant_row);
}

static void see(void *context, enum seen_kind kind, struct slice name)
{
    struct seen *seen = context;
    uint32_t app;

    switch (kind) {
    case SEEN_NETWORK:
    case SEEN_TENANT:
    case SEEN_RULE:
        seen->failed |= text_map_add(&seen->names[kind], name, NULL) == TEXT_MAP_NONE;
        return;
    case SEEN_HOST: see_host(seen, name); return;
    case SEEN_APP: break;
    }
    app = signature_find_app(seen->signatures, name);
    if (app != SIGNATURE_NO_APP)
        seen->apps[app] = true;
}

static bool write_row(struct writer *writer, const struct seen *seen, const struct dead *row,
                      struct error *err)
{
    const struct value text = value_text(row->text);
    bool none = row->app == SIGNATURE_NO_APP;
    const char *app = none ? "-" : signature_app(seen->signatures, row->app)->id;
    const char *used = none ? "" : seen->apps[row->app] ? "yes" : "no";

    return writer_string(writer, row->kind, err) && writer_cell(writer, &text, err) &&
           writer_string(writer, app, err) && writer_string(writer, none ? "" : row->role, err) &&
           writer_string(writer, used, err) && writer_string(writer, row->file, err) &&
           writer_number(writer, row->line, err);
}

static bool write_domains(struct writer *writer, const struct seen *seen, struct error *err)
{
    struct buf text = {0};
    bool ok = true;

    for (uint32_t i = 0; ok && i < signature_count(seen->signatures); i++) {
        const struct signature *s = signature_at(seen->signatures, i);
        struct dead row = {"domain", {NULL, 0}, s->app, role_name(s->role), s->file, s->line};

        if (seen->domains[i])
            continue;
        buf_reset(&text);
        buf_printf(&text, "%s%s", s->exact ? "=" : "", s->domain);
        row.text = buf_slice(&text);
        ok = text.failed ? error_set_memory(err) : write_row(writer, seen, &row, err);
    }
    buf_free(&text);
    return ok;
}

/* ${text}: room for the text of a network. */
static struct dead dead_row(const struct signature_set *set, enum hit_kind kind, uint32_t number,
                            struct network_note *network)
{
    struct tenant_note tenant;
    struct rule_note rule;

    switch (kind) {
    case HIT_TENANT:
        tenant = signature_tenant_at(set, number);
        return (struct dead){"tenant", tenant.pattern, tenant.app, "", tenant.file, tenant.line};
    case HIT_RULE:
        rule = signature_rule_at(set, number);
        return (struct dead){"rule", slice_of_string(rule.id), rule.app, "", rule.file, rule.line};
    case HIT_NETWORK:
    case HIT_KINDS: break;
    }
    *network = signature_network_at(set, number);
    return (struct dead){"network",     slice_of_string(network->text),
                         network->app,  role_name(network->role),
                         network->file, network->line};
}

static bool write_others(struct writer *writer, const struct seen *seen, enum hit_kind kind,
                         struct error *err)
{
    struct buf name = {0};
    bool ok = true;

    for (uint32_t i = 0; ok && i < hits_row_count(seen->signatures, kind); i++) {
        struct network_note network;
        struct dead row = dead_row(seen->signatures, kind, i, &network);

        buf_reset(&name);
        hits_append_name(seen->signatures, kind, i, &name);
        if (name.failed)
            ok = error_set_memory(err);
        else if (!hits_has(&seen->hits, kind, i) &&
                 text_map_find(&seen->names[kind], buf_slice(&name)) == TEXT_MAP_NONE)
            ok = write_row(writer, seen, &row, err);
    }
    buf_free(&name);
    return ok;
}

static bool write_rows(struct apps_task *t, const struct seen *seen, struct error *err)
{
    static const struct column columns[] = {
        {"kind", "kind", false, 1},         {"signature", "signature", false, 1},
        {"app", "app", false, 1},           {"role", "role", false, 1},
        {"app_seen", "app seen", false, 1}, {"file", "file", false, 3},
        {"line", "line", true, 3}};
    struct writer *writer = apps_open_writer(t, columns, sizeof columns / sizeof *columns, err);
    bool ok = writer != NULL && write_domains(writer, seen, err);

    for (int kind = 0; ok && kind < HIT_KINDS; kind++)
        ok = write_others(writer, seen, (enum hit_kind)kind, err);
    ok = ok && writer_end(writer, err);
    writer_free(writer);
    return ok;
}

/* What may have been hit all the same. */
static bool append_limits(const struct apps_task *t, struct store *store, struct error *err)
{
    struct buf *out = t->call->messages;
    struct seen_reach reach;
    struct civil day;

    if (!seen_reach(store, &reach, err))
        return false;
    if (reach.archives_before > 0)
        buf_printf(out,
                   "kage: apps: %s: of %" PRIu64
                   " archives, read by an older kage, hits of rules, of "
                   "patterns with a path and of networks of destinations are not known\n",
                   t->dead, reach.archives_before);
    if (reach.has_detail) {
        day = calendar_date(reach.detail_from);
        buf_printf(out,
                   "kage: apps: %s: hosts without an app are kept since %04" PRId32 "-%02" PRId32
                   "-%02" PRId32 "; earlier ones may hit a signature that came later\n",
                   t->dead, day.year, day.month, day.day);
    }
    if (signature_inactive_networks(t->signatures) > 0)
        buf_printf(out,
                   "kage: apps: %zu networks are AS numbers, which nothing hits without a database "
                   "(--geoip FILE of an ingest)\n",
                   signature_inactive_networks(t->signatures));
    return true;
}

static void forget(struct seen *seen)
{
    for (int kind = 0; kind < HIT_KINDS; kind++)
        text_map_free(&seen->names[kind]);
    hits_free(&seen->hits);
    free(seen->domains);
    free(seen->apps);
}

bool apps_dead(struct apps_task *t, enum outcome *outcome, struct error *err)
{
    struct store *store = store_open(t->dead, STORE_READ, NULL, err);
    struct seen seen = {.signatures = t->signatures,
                        .domains = calloc(signature_count(t->signatures) + 1, sizeof(bool)),
                        .apps = calloc(signature_app_count(t->signatures) + 1, sizeof(bool))};
    bool ok = store != NULL;

    (void)outcome;
    if (seen.domains == NULL || seen.apps == NULL)
        ok = error_set_memory(err);
    ok = ok && seen_read(store, see, &seen, err) && (!seen.failed || error_set_memory(err)) &&
         write_rows(t, &seen, err) && append_limits(t, store, err);
    forget(&seen);
    store_close(store);
    return ok;
}
