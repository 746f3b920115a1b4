/* prints.c: the low bits of XXH3-64 of each line. They are kept in stores: this hash must stay as
 * it is. */
#include "repeats/prints.h"

#include "repeats/line_ranges.h"

#include <string.h>
#include <xxhash.h>

enum {
    FINE_LINES = 1 << 20, /* with fine prints while an archive is read */
    FINE_KEPT = 1024,     /* and in a store */
    MOST_LINES = 1 << 27  /* those behind them have no print */
};

uint64_t prints_at(const struct prints_view *v, size_t i)
{
    uint64_t print;
    uint16_t low;

    if (v->width == PRINT_COARSE) {
        memcpy(&low, v->bytes + i * sizeof low, sizeof low);
        return low;
    }
    memcpy(&print, v->bytes + i * sizeof print, sizeof print);
    return print;
}

size_t prints_bytes(const struct prints_view *v)
{
    return v->count * (size_t)(v->width / 8);
}

static void put_coarse(struct buf *out, uint64_t print)
{
    uint16_t low = (uint16_t)print;

    buf_append(out, slice_of((const char *)&low, sizeof low));
}

static void put_fine(struct buf *out, uint64_t print)
{
    buf_append(out, slice_of((const char *)&print, sizeof print));
}

uint64_t prints_hash(struct slice line)
{
    return XXH3_64bits(line.ptr, line.len);
}

bool prints_add(struct prints *p, uint64_t print)
{
    if (p->lines++ >= MOST_LINES)
        return true;
    if (p->count++ < FINE_LINES)
        put_fine(&p->fine, print);
    else if (p->fine.ptr != NULL)
        buf_free(&p->fine); /* of so many lines the coarse ones are asked for */
    put_coarse(&p->coarse, print);
    p->sum += print;
    return !p->fine.failed && !p->coarse.failed;
}

void prints_reset(struct prints *p)
{
    buf_reset(&p->fine);
    buf_reset(&p->coarse);
    p->count = 0;
    p->sum = 0;
    p->lines = 0;
}

struct prints_view prints_view(const struct prints *p)
{
    bool fine = p->count <= FINE_LINES;
    const struct buf *bits = fine ? &p->fine : &p->coarse;

    return (struct prints_view){(const uint8_t *)bits->ptr, p->count,
                                fine ? PRINT_FINE : PRINT_COARSE,
                                p->lines == p->count ? p->sum : 0};
}

struct prints_view prints_pack(const struct prints_view *v, const struct line_ranges *left_out,
                               struct buf *out)
{
    size_t count = v->count, next = 0;
    uint64_t sum = 0;
    int width;

    for (size_t r = 0; r < left_out->count; r++)
        count -= left_out->ranges[r].to - left_out->ranges[r].from;
    width = v->width == PRINT_FINE && count <= FINE_KEPT ? PRINT_FINE : PRINT_COARSE;
    if (count == v->count && width == v->width)
        return *v;
    for (size_t r = 0; r <= left_out->count; r++) {
        size_t to = r < left_out->count ? left_out->ranges[r].from : v->count;

        for (; next < to; next++) {
            sum += prints_at(v, next);
            if (width == PRINT_FINE)
                put_fine(out, prints_at(v, next));
            else
                put_coarse(out, prints_at(v, next));
        }
        if (r < left_out->count)
            next = left_out->ranges[r].to;
    }
    if (v->width == PRINT_COARSE)
        sum = count == v->count ? v->sum : 0;
    return (struct prints_view){(const uint8_t *)out->ptr, count, width, sum};
}

bool prints_unpack(struct slice bytes, size_t count, int width, struct prints_view *out)
{
    *out =
        (struct prints_view){.bytes = (const uint8_t *)bytes.ptr, .count = count, .width = width};
    return (width == PRINT_FINE || width == PRINT_COARSE) && count < SIZE_MAX / sizeof(uint64_t) &&
           bytes.len == prints_bytes(out);
}

void prints_free(struct prints *p)
{
    buf_free(&p->fine);
    buf_free(&p->coarse);
}
