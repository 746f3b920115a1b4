/* packing.h: packings that are not read, so that a message can say what a file is. */
#ifndef IO_PACKING_H
#define IO_PACKING_H

#include "base/slice.h"

/*
 * packing_unread(head):
 * What the first bytes ${head} of an unpacked archive show it to be where that is no log but packed
 * once more, packed in a way that is not read, or known to be something else; with what to do about
 * it: "a zip archive, which is not read; unpack it first". By the signatures of APPNOTE.TXT 4.3.7
 * (zip), RFC 1952, RFC 8878, POSIX ustar, and those of the other programs. NULL where it shows none
 * of them. Static text.
 */
const char *packing_unread(struct slice head);

#endif
