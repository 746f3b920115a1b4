/* split_libcsv_test.c: CSV lines, made up and damaged, cut as libcsv cuts them. */
#include "base/word.h"
#include "format/decoder/split.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <csv.h>

enum { LINES = 30000, COLUMNS = 64, LINE_BYTES = 512, TEXT_BYTES = 2 * LINE_BYTES };

/* What libcsv makes of a line: its columns one after the other. */
struct cut {
    char text[TEXT_BYTES];
    size_t used, count;
    size_t ends[COLUMNS];
};

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static size_t below(uint64_t *seed, size_t limit)
{
    return (size_t)(next_random(seed) % limit);
}

static char any_byte(uint64_t *seed)
{
    static const char bytes[] = "abcdefgh0123 ,,;\"\"\\'\t\xe9\x88\xb4\x01";

    return bytes[below(seed, sizeof bytes - 1)];
}

/* A column, in quotes where it needs them and sometimes where it does not. */
static size_t make_column(uint64_t *seed, char *out)
{
    char text[24];
    size_t len = below(seed, sizeof text), n = 0;
    bool quoted = below(seed, 4) == 0;

    for (size_t i = 0; i < len; i++) {
        text[i] = any_byte(seed);
        quoted = quoted || text[i] == ',' || text[i] == '"';
    }
    if (quoted)
        out[n++] = '"';
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '"')
            out[n++] = '"';
        out[n++] = text[i];
    }
    if (quoted)
        out[n++] = '"';
    return n;
}

/* A third of the lines are damaged: bytes changed, put in or left out. */
static size_t make_line(uint64_t *seed, char *out)
{
    size_t columns = 1 + below(seed, 8), n = 0;

    for (size_t i = 0; i < columns; i++) {
        if (i > 0)
            out[n++] = ',';
        n += make_column(seed, out + n);
    }
    if (n == 0 || below(seed, 3) > 0)
        return n;
    for (size_t times = 1 + below(seed, 3); times > 0 && n > 1; times--) {
        size_t at = below(seed, n);

        if (below(seed, 2) == 0)
            out[at] = any_byte(seed);
        else
            memmove(out + at, out + at + 1, --n - at);
    }
    return n;
}

static void take_column(void *text, size_t len, void *data)
{
    struct cut *c = data;

    assert_true(c->count < COLUMNS && len <= sizeof c->text - c->used);
    if (len > 0)
        memcpy(c->text + c->used, text, len);
    c->used += len;
    c->ends[c->count++] = c->used;
}

static int is_space(unsigned char byte)
{
    (void)byte;
    return 0; /* blanks belong to the column, as in logs */
}

static int is_end(unsigned char byte)
{
    return byte == '\n';
}

/* Returns: false where libcsv finds fault with the line. */
static bool cut_by_libcsv(struct slice line, struct cut *c)
{
    struct csv_parser parser;
    bool ok;

    c->used = c->count = 0;
    assert_int_equal(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI), 0);
    csv_set_space_func(&parser, is_space);
    csv_set_term_func(&parser, is_end);
    ok = csv_parse(&parser, line.ptr, line.len, take_column, NULL, c) == line.len &&
         csv_fini(&parser, take_column, NULL, c) == 0;
    csv_free(&parser);
    return ok;
}

static struct slice column_of(const struct cut *c, size_t i)
{
    size_t from = i == 0 ? 0 : c->ends[i - 1];

    return slice_of(c->text + from, c->ends[i] - from);
}

static void compare(struct slice line, const struct cut *theirs, const struct slice *ours,
                    size_t count)
{
    if (count != theirs->count)
        fail_msg("%.*s: %zu columns, libcsv has %zu", SLICE_FMT(line), count, theirs->count);
    for (size_t i = 0; i < count; i++)
        if (!slice_equal(ours[i], column_of(theirs, i)))
            fail_msg("%.*s: column %zu is '%.*s', libcsv has '%.*s'", SLICE_FMT(line), i,
                     SLICE_FMT(ours[i]), SLICE_FMT(column_of(theirs, i)));
}

static void test_lines(void **state)
{
    static const struct split how = {',', QUOTE_CSV, false};
    struct slice ours[COLUMNS];
    struct split_column every[COLUMNS];
    const struct split_target to = {every, COLUMNS, ours};
    struct cut *theirs = test_malloc(sizeof *theirs);
    struct arena scratch = {0};
    uint64_t seed = 0x9e3779b97f4a7c15;
    size_t alike = 0;

    (void)state;
    split_every(COLUMNS, every);
    for (int i = 0; i < LINES; i++) {
        char *text = test_calloc(1, LINE_BYTES + WIDE_SLACK);
        struct slice line = slice_of(text, make_line(&seed, text));
        size_t count;

        memset(text + line.len, 0, LINE_BYTES + WIDE_SLACK - line.len);
        memset(ours, 0, sizeof ours);
        arena_reset(&scratch);
        count = split_line(&how, line, &to, &scratch);
        if (line.len > 0 && cut_by_libcsv(line, theirs)) {
            compare(line, theirs, ours, count);
            alike++;
        }
        test_free(text);
    }
    assert_true(alike > LINES / 2); /* the others are broken for libcsv */
    arena_free(&scratch);
    test_free(theirs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lines)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
