/* envelope_time.c: times as syslog servers, relays and devices write them before a message. */
#include "base/calendar.h"
#include "format/envelope/envelope_internal.h"

#include <string.h>

/* Length of "Sep 30 09:00:00" or "Sep 30 2026 09:00:00" with a fraction, 0 where there is none. */
static size_t month_time_length(struct slice s)
{
    size_t n = 4;

    if (s.len < 15 || calendar_month(s.ptr) == 0 || s.ptr[3] != ' ')
        return 0;
    while (n < s.len &&
           (s.ptr[n] == ' ' || envelope_is_digit(s.ptr[n]))) /* day, perhaps a year, the hour */
        n++;
    if (n < 8 || n + 6 > s.len || s.ptr[n] != ':' || s.ptr[n + 3] != ':')
        return 0;
    n += 6;
    while (n < s.len && (envelope_is_digit(s.ptr[n]) || s.ptr[n] == '.'))
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
    if (s.ptr[4] == ' ' && envelope_is_digit(s.ptr[0]) && envelope_is_digit(s.ptr[3])) {
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
    return n + 5 <= s.len && envelope_is_digit(s.ptr[n]) && envelope_is_digit(s.ptr[n + 3]) &&
                   s.ptr[n + 4] == ' '
               ? n + 4
               : 0;
}

/* Length of "2026-09-30T09:00:00+09:00", also with a blank for T or strokes in the date, 0 where
 * there is none. */
static size_t number_time_length(struct slice s)
{
    if (s.len < 19 || !envelope_is_digit(s.ptr[0]) || (s.ptr[4] != '-' && s.ptr[4] != '/') ||
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

bool envelope_take_time(struct slice *s, struct slice *time)
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
    envelope_skip_blanks(s);
    return n > 0;
}

bool envelope_take_foreign_time(struct slice *s, struct slice *time)
{
    if (number_time_length(*s) > 0 && s->ptr[10] != 'T')
        return false;
    return envelope_take_time(s, time);
}

bool envelope_begins_number_time(struct slice s)
{
    return number_time_length(s) > 0;
}
