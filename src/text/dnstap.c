/* dnstap.c: Frame Streams, frame by frame into lines. */
#include "text/dnstap.h"

#include "base/buf.h"
#include "text/dnstap_message.h"
#include "text/transcoder.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    LENGTH_BYTES = 4,
    CONTROL_LIMIT = 512,    /* as libfstrm has it */
    FRAME_LIMIT = 1 << 20,  /* likewise */
    FIELD_CONTENT_TYPE = 1, /* of a control frame */
    DAMAGE_BYTES = 200
};

/* Kinds of control frames. */
enum { CONTROL_ACCEPT = 1, CONTROL_STOP = 3, CONTROL_FINISH = 5 };

/* What the next bytes are. */
enum place { PLACE_LENGTH, PLACE_CONTROL_LENGTH, PLACE_CONTROL, PLACE_DATA, PLACE_BROKEN };

struct dnstap {
    enum place place;
    size_t want;      /* bytes of it */
    struct buf held;  /* the part of them that came with earlier pieces */
    uint64_t offset;  /* of the next byte */
    uint64_t frames;  /* data frames so far */
    uint64_t damaged; /* of them */
    uint64_t first_damaged;
    const char *first_why;
    const char *broken_why; /* reading ended before the stream did; NULL: no */
    struct dnstap_asked asked;
    struct dnstap_line line;
    size_t copied; /* bytes of the line handed out */
    char damage[DAMAGE_BYTES];
};

static uint32_t big_endian(struct slice s)
{
    return (uint32_t)(unsigned char)s.ptr[0] << 24 | (uint32_t)(unsigned char)s.ptr[1] << 16 |
           (uint32_t)(unsigned char)s.ptr[2] << 8 | (uint32_t)(unsigned char)s.ptr[3];
}

/* The content type of a control frame, empty where it names none. */
static struct slice content_type(struct slice control)
{
    for (control = slice_from(control, LENGTH_BYTES); control.len >= 2 * (size_t)LENGTH_BYTES;) {
        uint32_t field = big_endian(control),
                 length = big_endian(slice_from(control, LENGTH_BYTES));

        control = slice_from(control, 2 * (size_t)LENGTH_BYTES);
        if (length > control.len)
            length = (uint32_t)control.len;
        if (field == FIELD_CONTENT_TYPE)
            return slice_of(control.ptr, length);
        control = slice_from(control, length);
    }
    return slice_of("", 0);
}

static bool is_control_length(uint32_t length)
{
    return length >= LENGTH_BYTES && length <= CONTROL_LIMIT;
}

/* Does a control frame stand at the begin? Its content type into ${type}. */
static bool begins_stream(struct slice head, struct slice *type)
{
    uint32_t length, kind;

    if (head.len < 3 * (size_t)LENGTH_BYTES || big_endian(head) != 0)
        return false;
    head = slice_from(head, LENGTH_BYTES);
    length = big_endian(head);
    head = slice_from(head, LENGTH_BYTES);
    kind = big_endian(head);
    if (!is_control_length(length) || length > head.len || kind < CONTROL_ACCEPT ||
        kind > CONTROL_FINISH)
        return false;
    *type = content_type(slice_of(head.ptr, length));
    return true;
}

static bool is_dnstap(struct slice type)
{
    return type.len == 0 || slice_is(type, "protobuf:dnstap.Dnstap");
}

bool dnstap_is_foreign(struct slice head)
{
    struct slice type;

    return begins_stream(head, &type) && !is_dnstap(type);
}

static bool match(struct slice head)
{
    struct slice type;

    return begins_stream(head, &type) && is_dnstap(type);
}

static void *create(struct slice head)
{
    struct dnstap *d = calloc(1, sizeof *d);

    (void)head;
    if (d != NULL)
        d->want = LENGTH_BYTES;
    return d;
}

static void expect(struct dnstap *d, enum place place, size_t want)
{
    d->place = place;
    d->want = want;
}

/* Nothing more can be read. */
static void break_off(struct dnstap *d, const char *what)
{
    d->broken_why = what;
    d->place = PLACE_BROKEN;
}

/* All bytes of the next item, from ${in} and from what is held; false where they are not there yet.
 */
