/* trail_test.c: known pieces are noticed where they end, however the bytes come. */
#include "trail.h"

#include "io/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

enum { KNOWN_LIMIT = 4 };

/* Contents that are known. */
struct ledger {
    const char *known[KNOWN_LIMIT];
};

static size_t first_line(const char *text)
{
    const char *end = strchr(text, '\n');

    return end == NULL ? strlen(text) : (size_t)(end - text) + 1;
}

/* Shortest first, as the store gives them. */
static int compare_points(const void *a, const void *b)
{
    const struct content_point *left = a, *right = b;

    return (left->bytes > right->bytes) - (left->bytes < right->bytes);
}

static bool points(void *context, const struct content_digest *line, struct ledger_points *out,
                   struct error *err)
{
    const struct ledger *ledger = context;

    (void)err;
    *out = (struct ledger_points){calloc(KNOWN_LIMIT, sizeof *out->points), 0, KNOWN_LIMIT};
    assert_non_null(out->points);
    for (size_t i = 0; i < KNOWN_LIMIT && ledger->known[i] != NULL; i++) {
        const char *text = ledger->known[i];
        struct content_digest first = digest_bytes(slice_of(text, first_line(text)));

        if (content_equal(&first, line))
            out->points[out->count++] =
                (struct content_point){strlen(text), digest_bytes(slice_of_string(text))};
    }
    if (out->count > 1)
        qsort(out->points, out->count, sizeof *out->points, compare_points);
    return true;
}

/* Take ${text} in blocks of ${lines} lines. Returns: the bytes that are known. */
static size_t follow(const struct ledger *ledger, const char *text, size_t lines)
{
    struct ledger copy = *ledger;
    struct trail_lookup lookup = {points, &copy};
    struct error err = {0};
    struct trail *t = trail_create(&lookup, &err);
    struct slice rest = slice_of_string(text);
    struct content_digest whole = digest_bytes(rest);
    struct trail_end end;

    assert_non_null(t);
    while (rest.len > 0) {
        struct slice block = slice_of(rest.ptr, 0);
        size_t taken;
        bool known;

        for (size_t i = 0; i < lines && block.len < rest.len; i++)
            block.len += first_line(rest.ptr + block.len);
        assert_true(trail_take(t, block, &taken, &known, &err));
        assert_true(taken > 0 && taken <= block.len);
        if (!known && block.ptr[block.len - 1] == '\n')
            assert_int_equal(taken, block.len); /* lines stay whole */
        rest = slice_from(rest, taken);
    }
    end = trail_end(t);
    assert_int_equal(end.content.bytes, strlen(text));
    assert_true(content_equal(&end.content.digest, &whole));
    trail_free(t);
    return (size_t)end.known_bytes;
}

static void test_known(void **state)
{
    static const struct {
        struct ledger ledger;
        const char *text;
        size_t known;
    } cases[] = {
        {{{NULL}}, "a\nb\n", 0},
        {{{"a\nb\n"}}, "a\nb\n", 4},                           /* the same */
        {{{"a\nb\n"}}, "a\nb\nc\n", 4},                        /* grown */
        {{{"a\nb\n"}}, "a\nc\nb\n", 0},                        /* only begins alike */
        {{{"a\nb\n"}}, "a\n", 0},                              /* shorter */
        {{{"a\n", "a\nb\n", "a\nb\nc\n"}}, "a\nb\nc\nd\n", 6}, /* grown night by night */
        {{{"a\nb\n", "x\ny\n"}}, "a\nb\nx\ny\n", 8},           /* put together */
        {{{"a\nb\n", "x\ny\n"}}, "x\ny\na\nb\nc\n", 8},        /* and grown */
        {{{"a\nb\n", "x\n", "x\ny\n"}}, "a\nb\nx\ny\nz\n", 8}, /* one of which had grown */
        {{{"a\nb\n", "x\ny\n"}}, "a\nb\nc\nx\ny\n", 4},        /* with new lines between */
        {{{"a\n"}}, "a\na\na\nb\n", 6},                        /* the same again */
        {{{"a\nb\n", "a\nb\na\nb\nc\n"}}, "a\nb\na\nb\nc\n", 10},
        {{{"a\nb\n"}}, "a\nb\nhalf", 4},
        {{{"a\nb\n", "a\nb\nccc\n"}}, "a\nb\nc\nlonger\n", 4}, /* grew otherwise */
        {{{"a\nb\n", "a\nb\nlin"}}, "a\nb\nline\nc\n", 9},     /* some of a line was counted */
        {{{"a\nb\n", "a\nb\nline"}}, "a\nb\nline\nc\n", 9},
        {{{"a\nb\n", "a\nb\nlin"}}, "a\nb\nline", 8},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t lines = 1; lines < 6; lines++)
            assert_int_equal(follow(&cases[i].ledger, cases[i].text, lines), cases[i].known);
}

static void test_end(void **state)
{
    struct ledger ledger = {{NULL}};
    struct trail_lookup lookup = {points, &ledger};
    struct error err = {0};
    struct trail *t = trail_create(&lookup, &err);
    struct content_digest whole = digest_bytes(SLICE("a\nb\n")), line = digest_bytes(SLICE("a\n"));
    struct trail_end end = trail_end(t);
    struct slice rest = SLICE("a\nb\nhalf");
    size_t taken;
    bool known;

    (void)state;
    assert_int_equal(end.content.bytes, 0);
    for (; rest.len > 0; rest = slice_from(rest, taken))
        assert_true(trail_take(t, rest, &taken, &known, &err));
    end = trail_end(t);
    assert_int_equal(end.content.bytes, 8);
    assert_int_equal(end.whole.bytes, 4);
    assert_true(content_equal(&end.whole.digest, &whole));
    assert_true(content_equal(&end.first_line, &line));
    trail_free(t);
}

/* An archive of one line that had no end is found again when that has come. */
static void test_open_line(void **state)
{
    struct ledger ledger = {{NULL}};
    struct trail_lookup lookup = {points, &ledger};
    struct error err = {0};
    struct trail *t = trail_create(&lookup, &err);
    struct content_digest line = digest_bytes(SLICE("line\n"));
    struct trail_end end;
    size_t taken;
    bool known;

    (void)state;
    assert_non_null(t);
    assert_true(trail_take(t, SLICE("line"), &taken, &known, &err));
    end = trail_end(t);
    assert_true(content_equal(&end.first_line, &line));
    trail_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_end),
        cmocka_unit_test(test_open_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
