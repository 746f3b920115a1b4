/* usage_test.c: cells are a commutative monoid. */
#include "usage/usage.h"

#include "base/buf.h"
#include "usage/random_cells.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct usage *make(uint64_t seed, int records)
{
    struct usage *u = create();

    for (int i = 0; i < records; i++)
        add_random(u, &seed);
    return u;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Lines in their order, each with a newline, into ${out}. */
static void append_sorted(struct buf *out, char **lines, size_t count)
{
    if (count > 0)
        qsort(lines, count, sizeof *lines, by_text);
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "%s\n", lines[i]);
        free(lines[i]);
    }
}

static void append_name(struct buf *b, const struct usage *u, enum usage_name kind, uint32_t id)
{
    buf_printf(b, "%s/", usage_name(u, kind, id).ptr);
}

/* Host names sorted by text: their numbers differ from usage to usage. */
static void append_hosts(struct buf *b, const struct usage *u, const struct host_set *s)
{
    char **lines = calloc(s->count + 1, sizeof *lines);

    assert_non_null(lines);
    for (uint32_t i = 0; i < s->count; i++) {
        if (i > 0)
            assert_true(host_set_get(s, i - 1) < host_set_get(s, i));
        lines[i] = strdup(usage_name(u, NAME_HOST, host_set_get(s, i)).ptr);
    }
    append_sorted(b, lines, s->count);
    free(lines);
}

/* All that a cell says, without any number that depends on the order of reading. */
static char *describe(const struct usage *u, const struct usage_cell *cell)
{
    const struct usage_key *k = &cell->key;
    uint8_t bitmap[MINUTES_BITMAP_BYTES] = {0};
    struct buf b = {0};

    append_name(&b, u, NAME_USER, k->user);
    append_name(&b, u, NAME_TENANT, k->tenant);
    append_name(&b, u, NAME_CLIENT, k->client);
    append_name(&b, u, NAME_HOST, k->host);
    append_name(&b, u, NAME_SOURCE, k->source);
    append_name(&b, u, NAME_COUNTRY, k->country);
    buf_printf(&b, "%u/%d/%u/%u/%u", k->app, k->day, k->hour, k->role, k->kind);
    for (int c = 0; c < COUNTERS; c++)
        buf_printf(&b, " %llu", (unsigned long long)cell->counts[c]);
    buf_printf(&b, " %lld..%lld ", (long long)cell->first_us, (long long)cell->last_us);
    append_name(&b, u, NAME_ARCHIVE, cell->evidence_archive);
    buf_printf(&b, "%llu %u ", (unsigned long long)cell->evidence_line, cell->marks);
    minutes_or_into(&cell->minutes, bitmap);
    assert_int_equal(minutes_count_bitmap(bitmap), cell->minutes.count);
    for (size_t i = 0; i < sizeof bitmap; i++)
        buf_printf(&b, "%02x", bitmap[i]);
    append_hosts(&b, u, &cell->hosts);
    buf_append_byte(&b, '\0');
    return b.ptr;
}

/* All cells, sorted, and the days with a proxy log. */
static char *describe_all(const struct usage *u)
{
    size_t count = usage_cell_count(u);
    char **lines = calloc(count + 1, sizeof *lines);
    struct buf b = {0};

    assert_non_null(lines);
    for (size_t i = 0; i < count; i++) {
        struct usage_cell cell = usage_cell_get(u, i);

        lines[i] = describe(u, &cell);
    }
    append_sorted(&b, lines, count);
    for (int32_t day = -10; day < 10; day++)
        buf_append_byte(&b, usage_has_proxy_day(u, day) ? 'x' : '-');
    buf_append_byte(&b, '\0');
    free(lines);
    return b.ptr;
}

static void merge(struct usage *into, const struct usage *from)
{
    struct error err = {0};

    assert_true(usage_merge(into, from, &err));
}

static void expect_same(const struct usage *a, const struct usage *b)
{
    char *x = describe_all(a), *y = describe_all(b);

    assert_string_equal(x, y);
    free(x);
    free(y);
}

/* a+b is b+a, (a+b)+c is a+(b+c), a+0 is a and 0+a too. */
static void test_monoid(void **state)
{
    static const int sizes[] = {0, 1, 5, 300, 2000};

    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        int n = sizes[seed % 5], m = sizes[seed / 2 % 5];
        struct usage *a = make(seed * 7919, n), *b = make(seed * 104729, m);
        struct usage *c = make(seed * 1299709, 100), *empty = create();
        struct usage *ab = make(seed * 7919, n), *ba = make(seed * 104729, m);
        struct usage *bc = make(seed * 104729, m);

        merge(ab, b);
        merge(ba, a);
        expect_same(ab, ba);
        merge(ab, c); /* (a+b)+c */
        merge(bc, c);
        merge(a, bc); /* a+(b+c) */
        expect_same(ab, a);
        merge(a, empty);
        expect_same(ab, a);
        merge(empty, a);
        expect_same(ab, empty);
        usage_free(a);
        usage_free(b);
        usage_free(c);
        usage_free(ab);
        usage_free(ba);
        usage_free(bc);
        usage_free(empty);
    }
}

