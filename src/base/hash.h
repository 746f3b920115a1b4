/* hash.h: a quick hash of short text, inlined; for tables in memory only, never stored. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/slice.h"

#include <stdbool.h>
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

/*
 * hash_loads(len):
 * Where eight bytes each are loaded so that four loads, which may overlap, take all bytes of a text
 * of 8 to 32: at 0, ${near}, ${back} and ${far}. Texts of all these lengths go one way: hosts and
 * users, of any length, would make the processor guess branches wrong.
 */
struct hash_loads {
    size_t near, back, far;
};

enum { HASH_LOADS_FROM = 8, HASH_LOADS_TO = 32 };

static inline struct hash_loads hash_loads(size_t len)
{
    size_t far = len - 8;

    return (struct hash_loads){far < 8 ? far : 8, far < 8 ? 0 : far - 8, far};
}

static inline bool hash_loads_fit(size_t len)
{
    return len - HASH_LOADS_FROM <= HASH_LOADS_TO - HASH_LOADS_FROM;
}

/* Fewer than eight bytes. */
static inline uint64_t hash_short(struct slice s)
{
    uint64_t first = 0, last = 0;

    if (s.len >= 4) {
        first = hash_load(s.ptr, 4);
        last = hash_load(s.ptr + s.len - 4, 4);
    } else if (s.len > 0) {
        first = (uint64_t)(unsigned char)s.ptr[0] << 8 | (unsigned char)s.ptr[s.len / 2];
        last = (unsigned char)s.ptr[s.len - 1];
    }
    return hash_fold(first ^ UINT64_C(0xa0761d6478bd642f) ^ s.len,
                     last ^ UINT64_C(0xe7037ed1a0b428db));
}

/* More than 32 bytes. */
static inline uint64_t hash_long(struct slice s)
{
    uint64_t hash = s.len;

    for (size_t i = 0; i + 16 < s.len; i += 16)
        hash = hash_fold(hash_load(s.ptr + i, 8) ^ UINT64_C(0xa0761d6478bd642f),
                         hash_load(s.ptr + i + 8, 8) ^ UINT64_C(0xe7037ed1a0b428db) ^ hash);
    return hash_fold(hash_load(s.ptr + s.len - 16, 8) ^ UINT64_C(0x8ebc6af09c88c6e3),
                     hash_load(s.ptr + s.len - 8, 8) ^ UINT64_C(0x589965cc75374cc3) ^ hash);
}

/* Folded products of 16 bytes each, as in wyhash (Wang Yi, public domain). */
static inline uint64_t hash_text(struct slice s)
{
    struct hash_loads at = hash_loads(s.len);

    if (!hash_loads_fit(s.len))
        return s.len < HASH_LOADS_FROM ? hash_short(s) : hash_long(s);
    return hash_fold(hash_load(s.ptr, 8) ^ UINT64_C(0xa0761d6478bd642f),
                     hash_load(s.ptr + at.near, 8) ^ UINT64_C(0xe7037ed1a0b428db) ^ s.len) ^
           hash_fold(hash_load(s.ptr + at.back, 8) ^ UINT64_C(0x8ebc6af09c88c6e3),
                     hash_load(s.ptr + at.far, 8) ^ UINT64_C(0x589965cc75374cc3));
}

#endif
