/* upkeep_test.c: counts, faults that are found, days that are taken out. */
#include "store/upkeep.h"

#include "store/store_fixture.h"

#include <sqlite3.h>

enum { DAY = 20726 };

static void assert_status(struct store_world *w, uint64_t cells, uint64_t users, uint64_t hosts)
{
    struct upkeep_status status;

    assert_true(upkeep_status(w->store, &status, &w->err));
    assert_int_equal(status.cells, cells);
    assert_int_equal(status.users, users);
    assert_int_equal(status.hosts, hosts);
    assert_int_equal(status.archives, 2);
    assert_int_equal(status.records, 6);
}

static void test_purge(void **state)
{
    struct upkeep_purged purged;
    struct buf faults = {0};
    struct store_world w;

    (void)state;
    store_enter(&w);
    store_add(&w, "a", DAY, "ann", 1, "x.example");
    store_add(&w, "b", DAY + 1, "bob", 1, "y.example");
    assert_status(&w, 2, 2, 2);
    assert_true(upkeep_purge(w.store, DAY, 0, &purged, &w.err));
    assert_int_equal(purged.cells, 0);
    assert_true(upkeep_purge(w.store, DAY + 1, 0, &purged, &w.err));
    assert_int_equal(purged.cells, 1);
    assert_int_equal(purged.records, 3);
    assert_status(&w, 1, 1, 1);
    assert_true(upkeep_compact(w.store, &w.err));
    assert_true(upkeep_verify(w.store, &faults, &w.err));
    assert_int_equal(faults.len, 0);
    store_leave(&w);
}

static void test_faults(void **state)
{
    static const struct {
        const char *sql, *text;
    } cases[] = {
        {"UPDATE cell SET passed = passed + 1", "the sums: the ledger has 3 matched records"},
        {"UPDATE cell SET minutes = 9", "a cell of day 20726: its minutes are not"},
        {"UPDATE cell SET minute_set = x'ffff'", "its minutes are not"},
        {"UPDATE cell SET hosts = 2", "its hosts are not"},
        {"DELETE FROM user", "refers to a name that is not there"},
        {"UPDATE archive SET skipped = 1", "the ledger: 1 archives"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf faults = {0};
        struct store_world w;
        sqlite3 *db = NULL;

        store_enter(&w);
        store_add(&w, "a", DAY, "ann", 1, "x.example");
        assert_int_equal(sqlite3_open(w.path, &db), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, cases[i].sql, NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
        assert_true(upkeep_verify(w.store, &faults, &w.err));
        buf_append_byte(&faults, '\0');
        if (strstr(faults.ptr, cases[i].text) == NULL)
            fail_msg("'%s' does not say '%s'", faults.ptr, cases[i].text);
        buf_free(&faults);
        store_leave(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_purge),
        cmocka_unit_test(test_faults),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
