/* random.h: seeded numbers, the same everywhere (xoshiro256++ by Blackman and Vigna, public
 * domain). */
#ifndef KAGE_GEN_RANDOM_H
#define KAGE_GEN_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t s[4];
};

/* One step of splitmix64: also a hash of 64 bits. */
static inline uint64_t random_mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static inline struct random random_seeded(uint64_t seed)
{
    struct random r;

    for (unsigned i = 0; i < 4; i++)
        r.s[i] = seed = random_mix(seed + i);
    return r;
}

static inline uint64_t random_rotate(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

static inline uint64_t random_next(struct random *r)
{
    const uint64_t result = random_rotate(r->s[0] + r->s[3], 23) + r->s[0], t = r->s[1] << 17;

    r->s[2] ^= r->s[0];
    r->s[3] ^= r->s[1];
    r->s[1] ^= r->s[2];
    r->s[0] ^= r->s[3];
    r->s[2] ^= t;
    r->s[3] = random_rotate(r->s[3], 45);
    return result;
}

/* 0 … n-1, for n up to 2^32. */
static inline uint32_t random_below(struct random *r, uint64_t n)
{
    return (uint32_t)(((random_next(r) >> 32) * n) >> 32);
}

#endif
