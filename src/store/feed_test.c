/* feed_test.c: rows of memory become those of a table, whatever their values; none without memory
 * for all. */
#include "store/feed.h"

#include "store/store_fixture.h"
#include "store/store_internal.h"

enum { ROWS = 200 };

static void add_sums(struct feed *f, int64_t app, struct slice sums)
{
    struct feed_value *v = feed_add(f);

    assert_non_null(v);
    v[0] = feed_number(app);
    v[1] = feed_number(-7);
    v[2] = feed_number(app % 2);
    v[3] = feed_blob(f, sums);
    v[4] = feed_text(f, SLICE("text"));
    v[5] = feed_blob(f, slice_of(NULL, 0));
    v[6] = feed_blob_since(f, f->bytes.len - 2);
}

static sqlite3_stmt *find(struct store_world *w, int64_t app)
{
    sqlite3_stmt *statement = sql_statement(&w->store->sql, STATEMENT_ROLLUP_FIND, &w->err);
    bool row;

    assert_non_null(statement);
    sqlite3_bind_int64(statement, 1, app);
    sqlite3_bind_int(statement, 2, -7);
    sqlite3_bind_int(statement, 3, (int)(app % 2));
    assert_true(sql_step(&w->store->sql, statement, &row, &w->err));
    assert_true(row);
    return statement;
}

static void test_values(void **state)
{
    static const char bytes[ROWS] = {0, 1, (char)0xff};
    struct feed f = {0};
    struct store_world w;

    (void)state;
    store_enter(&w);
    assert_true(feed_run(&w.store->sql, STATEMENT_ROLLUP_FEED, &f, &w.err)); /* nothing */
    for (int64_t round = 0; round < 2; round++) {
        feed_clear(&f);
        for (int64_t i = 0; i < ROWS; i++)
            add_sums(&f, round * ROWS + i, slice_of(bytes, (size_t)i));
        assert_true(feed_run(&w.store->sql, STATEMENT_ROLLUP_FEED, &f, &w.err));
    }
    for (int64_t i = 0; i < (int64_t)2 * ROWS; i++) {
        sqlite3_stmt *row = find(&w, i);

        assert_true(slice_equal(sql_column_blob(row, 0), slice_of(bytes, (size_t)(i % ROWS))));
        assert_true(slice_is(sql_column_text(row, 1), "text"));
        assert_int_equal(sqlite3_column_type(row, 2), SQLITE_BLOB);
        assert_int_equal(sql_column_blob(row, 2).len, 0);
        assert_true(slice_is(sql_column_blob(row, 3), "xt"));
        sqlite3_reset(row);
    }
    feed_free(&f);
    store_leave(&w);
}

/* A row that is there, or a value that may not be NULL, is a mistake of ours and said. */
static void test_refused(void **state)
{
    struct feed f = {0};
    struct store_world w;

    (void)state;
    store_enter(&w);
    add_sums(&f, 1, SLICE("x"));
    assert_true(feed_run(&w.store->sql, STATEMENT_ROLLUP_FEED, &f, &w.err));
    assert_false(feed_run(&w.store->sql, STATEMENT_ROLLUP_FEED, &f, &w.err));
    assert_int_equal(w.err.code, ERROR_BUG);
    error_clear(&w.err);
    feed_clear(&f);
    assert_non_null(feed_add(&f));
    assert_false(feed_run(&w.store->sql, STATEMENT_ROLLUP_FEED, &f, &w.err));
    assert_int_equal(w.err.code, ERROR_BUG);
    error_clear(&w.err);
    feed_clear(&f);
    add_sums(&f, 2, SLICE("x"));
    f.bytes.failed = true;
    assert_false(feed_run(&w.store->sql, STATEMENT_ROLLUP_FEED, &f, &w.err));
    assert_int_equal(w.err.code, ERROR_MEMORY);
    feed_free(&f);
    store_leave(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
