/* store.c: a store as a company has it after a year, to be asked and measured. */

#include "store/store.h"
#include "base/num.h"
#include "record/record.h"
#include "signature/image.h"
#include "signature/signature.h"
#include "store/cells/cells.h"
#include "store/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST_DAY = 20454, /* 2026-01-01 */
    FAVOURITES = 12,   /* apps that a user ever uses */
    HOSTS_OF_APP = 8,
    PERCENT_A_DAY = 48, /* of them */
    MOST_MINUTES = 24,
    TEXT = 64,
    EXIT_USAGE = 2,
    EXIT_FAILED = 4
};

#define DAY_US (INT64_C(86400) * 1000000)

struct world {
    uint64_t days, users, apps;
    struct signature_set *signatures;
    struct store *store;
    uint64_t random;
};

/* Numbers that look random and are the same in every run (xorshift64). */
static uint32_t draw(struct world *w, uint32_t below)
{
    w->random ^= w->random << 13;
    w->random ^= w->random >> 7;
    w->random ^= w->random << 17;
    return (uint32_t)(w->random >> 32) % below;
}

/* Number ${n} of the apps: `line`, then others of all the catalogue; the first are many people's.
 */
static uint32_t app_of(const struct world *w, uint64_t n)
{
    uint64_t all = signature_app_count(w->signatures);

    return n == 0 ? signature_find_app(w->signatures, SLICE("line"))
                  : (uint32_t)(n * (all / w->apps) % all);
}

/* The apps of a user are the same every day. */
static uint64_t favourite(const struct world *w, uint64_t user, uint64_t n)
{
    uint64_t mixed = (user * FAVOURITES + n) * UINT64_C(0x9e3779b97f4a7c15);
    double share = (double)(mixed >> 40) / (double)(1 << 24);

    return (uint64_t)(share * share * (double)w->apps);
}

static bool name(struct usage *u, enum usage_name kind, const char *prefix, uint64_t n,
                 uint32_t *id)
{
    char text[TEXT];
    int length = snprintf(text, sizeof text, "%s%" PRIu64, prefix, n);

    return usage_name_id(u, kind, slice_of(text, (size_t)length), id);
}

static bool fill(struct world *w, struct usage *u, struct usage_cell *cell, uint64_t app,
                 uint32_t archive)
{
    unsigned minutes = 1 + draw(w, MOST_MINUTES), minute = 480 + draw(w, 500);
    uint32_t requests = minutes * (1 + draw(w, 5)), hosts = 1 + draw(w, 3), host;
    int64_t day_us = cell->key.day * DAY_US;

    cell->counts[COUNT_PASSED] += requests;
    cell->counts[COUNT_CARRIED_UP] += requests;
    cell->counts[COUNT_CARRIED_DOWN] += requests;
    cell->counts[COUNT_CARRIED_VERDICT] += requests;
    cell->counts[COUNT_BYTES_UP] += (uint64_t)requests * draw(w, 4000);
    cell->counts[COUNT_BYTES_DOWN] += (uint64_t)requests * draw(w, 90000);
    usage_cell_seen(u, cell, day_us + (int64_t)minute * 60000000 + draw(w, 60000000), archive,
                    1 + draw(w, 5000000));
    for (; minutes > 0; minutes--, minute += 1 + draw(w, 12) / 4 * draw(w, 6))
        if (!usage_cell_add_minute(u, cell, minute))
            return false;
    usage_cell_seen(u, cell, day_us + (int64_t)minute * 60000000, archive, UINT64_MAX);
    for (; hosts > 0; hosts--)
        if (!name(u, NAME_HOST, "host-of-an-app-", app * HOSTS_OF_APP + draw(w, HOSTS_OF_APP),
                  &host) ||
            !usage_cell_add_host(u, cell, host))
            return false;
    return true;
}

