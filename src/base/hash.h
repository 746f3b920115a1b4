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

/* Both halves of the product: each bit depends on all bits of both. */
static inline uint64_t hash_fold(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* At most 16 bytes, in loads of fixed sizes that may overlap. */
static inline uint64_t hash_short(struct slice s)
{
    uint64_t first = 0, last = 0;

    if (s.len >= 8) {
        first = hash_load(s.ptr, 8);
        last = hash_load(s.ptr + s.len - 8, 8);
    } else if (s.len >= 4) {
        first = hash_load(s.ptr, 4);
        last = hash_load(s.ptr + s.len - 4, 4);
    } else if (s.len > 0) {
        first = hash_load(s.ptr, 1) << 8 | hash_load(s.ptr + s.len / 2, 1);
        last = hash_load(s.ptr + s.len - 1, 1);
    }
    return hash_fold(first ^ UINT64_C(0xa0761d6478bd642f) ^ s.len,
                     last ^ UINT64_C(0xe7037ed1a0b428db));
}

/* Folded products of 16 bytes each, as in wyhash (Wang Yi, public domain): few branches, which
 * hosts and users, of any length, would make the processor guess wrong. */
static inline uint64_t hash_text(struct slice s)
{
    uint64_t hash = s.len;

    if (s.len <= 16)
        return hash_short(s);
    for (size_t i = 0; i + 16 < s.len; i += 16)
        hash = hash_fold(hash_load(s.ptr + i, 8) ^ UINT64_C(0xa0761d6478bd642f),
                         hash_load(s.ptr + i + 8, 8) ^ UINT64_C(0xe7037ed1a0b428db) ^ hash);
    return hash_fold(hash_load(s.ptr + s.len - 16, 8) ^ UINT64_C(0x8ebc6af09c88c6e3),
                     hash_load(s.ptr + s.len - 8, 8) ^ UINT64_C(0x589965cc75374cc3) ^ hash);
}

#endif
