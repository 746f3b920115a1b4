/* sketch.c: a hash of each line's begin, end and length; the small ones stay. */
#include "sketch.h"

#include "base/hash.h"

enum { ENDS = 24 }; /* bytes of either end of a line that are hashed */

/* At most ENDS bytes. Sketches are kept in stores: this hash must stay as it is. */
static uint64_t hash_end(struct slice s)
{
    uint64_t hash = s.len;

    for (size_t i = 0; i < s.len; i += sizeof hash)
        hash = hash_mix(hash ^ hash_load(s.ptr + i, s.len - i < 8 ? s.len - i : sizeof hash));
    return hash;
}

static uint64_t hash_line(struct slice line)
{
    struct slice head = line, tail = line;

    if (line.len > ENDS) {
        head.len = ENDS;
        tail = slice_from(line, line.len - ENDS);
    }
    return hash_mix(hash_end(head) ^ hash_end(tail) * UINT64_C(0x9e3779b97f4a7c15) ^ line.len);
}

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

void sketch_add(struct sketch *s, struct slice bytes)
{
    struct slice line;

    while (bytes.len > 0) {
        uint64_t hash;

        slice_cut(bytes, '\n', &line, &bytes);
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        hash = hash_line(line);
        if (s->count < SKETCH_LINES || hash < s->largest)
            add_hash(s, hash);
    }
}
