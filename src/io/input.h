/* input.h: the bytes of an archive as they are on disk, for the unpackers. */
#ifndef IO_INPUT_H
#define IO_INPUT_H

#include "base/error.h"
#include "io/reader.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    INPUT_BYTES = 256 * 1024, /* read at once */
    INPUT_KEEP = 16           /* bytes before the window that input_untake can give back */
};

/* An open file and a window on it: what was read but not yet taken. Private to src/io. */
struct input {
    char *next;           /* the window; an unpacker reads it and takes of it */
    size_t avail;         /* bytes in it */
    uint64_t offset;      /* of its first byte, from where reading began */
    bool at_end;          /* nothing follows the window */
    bool seekable;        /* a regular file: input_seek works */
    uint64_t size_bytes;  /* of a regular file, else 0 */
    int64_t changed_s;    /* last change of a regular file, else 0 */
    char damage[240];     /* what is wrong, several joined by "; "; "" while sound */
    _Atomic uint64_t far; /* furthest byte read: what progress shows and the tap has seen */
    reader_tap *tap;
    void *tap_context;
    const char *path; /* borrowed from the buffer */
    int fd;
    int64_t start; /* file position where reading began */
    char *buffer;  /* INPUT_KEEP bytes, then INPUT_BYTES, then the path */
};

/* Open ${path} (`-`: standard input). Errors:  ERROR_IO naming ${path}, ERROR_MEMORY. Owns:    the
 * caller closes with input_close, after a failure too. */
bool input_open(struct input *in, const char *path, struct error *err);

/* Let ${tap} see all bytes from the start; those already read at once. */
void input_set_tap(struct input *in, reader_tap *tap, void *context);

/* Make the window at least ${want} bytes (at most INPUT_BYTES / 2) unless the archive ends before.
 * Errors:  ERROR_IO. */
bool input_need(struct input *in, size_t want, struct error *err);

/* Read straight into ${out}, past the window, which must be empty; ${got} is 0 at the end. */
bool input_read(struct input *in, char *out, size_t cap, size_t *got, struct error *err);

/* ${n} bytes of the window are done with. */
void input_take(struct input *in, size_t n);

/* Give back the last ${n} bytes taken, at most INPUT_KEEP. */
void input_untake(struct input *in, size_t n);

/* Go back to ${offset}; only where `seekable`. The tap does not see bytes twice. */
bool input_seek(struct input *in, uint64_t offset, struct error *err);

/* Take all NUL bytes that the window begins with, reading on as needed. */
bool input_skip_nuls(struct input *in, struct error *err);

/* Take all that is left. */
bool input_skip_rest(struct input *in, struct error *err);

/* Note damage behind what is noted already; dropped where there is no room left. */
void input_note_damage(struct input *in, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void input_close(struct input *in);

#endif
