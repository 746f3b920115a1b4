/* envelope.c: takes the syslog prefix off. */
#include "format/envelope/envelope.h"

#include "base/calendar.h"
#include "format/decoder/scan.h"
#include "format/envelope/envelope_internal.h"
#include "format/format.h"

#include <stdint.h>
#include <string.h>

enum {
    PLAIN_TIME_BYTES = 16,                                 /* of "Sep 30 09:00:00 " */
    PLAIN_NAME_BYTES = 16,                                 /* of a name looked at */
    PLAIN_BYTES = PLAIN_TIME_BYTES + 3 * PLAIN_NAME_BYTES, /* of a line: more than is looked at */
    NANOSECOND_BYTES = 30,                                 /* of "2026-09-30T00:25:05.123456789Z" */
    NAMES_BEFORE_TAG = 2,
    RELAYS_MAX = 2,      /* that put a time and a name before a line without a tag */
    PRIORITY_DIGITS = 3, /* at most */
    OCTET_DIGITS = 5     /* of the length that RFC 6587 puts before a message */
};

/* The length of the message, where a stream of syslog over TCP was stored as it came. */
static void skip_octet_count(struct slice *s)
{
    size_t n = 0;

    while (n < s->len && n < OCTET_DIGITS && envelope_is_digit(s->ptr[n]))
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
    while (n < s->len && n <= PRIORITY_DIGITS && envelope_is_digit(s->ptr[n]))
        n++;
    if (n == 1 || n == s->len || s->ptr[n] != '>')
        return false;
    *s = slice_from(*s, n + 1);
    envelope_skip_blanks(s);
    return true;
}

/* Structured data of RFC 5424: `-` or [id name="value" …]…, where a quote or bracket in a value has
 * a backslash. */
