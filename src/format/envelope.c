/* envelope.c: takes the syslog prefix off. */
#include "format/envelope.h"

#include "base/calendar.h"
#include "format/format.h"
#include "format/scan.h"

#include <stdint.h>
#include <string.h>

enum {
    PLAIN_TIME_BYTES = 16,                                 /* of "Sep 30 09:00:00 " */
    PLAIN_NAME_BYTES = 16,                                 /* of a name looked at */
    PLAIN_BYTES = PLAIN_TIME_BYTES + 3 * PLAIN_NAME_BYTES, /* of a line: more than is looked at */
    NANOSECOND_BYTES = 30,                                 /* of "2026-09-30T00:25:05.123456789Z" */
    NAMES_BEFORE_TAG = 2,
    RELAYS_MAX = 2,  /* that put a time and a name before a line without a tag */
    OCTET_DIGITS = 5 /* of the length that RFC 6587 puts before a message */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void skip_blanks(struct slice *s)
{
    while (s->len > 0 && (s->ptr[0] == ' ' || s->ptr[0] == '\t'))
        *s = slice_from(*s, 1);
}

/* The next word; the blanks behind it are passed over. */
static struct slice take_word(struct slice *s)
{
    struct slice word = slice_of(s->ptr, slice_find(*s, ' '));

