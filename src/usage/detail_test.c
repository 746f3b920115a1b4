/* detail_test.c: every row has its users with their counts, however many there are. */
#include "usage/detail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

enum { ROWS = 700, USERS = 50, NAMED = 25, DAY = 20726 };

static struct detail_row row_of(unsigned i)
{
    return (struct detail_row){.host = i / 2 + 1, .day = DAY - (int32_t)(i % 2)};
}

/* Users from NAMED on have hours. */
static uint8_t hour_of(unsigned user)
{
    return (uint8_t)(user < NAMED ? DETAIL_NO_HOUR : user % 24);
}

/* How often the user asks for the row; some rows and users meet never. */
static unsigned times(unsigned row, unsigned user)
{
    return (row * 31 + user * 17) % 5;
}

static void note_all(struct detail *d)
{
    for (unsigned user = USERS; user-- > 0;)
        for (unsigned i = 0; i < ROWS; i++) {
            struct detail_row row = row_of(i);

            for (unsigned n = times(i, user); n > 0; n--)
                assert_true(detail_note(d, &row, user, hour_of(user), n == 3));
        }
}

static void assert_row(const struct detail *d, size_t number, unsigned i, unsigned rounds)
{
    struct detail_reader reader = detail_read(d, number);
    struct detail_pair pair;

    for (unsigned user = 0; user < USERS; user++) {
        unsigned n = times(i, user);

        if (n == 0)
            continue;
        assert_true(detail_next(&reader, &pair));
        assert_int_equal(pair.user, user);
        assert_int_equal(pair.hour, hour_of(user));
        assert_int_equal(pair.passed, rounds * (n - (n >= 3)));
        assert_int_equal(pair.denied, rounds * (n >= 3));
    }
    assert_false(detail_next(&reader, &pair));
    assert_false(detail_next(&reader, &pair));
}

static void test_rows(void **state)
{
    static const unsigned rounds[] = {1, 40}; /* 40: more than is put in order at once */
    struct error err = {0};
    struct detail *d = detail_create(NULL, &err);

    (void)state;
    assert_non_null(d);
    for (size_t r = 0; r < sizeof rounds / sizeof *rounds; r++) {
        const struct detail_row *rows;
        size_t count;

        for (unsigned n = 0; n < rounds[r]; n++)
            note_all(d);
        assert_true(detail_finish(d));
        rows = detail_rows(d, &count);
        assert_int_equal(count, ROWS);
        for (size_t i = 0; i < ROWS; i++)
            assert_row(d, i, (rows[i].host - 1) * 2 + (unsigned)(DAY - rows[i].day), rounds[r]);
        detail_clear(d);
    }
    detail_free(d);
}

static void test_nothing(void **state)
{
    struct error err = {0};
    struct detail *d = detail_create(NULL, &err);
    struct detail_row row = {.host = 1};
    size_t count;

    (void)state;
    assert_non_null(d);
    assert_true(detail_finish(d));
    (void)detail_rows(d, &count);
    assert_int_equal(count, 0);
    assert_false(detail_note(d, &row, UINT32_MAX, DETAIL_NO_HOUR, false));
    detail_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_nothing)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
