/* reader.c: opens an archive, finds out how it is packed, and hands out its bytes. */
#include "io/reader.h"

#include "io/ahead.h"
#include "io/input.h"
#include "io/unpacker.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum place { PLACE_BETWEEN, PLACE_INSIDE, PLACE_DONE };

struct reader {
    struct input in;
    const struct unpacker *unpacker; /* NULL where the archive is plain */
    void *self;                      /* the unpacker's */
    enum place place;                /* of reading: between two pieces, inside one, past the last */
    uint64_t pieces;                 /* begun so far */
    uint64_t made;                   /* unpacked bytes so far */
    int64_t gzip_time;
    struct ahead *ahead; /* NULL: bytes are unpacked as they are asked for */
};

static const struct unpacker *const unpackers[] = {&reader_gzip_unpacker, &reader_zstd_unpacker,
                                                   &reader_xz_unpacker, &reader_bzip2_unpacker};

static const struct unpacker *recognise(struct slice head)
{
    for (size_t i = 0; i < sizeof unpackers / sizeof unpackers[0]; i++)
        if (unpackers[i]->match(head))
            return unpackers[i];
    return NULL;
}

static int64_t time_in_gzip_header(struct slice head)
{
    uint32_t time = 0;

    if (head.len < 8)
        return 0;
    for (size_t i = 8; i-- > 4;)
        time = time << 8 | (unsigned char)head.ptr[i];
    return time;
}

static bool open_reader(struct reader *r, const char *path, enum inflate inflate, struct error *err)
{
    struct slice head;

    if (!input_open(&r->in, path, err) || !input_need(&r->in, UNPACKER_HEAD_BYTES, err))
        return false;
    head = slice_of(r->in.next, r->in.avail);
    r->unpacker = recognise(head);
    if (r->unpacker == NULL)
        return true;
    if (r->unpacker == &reader_gzip_unpacker)
        r->gzip_time = time_in_gzip_header(head);
    r->self = r->unpacker->create(&r->in, inflate);
    return r->self != NULL || error_set_memory(err);
}

struct reader *reader_open(const char *path, enum inflate inflate, struct error *err)
{
    struct reader *r = calloc(1, sizeof *r);

    if (r == NULL) {
        error_set_memory(err);
        return NULL;
    }
    if (!open_reader(r, path, inflate, err)) {
        reader_close(r);
        return NULL;
    }
    return r;
}

void reader_set_tap(struct reader *r, reader_tap *tap, void *context)
{
    input_set_tap(&r->in, tap, context);
}

static bool read_plain(struct input *in, char *out, size_t cap, size_t *got, struct error *err)
{
    if (in->avail == 0)
        return input_read(in, out, cap, got, err);
    *got = in->avail < cap ? in->avail : cap;
    memcpy(out, in->next, *got);
    input_take(in, *got);
    return true;
}

/* Nothing more is unpacked; what is left is read only where a tap wants to see it. */
static bool finish(struct reader *r, struct error *err)
{
    r->place = PLACE_DONE;
    return r->in.tap == NULL || input_skip_rest(&r->in, err);
}

static bool finish_cut_off(struct reader *r, struct error *err)
{
    input_note_damage(&r->in, "%s: cut off after %" PRIu64 " bytes", r->unpacker->name,
                      r->in.offset);
    return finish(r, err);
}

static bool after_step(struct reader *r, enum unpack step, struct error *err)
{
    switch (step) {
    case UNPACK_ON: return true;
    case UNPACK_END: r->place = PLACE_BETWEEN; return true;
    case UNPACK_HUNGRY:
        if (!input_need(&r->in, 1, err))
            return false;
        return r->in.avail > 0 || finish_cut_off(r, err);
    case UNPACK_BAD:
        input_note_damage(&r->in, "%s: bad data in %s %" PRIu64 " after %" PRIu64 " unpacked bytes",
                          r->unpacker->name, r->unpacker->piece, r->pieces, r->made);
        return finish(r, err);
    case UNPACK_NOTED: return finish(r, err);
    case UNPACK_FAILED: return false;
    }
    return false;
}

/* The next piece, the end, or garbage. NUL bytes, as tapes and block devices leave, are neither. */
static bool begin_piece(struct reader *r, struct error *err)
{
    struct input *in = &r->in;
    uint64_t from = in->offset;

    if (!input_skip_nuls(in, err) || !input_need(in, UNPACKER_HEAD_BYTES, err))
        return false;
    if (in->avail == 0)
        return finish(r, err);
    if (r->unpacker->match(slice_of(in->next, in->avail))) {
        r->place = PLACE_INSIDE;
        r->pieces++;
        return after_step(r, r->unpacker->begin(r->self, in, err), err);
    }
    if (!input_skip_rest(in, err))
        return false;
    input_note_damage(in, "%s: %" PRIu64 " bytes of garbage after the last %s", r->unpacker->name,
                      in->offset - from, r->unpacker->piece);
    return finish(r, err);
}

static bool unpack(struct reader *r, struct room *room, struct error *err)
{
    size_t before = room->made;
    enum unpack step = r->unpacker->unpack(r->self, &r->in, room, err);

    r->made += room->made - before;
    return after_step(r, step, err);
}

static bool read_now(void *context, char *out, size_t cap, size_t *got, struct error *err)
{
    struct reader *r = context;
    struct room room = {out, cap, 0};
    bool ok = true;

    if (r->unpacker == NULL)
        return read_plain(&r->in, out, cap, got, err);
    while (ok && room.made < cap && r->place != PLACE_DONE)
        ok = r->place == PLACE_INSIDE ? unpack(r, &room, err) : begin_piece(r, err);
    *got = room.made;
    return ok;
}

bool reader_read(struct reader *r, char *out, size_t cap, size_t *got, struct error *err)
{
    return r->ahead != NULL ? ahead_read(r->ahead, out, cap, got, err)
                            : read_now(r, out, cap, got, err);
}

bool reader_read_ahead(struct reader *r, struct error *err)
{
    if (!r->in.seekable)
        return true;
    r->ahead = ahead_create(read_now, r, err);
    return r->ahead != NULL;
}

const char *reader_damage(const struct reader *r)
{
    return r->in.damage[0] == '\0' ? NULL : r->in.damage;
}

void reader_note_damage(struct reader *r, const char *what)
{
    input_note_damage(&r->in, "%s", what);
}

const char *reader_packing(const struct reader *r)
{
    return r->unpacker == NULL ? "plain" : r->unpacker->name;
}

uint64_t reader_done_bytes(const struct reader *r)
{
    return atomic_load_explicit(&r->in.far, memory_order_relaxed);
}

uint64_t reader_size_bytes(const struct reader *r)
{
    return r->in.size_bytes;
}

int64_t reader_gzip_time(const struct reader *r)
{
    return r->gzip_time;
}

int64_t reader_file_time(const struct reader *r)
{
    return r->in.changed_s;
}

void reader_read_rest(struct reader *r)
{
    struct error ignored = {0};
    char *bytes = malloc(INPUT_BYTES);
    size_t got = 1;

    while (bytes != NULL && got > 0 && reader_read(r, bytes, INPUT_BYTES, &got, &ignored))
        continue;
    free(bytes);
}

void reader_close(struct reader *r)
{
    if (r == NULL)
        return;
    ahead_free(r->ahead);
    if (r->self != NULL)
        r->unpacker->destroy(r->self);
    input_close(&r->in);
    free(r);
}
