/* blocks.c: one buffer, filled with whole lines; the begun line moves to its front. */
#include "io/blocks.h"

#include "io/utf16.h"

#include <stdlib.h>
#include <string.h>

typedef unsigned char vector __attribute__((vector_size(32)));

enum { RAW_BYTES = 64 * 1024, ROUND_BYTES = 4 * sizeof(vector) };

struct blocks {
    struct reader *reader;
    char *buffer;
    size_t capacity;    /* without the slack behind it */
    size_t begin, end;  /* what was read and not handed out */
    uint64_t next_line; /* number of the line at begin */
    bool started;       /* the encoding is known */
    bool at_end;        /* nothing comes behind end */
    bool passing_over;  /* begin is inside an overlong line, cut there */
    char *raw;          /* where UTF-16 is read, RAW_BYTES; NULL for other encodings */
    struct utf16 utf16;
    uint64_t (*count_line_ends)(struct slice s); /* as wide as the processor can */
};

/* LFs in up to 255 rounds of four vectors, which the byte-wide counters can hold. */
static inline __attribute__((always_inline)) uint64_t count_rounds(const char *p, size_t rounds)
{
    vector sums[4] = {{0}}, v;
    uint64_t count = 0;

    for (; rounds > 0; rounds--) {
        for (size_t k = 0; k < 4; k++, p += sizeof v) {
            memcpy(&v, p, sizeof v);
            sums[k] -= (vector)(v == '\n'); /* equal is all ones: minus one */
        }
    }
    for (size_t i = 0; i < sizeof v; i++)
        count += (uint64_t)sums[0][i] + sums[1][i] + sums[2][i] + sums[3][i];
    return count;
}

static inline __attribute__((always_inline)) uint64_t count_wide(struct slice s)
{
    uint64_t count = 0;
    size_t rounds;

    while ((rounds = s.len / ROUND_BYTES) > 0) {
        if (rounds > 255)
            rounds = 255;
        count += count_rounds(s.ptr, rounds);
        s = slice_from(s, rounds * ROUND_BYTES);
    }
    for (size_t i = 0; i < s.len; i++)
        count += s.ptr[i] == '\n';
    return count;
}

