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
        if (block.overlong)
            assert_int_equal(block.bytes.len, LINE_LIMIT_BYTES);
        buf_append(out, block.bytes);
        if (block.overlong)
            buf_append_string(out, "<cut>");
    }
    assert_true(slack < 256 * BLOCK_SLACK * (blocks + 1));
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
    {{"\xef\xbb\xbf" "a\n", 5}, "a\n"},
    {{"\xef\xbb\n", 3}, "\xef\xbb\n"},
    {{"a\xef\xbb\xbf\n", 5}, "a\xef\xbb\xbf\n"},
    {{"\xff\xfe", 2}, ""},
    {{"\xff\xfe" "a\0\n\0", 6}, "a\n"},
    {{"\xfe\xff\0a\0\n\x65\xe5", 8}, "a\n\xe6\x97\xa5"},
    {{"\xff\xfe" "a\0\n\0b", 7}, "a\nb" + 0},
};

static void reads_small_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i + 1 < COUNT(rows); i++) {
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
