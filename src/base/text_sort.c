/* text_sort.c: multikey quicksort with the next bytes of each text beside it. */
#include "base/text_sort.h"

#include "base/word.h"

#include <stdbool.h>

enum {
    WORD_BYTES = 7, /* of the text; the word's last byte counts them, so that shorter comes first */
    MORE = WORD_BYTES + 1,
    FEW = 12,    /* items that are sorted one by one */
    RANGES = 128 /* waiting at the same time: more than two for each halving of a size_t */
};

/* Items that agree in their first ${depth} bytes and hold the word that follows. */
struct range {
    struct text_item *items;
    size_t count, depth;
};

static void load_word(struct text_item *item, size_t depth)
{
    size_t left = item->len - depth;
    uint64_t word = 0;

    if (left > WORD_BYTES)
        word = __builtin_bswap64(word_load(item->ptr + depth)) >> 8;
    else
        for (size_t i = 0; i < WORD_BYTES; i++)
            word = word << 8 | (i < left ? (unsigned char)item->ptr[depth + i] : 0U);
    item->word = word << 8 | (left > WORD_BYTES ? MORE : left);
}

static void load_words(const struct range *r)
{
    for (size_t i = 0; i < r->count; i++)
        load_word(&r->items[i], r->depth);
}

static void swap(struct text_item *a, struct text_item *b)
{
    struct text_item held = *a;

    *a = *b;
    *b = held;
}

static bool is_less(const struct text_item *a, const struct text_item *b, size_t depth)
{
    if (a->word != b->word)
        return a->word < b->word;
    if ((a->word & UINT8_MAX) != MORE)
        return false;
    depth += WORD_BYTES;
    return slice_compare(slice_of(a->ptr + depth, a->len - depth),
                         slice_of(b->ptr + depth, b->len - depth)) < 0;
}

static void sort_few(const struct range *r)
{
    for (size_t i = 1; i < r->count; i++)
        for (size_t k = i; k > 0 && is_less(&r->items[k], &r->items[k - 1], r->depth); k--)
            swap(&r->items[k], &r->items[k - 1]);
}

static uint64_t middle_of(uint64_t a, uint64_t b, uint64_t c)
{
    if (a < b)
        return b < c ? b : (a < c ? c : a);
    return a < c ? a : (b < c ? c : b);
}

/* Smaller words, words equal to the pivot, larger words. */
static void partition(const struct range *r, struct range parts[3])
{
    struct text_item *items = r->items;
    size_t low = 0, at = 0, high = r->count;
    uint64_t pivot = middle_of(items[0].word, items[r->count / 2].word, items[r->count - 1].word);

    while (at < high) {
        if (items[at].word < pivot)
            swap(&items[low++], &items[at++]);
        else if (items[at].word > pivot)
            swap(&items[at], &items[--high]);
        else
            at++;
    }
    parts[0] = (struct range){items, low, r->depth};
    parts[1] = (struct range){items + low, high - low, r->depth + WORD_BYTES};
    parts[2] = (struct range){items + high, r->count - high, r->depth};
    if ((pivot & UINT8_MAX) != MORE)
        parts[1].count = 0; /* equal to their ends */
    else
        load_words(&parts[1]);
}

/* The largest last: with it worked off last, few ranges wait. */
static void order_parts(struct range parts[3])
{
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < 2 - i; k++)
            if (parts[k].count > parts[k + 1].count) {
                struct range held = parts[k];

                parts[k] = parts[k + 1];
                parts[k + 1] = held;
            }
}

void text_sort(struct text_item *items, size_t count)
{
    struct range waiting[RANGES] = {{items, count, 0}}, parts[3];
    size_t waits = 1;

    load_words(&waiting[0]);
    while (waits > 0) {
        struct range now = waiting[--waits];

        if (now.count <= FEW) {
            sort_few(&now);
            continue;
        }
        partition(&now, parts);
        order_parts(parts);
        for (size_t i = 3; i-- > 0;)
            if (parts[i].count > 1)
                waiting[waits++] = parts[i];
    }
}
