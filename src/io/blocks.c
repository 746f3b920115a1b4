/* blocks.c: one buffer, filled with whole lines; the begun line moves to its front. */
#define _GNU_SOURCE /* memrchr */
#include "io/blocks.h"

#include <stdlib.h>
#include <string.h>

enum { ENCODING_UTF8, ENCODING_UTF16_LE, ENCODING_UTF16_BE };
enum { RAW_BYTES = 64 * 1024, SNIFFED_BYTES = 64 };

struct blocks {
    struct reader *reader;
    char *buffer;
    size_t capacity;        /* without the slack behind it */
    size_t start, end;      /* what was read and not handed out */
    uint64_t next_line;     /* number of the next line */
    uint64_t pending_lines; /* lines of the block last handed out */
    bool at_end;            /* of the archive */
    bool sniffed;
    bool passing_over; /* the rest of an overlong line */
    int encoding;
    char *raw; /* UTF-16 bytes not yet turned into UTF-8 */
    size_t raw_len;
    unsigned high; /* first half of a surrogate pair */
};

struct blocks *blocks_create(struct reader *reader, struct error *err)
{
    struct blocks *b = calloc(1, sizeof *b);

    if (b == NULL) {
        error_set_memory(err);
        return NULL;
    }
    b->reader = reader;
    b->next_line = 1;
    b->capacity = BLOCK_BYTES;
    b->buffer = malloc(b->capacity + BLOCK_SLACK);
    if (b->buffer == NULL) {
        free(b);
        error_set_memory(err);
        return NULL;
    }
    return b;
}

/* Room for ${want} bytes in all from ${start} on. */
static bool make_room(struct blocks *b, size_t want, struct error *err)
{
    char *grown;

    if (b->start > 0) {
        memmove(b->buffer, b->buffer + b->start, b->end - b->start);
        b->end -= b->start;
        b->start = 0;
    }
    if (want <= b->capacity)
        return true;
    grown = realloc(b->buffer, want + BLOCK_SLACK);
    if (grown == NULL)
        return error_set_memory(err);
    b->buffer = grown;
    b->capacity = want;
    return true;
}

