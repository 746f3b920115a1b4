/* wrapped_object.c: what the objects and lines hold in which others keep lines. */
#include "text/utf16.h"
#include "text/wrapped_internal.h"

#include <string.h>

#define NAME(text)                                                                                 \
    {                                                                                              \
        (text), sizeof(text) - 1                                                                   \
    }

static const struct slice names[MEMBER_COUNT] = {
    [MEMBER_LOG] = NAME("log"),
    [MEMBER_TIME] = NAME("time"),
    [MEMBER_STREAM] = NAME("stream"),
    [MEMBER_MESSAGE] = NAME("MESSAGE"),
    [MEMBER_MICROS] = NAME("__REALTIME_TIMESTAMP"),
    [MEMBER_HOST] = NAME("_HOSTNAME"),
    [MEMBER_PROGRAM] = NAME("SYSLOG_IDENTIFIER"),
    [MEMBER_COMMAND] = NAME("_COMM"),
    [MEMBER_PROCESS] = NAME("_PID"),
    [MEMBER_RAW] = NAME("_raw"),
    [MEMBER_TEXT] = NAME("message"),
    /* one of these says that a shipper put the line into "message" … */
    [MEMBER_SHIPPER] = NAME("@version"),        /* Logstash */
    [MEMBER_SHIPPER + 1] = NAME("input"),       /* Filebeat */
    [MEMBER_SHIPPER + 2] = NAME("prospector"),  /* its version 6 */
    [MEMBER_SHIPPER + 3] = NAME("beat"),        /* the same */
    [MEMBER_SHIPPER + 4] = NAME("source_type"), /* Vector */
    /* … and one of these, that it is no line but a text about what stands beside it. */
    [MEMBER_PARSED] = NAME("winlog"),
    [MEMBER_PARSED + 1] = NAME("event_data"),
    [MEMBER_PARSED + 2] = NAME("http"),
    [MEMBER_PARSED + 3] = NAME("url"),
    [MEMBER_PARSED + 4] = NAME("EventID"),
    /* relays: see wrapped_relayed.c */
    [MEMBER_GELF] = NAME("short_message"),
    [MEMBER_CLOUD] = NAME("textPayload"),
    [MEMBER_LINE] = NAME("line"),
    [MEMBER_AZURE] = NAME("SyslogMessage"),
    [MEMBER_MSG] = NAME("msg"),
    [MEMBER_VERSION] = NAME("version"),
    [MEMBER_INSERT] = NAME("insertId"),
    [MEMBER_LABELS] = NAME("labels"),
    [MEMBER_FACILITY] = NAME("Facility"),
    [MEMBER_STAMP] = NAME("date"),
    [MEMBER_STAMP + 1] = NAME("timestamp"),
    [MEMBER_STAMP + 2] = NAME("@timestamp"),
    [MEMBER_WHEN] = NAME("timereported"),
    [MEMBER_WHEN + 1] = NAME("timegenerated"),
    [MEMBER_WHEN + 2] = NAME("ISODATE"),
    [MEMBER_WHEN + 3] = NAME("S_ISODATE"),
    [MEMBER_WHEN + 4] = NAME("R_ISODATE"),
    [MEMBER_WHEN + 5] = NAME("DATE"),
    [MEMBER_WHEN + 6] = NAME("EventTime"),
    [MEMBER_WHEN + 7] = NAME("TimeGenerated"),
    [MEMBER_WHEN + 8] = NAME("syslogtimestamp"),
    [MEMBER_WHERE] = NAME("hostname"),
    [MEMBER_WHERE + 1] = NAME("sysloghost"),
    [MEMBER_WHERE + 2] = NAME("HOST"),
    [MEMBER_WHERE + 3] = NAME("HostName"),
    [MEMBER_WHERE + 4] = NAME("host"),
    [MEMBER_WHERE + 5] = NAME("fromhost"),
    [MEMBER_WHAT] = NAME("programname"),
    [MEMBER_WHAT + 1] = NAME("syslogtag"),
    [MEMBER_IDENT] = NAME("ident"),
    [MEMBER_PROGRAM_NG] = NAME("PROGRAM"),
    [MEMBER_PROGRAM_AZURE] = NAME("ProcessName"),
    [MEMBER_NUMBER] = NAME("procid"),
    [MEMBER_NUMBER + 1] = NAME("pid"),
    [MEMBER_NUMBER + 2] = NAME("PID"),
    [MEMBER_NUMBER + 3] = NAME("ProcessID"),
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

bool wrapped_read_members(struct slice s, struct slice *members)
{
    struct slice name, value;

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
        value = slice_of("", 0); /* what is no string is there, but says nothing */
        if (s.len > 0 && s.ptr[0] == '"' ? !take_string(&s, &value) : !skip_value(&s))
            return false;
        for (int m = 0; m < MEMBER_COUNT; m++)
            if (slice_equal(name, names[m]))
                members[m] = value;
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

/* The code unit of "uXXXX" at the begin of ${s}, -1 for anything else. None ends a line, and none
 * says how to read those behind it, as in UTF-16 two would that are no characters. */
static int unit_of(struct slice s)
{
    int unit = s.ptr[0] == 'u' ? hex4(slice_from(s, 1)) : -1;

    if (unit == '\n' || unit == '\r')
        return ' ';
    return unit == 0x0a00 || unit == 0xfffe ? 0xfffd : unit;
}

/* One escape at the begin of ${raw}. Returns: its bytes. */
static size_t append_escape(struct buf *out, struct slice raw, struct utf16 *units)
{
    static const char letters[] = "\"\\/bfnrt", bytes[] = "\"\\/ \f  \t";
    int unit = unit_of(slice_from(raw, 1));
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

/* Is the last byte what a backslash makes of it? Not where that is itself behind another. */
static bool ends_in_escape(struct slice raw)
{
    size_t backslashes = 0;

    while (backslashes + 1 < raw.len && raw.ptr[raw.len - 2 - backslashes] == '\\')
        backslashes++;
    return backslashes % 2 == 1;
}

struct slice wrapped_without_line_end(struct slice raw)
{
    while (ends_in_escape(raw) && (raw.ptr[raw.len - 1] == 'n' || raw.ptr[raw.len - 1] == 'r'))
        raw.len -= 2;
    return raw;
}

/* The object that is the value of ${name} in ${line}, else the line. */
static struct slice value_of(struct slice line, struct slice name)
{
    struct slice rest = slice_from(line, slice_find_slice(line, name)), after;

    if (rest.len == 0)
        return line;
    rest = slice_from(rest, name.len);
    wrapped_skip_blanks(&rest);
    after = rest;
    return rest.len > 0 && rest.ptr[0] == '{' && skip_value(&after)
               ? slice_of(rest.ptr, rest.len - after.len)
               : line;
}

struct slice wrapped_without_export(struct slice line)
{
    if (slice_starts_with(line, SLICE("{\"preview\":")))
        return value_of(line, SLICE("\"result\":"));
    if (slice_starts_with(line, SLICE("{\"_index\":")))
        return value_of(line, SLICE("\"_source\":"));
    return line;
}

bool wrapped_is_document(struct slice inner, struct slice object)
{
    return inner.ptr != object.ptr && slice_starts_with(object, SLICE("{\"_index\":")) &&
           slice_find(inner, '"') < inner.len;
}

struct slice wrapped_tagged(struct slice line)
{
    struct slice rest;

    if (line.len == 0 || line.ptr[0] < '0' || line.ptr[0] > '9')
        return slice_of("", 0);
    for (int tabs = 0; tabs < 2; tabs++) {
        slice_cut(line, '\t', &rest, &line);
        if (rest.len == 0)
            return slice_of("", 0);
    }
    return slice_starts_with(line, SLICE("{")) ? line : slice_of("", 0);
}

const struct slice *wrapped_shipped_line(const struct slice *m)
{
    bool shipper = false, parsed = false;

    if (m[MEMBER_RAW].len > 0)
        return &m[MEMBER_RAW];
    for (int i = MEMBER_SHIPPER; i < MEMBER_SHIPPERS_END; i++)
        shipper |= m[i].ptr != NULL;
    for (int i = MEMBER_PARSED; i < MEMBER_PARSED_END; i++)
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
