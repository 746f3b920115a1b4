/* stamp.c: reads stamps by a pattern of parts; one short function a part, no locale. */
#include "format/stamp.h"

#include "base/calendar.h"
#include "base/word.h"

#include <string.h>

enum {
    HALF_YEAR_S = 180 * SECONDS_PER_DAY,
    LATE_S = 350 * SECONDS_PER_DAY,
    LARGEST_DIGITS = 18,
    NO_YEAR = -1
};

/* What has been read so far. */
struct reading {
    const char *p, *end;
    struct civil civil;
    int64_t epoch;    /* %s */
    int32_t micros;   /* the fraction */
    int32_t offset_s; /* %z */
    bool has_epoch, has_offset, afternoon, has_half, yearless;
    const char *second, *fraction, *fraction_end; /* digits of both, NULL: none */
};

/* What one alternative of a pattern gives. */
static bool look_at(struct slice text, bool *has_year, bool *has_zone)
{
    const struct slice parts = SLICE("YymdbHIMSpfzZsua369");

    *has_year = *has_zone = false;
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.ptr[i] != '%')
            continue;
        i++;
        if (slice_find(parts, text.ptr[i]) == parts.len)
            return false;
        *has_year |= strchr("Yysu369", text.ptr[i]) != NULL;
        *has_zone |= strchr("zZsu369", text.ptr[i]) != NULL;
    }
    return slice_find(text, '%') < text.len;
}

bool stamp_pattern_of(struct slice name_or_text, struct stamp_pattern *out)
{
    static const struct {
        const char *name, *text;
    } names[] = {
        {"rfc3339", "%Y-%m-%dT%H:%M:%S%f%z"},
        {"clf", "%d/%b/%Y:%H:%M:%S%f %z"},
        {"syslog",
         "%b %d %H:%M:%S%f|%Y-%m-%dT%H:%M:%S%f%z|%Y-%m-%dT%H:%M:%S%f|%Y-%m-%d %H:%M:%S%f|"
         "%b %d %Y %H:%M:%S%f|%Y %b %d %H:%M:%S%f|%a %b %d %H:%M:%S %Y|%a %b %d %H:%M:%S %z %Y|"
         "%Y/%m/%d %H:%M:%S%f|%Y-%m-%d %H:%M:%S%f%z"},
        {"unix", "%u%f"},
        {"unix-seconds", "%s%f"},
        {"unix-millis", "%3"},
        {"unix-micros", "%6"},
        {"unix-nanos", "%9"},
    };
    struct slice rest, one;

    out->text = name_or_text;
    out->has_year = out->has_zone = true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_is(name_or_text, names[i].name))
            out->text = slice_of_string(names[i].text);
    for (rest = out->text; rest.len > 0;) {
        bool year, zone;

        slice_cut(rest, '|', &one, &rest);
        if (!look_at(one, &year, &zone))
            return false;
        out->has_year &= year;
        out->has_zone &= zone;
    }
    slice_cut(out->text, '|', &one, &rest);
    out->is_epoch = slice_is(one, "%s%f");
    return out->text.len > 0;
}

/* ${least} to ${most} digits. */
static bool read_number(struct reading *r, int least, int most, int32_t *out)
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

/* An optional fraction of a second; digits beyond the sixth are cut. */
static bool read_fraction(struct reading *r)
{
    int32_t scale = 100000;

    if (r->p == r->end || (*r->p != '.' && *r->p != ','))
        return true;
    r->micros = 0;
    r->fraction = ++r->p;
    for (; r->p < r->end && *r->p >= '0' && *r->p <= '9'; r->p++, scale /= 10)
        r->micros += (*r->p - '0') * scale;
    r->fraction_end = r->p;
    return true;
}

/* The zones that logs name by letters and that are the same everywhere. */
static bool read_zone_name(struct reading *r)
{
    static const struct {
        char name[4];
        int32_t offset_s;
    } names[] = {{"UTC", 0}, {"GMT", 0}, {"JST", 9 * 3600}};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (r->end - r->p >= 3 && memcmp(r->p, names[i].name, 3) == 0) {
            r->p += 3;
            r->offset_s = names[i].offset_s;
            return true;
        }
    return false;
}

