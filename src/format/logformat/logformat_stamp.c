/* logformat_stamp.c: what strftime writes, as a time pattern. */
#include "format/logformat/logformat_internal.h"

/* A part of strftime's. */
struct part {
    const char *pattern;
    char letter;
    bool date, clock, zone, epoch;
};

static const struct part *part_of(char letter)
{
    static const struct part parts[] = {
        {"%Y", 'Y', false, false, false, false},
        {"%y", 'y', false, false, false, false},
        {"%m", 'm', false, false, false, false},
        {"%b", 'b', false, false, false, false},
        {"%b", 'h', false, false, false, false},
        {"%d", 'd', true, false, false, false},
        {"%d", 'e', true, false, false, false},
        {"%b%a", 'B', false, false, false, false},
        {"%a", 'a', false, false, false, false},
        {"%a", 'A', false, false, false, false},
        {"%H", 'H', false, true, false, false},
        {"%H", 'k', false, true, false, false},
        {"%I", 'I', false, true, false, false},
        {"%I", 'l', false, true, false, false},
        {"%M", 'M', false, false, false, false},
        {"%S", 'S', false, false, false, false},
        {"%p", 'p', false, false, false, false},
        {"%p", 'P', false, false, false, false},
        {"%z", 'z', false, false, true, false},
        {"%z", 'Z', false, false, true, false},
        {"%s", 's', false, false, false, true},
        {"%f", 'f', false, false, false, false},
        {"%Y-%m-%d", 'F', true, false, false, false},
        {"%m/%d/%y", 'D', true, false, false, false},
        {"%a %b %d %H:%M:%S %Y", 'c', true, true, false, false}, /* in the locale C */
        {"%m/%d/%y", 'x', true, false, false, false},
        {"%H:%M:%S", 'X', false, true, false, false},
        {"%H:%M:%S", 'T', false, true, false, false},
        {"%H:%M", 'R', false, true, false, false},
        {"%I:%M:%S %p", 'r', false, true, false, false},
    };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i].letter == letter)
            return &parts[i];
    return NULL;
}

/* An offset that stands there as text: +0000 or Z. Returns: its length, or 0. */
static size_t written_offset(struct slice format, size_t at)
{
    char c = format.ptr[at];
    size_t len = 1;

    if (c == 'Z' && at + 1 == format.len)
        return 1;
    if (c != '+' && c != '-')
        return 0;
    while (at + len < format.len && format.ptr[at + len] >= '0' && format.ptr[at + len] <= '9')
        len++;
    return len == 5 ? len : 0;
}

const char *logformat_stamp_of(struct slice format, struct logformat_stamp *out)
{
    for (size_t i = 0; i < format.len; i++) {
        const struct part *part;
        size_t offset = written_offset(format, i);

        if (offset > 0) {
            buf_append_string(&out->pattern, "%z");
            out->has_zone = true;
            i += offset - 1;
            continue;
        }
        if (format.ptr[i] != '%') {
            buf_append_byte(&out->pattern, format.ptr[i]);
            continue;
        }
        part = ++i < format.len ? part_of(format.ptr[i]) : NULL;
        if (part == NULL)
            return "this time cannot be read; expected the parts %Y %y %m %b %d %e %H %I %M %S %p "
                   "%z %Z %s %F %D %T %R %c %a";
        buf_append_string(&out->pattern, part->pattern);
        out->has_date |= part->date;
        out->has_clock |= part->clock;
        out->has_zone |= part->zone || part->epoch;
        out->is_epoch |= part->epoch;
        out->names_zone |= part->letter == 'Z';
    }
    return NULL;
}
