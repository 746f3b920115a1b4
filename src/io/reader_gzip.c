/* reader_gzip.c: gzip members: header, deflate by either library, trailer. */
#include "io/input.h"
#include "io/unpacker.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    FLAG_HEADER_CRC = 2,
    FLAG_EXTRA = 4,
    FLAG_NAME = 8,
    FLAG_COMMENT = 16,
    FLAGS_RESERVED = 224
};
enum { HEADER_BYTES = 10, TRAILER_BYTES = 8 };

/*
 * ISA-L is trusted for sound members only. Where it finds anything wrong, the member is read again
 * from its start by zlib, whose word holds: both then give the same bytes and the same damage. That
 * needs an input that can go back, so pipes are read by zlib alone. One thing ISA-L cannot see: it
 * takes Huffman codes with gaps, which zlib refuses and no packer writes. Behind such a header it
 * may hand out bytes, a buffer or more, that zlib does not.
 */
struct gzip {
    const struct inflater *fast; /* ISA-L, or NULL */
    void *fast_state;
    void *exact_state;    /* zlib's, made when first needed */
    bool again;           /* this member is being read for the second time */
    uint64_t member;      /* its number, from 1 */
    uint64_t data_offset; /* where its deflate data begins */
    uint64_t made_before; /* unpacked bytes of the members before */
    uint64_t made;        /* of this one, so far */
    uint64_t skip;        /* of those to come: were handed out the first time */
    uint32_t crc;         /* of those made */
};

static const struct inflater *const exact = &reader_gzip_zlib_inflater;

static bool match(struct slice head)
{
    return slice_starts_with(head, SLICE("\x1f\x8b\x08")) &&
           (head.len == 3 || ((unsigned char)head.ptr[3] & FLAGS_RESERVED) == 0);
}

static void destroy(void *self)
{
    struct gzip *g = self;

    if (g->fast_state != NULL)
        g->fast->destroy(g->fast_state);
    if (g->exact_state != NULL)
        exact->destroy(g->exact_state);
    free(g);
}

static void *create(const struct input *in, enum inflate wanted)
{
    struct gzip *g = calloc(1, sizeof *g);

    if (g == NULL)
        return NULL;
    g->fast = in->seekable ? reader_gzip_isal_find(wanted) : NULL;
    if (g->fast == NULL)
        return g;
    g->fast_state = g->fast->create();
    if (g->fast_state == NULL) {
        destroy(g);
        return NULL;
    }
    return g;
}

/* A header being read, byte by byte. */
struct header {
    struct input *in;
    uint32_t crc;
    bool cut; /* the input ended inside */
};

static bool header_byte(struct header *h, unsigned char *c, struct error *err)
{
    if (!input_need(h->in, 1, err))
        return false;
    h->cut = h->in->avail == 0;
    if (h->cut)
        return false;
    *c = (unsigned char)*h->in->next;
    h->crc = exact->crc(h->crc, h->in->next, 1);
    input_take(h->in, 1);
    return true;
}

static bool header_bytes(struct header *h, unsigned char *bytes, size_t n, struct error *err)
{
    for (size_t i = 0; i < n; i++)
        if (!header_byte(h, &bytes[i], err))
            return false;
    return true;
}

static bool header_skip(struct header *h, size_t n, struct error *err)
{
    unsigned char c;

    while (n-- > 0)
        if (!header_byte(h, &c, err))
            return false;
    return true;
}

static bool header_skip_string(struct header *h, struct error *err)
{
    unsigned char c;

    do
        if (!header_byte(h, &c, err))
            return false;
    while (c != '\0');
    return true;
}

static bool read_header(struct header *h, bool *sound, struct error *err)
{
    unsigned char fixed[HEADER_BYTES], two[2];
    uint32_t crc;

    if (!header_bytes(h, fixed, sizeof fixed, err))
        return false;
    if ((fixed[3] & FLAG_EXTRA) != 0 &&
        !(header_bytes(h, two, 2, err) && header_skip(h, two[0] | (size_t)two[1] << 8, err)))
        return false;
    if ((fixed[3] & FLAG_NAME) != 0 && !header_skip_string(h, err))
        return false;
    if ((fixed[3] & FLAG_COMMENT) != 0 && !header_skip_string(h, err))
        return false;
    *sound = true;
    if ((fixed[3] & FLAG_HEADER_CRC) == 0)
        return true;
    crc = h->crc & 0xffff;
    if (!header_bytes(h, two, 2, err))
        return false;
    *sound = crc == (two[0] | (uint32_t)two[1] << 8);
    return true;
}

/* Have zlib ready for a member's data. */
static bool reset_exact(struct gzip *g, struct error *err)
{
    if (g->exact_state == NULL)
        g->exact_state = exact->create();
    if (g->exact_state == NULL)
        return error_set_memory(err);
    exact->reset(g->exact_state);
    return true;
}

static enum unpack begin(void *self, struct input *in, struct error *err)
{
    struct gzip *g = self;
    struct header h = {in, 0, false};
    bool sound = false;

