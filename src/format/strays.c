/* strays.c: one line of every kind that was passed over, whatever stands between them. */
#include "format/strays.h"

enum {
    LITERAL_BYTES = 12, /* whose letters count: a first key, or a fixed word */
    SHAPE_BYTES = 48,   /* enough to get behind a syslog prefix */
    TAIL_BYTES = 16,    /* logs of one maker often begin alike */
    WORD = 1,           /* a run of letters, or of letters and digits */
    NUMBER = 2          /* a run of digits and what stands in dates and addresses */
};

static bool is_digit(unsigned char c)
{
    return (unsigned)c - '0' < 10;
}

static bool is_letter(unsigned char c)
{
    return (c | 0x20U) - 'a' < 26 || c >= 0x80;
}

static bool joins(unsigned char c)
{
    return c == '.' || c == ':' || c == '-' || c == '_';
}

static uint64_t mix(uint64_t digest, uint64_t sign)
{
    return (digest ^ sign) * 0x9e3779b97f4a7c15U;
}

/* The letters of the first ${literal} bytes count, of its first word. */
static uint64_t add_shape(uint64_t digest, struct slice part, size_t literal)
{
    unsigned run = 0;

    for (size_t i = 0; i < part.len; i++) {
        unsigned char c = (unsigned char)part.ptr[i];

        if (is_digit(c) || (run != 0 && joins(c)))
            run |= NUMBER;
        else if (is_letter(c) && i >= literal)
            run |= WORD;
        else {
            if (run != 0)
                digest = mix(digest, (run & WORD) != 0 ? WORD : NUMBER);
            if (c == ' ' || c == ',')
                literal = 0;
            if (c != ' ' || run != 0) /* columns may be padded */
                digest = mix(digest, c);
            run = 0;
        }
    }
    return mix(digest, run);
}

/* Never 0. */
static uint64_t digest_of(struct slice line)
{
    size_t size = line.len < SHAPE_BYTES ? line.len : SHAPE_BYTES;
    size_t tail = line.len - size < TAIL_BYTES ? line.len - size : TAIL_BYTES;
    uint64_t digest = add_shape(1, slice_of(line.ptr, size), LITERAL_BYTES);

    digest = add_shape(digest, slice_from(line, line.len - tail), 0);
    return (digest ^ digest >> 32) | 1;
}

void strays_add(struct strays *s, struct slice line)
{
    uint64_t digest;
    size_t at;

    if (s->count == STRAY_KINDS)
        return;
    digest = digest_of(line);
    at = (size_t)(digest >> 1) % STRAY_SLOTS;
    while (s->slots[at] != 0 && s->slots[at] != digest)
        at = (at + 1) % STRAY_SLOTS;
    if (s->slots[at] == digest || line.len > STRAY_LINE_BYTES ||
        s->lines.len + line.len >= STRAY_BYTES)
        return;
    s->slots[at] = digest;
    s->count++;
    buf_append(&s->lines, line);
    buf_append_byte(&s->lines, '\n');
}
