/* stamp_part.c: the parts of a stamp; one short function a part, no locale. */
#include "format/stamp/stamp_part.h"

#include "base/calendar.h"

#include <string.h>

enum { LARGEST_DIGITS = 18 };

/* ${least} to ${most} digits. */
static bool read_number(struct stamp_reading *r, int least, int most, int32_t *out)
{
    int32_t value = 0;
    int n = 0;

    for (; n < most && r->p < r->end; n++, r->p++) {
        unsigned digit = (unsigned)(unsigned char)*r->p - '0';

        if (digit > 9)
            break;
        value = value * 10 + (int32_t)digit;
    }
    *out = value;
    return n >= least;
}

/* An optional fraction, of a second or of what an epoch counts; digits below a microsecond are cut.
 */
static bool read_fraction(struct stamp_reading *r)
{
    int32_t scale = 100000;

    if (r->p == r->end || (*r->p != '.' && *r->p != ','))
        return true;
    for (int i = 0; i < r->decimals; i++)
        scale /= 10;
    r->fraction = ++r->p;
    for (; r->p < r->end && *r->p >= '0' && *r->p <= '9'; r->p++, scale /= 10)
        r->micros += (*r->p - '0') * scale;
    r->fraction_end = r->p;
    return true;
}

/* +09, +0900 or +09:00. */
static bool read_signed_offset(struct stamp_reading *r)
{
    int32_t hours, minutes = 0, sign = *r->p++ == '-' ? -1 : 1;

    if (!read_number(r, 2, 2, &hours))
        return false;
    if (r->p < r->end && *r->p == ':')
        r->p++;
    if (r->p < r->end && *r->p >= '0' && *r->p <= '9' && !read_number(r, 2, 2, &minutes))
        return false;
    r->offset_s = sign * (hours * 3600 + minutes * 60);
    return hours < 24 && minutes < 60;
}

/* The zones that logs name by letters and that are the same everywhere; an offset may stand behind
 * the first two. */
static bool read_zone_name(struct stamp_reading *r)
{
    static const struct {
        char name[4];
        int32_t offset_s;
    } names[] = {{"UTC", 0}, {"GMT", 0}, {"JST", 9 * 3600}};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (r->end - r->p >= 3 && memcmp(r->p, names[i].name, 3) == 0) {
            r->p += 3;
            r->offset_s = names[i].offset_s;
            return r->p == r->end || r->offset_s != 0 || (*r->p != '+' && *r->p != '-') ||
                   read_signed_offset(r);
        }
    return false;
}

/* Z, +09, +0900, +09:00, GMT, UTC, UTC+09:00 or JST, with or without blanks before it. */
static bool read_offset(struct stamp_reading *r)
{
    while (r->p < r->end && *r->p == ' ')
        r->p++;
    if (r->p == r->end)
        return false;
    r->has_offset = true;
    if (*r->p == 'Z' || *r->p == 'z') {
        r->p++;
        r->offset_s = 0;
        return true;
    }
    return *r->p == '+' || *r->p == '-' ? read_signed_offset(r) : read_zone_name(r);
}

/* All digits that follow, as far as they are a number of 63 bits. */
static bool read_long(struct stamp_reading *r, int64_t *value, int *digits)
{
    *value = 0;
    for (*digits = 0; r->p < r->end; ++*digits, r->p++) {
        unsigned digit = (unsigned)(unsigned char)*r->p - '0';

        if (digit > 9)
            break;
        if (__builtin_mul_overflow(*value, INT64_C(10), value) ||
            __builtin_add_overflow(*value, (int64_t)digit, value))
            return false;
    }
    return *digits > 0;
}

static bool set_epoch(struct stamp_reading *r, int64_t seconds, int64_t micros)
{
    r->epoch = seconds;
    r->micros = (int32_t)micros;
    r->has_epoch = true;
    return seconds < INT64_C(253402214400); /* the year 10000, in any zone */
}

/* Whole seconds since 1970, the last ${decimals} digits being a fraction. */
static bool read_epoch(struct stamp_reading *r, int decimals)
{
    int64_t value, unit = 1;
    int digits;

    if (!read_long(r, &value, &digits) || (digits > LARGEST_DIGITS && decimals < 9))
        return false;
    for (int i = 0; i < decimals; i++)
        unit *= 10;
    r->decimals = decimals;
    return set_epoch(r, value / unit,
                     unit >= MICROSECONDS_PER_SECOND
                         ? value % unit / (unit / MICROSECONDS_PER_SECOND)
                         : value % unit * (MICROSECONDS_PER_SECOND / unit));
}

/* Windows' FILETIME, as LDAP servers write it too: tenths of microseconds since 1601. 0 is none. */
static bool read_file_time(struct stamp_reading *r)
{
    const int64_t per_second = 10 * MICROSECONDS_PER_SECOND, seconds_to_1970 = 11644473600;
    int64_t value;
    int digits;

    return read_long(r, &value, &digits) && value > 0 &&
           set_epoch(r, value / per_second - seconds_to_1970, value % per_second / 10);
}

/* Decimals of an epoch by its length: seconds have ten digits for centuries. */
static int decimals_of(const struct stamp_reading *r)
{
    int digits = 0, decimals = 0;

    while (digits < r->end - r->p && r->p[digits] >= '0' && r->p[digits] <= '9')
        digits++;
    while (decimals < 9 && digits - decimals > 11)
        decimals += 3;
    return decimals;
}

