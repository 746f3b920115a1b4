/* unpacker.h: what reader.c asks of each kind of packing. */
#ifndef IO_UNPACKER_H
#define IO_UNPACKER_H

#include "base/error.h"
#include "base/slice.h"
#include "io/input.h"
#include "io/reader.h"

#include <stdbool.h>
#include <stddef.h>

/* Where unpacked bytes go: behind the ${made} bytes that are there, up to ${cap}. */
struct room {
    char *out;
    size_t cap;
    size_t made;
};

enum unpack {
    UNPACK_ON,     /* made progress; call again */
    UNPACK_HUNGRY, /* took the whole window and needs more; at the end of input: is cut off */
    UNPACK_END,    /* the piece ends here, sound or with its damage noted; another may follow */
    UNPACK_BAD,    /* damaged, nothing more can be read */
    UNPACK_NOTED,  /* as UNPACK_BAD, and input_note_damage has been told */
    UNPACK_FAILED  /* the error is set */
};

/*
 * One kind of packing. An archive of it is one piece or several, one behind the other. ${self} is
 * what create returned (NULL where memory is out).
 */
struct unpacker {
    const char *name;
    const char *piece; /* what a piece is called */
    bool (*match)(struct slice head);
    void *(*create)(const struct input *in, enum inflate inflate);
    /* Start on the piece that the window begins with: UNPACK_ON, HUNGRY or FAILED. */
    enum unpack (*begin)(void *self, struct input *in, struct error *err);
    enum unpack (*unpack)(void *self, struct input *in, struct room *room, struct error *err);
    void (*destroy)(void *self);
};

enum { UNPACKER_HEAD_BYTES = 16 }; /* what match sees, where the archive has so many */

extern const struct unpacker reader_gzip_unpacker;
extern const struct unpacker reader_zstd_unpacker;
extern const struct unpacker reader_xz_unpacker;
extern const struct unpacker reader_bzip2_unpacker;

/* A raw deflate stream; two libraries have one. */
struct inflater {
    void *(*create)(void);
    void (*reset)(void *self);
    /* UNPACK_ON, HUNGRY, END, BAD (nothing taken, nothing made) or FAILED for memory. */
    enum unpack (*inflate)(void *self, struct input *in, struct room *room);
    uint32_t (*crc)(uint32_t crc, const char *bytes, size_t n);
    void (*destroy)(void *self);
};

/* Knows every stream exactly: which bytes can be had before damage. */
extern const struct inflater reader_gzip_zlib_inflater;

/*
 * reader_gzip_isal_find(wanted):
 * ISA-L's, about three times as fast, but vague where a stream is damaged or cut off.
 * Returns: NULL where ${wanted} rules it out, this build lacks it, or (for INFLATE_BEST) the
 *          processor lacks what makes it fast.
 */
const struct inflater *reader_gzip_isal_find(enum inflate wanted);

#endif
