/* reader_xz.c: xz streams. */
#include "io/input.h"
#include "io/unpacker.h"

#include <inttypes.h>
#include <lzma.h>
#include <stdlib.h>

/* xz -9 needs 65 MiB; a header can ask for 4 GiB. */
#define MEMORY_LIMIT_BYTES (UINT64_C(512) << 20)

static bool match(struct slice head)
{
    return slice_starts_with(head, slice_of("\xfd\x37\x7a\x58\x5a", 6)); /* and its NUL */
}

static void *create(const struct input *in, enum inflate inflate)
{
    (void)in;
    (void)inflate;
    return calloc(1, sizeof(lzma_stream)); /* as LZMA_STREAM_INIT */
}

static enum unpack begin(void *self, struct input *in, struct error *err)
{
    (void)in;
    if (lzma_stream_decoder(self, MEMORY_LIMIT_BYTES, 0) == LZMA_OK)
        return UNPACK_ON;
    error_set_memory(err);
    return UNPACK_FAILED;
}

static enum unpack unpack(void *self, struct input *in, struct room *room, struct error *err)
{
    lzma_stream *z = self;
    lzma_ret rc;

    z->next_in = (const uint8_t *)in->next;
    z->avail_in = in->avail;
    z->next_out = (uint8_t *)room->out + room->made;
    z->avail_out = room->cap - room->made;
    rc = lzma_code(z, LZMA_RUN);
    input_take(in, in->avail - z->avail_in);
    room->made = room->cap - z->avail_out;
    if (rc == LZMA_STREAM_END)
        return UNPACK_END;
    if (rc == LZMA_OK || rc == LZMA_BUF_ERROR)
        return in->avail == 0 && z->avail_out > 0 ? UNPACK_HUNGRY : UNPACK_ON;
    if (rc == LZMA_MEM_ERROR) {
        error_set_memory(err);
        return UNPACK_FAILED;
    }
    if (rc != LZMA_MEMLIMIT_ERROR)
        return UNPACK_BAD;
    input_note_damage(in, "xz: needs %" PRIu64 " MiB to unpack, more than %" PRIu64,
                      lzma_memusage(z) >> 20, MEMORY_LIMIT_BYTES >> 20);
    return UNPACK_NOTED;
}

static void destroy(void *self)
{
    lzma_end(self);
    free(self);
}

const struct unpacker reader_xz_unpacker = {"xz", "stream", match, create, begin, unpack, destroy};
