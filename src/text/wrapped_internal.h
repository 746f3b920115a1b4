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
    MEMBER_SHIPPER,
    MEMBER_SHIPPERS_END = MEMBER_SHIPPER + 5,
    MEMBER_PARSED = MEMBER_SHIPPERS_END,
    MEMBER_PARSED_END = MEMBER_PARSED + 5,
    MEMBER_GELF = MEMBER_PARSED_END, /* what relays put a line into (wrapped_relayed.c) … */
    MEMBER_CLOUD,
    MEMBER_LINE,
    MEMBER_AZURE,
    MEMBER_MSG,
    MEMBER_VERSION, /* … what tells that it is theirs … */
    MEMBER_INSERT,
    MEMBER_LABELS,
    MEMBER_FACILITY,
    MEMBER_STAMP,
    MEMBER_STAMPS_END = MEMBER_STAMP + 3,
    MEMBER_WHEN = MEMBER_STAMPS_END, /* … and what the line had before it: its time, … */
    MEMBER_WHEN_RSYSLOG_END = MEMBER_WHEN + 2,
    MEMBER_WHEN_END = MEMBER_WHEN + 9,
    MEMBER_WHERE = MEMBER_WHEN_END, /* … machine, … */
    MEMBER_WHERE_END = MEMBER_WHERE + 6,
    MEMBER_WHAT = MEMBER_WHERE_END, /* … program … */
    MEMBER_WHAT_RSYSLOG_END = MEMBER_WHAT + 2,
    MEMBER_IDENT = MEMBER_WHAT_RSYSLOG_END,
    MEMBER_PROGRAM_NG,
    MEMBER_PROGRAM_AZURE,
    MEMBER_WHAT_END,
    MEMBER_NUMBER = MEMBER_WHAT_END, /* … and process */
    MEMBER_NUMBER_END = MEMBER_NUMBER + 4,
    MEMBER_COUNT = MEMBER_NUMBER_END
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

/* ${raw} without a line end at its end, which Docker keeps inside the string. */
struct slice wrapped_without_line_end(struct slice raw);

/* The object in ${line}, which may be one of an array's: "[{…},", "{…},", "{…}]"; empty for what
 * stands around them. */
struct slice wrapped_without_array(struct slice line);

/* The object within which Splunk or Elasticsearch gives out an event, "result" or "_source", else
 * ${line}. */
struct slice wrapped_without_export(struct slice line);

/* Is ${inner}, of wrapped_without_export, a document of Elasticsearch with members of its own? What
 * Splunk gives out without the line itself are fields that it found. */
bool wrapped_is_document(struct slice inner, struct slice object);

/* The object behind the time and tag that Fluentd writes before it into files, separated by tabs;
 * empty where there is none. */
struct slice wrapped_tagged(struct slice line);

/* The line that a shipper put into an object, of its members ${m}. Returns: NULL where it is no
 * shipper's. */
const struct slice *wrapped_shipped_line(const struct slice *m);

/* Do the members ${m} hold a line of syslog or of a file as syslog-ng, rsyslog, Fluent Bit, Fluentd
 * (${tagged}: behind a tag), Graylog, Loki, Google's and Azure's logging write it? */
bool wrapped_is_relayed(const struct slice *m, bool tagged);

/* That line, with the time, machine and program that its members name before it, as syslog has
 * them. Returns: is there one? */
bool wrapped_append_relayed(struct buf *out, const struct slice *m, bool tagged);

/* Does a log that begins with ${head} hold lines within others? Its first line tells; where that is
 * no object, as where a log was cut in the middle of a line, the second may, too. Blank ones do not
 * count. */
bool wrapped_match(struct slice head);

#endif
