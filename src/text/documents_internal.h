/* documents_internal.h: the objects in a text of JSON, however it is laid out (documents.c). */
#ifndef TEXT_DOCUMENTS_INTERNAL_H
#define TEXT_DOCUMENTS_INTERNAL_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DOCUMENTS_NAME_BYTES = 16 };

/* What may come next; blanks may between any two. */
enum documents_state {
    EXPECT_VALUE,
    EXPECT_FIRST, /* a value, or the end of the array */
    EXPECT_NAME,
    EXPECT_FIRST_NAME, /* a name, or the end of the object */
    EXPECT_COLON,
    EXPECT_COMMA, /* or the end of what is open */
    IN_STRING,
    IN_WORD, /* a number, true, false or null */
    IN_JUNK  /* what is no JSON, up to the line's end */
};

/* Where one stands in the text. Zero-initialise before use; `object` is the caller's to free. */
struct documents_reading {
    struct buf object; /* the one that is being read, without blanks and line ends */
    enum documents_state state;
    bool escaped;   /* in a string, behind a backslash */
    bool is_name;   /* the string is a name */
    bool inside;    /* of an object that is given out */
    bool behind;    /* within one that held others, behind their array */
    bool broken;    /* some of it was no JSON */
    bool whole;     /* arrays within objects are no matter: the objects are records */
    unsigned depth; /* of brackets that are open, and of each a bit: it is an array */
    uint64_t arrays;
    unsigned base;      /* so many of them stand around all objects: that of an array, */
    unsigned outer;     /* and so many around those of an array in another object */
    unsigned candidate; /* an array of that depth, just opened, may be one of these */
    unsigned nest;      /* an object of that depth may have one, too */
    char name[DOCUMENTS_NAME_BYTES]; /* the last one, cut, */
    size_t name_len;
    char array_name[DOCUMENTS_NAME_BYTES]; /* and that of the array whose objects are given out */
    size_t array_name_len;
    uint64_t newlines; /* so far, */
    uint64_t begun;    /* and where the object began */
};

enum documents_step { STEP_ON, STEP_OBJECT, STEP_JUNK, STEP_AGAIN };

/*
 * documents_step(r, c):
 * One byte further. Returns: STEP_OBJECT: `object` is one, STEP_JUNK: a line that is none;
 * STEP_AGAIN: what was read of an object, perhaps nothing, is no JSON any more, and the byte is to
 * be read again. The caller empties `object` then.
 */
enum documents_step documents_step(struct documents_reading *r, char c);

/* Does ${r} stand in the middle of something? */
bool documents_is_open(const struct documents_reading *r);

/* Is the object one of an array within another? */
static inline bool documents_is_unwrapped(const struct documents_reading *r)
{
    return r->outer > r->base;
}

/* Are the objects of a text that begins with ${head} records, whose own arrays are not to be taken
 * apart? These have a time, and what stands in their arrays has none, as the first tells: "events"
 * of an answer are what was asked for, "events" of a record are some of what it says. */
bool documents_are_records(struct slice head);

/* Is it a text of JSON that is no lines of it? The first object tells. Objects a line each, also as
 * an array of such lines, are read as they stand. */
bool documents_match(struct slice head);

#endif
