/* reader_gzip_zlib.c: raw deflate by zlib, portable and exact. */
#include "io/unpacker.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

enum { RAW_DEFLATE = -15 }; /* inflateInit2: no wrapper, 32 KiB window */

static void *create(void)
{
    z_stream *z = calloc(1, sizeof *z);

    if (z != NULL && inflateInit2(z, RAW_DEFLATE) != Z_OK) {
        free(z);
        return NULL;
    }
    return z;
}

static void reset(void *self)
{
    inflateReset(self);
}

static enum unpack inflate_some(void *self, struct input *in, struct room *room)
{
    z_stream *z = self;
    size_t cap = room->cap - room->made;
    int rc;

    z->next_in = (Bytef *)in->next;
    z->avail_in = (uInt)in->avail;
    z->next_out = (Bytef *)room->out + room->made;
    z->avail_out = cap < UINT_MAX ? (uInt)cap : UINT_MAX;
    cap = z->avail_out;
    rc = inflate(z, Z_NO_FLUSH);
    input_take(in, in->avail - z->avail_in);
    room->made += cap - z->avail_out;
    switch (rc) {
    case Z_STREAM_END: return UNPACK_END;
    case Z_OK:
    case Z_BUF_ERROR: return in->avail == 0 && z->avail_out > 0 ? UNPACK_HUNGRY : UNPACK_ON;
    case Z_MEM_ERROR: return UNPACK_FAILED;
    default: return UNPACK_BAD;
    }
}

static uint32_t crc(uint32_t sum, const char *bytes, size_t n)
{
    return (uint32_t)crc32_z(sum, (const Bytef *)bytes, n);
}

static void destroy(void *self)
{
    inflateEnd(self);
    free(self);
}

const struct inflater reader_gzip_zlib_inflater = {create, reset, inflate_some, crc, destroy};
