/* envelope.c: takes the syslog prefix off. */
#include "format/envelope.h"

#include "base/calendar.h"
#include "format/format.h"

#include <string.h>

enum { NAMES_BEFORE_TAG = 2 };

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

    *s = slice_from(*s, word.len);
    skip_blanks(s);
    return word;
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

/* Length of "2026-09-30T09:00:00+09:00", also with a blank for T, 0 where there is none. */
static size_t number_time_length(struct slice s)
{
    size_t n;

    if (s.len < 19 || !is_digit(s.ptr[0]) || s.ptr[4] != '-' || s.ptr[7] != '-' ||
        (s.ptr[10] != 'T' && s.ptr[10] != ' ') || s.ptr[13] != ':' || s.ptr[16] != ':')
        return 0;
    n = 11 + slice_find(slice_from(s, 11), ' ');
    return n;
}

static bool take_time(struct slice *s, struct slice *time)
{
    size_t n = month_time_length(*s);

    if (n == 0)
        n = number_time_length(*s);
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

/* "program[123]:" or "program:" */
static bool is_tag(struct slice word)
{
    return word.len > 1 && word.ptr[word.len - 1] == ':';
}

/* "program[123]:" or "program:" */
static void split_tag(struct slice tag, struct slice *slots)
{
    struct slice number;

    tag.len--;
    if (slice_cut(tag, '[', &slots[SLOT_TAG], &number))
        slots[SLOT_PROCESS] = slice_of(number.ptr, slice_find(number, ']'));
}

/* Up to two names (machine, relay), then the tag. */
static bool take_tag(struct slice *s, struct slice *slots)
{
    for (int names = 0; names <= NAMES_BEFORE_TAG; names++) {
        struct slice word;

        if (slice_starts_with(*s, SLICE("CEF:")) || slice_starts_with(*s, SLICE("LEEF:")) ||
            slice_starts_with(*s, SLICE("{\"")))
            return true; /* these stand where the tag would */
        word = take_word(s);

        if (is_tag(word)) {
            split_tag(word, slots);
            return true;
        }
        if (names == 0)
            slots[SLOT_MACHINE] = word;
    }
    return false;
}

/* program[123]: without any time. */
static bool take_bare_tag(struct slice *s, struct slice *slots)
{
    struct slice word = slice_of(s->ptr, slice_find(*s, ' '));
    size_t bracket = slice_find(word, '[');

    if (word.len < 5 || bracket == 0 || bracket + 4 > word.len ||
        memcmp(word.ptr + word.len - 2, "]:", 2) != 0)
        return false;
    split_tag(word, slots);
    take_word(s);
    return true;
}

static bool strip_5424(struct slice *s, struct slice *slots)
{
    take_word(s); /* version */
    if (!take_time(s, &slots[SLOT_TIME]))
        return false;
    slots[SLOT_MACHINE] = take_word(s);
    slots[SLOT_TAG] = take_word(s);
    slots[SLOT_PROCESS] = take_word(s);
    take_word(s); /* message id */
    skip_structured_data(s);
    if (slice_starts_with(*s, SLICE("\xef\xbb\xbf"))) /* says that the message is UTF-8 */
        *s = slice_from(*s, 3);
    return true;
}

bool envelope_strip(struct slice line, struct slice *slots, struct slice *body)
{
    struct slice s = line;
    bool ok;

    if (!skip_priority(&s) || s.len < 3)
        return false;
    if (s.ptr != line.ptr && is_digit(s.ptr[0]) && s.ptr[1] == ' ')
        ok = strip_5424(&s, slots);
    else if (take_time(&s, &slots[SLOT_TIME]))
        ok = take_tag(&s, slots);
    else
        ok = take_bare_tag(&s, slots) || s.ptr != line.ptr; /* a priority alone */
    *body = s;
    return ok;
}
