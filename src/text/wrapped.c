/* wrapped.c: lines as containers, systemd's journal and log shippers keep them, taken out.
 *
 * Docker's json-file driver: {"log":"LINE\n","stream":"stdout","time":"RFC 3339"}, written as
 * Kubernetes would, "TIME stdout F LINE"; `journalctl -o json` with MESSAGE and fields of the
 * journal, written as syslog would, "TIME HOST PROGRAM[PID]: LINE". Of what Filebeat, Logstash and
 * Vector ship the line is "message", of what Splunk and Cribl give out "_raw"; of hits of
 * Elasticsearch it is "_source", an object, or what a shipper put there; of others see
 * wrapped_relayed.c. What looks like none of these stays: many products' own JSON has a "message",
 * too.
 *
 * Docker and Kubernetes cut long lines in pieces of 16 KiB. They are joined, with the time of the
 * first; the line stands where its last piece stood, and in the places of the others are blank
 * ones, so that lines keep their numbers. Docker's pieces but the last have no line end in their
 * string; what others write in Docker's shape never has one, and is no piece.
 */
#include "base/buf.h"
#include "base/calendar.h"
#include "base/num.h"
#include "text/transcoder.h"
#include "text/wrapped_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_LIMIT = 1 << 20, MICROS = 1000000 };

/* What Docker cuts lines to, and what a character that it cut through grows by: each byte of it is
 * three, at both ends. */
enum { DOCKER_PIECE_BYTES = 16 * 1024, DOCKER_PIECE_MORE = 12 };

struct wrapped {
    struct buf held;                 /* a line whose end is not read yet */
    struct buf made;                 /* a line taken out */
    size_t given;                    /* of it */
    struct buf pieces[STREAM_COUNT]; /* a line up to its newest piece; empty: none is open */
    int newest;      /* the stream whose newest piece has not got its blank line yet */
    bool ends_lines; /* Docker's strings have had line ends */
    bool lost;       /* a line whose last piece is missing */
    bool passing;    /* in a line that is too long, the begin of which was given as it is */
};

static bool append_moment(struct buf *out, struct slice micros)
{
    uint64_t us;
    struct civil c;

    if (!num_parse(micros, INT64_MAX, &us))
        return false;
    c = calendar_civil((int64_t)(us / MICROS));
    buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d.%06uZ ", c.year, c.month, c.day, c.hour,
               c.minute, c.second, (unsigned)(us % MICROS));
    return true;
}

static void append_journal(struct buf *out, const struct slice *m)
{
    struct slice program = m[MEMBER_PROGRAM].len > 0 ? m[MEMBER_PROGRAM] : m[MEMBER_COMMAND];

    if (m[MEMBER_HOST].len > 0) {
        wrapped_append_text(out, m[MEMBER_HOST]);
        buf_append_byte(out, ' ');
    }
    wrapped_append_text(out, program.len > 0 ? program : SLICE("journal"));
    if (m[MEMBER_PROCESS].len > 0) {
        buf_append_byte(out, '[');
        buf_append(out, m[MEMBER_PROCESS]);
        buf_append_byte(out, ']');
    }
    buf_append(out, SLICE(": "));
    wrapped_append_text(out, m[MEMBER_MESSAGE]);
}

/* Where a line of ${stream} goes: behind the pieces before it, or at once into `made`. */
static struct buf *line_of(struct wrapped *w, int stream, bool more)
{
    return more || w->pieces[stream].len > 0 ? &w->pieces[stream] : &w->made;
}

/* One more piece is in: the last puts the line into `made`. What is longer than a line may be will
 * be refused as that: the pieces behind are of no use. */
static void note_piece(struct wrapped *w, int stream, bool more, size_t before)
{
    struct buf *pieces = &w->pieces[stream];

    w->made.failed |= pieces->failed;
    if (before > LINE_LIMIT)
        pieces->len = before;
    if (more) {
        w->newest = stream;
        return;
    }
    buf_append(&w->made, buf_slice(pieces));
    buf_reset(pieces);
}

/* Does a line go on behind ${text}, which has no line end? Before any had one its length tells. */
static bool is_docker_piece(struct wrapped *w, struct slice text)
{
    const size_t before = w->made.len;
    size_t length;

    if (w->ends_lines || text.len < DOCKER_PIECE_BYTES)
        return w->ends_lines;
    wrapped_append_text(&w->made, text);
    length = w->made.len - before;
    w->made.len = before;
    return length >= DOCKER_PIECE_BYTES && length <= DOCKER_PIECE_BYTES + DOCKER_PIECE_MORE;
}

static void take_docker(struct wrapped *w, const struct slice *m)
{
    const int stream = slice_is(m[MEMBER_STREAM], "stderr") ? STREAM_ERR : STREAM_OUT;
    const struct slice text = wrapped_without_line_end(m[MEMBER_LOG]);
    const bool ended = text.len < m[MEMBER_LOG].len;
    const bool more = !ended && is_docker_piece(w, text);
    struct buf *to = line_of(w, stream, more);
    const size_t before = to->len;

    w->ends_lines |= ended;
    if (to == &w->made || before == 0) {
        wrapped_append_text(to, m[MEMBER_TIME]);
        buf_append(to, SLICE(" stdout F "));
    }
    wrapped_append_text(to, text);
    if (to != &w->made)
        note_piece(w, stream, more, before);
}

