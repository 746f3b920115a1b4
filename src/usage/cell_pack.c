/* cell_pack.c: keys in sortable bytes, values as short as they are small. */
#include "usage/cell_pack.h"

#include "sort/pack.h"

enum { LISTED_MINUTES = 90 }; /* as many bytes as the bitmap where each takes two */

void cell_pack_document(struct buf *out, const struct cell_order *order, const struct usage *names,
                        const struct usage_key *key)
{
    for (size_t i = 0; i < order->document; i++) {
        const struct order_step *step = &order->steps[i];
        enum usage_name name = key_part_name(step->part);
        uint32_t number = key_part_get(key, step->part);

        if (name != NAME_KINDS)
            pack_key_text(out, usage_name(names, name, number));
        else
            pack_key_number(out, step->codes == NULL ? number : step->codes[number]);
    }
}

void cell_pack_kind(struct buf *out, const struct usage_key *key)
{
    buf_append_byte(out, RECORD_OF_CELL);
    buf_append_byte(out, (char)key->kind);
    buf_append_byte(out, (char)key->role);
}

void cell_pack_host(struct buf *out, struct slice host)
{
    buf_append_byte(out, RECORD_OF_HOST);
    pack_key_text(out, host);
}

static bool spoiled(struct error *err)
{
    return error_set(err, ERROR_IO, "reading a temporary file: it was changed");
}

static bool unpack_name(struct slice *in, enum usage_name kind, struct usage *names, uint32_t *id,
                        struct error *err)
{
    struct buf scratch = {0};
    struct slice text;
    bool ok = unpack_key_text(in, &scratch, &text) || spoiled(err);

    ok = ok && (usage_name_id(names, kind, text, id) || error_set_memory(err));
    buf_free(&scratch);
    return ok;
}

bool cell_unpack_document(struct slice *in, const struct cell_order *order, struct usage *names,
                          struct usage_key *key, size_t *ends, struct error *err)
{
    size_t length = in->len;

    for (size_t i = 0; i < order->document; i++) {
        const struct order_step *step = &order->steps[i];
        enum usage_name name = key_part_name(step->part);
        uint64_t number;
        uint32_t id = 0;

        if (name != NAME_KINDS) {
            if (!unpack_name(in, name, names, &id, err))
                return false;
        } else {
            if (!unpack_key_number(in, &number) || number > UINT32_MAX)
                return spoiled(err);
            id = (uint32_t)number;
        }
        if (step->codes == NULL)
            key_part_set(key, step->part, id);
        ends[i] = length - in->len;
    }
    return true;
}

bool cell_unpack_kind(struct slice *in, struct usage_key *key)
{
    if (in->len != 3 || in->ptr[0] != RECORD_OF_CELL)
        return false;
    key->kind = (uint8_t)in->ptr[1];
    key->role = (uint8_t)in->ptr[2];
    return true;
}

bool cell_unpack_host(struct slice *in, struct buf *scratch, struct slice *host)
{
    if (in->len == 0 || in->ptr[0] != RECORD_OF_HOST)
        return false;
    *in = slice_from(*in, 1);
    return unpack_key_text(in, scratch, host);
}

static void pack_minutes(struct buf *out, const struct minutes *m)
{
    uint8_t bitmap[MINUTES_BITMAP_BYTES] = {0};

    pack_number(out, m->count);
    minutes_or_into(m, bitmap);
    if (m->count > LISTED_MINUTES) {
        buf_append(out, slice_of((const char *)bitmap, sizeof bitmap));
        return;
    }
    for (unsigned minute = 0; minute < MINUTES_PER_DAY; minute++)
        if ((bitmap[minute / 8] >> (minute % 8) & 1) != 0)
            pack_number(out, minute);
}

void cell_pack_value(struct buf *out, const struct usage_cell *cell)
{
    bool seen = cell->first_us != INT64_MAX || cell->last_us != INT64_MIN;

    for (int c = 0; c < COUNTERS; c++)
        pack_number(out, cell->counts[c]);
    buf_append_byte(out, (char)cell->marks);
    buf_append_byte(out, (char)seen);
    if (seen) {
        pack_signed(out, cell->first_us);
        pack_number(out, (uint64_t)cell->last_us - (uint64_t)cell->first_us);
        pack_number(out, cell->evidence_archive);
        pack_number(out, cell->evidence_line);
    }
    pack_minutes(out, &cell->minutes);
}

static bool unpack_minutes(struct slice *in, struct minutes *m, struct arena *a)
{
    uint64_t count, minute;

    if (!unpack_number(in, &count) || count > MINUTES_PER_DAY)
        return false;
    if (count <= LISTED_MINUTES) {
        for (uint64_t i = 0; i < count; i++)
            if (!unpack_number(in, &minute) || minute >= MINUTES_PER_DAY ||
                !minutes_add(m, (unsigned)minute, a))
                return false;
        return true;
    }
    if (in->len < MINUTES_BITMAP_BYTES)
        return false;
    for (unsigned at = 0; at < MINUTES_PER_DAY; at++)
        if (((unsigned char)in->ptr[at / 8] >> (at % 8) & 1) != 0 && !minutes_add(m, at, a))
            return false;
    *in = slice_from(*in, MINUTES_BITMAP_BYTES);
    return true;
}

static bool unpack_seen(struct slice *in, struct usage_cell *cell)
{
    uint64_t span, archive;

    if (!unpack_signed(in, &cell->first_us) || !unpack_number(in, &span) ||
        !unpack_number(in, &archive) || archive > UINT32_MAX ||
        !unpack_number(in, &cell->evidence_line))
        return false;
    cell->last_us = (int64_t)((uint64_t)cell->first_us + span);
    cell->evidence_archive = (uint32_t)archive;
    return true;
}

bool cell_unpack_value(struct slice in, struct usage_cell *cell, struct arena *a)
{
    bool seen;

    for (int c = 0; c < COUNTERS; c++)
        if (!unpack_number(&in, &cell->counts[c]))
            return false;
    if (in.len < 2)
        return false;
    cell->marks = (uint8_t)in.ptr[0];
    seen = in.ptr[1] != 0;
    in = slice_from(in, 2);
    return (!seen || unpack_seen(&in, cell)) && unpack_minutes(&in, &cell->minutes, a);
}
