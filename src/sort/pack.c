/* pack.c: numbers with their length in front, texts with an end that no text holds. */
#include "sort/pack.h"

#include "base/word.h"

enum { HAS_TEXT = 1, NO_TEXT = 2, TEXT_END = 0, ESCAPE = 1 };

void pack_large_number(struct buf *out, uint64_t number)
{
    unsigned bytes = pack_bytes_of(number);

    if (!buf_reserve(out, 1 + sizeof number)) /* all are written, but not all kept */
        return;
    out->ptr[out->len] = (char)(PACK_SMALL | bytes);
    word_store(out->ptr + out->len + 1, number);
    out->len += 1 + bytes;
}

void pack_signed(struct buf *out, int64_t number)
{
    uint64_t bits = (uint64_t)number;

    pack_number(out, bits << 1 ^ (number < 0 ? UINT64_MAX : 0));
}

void pack_text(struct buf *out, struct slice text)
{
    pack_number(out, text.len);
    buf_append(out, text);
}

bool unpack_large_number(struct slice *in, uint64_t *number)
{
    unsigned bytes = in->len == 0 ? 0 : (unsigned char)in->ptr[0] - (unsigned)PACK_SMALL;
    uint64_t value = 0;

    if (bytes == 0 || bytes > sizeof value || in->len < 1 + (size_t)bytes)
        return false;
    if (in->len > sizeof value)
        value = word_load(in->ptr + 1) & word_mask(bytes);
    else
        for (unsigned i = bytes; i > 0; i--)
            value = value << 8 | (unsigned char)in->ptr[i];
    *number = value;
    *in = slice_from(*in, 1 + (size_t)bytes);
    return true;
}

bool unpack_signed(struct slice *in, int64_t *number)
{
    uint64_t bits;

    if (!unpack_number(in, &bits))
        return false;
    *number = (int64_t)(bits >> 1 ^ ((bits & 1) != 0 ? UINT64_MAX : 0));
    return true;
}

bool unpack_text(struct slice *in, struct slice *text)
{
    uint64_t len;

    if (!unpack_number(in, &len) || len > in->len)
        return false;
    *text = slice_of(in->ptr, (size_t)len);
    *in = slice_from(*in, (size_t)len);
    return true;
}

/* How many bytes it has, then they, the highest first. */
void pack_key_number(struct buf *out, uint64_t number)
{
    unsigned bytes = pack_bytes_of(number);

    if (!buf_reserve(out, 1 + sizeof number)) /* all are written, but not all kept */
        return;
    out->ptr[out->len] = (char)bytes;
    word_store(out->ptr + out->len + 1, pack_high_first(number, bytes));
    out->len += 1 + bytes;
}

bool unpack_key_number(struct slice *in, uint64_t *number)
{
    size_t bytes = in->len == 0 ? 0 : (unsigned char)in->ptr[0];

    if (in->len < bytes + 1 || bytes > 8)
        return false;
    *number = 0;
    for (size_t i = 1; i <= bytes; i++)
        *number = *number << 8 | (unsigned char)in->ptr[i];
    *in = slice_from(*in, bytes + 1);
    return true;
}

/* Is one of the ${len} bytes at ${p} NUL or ESCAPE? A word behind them is readable. */
static bool needs_escapes(const char *p, size_t len)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);

    for (size_t i = 0; i < len; i += sizeof ones) {
        uint64_t word = word_load(p + i) | ~word_mask(len - i);

        if (((word - ones * (ESCAPE + 1)) & ~word & ones << 7) != 0)
            return true;
    }
    return false;
}

static char *put_escaped(char *p, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];

        if (byte <= ESCAPE)
            *p++ = ESCAPE;
        *p++ = (char)(byte <= ESCAPE ? byte + 1 : byte);
    }
    return p;
}

/* TEXT_END is smaller than any byte that stands for one of a text: NUL and ESCAPE become two. */
void pack_key_bytes(struct buf *out, struct slice text)
{
    char *p;

    if (!buf_reserve(out, 2 * text.len + 1 + sizeof(uint64_t)))
        return;
    p = out->ptr + out->len;
    if (text.len > 0)
        memcpy(p, text.ptr, text.len);
    p = needs_escapes(p, text.len) ? put_escaped(p, text) : p + text.len;
    *p++ = TEXT_END;
    out->len = (size_t)(p - out->ptr);
}

void pack_key_text(struct buf *out, struct slice text)
{
    buf_append_byte(out, text.len == 0 ? NO_TEXT : HAS_TEXT);
    if (text.len > 0)
        pack_key_bytes(out, text);
}

static void undo_escapes(struct buf *out, struct slice text)
{
    buf_reset(out);
    for (size_t i = 0; i < text.len; i++) {
        bool escaped = text.ptr[i] == ESCAPE && i + 1 < text.len;

        i += escaped;
        buf_append_byte(out, (char)(text.ptr[i] - escaped));
    }
}

bool unpack_key_text(struct slice *in, struct buf *scratch, struct slice *text)
{
    size_t end;

    if (in->len == 0)
        return false;
    if (in->ptr[0] != HAS_TEXT) {
        *text = slice_of("", 0);
        *in = slice_from(*in, 1);
        return true;
    }
    *in = slice_from(*in, 1);
    end = slice_find(*in, TEXT_END);
    if (end == in->len)
        return false;
    *text = slice_of(in->ptr, end);
    *in = slice_from(*in, end + 1);
    if (slice_find(*text, ESCAPE) == text->len)
        return true;
    undo_escapes(scratch, *text);
    *text = buf_slice(scratch);
    return !scratch->failed;
}
