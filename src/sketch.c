/* sketch.c: of the hashes of lines the small ones stay. */
#include "sketch.h"

static void find_largest(struct sketch *s)
{
    s->largest = 0;
    for (size_t i = 0; i < s->count; i++)
        if (s->hashes[i] > s->largest)
            s->largest = s->hashes[i];
}

static void add_hash(struct sketch *s, uint64_t hash)
{
    size_t at = s->count;

    for (size_t i = 0; i < s->count; i++)
        if (s->hashes[i] == hash)
            return;
    for (size_t i = 0; s->count == SKETCH_LINES && i < s->count; i++)
        if (s->hashes[i] == s->largest)
            at = i;
    s->hashes[at] = hash;
    s->count += at == s->count;
    if (s->count == SKETCH_LINES)
        find_largest(s);
}

void sketch_add(struct sketch *s, uint64_t hash)
{
    if (s->count < SKETCH_LINES || hash < s->largest)
        add_hash(s, hash);
}
