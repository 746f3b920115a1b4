/* hash.h: a quick hash of short text, inlined; for tables in memory only, never stored. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/slice.h"

#include <stdint.h>
#include <string.h>

static inline uint64_t hash_load(const char *p, size_t bytes)
{
    uint64_t word = 0;

    memcpy(&word, p, bytes);
    return word;
}

/* Upper bits into lower ones. */
static inline uint64_t hash_mix(uint64_t hash)
{
    hash = (hash ^ hash >> 32) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

/* The last up to eight bytes, in loads of fixed sizes that may overlap. */
static inline uint64_t hash_tail(struct slice s)
{
    if (s.len >= 8)
        return hash_load(s.ptr + s.len - 8, 8);
    if (s.len >= 4)
        return hash_load(s.ptr, 4) << 32 | hash_load(s.ptr + s.len - 4, 4);
    if (s.len == 0)
        return 0;
    return hash_load(s.ptr, 1) << 16 | hash_load(s.ptr + s.len / 2, 1) << 8 |
           hash_load(s.ptr + s.len - 1, 1);
}

static inline uint64_t hash_text(struct slice s)
{
    uint64_t hash = s.len;

    for (size_t i = 0; i + 8 < s.len; i += 8)
        hash = hash_mix(hash ^ hash_load(s.ptr + i, 8));
    return hash_mix(hash ^ hash_tail(s));
}

#endif
