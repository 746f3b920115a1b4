/* intake_test.c: whatever happens to logs, each of their lines is counted once: random sequences
 * against a model that knows nothing but the lines. */
#include "intake.h"

#include "intake_model.h"
#include "store/ask.h"
#include "store/cells/cells.h"
#include "store/rollup/rollup.h"
#include "store/upkeep.h"

#include <signal.h>
#include <sys/wait.h>

enum {
    SEQUENCES = 1000,
    SHORT_STEPS = 4, /* of a sequence, at most */
    LONG_STEPS = 14, /* of one in so many: */
    LONG_EVERY = 16
};

/* What a cell must say. */
struct expected {
    uint64_t requests, bytes;
    bool minutes[1440];
    int64_t first_ms, last_ms;
};

static void expect(const struct model *m, unsigned day, unsigned user, unsigned app,
                   struct expected *e)
{
    memset(e, 0, sizeof *e);
    e->first_ms = INT64_MAX;
    for (size_t i = 0; i < m->line_count; i++) {
        const struct line *l = &m->lines[i];
        int64_t of_day = l->ts_ms - ((int64_t)FIRST_DAY + day) * 86400000;

        if (!l->counted || l->purged || l->user != user || l->app != app || of_day < 0 ||
            of_day >= 86400000)
            continue;
        e->requests++;
        e->bytes += l->bytes;
        e->minutes[of_day / 60000] = true;
        if (l->ts_ms < e->first_ms)
            e->first_ms = l->ts_ms;
        if (l->ts_ms > e->last_ms)
            e->last_ms = l->ts_ms;
    }
}

static bool find_cell(const struct usage *usage, unsigned day, const char *user, unsigned app,
                      struct usage_cell *cell)
{
    for (size_t i = 0; i < usage_cell_count(usage); i++) {
        *cell = usage_cell_get(usage, i);
        if (cell->key.day == (int32_t)(FIRST_DAY + day) && cell->key.app == app &&
            slice_is(usage_name(usage, NAME_USER, cell->key.user), user))
            return true;
    }
    return false;
}

/* Returns: how many cells there must be: one or none. */
static size_t compare_cell(const struct model *m, const struct usage *usage, unsigned day,
                           unsigned user, unsigned app)
{
    struct expected e;
    struct usage_cell cell = {.marks = 0};
    unsigned minutes = 0;
    char name[16];

    (void)snprintf(name, sizeof name, "user%u", user);
    expect(m, day, user, app, &e);
    assert_int_equal(find_cell(usage, day, name, app, &cell), e.requests > 0);
    if (e.requests == 0)
        return 0;
    assert_int_equal(cell.counts[COUNT_PASSED], e.requests);
    assert_int_equal(cell.counts[COUNT_BYTES_DOWN], e.bytes);
    assert_int_equal(cell.first_us, e.first_ms * 1000);
    assert_int_equal(cell.last_us, e.last_ms * 1000);
    for (unsigned i = 0; i < 1440; i++)
        minutes += e.minutes[i];
    assert_int_equal(cell.minutes.count, minutes);
    return 1;
}

/* What the store has of an app's host in a day. */
static void compare_host(const struct model *m, struct store *store, unsigned day, unsigned app)
{
    struct error err = {0};
    uint64_t requests = 0, users = 0;
    struct ask *ask;
    char sql[256];
    bool row = false;

    for (unsigned user = 0; user < USERS; user++) {
        struct expected e;

        expect(m, day, user, app, &e);
        requests += e.requests;
        users += e.requests > 0;
    }
    (void)snprintf(sql, sizeof sql,
                   "SELECT users, requests FROM hosts WHERE app = '%s' AND day = "
                   "date(%u * 86400, 'unixepoch')",
                   app == 0 ? "chat" : "drive", FIRST_DAY + day);
    ask = ask_create(store, sql, &err);
    assert_non_null(ask);
    assert_true(ask_next(ask, &row, &err));
    assert_int_equal(row, requests > 0);
    if (row) {
        assert_int_equal(ask_value(ask, 0).number, users);
        assert_int_equal(ask_value(ask, 1).number, requests);
    }
    ask_free(ask);
}

static void compare_hosts(const struct model *m, struct store *store)
{
    for (unsigned day = 0; day < DAYS; day++)
        for (unsigned app = 0; app < APPS; app++)
            compare_host(m, store, day, app);
}

