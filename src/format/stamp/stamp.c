/* stamp.c: reads stamps by a pattern, with what the clock of their archive knows. */
#include "format/stamp/stamp.h"

#include "base/calendar.h"
#include "base/word.h"
#include "format/stamp/stamp_part.h"

#include <string.h>

enum { HALF_YEAR_S = 180 * SECONDS_PER_DAY, LATE_S = 350 * SECONDS_PER_DAY, NO_YEAR = -1 };

/* A log without such a gap is one that goes on; months are longer. */
enum { GOES_ON_S = SECONDS_PER_DAY / 2 };

/* What one alternative of a pattern gives. */
static bool look_at(struct slice text, bool *has_year, bool *has_zone)
{
    const struct slice parts = SLICE(STAMP_PARTS);

    *has_year = *has_zone = false;
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.ptr[i] != '%')
            continue;
        i++;
        if (slice_find(parts, text.ptr[i]) == parts.len)
            return false;
        *has_year |= strchr(STAMP_YEAR_PARTS, text.ptr[i]) != NULL;
        *has_zone |= strchr(STAMP_ZONE_PARTS, text.ptr[i]) != NULL;
    }
    return slice_find(text, '%') < text.len;
}

/* Does one alternative that look_at takes have one of these parts? */
static bool has_part(struct slice text, const char *parts)
{
    for (size_t i = 0; i + 1 < text.len; i++)
        if (text.ptr[i] == '%' && strchr(parts, text.ptr[++i]) != NULL)
            return true;
    return false;
}

static bool has_day(struct slice text)
{
    return has_part(text, STAMP_WHOLE_PARTS) || (has_part(text, "d") && has_part(text, "mbB"));
}

static const char *const order_names[ORDER_COUNT] = {
    [ORDER_OPEN] = "", [ORDER_MONTH_FIRST] = "mdy", [ORDER_DAY_FIRST] = "dmy"};

enum stamp_order stamp_order_of(struct slice name)
{
    for (int i = ORDER_MONTH_FIRST; i < ORDER_COUNT; i++)
        if (slice_is(name, order_names[i]))
            return (enum stamp_order)i;
    return ORDER_OPEN;
}

const char *stamp_order_name(enum stamp_order order)
{
    return order_names[order];
}

/* Is ${b} the alternative ${a} with the month for the day and the day for the month? */
static bool is_swapped(struct slice a, struct slice b)
{
    for (size_t i = 0; i < a.len && i < b.len; i++) {
        char swapped = a.ptr[i];

        if (i > 0 && a.ptr[i - 1] == '%' && swapped == 'm')
            swapped = 'd';
        else if (i > 0 && a.ptr[i - 1] == '%' && swapped == 'd')
            swapped = 'm';
        if (b.ptr[i] != swapped)
            return false;
    }
    return a.len == b.len && !slice_equal(a, b);
}

/* In which order ${one} has month and day, where the same pattern has the other order, too. */
static enum stamp_order order_of(const struct stamp_pattern *pattern, struct slice one)
{
    struct slice rest = pattern->text, other;

    while (rest.len > 0) {
        slice_cut(rest, '|', &other, &rest);
        if (is_swapped(one, other))
            return slice_find_slice(one, SLICE("%m")) < slice_find_slice(one, SLICE("%d"))
                       ? ORDER_MONTH_FIRST
                       : ORDER_DAY_FIRST;
    }
    return ORDER_OPEN;
}

bool stamp_pattern_of(struct slice name_or_text, struct stamp_pattern *out)
{
    static const struct {
        const char *name, *text;
    } names[] = {
        {"rfc3339", "%Y-%m-%dT%H:%M:%S%f%z|%Y-%m-%d %H:%M:%S%f%z"},
        {"clf", "%d/%b/%Y:%H:%M:%S%f %z"},
        {"syslog",
         "%b %d %H:%M:%S%f|%Y-%m-%dT%H:%M:%S%f%z|%Y-%m-%dT%H:%M:%S%f|%Y-%m-%d %H:%M:%S%f|"
         "%b %d %Y %H:%M:%S%f|%Y %b %d %H:%M:%S%f|%a %b %d %H:%M:%S %Y|%a %b %d %H:%M:%S %z %Y|"
         "%Y/%m/%d %H:%M:%S%f|%Y-%m-%d %H:%M:%S%f%z|%b %d %H:%M:%S%f%z|%b %d %Y %H:%M:%S%f%z"},
        {"unix", "%u%f"},
        {"unix-seconds", "%s%f"},
        {"unix-millis", "%3%f"},
        {"unix-micros", "%6%f"},
        {"unix-nanos", "%9%f"},
        {"filetime", "%w"},
    };
    struct slice rest, one;

    out->text = name_or_text;
    out->has_year = out->has_zone = out->has_day = true;
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
        out->has_day &= has_day(one);
    }
    out->has_orders = false;
    for (rest = out->text; rest.len > 0 && !out->has_orders;) {
        slice_cut(rest, '|', &one, &rest);
        out->has_orders = order_of(out, one) != ORDER_OPEN;
    }
    slice_cut(out->text, '|', &one, &rest);
    out->is_epoch = slice_is(one, "%s%f");
    return out->text.len > 0;
}

