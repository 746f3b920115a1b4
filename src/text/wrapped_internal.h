/* wrapped_internal.h: the objects and lines in which others keep lines (wrapped.c). */
#ifndef TEXT_WRAPPED_INTERNAL_H
#define TEXT_WRAPPED_INTERNAL_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>

/* Pieces of a line come in one of these, and among them lines of the other. */
enum { STREAM_OUT, STREAM_ERR, STREAM_COUNT, STREAM_NONE = -1 };

/* What is wanted of an object, the later rows of one member only where the earlier gave nothing. */
enum member {
    MEMBER_LOG,
    MEMBER_TIME,
    MEMBER_STREAM,
    MEMBER_MESSAGE,
    MEMBER_MICROS,
    MEMBER_HOST,
    MEMBER_PROGRAM,
    MEMBER_COMMAND,
    MEMBER_PROCESS,
    MEMBER_RAW,
    MEMBER_TEXT,
    MEMBER_SOURCE, /* an object, as it stands there */
    MEMBER_SHIPPER,
    MEMBER_SHIPPERS_END = MEMBER_SHIPPER + 5,
    MEMBER_PARSED = MEMBER_SHIPPERS_END,
    MEMBER_COUNT = MEMBER_PARSED + 4
};

static inline void wrapped_skip_blanks(struct slice *s)
{
    while (s->len > 0 && (s->ptr[0] == ' ' || s->ptr[0] == '\t'))
        *s = slice_from(*s, 1);
}

/* A line of Kubernetes or a piece of one: "TIME stdout F TEXT". */
struct container_line {
    struct slice before; /* "TIME stdout " */
    struct slice text;
    int stream;
    bool more; /* P: the line goes on in another piece */
};

/* Returns: is ${line} one? ${out} borrows from it. */
bool wrapped_read_container(struct slice line, struct container_line *out);

/* The wanted members of the object that ${s} is, their escapes not undone; those it has not stay as
 * they are. Borrowed from ${s}. Returns: is it an object? */
bool wrapped_read_members(struct slice s, struct slice *members);

/* The text of a string: a line, so its line ends become blanks. */
void wrapped_append_text(struct buf *out, struct slice raw);

/* The object in ${line}, which may be one of an array's: "[{…},", "{…},", "{…}]"; empty for what
 * stands around them. */
struct slice wrapped_without_array(struct slice line);

/* The object within which Splunk gives out an event, "result", else ${line}. */
struct slice wrapped_without_splunk(struct slice line);

/* The members of the document that Elasticsearch gave out in an object of the members ${m}, in
 * their place. Returns: the document; empty where there is none. */
struct slice wrapped_take_source(struct slice *m);

/* The line that a shipper put into an object, of its members ${m}. Returns: NULL where it is no
 * shipper's. */
const struct slice *wrapped_shipped_line(const struct slice *m);

/* Does a log that begins with ${head} hold lines within others? Its first line tells; where that is
 * no object, as where a log was cut in the middle of a line, the second may, too. Blank ones do not
 * count. */
bool wrapped_match(struct slice head);

#endif
