/* hours_test.c: parts of cells come out as they went in; what is none is refused. */
#include "store/hours.h"

#include "base/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

enum { DAY = 20726 };

static const struct cell_key key = {DAY, 1, 2, 3, 4};

static void fill(struct cell_row *row, unsigned n)
{
    cell_row_clear(row);
    for (unsigned i = 0; i < COUNTERS; i++)
        row->counts[i] = i % (n + 1) == 0 ? 0 : (uint64_t)1 << i * 5 << n;
    row->archive = n + 1;
    row->marks = (uint8_t)(n + 3) & 7;
    row->line = (int64_t)n << 33;
    if (n != 1) { /* the second has no time */
        row->first_us = ((int64_t)DAY * SECONDS_PER_DAY - 32400) * MICROSECONDS_PER_SECOND + n;
        row->last_us = row->first_us + 3599999999;
    }
    for (unsigned m = n; m < 60 * n; m += 7)
        row->minutes[m / 8] = (uint8_t)(row->minutes[m / 8] | 1U << m % 8);
    for (uint32_t host = n * 1000; host > 0; host /= 3)
        assert_true(cell_row_add_host(row, host));
}

static void assert_equal(const struct cell_row *a, const struct cell_row *b)
{
    assert_memory_equal(a->counts, b->counts, sizeof a->counts);
    assert_memory_equal(a->minutes, b->minutes, sizeof a->minutes);
    assert_int_equal(a->first_us, b->first_us);
    assert_int_equal(a->last_us, b->last_us);
    assert_int_equal(a->archive, b->archive);
    assert_int_equal(a->marks, b->marks);
    assert_int_equal(a->line, b->line);
    assert_int_equal(a->host_count, b->host_count);
    if (a->host_count > 0)
        assert_memory_equal(a->hosts, b->hosts, a->host_count * sizeof *a->hosts);
}

static void test_round(void **state)
{
    struct cell_row in = {.line = 0}, out = {.line = 0};
    struct buf bytes = {0};
    struct slice left;

    (void)state;
    for (unsigned n = 0; n < 5; n++) {
        fill(&in, n);
        hours_append(&bytes, &key, &in);
    }
    left = buf_slice(&bytes);
    for (unsigned n = 0; n < 5; n++) {
        fill(&in, n);
        cell_row_unite_hosts(&in);
        assert_true(hours_next(&left, &key, &out));
        assert_equal(&in, &out);
    }
    assert_int_equal(left.len, 0);
    cell_row_free(&in);
    cell_row_free(&out);
    buf_free(&bytes);
}

/* Cut anywhere, or with any byte another: never read beyond the end. */
static void test_damaged(void **state)
{
    struct cell_row row = {.line = 0};
    struct buf bytes = {0};

    (void)state;
    fill(&row, 3);
    hours_append(&bytes, &key, &row);
    for (size_t i = 0; i < bytes.len; i++) {
        char *copy = test_malloc(i + 1);
        struct slice left = slice_of(copy, i);

        memcpy(copy, bytes.ptr, i);
        assert_false(hours_next(&left, &key, &row));
        test_free(copy);
    }
    for (size_t i = 0; i < bytes.len; i++) {
        struct slice left = buf_slice(&bytes);

        bytes.ptr[i] = (char)~bytes.ptr[i];
        (void)hours_next(&left, &key, &row);
        bytes.ptr[i] = (char)~bytes.ptr[i];
    }
    cell_row_free(&row);
    buf_free(&bytes);
}

/* A cell without counts and times, of one minute or two: up to the day's last, 1439. */
static void test_minutes(void **state)
{
    static const struct {
        struct slice bytes;
        bool good;
    } cases[] = {
        {{"\0\0\0\0\x01\x9f\x0b\0", 8}, true},    {{"\0\0\0\0\x01\xa0\x0b\0", 8}, false},
        {{"\0\0\0\0\x02\x9e\x0b\0\0", 9}, true},  {{"\0\0\0\0\x02\x9e\x0b\x01\0", 9}, false},
        {{"\0\0\0\0\x02\x9f\x0b\0\0", 9}, false},
    };
    struct cell_row row = {.line = 0};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct slice left = cases[i].bytes;

        assert_int_equal(hours_next(&left, &key, &row), cases[i].good);
        if (cases[i].good)
            assert_int_equal(row.minutes[179], i == 0 ? 0x80 : 0xc0);
    }
    cell_row_free(&row);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_round), cmocka_unit_test(test_damaged),
                                       cmocka_unit_test(test_minutes)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