static void take_container_line(struct wrapped *w, const struct container_line *line)
{
    struct buf *to = line_of(w, line->stream, line->more);
    const size_t before = to->len;

    if (to == &w->made || before == 0) {
        buf_append(to, line->before);
        buf_append(to, SLICE("F "));
    }
    buf_append(to, line->text);
    if (to != &w->made)
        note_piece(w, line->stream, line->more, before);
}

/* What stands in ${line}, else the line itself. */
static void take_out(struct wrapped *w, struct slice line)
{
    struct slice m[MEMBER_COUNT] = {{NULL, 0}}, tagged = wrapped_tagged(line);
    struct slice object = tagged.len > 0 ? tagged : wrapped_without_array(line);
    struct slice inner = wrapped_without_export(object);
    struct container_line container;
    const struct slice *shipped;
    size_t before = w->made.len;

    if (wrapped_read_container(line, &container)) {
        take_container_line(w, &container);
        return;
    }
    if (object.len == 0) /* nothing is lost */
        return;
    if (wrapped_read_members(inner, m)) {
        shipped = wrapped_shipped_line(m);
        if (shipped == NULL && m[MEMBER_LOG].ptr != NULL && m[MEMBER_TIME].len > 0) {
            take_docker(w, m);
            return;
        }
        if (wrapped_append_relayed(&w->made, m, tagged.len > 0))
            return;
        if (shipped != NULL) {
            wrapped_append_text(&w->made, wrapped_without_line_end(*shipped));
            return;
        }
        if (m[MEMBER_MESSAGE].ptr != NULL && append_moment(&w->made, m[MEMBER_MICROS])) {
            append_journal(&w->made, m);
            return;
        }
    }
    w->made.len = before;
    buf_append(&w->made, wrapped_is_document(inner, object) ? inner : line);
}

/* The blank line of a piece that more stands behind. */
static void end_piece(struct wrapped *w)
{
    if (w->newest != STREAM_NONE)
        buf_append_byte(&w->made, '\n');
    w->newest = STREAM_NONE;
}

/* Nothing comes behind: a line without its last piece stands where its newest did, and has no end.
 * Returns: is there one? */
static bool last_pieces(struct wrapped *w)
{
    const int newest = w->newest;

    w->newest = STREAM_NONE;
    for (int stream = 0; stream < STREAM_COUNT; stream++) {
        if (stream == newest)
            buf_append(&w->made, buf_slice(&w->pieces[stream]));
        else
            w->lost |= w->pieces[stream].len > 0;
        buf_reset(&w->pieces[stream]);
    }
    return newest != STREAM_NONE;
}

/* The next whole line of ${in}, or the last piece, into `made`. Returns: false where more is to be
 * read first. */
static bool next_line(struct wrapped *w, struct slice *in, bool at_end)
{
    size_t end = slice_find(*in, '\n');
    bool whole = end < in->len, cut;
    size_t before;

    buf_append(&w->held, slice_of(in->ptr, end));
    *in = slice_from(*in, whole ? end + 1 : end);
    cut = !whole && w->held.len > LINE_LIMIT; /* no line yet, but too long for one */
    if (!whole && !cut && (!at_end || w->held.len == 0)) {
        buf_reset(&w->made);
        w->given = 0;
        return at_end && last_pieces(w);
    }
    buf_reset(&w->made);
    w->given = 0;
    end_piece(w);
    before = w->made.len;
    if (w->passing || w->held.len > LINE_LIMIT) /* however much of it was read at once */
        buf_append(&w->made, buf_slice(&w->held));
    else
        take_out(w, buf_slice(&w->held));
    buf_reset(&w->held);
    w->passing = cut;
    if (w->newest != STREAM_NONE)
        return true;
    if (whole)
        buf_append_byte(&w->made, '\n');
    else if (w->made.len == before) /* the last line without an end is one all the same */
        buf_append_byte(&w->made, ' ');
    return true;
}

static void *create(struct slice head)
{
    struct wrapped *w = calloc(1, sizeof *w);

    (void)head;
    if (w != NULL)
        w->newest = STREAM_NONE;
    return w;
}

static size_t convert(void *self, struct slice *in, bool at_end, char *out, size_t room)
{
    struct wrapped *w = self;
    size_t made = 0, n;

    while (made < room && (w->given < w->made.len || next_line(w, in, at_end))) {
        n = w->made.len - w->given;
        if (n > room - made)
            n = room - made;
        if (n > 0) /* a piece has nothing yet */
            memcpy(out + made, w->made.ptr + w->given, n);
        w->given += n;
        made += n;
    }
    return made;
}

static const char *damage(void *self)
{
    const struct wrapped *w = self;

    if (w->held.failed || w->made.failed)
        return "out of memory";
    return w->lost ? "a line that was cut in pieces has no last piece" : NULL;
}

static void destroy(void *self)
{
    struct wrapped *w = self;

    if (w == NULL)
        return;
    buf_free(&w->held);
    buf_free(&w->made);
    for (int stream = 0; stream < STREAM_COUNT; stream++)
        buf_free(&w->pieces[stream]);
    free(w);
}

const struct transcoder wrapped_transcoder = {.name = "lines within others",
                                              .match = wrapped_match,
                                              .create = create,
                                              .convert = convert,
                                              .damage = damage,
                                              .destroy = destroy};