    word.len = slice_find(word, '\t');
    *s = slice_from(*s, word.len);
    skip_blanks(s);
    return word;
}

/* The length of the message, where a stream of syslog over TCP was stored as it came. */
static void skip_octet_count(struct slice *s)
{
    size_t n = 0;

    while (n < s->len && n < OCTET_DIGITS && is_digit(s->ptr[n]))
        n++;
    if (n > 0 && n + 1 < s->len && s->ptr[n] == ' ' && s->ptr[n + 1] == '<')
        *s = slice_from(*s, n + 1);
}

/* <0> to <191>. Returns: false where a bracket stands there that is no priority. */
static bool skip_priority(struct slice *s)
{
    size_t n = 1;

    if (s->len == 0 || s->ptr[0] != '<')
        return true;
    while (n < s->len && n < 4 && is_digit(s->ptr[n]))
        n++;
    if (n == 1 || n == s->len || s->ptr[n] != '>')
        return false;
    *s = slice_from(*s, n + 1);
    skip_blanks(s);
    return true;
}

/* Length of "Sep 30 09:00:00" or "Sep 30 2026 09:00:00" with a fraction, 0 where there is none. */
static size_t month_time_length(struct slice s)
{
    size_t n = 4;

    if (s.len < 15 || calendar_month(s.ptr) == 0 || s.ptr[3] != ' ')
        return 0;
    while (n < s.len && (s.ptr[n] == ' ' || is_digit(s.ptr[n]))) /* day, perhaps a year, the hour */
        n++;
    if (n < 8 || n + 6 > s.len || s.ptr[n] != ':' || s.ptr[n + 3] != ':')
        return 0;
    n += 6;
    while (n < s.len && (is_digit(s.ptr[n]) || s.ptr[n] == '.'))
        n++;
    return n;
}

/* Length of "Wed Sep 30 09:00:00 2026", also with a zone before the year, or "2026 Sep 30
 * 09:00:00"; 0 where there is none. */
static size_t year_time_length(struct slice s)
{
    size_t n;

    if (s.len < 20)
        return 0;
    if (s.ptr[4] == ' ' && is_digit(s.ptr[0]) && is_digit(s.ptr[3])) {
        n = month_time_length(slice_from(s, 5));
        return n == 0 ? 0 : 5 + n;
    }
    if (s.ptr[3] != ' ' || calendar_month(s.ptr + 4) == 0)
        return 0;
    n = month_time_length(slice_from(s, 4));
    if (n == 0)
        return 0;
    for (n += 4; n < s.len && (s.ptr[n] == ' ' || (s.ptr[n] >= 'A' && s.ptr[n] <= 'Z'));)
        n++;
    return n + 5 <= s.len && is_digit(s.ptr[n]) && is_digit(s.ptr[n + 3]) && s.ptr[n + 4] == ' '
               ? n + 4
               : 0;
}

/* Length of "2026-09-30T09:00:00+09:00", also with a blank for T or strokes in the date, 0 where
 * there is none. */
static size_t number_time_length(struct slice s)
{
    if (s.len < 19 || !is_digit(s.ptr[0]) || (s.ptr[4] != '-' && s.ptr[4] != '/') ||
        s.ptr[7] != s.ptr[4] || (s.ptr[10] != 'T' && s.ptr[10] != ' ') || s.ptr[13] != ':' ||
        s.ptr[16] != ':')
        return 0;
    s.len = 19 + slice_find(slice_from(s, 19), ' ');
    s.len = slice_find(s, '\t');
    return s.ptr[s.len - 1] == ':' ? s.len - 1 : s.len;
}

/* Length of " UTC", as Cisco writes it behind its time, before a colon. Of other zones the names
 * are no use. */
static size_t zone_name_length(struct slice s)
{
    return slice_starts_with(s, SLICE(" UTC:")) || slice_starts_with(s, SLICE(" GMT:")) ||
                   slice_starts_with(s, SLICE(" JST:"))
               ? strlen(" UTC")
               : 0;
}

static bool take_time(struct slice *s, struct slice *time)
{
    size_t n = month_time_length(*s);

    if (n > 0)
        n += zone_name_length(slice_from(*s, n));
    if (n == 0)
        n = number_time_length(*s);
    if (n == 0)
        n = year_time_length(*s);
    if (n > 0)
        *time = slice_of(s->ptr, n);
    *s = slice_from(*s, n);
    if (n > 0 && s->len > 0 && s->ptr[0] == ':') /* "Sep 30 09:00:00: …" */
        *s = slice_from(*s, 1);
    skip_blanks(s);
    return n > 0;
}

/* Structured data of RFC 5424: `-` or [id name="value" …]…, where a quote or bracket in a value has
 * a backslash. */
static void skip_structured_data(struct slice *s)
{
    bool quoted = false;

    if (s->len > 0 && s->ptr[0] == '-' && (s->len == 1 || s->ptr[1] == ' ')) {
        take_word(s);
        return;
    }
    while (s->len > 0 && s->ptr[0] == '[') {
        size_t n = 1;

        for (; n < s->len && (quoted || s->ptr[n] != ']'); n++) {
            if (s->ptr[n] == '\\' && n + 1 < s->len)
                n++;
            else if (s->ptr[n] == '"')
                quoted = !quoted;
        }
        *s = slice_from(*s, n < s->len ? n + 1 : n);
    }
    skip_blanks(s);
}

/* Length of "program[123]:", "program[123]" or "program:" at the start of ${word}, 0 where it is no
 * tag. ${bare}: only the first will do. What follows the first may stand there without a blank. */
static size_t tag_length(struct slice word, bool bare)
{
    size_t open = slice_find(word, '['), n = open + 1;

    while (n < word.len && is_digit(word.ptr[n]))
        n++;
    if (open > 0 && n > open + 1 && n < word.len && word.ptr[n] == ']') {
        if (n + 1 < word.len && word.ptr[n + 1] == ':')
            return n + 2;
        if (n + 1 == word.len && !bare)
            return n + 1;
    }
    return !bare && word.len > 1 && word.ptr[word.len - 1] == ':' ? word.len : 0;
}

/* The next word of ${s}; where it is a tag, into ${slots}. Returns: is it one? */
static bool take_tag_or_name(struct slice *s, bool bare, struct slice *word, struct slice *slots)
{
    const struct slice start = *s;
    struct slice number;
    size_t n;

    *word = take_word(s);
    n = tag_length(*word, bare);
    if (n == 0)
        return false;
    if (n < word->len)
        *s = slice_from(start, n);
    word->len = start.ptr[n - 1] == ':' ? n - 1 : n;
    if (slice_cut(*word, '[', &slots[SLOT_TAG], &number))
        slots[SLOT_PROCESS] = slice_of(number.ptr, slice_find(number, ']'));
    return true;
}

/* Can a priority, a month, a day of the week or a year begin so? Spares most lines the look. */
static bool may_begin_time(char c)
{
    return c == '<' || is_digit(c) || (c >= 'A' && c <= 'Z');
}

/* Cisco's EMBLEM form has a colon before the time or, without one, before the tag. */
static void skip_emblem(struct slice *s)
{
    if (s->len > 0 && s->ptr[0] == ':') {
        *s = slice_from(*s, 1);
        skip_blanks(s);
    }
}

/* Up to two names (machine, relay), then the tag. A relay may have put its own time and name before
 * those of the sender: its time is kept, which more often has a year and a zone. */
static bool take_tag(struct slice *s, struct slice *slots)
{
    struct slice time;

    for (int names = 0; names <= NAMES_BEFORE_TAG; names++) {
        struct slice word;

        if (slice_starts_with(*s, SLICE("CEF:")) || slice_starts_with(*s, SLICE("LEEF:")) ||
            slice_starts_with(*s, SLICE("{\"")))
            return true; /* these stand where the tag would */
        if (take_tag_or_name(s, false, &word, slots))
            return true;
        if (names == 0)
            slots[SLOT_MACHINE] = word;
        skip_emblem(s);
        if (s->len > 0 && may_begin_time(s->ptr[0]) && skip_priority(s) && take_time(s, &time))
            names = -1;
    }
    return false;
}

/* Do a process, a message id and structured data stand there? The process is a number or none. */
static bool has_header_rest(struct slice s)
{
    struct slice process = take_word(&s);
    size_t digits = 0;

    while (digits < process.len && is_digit(process.ptr[digits]))
        digits++;
    if (process.len == 0 || (digits < process.len && !slice_is(process, "-")))
        return false;
    take_word(&s); /* message id */
    return s.len > 0 && (s.ptr[0] == '[' || (s.ptr[0] == '-' && (s.len == 1 || s.ptr[1] == ' ')));
}

static bool strip_5424(struct slice *s, struct slice *slots)
{
    struct slice behind, word;

    take_word(s); /* version */
    if (slice_starts_with(*s, SLICE("- ")))
        take_word(s); /* none is known */
    else if (!take_time(s, &slots[SLOT_TIME]))
        return false;
    slots[SLOT_MACHINE] = take_word(s);
    behind = *s;
    if (take_tag_or_name(&behind, true, &word, slots) && !has_header_rest(behind)) {
        *s = behind; /* the rest is as in RFC 3164 */
        return true;
    }
    slots[SLOT_TAG] = take_word(s);
    slots[SLOT_PROCESS] = take_word(s);
    take_word(s); /* message id */
    skip_structured_data(s);
    if (slice_starts_with(*s, SLICE("\xef\xbb\xbf"))) /* says that the message is UTF-8 */
        *s = slice_from(*s, 3);
    return true;
}

/* Is it neither a time nor a tag with a number, behind a priority? A lower-case word of more than
 * four letters is no time, and a tag has a bracket. Most lines of `key=value` begin so; of others
 * it may say no. */
static bool is_message(struct slice s)
{
    const char *end = s.ptr + s.len, *stop = scan_three(s.ptr, end, " \t[");

    return stop - s.ptr > 4 && s.ptr[0] >= 'a' && s.ptr[0] <= 'z' && (stop == end || *stop != '[');
}

/* The prefix of syslog itself. */
static bool strip_program(struct slice line, struct slice *slots, struct slice *body)
{
    struct slice s = line, behind, word;
    const char *begin;
    bool ok = true;

    skip_octet_count(&s);
    if (!skip_priority(&s) || s.len < 3)
        return false;
    behind = s;
    begin = s.ptr;
    if (s.ptr != line.ptr)
        skip_emblem(&s);
    if (s.ptr != line.ptr && is_message(s)) {
        *body = s;
        return true;
    }
    if (s.ptr != line.ptr && is_digit(s.ptr[0]) && s.ptr[1] == ' ')
        ok = strip_5424(&s, slots);
    else if (take_time(&s, &slots[SLOT_TIME]))
        ok = take_tag(&s, slots);
    else if (take_tag_or_name(&behind, true, &word, slots))
        s = behind;
    else
        ok = begin != line.ptr; /* a priority alone */
    *body = s;
    return ok;
}

/* What Kubernetes (CRI) and `docker logs -t` put between the time and the line: the stream and F
 * for a whole line, or nothing behind a time to the nanosecond. The program may have put its own
 * prefix before the line, too: its name is kept, not its time. */
static bool strip_container(struct slice *s, struct slice *slots)
{
    struct slice time = slots[SLOT_TIME], inner[ENVELOPE_SLOTS] = {{NULL, 0}}, body;

    if (slice_starts_with(*s, SLICE("stdout F ")) || slice_starts_with(*s, SLICE("stderr F ")))
        *s = slice_from(*s, strlen("stdout F "));
    else if (time.len != NANOSECOND_BYTES || time.ptr[time.len - 1] != 'Z' ||
             slice_starts_with(*s, SLICE("stdout P ")) || slice_starts_with(*s, SLICE("stderr P ")))
        return false;
    if (s->len > 0 && !is_digit(s->ptr[0]) && strip_program(*s, inner, &body)) {
        memcpy(slots, inner, sizeof inner);
        *s = body;
    }
    slots[SLOT_TIME] = time;
    return true;
}

/* Does "Sep 30 09:00:00 " stand there? */
static bool has_plain_time(const char *p)
{
    return calendar_month(p) > 0 && p[3] == ' ' && (p[4] == ' ' || is_digit(p[4])) &&
           is_digit(p[5]) && p[6] == ' ' && is_digit(p[7]) && is_digit(p[8]) && p[9] == ':' &&
           p[12] == ':' && p[15] == ' ';
}

/* May a name or tag begin so? No time does, nor what may stand in place of a tag. */
static bool is_plain(char c)
{
    return c >= 'a' && c <= 'z';
}

/*
 * Most lines of syslog as strip_program would take them: "Sep 30 09:00:00 gw01 dnsmasq[183]: ", the
 * names shorter than sixteen bytes. Returns: false where anything is less plain.
 */
static bool strip_plain(struct slice line, struct slice *slots, struct slice *body)
{
    const char *name = line.ptr + PLAIN_TIME_BYTES, *tag, *number, *p;

    if (line.len < PLAIN_BYTES || !has_plain_time(line.ptr) || !is_plain(*name))
        return false;
    p = scan_three(name, name + PLAIN_NAME_BYTES, "[ \t");
    tag = p + 1;
    if (*p != ' ' || p[-1] == ':' || !is_plain(*tag))
        return false;
    p = scan_three(tag, tag + PLAIN_NAME_BYTES, "[ \t");
    number = p + 1;
    if (*p != '[')
        return false;
    p = scan_digits(number, number + sizeof(uint64_t));
    if (p == number || p[0] != ']' || p[1] != ':')
        return false;
    slots[SLOT_TIME] = slice_of(line.ptr, PLAIN_TIME_BYTES - 1);
    slots[SLOT_MACHINE] = slice_of(name, (size_t)(tag - 1 - name));
    slots[SLOT_TAG] = slice_of(tag, (size_t)(number - 1 - tag));
    slots[SLOT_PROCESS] = slice_of(number, (size_t)(p - number));
    *body = slice_from(line, (size_t)(p + 2 - line.ptr));
    skip_blanks(body);
    return true;
}

/* "message repeated 2 times: [ TEXT]" stands for TEXT, as rsyslog shortens what comes again. */
static struct slice unrepeated(struct slice body)
{
    const struct slice lead = SLICE("message repeated "), behind = SLICE(" times: [");
    struct slice rest;
    size_t n = 0;