static size_t put_utf8(char *out, unsigned code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

/* One unit of UTF-16 as UTF-8; halves of surrogate pairs that stand alone become U+FFFD. */
static size_t put_unit(struct blocks *b, char *out, unsigned unit)
{
    size_t n = 0;

    if (unit >= 0xdc00 && unit <= 0xdfff) {
        unsigned code =
            b->high == 0 ? 0xfffd : 0x10000 + ((b->high - 0xd800) << 10) + (unit - 0xdc00);

        b->high = 0;
        return put_utf8(out, code);
    }
    if (b->high != 0)
        n = put_utf8(out, 0xfffd);
    b->high = unit >= 0xd800 && unit <= 0xdbff ? unit : 0;
    return b->high != 0 ? n : n + put_utf8(out + n, unit);
}

/* Up to ${cap} bytes of UTF-8 out of UTF-16. */
static bool read_utf16(struct blocks *b, char *out, size_t cap, size_t *got, struct error *err)
{
    size_t more = 0, used = 0, room = b->raw_len < RAW_BYTES ? RAW_BYTES - b->raw_len : 0;

    if (room > 0 && !reader_read(b->reader, b->raw + b->raw_len, room, &more, err))
        return false;
    b->raw_len += more;
    for (*got = 0; used + 2 <= b->raw_len && *got + 8 <= cap; used += 2) {
        unsigned first = (unsigned char)b->raw[used], second = (unsigned char)b->raw[used + 1];

        *got +=
            put_unit(b, out + *got,
                     b->encoding == ENCODING_UTF16_LE ? second << 8 | first : first << 8 | second);
    }
    memmove(b->raw, b->raw + used, b->raw_len - used);
    b->raw_len -= used;
    b->at_end = more == 0 && used == 0;
    return true;
}

/* More bytes behind ${end}; ${at_end} is set where there are none. */
static bool fill(struct blocks *b, struct error *err)
{
    size_t got = 0, room = b->capacity - b->end;

    if (b->encoding != ENCODING_UTF8) {
        if (!read_utf16(b, b->buffer + b->end, room, &got, err))
            return false;
    } else {
        if (!reader_read(b->reader, b->buffer + b->end, room, &got, err))
            return false;
        b->at_end = got == 0;
    }
    b->end += got;
    return true;
}

/* Is every second byte from ${first} on NUL, and no other? */
static bool alternates(const char *bytes, size_t len, size_t first)
{
    for (size_t i = 0; i < len; i++)
        if ((bytes[i] == '\0') != (i % 2 == first))
            return false;
    return len >= 8;
}

/* The mark at the front, or what UTF-16 without one looks like. */
static bool sniff(struct blocks *b, struct error *err)
{
    const char *p;
    size_t mark = 0, n;

    b->sniffed = true;
    while (b->end < SNIFFED_BYTES && !b->at_end)
        if (!fill(b, err))
            return false;
    p = b->buffer;
    n = b->end < SNIFFED_BYTES ? b->end & ~(size_t)1 : SNIFFED_BYTES;
    if (b->end >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
        b->start = 3;
        return true;
    }
    if (b->end >= 2 && (memcmp(p, "\xff\xfe", 2) == 0 || memcmp(p, "\xfe\xff", 2) == 0)) {
        b->encoding = p[0] == '\xff' ? ENCODING_UTF16_LE : ENCODING_UTF16_BE;
        mark = 2;
    } else if (alternates(p, n, 1) || alternates(p, n, 0)) {
        b->encoding = p[1] == '\0' ? ENCODING_UTF16_LE : ENCODING_UTF16_BE;
    }
    if (b->encoding == ENCODING_UTF8)
        return true;
    b->raw_len = b->end - mark;
    b->raw = malloc(b->raw_len + RAW_BYTES);
    if (b->raw == NULL)
        return error_set_memory(err);
    memcpy(b->raw, p + mark, b->raw_len);
    b->end = 0;
    b->at_end = false;
    return true;
}

bool blocks_peek(struct blocks *b, size_t want, struct slice *out, struct error *err)
{
    if (!b->sniffed && !sniff(b, err))
        return false;
    if (!make_room(b, want, err))
        return false;
    while (b->end - b->start < want && b->end < b->capacity && !b->at_end)
        if (b->encoding != ENCODING_UTF8 && b->capacity - b->end < 8)
            break;
        else if (!fill(b, err))
            return false;
    *out = slice_of(b->buffer + b->start, b->end - b->start);
    return true;
}

static uint64_t count_lines(struct slice bytes)
{
    uint64_t lines = 0;

    for (const char *p = bytes.ptr, *end = p + bytes.len;
         p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
        lines++;
    return lines;
}

static void hand_out(struct blocks *b, size_t len, bool overlong, struct block *out)
{
    out->bytes = slice_of(b->buffer + b->start, len);
    out->first_line = b->next_line;
    out->overlong = overlong;
    b->start += len;
}

/* Past the end of a line that was handed out cut. */
static bool pass_over(struct blocks *b, struct error *err)
{
    while (b->passing_over) {
        const char *line_end = memchr(b->buffer + b->start, '\n', b->end - b->start);

        if (line_end != NULL) {
            b->start = (size_t)(line_end - b->buffer) + 1;
            b->passing_over = false;
        } else {
            b->start = b->end = 0;
            if (b->at_end)
                break;
            if (!fill(b, err))
                return false;
        }
    }
    return true;
}

/* The index behind the last line end, 0 where there is none. */
static size_t whole_lines(const struct blocks *b)
{
    const char *last =
        b->end == b->start ? NULL : memrchr(b->buffer + b->start, '\n', b->end - b->start);

    return last == NULL ? 0 : (size_t)(last - b->buffer) + 1 - b->start;
}

bool blocks_next(struct blocks *b, struct block *out, struct error *err)
{
    size_t len;

    if ((!b->sniffed && !sniff(b, err)) || !pass_over(b, err))
        return false;
    b->next_line += b->pending_lines;
    b->pending_lines = 0;
    for (len = whole_lines(b); len == 0 && !b->at_end; len = whole_lines(b)) {
        if (b->end - b->start >= LINE_LIMIT_BYTES) {
            hand_out(b, LINE_LIMIT_BYTES, true, out);
            b->passing_over = true;
            b->pending_lines = 1;
            return true;
        }
        if (!make_room(b, b->end - b->start + BLOCK_BYTES / 2, err) || !fill(b, err))
            return false;
    }
    if (len == 0)
        len = b->end - b->start; /* the last line, without its end */
    if (len == 0)
        return false;
    hand_out(b, len, false, out);
    memset(b->buffer + b->end, 0, BLOCK_SLACK);
    b->pending_lines = count_lines(out->bytes);
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
