/* distinct.c: numbers sorted, or texts where numbers do not last. */
#include "report/distinct.h"

#include "base/room.h"

#include <stdlib.h>

static int compare_ids(const void *a, const void *b)
{
    const uint32_t *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

/* Sort and keep each number once. */
static void unite(struct distinct *d)
{
    size_t kept = 0;

    if (d->count < 2)
        return;
    qsort(d->ids, d->count, sizeof *d->ids, compare_ids);
    for (size_t i = 0; i < d->count; i++)
        if (kept == 0 || d->ids[i] != d->ids[kept - 1])
            d->ids[kept++] = d->ids[i];
    d->count = kept;
}

bool distinct_add(struct distinct *d, uint32_t id, struct error *err)
{
    if (d->count > 0 && d->ids[d->count - 1] == id)
        return true;
    if (d->count == d->capacity) {
        unite(d);
        if (!ROOM_FOR_ONE(d->ids, d->count * 2, d->capacity)) /* not to unite soon again */
            return error_set_memory(err);
    }
    d->ids[d->count++] = id;
    return true;
}

bool distinct_forget_numbers(struct distinct *d, const struct usage *names, struct error *err)
{
    if (d->count == 0)
        return true;
    if (d->texts == NULL)
        d->texts = sorter_create(d->folder, d->memory, err);
    if (d->texts == NULL)
        return false;
    unite(d);
    for (size_t i = 0; i < d->count; i++)
        if (!sorter_add(d->texts, usage_name(names, d->kind, d->ids[i]), SLICE(""), err))
            return false;
    d->count = 0;
    return true;
}

static bool has_texts(const struct distinct *d)
{
    return d->texts != NULL && sorter_count(d->texts) > 0;
}

/* All of them in order, each once, joined into ${out} (NULL: only counted). */
static bool pass_over(struct distinct *d, uint64_t shown, struct buf *out, uint64_t *count,
                      struct error *err)
{
    struct slice text, value;
    struct buf before = {0};
    bool ok = sorter_start(d->texts, err);

    *count = 0;
    while (ok && sorter_next(d->texts, &text, &value, err)) {
        if (*count > 0 && slice_equal(text, buf_slice(&before)))
            continue;
        buf_reset(&before);
        buf_append(&before, text);
        ok = !before.failed || error_set_memory(err);
        if (out != NULL && *count < shown) {
            buf_append_string(out, *count == 0 ? "" : " ");
            buf_append(out, text);
        }
        ++*count;
    }
    buf_free(&before);
    return ok && err->code == ERROR_NONE;
}

bool distinct_count(struct distinct *d, const struct usage *names, uint64_t *count,
                    struct error *err)
{
    if (has_texts(d))
        return distinct_forget_numbers(d, names, err) && pass_over(d, 0, NULL, count, err);
    unite(d);
    *count = d->count;
    return true;
}

bool distinct_join(struct distinct *d, const struct usage *names, uint64_t shown, struct buf *out,
                   struct error *err)
{
    uint64_t count;

    if (d->count == 0 && !has_texts(d))
        return true;
    if (!distinct_forget_numbers(d, names, err) || !pass_over(d, shown, out, &count, err))
        return false;
    if (count > shown)
        buf_printf(out, " +%llu", (unsigned long long)(count - shown));
    return !out->failed || error_set_memory(err);
}

void distinct_clear(struct distinct *d)
{
    d->count = 0;
    if (has_texts(d))
        sorter_clear(d->texts);
}

void distinct_free(struct distinct *d)
{
    free(d->ids);
    sorter_free(d->texts);
    d->ids = NULL;
    d->texts = NULL;
    d->count = d->capacity = 0;
}
