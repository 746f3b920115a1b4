/* blocks_test.c: whole lines, long lines, marks and encodings. */
#include "io/blocks.h"

#include "base/buf.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* A file as blocks. */
struct opened {
    FILE *file;
    struct reader *reader;
    struct blocks *blocks;
};

static void open_bytes(struct slice bytes, struct opened *o)
{
    struct error err = {0};
    char path[32];

    o->file = tmpfile();
    assert_non_null(o->file);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, o->file), bytes.len);
    assert_int_equal(fflush(o->file), 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(o->file));
    o->reader = reader_open(path, INFLATE_BEST, &err);
    assert_non_null(o->reader);
    o->blocks = blocks_create(o->reader, &err);
    assert_non_null(o->blocks);
}

static void close_bytes(struct opened *o)
{
    blocks_free(o->blocks);
    reader_close(o->reader);
    fclose(o->file);
}

static uint64_t count_lines(struct slice s)
{
    uint64_t count = 0;

    for (size_t i = 0; i < s.len; i++)
        count += s.ptr[i] == '\n';
    return count;
}

/* All blocks, checked for what holds of each, joined in ${out}. Returns: how many. */
static size_t read_blocks(struct blocks *b, struct buf *out)
{
    struct error err = {0};
    struct block block;
    uint64_t line = 1;
    size_t blocks = 0;
    unsigned slack = 0;

    for (; blocks_next(b, &block, &err); blocks++) {
        assert_true(block.bytes.len > 0);
        assert_int_equal(block.first_line, line);
        line += block.overlong ? 1 : count_lines(block.bytes);
        for (size_t i = 0; i < BLOCK_SLACK; i++) /* readable: the sanitizers would say so */
            slack += (unsigned char)block.bytes.ptr[block.bytes.len + i];
        if (block.overlong) {
            assert_int_equal(block.bytes.len, LINE_LIMIT_BYTES);
            assert_int_equal(count_lines(block.bytes), 0);
        }
        buf_append(out, block.bytes);
        if (block.overlong)
            buf_append_string(out, "<cut>");
    }
    assert_true(slack / BLOCK_SLACK / 256 <= blocks);
    assert_int_equal(err.code, ERROR_NONE);
    assert_false(blocks_next(b, &block, &err));
    return blocks;
}

static const struct {
    struct slice in;
    const char *expected;
} rows[] = {
    {{"", 0}, ""},
    {{"\n", 1}, "\n"},
    {{"a", 1}, "a"},
    {{"a\nb", 3}, "a\nb"},
    {{"a\r\nb\r\n", 6}, "a\r\nb\r\n"},
    {{"\n\n\n", 3}, "\n\n\n"},
    {{"\xef\xbb\xbf", 3}, ""},
    {{"\xef\xbb\xbf"
      "a\n",
      5},
     "a\n"},
    {{"\xef\xbb\xbf{\"_raw\":\"a\"}\n", 16}, "a\n"},
    {{"\xef\xbb\n", 3}, "\xef\xbb\n"},
    {{"a\xef\xbb\xbf\n", 5}, "a\xef\xbb\xbf\n"},
    {{"\xff\xfe", 2}, ""},
    {{"\xff\xfe"
      "a\0\n\0",
      6},
     "a\n"},
    {{"\xfe\xff\0a\0\n\x65\xe5", 8}, "a\n\xe6\x97\xa5"},
    {{"\xff\xfe"
      "a\0\n\0b",
      7},
     "a\n\xef\xbf\xbd"},
};

/* Lines of these lengths, without their ends, and what blocks should make of them. */
static void make_lines(const size_t *lengths, size_t count, struct buf *text, struct buf *expected)
{
    assert_true(buf_reserve(text, 1 << 23) && buf_reserve(expected, 1 << 23));
    for (size_t i = 0; i < count; i++) {
        size_t from = text->len, length = lengths[i];

        memset(text->ptr + from, 'a' + (int)(i % 26), length);
        text->len += length;
        buf_append_byte(text, '\n');
        if (length <= LINE_LIMIT_BYTES) {
            buf_append(expected, slice_from(buf_slice(text), from));
        } else {
            buf_append(expected, slice_of(text->ptr + from, LINE_LIMIT_BYTES));
            buf_append_string(expected, "<cut>");
        }
    }
}

