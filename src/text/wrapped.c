/* wrapped.c: lines as containers, systemd's journal and log shippers keep them, taken out.
 *
 * Docker's json-file driver: {"log":"LINE\n","stream":"stdout","time":"RFC 3339"}, written as
 * Kubernetes would, "TIME stdout F LINE"; `journalctl -o json` with MESSAGE and fields of the
 * journal, written as syslog would, "TIME HOST PROGRAM[PID]: LINE". Of what Filebeat, Logstash and
 * Vector ship the line is "message", of what Splunk and Cribl give out "_raw". What looks like none
 * of these stays: many products' own JSON has a "message", too.
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
#include "text/utf16.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_LIMIT = 1 << 20, MICROS = 1000000 };

/* What Docker cuts lines to, and what a character that it cut through grows by: each byte of it is
 * three, at both ends. */
enum { DOCKER_PIECE_BYTES = 16 * 1024, DOCKER_PIECE_MORE = 12 };

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
    MEMBER_COUNT = MEMBER_PARSED + 4
};

static const char *const names[MEMBER_COUNT] = {
    [MEMBER_LOG] = "log",
    [MEMBER_TIME] = "time",
    [MEMBER_STREAM] = "stream",
    [MEMBER_MESSAGE] = "MESSAGE",
    [MEMBER_MICROS] = "__REALTIME_TIMESTAMP",
    [MEMBER_HOST] = "_HOSTNAME",
    [MEMBER_PROGRAM] = "SYSLOG_IDENTIFIER",
    [MEMBER_COMMAND] = "_COMM",
    [MEMBER_PROCESS] = "_PID",
    [MEMBER_RAW] = "_raw",
    [MEMBER_TEXT] = "message",
    /* one of these says that a shipper put the line into "message" … */
    [MEMBER_SHIPPER] = "@version",        /* Logstash */
    [MEMBER_SHIPPER + 1] = "input",       /* Filebeat */
    [MEMBER_SHIPPER + 2] = "prospector",  /* its version 6 */
    [MEMBER_SHIPPER + 3] = "beat",        /* the same */
    [MEMBER_SHIPPER + 4] = "source_type", /* Vector */
    /* … and one of these, that it is no line but a text about what stands beside it. */
    [MEMBER_PARSED] = "winlog",
    [MEMBER_PARSED + 1] = "event_data",
    [MEMBER_PARSED + 2] = "http",
    [MEMBER_PARSED + 3] = "url",
};

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

static void skip_blanks(struct slice *s)
{
    while (s->len > 0 && (s->ptr[0] == ' ' || s->ptr[0] == '\t'))
        *s = slice_from(*s, 1);
}

/* A string, its escapes not undone. */
static bool take_string(struct slice *s, struct slice *out)
{
    size_t n = 1;

    if (s->len == 0 || s->ptr[0] != '"')
        return false;
    while (n < s->len && s->ptr[n] != '"')
        n += s->ptr[n] == '\\' ? 2 : 1;
    if (n >= s->len)
        return false;
    *out = slice_of(s->ptr + 1, n - 1);
    *s = slice_from(*s, n + 1);
    return true;
}

/* Past anything else: a number, a word, an array or object. */
static bool skip_value(struct slice *s)
{
    struct slice text;
    int depth = 0;

    while (s->len > 0 && (depth > 0 || (s->ptr[0] != ',' && s->ptr[0] != '}'))) {
        char c = s->ptr[0];

        if (c == '"') {
            if (!take_string(s, &text))
                return false;
            continue;
        }
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        *s = slice_from(*s, 1);
    }
    return s->len > 0;
}