static bool take(struct dnstap *d, struct slice *in, struct slice *item)
{
    size_t missing = d->want - d->held.len;

    if (in->len < missing || d->held.len > 0) {
        size_t n = in->len < missing ? in->len : missing;

        buf_append(&d->held, slice_of(in->ptr, n));
        *in = slice_from(*in, n);
        d->offset += n;
        *item = buf_slice(&d->held);
        if (d->held.failed)
            break_off(d, "no memory for what stands");
        return item->len == d->want && !d->held.failed;
    }
    *item = slice_of(in->ptr, d->want);
    *in = slice_from(*in, d->want);
    d->offset += d->want;
    return true;
}

static void take_frame(struct dnstap *d, struct slice frame)
{
    const char *why = dnstap_line_of(&d->asked, frame, &d->line);

    d->copied = 0;
    d->frames++;
    if (why == NULL)
        return;
    if (d->damaged++ == 0) {
        d->first_damaged = d->frames;
        d->first_why = why;
    }
}

static void take_control(struct dnstap *d, struct slice control)
{
    if (!is_dnstap(content_type(control)))
        break_off(d, "a stream of another content");
    else
        expect(d, PLACE_LENGTH, LENGTH_BYTES);
}

static void take_item(struct dnstap *d, struct slice item)
{
    uint32_t length = item.len < LENGTH_BYTES ? 0 : big_endian(item);

    switch (d->place) {
    case PLACE_LENGTH:
        if (length == 0)
            expect(d, PLACE_CONTROL_LENGTH, LENGTH_BYTES);
        else if (length <= FRAME_LIMIT)
            expect(d, PLACE_DATA, length);
        else
            break_off(d, "a length beyond 1 MiB");
        break;
    case PLACE_CONTROL_LENGTH:
        if (is_control_length(length))
            expect(d, PLACE_CONTROL, length);
        else if (length == 0) /* padding */
            expect(d, PLACE_CONTROL_LENGTH, LENGTH_BYTES);
        else
            break_off(d, "no control frame");
        break;
    case PLACE_CONTROL: take_control(d, item); break;
    case PLACE_DATA:
        take_frame(d, item);
        expect(d, PLACE_LENGTH, LENGTH_BYTES);
        break;
    case PLACE_BROKEN: break;
    }
}

/* Up to the next whole line. Returns: false where ${in} is used up before. */
static bool next_line(struct dnstap *d, struct slice *in)
{
    uint64_t before = d->frames;
    struct slice item;

    while (in->len > 0 && d->frames == before) {
        if (d->place == PLACE_BROKEN) {
            *in = slice_from(*in, in->len);
        } else if (take(d, in, &item)) {
            take_item(d, item);
            buf_reset(&d->held);
        }
    }
    return d->frames != before;
}

/* Between two frames, or in the padding behind the last, a stream may end. */
static void finish(struct dnstap *d)
{
    bool padding = d->place == PLACE_CONTROL_LENGTH && d->held.len == 0;

    if (d->place != PLACE_BROKEN && !padding && (d->place != PLACE_LENGTH || d->held.len > 0))
        break_off(d, "cut off");
}

static size_t convert(void *self, struct slice *in, bool at_end, char *out, size_t room)
{
    struct dnstap *d = self;
    size_t made = 0, n;

    while (made < room && (d->copied < d->line.len || next_line(d, in))) {
        n = d->line.len - d->copied;
        if (n > room - made)
            n = room - made;
        memcpy(out + made, d->line.bytes + d->copied, n);
        d->copied += n;
        made += n;
    }
    if (made == 0 && at_end)
        finish(d);
    return made;
}

static const char *damage(void *self)
{
    struct dnstap *d = self;
    int n = 0;

    if (d->damaged > 0)
        n = snprintf(d->damage, sizeof d->damage,
                     "dnstap: %" PRIu64 " damaged frame%s, %s%" PRIu64 ": %s", d->damaged,
                     d->damaged == 1 ? "" : "s", d->damaged == 1 ? "number " : "the first is ",
                     d->first_damaged, d->first_why);
    if (d->broken_why != NULL && n >= 0 && (size_t)n < sizeof d->damage)
        snprintf(d->damage + n, sizeof d->damage - (size_t)n,
                 "%sdnstap: %s behind frame %" PRIu64 ", at byte %" PRIu64, n > 0 ? "; " : "",
                 d->broken_why, d->frames, d->offset);
    return d->damage[0] == '\0' ? NULL : d->damage;
}

static void destroy(void *self)
{
    struct dnstap *d = self;

    if (d == NULL)
        return;
    buf_free(&d->held);
    free(d);
}

const struct transcoder dnstap_transcoder = {.name = "dnstap",
                                             .match = match,
                                             .create = create,
                                             .convert = convert,
                                             .damage = damage,
                                             .destroy = destroy};
