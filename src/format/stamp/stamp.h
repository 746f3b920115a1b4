/* stamp.h: times as logs write them. */
#ifndef FORMAT_STAMP_H
#define FORMAT_STAMP_H

#include "base/error.h"
#include "base/slice.h"
#include "base/word.h"
#include "base/zone.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Parts of a time pattern, as strftime names them, and so read whatever the locale: %Y %y %m %d %b
 * %H %I %M %S %p, %f (an optional fraction with its dot or comma), %z (+0900, +09:00, Z; a blank
 * before it is passed over), %Z (no text: what has no offset is UTC), %s (seconds since 1970, any
 * digits), %u (seconds, milli-, micro- or nanoseconds since 1970, as the number of digits tells),
 * %w (Windows' ticks of 100 nanoseconds since 1601), %B (a month in English letters, three or
 * more), %a (letters, passed over). %p is AM or PM, also as 午前 or 午後. A blank stands for one or
 * more. Everything else stands for itself. Alternatives are separated by bars; of two that differ
 * only in the order of %m and %d an archive has one.
 */
struct stamp_pattern {
    struct slice text;
    bool has_year, has_zone, has_day; /* in all its alternatives */
    bool is_epoch;                    /* its first alternative is seconds with a fraction */
    bool has_orders; /* there are two alternatives that differ only in the order of month and day */
};

enum stamp_order { ORDER_OPEN, ORDER_MONTH_FIRST, ORDER_DAY_FIRST, ORDER_COUNT };

/* mdy or dmy; ORDER_OPEN and "" for anything else. */
enum stamp_order stamp_order_of(struct slice name);
const char *stamp_order_name(enum stamp_order order);

/* What stamps of patterns with both orders have shown so far. */
struct stamp_dates {
    bool any;                    /* there was one that may be read in both */
    enum stamp_order shown;      /* by a day above 12, or by going on over midnight */
    enum stamp_order read;       /* as the last of them was read */
    int64_t last_s[ORDER_COUNT]; /* the last that may be read in both, as either */
};

/* Names for whole patterns in definitions: rfc3339, clf, unix, unix-seconds, unix-millis,
 * unix-micros, unix-nanos, filetime, syslog. */
bool stamp_pattern_of(struct slice name_or_text, struct stamp_pattern *out);

/* The last stamp with a date: what stays the same for a day, or where the pattern is no plain
 * clock for a minute, need not be read again. */
enum { STAMP_MEMO_BYTES = 48 };
struct stamp_memo {
    const char *pattern; /* its text; NULL: none */
    char text[STAMP_MEMO_BYTES];
    char same[STAMP_MEMO_BYTES]; /* ones where the next stamp has the same byte */
    size_t len;
    size_t clock_at;      /* of the eight bytes that hold it: HH:MM:SS changes, else the second */
    unsigned clock_shift; /* what stands behind the second is shifted out, then */
    uint64_t clock_mask;  /* its digits */
    size_t fraction_at, fraction_len; /* digits of the fraction */
    int64_t start_s;                  /* the instant at which day or minute began */
    int64_t local_start_s;
    bool yearless;
};

/* A log may have stamps of two kinds in turn. */
enum { STAMP_MEMOS = 2 };

/* What turns stamps of one archive into instants; zero-initialise, then set `zone`. Not
 * thread-safe. */
struct stamp_clock {
    const struct zone *zone; /* of stamps that carry none */
    struct zone_span span;   /* around the last local stamp */
    int32_t
        year; /* of the last stamp without a year; set to the year of the first before reading */
    int64_t last_local_s;   /* the last stamp without a year, as dated */
    bool running;           /* last_local_s holds one */
    bool years_unknown;     /* `year` is a mere count: any year may have a 29 February */
    int32_t leap_year;      /* then, of the last 29 February; 0: there was none */
    enum stamp_order order; /* where a pattern has both; ORDER_OPEN: the first that fits */
    struct stamp_dates dates;
    struct stamp_memo memos[STAMP_MEMOS];
    unsigned last_memo; /* the one that was used last */
};

enum { COMMON_EPOCH_BYTES = 17 }; /* the most there are */

/*
 * stamp_common_epoch(text, out_us):
 * Ten digits, a dot and one to six more, as Squid and Zeek write; ${text} has WIDE_SLACK readable
 * bytes from its beginning on. Returns: false for anything else, which stamp_parse may read.
 */
static inline bool stamp_common_epoch(struct slice text, int64_t *out_us)
{
    uint64_t low, mask;
    uint32_t high_digits, low_digits;

    if (text.len < 12 || text.len > COMMON_EPOCH_BYTES || text.ptr[10] != '.' ||
        !word_digits(word_load(text.ptr), &high_digits))
        return false;
    /* the last two digits of the seconds, and six of the fraction: zeros where there are fewer */
    low = (word_load(text.ptr + 8) & 0xffff) | word_load(text.ptr + 11) << 16;
    mask = word_mask(text.len - 9);
    low = (low & mask) | (UINT64_C(0x3030303030303030) & ~mask);
    if (!word_digits(low, &low_digits))
        return false;
    *out_us = (int64_t)high_digits * 100000000 + low_digits;
    return true;
}

/*
 * stamp_parse(pattern, text, clock, out_us):
 * All of ${text} as the pattern says. A stamp without a year gets that of the stamp before it; a
 * jump back of over 180 days is a year's end, a jump ahead of over 350 a line that came late around
 * one. Units:   µs UTC.   Returns: false where ${text} has another shape or is no time that exists.
 */
bool stamp_parse(const struct stamp_pattern *pattern, struct slice text, struct stamp_clock *clock,
                 int64_t *out_us);

/* As stamp_parse for a stamp of the day of the one before; false for any other, too. ${text} has
 * WIDE_SLACK readable bytes behind it. */
bool stamp_recall(const struct stamp_pattern *pattern, struct slice text, struct stamp_clock *clock,
                  int64_t *out_us);

#endif
