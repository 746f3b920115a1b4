/* envelope.h: the syslog prefix that may stand before a line of any format. */
#ifndef FORMAT_ENVELOPE_H
#define FORMAT_ENVELOPE_H

#include "base/calendar.h"
#include "base/slice.h"
#include "format/format.h"

#include <stdbool.h>

/*
 * envelope_strip(line, slots, body):
 * Recognise what syslog puts in front: an optional length (RFC 6587) and <PRI>; RFC 5424 (version,
 * RFC 3339 time, host, program, process, message id, structured data); RFC 3164 and rsyslog's forms
 * (a time, up to two names, `program[pid]:`, or in its place the start of CEF, LEEF or a JSON
 * object); `program[pid]:` alone, or a <PRI> alone. Times may be those of ctime, Cisco and Japanese
 * tools as well; where a relay put its own time and name before the sender's, the relay's time is
 * taken. Also what Kubernetes (CRI) and `docker logs -t` put before a line. Fills the envelope's
 * slots (SLOT_TIME, SLOT_TAG, SLOT_MACHINE, SLOT_PROCESS) and ${body}, all borrowed from ${line}.
 * "message repeated 2 times: [ TEXT]" has the body TEXT; a line end that rsyslog wrote as #015 is
 * none of it. ${line} has WIDE_SLACK readable bytes behind it. Returns: false where it has no such
 * prefix.
 */
bool envelope_strip(struct slice line, struct slice *slots, struct slice *body);

/* The same of logs that are sent without a tag, or with: a priority perhaps, a time, a name, and at
 * once the line, even a heading that begins with #. */
bool envelope_strip_untagged(struct slice line, struct slice *slots, struct slice *body);

/* That which the definition says may stand there; where it is untagged, else one with a tag. */
static inline bool envelope_strip_of(const struct format *f, struct slice line, struct slice *slots,
                                     struct slice *body)
{
    return (f->untagged && envelope_strip_untagged(line, slots, body)) ||
           envelope_strip(line, slots, body);
}

/* Does syslog say that a message came again, and not which? "… last message repeated 3 times" */
bool envelope_is_repeat(struct slice line);

/* Does ${line} begin as syslog alone does, with a priority or month, day and time? Cheap. */
static inline bool envelope_is_plain(struct slice line)
{
    return line.len > 15 && ((line.ptr[0] == '<' && line.ptr[1] >= '0' && line.ptr[1] <= '9') ||
                             (line.ptr[3] == ' ' && line.ptr[6] == ' ' && line.ptr[9] == ':' &&
                              line.ptr[12] == ':' && calendar_month(line.ptr) > 0));
}

#endif
