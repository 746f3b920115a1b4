/* reader_zstd.c: zstd frames, skippable ones too. */
#include "io/input.h"
#include "io/unpacker.h"

#include <zstd.h>
#include <zstd_errors.h>

/* `zstd --long=29`: the program itself reads more than 128 MiB only where it is told to, and twenty
 * hostile bytes may ask for 2 GiB. */
enum { WINDOW_BITS = 29 };

static bool match(struct slice head)
{
    return slice_starts_with(head, SLICE("\x28\xb5\x2f\xfd")) ||
           (head.len >= 4 && ((unsigned char)head.ptr[0] & 0xf0) == 0x50 &&
            slice_starts_with(slice_from(head, 1), SLICE("\x2a\x4d\x18")));
}

static void *create(const struct input *in, enum inflate inflate)
{
    (void)in;
    (void)inflate;
    void *stream = ZSTD_createDStream();

    if (stream != NULL)
        ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, WINDOW_BITS);
    return stream;
}

static enum unpack begin(void *self, struct input *in, struct error *err)
{
    (void)in;
    (void)err;
    return ZSTD_isError(ZSTD_initDStream(self)) ? UNPACK_BAD : UNPACK_ON;
}

static enum unpack unpack(void *self, struct input *in, struct room *room, struct error *err)
{
    ZSTD_outBuffer out = {room->out, room->cap, room->made};
    ZSTD_inBuffer from = {in->next, in->avail, 0};
    size_t rc = ZSTD_decompressStream(self, &out, &from);

    (void)err;
    input_take(in, from.pos);
    room->made = out.pos;
    if (ZSTD_getErrorCode(rc) == ZSTD_error_frameParameter_windowTooLarge) {
        input_note_damage(in,
                          "zstd: a frame asks for more than %d MiB of memory; pack the archive "
                          "again with --long=%d or less",
                          1 << (WINDOW_BITS - 20), WINDOW_BITS);
        return UNPACK_NOTED;
    }
    if (ZSTD_isError(rc))
        return UNPACK_BAD;
    if (rc == 0)
        return UNPACK_END;
    return in->avail == 0 && out.pos < out.size ? UNPACK_HUNGRY : UNPACK_ON;
}

static void destroy(void *self)
{
    ZSTD_freeDStream(self);
}

const struct unpacker reader_zstd_unpacker = {"zstd", "frame", match,  create,
                                              begin,  unpack,  destroy};
