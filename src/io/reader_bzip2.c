/* reader_bzip2.c: bzip2 streams. */
#include "io/input.h"
#include "io/unpacker.h"

#include <bzlib.h>
#include <limits.h>
#include <stdlib.h>

struct bzip2 {
    bz_stream z;
    bool open; /* z must be ended */
};

/* Behind "BZh" and the block size stands the magic of a block, or of the end of an empty stream. */
static bool match(struct slice head)
{
    static const char *const magic[] = {"\x31\x41\x59\x26\x53\x59", "\x17\x72\x45\x38\x50\x90"};
    size_t n;

    if (head.len < 4 || !slice_starts_with(head, SLICE("BZh")) || head.ptr[3] < '1' ||
        head.ptr[3] > '9')
        return false;
    head = slice_from(head, 4);
    n = head.len < 6 ? head.len : 6;
    return slice_starts_with(head, slice_of(magic[0], n)) ||
           slice_starts_with(head, slice_of(magic[1], n));
}

static void *create(const struct input *in, enum inflate inflate)
{
    (void)in;
    (void)inflate;
    return calloc(1, sizeof(struct bzip2));
}

static void close_stream(struct bzip2 *b)
{
    if (b->open)
        BZ2_bzDecompressEnd(&b->z);
    b->open = false;
}

static enum unpack begin(void *self, struct input *in, struct error *err)
{
    struct bzip2 *b = self;

    (void)in;
    close_stream(b);
    if (BZ2_bzDecompressInit(&b->z, 0, 0) != BZ_OK) {
        error_set_memory(err);
        return UNPACK_FAILED;
    }
    b->open = true;
    return UNPACK_ON;
}

static enum unpack unpack(void *self, struct input *in, struct room *room, struct error *err)
{
    bz_stream *z = &((struct bzip2 *)self)->z;
    size_t cap = room->cap - room->made;
    int rc;

    z->next_in = in->next;
    z->avail_in = (unsigned)in->avail;
    z->next_out = room->out + room->made;
    z->avail_out = cap < UINT_MAX ? (unsigned)cap : UINT_MAX;
    cap = z->avail_out;
    rc = BZ2_bzDecompress(z);
    input_take(in, in->avail - z->avail_in);
    room->made += cap - z->avail_out;
    switch (rc) {
    case BZ_STREAM_END: return UNPACK_END;
    case BZ_OK: return in->avail == 0 && z->avail_out > 0 ? UNPACK_HUNGRY : UNPACK_ON;
    case BZ_MEM_ERROR: error_set_memory(err); return UNPACK_FAILED;
    default: return UNPACK_BAD;
    }
}

static void destroy(void *self)
{
    close_stream(self);
    free(self);
}

const struct unpacker reader_bzip2_unpacker = {"bzip2", "stream", match,  create,
                                               begin,   unpack,   destroy};
