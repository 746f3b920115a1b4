/* reattribute_test.c: hours of addresses go to whoever had them; the rest stays. */
#include "store/reattribute.h"

#include "base/calendar.h"
#include "store/detail/detail_add.h"
#include "store/store_fixture.h"
#include "store/upkeep.h"
#include "usage/detail.h"

#include <sqlite3.h>

enum { DAY = 20726 }; /* 2026-09-30 */

#define MINUTE_US INT64_C(60000000)

/* Three requests of 10.0.0.1 in two minutes. */
static void add_hour(struct usage *u, struct detail *d, unsigned minute, const char *host)
{
    struct usage_key key = {
        .day = DAY, .kind = RECORD_PROXY, .role = ROLE_SERVICE, .hour = (uint8_t)(minute / 60 + 1)};
    struct detail_row row = {
        .day = DAY, .kind = RECORD_PROXY, .role = ROLE_SERVICE, .flags = DETAIL_VERDICT};
    int64_t first_us = ((int64_t)DAY * 1440 + minute) * MINUTE_US;
    struct usage_cell *cell;
    uint32_t archive;

    assert_true(usage_name_id(u, NAME_USER, SLICE("ip:10.0.0.1"), &key.user));
    assert_true(usage_name_id(u, NAME_ARCHIVE, SLICE("a"), &archive));
    assert_true(usage_name_id(u, NAME_HOST, slice_of_string(host), &row.host));
    cell = usage_cell_at(u, &key);
    assert_non_null(cell);
    cell->counts[COUNT_PASSED] += 3;
    cell->counts[COUNT_BYTES_UP] += 100;
    cell->counts[COUNT_CARRIED_UP] += 3;
    usage_cell_seen(u, cell, first_us, archive, minute);
    usage_cell_seen(u, cell, first_us + MINUTE_US, archive, minute + 1);
    assert_true(usage_cell_add_minute(u, cell, minute));
    assert_true(usage_cell_add_minute(u, cell, minute + 1));
    assert_true(usage_cell_add_host(u, cell, row.host));
    for (unsigned i = 0; i < 3; i++)
        assert_true(detail_note(d, &row, key.user, (uint8_t)(minute / 60), false));
}

/* At 9:10, 9:40 and 14:00. */
static void add_all(struct store_world *w, const char *name)
{
    struct usage *usage = usage_create(&w->err);
    struct detail *detail = detail_create(NULL, &w->err);
    struct ledger_entry entry = store_entry(name, (unsigned char)name[0], 10);
    struct cells_archive archive = {0, name, DAY, false};
    struct detail_part part = {detail, usage, w->signatures, 0, true};

    add_hour(usage, detail, 9 * 60 + 10, "x.example");
    add_hour(usage, detail, 9 * 60 + 40, "y.example");
    add_hour(usage, detail, 14 * 60, "x.example");
    entry.tally = (struct tally){.lines = 9, .records = 9, .matched = 9};
    assert_true(detail_finish(detail));
    assert_true(store_begin(w->store, &w->err));
    assert_true(ledger_add(w->store, &entry, &archive.id, &w->err));
    part.archive = archive.id;
    assert_true(detail_add(w->store, &part, DAY, &w->err));
    assert_true(cells_add(w->store, usage, w->signatures, &archive, &w->err));
    assert_true(store_commit(w->store, &w->err));
    detail_free(detail);
    usage_free(usage);
}

struct lease {
    const char *user;
    unsigned from, until; /* minutes of the day */
};

static struct leases *leases_of(const struct lease *list, size_t count, struct error *err)
{
    struct leases *leases = leases_create(0, 0, err);

    assert_non_null(leases);
    for (size_t i = 0; i < count && list[i].user != NULL; i++) {
        const char *why = NULL;
        struct lease_event event = {
            .claim = LEASE_LISTED, .has_network = true, .user = slice_of_string(list[i].user)};

        assert_true(network_parse(SLICE("10.0.0.1"), &event.network, &why));
        event.from_us = ((int64_t)DAY * 1440 + list[i].from) * MINUTE_US;
        event.until_us = ((int64_t)DAY * 1440 + list[i].until) * MINUTE_US;
        assert_true(leases_add(leases, &event, err));
    }
    assert_true(leases_finish(leases, NULL, err));
    return leases;
}