    if (!slice_starts_with(body, lead))
        return body;
    rest = slice_from(body, lead.len);
    while (n < rest.len && is_digit(rest.ptr[n]))
        n++;
    rest = slice_from(rest, n);
    if (n == 0 || !slice_starts_with(rest, behind) || rest.ptr[rest.len - 1] != ']')
        return body;
    rest = slice_from(rest, behind.len);
    rest.len--;
    skip_blanks(&rest);
    return rest;
}

/* Cisco's own tag ("%ASA-5-304001: ") begins the message where relays, which took its machine or
 * zone for the program or know none, put a tag of theirs before it. */
static void take_cisco_tag(struct slice *body, struct slice *slots)
{
    struct slice rest = *body, word = take_word(&rest);

    if (word.len > 2 && word.ptr[1] >= 'A' && word.ptr[1] <= 'Z' && word.ptr[word.len - 1] == ':') {
        slots[SLOT_TAG] = slice_of(word.ptr, word.len - 1);
        *body = rest;
    }
}

/* Without the line end that rsyslog took for a part of the message: CR, LF or NUL behind it are
 * written as #015, #012 and #000. */
static struct slice without_line_end(struct slice body)
{
    while (body.len >= 4 && body.ptr[body.len - 4] == '#' && body.ptr[body.len - 3] == '0') {
        const struct slice octal = slice_from(body, body.len - 2);

        if (!slice_is(octal, "15") && !slice_is(octal, "12") && !slice_is(octal, "00"))
            break;
        body.len -= 4;
    }
    return body;
}

/* What was sent, of what stands behind the prefix. */
static struct slice sent(struct slice body)
{
    if (body.len > 0 && body.ptr[0] == 'm')
        body = unrepeated(body);
    return without_line_end(body);
}

static bool strip(struct slice line, struct slice *slots, struct slice *body)
{
    struct slice s = line;

    if (line.len > 0 && line.ptr[0] == '<') /* neither of the others */
        return strip_program(line, slots, body);
    if (strip_plain(line, slots, body))
        return true;
    if (line.len > NANOSECOND_BYTES && is_digit(line.ptr[0]) && take_time(&s, &slots[SLOT_TIME]) &&
        strip_container(&s, slots)) {
        *body = s;
        return true;
    }
    return strip_program(line, slots, body);
}

bool envelope_strip(struct slice line, struct slice *slots, struct slice *body)
{
    if (!strip(line, slots, body))
        return false;
    *body = sent(*body);
    if (body->len > 0 && body->ptr[0] == '%')
        take_cisco_tag(body, slots);
    return true;
}

/* A time that no W3C log begins its lines with: theirs has a blank within. */
static bool take_foreign_time(struct slice *s, struct slice *time)
{
    if (number_time_length(*s) > 0 && s->ptr[10] != 'T')
        return false;
    return take_time(s, time);
}

/* Does a container's prefix stand there, behind its time? */
static bool is_container(struct slice behind, struct slice time)
{
    return slice_starts_with(behind, SLICE("stdout ")) ||
           slice_starts_with(behind, SLICE("stderr ")) ||
           (time.len == NANOSECOND_BYTES && time.ptr[time.len - 1] == 'Z');
}

/* A tag, also behind one more name, where there is one all the same. */
static void skip_tag(struct slice *s, struct slice *slots)
{
    struct slice behind = *s, word;

    if (s->len == 0 || s->ptr[0] == '#' || is_digit(s->ptr[0]))
        return; /* a heading, or the line */
    for (int names = 0; names < NAMES_BEFORE_TAG; names++)
        if (take_tag_or_name(&behind, false, &word, slots)) {
            *s = behind;
            return;
        }
}

bool envelope_strip_untagged(struct slice line, struct slice *slots, struct slice *body)
{
    struct slice s = line, time;
    int relays = 0;

    skip_octet_count(&s);
    if (!skip_priority(&s) || !take_foreign_time(&s, &slots[SLOT_TIME]) ||
        is_container(s, slots[SLOT_TIME]))
        return false;
    do {
        if (number_time_length(s) > 0) /* no name, but the line */
            break;
        slots[SLOT_MACHINE] = take_word(&s);
    } while (relays++ < RELAYS_MAX && skip_priority(&s) && take_foreign_time(&s, &time));
    skip_tag(&s, slots);
    *body = sent(s);
    return true;
}

bool envelope_is_repeat(struct slice line)
{
    const struct slice lead = SLICE(" last message repeated "), times = SLICE(" times");
    size_t at = slice_find_slice(line, lead), n = at + lead.len;

    while (n < line.len && is_digit(line.ptr[n]))
        n++;
    return at < line.len && n > at + lead.len && slice_equal(slice_from(line, n), times);
}
