/* cell_table_test.c: a cell comes back as it was put, whatever it holds and however it grows. */
#include "usage/cell_table.h"

#include "base/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

#define DAY    20000
#define DAY_US (INT64_C(86400) * MICROSECONDS_PER_SECOND)
#define AT(us) (DAY * DAY_US + (us))

/* What is not said is 0. */
#define SEEN(first, last) .first_us = (first), .last_us = (last)

static const struct usage_cell cells[] = {
    {.key.day = DAY, SEEN(INT64_MAX, INT64_MIN)},
    {.key = {.user = 7, .day = DAY, .app = 3}, SEEN(AT(0), AT(0)), .counts = {1}},
    {.key = {.user = 7, .day = DAY, .kind = 1}, SEEN(AT(5), AT(DAY_US)), .evidence_line = 12},
    /* all counters together, none, and some of them */
    {.key.day = DAY, SEEN(AT(1), AT(2)), .counts = {5, 2, 10, 20, 5, 5, 7}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .counts = {5, 2, 10, 20, 4, 5, 7}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .counts = {5, 2, 10, 20, 5, 0, 3}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .counts = {0, 2, 0, 0, 0, 0, 2}},
    /* at what is narrow and beyond */
    {.key.day = DAY, SEEN(AT(1), AT(2)), .counts = {0xffffff, 0x1fff}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .counts = {0x1000000, 1}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .counts = {1, 0x2000}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .counts = {1, 1, 0xffffffffff, 0xffffffffff}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .counts = {1, 1, 0x10000000000}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .counts = {1, 1, 0, 0x10000000000}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .counts = {UINT64_MAX, UINT64_MAX, UINT64_MAX}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .evidence_line = UINT32_MAX, .evidence_archive = 65535},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .evidence_line = UINT64_C(1) << 32},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .evidence_line = 1, .evidence_archive = 65536},
    {.key.day = DAY, SEEN(AT(-2 * DAY_US), AT(3 * DAY_US))},
    {.key.day = DAY, SEEN(AT(-2 * DAY_US - 1), AT(0))},
    {.key.day = DAY, SEEN(AT(0), AT(13 * DAY_US))},
    {.key.day = INT32_MAX, SEEN(0, 1)},
    {.key.day = INT32_MIN, SEEN(INT64_MIN, INT64_MAX)},
    {.key.day = DAY, SEEN(INT64_MAX, 3)},
    {.key.day = -1, SEEN(-1, -1)},
    /* marks, narrow and wide */
    {.key.day = DAY, SEEN(AT(1), AT(2)), .counts = {0, 2}, .marks = MARK_UP},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .counts = {0, 2}, .marks = MARK_DOWN},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .counts = {0, 0x1fff}, .marks = MARK_UP | MARK_DOWN},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .counts = {0, 0x2000}, .marks = MARK_TUNNEL},
    {.key.day = DAY, SEEN(INT64_MAX, INT64_MIN), .marks = MARK_UP | MARK_DOWN | MARK_TUNNEL},
    /* minutes and hosts */
    {.key.day = DAY, SEEN(AT(1), AT(2)), .minutes = {.count = 1, .few = {1439}}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .minutes = {.count = 2, .few = {1439, 1438}}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .minutes = {.count = 1, .few = {0}}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .minutes = {.count = 2, .few = {0, 1439}}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .minutes = {.count = 3, .few = {2, 0, 1}}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .minutes = {.count = 3, .few = {1439, 1438, 1437}}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .minutes = {.count = 4, .few = {2, 0, 1, 1439}}},
    {.key.day = DAY,
     SEEN(AT(1), AT(2)),
     .minutes = {.count = MINUTES_INLINE, .few = {7, 6, 5, 4, 3, 2, 1}}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .hosts = {.count = 1, .few = {UINT32_MAX}}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .hosts = {.count = 1, .few = {0}}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .hosts = {.count = 2, .few = {0, 3}}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .hosts = {.count = 2, .few = {65534, 65535}}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .hosts = {.count = 2, .few = {65535, 65536}}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .hosts = {.count = 2, .few = {0, UINT32_MAX}}},
    {.key.day = DAY, SEEN(AT(1), AT(2)), .hosts = {.count = HOSTS_INLINE, .few = {1, 2, 3}}},
    {.key = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, SEEN(1, 2), .counts = {1, 2, 3, 4, 5, 6, 7}},
};

