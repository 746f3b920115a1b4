/* wrapped_relayed.c: lines in the objects of relays and of those who collect for others.
 *
 * The line is one member, and another tells that it is that: syslog-ng's format-json has MESSAGE
 * and PROGRAM, templates of rsyslog and the syslog inputs of Fluentd and Fluent Bit "message" or
 * "msg" and the program or tag, Azure's table Syslog SyslogMessage and Facility. Of these the line
 * has no head any more: it is written before it again, for the time of many products stands nowhere
 * else. Graylog (GELF), Loki, Google's logging and Fluent Bit's tail have the line as it was.
 */
#include "text/wrapped_internal.h"

/* A line in the member ${text}, where one of those from ${first} to before ${end} is there. */
struct relay {
    int text, first, end;
    bool has_head; /* the line has */
};

static const struct relay relays[] = {
    {MEMBER_GELF, MEMBER_VERSION, MEMBER_VERSION + 1, true},
    {MEMBER_CLOUD, MEMBER_INSERT, MEMBER_INSERT + 1, true},
    {MEMBER_LINE, MEMBER_LABELS, MEMBER_LABELS + 1, true},
    {MEMBER_LOG, MEMBER_STAMP, MEMBER_STAMPS_END, true},
    {MEMBER_AZURE, MEMBER_FACILITY, MEMBER_FACILITY + 1, false},
    {MEMBER_MESSAGE, MEMBER_PROGRAM_NG, MEMBER_PROGRAM_NG + 1, false},
    {MEMBER_TEXT, MEMBER_IDENT, MEMBER_IDENT + 1, false},
    {MEMBER_TEXT, MEMBER_WHAT, MEMBER_WHAT_RSYSLOG_END, false},
    {MEMBER_TEXT, MEMBER_WHEN, MEMBER_WHEN_RSYSLOG_END, false},
    {MEMBER_MSG, MEMBER_WHAT, MEMBER_WHAT_RSYSLOG_END, false},
    {MEMBER_MSG, MEMBER_WHEN, MEMBER_WHEN_RSYSLOG_END, false},
};

/* Is one of the members from ${first} to before ${end} there? */
static bool has(const struct slice *m, int first, int end)
{
    for (; first < end; first++)
        if (m[first].ptr != NULL)
            return true;
    return false;
}

/* The first of them that says something. */
static struct slice first_of(const struct slice *m, int first, int end)
{
    for (; first < end; first++)
        if (m[first].len > 0)
            return m[first];
    return slice_of("", 0);
}

/* "log" may be the name of one. */
static bool is_line(const struct slice *m, int text)
{
    enum { LINE_BYTES = 16 };

    return m[text].len > 0 && (text != MEMBER_LOG || (m[text].len >= LINE_BYTES &&
                                                      slice_find(m[text], ' ') < m[text].len));
}

static const struct relay *find(const struct slice *m)
{
    if (has(m, MEMBER_PARSED, MEMBER_PARSED_END) || m[MEMBER_MICROS].ptr != NULL ||
        m[MEMBER_RAW].len > 0) /* the whole line, beside what was found in it */
        return NULL;
    for (size_t i = 0; i < sizeof relays / sizeof *relays; i++)
        if (is_line(m, relays[i].text) && has(m, relays[i].first, relays[i].end))
            return &relays[i];
    return NULL;
}

/* What Fluentd wrote behind a tag, which may be any object. */
static struct slice tagged_line(const struct slice *m)
{
    if (has(m, MEMBER_PARSED, MEMBER_PARSED_END))
        return slice_of("", 0);
    return m[MEMBER_TEXT].len > 0 ? m[MEMBER_TEXT] : m[MEMBER_LOG];
}

/* "TIME HOST PROGRAM[PID]: ", of which time and program must be there. */
static void append_head(struct buf *out, const struct slice *m)
{
    struct slice time = first_of(m, MEMBER_WHEN, MEMBER_WHEN_END),
                 machine = first_of(m, MEMBER_WHERE, MEMBER_WHERE_END),
                 program = first_of(m, MEMBER_WHAT, MEMBER_WHAT_END),
                 number = first_of(m, MEMBER_NUMBER, MEMBER_NUMBER_END);

    if (time.len == 0)
        time =
            m[MEMBER_TIME].len > 0 ? m[MEMBER_TIME] : first_of(m, MEMBER_STAMP, MEMBER_STAMPS_END);
    if (program.len > 0 && program.ptr[program.len - 1] == ':') /* a tag as it stood */
        program.len--;
    if (time.len == 0 || program.len == 0)
        return;
    wrapped_append_text(out, time);
    buf_append_byte(out, ' ');
    wrapped_append_text(out, machine.len > 0 ? machine : SLICE("-"));
    buf_append_byte(out, ' ');
    wrapped_append_text(out, program);
    if (number.len > 0 && !slice_is(number, "-") && program.ptr[program.len - 1] != ']') {
        buf_append_byte(out, '[');
        wrapped_append_text(out, number);
        buf_append_byte(out, ']');
    }
    buf_append(out, SLICE(": "));
}

bool wrapped_is_relayed(const struct slice *m, bool tagged)
{
    return find(m) != NULL || (tagged && tagged_line(m).len > 0);
}

bool wrapped_append_relayed(struct buf *out, const struct slice *m, bool tagged)
{
    const struct relay *relay = find(m);
    struct slice text = relay != NULL ? m[relay->text] : slice_of("", 0);

    if (relay == NULL && tagged)
        text = tagged_line(m);
    if (text.len == 0)
        return false;
    if (relay != NULL && !relay->has_head) {
        append_head(out, m);
        wrapped_skip_blanks(&text);
    }
    wrapped_append_text(out, wrapped_without_line_end(text));
    return true;
}
