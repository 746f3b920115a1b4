/* ledger_test.c: what was noted is known, nothing else. */
#include "store/store_fixture.h"

static void test_files(void **state)
{
    const struct ledger_file file = {1, 2, 3, 4, 5};
    struct ledger_file others[] = {file, file, file, file, file};
    struct store_world w;
    bool known = true;

    (void)state;
    others[0].device = others[1].inode = others[2].bytes = 9;
    others[3].changed_ns = others[4].status_ns = 9;
    store_enter(&w);
    assert_true(ledger_knows_file(w.store, &file, &known, &w.err));
    assert_false(known);
    assert_true(ledger_add_file(w.store, &file, &w.err));
    assert_true(ledger_knows_file(w.store, &file, &known, &w.err));
    assert_true(known);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_true(ledger_knows_file(w.store, &others[i], &known, &w.err));
        assert_false(known);
    }
    store_leave(&w);
}

static void test_packed(void **state)
{
    const struct content_point point = {7, {{1, 2}}}, other = {7, {{1, 3}}};
    struct store_world w;
    bool known = true;

    (void)state;
    store_enter(&w);
    assert_true(ledger_has_packed_size(w.store, 7, &known, &w.err));
    assert_false(known);
    assert_true(ledger_add_packed(w.store, &point, &w.err));
    assert_true(ledger_has_packed_size(w.store, 7, &known, &w.err));
    assert_true(known);
    assert_true(ledger_knows_packed(w.store, &point, &known, &w.err));
    assert_true(known);
    assert_true(ledger_knows_packed(w.store, &other, &known, &w.err));
    assert_false(known);
    store_leave(&w);
}

static void test_points(void **state)
{
    static const struct {
        unsigned char first;
        int64_t after;
        size_t count;
    } cases[] = {{1, 0, 2}, {1, 1, 1}, {1, 3, 0}, {2, 0, 1}, {3, 0, 0}};
    struct ledger_entry entries[] = {store_entry("a", 1, 30), store_entry("b", 2, 5),
                                     store_entry("c", 1, 10)};
    struct store_world w;
    int64_t id = 7;
    bool known;

    (void)state;
    store_enter(&w);
    assert_true(ledger_last(w.store, &id, &w.err));
    assert_int_equal(id, 0);
    for (size_t i = 0; i < 3; i++)
        assert_true(ledger_add(w.store, &entries[i], &id, &w.err));
    assert_true(ledger_last(w.store, &id, &w.err));
    assert_int_equal(id, 3);
    assert_true(ledger_knows_content(w.store, &entries[1].content, &known, &w.err));
    assert_true(known);
    assert_true(ledger_knows_content(w.store, &entries[1].whole, &known, &w.err));
    assert_false(known); /* that is a digest of another kind */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct content_digest line = {{cases[i].first}};
        struct ledger_points points;

        assert_true(ledger_points(w.store, &line, cases[i].after, &points, &w.err));
        assert_int_equal(points.count, cases[i].count);
        for (size_t k = 1; k < points.count; k++)
            assert_true(points.points[k - 1].bytes < points.points[k].bytes);
        free(points.points);
    }
    store_leave(&w);
}

static void test_overlap(void **state)
{
    static const uint64_t hashes[] = {5, 6, 7, UINT64_MAX};
    struct ledger_entry entry = store_entry("a", 1, 30);
    struct ledger_overlap overlap;
    struct store_world w;
    int64_t id;

    (void)state;
    store_enter(&w);
    assert_true(ledger_add(w.store, &entry, &id, &w.err));
    assert_true(ledger_add_samples(w.store, id, hashes, 2, &w.err));
    entry.name = "b";
    assert_true(ledger_add(w.store, &entry, &id, &w.err));
    assert_true(ledger_add_samples(w.store, id, hashes + 1, 3, &w.err));
    assert_true(
        ledger_find_overlap(w.store, "f", (struct ledger_samples){hashes, 4}, &overlap, &w.err));
    assert_string_equal(overlap.name, "b");
    assert_int_equal(overlap.shared, 3);
    free(overlap.name);
    assert_true(ledger_find_overlap(w.store, "other", (struct ledger_samples){hashes, 4}, &overlap,
                                    &w.err));
    assert_null(overlap.name);
    store_leave(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_packed),
        cmocka_unit_test(test_points),
        cmocka_unit_test(test_overlap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
