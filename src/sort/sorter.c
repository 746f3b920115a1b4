/* sorter.c: a buffer of records, sorted when it is full and written as a run. */
#include "sort/sorter.h"

#include "base/buf.h"
#include "base/room.h"
#include "base/text_sort.h"
#include "sort/pack.h"
#include "sort/runs.h"

#include <stdlib.h>

enum { PREFETCHED = 8 };

struct sorter {
    const char *folder;
    size_t memory;
    struct buf bytes; /* of each record: length of the value, value, key */
    struct text_item *items;
    size_t count, capacity;
    uint64_t total;
    bool sorted;
    size_t next;       /* item to be handed out */
    struct runs *runs; /* NULL: all is in memory */
    struct merge *merge;
};

struct sorter *sorter_create(const char *folder, size_t memory, struct error *err)
{
    struct sorter *s = calloc(1, sizeof *s);

    if (s == NULL) {
        error_set_memory(err);
        return NULL;
    }
    s->folder = folder;
    s->memory = memory;
    return s;
}

/* Items know their keys by place until the buffer moves no more. */
static void sort_items(struct sorter *s)
{
    const char *end = s->bytes.ptr;

    if (s->sorted)
        return;
    for (size_t i = 0; i < s->count; i++) {
        struct text_item *item = &s->items[i];
        struct slice rest = slice_of(end, s->bytes.len - (size_t)(end - s->bytes.ptr)), value;

        unpack_text(&rest, &value);
        item->ptr = rest.ptr;
        end = rest.ptr + item->len;
    }
    text_sort(s->items, s->count);
    s->sorted = true;
}

/* The value stands in front of the key. */
static struct slice value_of(const struct text_item *item)
{
    return slice_of(item->ptr - item->number, item->number);
}

/* Records stand in the order in which they came: get those ready that will be read soon. */
static void look_ahead(const struct sorter *s, size_t at)
{
    const struct text_item *item;

    if (at + PREFETCHED >= s->count)
        return;
    item = &s->items[at + PREFETCHED];
    __builtin_prefetch(value_of(item).ptr);
    __builtin_prefetch(item->ptr);
}

static bool write_items(struct sorter *s, struct error *err)
{
    struct run_writer *w;

    if (s->runs == NULL)
        s->runs = runs_create(s->folder, err);
    w = s->runs == NULL ? NULL : run_writer_open(s->runs, err);
    if (w == NULL)
        return false;
    sort_items(s);
    for (size_t i = 0; i < s->count; i++) {
        const struct text_item *item = &s->items[i];

        look_ahead(s, i);
        if (!run_writer_add(w, slice_of(item->ptr, item->len), value_of(item), err)) {
            run_writer_drop(w);
            return false;
        }
    }
    s->count = 0;
    s->sorted = false;
    buf_reset(&s->bytes);
    return run_writer_finish(w, err);
}

/* Value and key, one behind the other. */
static bool append_record(struct buf *bytes, struct slice key, struct slice value)
{
    pack_number(bytes, value.len);
    if (!buf_reserve(bytes, value.len + key.len))
        return false;
    buf_append(bytes, value);
    buf_append(bytes, key);
    return true;
}

bool sorter_add(struct sorter *s, struct slice key, struct slice value, struct error *err)
{
    size_t held = s->bytes.len + s->count * sizeof *s->items;

    if (held + key.len + value.len > s->memory && s->count > 0 && !write_items(s, err))
        return false;
    if (key.len > UINT32_MAX || value.len > UINT32_MAX ||
        !ROOM_FOR_ONE(s->items, s->count, s->capacity) || !append_record(&s->bytes, key, value))
        return error_set_memory(err);
    s->items[s->count++] =
        (struct text_item){.len = (uint32_t)key.len, .number = (uint32_t)value.len};
    s->total++;
    s->sorted = false;
    return true;
}

uint64_t sorter_count(const struct sorter *s)
{
    return s->total;
}

bool sorter_start(struct sorter *s, struct error *err)
{
    s->next = 0;
    merge_free(s->merge);
    s->merge = NULL;
    if (s->runs == NULL || runs_count(s->runs) == 0) {
        sort_items(s);
        return true;
    }
    if (s->count > 0 && !write_items(s, err))
        return false;
    s->merge = merge_open(s->runs, err);
    return s->merge != NULL;
}

bool sorter_next(struct sorter *s, struct slice *key, struct slice *value, struct error *err)
{
    const struct text_item *item;

    if (s->merge != NULL)
        return merge_next(s->merge, key, value, err);
    if (s->next == s->count)
        return false;
    look_ahead(s, s->next);
    item = &s->items[s->next++];
    *key = slice_of(item->ptr, item->len);
    *value = value_of(item);
    return true;
}

void sorter_clear(struct sorter *s)
{
    merge_free(s->merge);
    s->merge = NULL;
    if (s->runs != NULL)
        runs_clear(s->runs);
    buf_reset(&s->bytes);
    s->count = s->next = 0;
    s->total = 0;
    s->sorted = false;
}

void sorter_free(struct sorter *s)
{
    if (s == NULL)
        return;
    merge_free(s->merge);
    runs_free(s->runs);
    buf_free(&s->bytes);
    free(s->items);
    free(s);
}