static bool is_same(const struct usage_cell *a, const struct usage_cell *b)
{
    return memcmp(&a->key, &b->key, sizeof a->key) == 0 &&
           memcmp(a->counts, b->counts, sizeof a->counts) == 0 && a->first_us == b->first_us &&
           a->last_us == b->last_us && a->evidence_line == b->evidence_line &&
           a->evidence_archive == b->evidence_archive && a->marks == b->marks &&
           a->minutes.count == b->minutes.count &&
           memcmp(a->minutes.few, b->minutes.few, sizeof a->minutes.few) == 0 &&
           a->hosts.count == b->hosts.count &&
           memcmp(a->hosts.few, b->hosts.few, sizeof a->hosts.few) == 0;
}

static void put(struct cell_table *t, size_t index, const struct usage_cell *cell)
{
    struct usage_cell got;

    assert_true(cell_table_put(t, index, cell));
    cell_table_get(t, index, &got);
    if (!is_same(&got, cell))
        fail_msg("cell %zu did not come back", (size_t)(cell - cells));
}

static void test_round_trip(void **state)
{
    struct cell_table t = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(cells); i++) {
        struct usage_key key;

        assert_true(cell_table_add(&t, &cells[i].key));
        put(&t, i, &cells[i]);
        key = cell_table_key(&t, i);
        assert_memory_equal(&key, &cells[i].key, sizeof key);
        assert_true(cell_table_has_key(&t, i, &key));
        key.user++;
        assert_false(cell_table_has_key(&t, i, &key));
        key.user--;
        key.role++;
        assert_false(cell_table_has_key(&t, i, &key));
    }
    for (size_t i = 0; i < COUNT(cells); i++) {
        struct usage_cell got;

        cell_table_get(&t, i, &got);
        assert_true(is_same(&got, &cells[i]));
    }
    cell_table_free(&t);
}

/* Every cell over every other, in one place: what was narrow becomes wide and stays it. */
static void test_growth(void **state)
{
    struct cell_table t = {0};
    size_t count = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(cells) * COUNT(cells); i++) {
        struct usage_cell from = cells[i / COUNT(cells)], to = cells[i % COUNT(cells)];

        from.key = to.key;
        assert_true(cell_table_add(&t, &to.key));
        put(&t, count, &from);
        put(&t, count++, &to);
    }
    assert_true(cell_table_memory(&t) > count * 48);
    cell_table_free(&t);
    assert_int_equal(cell_table_memory(&t), 0);
}

/* A new cell is empty. */
static void test_new(void **state)
{
    static const struct usage_cell empty = {.key.day = DAY, SEEN(INT64_MAX, INT64_MIN)};
    struct cell_table t = {0};
    struct usage_cell got;

    (void)state;
    assert_true(cell_table_add(&t, &empty.key));
    cell_table_prefetch(&t, 0);
    cell_table_get(&t, 0, &got);
    assert_true(is_same(&got, &empty));
    cell_table_free(&t);
}

enum { RENAMED = 4, HIGH = 70000 };

/* The hosts of a cell by other numbers: none, one, two and three, near each other or not. */
static void check_renamed(struct cell_table *t, size_t index, const uint32_t *ids)
{
    struct usage_cell got;

    cell_table_get(t, index, &got);
    assert_int_equal(got.hosts.count, index % RENAMED);
    for (uint32_t h = 0; h < index % RENAMED; h++) {
        assert_true(host_set_has(&got.hosts, ids[h]));
        assert_true(h == 0 || got.hosts.few[h - 1] < got.hosts.few[h]);
    }
}

/* Two hosts that stood beside each other may get numbers that are too large for it. */
static void test_rename(void **state)
{
    static uint32_t hosts[][RENAMED] = {{2, 1, 0, 3}, {HIGH, 5, 4, 3}, {HIGH, HIGH + 1, 1, 0}};
    static uint32_t same[RENAMED] = {0, 1, 2, 3};

    (void)state;
    for (size_t i = 0; i < COUNT(hosts); i++) {
        struct cell_table t = {0};
        uint32_t *const ids[NAME_KINDS] = {same, same, same, hosts[i], same, same, same};

        for (uint32_t c = 0; c < 2 * RENAMED; c++) {
            struct usage_cell cell = {.key.day = DAY,
                                      SEEN(AT(1), AT(2)),
                                      .hosts = {.count = c % RENAMED, .few = {0, 1, 2}}};

            for (uint32_t h = c % RENAMED; h < HOSTS_INLINE; h++)
                cell.hosts.few[h] = 0;
            assert_true(cell_table_add(&t, &cell.key));
            put(&t, c, &cell);
        }
        assert_true(cell_table_rename(&t, ids));
        for (size_t c = 0; c < t.count; c++)
            check_renamed(&t, c, hosts[i]);
        cell_table_free(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_new),
        cmocka_unit_test(test_rename),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
