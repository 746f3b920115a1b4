/* utf16.h: UTF-16 text into UTF-8, piece by piece. */
#ifndef TEXT_UTF16_H
#define TEXT_UTF16_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Between two pieces; set `big_endian`, all else zero. */
struct utf16 {
    bool big_endian;
    bool odd; /* half a code unit is left over, in `byte` */
    unsigned char byte;
    uint16_t high; /* a high surrogate that waits for its low one, else 0 */
    bool in_line;  /* something stands behind the last newline */
    bool pass;     /* the next byte is the rest of a newline */
};

/* The most that ${n} bytes, and what is left over of those before, can become. */
#define UTF16_TO_UTF8_BYTES(n) (((n) + 1) / 2 * 3 + 3)

/*
 * utf16_to_utf8(u, in, out):
 * Convert ${in} into ${out}, which has room for UTF16_TO_UTF8_BYTES. A surrogate without its other
 * half becomes U+FFFD. Where a byte is lost or one too many, what follows is read half a unit off,
 * but only to the end of the line: a newline read so is U+0A00, which is no character, and sets the
 * reading right. A byte-order mark at the begin of a line (files put together) is passed over; the
 * other order's holds from there on.
 * Returns: the bytes written.
 */
size_t utf16_to_utf8(struct utf16 *u, struct slice in, char *out);

/* What is left over at the end, as U+FFFD; at most 6 bytes. Returns: the bytes written. */
size_t utf16_finish(struct utf16 *u, char *out);

/*
 * utf16_detect(head, out):
 * Does a text that begins with ${head} (64 bytes or more) look like UTF-16: by NUL bytes at every
 * second place of the first 64, and none between them?
 */
bool utf16_detect(struct slice head, struct utf16 *out);

#endif
