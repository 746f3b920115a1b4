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

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Does ${s}, which begins behind ${before}, begin with "25:05" or a number of seconds, or
 * thousandths and so on, since 1970? ${digits}: so many it begins with. */
static bool begins_with_time(struct slice s, size_t digits, char before)
{
    if (digits == 2)
        return (before == 'T' || before == ' ' || before == '"') && s.len >= 5 && s.ptr[2] == ':' &&
               is_digit(s.ptr[3]) && is_digit(s.ptr[4]);
    return (digits == 10 || digits == 13 || digits == 16 || digits == 19) && s.ptr[0] == '1' &&
           before != '-';
}

/* Does a time stand in ${s}? */
static bool has_time(struct slice s)
{
    size_t n;

    for (size_t i = 0; i<s.len; i += n> 0 ? n : 1) {
        for (n = 0; i + n < s.len && is_digit(s.ptr[i + n]); n++)
            continue;
        if (n > 0 && i > 0 && begins_with_time(slice_from(s, i), n, s.ptr[i - 1]))
            return true;
    }
    return false;
}

/* Up to the next object. ${around} gets the values beside the array that holds it, but for other
 * arrays and objects. */
static enum documents_step pass_object(struct documents_reading *r, struct slice *head,
                                       struct buf *around)
{
    enum documents_step step = STEP_ON;

    while (head->len > 0 && step == STEP_ON && r->state != IN_JUNK) {
        step = documents_step(r, head->ptr[0]);
        if ((r->state == IN_STRING || r->state == IN_WORD) &&
            (r->depth == r->base + 1 || r->depth == r->nest))
            buf_append_byte(around, head->ptr[0]);
        *head = slice_from(*head, 1);
    }
    return step;
}

/* Are the objects records, whose own arrays are not to be taken apart? These have a time, and what
 * stands in their arrays has none, as the first tells: "events" of an answer are what was asked
 * for, "events" of a record are some of what it says. */
static bool are_records(struct slice head)
{
    struct documents_reading r = {.state = EXPECT_VALUE};
    struct buf around = {0};
    bool yes = false;

    if (pass_object(&r, &head, &around) == STEP_OBJECT) {
        yes = has_time(buf_slice(&r.object)) != documents_is_unwrapped(&r);
        if (documents_is_unwrapped(&r)) {
            while (yes && r.depth > r.base && pass_object(&r, &head, &around) == STEP_OBJECT)
                continue;
            yes = yes && has_time(buf_slice(&around));
        } else { /* an empty one tells nothing */
            yes = yes && slice_find_slice(buf_slice(&r.object), SLICE(":[]")) == r.object.len;
        }
    }
    buf_free(&around);
    buf_free(&r.object);
    return yes;
}

static void *create(struct slice head)
{
    struct documents *d = calloc(1, sizeof *d);

    if (d != NULL)
        d->reading.whole = are_records(head);
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

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool begins_value(struct slice s)
{
    return s.len > 0 && (s.ptr[0] == '{' || s.ptr[0] == '[');
}

/* Does an object or array stand behind the first object, in the same line? Or behind the array that
 * had only this, as answers do that were written to one file? */
static bool goes_on(struct slice behind, bool in_array)
{
    wrapped_skip_blanks(&behind);
    if (in_array && behind.len > 0 && behind.ptr[0] == ']') {
        behind = slice_from(behind, 1);
        while (behind.len > 0 && is_blank(behind.ptr[0]))
            behind = slice_from(behind, 1);
    } else if (behind.len > 0 && behind.ptr[0] == ',') {
        behind = slice_from(behind, 1);
        wrapped_skip_blanks(&behind);
    }
    return begins_value(behind);
}

/* The first object tells. Objects a line each, also as an array of such lines, are no matter of
 * this file: they are read as they stand. */
static bool match(struct slice head)
{
    struct documents_reading r = {.state = EXPECT_VALUE, .whole = are_records(head)};
    enum documents_step step = STEP_ON;
    bool is_match = false;

    while (head.len > 0 && step == STEP_ON && r.state != IN_JUNK) {
        step = documents_step(&r, head.ptr[0]);
        r.newlines += head.ptr[0] == '\n';
        head = slice_from(head, 1);
    }
    if (step == STEP_OBJECT)
        is_match = documents_is_unwrapped(&r) || r.newlines > r.begun || goes_on(head, r.base > 0);
    else if (step == STEP_ON && r.inside)
        is_match = documents_is_unwrapped(&r) || r.newlines > r.begun;
    buf_free(&r.object);
    return is_match;
}

const struct transcoder documents_transcoder = {.name = "JSON documents",
                                                .match = match,
                                                .holds_others = true,
                                                .create = create,
                                                .convert = convert,
                                                .damage = damage,
                                                .destroy = destroy};
