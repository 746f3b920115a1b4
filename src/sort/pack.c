/* pack.c: numbers with their length in front, texts with an end that no text holds. */
#include "sort/pack.h"

enum { MORE_BYTES = 0x80, HAS_TEXT = 1, NO_TEXT = 2, TEXT_END = 0, ESCAPE = 1 };

void pack_number(struct buf *out, uint64_t number)
{
    if (number < MORE_BYTES) {
        buf_append_byte(out, (char)number);
        return;
    }
    if (!buf_reserve(out, 10))
        return;
    for (; number >= MORE_BYTES; number >>= 7)
        out->ptr[out->len++] = (char)(number | MORE_BYTES);
    out->ptr[out->len++] = (char)number;
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

bool unpack_number(struct slice *in, uint64_t *number)
{
    uint64_t value = 0;

    if (in->len > 0 && (unsigned char)in->ptr[0] < MORE_BYTES) { /* as most are */
        *number = (unsigned char)in->ptr[0];
        *in = slice_from(*in, 1);
        return true;
    }
    for (size_t i = 0; i < in->len && i < 10; i++) {
        unsigned char byte = (unsigned char)in->ptr[i];

        value |= (uint64_t)(byte & (MORE_BYTES - 1U)) << (7 * i);
        if (byte < MORE_BYTES) {
            *number = value;
            *in = slice_from(*in, i + 1);
            return true;
        }
    }
    return false;
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
    unsigned bytes = number == 0 ? 0 : (71U - (unsigned)__builtin_clzll(number)) / 8;

    if (!buf_reserve(out, bytes + 1U))
        return;
    out->ptr[out->len++] = (char)bytes;
    while (bytes-- > 0)
        out->ptr[out->len++] = (char)(number >> (8 * bytes));
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

/* TEXT_END is smaller than any byte that stands for one of a text: NUL and ESCAPE become two. */
void pack_key_text(struct buf *out, struct slice text)
{
    if (!buf_reserve(out, 2 * text.len + 2))
        return;
    if (text.len == 0) {
        out->ptr[out->len++] = NO_TEXT;
        return;
    }
    out->ptr[out->len++] = HAS_TEXT;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];

        if (byte <= ESCAPE)
            out->ptr[out->len++] = ESCAPE;
        out->ptr[out->len++] = (char)(byte <= ESCAPE ? byte + 1 : byte);
    }
    out->ptr[out->len++] = TEXT_END;
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