/* What a user did with some of his apps. */
static bool add_user(struct world *w, struct usage *u, uint64_t user, struct usage_key *key,
                     uint32_t archive)
{
    if (!name(u, NAME_USER, "user-", user, &key->user))
        return false;
    for (uint64_t n = 0; n < FAVOURITES; n++) {
        uint64_t app = favourite(w, user, n);
        struct usage_cell *cell;

        if (draw(w, 100) >= PERCENT_A_DAY)
            continue;
        key->app = app_of(w, app);
        key->role = (uint8_t)(draw(w, 10) == 0 ? ROLE_CONTENT : ROLE_SERVICE);
        cell = usage_cell_at(u, key);
        if (cell == NULL || !fill(w, u, cell, app, archive))
            return false;
    }
    return true;
}

static struct ledger_entry entry_of(const char *archive, uint64_t day, const struct usage *u)
{
    struct ledger_entry e = {.name = archive,
                             .source = "proxy",
                             .format = "squid-native",
                             .fields = "ts client user host bytes_up bytes_down action",
                             .packing = "gzip",
                             .damage = "",
                             .sha256 = "",
                             .signatures = "",
                             .version = "bench",
                             .tally = tally_empty()};

    memcpy(&e.content.digest, &day, sizeof day);
    e.content.bytes = e.whole.bytes = 1 + day;
    e.whole.digest = e.first_line = e.content.digest;
    for (size_t i = 0; i < usage_cell_count(u); i++)
        e.tally.matched += usage_cell_get(u, i).counts[COUNT_PASSED];
    e.tally.lines = e.tally.records = e.tally.matched;
    return e;
}

static bool put_day(struct world *w, const struct usage *u, const char *archive, uint64_t day,
                    struct error *err)
{
    struct cells_archive from = {0, archive, INT32_MAX, true};
    struct ledger_entry entry = entry_of(archive, day, u);
    bool ok = store_begin(w->store, err) && ledger_add(w->store, &entry, &from.id, err) &&
              cells_add(w->store, u, w->signatures, &from, err) && store_commit(w->store, err);

    if (!ok)
        store_rollback(w->store);
    return ok;
}

static bool add_day(struct world *w, uint64_t day, struct error *err)
{
    struct usage *u = usage_create(err);
    struct usage_key key = {.day = FIRST_DAY + (int32_t)day, .kind = RECORD_PROXY};
    char archive[TEXT];
    uint32_t id;
    bool ok = u != NULL;

    (void)snprintf(archive, sizeof archive, "/archive/proxy/access.log-%" PRIu64 ".gz", day);
    if (ok && (!usage_name_id(u, NAME_ARCHIVE, slice_of_string(archive), &id) ||
               !usage_add_proxy_day(u, key.day)))
        ok = error_set_memory(err);
    for (uint64_t user = 0; ok && user < w->users; user++)
        ok = add_user(w, u, user, &key, id) || error_set_memory(err);
    ok = ok && put_day(w, u, archive, day, err);
    usage_free(u);
    return ok;
}

static bool run(struct world *w, const char *path, struct error *err)
{
    w->signatures = signature_set_create(err);
    if (w->signatures != NULL && signature_set_add_builtin(w->signatures, err) &&
        signature_set_finish(w->signatures, err))
        w->store = store_open(path, STORE_MAKE, "UTC", err);
    for (uint64_t day = 0; w->store != NULL && day < w->days; day++)
        if (!add_day(w, day, err))
            return false;
    return w->store != NULL;
}

static bool is_number(const char *text, uint64_t *out)
{
    return num_parse(slice_of_string(text), 100000, out) && *out > 0;
}

int main(int argc, char **argv)
{
    struct world w = {.random = 88172645463325252U};
    struct error err = {0};
    bool ok;

    if (argc != 5 || !is_number(argv[2], &w.days) || !is_number(argv[3], &w.users) ||
        !is_number(argv[4], &w.apps)) {
        fprintf(stderr, "bench-store STORE DAYS USERS APPS: makes a store of about 5.5 cells a "
                        "user and day, without detail\n");
        return EXIT_USAGE;
    }
    ok = run(&w, argv[1], &err);
    store_close(w.store);
    signature_set_free(w.signatures);
    if (ok)
        return 0;
    fprintf(stderr, "bench-store: %s\n", err.text);
    return EXIT_FAILED;
}
