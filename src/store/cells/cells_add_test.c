/* cells_add_test.c: cells of several archives meet in the store, and come out again. */
#include "store/store_fixture.h"

enum { DAY = 20726 };

static const struct record_filter keep_all = {.since_us = INT64_MIN, .until_us = INT64_MAX};

static struct usage *load(struct store_world *w, const struct cells_wanted *wanted)
{
    struct usage *usage = usage_create(&w->err);

    assert_true(cells_load(w->store, wanted, w->signatures, usage, &w->err));
    return usage;
}

static void test_merged(void **state)
{
    struct cells_wanted wanted = {.from_day = DAY, .until_day = DAY + 1, .filter = &keep_all};
    struct usage_cell cell;
    struct store_world w;
    struct usage *usage;

    (void)state;
    store_enter(&w);
    store_add(&w, "b", DAY, "ann", 600, "x.example");
    store_add(&w, "a", DAY, "ann", 600, "y.example"); /* the same time, the smaller name */
    store_add(&w, "c", DAY, "ann", 601, "x.example");
    store_add(&w, "d", DAY + 1, "ann", 10, "x.example"); /* not wanted */
    usage = load(&w, &wanted);
    assert_int_equal(usage_cell_count(usage), 1);
    cell = usage_cell_get(usage, 0);
    assert_int_equal(cell.counts[COUNT_PASSED], 9);
    assert_int_equal(cell.counts[COUNT_BYTES_UP], 300);
    assert_int_equal(cell.minutes.count, 3);
    assert_int_equal(cell.hosts.count, 2);
    assert_int_equal(cell.evidence_line, 7);
    assert_int_equal(cell.marks, MARK_UP);
    assert_true(slice_is(usage_name(usage, NAME_ARCHIVE, cell.evidence_archive), "a"));
    assert_int_equal(cell.first_us, ((int64_t)DAY * 1440 + 600) * 60000000);
    assert_int_equal(cell.last_us, ((int64_t)DAY * 1440 + 602) * 60000000);
    assert_true(usage_has_proxy_day(usage, DAY));
    assert_false(usage_has_proxy_day(usage, DAY + 1));
    usage_free(usage);
    store_leave(&w);
}

static void test_hours(void **state)
{
    struct cells_wanted wanted = {
        .from_day = INT32_MIN, .until_day = INT32_MAX, .filter = &keep_all, .hours = true};
    struct store_world w;
    struct usage *usage;

    (void)state;
    store_enter(&w);
    store_add(&w, "a", DAY, "ann", 659, "x.example"); /* 10:59 and 11:00 */
    usage = load(&w, &wanted);
    assert_int_equal(usage_cell_count(usage), 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(usage_cell_get(usage, i).key.hour, 10 + i);
        assert_int_equal(usage_cell_get(usage, i).minutes.count, 1);
        assert_int_equal(usage_cell_get(usage, i).counts[COUNT_PASSED], 0);
    }
    usage_free(usage);
    store_leave(&w);
}

static void test_workhours(void **state)
{
    static const uint8_t classes[] = {WORKHOURS_INSIDE, WORKHOURS_OUTSIDE};
    struct cells_wanted wanted = {
        .from_day = INT32_MIN, .until_day = INT32_MAX, .filter = &keep_all};
    struct workhours *workhours;
    struct store_world w;
    struct usage *usage;

    (void)state;
    store_enter(&w);
    workhours = workhours_create("mon-sun 9:00-11:00", NULL, &w.err);
    wanted.workhours = workhours;
    store_add(&w, "a", DAY, "ann", 659, "x.example"); /* 10:59 and 11:00 */
    usage = load(&w, &wanted);
    assert_int_equal(usage_cell_count(usage), 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(usage_cell_get(usage, i).key.workhours, classes[i]);
        assert_int_equal(usage_cell_get(usage, i).key.hour, 0);
        assert_int_equal(usage_cell_get(usage, i).minutes.count, 1);
    }
    usage_free(usage);
    workhours_free(workhours);
    store_leave(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_merged),
        cmocka_unit_test(test_hours),
        cmocka_unit_test(test_workhours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