static void skip_structured_data(struct slice *s)
{
    bool quoted = false;

    if (s->len > 0 && s->ptr[0] == '-' && (s->len == 1 || s->ptr[1] == ' ')) {
        envelope_take_word(s);
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
    envelope_skip_blanks(s);
}

/* Length of "program[123]:", "program[123]" or "program:" at the start of ${word}, 0 where it is no
 * tag. ${bare}: only the first will do. What follows the first may stand there without a blank. */
static size_t tag_length(struct slice word, bool bare)
{
    size_t open = slice_find(word, '['), n = open + 1;

    while (n < word.len && envelope_is_digit(word.ptr[n]))
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

    *word = envelope_take_word(s);
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
    return c == '<' || envelope_is_digit(c) || (c >= 'A' && c <= 'Z');
}

/* Cisco's EMBLEM form has a colon before the time or, without one, before the tag. */
static void skip_emblem(struct slice *s)
{
    if (s->len > 0 && s->ptr[0] == ':') {
        *s = slice_from(*s, 1);
        envelope_skip_blanks(s);
    }
}

/* Does a tag with a number begin ${s}? Then a name with a colon before it is a machine's, or that
 * of a relay which wrote it so. */
static bool has_numbered_tag(struct slice s)
{
    return s.len > 0 && !envelope_is_digit(s.ptr[0]) &&
           tag_length(envelope_take_word(&s), true) > 0;
}

/* CEF, LEEF and JSON stand where the tag would, or what else is left of a header. */
static bool begins_message(struct slice s)
{
    return slice_starts_with(s, SLICE("CEF:")) || slice_starts_with(s, SLICE("LEEF:")) ||
           slice_starts_with(s, SLICE("{\""));
}

/* Up to two names (machine, relay), then the tag. A relay may have put its own time and name before
 * those of the sender: its time is kept, which more often has a year and a zone. */
static bool take_tag(struct slice *s, struct slice *slots)
{
    struct slice time;

    for (int names = 0; names <= NAMES_BEFORE_TAG; names++) {
        struct slice word;

        if (begins_message(*s))
            return true;
        if (take_tag_or_name(s, false, &word, slots) &&
            (slots[SLOT_PROCESS].len > 0 || names == NAMES_BEFORE_TAG || !has_numbered_tag(*s)))
            return true;
        if (names == 0)
            slots[SLOT_MACHINE] = word;
        skip_emblem(s);
        if (s->len > 0 && may_begin_time(s->ptr[0]) && skip_priority(s) &&
            envelope_take_time(s, &time))
            names = -1;
    }
    return false;
}

/* Do a process, a message id and structured data stand there? The process is a number or none. */
static bool has_header_rest(struct slice s)
{
    struct slice process = envelope_take_word(&s);
    size_t digits = 0;

    while (digits < process.len && envelope_is_digit(process.ptr[digits]))
        digits++;
    if (process.len == 0 || (digits < process.len && !slice_is(process, "-")))
        return false;
    envelope_take_word(&s); /* message id */
    return s.len > 0 && (s.ptr[0] == '[' || (s.ptr[0] == '-' && (s.len == 1 || s.ptr[1] == ' ')));
}

static bool strip_5424(struct slice *s, struct slice *slots)
{
    static const int rest[] = {SLOT_TAG, SLOT_PROCESS};
    struct slice behind, word;

    envelope_take_word(s); /* version */
    if (slice_starts_with(*s, SLICE("- ")))
        envelope_take_word(s); /* none is known */
    else if (!envelope_take_time(s, &slots[SLOT_TIME]))
        return false;
    slots[SLOT_MACHINE] = envelope_take_word(s);
    if (begins_message(*s))
        return true;
    behind = *s;
    if (take_tag_or_name(&behind, true, &word, slots) && !has_header_rest(behind)) {
        *s = behind; /* the rest is as in RFC 3164 */
        return true;
    }
    for (size_t i = 0; i < sizeof rest / sizeof *rest && !begins_message(*s); i++)
        slots[rest[i]] = envelope_take_word(s);
    if (begins_message(*s))
        return true;
    envelope_take_word(s); /* message id */
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
    if (s.ptr != line.ptr && envelope_is_digit(s.ptr[0]) && s.ptr[1] == ' ')
        ok = strip_5424(&s, slots);
    else if (envelope_take_time(&s, &slots[SLOT_TIME]))
        ok = take_tag(&s, slots);
    else if (take_tag_or_name(&behind, true, &word, slots))
        s = behind;
    else
        ok = begin != line.ptr || envelope_has_cisco_tag(s); /* a priority or that alone */
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
    if (s->len > 0 && !envelope_is_digit(s->ptr[0]) && strip_program(*s, inner, &body)) {
        memcpy(slots, inner, sizeof inner);
        *s = body;
    }
    slots[SLOT_TIME] = time;
    return true;
}

/* Does "Sep 30 09:00:00 " stand there? */
static bool has_plain_time(const char *p)
{
    return calendar_month(p) > 0 && p[3] == ' ' && (p[4] == ' ' || envelope_is_digit(p[4])) &&
           envelope_is_digit(p[5]) && p[6] == ' ' && envelope_is_digit(p[7]) &&
           envelope_is_digit(p[8]) && p[9] == ':' && p[12] == ':' && p[15] == ' ';
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
    envelope_skip_blanks(body);
    return true;
}

/*
 * Most lines of `key=value` behind a priority as strip_program would take them: behind the bracket
 * begins a word in lower case, so there is neither a blank nor EMBLEM's colon to be skipped, and
 * what is_message says holds. Long enough to be looked at without care. Returns: false where
 * anything is less plain.
 */
static bool strip_priority(struct slice line, struct slice *body)
{
    const char *digits = line.ptr + 1, *p;

    if (line.len < PLAIN_BYTES)
        return false;
    p = scan_digits(digits, digits + PRIORITY_DIGITS);
    if (p == digits || *p != '>' || !is_plain(p[1]))
        return false;
    *body = slice_from(line, (size_t)(p + 1 - line.ptr));
    return is_message(*body);
}

static bool strip(struct slice line, struct slice *slots, struct slice *body)
{
    struct slice s = line;

    if (line.len > 0 && line.ptr[0] == '{') /* what looks like a tag in an object is some text's */
        return false;
    if (line.len > 0 && line.ptr[0] == '<') /* neither of the others */
        return strip_priority(line, body) || strip_program(line, slots, body);
    if (strip_plain(line, slots, body))
        return true;
    if (line.len > NANOSECOND_BYTES && envelope_is_digit(line.ptr[0]) &&
        envelope_take_time(&s, &slots[SLOT_TIME]) && strip_container(&s, slots)) {
        *body = s;
        return true;
    }
    return strip_program(line, slots, body);
}

bool envelope_strip(struct slice line, struct slice *slots, struct slice *body)
{
    if (!strip(line, slots, body))
        return false;
    *body = envelope_message(*body);
    if (body->len > 0 && body->ptr[0] == '%')
        envelope_take_cisco_tag(body, slots);
    return true;
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

    if (s->len == 0 || s->ptr[0] == '#' || envelope_is_digit(s->ptr[0]))
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
    if (!skip_priority(&s) || !envelope_take_foreign_time(&s, &slots[SLOT_TIME]) ||
        is_container(s, slots[SLOT_TIME]))
        return false;
    do {
        if (envelope_begins_number_time(s)) /* no name, but the line */
            break;
        slots[SLOT_MACHINE] = envelope_take_word(&s);
    } while (relays++ < RELAYS_MAX && skip_priority(&s) && envelope_take_foreign_time(&s, &time));
    skip_tag(&s, slots);
    *body = envelope_message(s);
    return true;
}
