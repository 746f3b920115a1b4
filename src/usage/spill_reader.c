/* spill_reader.c: equal cells of all runs put together. */
#include "usage/cell_pack.h"
#include "usage/spill.h"
#include "usage/spill_internal.h"

#include <stdlib.h>
#include <string.h>

struct spill_reader {
    const struct cell_order *order;
    size_t names_memory;
    struct merge *merge;
    struct usage *names;
    struct slice key, value;    /* the record to come */
    bool pending;               /* is there one? */
    struct buf document;        /* key of the documented cell in work */
    size_t ends[2 * KEY_PARTS]; /* of its steps */
    struct usage_cell cells[DOCUMENT_KINDS];
    size_t count;
    struct arena arena; /* of the cells' minutes */
    struct buf host, scratch;
};

static bool copy_names(struct usage *into, const struct usage *from, enum usage_name kind)
{
    uint32_t id;

    for (uint32_t i = 0; i < usage_name_count(from, kind); i++)
        if (!usage_name_id(into, kind, usage_name(from, kind, i), &id))
            return false;
    return true;
}

static bool advance(struct spill_reader *r, struct error *err)
{
    r->pending = merge_next(r->merge, &r->key, &r->value, err);
    return err->code == ERROR_NONE;
}

struct spill_reader *spill_reader_open(const struct spill *s, struct error *err)
{
    struct spill_reader *r = calloc(1, sizeof *r);

    if (r == NULL) {
        error_set_memory(err);
        return NULL;
    }
    r->order = s->options.order;
    r->names_memory = s->options.names_memory;
    r->names = usage_create(err);
    if (r->names != NULL && copy_names(r->names, s->archives, NAME_ARCHIVE) &&
        copy_names(r->names, s->archives, NAME_SOURCE))
        r->merge = merge_open(s->runs, err);
    else
        error_set_memory(err);
    if (r->merge != NULL && advance(r, err))
        return r;
    spill_reader_free(r);
    return NULL;
}

static bool is_same_document(const struct spill_reader *r)
{
    return r->pending && slice_starts_with(r->key, buf_slice(&r->document));
}

/* The first step in which the pending record differs from the documented cell before. */
static size_t first_difference(const struct spill_reader *r)
{
    struct slice old = buf_slice(&r->document);
    size_t at = 0, step = 0;

    while (at < old.len && at < r->key.len && old.ptr[at] == r->key.ptr[at])
        at++;
    while (step < r->order->document && r->ends[step] <= at)
        step++;
    return step;
}

static bool spoiled(struct error *err)
{
    return error_set(err, ERROR_IO, "reading a temporary file: it was changed");
}

/* The cell of the pending record: the last one, or a new one behind it. */
static struct usage_cell *cell_of(struct spill_reader *r, const struct usage_key *key)
{
    struct usage_cell *cell = &r->cells[r->count];

    if (r->count > 0 && memcmp(&cell[-1].key, key, sizeof *key) == 0)
        return cell - 1;
    if (r->count == DOCUMENT_KINDS)
        return NULL;
    r->count++;
    memset(cell, 0, sizeof *cell);
    cell->key = *key;
    cell->first_us = INT64_MAX;
    cell->last_us = INT64_MIN;
    return cell;
}

static bool add_cell(struct spill_reader *r, struct usage_key *key, struct error *err)
{
    struct usage_cell part = {.first_us = INT64_MAX, .last_us = INT64_MIN};
    struct slice kind = slice_from(r->key, r->document.len);
    struct usage_cell *cell;

    if (!cell_unpack_kind(&kind, key) || !cell_unpack_value(r->value, &part, &r->arena))
        return spoiled(err);
    cell = cell_of(r, key);
    if (cell == NULL)
        return spoiled(err);
    if (part.evidence_archive >= usage_name_count(r->names, NAME_ARCHIVE))
        return spoiled(err);
    return usage_cell_merge(r->names, cell, &part, &r->arena) || error_set_memory(err);
}

/* Is the pending record one of a cell, not of a host? */
static bool is_cell(const struct spill_reader *r)
{
    return r->key.len > r->document.len && r->key.ptr[r->document.len] == RECORD_OF_CELL;
}

static void describe(const struct spill_reader *r, bool first, size_t difference,
                     struct document *out)
{
    out->count = r->count;
    for (size_t i = 0; i < r->count; i++)
        out->cells[i] = &r->cells[i];
    out->new_row = first || difference < r->order->row;
    out->new_user = first || difference < r->order->user;
    out->new_day = first || difference < r->order->day;
}

static bool pass_over_hosts(struct spill_reader *r, struct error *err)
{
    while (r->count > 0 && is_same_document(r))
        if (!advance(r, err))
            return false;
    return true;
}

bool spill_reader_next(struct spill_reader *r, struct document *out, struct error *err)
{
    struct usage_key key;
    struct slice rest;
    size_t difference;
    bool first = r->count == 0;

    if (!pass_over_hosts(r, err) || !r->pending)
        return false;
    difference = first ? 0 : first_difference(r);
    memset(&key, 0, sizeof key);
    rest = r->key;
    if (!cell_unpack_document(&rest, r->order, r->names, &key, r->ends, err))
        return false;
    buf_reset(&r->document);
    buf_append(&r->document, slice_of(r->key.ptr, r->key.len - rest.len));
    if (r->document.failed)
        return error_set_memory(err);
    arena_reset(&r->arena);
    buf_reset(&r->host);
    r->count = 0;
    while (is_same_document(r) && is_cell(r))
        if (!add_cell(r, &key, err) || !advance(r, err))
            return false;
    describe(r, first, difference, out);
    return r->count > 0 || spoiled(err);
}

bool spill_reader_next_host(struct spill_reader *r, uint32_t *host, struct error *err)
{
    while (is_same_document(r)) {
        struct slice rest = slice_from(r->key, r->document.len), text;

        if (!cell_unpack_host(&rest, &r->scratch, &text))
            return spoiled(err);
        if (!slice_equal(text, buf_slice(&r->host))) { /* several runs may have it */
            buf_reset(&r->host);
            buf_append(&r->host, text);
            if (r->host.failed || !usage_name_id(r->names, NAME_HOST, text, host))
                return error_set_memory(err);
            return advance(r, err);
        }
        if (!advance(r, err))
            return false;
    }
    return false;
}

struct usage *spill_reader_names(struct spill_reader *r)
{
    return r->names;
}

size_t spill_reader_names_limit(const struct spill_reader *r)
{
    return r->names_memory;
}

void spill_reader_free(struct spill_reader *r)
{
    if (r == NULL)
        return;
    merge_free(r->merge);
    usage_free(r->names);
    arena_free(&r->arena);
    buf_free(&r->document);
    buf_free(&r->host);
    buf_free(&r->scratch);
    free(r);
}