/* Rows of the file, asked with SQLite alone: fields joined by | and rows by a blank. */
static void assert_rows(const struct store_world *w, const char *sql, const char *expected)
{
    char joined[512];
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    const char *text;

    (void)snprintf(joined, sizeof joined, "SELECT coalesce(group_concat(line, ' '), '') FROM (%s)",
                   sql);
    assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, joined, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    text = (const char *)sqlite3_column_text(statement, 0);
    assert_string_equal(text, expected);
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static struct reattributed run(struct store_world *w, const struct lease *list, size_t count)
{
    struct leases *leases = leases_of(list, count, &w->err);
    struct zone *zone = zone_load("UTC", &w->err);
    struct reattribute_options options = {leases, zone, 0, NULL};
    struct reattributed done;
    struct buf faults = {0};

    assert_non_null(zone);
    assert_true(reattribute(w->store, &options, &done, &w->err));
    assert_true(upkeep_verify(w->store, &faults, &w->err));
    assert_int_equal(faults.len, 0);
    zone_free(zone);
    leases_free(leases);
    return done;
}

#define USAGE                                                                                      \
    "SELECT user || '|' || requests || '|' || bytes_up || '|' || active_minutes || '|' || hosts "  \
    "|| "                                                                                          \
    "'|' || evidence AS line FROM usage ORDER BY user"
#define HOSTS            "SELECT host || '|' || users || '|' || requests AS line FROM hosts"
#define AT(hour, minute) ((hour)*60 + (minute))

static const struct {
    const char *what;
    struct lease leases[2];
    const char *usage, *hosts;
    uint64_t hours, records, pairs, conflicts;
} cases[] = {
    {"nobody",
     {{"ann", AT(20, 0), AT(21, 0)}},
     "ip:10.0.0.1|9|300|6|2|a:550",
     "x.example|1|6 y.example|1|3",
     0,
     0,
     0,
     0},
    {"one had it all day",
     {{"ann", AT(0, 0), AT(24, 0)}},
     "ann|9|300|6|2|a:550",
     "x.example|1|6 y.example|1|3",
     2,
     9,
     3,
     0},
    {"one had it in the morning",
     {{"ann", AT(8, 0), AT(12, 0)}},
     "ann|6|200|4|2|a:550 ip:10.0.0.1|3|100|2|1|a:840",
     "x.example|2|6 y.example|1|3",
     1,
     6,
     2,
     0},
    {"one from the first record to the last: hosts wait for a whole hour",
     {{"ann", AT(9, 5), AT(9, 45)}},
     "ann|6|200|4|2|a:550 ip:10.0.0.1|3|100|2|1|a:840",
     "x.example|1|6 y.example|1|3",
     1,
     6,
     0,
     0},
    {"another took over within the hour",
     {{"ann", AT(9, 0), AT(9, 30)}, {"bob", AT(9, 30), AT(24, 0)}},
     "bob|3|100|2|1|a:840 ip:10.0.0.1|6|200|4|2|a:550",
     "x.example|2|6 y.example|1|3",
     1,
     3,
     1,
     0},
    {"two had it at once",
     {{"ann", AT(0, 0), AT(12, 0)}, {"bob", AT(9, 0), AT(24, 0)}},
     "bob|3|100|2|1|a:840 ip:10.0.0.1|6|200|4|2|a:550",
     "x.example|2|6 y.example|1|3",
     1,
     3,
     1,
     1},
};

static void test_leases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reattributed done;
        struct store_world w;

        print_message("%s\n", cases[i].what);
        store_enter(&w);
        add_all(&w, "a");
        done = run(&w, cases[i].leases, 2);
        assert_rows(&w, USAGE, cases[i].usage);
        assert_rows(&w, HOSTS, cases[i].hosts);
        assert_int_equal(done.hours, cases[i].hours);
        assert_int_equal(done.records, cases[i].records);
        assert_int_equal(done.pairs, cases[i].pairs);
        assert_int_equal(done.conflicts, cases[i].conflicts);
        done = run(&w, cases[i].leases, 2); /* nothing is left to do */
        assert_int_equal(done.hours + done.pairs, 0);
        store_leave(&w);
    }
}

/* Hours of two archives, and leases that come bit by bit. */
static void test_later(void **state)
{
    static const struct lease morning[] = {{"ann", AT(8, 0), AT(12, 0)}};
    static const struct lease evening[] = {{"bob", AT(12, 0), AT(20, 0)}};
    struct store_world w;

    (void)state;
    store_enter(&w);
    add_all(&w, "a");
    add_all(&w, "b");
    assert_int_equal(run(&w, morning, 1).hours, 2);
    assert_rows(&w, USAGE, "ann|12|400|4|2|a:550 ip:10.0.0.1|6|200|2|1|a:840");
    assert_int_equal(run(&w, evening, 1).hours, 2);
    assert_rows(&w, USAGE, "ann|12|400|4|2|a:550 bob|6|200|2|1|a:840");
    assert_rows(&w, "SELECT count(*) AS line FROM hourly", "0");
    store_leave(&w);
}

/* A cell of which not all is kept by the hour stays as it is. */
static void test_incomplete(void **state)
{
    static const struct lease all_day[] = {{"ann", AT(0, 0), AT(24, 0)}};
    struct store_world w;
    struct reattributed done;

    (void)state;
    store_enter(&w);
    add_all(&w, "a");
    store_add(&w, "b", DAY, "ip:10.0.0.1", 5, "z.example"); /* without hours */
    done = run(&w, all_day, 1);
    assert_int_equal(done.incomplete, 1);
    assert_rows(&w, USAGE, "ip:10.0.0.1|12|400|8|3|b:7");
    store_leave(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_leases), cmocka_unit_test(test_later),
                                       cmocka_unit_test(test_incomplete)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