static void assert_read(struct slice text, size_t peeked, struct slice expected)
{
    struct error err = {0};
    struct buf out = {0};
    struct slice head;
    struct opened o;

    open_bytes(text, &o);
    if (peeked > 0) {
        assert_true(blocks_peek(o.blocks, peeked, &head, &err));
        assert_true(head.len >= peeked || head.len == text.len);
        assert_memory_equal(head.ptr, text.ptr, head.len);
    }
    assert_true(buf_reserve(&out, expected.len + 1));
    read_blocks(o.blocks, &out);
    assert_int_equal(out.len, expected.len);
    assert_memory_equal(out.ptr, expected.ptr, out.len);
    buf_free(&out);
    close_bytes(&o);
}

static void carries_lines_over_and_cuts_long_ones(void **state)
{
    enum { BLOCK = BLOCK_BYTES, TWO_BLOCKS = 2 * BLOCK, FOUR_BLOCKS = 4 * BLOCK };
    enum { LIMIT = LINE_LIMIT_BYTES, TWO_LIMITS = 2 * LIMIT, THREE_LIMITS = 3 * LIMIT };
    static const struct {
        size_t lengths[6], count;
    } texts[] = {
        {{BLOCK - 1, 5, BLOCK - 2, BLOCK, 3, BLOCK + 1}, 6},
        {{10, TWO_BLOCKS, 10, FOUR_BLOCKS - 1, 10, 0}, 6},
        {{LIMIT - 1, LIMIT, LIMIT, 0, LIMIT, 7}, 6},
        {{LIMIT + 1, 0, LIMIT + 2, 9, LIMIT, 9}, 6},
        {{3, THREE_LIMITS, TWO_LIMITS, 5}, 4},
        {{LIMIT + BLOCK, LIMIT + BLOCK - 1, LIMIT + BLOCK + 1}, 3},
    };
    static const size_t peeks[] = {0, 1, 100000, LIMIT, LIMIT + 5};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct buf text = {0}, expected = {0};

        make_lines(texts[i].lengths, texts[i].count, &text, &expected);
        for (size_t k = 0; k < COUNT(peeks); k++)
            assert_read(buf_slice(&text), peeks[k], buf_slice(&expected));
        text.len--; /* the last line without its end */
        if (expected.ptr[expected.len - 1] == '\n')
            expected.len--;
        assert_read(buf_slice(&text), 0, buf_slice(&expected));
        buf_free(&text);
        buf_free(&expected);
    }
}

/* Of few and many line ends in a block, none is lost: read_blocks counts them byte by byte. */
static void counts_line_ends(void **state)
{
    static const uint32_t shares[] = {1, 2, 16, 200}; /* one byte of so many is a line end */
    static const char others[] = {'\v', '\t', '\f', '~'};
    uint32_t seed = 7;
    (void)state;

    for (size_t k = 0; k < COUNT(shares); k++) {
        struct buf text = {0}, got = {0};
        struct opened o;

        for (size_t i = 0; i < 3 * (size_t)BLOCK_BYTES + 77; i++) {
            seed = seed * 1664525U + 1013904223U;
            if ((seed >> 16) % shares[k] == 0)
                buf_append_byte(&text, '\n');
            else
                buf_append_byte(&text, others[seed >> 30]);
        }
        open_bytes(buf_slice(&text), &o);
        assert_true(read_blocks(o.blocks, &got) > 1);
        assert_true(slice_equal(buf_slice(&got), buf_slice(&text)));
        close_bytes(&o);
        buf_free(&text);
        buf_free(&got);
    }
}

/* Whoever took a block may say where the next one begins; what nobody says is counted. */
static void begins_with_the_line_it_is_told(void **state)
{
    struct error err = {0};
    struct buf text = {0};
    struct block block;
    struct opened o;
    uint64_t line = 1;

    (void)state;
    for (unsigned i = 0; i < 6 * (unsigned)BLOCK_BYTES / 10; i++)
        buf_printf(&text, "%09u\n", i);
    open_bytes(buf_slice(&text), &o);
    for (unsigned n = 0; blocks_next(o.blocks, &block, &err); n++) {
        assert_int_equal(block.first_line, line);
        line += block.bytes.len / 10;
        if (n % 2 == 0)
            blocks_say_line(o.blocks, line += 1000);
    }
    assert_true(line > 3000);
    close_bytes(&o);
    buf_free(&text);
}