/* Records in one usage, or spread over three that are merged: the same cells. */
static void test_split(void **state)
{
    struct usage *whole = create(), *parts[3] = {create(), create(), create()};
    uint64_t seed = 42;

    (void)state;
    for (int i = 0; i < 3000; i++) {
        uint64_t same = seed;

        add_random(whole, &seed);
        add_random(parts[i % 3], &same);
    }
    merge(parts[2], parts[0]);
    merge(parts[2], parts[1]);
    expect_same(whole, parts[2]);
    assert_true(usage_memory(whole) > usage_cell_count(whole) * 48);
    usage_free(whole);
    for (int i = 0; i < 3; i++)
        usage_free(parts[i]);
}

/* Keys in short stand for the keys. */
static void expect_short_keys(const struct usage *u)
{
    for (size_t i = 0; i < usage_cell_count(u); i++) {
        struct short_key in_short = usage_short_key_get(u, i);
        struct usage_key key = usage_key_get(u, i), rest;

        assert_true(in_short.rest < usage_rest_count(u));
        rest = usage_rest_get(u, in_short.rest);
        rest.user = in_short.user;
        assert_memory_equal(&rest, &key, sizeof key);
    }
}

/* Where archives have the same numbers, cells can be taken over. */
static struct usage *create_with_archives(void)
{
    struct usage *u = create();

    for (uint32_t i = 1; i < 4; i++)
        name(u, NAME_ARCHIVE, "a", i);
    return u;
}

/* Likewise where they are joined: more than there is room for, archives by other numbers, and
 * records that come later. */
static void test_join(void **state)
{
    enum { OTHERS = USAGE_PARTS + 3, WITH_OWN_NUMBERS = 3 };
    struct usage *whole = create(), *joined = create_with_archives(), *same = create();
    uint64_t seed = 42;
    struct error err = {0};

    (void)state;
    for (int part = 0; part < OTHERS; part++) {
        struct usage *other = part == WITH_OWN_NUMBERS ? create() : create_with_archives();

        if (part == 0 || part == OTHERS - 1) {
            usage_free(other);
            other = joined;
        }
        for (int i = 0; i < 500; i++) {
            uint64_t again = seed;

            add_random(whole, &seed);
            add_random(other, &again);
        }
        if (other == joined)
            continue;
        assert_true(usage_join(joined, other, &err));
        usage_free(other);
    }
    expect_short_keys(joined);
    assert_true(usage_memory(joined) > usage_cell_count(joined) * 48);
    merge(same, joined);
    expect_same(whole, same);
    assert_true(usage_clear(joined));
    assert_int_equal(usage_cell_count(joined), 0);
    usage_free(whole);
    usage_free(joined);
    usage_free(same);
}

/* The smallest (time, archive's name, line), in whatever order they come. */
static void test_evidence(void **state)
{
    static const struct {
        int64_t ts_us;
        const char *archive;
        uint64_t line;
    } seen[] = {{10, "b", 1}, {9, "b", 7}, {9, "a", 9}, {9, "a", 8}, {9, "b", 1}, {11, "a", 1}};
    struct usage_key key = {0};

    (void)state;
    for (size_t first = 0; first < 6; first++) {
        struct usage *u = create();
        struct usage_cell *cell = usage_cell_at(u, &key);

        for (size_t i = 0; i < 6; i++) {
            size_t n = (first + i * 5) % 6;
            uint32_t archive;

            assert_true(usage_name_id(u, NAME_ARCHIVE, slice_of_string(seen[n].archive), &archive));
            usage_cell_seen(u, cell, seen[n].ts_us, archive, seen[n].line);
        }
        assert_int_equal(cell->first_us, 9);
        assert_int_equal(cell->last_us, 11);
        assert_true(slice_is(usage_name(u, NAME_ARCHIVE, cell->evidence_archive), "a"));
        assert_int_equal(cell->evidence_line, 8);
        usage_free(u);
    }
}

