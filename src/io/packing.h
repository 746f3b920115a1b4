/* packing.h: packings that are not read, so that a message can say what a file is. */
#ifndef IO_PACKING_H
#define IO_PACKING_H

#include "base/slice.h"

/*
 * packing_unread(head):
 * What the first bytes ${head} of an unpacked archive show it to be where that is no log but packed
 * once more or in a way that is not read: "a zip archive", "gzip once more". By the signatures of
 * APPNOTE.TXT 4.3.7 (zip), RFC 1952, RFC 8878, and those of xz, bzip2, 7-Zip and RAR. NULL where it
 * shows none of them. Static text.
 */
const char *packing_unread(struct slice head);

#endif
