/* order.c: radix sort from the lowest digit; bits in which all keys agree cost nothing. */
#include "base/order.h"

#include <stdlib.h>
#include <string.h>

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

bool order_init(struct order *o, size_t count, struct error *err)
{
    memset(o, 0, sizeof *o);
    if (count > UINT32_MAX)
        return error_set_memory(err);
    o->items = calloc(count + 1, sizeof *o->items);
    o->spare = calloc(count + 1, sizeof *o->spare);
    if (o->items == NULL || o->spare == NULL)
        return error_set_memory(err);
    o->count = count;
    for (size_t i = 0; i < count; i++)
        o->items[i] = (uint32_t)i;
    return true;
}

static size_t digit_at(uint32_t key, unsigned shift)
{
    return (size_t)(key >> shift) & (DIGITS - 1);
}

/* Sort stably by the digit that begins at the bit ${shift}. */
static void sort_digit(struct order *o, const uint32_t *keys, unsigned shift)
{
    uint32_t starts[DIGITS] = {0}, sum = 0, *sorted = o->spare;

    for (size_t i = 0; i < o->count; i++)
        starts[digit_at(keys[i], shift)]++;
    for (size_t d = 0; d < DIGITS; d++) {
        uint32_t many = starts[d];

        starts[d] = sum;
        sum += many;
    }
    for (size_t i = 0; i < o->count; i++)
        sorted[starts[digit_at(keys[o->items[i]], shift)]++] = o->items[i];
    o->spare = o->items;
    o->items = sorted;
}

void order_by(struct order *o, const uint32_t *keys)
{
    uint32_t differing = 0;

    for (size_t i = 1; i < o->count; i++)
        differing |= keys[i] ^ keys[0];
    while (differing != 0) {
        unsigned shift = (unsigned)__builtin_ctz(differing), next = shift + DIGIT_BITS;

        sort_digit(o, keys, shift);
        differing = next >= 32 ? 0 : differing >> next << next;
    }
}

void order_settle(struct order *o)
{
    free(o->spare);
    o->spare = NULL;
}

/* A text and its place among the others. */
struct ranked {
    struct slice text;
    size_t place;
};

/* For qsort; empty texts last. */
static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *left = a, *right = b;

    if (left->text.len == 0 || right->text.len == 0)
        return (left->text.len == 0) - (right->text.len == 0);
    return slice_compare(left->text, right->text);
}

bool order_rank_texts(const struct slice *texts, size_t count, uint32_t *ranks, struct error *err)
{
    struct ranked *sorted = calloc(count + 1, sizeof *sorted);
    uint32_t rank = 0;

    if (sorted == NULL)
        return error_set_memory(err);
    for (size_t i = 0; i < count; i++)
        sorted[i] = (struct ranked){texts[i], i};
    qsort(sorted, count, sizeof *sorted, compare_ranked);
    for (size_t i = 0; i < count; i++) {
        rank += i > 0 && compare_ranked(&sorted[i - 1], &sorted[i]) != 0;
        ranks[sorted[i].place] = rank;
    }
    free(sorted);
    return true;
}

void order_free(struct order *o)
{
    free(o->items);
    free(o->spare);
    memset(o, 0, sizeof *o);
}