/* Z, +09, +0900, +09:00, GMT, UTC or JST, with or without blanks before it. */
static bool read_offset(struct reading *r)
{
    int32_t hours, minutes = 0, sign;

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
    if (*r->p != '+' && *r->p != '-')
        return read_zone_name(r);
    sign = *r->p++ == '-' ? -1 : 1;
    if (!read_number(r, 2, 2, &hours))
        return false;
    if (r->p < r->end && *r->p == ':')
        r->p++;
    if (r->p < r->end && *r->p >= '0' && *r->p <= '9' && !read_number(r, 2, 2, &minutes))
        return false;
    r->offset_s = sign * (hours * 3600 + minutes * 60);
    return hours < 24 && minutes < 60;
}

/* Whole seconds since 1970, the last ${decimals} digits being a fraction. */
static bool read_epoch(struct reading *r, int decimals)
{
    int64_t value = 0, unit = 1;
    int n = 0;

    for (; n < LARGEST_DIGITS + 1 && r->p < r->end; n++, r->p++) {
        unsigned digit = (unsigned)(unsigned char)*r->p - '0';

        if (digit > 9)
            break;
        if (n == LARGEST_DIGITS && decimals < 9)
            return false;
        if (__builtin_mul_overflow(value, INT64_C(10), &value) ||
            __builtin_add_overflow(value, (int64_t)digit, &value))
            return false;
    }
    for (int i = 0; i < decimals; i++)
        unit *= 10;
    r->epoch = value / unit;
    r->micros = (int32_t)(unit >= 1000000 ? value % unit / (unit / 1000000)
                                          : value % unit * (1000000 / unit));
    r->has_epoch = true;
    return n > 0 && r->epoch < INT64_C(253402214400); /* the year 10000, in any zone */
}

/* Decimals of an epoch by its length: seconds have ten digits for centuries. */
static int decimals_of(const struct reading *r)
{
    int digits = 0, decimals = 0;

    while (digits < r->end - r->p && r->p[digits] >= '0' && r->p[digits] <= '9')
        digits++;
    while (decimals < 9 && digits - decimals > 11)
        decimals += 3;
    return decimals;
}

static bool read_month(struct reading *r)
{
    if (r->end - r->p < 3)
        return false;
    r->civil.month = calendar_month(r->p);
    r->p += 3;
    return r->civil.month != 0;
}

static bool read_half(struct reading *r)
{
    if (r->end - r->p < 2 || (r->p[1] != 'M' && r->p[1] != 'm'))
        return false;
    r->afternoon = r->p[0] == 'P' || r->p[0] == 'p';
    r->has_half = true;
    if (!r->afternoon && r->p[0] != 'A' && r->p[0] != 'a')
        return false;
    r->p += 2;
    return true;
}

static bool skip_letters(struct reading *r)
{
    while (r->p < r->end && ((*r->p >= 'a' && *r->p <= 'z') || (*r->p >= 'A' && *r->p <= 'Z')))
        r->p++;
    return true;
}

static bool read_short_year(struct reading *r)
{
    bool ok = read_number(r, 2, 2, &r->civil.year);

    r->civil.year += r->civil.year < 70 ? 2000 : 1900;
    return ok;
}

static bool read_part(struct reading *r, char part)
{
    switch (part) {
    case 'Y': return read_number(r, 4, 4, &r->civil.year);
    case 'y': return read_short_year(r);
    case 'm': return read_number(r, 1, 2, &r->civil.month);
    case 'd': return read_number(r, 1, 2, &r->civil.day);
    case 'b': return read_month(r);
    case 'H':
    case 'I': return read_number(r, 1, 2, &r->civil.hour);
    case 'M': return read_number(r, 2, 2, &r->civil.minute);
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
    default: return read_epoch(r, 9);
    }
}