static uint64_t count_line_ends(struct slice s)
{
    return count_wide(s);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static uint64_t count_line_ends_avx2(struct slice s)
{
    return count_wide(s);
}
#endif

/* Behind the slack stands room for the last characters that UTF-16 becomes. */
static char *allocate(char *old, size_t capacity)
{
    return realloc(old, capacity + 2 * (size_t)BLOCK_SLACK);
}

struct blocks *blocks_create(struct reader *reader, struct error *err)
{
    struct blocks *b = calloc(1, sizeof *b);

    if (b != NULL)
        b->buffer = allocate(NULL, BLOCK_BYTES);
    if (b == NULL || b->buffer == NULL) {
        free(b);
        error_set_memory(err);
        return NULL;
    }
    b->reader = reader;
    b->capacity = BLOCK_BYTES;
    b->next_line = 1;
    b->count_line_ends = count_line_ends;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        b->count_line_ends = count_line_ends_avx2;
#endif
    return b;
}

/* Up to ${room} bytes (and a few more of UTF-16) behind what is there. */
static bool read_behind(struct blocks *b, size_t room, struct error *err)
{
    size_t want = room / 3 * 2 + 2, got;
    char *out = b->buffer + b->end;

    if (b->raw == NULL) {
        if (!reader_read(b->reader, out, room, &got, err))
            return false;
        b->at_end = got == 0;
        b->end += got;
        return true;
    }
    if (!reader_read(b->reader, b->raw, want < RAW_BYTES ? want : RAW_BYTES, &got, err))
        return false;
    b->at_end = got == 0;
    b->end += got == 0 ? utf16_finish(&b->utf16, out)
                       : utf16_to_utf8(&b->utf16, slice_of(b->raw, got), out);
    return true;
}

/* Hold ${want} bytes, unless the archive ends before. */
static bool fill(struct blocks *b, size_t want, struct error *err)
{
    char *grown;

    if (b->end - b->begin >= want || b->at_end)
        return true;
    memmove(b->buffer, b->buffer + b->begin, b->end - b->begin);
    b->end -= b->begin;
    b->begin = 0;
    if (want > b->capacity) {
        grown = allocate(b->buffer, want);
        if (grown == NULL)
            return error_set_memory(err);
        b->buffer = grown;
        b->capacity = want;
    }
    while (b->end < want && !b->at_end)
        if (!read_behind(b, want - b->end, err))
            return false;
    memset(b->buffer + b->end, 0, BLOCK_SLACK);
    return true;
}

/* The first bytes were read as they are; from ${mark} on they are UTF-16. */
static bool convert_first(struct blocks *b, size_t mark, struct error *err)
{
    struct slice first = slice_of(b->buffer + mark, b->end - mark);
    size_t capacity = UTF16_TO_UTF8_BYTES(first.len);
    char *converted = allocate(NULL, capacity);

    b->raw = malloc(RAW_BYTES);
    if (converted == NULL || b->raw == NULL) {
        free(converted);
        return error_set_memory(err);
    }
    b->end = utf16_to_utf8(&b->utf16, first, converted);
    if (b->at_end)
        b->end += utf16_finish(&b->utf16, converted + b->end);
    memset(converted + b->end, 0, BLOCK_SLACK);
    free(b->buffer);
    b->buffer = converted;
    b->capacity = capacity;
    return true;
}

/* Read the first bytes and find out their encoding. */
static bool start(struct blocks *b, struct error *err)
{
    struct slice head;

    if (b->started)
        return true;
    if (!fill(b, BLOCK_BYTES, err))
        return false;
    b->started = true;
    head = slice_of(b->buffer, b->end);
    if (slice_starts_with(head, SLICE("\xef\xbb\xbf"))) {
        b->begin = 3;
        return true;
    }
    b->utf16.big_endian = slice_starts_with(head, SLICE("\xfe\xff"));
    if (b->utf16.big_endian || slice_starts_with(head, SLICE("\xff\xfe")))
        return convert_first(b, 2, err);
    return !utf16_detect(head, &b->utf16) || convert_first(b, 0, err);
}

bool blocks_peek(struct blocks *b, size_t want, struct slice *out, struct error *err)
{
    if (!start(b, err) || !fill(b, want, err))
        return false;
    *out = slice_of(b->buffer + b->begin, b->end - b->begin);
    return true;
}

/* How many of the bytes held are whole lines: what fits a block, or one line that does not; else 0.
 */
static size_t whole_lines(const struct blocks *b)
{
    struct slice held = slice_of(b->buffer + b->begin, b->end - b->begin);
    size_t length = held.len < BLOCK_BYTES ? held.len : BLOCK_BYTES, line;

    while (length > 0 && held.ptr[length - 1] != '\n')
        length--;
    if (length > 0 || held.len <= BLOCK_BYTES)
        return length;
    if (held.len > LINE_LIMIT_BYTES + 1)
        held.len = LINE_LIMIT_BYTES + 1;
    line = slice_find(held, '\n');
    return line == held.len ? 0 : line + 1;
}

/* Go on behind the end of a line that was handed out cut. */
static bool pass_over(struct blocks *b, struct error *err)
{
    const char *hit;

    while (b->passing_over) {
        if (!fill(b, BLOCK_BYTES, err))
            return false;
        hit = memchr(b->buffer + b->begin, '\n', b->end - b->begin);
        b->begin = hit == NULL ? b->end : (size_t)(hit - b->buffer) + 1;
        b->passing_over = hit == NULL && !b->at_end;
    }
    return true;
}

bool blocks_next(struct blocks *b, struct block *out, struct error *err)
{
    size_t want = BLOCK_BYTES, length = 0;

    if (!start(b, err) || !pass_over(b, err))
        return false;
    do {
        if (!fill(b, want, err))
            return false;
        length = whole_lines(b);
        want *= 2;
    } while (length == 0 && !b->at_end && b->end - b->begin <= LINE_LIMIT_BYTES);
    if (length == 0)
        length = b->end - b->begin; /* the last line, without its end, or an overlong one */
    if (length == 0)
        return false;
    out->overlong = length > LINE_LIMIT_BYTES + 1 ||
                    (length == LINE_LIMIT_BYTES + 1 && b->buffer[b->begin + length - 1] != '\n');
    b->passing_over = out->overlong;
    if (out->overlong)
        length = LINE_LIMIT_BYTES;
    out->bytes = slice_of(b->buffer + b->begin, length);
    out->first_line = b->next_line;
    b->next_line += out->overlong ? 1 : b->count_line_ends(out->bytes);
    b->begin += length;
    return true;
}

void blocks_free(struct blocks *b)
{
    if (b == NULL)
        return;
    free(b->raw);
    free(b->buffer);
    free(b);
}
