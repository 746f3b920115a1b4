/* documents.c: the objects in texts of JSON that are no lines of it, a line each.
 *
 * What consoles and interfaces of products give out: an array of objects, over many lines or on
 * one; objects over several lines, or one behind another without a line end (as Firehose puts them
 * into files); an object with an array of them in it, as "value" of Microsoft Graph, "records" of
 * Azure's diagnostics or "hits" of Elasticsearch's answers. Of CloudWatch Logs' "logEvents" and
 * "events" the line is "message"; it is written as their export does, "TIME LINE".
 *
 * An object stands in the line in which it ended, with blank ones before it; where several end in
 * one, they are counted on.
 */
#include "base/calendar.h"
#include "base/num.h"
#include "base/zone.h"
#include "text/documents_internal.h"
#include "text/transcoder.h"
#include "text/wrapped_internal.h"

#include <stdlib.h>

struct documents {
    struct documents_reading reading;
    struct buf made; /* lines taken out */
    size_t given;    /* of them */
    uint64_t lines;  /* so many */
};

/* The digits behind "timestamp": in the object. */
static struct slice timestamp_of(struct slice object)
{
    const struct slice name = SLICE("\"timestamp\":");
    struct slice rest = slice_from(object, slice_find_slice(object, name));
    size_t n = 0;

    rest = slice_from(rest, rest.len == 0 ? 0 : name.len);
    while (n < rest.len && rest.ptr[n] >= '0' && rest.ptr[n] <= '9')
        n++;
    return slice_of(rest.ptr, n);
}

/* Is the object one of CloudWatch Logs? "events" of others have a "message" and a "timestamp", too,
 * and more than these. */
static bool is_event(const struct documents_reading *r, struct slice object)
{
    const struct slice array = slice_of(r->array_name, r->array_name_len);

    if (!documents_is_unwrapped(r))
        return false;
    return slice_is(array, "logEvents") ||
           (slice_is(array, "events") &&
            slice_find_slice(object, SLICE("\"ingestionTime\":")) < object.len);
}

/* A line that CloudWatch Logs kept. Returns: is it one? */
static bool append_event(struct documents *d, struct slice object)
{
    struct slice m[MEMBER_COUNT] = {{NULL, 0}};
    uint64_t millis;

    if (!is_event(&d->reading, object) || !wrapped_read_members(object, m) ||
        m[MEMBER_TEXT].len == 0 || !num_parse(timestamp_of(object), INT64_MAX / 1000, &millis))
        return false;
    zone_append_rfc3339(&d->made, NULL, (int64_t)millis * 1000);
    buf_append_byte(&d->made, ' ');
    wrapped_append_text(&d->made, wrapped_without_line_end(m[MEMBER_TEXT]));
    return true;
}

/* What was read, as a line where it ended. */
static void end_line(struct documents *d)
{
    const struct slice object = buf_slice(&d->reading.object);

    if (!append_event(d, object))
        buf_append(&d->made, object);
    buf_append_byte(&d->made, '\n');
    d->lines++;
    buf_reset(&d->reading.object);
}

/* A line end of the text, which is one of ours unless objects that ended before it were more. */
static void pass_line_end(struct documents *d)
{
    if (d->lines >= ++d->reading.newlines)
        return;
    buf_append_byte(&d->made, '\n');
    d->lines++;
}

/* Up to the next line made, or the end of ${in}. Returns: is there one? */
static bool next_line(struct documents *d, struct slice *in)
{
    struct documents_reading *r = &d->reading;

    buf_reset(&d->made);
    d->given = 0;
    while (in->len > 0 && d->made.len == 0) {
        const char c = in->ptr[0];
        enum documents_step step = documents_step(r, c);

        if (step == STEP_OBJECT || (step != STEP_ON && r->object.len > 0))
            end_line(d);
        if (step == STEP_AGAIN)
            continue;
        if (c == '\n')
            pass_line_end(d);
        *in = slice_from(*in, 1);
    }
    return d->made.len > 0;
}

/* Nothing comes behind: what is open is cut off. */
static bool last_line(struct documents *d)
{
    struct documents_reading *r = &d->reading;

    r->broken |= documents_is_open(r);
    if (r->object.len == 0)
        return false;
    end_line(d);
    return true;
}

static void *create(struct slice head)
{
    struct documents *d = calloc(1, sizeof *d);

    if (d != NULL)
        d->reading.whole = documents_are_records(head);
    return d;
}

static size_t convert(void *self, struct slice *in, bool at_end, char *out, size_t room)
{
    struct documents *d = self;
    size_t made = 0;

    while (made < room &&
           (d->given < d->made.len || next_line(d, in) || (at_end && last_line(d)))) {
        size_t n = d->made.len - d->given;

        n = n < room - made ? n : room - made;
        memcpy(out + made, d->made.ptr + d->given, n);
        d->given += n;
        made += n;
    }
    return made;
}

static const char *damage(void *self)
{
    const struct documents *d = self;

    if (d->made.failed || d->reading.object.failed)
        return "out of memory";
    return d->reading.broken ? "some of it is no JSON" : NULL;
}

static void destroy(void *self)
{
    struct documents *d = self;

    if (d == NULL)
        return;
    buf_free(&d->reading.object);
    buf_free(&d->made);
    free(d);
}

const struct transcoder documents_transcoder = {.name = "JSON documents",
                                                .match = documents_match,
                                                .holds_others = true,
                                                .create = create,
                                                .convert = convert,
                                                .damage = damage,
                                                .destroy = destroy};
