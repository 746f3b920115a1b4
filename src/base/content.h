/* content.h: how content is known: by a digest of its bytes up to some length. */
#ifndef BASE_CONTENT_H
#define BASE_CONTENT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* XXH3-128 in its canonical form (big endian), so that digests can be stored. */
struct content_digest {
    unsigned char bytes[16];
};

/* The first ${bytes} bytes of some content. */
struct content_point {
    uint64_t bytes;
    struct content_digest digest;
};

static inline bool content_equal(const struct content_digest *a, const struct content_digest *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

#endif
