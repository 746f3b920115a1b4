/* logformat_times.c: the times of a format string as mapping lines for `ts`. */
#include "format/logformat/logformat_internal.h"

#include "format/definition/definition_parser.h"

enum { TIME_PARTS = 3 };

static const struct logformat_when *find_when(const struct logformat_builder *b, bool date,
                                              bool clock, bool zone)
{
    for (size_t i = 0; i < b->when_count; i++) {
        const struct logformat_stamp *s = &b->whens[i].parts;

        if (b->whens[i].piece->time == LOGFORMAT_STAMP && date == s->has_date &&
            (!clock || s->has_clock) && (!zone || s->has_zone))
            return &b->whens[i];
    }
    return NULL;
}

/* The parts of a time: date, clock and offset may be columns of their own. */
static size_t choose_parts(const struct logformat_builder *b,
                           const struct logformat_when *parts[TIME_PARTS])
{
    const struct logformat_when *date = find_when(b, true, true, true), *clock, *zone;
    size_t n = 0;

    if (date == NULL)
        date = find_when(b, true, true, false);
    if (date == NULL)
        date = find_when(b, true, false, false);
    if (date == NULL)
        return 0;
    parts[n++] = date;
    clock = date->parts.has_clock ? date : find_when(b, false, true, false);
    if (clock != NULL && clock != date)
        parts[n++] = clock;
    zone = find_when(b, false, false, true);
    if (!date->parts.has_zone && (clock == NULL || !clock->parts.has_zone) && zone != NULL)
        parts[n++] = zone;
    return n;
}

/* Those patterns in a row; ${nameless}: what stands for the zone's name is passed over. */
static void append_patterns(struct buf *line, const struct logformat_when *const parts[], size_t n,
                            bool nameless)
{
    for (size_t i = 0; i < n; i++) {
        struct slice pattern = buf_slice(&parts[i]->parts.pattern);

        buf_append_string(line, i == 0 ? "" : " ");
        for (size_t k = 0; k < pattern.len; k++) {
            char c = pattern.ptr[k];

            if (c == '"' || c == '\\')
                buf_append_byte(line, '\\');
            if (nameless && c == 'z' && k > 0 && pattern.ptr[k - 1] == '%')
                c = 'a';
            buf_append_byte(line, c);
        }
    }
}

static bool put_stamp(struct logformat_builder *b)
{
    const struct logformat_when *parts[TIME_PARTS];
    struct buf *line = &b->record;
    size_t n = choose_parts(b, parts);
    bool zone = false, named = false, utc = false;

    if (n == 0)
        return true;
    buf_append_string(line, "ts = ");
    for (size_t i = 0; i < n; i++) {
        buf_append_string(line, i == 0 ? "" : "+");
        buf_append(line, buf_slice(&parts[i]->columns));
        zone |= parts[i]->parts.has_zone;
        named |= parts[i]->parts.names_zone;
        utc |= parts[i]->piece->utc;
    }
    buf_append_string(line, " time \"");
    append_patterns(line, parts, n, false);
    buf_append_string(line, utc && !zone ? "%Z" : "");
    if (named) {
        buf_append_byte(line, '|');
        append_patterns(line, parts, n, true);
    }
    buf_append_byte(line, '"');
    return logformat_put_line(b, line);
}

/* Seconds since 1970 are the best time, whatever else there is. */
bool logformat_put_times(struct logformat_builder *b)
{
    static const char *const conversions[] = {
        [LOGFORMAT_EPOCH] = "unix-seconds",
        [LOGFORMAT_EPOCH_MS] = "unix-millis",
        [LOGFORMAT_EPOCH_US] = "unix-micros",
    };

    for (size_t i = 0; i < b->when_count; i++) {
        enum logformat_time time = b->whens[i].piece->time;

        if (time == LOGFORMAT_STAMP && b->whens[i].parts.is_epoch)
            time = LOGFORMAT_EPOCH;
        if (time != LOGFORMAT_EPOCH && time != LOGFORMAT_EPOCH_MS && time != LOGFORMAT_EPOCH_US)
            continue;
        buf_append_string(&b->record, "ts = ");
        buf_append(&b->record, buf_slice(&b->whens[i].columns));
        buf_printf(&b->record, " %s", conversions[time]);
        if (!logformat_put_line(b, &b->record))
            return false;
    }
    return put_stamp(b);
}
