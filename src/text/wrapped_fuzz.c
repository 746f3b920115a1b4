/* wrapped_fuzz.c: any bytes as lines of containers: the same text whatever the pieces, a line for a
 * line.
 */
#include "base/buf.h"
#include "text/transcoder.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void convert(struct slice in, size_t size, struct buf *out)
{
    char room[256 + TRANSCODER_SLACK];
    void *self = wrapped_transcoder.create(in);
    size_t made;

    if (self == NULL)
        abort();
    do {
        struct slice piece = slice_of(in.ptr, size < in.len ? size : in.len);

        in = slice_from(in, piece.len);
        while ((made = wrapped_transcoder.convert(self, &piece, in.len == 0, room,
                                                  size < 256 ? size : 256)) > 0)
            buf_append(out, slice_of(room, made));
    } while (in.len > 0);
    wrapped_transcoder.destroy(self);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice in = slice_of((const char *)data, size);
    struct buf whole = {0}, pieces = {0};

    convert(in, size + 1, &whole);
    convert(in, 5, &pieces);
    if (!slice_equal(buf_slice(&whole), buf_slice(&pieces)) ||
        slice_count_lines(in) != slice_count_lines(buf_slice(&whole)))
        abort();
    buf_free(&whole);
    buf_free(&pieces);
    return 0;
}