static bool read_month(struct stamp_reading *r)
{
    if (r->end - r->p < 3)
        return false;
    r->civil.month = calendar_month(r->p);
    r->p += 3;
    return r->civil.month != 0;
}

/* The full English name of a month, or its first three letters and more. */
static bool read_month_name(struct stamp_reading *r)
{
    static const char *const rests[] = {"uary", "ruary", "ch",     "il",   "",      "e",
                                        "y",    "ust",   "tember", "ober", "ember", "ember"};
    const char *rest;

    if (!read_month(r))
        return false;
    for (rest = rests[r->civil.month - 1]; *rest != '\0' && r->p < r->end; rest++, r->p++)
        if ((*r->p | 0x20) != *rest)
            break;
    return true;
}

/* The length of a blank: ASCII's, one that keeps lines together (before AM, in today's Windows), or
 * the wide one of Japanese; 0 for anything else. */
static size_t blank_length(const struct stamp_reading *r)
{
    static const char blanks[][4] = {"\xc2\xa0", "\xe2\x80\xaf", "\xe3\x80\x80"};
    struct slice rest = slice_of(r->p, (size_t)(r->end - r->p));

    if (rest.len == 0 || (*r->p & 0x80) == 0)
        return rest.len > 0 && *r->p == ' ';
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
        if (slice_starts_with(rest, slice_of_string(blanks[i])))
            return strlen(blanks[i]);
    return 0;
}

static void skip_blanks(struct stamp_reading *r)
{
    size_t n;

    while ((n = blank_length(r)) > 0)
        r->p += n;
}

/* AM, pm, a.m., "p. m." */
static bool read_latin_half(struct stamp_reading *r)
{
    const char half = (char)(*r->p++ | 0x20);
    bool dotted = r->p < r->end && *r->p == '.';

    if (dotted) {
        r->p++;
        skip_blanks(r);
    }
    r->afternoon = half == 'p';
    if ((half != 'a' && half != 'p') || r->p == r->end || (*r->p++ | 0x20) != 'm')
        return false;
    if (dotted && r->p < r->end && *r->p == '.')
        r->p++;
    return true;
}

/* The half of the day, in Latin letters or as Japanese, Chinese and Korean Windows write it: their
 * clocks show 0:30, too. */
static bool read_half(struct stamp_reading *r)
{
    static const struct {
        char name[7];
        bool afternoon;
    } names[] = {{"午前", false}, {"午後", true},  {"上午", false},
                 {"下午", true},  {"오전", false}, {"오후", true}};
    struct slice rest = slice_of(r->p, (size_t)(r->end - r->p));

    r->has_half = true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_starts_with(rest, slice_of_string(names[i].name))) {
            r->p += strlen(names[i].name);
            r->afternoon = names[i].afternoon;
            r->from_zero = true;
            return true;
        }
    return rest.len > 0 && read_latin_half(r);
}

/* Beyond ASCII everything is one: days of the week have names in all languages. */
static bool skip_letters(struct stamp_reading *r)
{
    while (r->p < r->end && ((*r->p >= 'a' && *r->p <= 'z') || (*r->p >= 'A' && *r->p <= 'Z') ||
                             (*r->p & 0x80) != 0))
        r->p++;
    return true;
}

static bool read_short_year(struct stamp_reading *r)
{
    bool ok = read_number(r, 2, 2, &r->civil.year);

    r->civil.year += r->civil.year < 70 ? 2000 : 1900;
    return ok;
}

static bool read_part(struct stamp_reading *r, char part)
{
    switch (part) {
    case 'Y': return read_number(r, 4, 4, &r->civil.year);
    case 'y': return read_short_year(r);
    case 'm': return read_number(r, 1, 2, &r->civil.month);
    case 'd': return read_number(r, 1, 2, &r->civil.day);
    case 'b': return read_month(r);
    case 'B': return read_month_name(r);
    case 'H': r->hour = r->p; return read_number(r, 1, 2, &r->civil.hour);
    case 'I': return read_number(r, 1, 2, &r->civil.hour);
    case 'M': r->minute = r->p; return read_number(r, 2, 2, &r->civil.minute);
    case 'S': r->second = r->p; return read_number(r, 1, 2, &r->civil.second);
    case 'p': return read_half(r);
    case 'f': return read_fraction(r);
    case 'z': return read_offset(r);
    case 'Z': return r->has_offset = true; /* with the offset 0 */
    case 'a': return skip_letters(r);
    case 's': return read_epoch(r, 0);
    case 'u': return read_epoch(r, decimals_of(r));
    case '3': return read_epoch(r, 3);
    case '6': return read_epoch(r, 6);
    case 'w': return read_file_time(r);
    default: return read_epoch(r, 9);
    }
}

/* A byte of the pattern that is no part of a time. RFC 3339 takes a small t for T, too. */
static bool read_literal(struct stamp_reading *r, char c)
{
    if (c == ' ') {
        const char *before = r->p;

        skip_blanks(r);
        return r->p > before;
    }
    return r->p < r->end && (*r->p == c || (c == 'T' && *r->p == 't')) && r->p++ != NULL;
}

bool stamp_read(struct stamp_reading *r, struct slice pattern)
{
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.ptr[i];

        if (c == '%' && i + 1 < pattern.len) {
            if (!read_part(r, pattern.ptr[++i]))
                return false;
        } else if (!read_literal(r, c)) {
            return false;
        }
    }
    return r->p == r->end;
}
