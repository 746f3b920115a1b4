/* ask_test.c: values of all types; what may not be asked. */
#include "store/ask.h"

#include "store/store_fixture.h"

#include <sqlite3.h>

static void test_values(void **state)
{
    static const struct {
        enum ask_type type;
        uint64_t number;
        const char *text;
    } expected[] = {{ASK_NUMBER, 7, NULL}, {ASK_TEXT, 0, "-7"},   {ASK_TEXT, 0, "1.5"},
                    {ASK_TEXT, 0, "x"},    {ASK_TEXT, 0, "00ff"}, {ASK_NULL, 0, NULL}};
    struct store_world w;
    struct ask *ask;
    bool row = false;

    (void)state;
    store_enter(&w);
    ask = ask_create(w.store, "SELECT 7 AS seven, -7, 1.5, 'x', x'00ff', NULL;", &w.err);
    assert_non_null(ask);
    assert_int_equal(ask_column_count(ask), 6);
    assert_string_equal(ask_column_name(ask, 0), "seven");
    assert_true(ask_next(ask, &row, &w.err));
    assert_true(row);
    for (size_t i = 0; i < 6; i++) {
        struct ask_value value = ask_value(ask, i);

        assert_int_equal(value.type, expected[i].type);
        assert_int_equal(value.number, expected[i].number);
        if (expected[i].text != NULL)
            assert_true(slice_is(value.text, expected[i].text));
    }
    assert_true(ask_next(ask, &row, &w.err));
    assert_false(row);
    ask_free(ask);
    store_leave(&w);
}

static void test_limits(void **state)
{
    static const struct {
        const char *sql;
        enum error_code code;
        const char *text;
    } cases[] = {
        {"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
         ERROR_LIMIT, "gives more than 3 rows"},
        {"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
         ERROR_LIMIT, "takes longer than 1 seconds"},
        {"SELECT zeroblob(4000)", ERROR_USAGE, "too big"},
        {"SELECT hex(zeroblob(2000))", ERROR_USAGE, "too big"},
        {"SELECT 1 UNION SELECT 2 UNION SELECT 3", ERROR_NONE, ""},
    };
    const struct ask_limits limits = {3, 3000, 1};
    struct store_world w;

    (void)state;
    store_enter(&w);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct ask *ask = ask_create_within(w.store, cases[i].sql, &limits, &err);
        bool row = true;

        while (ask != NULL && row && ask_next(ask, &row, &err))
            continue;
        assert_int_equal(err.code, cases[i].code);
        assert_non_null(strstr(err.text, cases[i].text));
        ask_free(ask);
    }
    store_leave(&w);
}

static void test_refused(void **state)
{
    static const char *const cases[] = {"SELECT * FROM cell",
                                        "SELECT * FROM main.user",
                                        "SELECT (SELECT count(*) FROM purge) FROM usage",
                                        "SELECT count(*) FROM cell",
                                        "SELECT count(*) FROM users, cell",
                                        "SELECT 1 FROM sqlite_schema",
                                        "DELETE FROM cell",
                                        "SELECT 1; SELECT 2",
                                        "",
                                        "PRAGMA table_list",
                                        "SELECT * FROM pragma_table_list"};
    struct store_world w;

    (void)state;
    store_enter(&w);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        error_clear(&w.err);
        assert_null(ask_create(w.store, cases[i], &w.err));
        assert_int_equal(w.err.code, ERROR_USAGE);
    }
    store_leave(&w);
}

/* Whatever tables the schema has: none can be read or have its rows counted; every view can. */
static void test_schema(void **state)
{
    struct store_world w;
    sqlite3 *db = NULL;
    sqlite3_stmt *names = NULL;
    size_t tables = 0, views = 0;

    (void)state;
    store_enter(&w);
    assert_int_equal(sqlite3_open(w.path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT type = 'view', name FROM sqlite_schema WHERE type "
                                        "IN ('table', 'view')",
                                        -1, &names, NULL),
                     SQLITE_OK);
    while (sqlite3_step(names) == SQLITE_ROW) {
        bool view = sqlite3_column_int(names, 0) != 0;
        char sql[2][128];

        *(view ? &views : &tables) += 1;
        (void)snprintf(sql[0], sizeof sql[0], "SELECT count(*) FROM %s",
                       (const char *)sqlite3_column_text(names, 1));
        (void)snprintf(sql[1], sizeof sql[1], "SELECT * FROM %s",
                       (const char *)sqlite3_column_text(names, 1));
        for (size_t i = 0; i < 2; i++) {
            struct ask *ask = ask_create(w.store, sql[i], &w.err);

            assert_int_equal(ask != NULL, view);
            ask_free(ask);
            error_clear(&w.err);
        }
    }
    assert_true(tables > 15);
    assert_int_equal(views, 7);
    sqlite3_finalize(names);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    store_leave(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_schema),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
