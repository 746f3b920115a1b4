/* text_sort_test.c: against qsort, on texts that share beginnings. */
#include "base/text_sort.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { TEXTS = 20000, LONGEST = 40 };

static int compare(const void *a, const void *b)
{
    const struct slice *left = a, *right = b;

    return slice_compare(*left, *right);
}

static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)(*seed >> 32) % below;
}

/* ${letters} different bytes, NUL among them: the fewer, the longer what texts share. */
static void check(size_t count, uint32_t letters, uint32_t longest)
{
    static char bytes[TEXTS * LONGEST];
    static struct slice expected[TEXTS];
    static struct text_item items[TEXTS];
    uint64_t seed = 88172645463325252U + letters;

    for (size_t i = 0; i < count; i++) {
        char *text = bytes + i * LONGEST;
        uint32_t len = draw(&seed, longest + 1);

        for (uint32_t k = 0; k < len; k++)
            text[k] = (char)draw(&seed, letters);
        expected[i] = slice_of(text, len);
        items[i] = (struct text_item){.ptr = text, .len = len, .number = (uint32_t)i};
    }
    text_sort(items, count);
    qsort(expected, count, sizeof *expected, compare);
    for (size_t i = 0; i < count; i++) {
        assert_true(slice_equal(slice_of(items[i].ptr, items[i].len), expected[i]));
        assert_ptr_equal(items[i].ptr, bytes + (size_t)items[i].number * LONGEST);
    }
}

static void test_against_qsort(void **state)
{
    static const uint32_t cases[][3] = {{0, 1, 1},      {1, 1, 1},       {2, 2, 8},
                                        {12, 2, 40},    {13, 2, 40},     {500, 1, 40},
                                        {TEXTS, 1, 40}, {TEXTS, 2, 40},  {TEXTS, 3, 7},
                                        {TEXTS, 3, 14}, {TEXTS, 256, 8}, {TEXTS, 256, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(cases[i][0], cases[i][1], cases[i][2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_against_qsort)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