/* The year for a stamp that has none: that of the stamp before, or the next after a jump back.
 * Returns: false where it has no such day. */
static bool choose_year(struct stamp_clock *clock, struct civil *civil)
{
    bool late = false; /* a line of New Year's Eve behind one of the new year: the clock stays */
    bool leap_day = clock->years_unknown && civil->month == 2 && civil->day == 29;

    civil->day -= leap_day;
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
    if (leap_day)
        clock->leap_year = civil->year;
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

static bool is_two_digits(const char *p)
{
    return p[0] >= '0' && p[0] <= '9' && p[1] >= '0' && p[1] <= '9';
}

/* Does the clock stand there as HH:MM:SS, whatever separates its parts, and run to 24 hours? */
static bool is_plain_clock(const struct stamp_reading *r)
{
    return r->hour != NULL && r->second != NULL && !r->has_half && r->minute == r->hour + 3 &&
           r->second == r->hour + 6 && is_two_digits(r->hour);
}

/* Can the next stamp differ only in what stands from ${from}, the hour or the second, to the end of
 * the fraction? ${failed_at}: as far into the text the alternatives before had looked; they fail on
 * the next stamp as well where they did not see that. */
static bool may_recall(const struct stamp_clock *clock, const struct stamp_reading *r,
                       struct slice text, const char *from, size_t failed_at)
{
    int64_t local_s = calendar_seconds(&r->civil);

    return from != NULL && text.len <= STAMP_MEMO_BYTES && r->civil.second <= 59 &&
           failed_at < (size_t)(from - text.ptr) && r->end - r->second >= 2 &&
           is_two_digits(r->second) &&
           (r->fraction == NULL ||
            (r->fraction >= r->second && r->fraction_end - r->fraction <= 6)) &&
           (r->has_offset || is_even(clock, local_s - clock->span.offset_s)) &&
           (!r->yearless || (clock->running && clock->last_local_s == local_s));
}

/* That of the same pattern, else the one that was not used last. */
static struct stamp_memo *memo_for(struct stamp_clock *clock, const struct stamp_pattern *pattern)
{
    for (unsigned i = 0; i < STAMP_MEMOS; i++)
        if (clock->memos[i].pattern == pattern->text.ptr) {
            clock->last_memo = i;
            return &clock->memos[i];
        }
    clock->last_memo = (clock->last_memo + 1) % STAMP_MEMOS;
    return &clock->memos[clock->last_memo];
}

/* All but the digits of the clock, or of the second alone, and of the fraction. */
static void mark_same(struct stamp_memo *memo, size_t second_at, bool has_clock)
{
    memset(memo->same, 0, sizeof memo->same);
    memset(memo->same, 0xff, memo->len);
    for (size_t back = 0; back <= (has_clock ? 6U : 0U); back += 3)
        memset(memo->same + second_at - back, 0, 2);
    memset(memo->same + memo->fraction_at, 0, memo->fraction_len);
}

/* Where the clock stands, as recall_clock reads it. */
static void mark_clock(struct stamp_memo *memo, size_t second_at, bool has_clock)
{
    memo->clock_at = has_clock ? second_at - 6 : second_at;
    memo->clock_shift = has_clock ? 0 : 48;
    memo->clock_mask = has_clock ? UINT64_C(0xffff00ffff00ffff) : UINT64_C(0xffff000000000000);
}

/* Keep what ${r} gave for the next stamp of its day, or minute: where month and day may be taken
 * one for the other, how the log goes on over midnight tells, and that takes stamps late on the
 * day. */
static void remember(struct stamp_clock *clock, const struct stamp_pattern *pattern,
                     const struct stamp_reading *r, struct slice text, size_t failed_at)
{
    struct stamp_memo *memo = memo_for(clock, pattern);
    int64_t local_s = calendar_seconds(&r->civil);
    const char *from = r->second;
    int64_t passed_s = r->civil.second;
    size_t second_at;

    memo->pattern = NULL;
    if (is_plain_clock(r) && !pattern->has_orders && failed_at < (size_t)(r->hour - text.ptr)) {
        from = r->hour;
        passed_s += r->civil.hour * INT64_C(3600) + r->civil.minute * INT64_C(60);
    }
    if (!may_recall(clock, r, text, from, failed_at))
        return;
    second_at = (size_t)(r->second - text.ptr);
    memset(memo->text, 0, sizeof memo->text);
    memcpy(memo->text, text.ptr, text.len);
    memo->len = text.len;
    memo->fraction_at = r->fraction == NULL ? second_at + 2 : (size_t)(r->fraction - text.ptr);
    memo->fraction_len = r->fraction == NULL ? 0 : (size_t)(r->fraction_end - r->fraction);
    mark_same(memo, second_at, from == r->hour);
    mark_clock(memo, second_at, from == r->hour);
    memo->local_start_s = local_s - passed_s;
    memo->start_s = memo->local_start_s - (r->has_offset ? r->offset_s : clock->span.offset_s);
    memo->yearless = r->yearless;
    memo->pattern = pattern->text.ptr;
}

/* Which bytes from ${at} on, sixteen or all, differ from the stamp of the memo that do not change?
 */
static inline uint64_t differs_16(const struct stamp_memo *memo, const char *text, size_t at)
{
    uint64_t low = (word_load(text + at) ^ word_load(memo->text + at)) & word_load(memo->same + at),
             high = (word_load(text + at + 8) ^ word_load(memo->text + at + 8)) &
                    word_load(memo->same + at + 8);

    return low | high;
}

/* Not zero where ${text}, of the same length, is not the stamp of the memo but for what changes. */
static inline uint64_t differs(const struct stamp_memo *memo, const char *text)
{
    uint64_t other = differs_16(memo, text, 0) | differs_16(memo, text, 16);

    return memo->len <= 32 ? other : other | differs_16(memo, text, 32);
}

/* Seconds since the day or minute of the memo began: HH:MM:SS read as one word, with zeros for what
 * does not change. Returns: not zero where no clock stands there. */
static inline uint64_t recall_clock(const struct stamp_memo *memo, const char *text, int64_t *out)
{
    const uint64_t zeros = UINT64_C(0x3030303030303030), carry = UINT64_C(0x0606060606060606),
                   high = UINT64_C(0xf0f0f0f0f0f0f0f0), pair = UINT64_C(0x00ff0000ff0000ff),
                   beyond = UINT64_C(68) << 48 | UINT64_C(68) << 24 | UINT64_C(104),
                   top = UINT64_C(0x0080000080000080);
    uint64_t digits =
        ((word_load(text + memo->clock_at) << memo->clock_shift) ^ zeros) & memo->clock_mask;
    uint64_t pairs = (digits * 10 + (digits >> 8)) & pair;

    *out = (int64_t)((pairs & 0xff) * 3600 + (pairs >> 24 & 0xff) * 60 + (pairs >> 48));
    return ((digits | (digits + carry)) & high) | ((pairs + beyond) & top);
}

static inline bool recall_fraction(const struct stamp_memo *memo, const char *text, int32_t *out)
{
    static const int32_t scales[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    uint32_t number = 0;

    if (memo->fraction_len > 0 &&
        !word_short_digits(word_load(text + memo->fraction_at), memo->fraction_len, &number))
        return false;
    *out = (int32_t)number * scales[memo->fraction_len];
    return true;
}

/* Was the last stamp without a year of that day, so that the next of it is of the same year? */
static bool is_same_day(const struct stamp_clock *clock, const struct stamp_memo *memo)
{
    return clock->last_local_s >= memo->local_start_s &&
           clock->last_local_s < memo->local_start_s + SECONDS_PER_DAY;
}

/* A stamp of the day or minute of ${memo}. Returns: false for any other. */
static inline bool recall(struct stamp_clock *clock, const struct stamp_memo *memo,
                          struct slice text, int64_t *out_us)
{
    int64_t passed_s;
    int32_t micros;

    if (text.len != memo->len || (memo->yearless && !is_same_day(clock, memo)) ||
        (differs(memo, text.ptr) | recall_clock(memo, text.ptr, &passed_s)) != 0 ||
        !recall_fraction(memo, text.ptr, &micros))
        return false;
    if (memo->yearless)
        clock->last_local_s = memo->local_start_s + passed_s;
    *out_us = (memo->start_s + passed_s) * MICROSECONDS_PER_SECOND + micros;
    return true;
}

bool stamp_recall(const struct stamp_pattern *pattern, struct slice text, struct stamp_clock *clock,
                  int64_t *out_us)
{
    for (unsigned i = 0; i < STAMP_MEMOS; i++)
        if (clock->memos[i].pattern == pattern->text.ptr)
            return recall(clock, &clock->memos[i], text, out_us);
    return false;
}

/* The clock's hour as 0 to 24. Returns: false where it is none of a half of a day. */
static bool take_half(struct stamp_reading *r)
{
    if (r->civil.hour < (r->from_zero ? 0 : 1) || r->civil.hour > 12)
        return false;
    r->civil.hour = r->civil.hour % 12 + (r->afternoon ? 12 : 0);
    return true;
}

/* ISO 8601 has a 24:00:00 of its own, the end of its day. */
static bool take_midnight(struct stamp_reading *r)
{
    if (r->civil.hour != 24 || r->civil.minute != 0 || r->civil.second != 0 || r->micros != 0)
        return false;
    r->civil.hour = 0;
    r->second = NULL; /* not to be remembered */
    return true;
}

/* The text as one alternative says. */
static bool parse_one(struct stamp_reading *r, struct slice pattern, struct stamp_clock *clock,
                      int64_t *out_us)
{
    int64_t seconds;
    bool midnight;

    r->civil.year = NO_YEAR;
    if (!stamp_read(r, pattern))
        return false;
    if (r->has_epoch) {
        *out_us = r->epoch * MICROSECONDS_PER_SECOND + r->micros;
        return true;
    }
    if (r->has_half && !take_half(r))
        return false;
    midnight = take_midnight(r);
    r->yearless = r->civil.year == NO_YEAR;
    if (r->yearless ? !choose_year(clock, &r->civil) : !calendar_valid(&r->civil))
        return false;
    seconds = calendar_seconds(&r->civil) + (midnight ? SECONDS_PER_DAY : 0);
    seconds = r->has_offset ? seconds - r->offset_s : utc_of_local(clock, seconds);
    *out_us = seconds * MICROSECONDS_PER_SECOND + r->micros;
    return true;
}

/* Does a log that goes on from ${before_s} to ${s} show that both are read right? */
static bool goes_on(int64_t before_s, int64_t s)
{
    int64_t gap_s = s > before_s ? s - before_s : before_s - s;

    return gap_s < GOES_ON_S;
}

/* What a date read in the order ${order} says of the order of all. */
static void learn_order(struct stamp_dates *dates, enum stamp_order order, struct civil civil)
{
    enum stamp_order other = order == ORDER_DAY_FIRST ? ORDER_MONTH_FIRST : ORDER_DAY_FIRST;
    int32_t month = civil.month;
    int64_t last_s[ORDER_COUNT] = {0};

    last_s[order] = calendar_seconds(&civil);
    civil.month = civil.day;
    civil.day = month;
    if (!calendar_valid(&civil)) {
        dates->shown = dates->shown == ORDER_OPEN ? order : dates->shown;
        return;
    }
    last_s[other] = calendar_seconds(&civil);
    for (int i = ORDER_MONTH_FIRST; dates->any && dates->shown == ORDER_OPEN && i < ORDER_COUNT;
         i++)
        if (goes_on(dates->last_s[i], last_s[i]) &&
            !goes_on(dates->last_s[ORDER_COUNT - i], last_s[ORDER_COUNT - i]))
            dates->shown = (enum stamp_order)i;
    memcpy(dates->last_s, last_s, sizeof last_s);
    dates->read = order;
    dates->any = true;
}

/* As stamp_recall, for text with nothing behind it. */
static bool recall_copy(const struct stamp_pattern *pattern, struct slice text,
                        struct stamp_clock *clock, int64_t *out_us)
{
    char copy[STAMP_MEMO_BYTES + WIDE_SLACK] = {0};

    if (text.len > STAMP_MEMO_BYTES)
        return false;
    memcpy(copy, text.ptr, text.len);
    return stamp_recall(pattern, slice_of(copy, text.len), clock, out_us);
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
    if (recall_copy(pattern, text, clock, out_us))
        return true;
    while (text.len > 0 && rest.len > 0) {
        struct stamp_reading r = {.p = text.ptr, .end = text.ptr + text.len};
        enum stamp_order order;

        slice_cut(rest, '|', &one, &rest);
        order = pattern->has_orders ? order_of(pattern, one) : ORDER_OPEN;
        if (order != ORDER_OPEN && clock->order != ORDER_OPEN && order != clock->order)
            continue;
        if (parse_one(&r, one, clock, out_us)) {
            if (order != ORDER_OPEN)
                learn_order(&clock->dates, order, r.civil);
            if (!r.has_epoch)
                remember(clock, pattern, &r, text, failed_at);
            return true;
        }
        if (failed_at < (size_t)(r.p - text.ptr) + 1)
            failed_at = (size_t)(r.p - text.ptr) + 1;
    }
    return false;
}