static bool read_all(struct reading *r, struct slice pattern)
{
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.ptr[i];

        if (c == '%' && i + 1 < pattern.len) {
            if (!read_part(r, pattern.ptr[++i]))
                return false;
            continue;
        }
        if (r->p == r->end || (*r->p != c && (c != 'T' || *r->p != 't'))) /* RFC 3339 takes both */
            return false;
        r->p++;
        while (c == ' ' && r->p < r->end && *r->p == ' ')
            r->p++;
    }
    return r->p == r->end;
}

/* The year for a stamp that has none: that of the stamp before, or the next after a jump back.
 * Returns: false where it has no such day. */
static bool choose_year(struct stamp_clock *clock, struct civil *civil)
{
    bool late = false; /* a line of New Year's Eve behind one of the new year: the clock stays */

    civil->year = clock->year;
    if (clock->running) {
        int64_t ahead_s = calendar_seconds(civil) - clock->last_local_s;

        if (ahead_s < -HALF_YEAR_S)
            civil->year++;
        late = ahead_s > LATE_S;
        civil->year -= late;
    }
    if (!calendar_valid(civil))
        return false;
    if (late)
        return true;
    clock->year = civil->year;
    clock->last_local_s = calendar_seconds(civil);
    clock->running = true;
    return true;
}

static int64_t utc_of_local(struct stamp_clock *clock, int64_t local_s)
{
    int64_t utc_s = local_s - clock->span.offset_s;

    /* well inside the span both readings of a local time agree; near its ends the zone decides */
    if (clock->span.from_s < clock->span.until_s && utc_s >= clock->span.from_s + SECONDS_PER_DAY &&
        utc_s < clock->span.until_s - SECONDS_PER_DAY)
        return utc_s;
    utc_s = zone_utc_of_local(clock->zone, local_s);
    clock->span = zone_span_at(clock->zone, utc_s);
    if (clock->span.from_s < INT64_MIN + SECONDS_PER_DAY)
        clock->span.from_s = INT64_MIN + SECONDS_PER_DAY;
    if (clock->span.until_s > INT64_MAX - SECONDS_PER_DAY)
        clock->span.until_s = INT64_MAX - SECONDS_PER_DAY;
    return utc_s;
}

/* Does the clock of the zone run evenly around ${utc_s}, as far as is known? */
static bool is_even(const struct stamp_clock *clock, int64_t utc_s)
{
    return clock->span.from_s < clock->span.until_s &&
           utc_s > clock->span.from_s + INT64_C(2) * SECONDS_PER_DAY &&
           utc_s < clock->span.until_s - INT64_C(2) * SECONDS_PER_DAY;
}

/*
 * Keep what ${r} gave for the next stamp of its minute, where that can differ only in the digits of
 * the second and its fraction. ${failed_at}: as far into the text the alternatives before had
 * looked; they fail on the next stamp as well where they did not see its seconds.
 */
static void remember(struct stamp_clock *clock, const struct stamp_pattern *pattern,
                     const struct reading *r, struct slice text, size_t failed_at)
{
    struct stamp_memo *memo = &clock->memo;
    int64_t local_s = calendar_seconds(&r->civil);

    memo->pattern = NULL;
    if (r->second == NULL || text.len > sizeof memo->text || r->civil.second > 59 ||
        failed_at >= (size_t)(r->second - text.ptr) || r->end - r->second < 2 ||
        r->second[1] < '0' || r->second[1] > '9' ||
        (r->fraction != NULL && (r->fraction < r->second || r->fraction_end - r->fraction > 6)) ||
        (!r->has_offset && !is_even(clock, local_s - clock->span.offset_s)) ||
        (r->yearless && (!clock->running || clock->last_local_s != local_s)))
        return;
    memcpy(memo->text, text.ptr, text.len);
    memo->len = text.len;
    memo->second_at = (size_t)(r->second - text.ptr);
    memo->fraction_at =
        r->fraction == NULL ? memo->second_at + 2 : (size_t)(r->fraction - text.ptr);
    memo->fraction_len = r->fraction == NULL ? 0 : (size_t)(r->fraction_end - r->fraction);
    memo->local_minute_s = local_s - r->civil.second;
    memo->minute_s = memo->local_minute_s - (r->has_offset ? r->offset_s : clock->span.offset_s);
    memo->yearless = r->yearless;
    memo->pattern = pattern->text.ptr;
}

