/* wrapped_object.c: what the objects and lines hold in which others keep lines. */
#include "text/utf16.h"
#include "text/wrapped_internal.h"

#include <string.h>

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
    [MEMBER_SOURCE] = "_source",
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

/* A value, and where it is an object that object. Of what else is no string: it is there, but says
 * nothing. */
static bool take_value(struct slice *s, struct slice *text, struct slice *object)
{
    const char *begin = s->ptr;

    *text = *object = slice_of("", 0);
    if (s->len > 0 && s->ptr[0] == '"')
        return take_string(s, text);
    if (!skip_value(s))
        return false;
    if (begin[0] == '{')
        *object = slice_of(begin, (size_t)(s->ptr - begin));
    return true;
}

bool wrapped_read_members(struct slice s, struct slice *members)
{
    struct slice name, value, object;

    if (s.len > 0 && s.ptr[s.len - 1] == '\r')
        s.len--;
    s = slice_trim(s);
    if (s.len < 2 || s.ptr[0] != '{')
        return false;
    do {
        s = slice_from(s, 1);
        wrapped_skip_blanks(&s);
        if (!take_string(&s, &name))
            return false;
        wrapped_skip_blanks(&s);
        if (s.len == 0 || s.ptr[0] != ':')
            return false;
        s = slice_from(s, 1);
        wrapped_skip_blanks(&s);
        if (!take_value(&s, &value, &object))
            return false;
        for (int m = 0; m < MEMBER_COUNT; m++)
            if (slice_is(name, names[m]))
                members[m] = m == MEMBER_SOURCE ? object : value;
        wrapped_skip_blanks(&s);
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

void wrapped_append_text(struct buf *out, struct slice raw)
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

struct slice wrapped_without_splunk(struct slice line)
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

struct slice wrapped_take_source(struct slice *m)
{
    struct slice source = m[MEMBER_SOURCE];

    if (source.len == 0)
        return slice_of("", 0);
    memset(m, 0, MEMBER_COUNT * sizeof *m);
    return wrapped_read_members(source, m) ? source : slice_of("", 0);
}

const struct slice *wrapped_shipped_line(const struct slice *m)
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

struct slice wrapped_without_array(struct slice line)
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

bool wrapped_read_container(struct slice line, struct container_line *out)
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
