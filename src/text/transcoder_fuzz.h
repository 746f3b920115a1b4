/* transcoder_fuzz.h: for fuzzing: what a transcoder makes of some bytes, in pieces. */
#ifndef TEXT_TRANSCODER_FUZZ_H
#define TEXT_TRANSCODER_FUZZ_H

#include "base/buf.h"
#include "text/transcoder.h"

#include <stdlib.h>

/* Append the text to ${out}, and what was wrong to ${damage}, which may be the same, or NULL.
 * ${size}: bytes of a piece and of the room. */
static inline void transcoder_fuzz_convert(const struct transcoder *t, struct slice in, size_t size,
                                           struct buf *out, struct buf *damage)
{
    char room[256 + TRANSCODER_SLACK];
    void *self = t->create(in);
    const char *wrong;
    size_t made;

    if (self == NULL)
        abort();
    do {
        struct slice piece = slice_of(in.ptr, size < in.len ? size : in.len);

        in = slice_from(in, piece.len);
        while ((made = t->convert(self, &piece, in.len == 0, room, size < 256 ? size : 256)) > 0)
            buf_append(out, slice_of(room, made));
    } while (in.len > 0);
    wrong = t->damage(self);
    if (damage != NULL && wrong != NULL)
        buf_append_string(damage, wrong);
    t->destroy(self);
}

#endif
