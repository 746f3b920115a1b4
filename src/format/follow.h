/* follow.h: requests of several lines, each of which adds to the one before: `join previous`. */
#ifndef FORMAT_FOLLOW_H
#define FORMAT_FOLLOW_H

#include "base/arena.h"
#include "format/decoding.h"
#include "format/format.h"
#include "record/record.h"

#include <stdbool.h>

/*
 * The record that lines are added to: the last of the batch. Nothing is copied but a record that is
 * still open where its batch ends. Zero-initialise; free with follow_free.
 */
struct follow {
    bool open;    /* the last record of the batch takes additions */
    bool carried; /* `record` goes to the next batch, open */
    struct record record;
    struct arena texts;
};

/* Do the lines of ${f} add to the record before them and to no other? */
bool follow_fits(const struct format *f);

/* Begin ${out}, which is empty, with what was open at the end of the batch before; its text is kept
 * in ${scratch}. Returns: false where memory is out. */
bool follow_begin(struct follow *w, struct batch *out, struct arena *scratch);

/* Add ${addition}, whose text stays as long as the batch, to the open record. Returns: was there
 * one? */
bool follow_add(struct follow *w, struct batch *out, const struct record *addition);

/* ${out} ends: take its last record out again where it is still open. Returns: false where memory
 * is out. */
bool follow_end(struct follow *w, struct batch *out);

void follow_free(struct follow *w);

#endif
