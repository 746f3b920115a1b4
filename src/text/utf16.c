/* utf16.c: UTF-16 text into UTF-8, piece by piece. */
#include "text/utf16.h"

#include "text/transcoder.h"

#include <stdlib.h>

enum {
    DETECT_BYTES = 64,
    REPLACEMENT = 0xfffd,
    MARK = 0xfeff,
    MARK_SWAPPED = 0xfffe,
    NEWLINE_HALVES = 0x0a00 /* of two units: the reading is half a unit off */
};

static size_t put(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

static size_t put_unit(struct utf16 *u, uint16_t unit, char *out)
{
    uint16_t high = u->high;
    bool is_high = unit >= 0xd800 && unit < 0xdc00, is_low = unit >= 0xdc00 && unit < 0xe000;
    size_t n;

    u->high = is_high ? unit : 0;
    if (is_low && high != 0)
        return put(0x10000 + ((uint32_t)(high - 0xd800) << 10) + (uint32_t)(unit - 0xdc00), out);
    n = high != 0 ? put(REPLACEMENT, out) : 0;
    return is_high ? n : n + put(is_low ? REPLACEMENT : unit, out + n);
}

/* A newline whose halves were read as a unit with halves of its neighbours: of the low-order byte
 * first, its rest is still to come; else the begin of the next unit is here. */
static void set_right(struct utf16 *u)
{
    u->pass = !u->big_endian;
    u->odd = u->big_endian;
    u->byte = 0;
}

/* A unit; those that say how to read are taken as such. */
static size_t take_unit(struct utf16 *u, uint16_t unit, char *out)
{
    bool in_line = u->in_line;

    u->in_line = unit != '\n' && unit != NEWLINE_HALVES;
    if (unit == NEWLINE_HALVES) {
        set_right(u);
        return put_unit(u, '\n', out);
    }
    if (in_line || (unit != MARK && unit != MARK_SWAPPED))
        return put_unit(u, unit, out);
    u->in_line = false;
    u->big_endian ^= unit == MARK_SWAPPED;
    return 0;
}

size_t utf16_to_utf8(struct utf16 *u, struct slice in, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < in.len; i++) {
        unsigned char byte = (unsigned char)in.ptr[i], first = u->byte;
        bool odd = u->odd, pass = u->pass;

        u->pass = false;
        if (pass && byte == 0)
            continue;
        u->byte = byte;
        u->odd = !odd;
        if (odd)
            n += take_unit(u, (uint16_t)(u->big_endian ? first << 8 | byte : byte << 8 | first),
                           out + n);
    }
    return n;
}

size_t utf16_finish(struct utf16 *u, char *out)
{
    size_t n = u->high != 0 ? put(REPLACEMENT, out) : 0;

    n += u->odd ? put(REPLACEMENT, out + n) : 0;
    u->high = 0;
    u->odd = false;
    return n;
}

bool utf16_detect(struct slice head, struct utf16 *out)
{
    size_t nuls[2] = {0, 0};

    if (head.len < DETECT_BYTES)
        return false;
    for (size_t i = 0; i < DETECT_BYTES; i++)
        nuls[i % 2] += head.ptr[i] == '\0';
    *out = (struct utf16){.big_endian = nuls[0] > 0};
    return nuls[0] + nuls[1] == DETECT_BYTES / 2 && (nuls[0] == 0 || nuls[1] == 0);
}

/* Content being converted. */
struct content {
    struct utf16 utf16;
    size_t mark_bytes; /* of the byte-order mark, still to be passed over */
};

static bool has_mark(struct slice head)
{
    return slice_starts_with(head, SLICE("\xfe\xff")) || slice_starts_with(head, SLICE("\xff\xfe"));
}

static bool match(struct slice head)
{
    struct utf16 ignored;

    return has_mark(head) || utf16_detect(head, &ignored);
}

static void *create(struct slice head)
{
    struct content *c = calloc(1, sizeof *c);

    if (c == NULL)
        return NULL;
    if (has_mark(head)) {
        c->mark_bytes = 2;
        c->utf16.big_endian = head.ptr[0] == '\xfe';
    } else {
        utf16_detect(head, &c->utf16);
    }
    return c;
}

static size_t convert(void *self, struct slice *in, bool at_end, char *out, size_t room)
{
    struct content *c = self;
    size_t made = 0;

    if (c->mark_bytes > 0 && in->len >= c->mark_bytes) {
        *in = slice_from(*in, c->mark_bytes);
        c->mark_bytes = 0;
    }
    while (made == 0 && in->len > 0) {
        struct slice piece = slice_of(in->ptr, room / 3 * 2 + 2);

        if (piece.len > in->len)
            piece.len = in->len;
        made = utf16_to_utf8(&c->utf16, piece, out);
        *in = slice_from(*in, piece.len);
    }
    return made == 0 && at_end ? utf16_finish(&c->utf16, out) : made;
}

static const char *damage(void *self)
{
    (void)self;
    return NULL;
}

const struct transcoder utf16_transcoder = {.name = "UTF-16",
                                            .match = match,
                                            .holds_others = true,
                                            .create = create,
                                            .convert = convert,
                                            .damage = damage,
                                            .destroy = free};