/* Sets of hosts stay sorted and without doubles, in whatever order hosts come. */
static void test_hosts(void **state)
{
    static const uint32_t orders[][6] = {{1, 2, 3, 4, 5, 6},
                                         {6, 5, 4, 3, 2, 1},
                                         {3, 3, 1, 1, 2, 3},
                                         {2, 1, 2, 1, 9, 2},
                                         {7, 7, 7, 7, 7, 7}};
    static const uint32_t expected[][6] = {
        {1, 2, 3, 4, 5, 6}, {1, 2, 3, 4, 5, 6}, {1, 2, 3}, {1, 2, 9}, {7}};
    static const uint32_t counts[] = {6, 6, 3, 3, 1};
    struct usage *u = create();

    (void)state;
    for (uint32_t i = 0; i < 5; i++) {
        struct usage_key key = {.app = i};
        struct usage_cell *cell = usage_cell_at(u, &key);

        for (int k = 0; k < 6; k++)
            assert_true(usage_cell_add_host(u, cell, orders[i][k]));
        assert_int_equal(cell->hosts.count, counts[i]);
        for (uint32_t k = 0; k < counts[i]; k++)
            assert_int_equal(host_set_get(&cell->hosts, k), expected[i][k]);
    }
    for (uint32_t host = 0; host < 200; host++) /* in turns: they take each other's lists */
        for (uint32_t i = 10; i < 20; i++) {
            struct usage_key key = {.app = i};
            struct usage_cell *cell = usage_cell_at(u, &key);

            assert_true(usage_cell_add_host(u, cell, host * 77 % 200 / (i - 9)));
            for (uint32_t k = 1; k < cell->hosts.count; k++)
                assert_true(host_set_get(&cell->hosts, k - 1) < host_set_get(&cell->hosts, k));
            assert_int_equal(cell->hosts.count > 0 && host_set_has(&cell->hosts, 0), true);
            assert_false(host_set_has(&cell->hosts, 200));
        }
    for (uint32_t i = 10; i < 20; i++) {
        struct usage_key key = {.app = i};

        assert_int_equal(usage_cell_at(u, &key)->hosts.count, (200 + i - 10) / (i - 9));
    }
    usage_free(u);
}

/* Cells are found, and new ones made, also after their slots were given back. */
static void test_forget_slots(void **state)
{
    struct usage *u = create();

    (void)state;
    usage_forget_slots(u);
    for (uint32_t round = 0; round < 3; round++) {
        for (uint32_t i = 0; i < 1000 * (round + 1); i++) {
            struct usage_key key = {.app = i};
            struct usage_cell *cell = usage_cell_at(u, &key);

            assert_non_null(cell);
            assert_int_equal(cell->counts[COUNT_PASSED], i < 1000 * round ? round : 0);
            cell->counts[COUNT_PASSED] = round + 1;
        }
        assert_int_equal(usage_cell_count(u), 1000 * (round + 1));
        usage_forget_slots(u);
    }
    usage_free(u);
}

/* Very many cells, each found again: beyond half a million their slots grow by a fourth. */
static void test_many(void **state)
{
    enum { MANY_USERS = 1000, MANY_DAYS = 700 };
    struct error err = {0};
    struct usage *u = usage_create(&err);

    (void)state;
    assert_non_null(u);
    for (unsigned round = 1; round <= 2; round++) {
        for (uint32_t i = 0; i < MANY_USERS * MANY_DAYS; i++) {
            const struct usage_key key = {.user = i % MANY_USERS, .day = (int32_t)(i / MANY_USERS)};
            struct usage_cell *cell = usage_cell_at(u, &key);

            assert_non_null(cell);
            assert_int_equal(++cell->counts[COUNT_PASSED], round);
        }
        assert_int_equal(usage_cell_count(u), MANY_USERS * MANY_DAYS);
    }
    usage_free(u);
}

static void test_proxy_days(void **state)
{
    static const int32_t days[] = {5, -3, 5, 0, 100, -3, 4, 6};
    struct usage *u = create();

    (void)state;
    assert_false(usage_has_proxy_day(u, 0));
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        assert_true(usage_add_proxy_day(u, days[i]));
    for (int32_t day = -10; day < 110; day++)
        assert_int_equal(usage_has_proxy_day(u, day),
                         day == -3 || day == 0 || day == 4 || day == 5 || day == 6 || day == 100);
    for (int32_t day = 0; day < 100; day++)
        assert_true(usage_add_proxy_day(u, 1000 - day * 10));
    assert_true(usage_has_proxy_day(u, 10) && usage_has_proxy_day(u, 1000));
    usage_free(u);
}

static void test_names(void **state)
{
    struct usage *u = create();
    uint32_t id;

    (void)state;
    for (int kind = 0; kind < NAME_KINDS; kind++) {
        assert_int_equal(usage_name_count(u, (enum usage_name)kind), 1);
        assert_true(usage_name_id(u, (enum usage_name)kind, slice_of("", 0), &id));
        assert_int_equal(id, 0);
        assert_true(usage_name_id(u, (enum usage_name)kind, SLICE("x"), &id));
        assert_int_equal(id, 1);
        assert_string_equal(usage_name(u, (enum usage_name)kind, id).ptr, "x");
    }
    usage_free(u);
    usage_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_monoid), cmocka_unit_test(test_split),
        cmocka_unit_test(test_join),   cmocka_unit_test(test_evidence),
        cmocka_unit_test(test_hosts),  cmocka_unit_test(test_forget_slots),
        cmocka_unit_test(test_many),   cmocka_unit_test(test_proxy_days),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