static void blocks_are_about_as_large_as_said(void **state)
{
    struct error err = {0};
    struct buf text = {0};
    struct block block;
    struct slice head;
    struct opened o;

    (void)state;
    assert_true(buf_reserve(&text, 4000000));
    for (unsigned i = 0; i < 30000; i++)
        buf_printf(&text, "%u: a line of about a hundred bytes%*s\n", i, (int)(i % 97), "");
    open_bytes(buf_slice(&text), &o);
    assert_true(blocks_peek(o.blocks, 1 << 20, &head, &err));
    for (size_t left = text.len; left > 0; left -= block.bytes.len) {
        assert_true(blocks_next(o.blocks, &block, &err));
        assert_true(block.bytes.len <= BLOCK_BYTES);
        assert_true(block.bytes.len > BLOCK_BYTES - 200 || block.bytes.len == left);
    }
    close_bytes(&o);
    buf_free(&text);
}

static void assert_utf16(const struct buf *wide, const struct buf *text)
{
    struct buf out = {0};
    struct opened o;

    open_bytes(buf_slice(wide), &o);
    assert_true(buf_reserve(&out, text->len));
    assert_true(read_blocks(o.blocks, &out) > 2);
    assert_int_equal(out.len, text->len);
    assert_memory_equal(out.ptr, text->ptr, out.len);
    buf_free(&out);
    close_bytes(&o);
}

/* Without a mark letters become half as long; with one, kanji half as long again. */
static void reads_large_utf16(void **state)
{
    struct buf text = {0}, wide = {0};

    (void)state;
    assert_true(buf_reserve(&text, 2000000) && buf_reserve(&wide, 4000000));
    for (unsigned i = 0; i < 50000; i++)
        buf_printf(&text, "%u plain letters\n", i);
    for (size_t i = 0; i < text.len; i++) {
        buf_append_byte(&wide, text.ptr[i]);
        buf_append_byte(&wide, '\0');
    }
    assert_utf16(&wide, &text);
    buf_reset(&text);
    buf_reset(&wide);
    buf_append(&wide, SLICE("\xff\xfe"));
    for (unsigned i = 0; i < 400000; i++) {
        buf_append(&wide, i % 50 == 0 ? SLICE("\n\0") : SLICE("\xe5\x65"));
        buf_append(&text, i % 50 == 0 ? SLICE("\n") : SLICE("\xe6\x97\xa5"));
    }
    assert_utf16(&wide, &text);
    buf_free(&text);
    buf_free(&wide);
}

/* One text within another: UTF-16, an array of JSON on one line, lines that Docker wrote. */
static void reads_texts_within_texts(void **state)
{
    struct buf text = {0}, json = {0}, wide = {0};

    (void)state;
    buf_append_byte(&json, '[');
    for (unsigned i = 0; i < 20000; i++) {
        buf_printf(&json,
                   "%s{\"log\":\"%u a line\\n\",\"stream\":\"stdout\",\"time\":\"2026-09-30T00:25:"
                   "05Z\"}",
                   i == 0 ? "" : ",", i);
        buf_printf(&text, "2026-09-30T00:25:05Z stdout F %u a line\n", i);
    }
    buf_append_byte(&json, ']');
    buf_append(&wide, SLICE("\xff\xfe"));
    for (size_t i = 0; i < json.len; i++) {
        buf_append_byte(&wide, json.ptr[i]);
        buf_append_byte(&wide, '\0');
    }
    assert_utf16(&wide, &text);
    buf_free(&text);
    buf_free(&json);
    buf_free(&wide);
}

static void reads_small_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf out = {0};
        struct opened o;

        open_bytes(rows[i].in, &o);
        read_blocks(o.blocks, &out);
        assert_int_equal(out.len, strlen(rows[i].expected));
        if (out.len > 0)
            assert_memory_equal(out.ptr, rows[i].expected, out.len);
        buf_free(&out);
        close_bytes(&o);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_small_texts),
        cmocka_unit_test(carries_lines_over_and_cuts_long_ones),
        cmocka_unit_test(counts_line_ends),
        cmocka_unit_test(begins_with_the_line_it_is_told),
        cmocka_unit_test(blocks_are_about_as_large_as_said),
        cmocka_unit_test(reads_large_utf16),
        cmocka_unit_test(reads_texts_within_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