static void compare_all(const struct model *m)
{
    struct error err = {0};
    struct record_filter filter = {.since_us = INT64_MIN, .until_us = INT64_MAX};
    struct cells_wanted wanted = {.from_day = INT32_MIN, .until_day = INT32_MAX, .filter = &filter};
    struct store *store = store_open(m->world.store, STORE_READ, NULL, &err);
    struct usage *usage = usage_create(&err);
    struct buf faults = {0};
    size_t cells = 0;

    assert_non_null(store);
    assert_true(upkeep_verify(store, &faults, &err));
    assert_int_equal(faults.len, 0);
    assert_true(cells_load(store, &wanted, m->world.signatures, usage, &err));
    for (unsigned day = 0; day < DAYS; day++)
        for (unsigned user = 0; user < USERS; user++)
            for (unsigned app = 0; app < APPS; app++)
                cells += compare_cell(m, usage, day, user, app);
    assert_int_equal(usage_cell_count(usage), cells);
    compare_hosts(m, store);
    usage_free(usage);
    store_close(store);
}

static void purge(struct model *m)
{
    struct error err = {0};
    struct upkeep_purged purged;
    unsigned day = pick(m, DAYS);
    struct store *store = store_open(m->world.store, STORE_WRITE, NULL, &err);

    assert_non_null(store);
    assert_true(upkeep_purge(store, (int32_t)(FIRST_DAY + day), 0, &purged, &err));
    store_close(store);
    for (size_t i = 0; i < m->line_count; i++)
        if (m->lines[i].counted && m->lines[i].ts_ms < ((int64_t)FIRST_DAY + day) * 86400000)
            m->lines[i].purged = true;
}

/* What the sums of days say is checked with the rest. */
static void roll_up(const struct model *m)
{
    struct error err = {0};
    struct store *store = store_open(m->world.store, STORE_WRITE, NULL, &err);

    assert_non_null(store);
    assert_true(rollup_refresh(store, &err));
    store_close(store);
}

/* An ingest that is killed somewhere, then one that is not. */
static void ingest_killed(struct model *m)
{
    pid_t child = fork();
    int status;

    assert_true(child >= 0);
    if (child == 0) {
        struct error err = {0};

        _exit(intake_run(&m->world, &err) ? 0 : 1);
    }
    usleep(pick(m, 12000));
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
}

static void run_sequence(struct model *m, uint64_t seed)
{
    unsigned steps;

    m->random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    m->line_count = m->file_count = 0;
    steps = seed % LONG_EVERY == 0 ? LONG_STEPS : 1 + pick(m, SHORT_STEPS);
    for (unsigned step = 0; step < steps; step++) {
        struct error err = {0};

        for (unsigned i = 1 + pick(m, 3); i > 0; i--)
            disturb(m);
        m->world.max_memory = pick(m, 3) == 0; /* a byte: handed over batch by batch */
        if (pick(m, 6) == 0)
            ingest_killed(m);
        if (!intake_run(&m->world, &err))
            fail_msg("sequence %llu, step %u: %s", (unsigned long long)seed, step, err.text);
        note_counted(m);
        if (pick(m, 8) == 0)
            purge(m);
        if (pick(m, 2) == 0)
            roll_up(m);
        compare_all(m);
    }
    intake_clear(&m->world);
}

/* KAGE_SEQUENCES=LAST or FIRST-LAST says which, where not all. */
static void wanted_seeds(const char *wanted, unsigned long long *first, unsigned long long *last)
{
    char *end;

    *first = 1;
    *last = SEQUENCES;
    if (wanted == NULL)
        return;
    *last = strtoull(wanted, &end, 10);
    if (*end != '-')
        return;
    *first = *last;
    *last = strtoull(end + 1, NULL, 10);
}

static void test_sequences(void **state)
{
    const char *wanted = getenv("KAGE_SEQUENCES");
    struct model *m = calloc(1, sizeof *m);
    unsigned long long first, last;

    (void)state;
    assert_non_null(m);
    wanted_seeds(wanted, &first, &last);
    intake_enter(&m->world);
    for (unsigned long long seed = first; seed <= last; seed++) {
        if (wanted != NULL) /* a long run shows how far it is */
            print_message("sequence %llu\n", seed);
        run_sequence(m, seed);
    }
    intake_leave(&m->world);
    free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sequences)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