    g->member++;
    g->made_before += g->made;
    g->made = 0;
    g->skip = 0;
    g->crc = 0;
    g->again = false;
    if (!read_header(&h, &sound, err))
        return h.cut ? UNPACK_HUNGRY : UNPACK_FAILED;
    if (!sound)
        input_note_damage(in, "gzip: bad header CRC in member %" PRIu64 " at byte %" PRIu64,
                          g->member, in->offset - 2);
    g->data_offset = in->offset;
    if (g->fast == NULL)
        return reset_exact(g, err) ? UNPACK_ON : UNPACK_FAILED;
    g->fast->reset(g->fast_state);
    return UNPACK_ON;
}

static uint32_t number(const char *p)
{
    uint32_t n = 0;

    for (size_t i = 4; i-- > 0;)
        n = n << 8 | (unsigned char)p[i];
    return n;
}

enum trailer { TRAILER_FITS, TRAILER_BAD_CRC, TRAILER_BAD_LENGTH, TRAILER_CUT };

/* Does the trailer that the window begins with fit what was made? */
static bool check_trailer(const struct gzip *g, struct input *in, enum trailer *out,
                          struct error *err)
{
    if (!input_need(in, TRAILER_BYTES, err))
        return false;
    if (in->avail < TRAILER_BYTES)
        *out = TRAILER_CUT;
    else if (number(in->next) != g->crc)
        *out = TRAILER_BAD_CRC;
    else if (number(in->next + 4) != (uint32_t)g->made)
        *out = TRAILER_BAD_LENGTH;
    else
        *out = TRAILER_FITS;
    return true;
}

/* What came behind ${before} counts for the member, but is not handed out a second time. */
static void account(struct gzip *g, struct room *room, size_t before, const struct inflater *by)
{
    char *bytes = room->out + before;
    size_t n = room->made - before, again = g->skip < n ? (size_t)g->skip : n;

    g->crc = by->crc(g->crc, bytes, n);
    g->made += n;
    g->skip -= again;
    room->made -= again;
    if (again > 0)
        memmove(bytes, bytes + again, n - again);
}

/* Read the member once more, by zlib. What was made behind ${before} is not handed out yet. */
static enum unpack start_again(struct gzip *g, struct input *in, struct room *room, size_t before,
                               struct error *err)
{
    if (!reset_exact(g, err) || !input_seek(in, g->data_offset, err))
        return UNPACK_FAILED;
    g->again = true;
    g->skip = g->made - (room->made - before);
    room->made = before;
    g->made = 0;
    g->crc = 0;
    return UNPACK_ON;
}

static enum unpack inflate_fast(struct gzip *g, struct input *in, struct room *room,
                                struct error *err)
{
    enum trailer trailer = TRAILER_FITS;
    size_t before = room->made;
    enum unpack step = g->fast->inflate(g->fast_state, in, room);

    account(g, room, before, g->fast);
    if (step == UNPACK_END && !check_trailer(g, in, &trailer, err))
        return UNPACK_FAILED;
    if (step == UNPACK_HUNGRY && !input_need(in, 1, err))
        return UNPACK_FAILED;
    if (step == UNPACK_BAD || trailer != TRAILER_FITS || (step == UNPACK_HUNGRY && in->avail == 0))
        return start_again(g, in, room, before, err);
    if (step == UNPACK_END)
        input_take(in, TRAILER_BYTES);
    return step == UNPACK_END ? UNPACK_END : UNPACK_ON;
}

/* Behind the member's data: its trailer, which may be bad without harm to the next member. */
static enum unpack end_exact(struct gzip *g, struct input *in, struct error *err)
{
    enum trailer trailer = TRAILER_FITS;

    if (!check_trailer(g, in, &trailer, err))
        return UNPACK_FAILED;
    if (trailer == TRAILER_CUT) {
        input_take(in, in->avail);
        return UNPACK_HUNGRY;
    }
    if (trailer != TRAILER_FITS)
        input_note_damage(in, "gzip: bad %s in member %" PRIu64 " at byte %" PRIu64,
                          trailer == TRAILER_BAD_CRC ? "CRC" : "length", g->member, in->offset);
    input_take(in, TRAILER_BYTES);
    return UNPACK_END;
}

static enum unpack inflate_exact(struct gzip *g, struct input *in, struct room *room,
                                 struct error *err)
{
    size_t before = room->made;
    enum unpack step = exact->inflate(g->exact_state, in, room);

    account(g, room, before, exact);
    if (step == UNPACK_END)
        return end_exact(g, in, err);
    if (step == UNPACK_FAILED)
        error_set_memory(err);
    if (step != UNPACK_BAD)
        return step;
    input_note_damage(in, "gzip: bad data in member %" PRIu64 " after %" PRIu64 " unpacked bytes",
                      g->member, g->made_before + g->made);
    return UNPACK_NOTED;
}

static enum unpack unpack(void *self, struct input *in, struct room *room, struct error *err)
{
    struct gzip *g = self;

    return g->fast != NULL && !g->again ? inflate_fast(g, in, room, err)
                                        : inflate_exact(g, in, room, err);
}

const struct unpacker reader_gzip_unpacker = {"gzip", "member", match,  create,
                                              begin,  unpack,   destroy};
