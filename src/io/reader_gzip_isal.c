/* reader_gzip_isal.c: raw deflate by ISA-L, straight into the caller's buffer. */
#include "io/unpacker.h"

#if KAGE_HAVE_ISAL

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>

static void *create(void)
{
    struct inflate_state *state = malloc(sizeof *state);

    if (state != NULL)
        isal_inflate_init(state);
    return state;
}

static void reset(void *self)
{
    isal_inflate_reset(self);
}

static enum unpack inflate_some(void *self, struct input *in, struct room *room)
{
    struct inflate_state *state = self;
    size_t cap = room->cap - room->made, used;

    state->next_in = (uint8_t *)in->next;
    state->avail_in = (uint32_t)in->avail;
    state->next_out = (uint8_t *)room->out + room->made;
    state->avail_out = cap < UINT32_MAX ? (uint32_t)cap : UINT32_MAX;
    cap = state->avail_out;
    if (isal_inflate(state) != ISAL_DECOMP_OK)
        return UNPACK_BAD; /* how far it came cannot be told from the state */
    used = in->avail - state->avail_in;
    input_take(in, used);
    room->made += cap - state->avail_out;
    if (state->block_state == ISAL_BLOCK_FINISH) {
        /* It reads ahead; whole bytes behind the stream's end are not its own. */
        input_untake(in, (size_t)state->read_in_length / 8);
        return UNPACK_END;
    }
    if (in->avail == 0 && state->avail_out > 0)
        return UNPACK_HUNGRY;
    return used > 0 || cap > state->avail_out ? UNPACK_ON : UNPACK_BAD;
}

static uint32_t crc(uint32_t sum, const char *bytes, size_t n)
{
    return crc32_gzip_refl(sum, (const unsigned char *)bytes, n);
}

static void destroy(void *self)
{
    free(self);
}

static const struct inflater isal = {create, reset, inflate_some, crc, destroy};

static bool is_fast_here(void)
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul");
#else
    return true; /* arm64, the only other it is made for */
#endif
}

const struct inflater *reader_gzip_isal_find(enum inflate wanted)
{
    return wanted == INFLATE_ISAL || (wanted == INFLATE_BEST && is_fast_here()) ? &isal : NULL;
}

#else

const struct inflater *reader_gzip_isal_find(enum inflate wanted)
{
    (void)wanted;
    return NULL;
}

#endif
