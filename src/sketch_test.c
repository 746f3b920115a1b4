/* sketch_test.c: archives that share lines share hashes. */
#include "sketch.h"

#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void add_lines(struct sketch *s, unsigned from, unsigned until)
{
    for (unsigned i = from; i < until; i++)
        sketch_add(s, hash_mix(i));
}

static size_t shared(const struct sketch *a, const struct sketch *b)
{
    size_t count = 0;

    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < b->count; k++)
            count += a->hashes[i] == b->hashes[k];
    return count;
}

static void test_shared(void **state)
{
    static const struct {
        unsigned from, until, other_from, other_until;
        size_t least, most;
    } cases[] = {
        {0, 10, 0, 10, 10, 10},       {0, 10, 10, 20, 0, 0},       {0, 1000, 0, 1000, 64, 64},
        {0, 1000, 1000, 2000, 0, 0},  {0, 1000, 500, 1500, 8, 56}, {0, 20, 10, 30, 10, 10},
        {0, 3000, 1000, 2000, 8, 40},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sketch a = {.count = 0}, b = {.count = 0};

        add_lines(&a, cases[i].from, cases[i].until);
        add_lines(&b, cases[i].other_from, cases[i].other_until);
        assert_true(shared(&a, &b) >= cases[i].least);
        assert_true(shared(&a, &b) <= cases[i].most);
    }
}

static void test_distinct(void **state)
{
    struct sketch s = {.count = 0};

    (void)state;
    sketch_add(&s, 1);
    sketch_add(&s, 2);
    sketch_add(&s, 1);
    assert_int_equal(s.count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shared),
        cmocka_unit_test(test_distinct),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