/* The wanted members of the object that ${s} is. Returns: is it one? */
static bool read_members(struct slice s, struct slice *members)
{
    struct slice name, value;

    if (s.len > 0 && s.ptr[s.len - 1] == '\r')
        s.len--;
    s = slice_trim(s);
    if (s.len < 2 || s.ptr[0] != '{')
        return false;
    do {
        s = slice_from(s, 1);
        skip_blanks(&s);
        if (!take_string(&s, &name))
            return false;
        skip_blanks(&s);
        if (s.len == 0 || s.ptr[0] != ':')
            return false;
        s = slice_from(s, 1);
        skip_blanks(&s);
        value = slice_of("", 0); /* what is no string is there, but says nothing */
        if (s.len > 0 && s.ptr[0] == '"' ? !take_string(&s, &value) : !skip_value(&s))
            return false;
        for (int m = 0; m < MEMBER_COUNT; m++)
            if (slice_is(name, names[m]))
                members[m] = value;
        skip_blanks(&s);
    } while (s.len > 0 && s.ptr[0] == ',');
    return slice_is(s, "}");
}

static int hex4(struct slice digits)
{
    int value = 0;

    if (digits.len < 4)
        return -1;
    for (size_t i = 0; i < 4; i++) {
        char c = digits.ptr[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* One escape at the begin of ${raw}. Returns: its bytes. */
static size_t append_escape(struct buf *out, struct slice raw, struct utf16 *units)
{
    static const char letters[] = "\"\\/bfnrt", bytes[] = "\"\\/ \f  \t";
    int unit = raw.ptr[1] == 'u' ? hex4(slice_from(raw, 2)) : -1;
    const char pair[2] = {(char)(unit >> 8), (char)(unit & 0xff)};
    const char *letter = raw.ptr[1] == '\0' ? NULL : strchr(letters, raw.ptr[1]);
    char text[UTF16_TO_UTF8_BYTES(2)];

    if (unit >= 0) {
        buf_append(out, slice_of(text, utf16_to_utf8(units, slice_of(pair, 2), text)));
        return 6;
    }
    buf_append(out, slice_of(text, utf16_finish(units, text)));
    if (letter == NULL)
        buf_append_byte(out, raw.ptr[1]);
    else
        buf_append_byte(out, bytes[letter - letters]);
    return 2;
}

/* The text of a string: a line, so its line ends become blanks. */
static void append_unescaped(struct buf *out, struct slice raw)
{
    struct utf16 units = {.big_endian = true};
    char text[UTF16_TO_UTF8_BYTES(2)];
    size_t n;

    while (raw.len > 0) {
        n = slice_find(raw, '\\');
        if (n == 0 && raw.len > 1) {
            n = append_escape(out, raw, &units);
        } else {
            buf_append(out, slice_of(text, utf16_finish(&units, text)));
            n = n == 0 ? 1 : n;
            buf_append(out, slice_of(raw.ptr, n));
        }
        raw = slice_from(raw, n);
    }
    buf_append(out, slice_of(text, utf16_finish(&units, text)));
}

/* Is the last byte what a backslash makes of it? Not where that is itself behind another. */
static bool ends_in_escape(struct slice raw)
{
    size_t backslashes = 0;

    while (backslashes + 1 < raw.len && raw.ptr[raw.len - 2 - backslashes] == '\\')
        backslashes++;
    return backslashes % 2 == 1;
}

/* The line end that Docker keeps inside the string. */
static struct slice without_line_end(struct slice raw)
{
    while (ends_in_escape(raw) && (raw.ptr[raw.len - 1] == 'n' || raw.ptr[raw.len - 1] == 'r'))
        raw.len -= 2;
    return raw;
}

/* A line of Kubernetes or a piece of one: "TIME stdout F TEXT". */
struct container_line {
    struct slice before; /* "TIME stdout " */
    struct slice text;
    int stream;
    bool more; /* P: the line goes on in another piece */
};

static bool read_container_line(struct slice line, struct container_line *out)
{
    const size_t time = slice_find(line, ' '), tag = time + strlen(" stdout ");
    struct slice stream;

    if (time < strlen("2026-09-30T00:25:05Z") || tag + 2 > line.len || line.ptr[4] != '-' ||
        line.ptr[10] != 'T' || line.ptr[13] != ':' || line.ptr[tag + 1] != ' ' ||
        (line.ptr[tag] != 'F' && line.ptr[tag] != 'P'))
        return false;
    stream = slice_of(line.ptr + time, tag - time);
    if (!slice_is(stream, " stdout ") && !slice_is(stream, " stderr "))
        return false;
    out->before = slice_of(line.ptr, tag);
    out->text = slice_from(line, tag + 2);
    out->stream = slice_is(stream, " stdout ") ? STREAM_OUT : STREAM_ERR;
    out->more = line.ptr[tag] == 'P';
    return true;
}

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
        append_unescaped(out, m[MEMBER_HOST]);
        buf_append_byte(out, ' ');
    }
    append_unescaped(out, program.len > 0 ? program : SLICE("journal"));
    if (m[MEMBER_PROCESS].len > 0) {
        buf_append_byte(out, '[');
        buf_append(out, m[MEMBER_PROCESS]);
        buf_append_byte(out, ']');
    }
    buf_append(out, SLICE(": "));
    append_unescaped(out, m[MEMBER_MESSAGE]);
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
    append_unescaped(&w->made, text);
    length = w->made.len - before;
    w->made.len = before;
    return length >= DOCKER_PIECE_BYTES && length <= DOCKER_PIECE_BYTES + DOCKER_PIECE_MORE;
}

static void take_docker(struct wrapped *w, const struct slice *m)
{
    const int stream = slice_is(m[MEMBER_STREAM], "stderr") ? STREAM_ERR : STREAM_OUT;
    const struct slice text = without_line_end(m[MEMBER_LOG]);
    const bool ended = text.len < m[MEMBER_LOG].len;
    const bool more = !ended && is_docker_piece(w, text);
    struct buf *to = line_of(w, stream, more);
    const size_t before = to->len;

    w->ends_lines |= ended;
    if (to == &w->made || before == 0) {
        append_unescaped(to, m[MEMBER_TIME]);
        buf_append(to, SLICE(" stdout F "));
    }
    append_unescaped(to, text);
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

/* The object within which Splunk gives out an event, "result", else ${line}. */
static struct slice without_splunk(struct slice line)
{
    const struct slice name = SLICE("\"result\":");
    struct slice rest;

    if (!slice_starts_with(line, SLICE("{\"preview\":")))
        return line;
    rest = slice_from(line, slice_find_slice(line, name));
    while (rest.len > 0 && rest.ptr[rest.len - 1] != '}')
        rest.len--;
    return rest.len > name.len ? slice_of(rest.ptr + name.len, rest.len - name.len - 1) : line;
}

/* The line that a shipper put into an object. Returns: NULL where it is no shipper's. */
static const struct slice *shipped_line(const struct slice *m)
{
    bool shipper = false, parsed = false;

    if (m[MEMBER_RAW].len > 0)
        return &m[MEMBER_RAW];
    for (int i = MEMBER_SHIPPER; i < MEMBER_SHIPPERS_END; i++)
        shipper |= m[i].ptr != NULL;
    for (int i = MEMBER_PARSED; i < MEMBER_COUNT; i++)
        parsed |= m[i].ptr != NULL;
    return m[MEMBER_TEXT].len > 0 && shipper && !parsed ? &m[MEMBER_TEXT] : NULL;
}

/* The object in ${line}, which may be one of an array's: "[{…},", "{…},", "{…}]"; empty for what
 * stands around them. */
static struct slice without_array(struct slice line)
{
    struct slice s = slice_trim(line);

    if (s.len > 0 && s.ptr[s.len - 1] == '\r')
        s = slice_trim(slice_of(s.ptr, s.len - 1));
    if (s.len > 0 && s.ptr[0] == '[')
        s = slice_trim(slice_from(s, 1));
    if (s.len > 0 && s.ptr[0] != '{' && !slice_is(s, "]") && !slice_is(s, ","))
        return line;
    if (s.len > 0 && (s.ptr[s.len - 1] == ',' || s.ptr[s.len - 1] == ']'))
        s = slice_trim(slice_of(s.ptr, s.len - 1));
    return s;
}

/* What stands in ${line}, else the line itself. */
static void take_out(struct wrapped *w, struct slice line)
{
    struct slice m[MEMBER_COUNT] = {{NULL, 0}}, object = without_array(line);
    struct container_line container;
    const struct slice *shipped;
    size_t before = w->made.len;

    if (read_container_line(line, &container)) {
        take_container_line(w, &container);
        return;
    }
    if (object.len == 0) /* nothing is lost */
        return;
    if (read_members(without_splunk(object), m)) {
        if ((shipped = shipped_line(m)) != NULL) {
            append_unescaped(&w->made, without_line_end(*shipped));
            return;
        }
        if (m[MEMBER_LOG].ptr != NULL && m[MEMBER_TIME].len > 0) {
            take_docker(w, m);
            return;
        }
        if (m[MEMBER_MESSAGE].ptr != NULL && append_moment(&w->made, m[MEMBER_MICROS])) {
            append_journal(&w->made, m);
            return;
        }
    }
    w->made.len = before;
    buf_append(&w->made, line);
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
    if (w->passing || w->held.len > LINE_LIMIT) /* however much of it was read at once */
        buf_append(&w->made, buf_slice(&w->held));
    else
        take_out(w, buf_slice(&w->held));
    buf_reset(&w->held);
    w->passing = cut;
    if (whole && w->newest == STREAM_NONE)
        buf_append_byte(&w->made, '\n');
    return true;
}

/* Does the object that begins with ${line}, and is longer, look like a shipper's? */
static bool match_begin(struct slice line)
{
    static const char *const shippers[] = {"*\"@version\"*:*", "*\"beat\"*:*", "*\"input\":{*",
                                           "*\"source_type\"*:*"};
    bool shipper = false;

    for (size_t i = 0; i < sizeof shippers / sizeof *shippers; i++)
        shipper |= slice_glob(slice_of_string(shippers[i]), line);
    return slice_glob(SLICE("*\"_raw\"*:*\"*"), line) ||
           (shipper && slice_glob(SLICE("*\"message\"*:*\"*"), line) &&
            !slice_glob(SLICE("*\"winlog*"), line) && !slice_glob(SLICE("*\"event_data\"*"), line));
}

/* Is it a shipper's? The members of a whole object tell, not what stands in its line. */
static bool match_shipped(struct slice object)
{
    struct slice m[MEMBER_COUNT] = {{NULL, 0}};

    if (read_members(without_splunk(object), m))
        return shipped_line(m) != NULL;
    return match_begin(object);
}

static bool match_line(struct slice line)
{
    struct container_line container;

    if (read_container_line(line, &container))
        return true;
    line = without_array(line);
    return slice_starts_with(line, SLICE("{\"log\":\"")) ||
           (slice_starts_with(line, SLICE("{")) &&
            (slice_glob(SLICE("*\"__CURSOR\"*:*"), line) ||
             slice_glob(SLICE("*\"__REALTIME_TIMESTAMP\"*:*"), line) ||
             slice_glob(SLICE("*\"_BOOT_ID\"*:*"), line) || match_shipped(line)));
}

/* The first line tells; where it is no object, as where a log was cut in the middle of a line, the
 * second may, too. Blank ones do not count. */
static bool match(struct slice head)
{
    struct slice m[MEMBER_COUNT], line;

    for (int lines = 0; lines < 2 && head.len > 0;) {
        slice_cut(head, '\n', &line, &head);
        skip_blanks(&line);
        if (line.len == 0 || slice_is(line, "\r"))
            continue;
        if (match_line(line))
            return true;
        if (read_members(without_array(line), m))
            return false;
        lines++;
    }
    return false;
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

const struct transcoder wrapped_transcoder = {
    "lines within others", match, NULL, create, convert, damage, destroy};
