/* slabs_test.c: texts stay until their owner is done with, and memory is used again after that. */
#include "format/slabs.h"

#include "base/word.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { OWNERS = 200000, KEPT = 5000, SLABS = 6 };

/* A text of an owner: its number over and over. */
struct text {
    const char *bytes;
    size_t len;
};

static size_t length_of(uint64_t number)
{
    return number % 9973 == 0 ? (size_t)3 << 20 : number * 7919 % 1500;
}

/* The first and last bytes of it, and those that may be written behind it. */
static void write_text(struct slabs *s, uint64_t number, struct text *out)
{
    *out = (struct text){s->room, length_of(number)};
    memset(s->room, (int)(number % 251), out->len + WIDE_SLACK);
    s->room += out->len;
}

static void check_text(const struct text *text, uint64_t number)
{
    for (size_t i = 0; i < text->len; i += text->len < 64 ? 1 : 61)
        assert_int_equal((unsigned char)text->bytes[i], number % 251);
}

static void test_queue(void **state)
{
    static struct text texts[OWNERS];
    struct slabs s = {0};

    (void)state;
    assert_true(slabs_make_room(&s, 0, 0, 0));
    for (uint64_t n = 0; n < OWNERS; n++) {
        uint64_t done = n < KEPT ? 0 : n - KEPT;

        if (n >= KEPT)
            check_text(&texts[done], done);
        assert_true(slabs_make_room(&s, length_of(n), n, done));
        assert_true((size_t)(s.end - s.room) >= length_of(n));
        write_text(&s, n, &texts[n]);
    }
    slabs_free(&s);
    slabs_free(&s);
}

/* What nobody needs is taken again: texts of few owners never need much. */
static void test_again(void **state)
{
    const char *rooms[SLABS] = {0};
    struct slabs s = {0};
    size_t known = 0;

    (void)state;
    for (uint64_t n = 0; n < OWNERS; n++) {
        size_t i = 0;

        assert_true(slabs_make_room(&s, 1000, n, n));
        while (i < known && rooms[i] != s.end)
            i++;
        assert_true(i < SLABS);
        rooms[i] = s.end;
        known += i == known;
        s.room += 1000;
    }
    slabs_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queue),
        cmocka_unit_test(test_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