/* A stamp of the minute of the one before. Returns: false for any other. */
static bool recall(struct stamp_clock *clock, const struct stamp_pattern *pattern,
                   struct slice text, int64_t *out_us)
{
    const struct stamp_memo *memo = &clock->memo;
    const char *second = text.ptr + memo->second_at;
    size_t fraction_end = memo->fraction_at + memo->fraction_len;
    unsigned tens, ones;
    int32_t micros = 0, scale = 100000;
    int64_t second_of_minute;

    if (memo->pattern != pattern->text.ptr || text.len != memo->len ||
        memcmp(text.ptr, memo->text, memo->second_at) != 0 ||
        memcmp(second + 2, memo->text + memo->second_at + 2,
               memo->fraction_at - memo->second_at - 2) != 0 ||
        memcmp(text.ptr + fraction_end, memo->text + fraction_end, text.len - fraction_end) != 0)
        return false;
    tens = (unsigned)(unsigned char)second[0] - '0';
    ones = (unsigned)(unsigned char)second[1] - '0';
    if (tens > 5 || ones > 9)
        return false;
    for (size_t i = memo->fraction_at; i < fraction_end; i++, scale /= 10) {
        unsigned digit = (unsigned)(unsigned char)text.ptr[i] - '0';

        if (digit > 9)
            return false;
        micros += (int32_t)digit * scale;
    }
    second_of_minute = (int64_t)tens * 10 + ones;
    if (memo->yearless)
        clock->last_local_s = memo->local_minute_s + second_of_minute;
    *out_us = (memo->minute_s + second_of_minute) * MICROSECONDS_PER_SECOND + micros;
    return true;
}

/* The text as one alternative says. */
static bool parse_one(struct reading *r, struct slice pattern, struct stamp_clock *clock,
                      int64_t *out_us)
{
    int64_t seconds;

    r->civil.year = NO_YEAR;
    if (!read_all(r, pattern))
        return false;
    if (r->has_epoch) {
        *out_us = r->epoch * MICROSECONDS_PER_SECOND + r->micros;
        return true;
    }
    if (r->has_half) {
        if (r->civil.hour < 1 || r->civil.hour > 12)
            return false;
        r->civil.hour = r->civil.hour % 12 + (r->afternoon ? 12 : 0);
    }
    r->yearless = r->civil.year == NO_YEAR;
    if (r->yearless ? !choose_year(clock, &r->civil) : !calendar_valid(&r->civil))
        return false;
    seconds = calendar_seconds(&r->civil);
    seconds = r->has_offset ? seconds - r->offset_s : utc_of_local(clock, seconds);
    *out_us = seconds * MICROSECONDS_PER_SECOND + r->micros;
    return true;
}

/* As stamp_common_epoch, for text with nothing behind it. */
static bool read_common_epoch(struct slice text, int64_t *out_us)
{
    char copy[COMMON_EPOCH_BYTES + WIDE_SLACK] = {0};

    if (text.len > COMMON_EPOCH_BYTES)
        return false;
    memcpy(copy, text.ptr, text.len);
    return stamp_common_epoch(slice_of(copy, text.len), out_us);
}

bool stamp_parse(const struct stamp_pattern *pattern, struct slice text, struct stamp_clock *clock,
                 int64_t *out_us)
{
    struct slice rest = pattern->text, one;
    size_t failed_at = 0;

    if (pattern->is_epoch && read_common_epoch(text, out_us))
        return true;
    if (recall(clock, pattern, text, out_us))
        return true;
    while (text.len > 0 && rest.len > 0) {
        struct reading r = {.p = text.ptr, .end = text.ptr + text.len};

        slice_cut(rest, '|', &one, &rest);
        if (parse_one(&r, one, clock, out_us)) {
            if (!r.has_epoch)
                remember(clock, pattern, &r, text, failed_at);
            return true;
        }
        if (failed_at < (size_t)(r.p - text.ptr) + 1)
            failed_at = (size_t)(r.p - text.ptr) + 1;
    }
    return false;
}
