/* logformat_stamp.c: what strftime writes, as a time pattern. */
#include "format/logformat_internal.h"

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
        {"%a", 'a', false, false, false, false},
        {"%a", 'A', false, false, false, false},
        {"%H", 'H', false, true, false, false},
        {"%H", 'k', false, true, false, false},
        {"%I", 'I', false, true, false, false},
        {"%I", 'l', false, true, false, false},
        {"%M", 'M', false, false, false, false},
        {"%S", 'S', false, false, false, false},
        {"%p", 'p', false, false, false, false},
        {"%z", 'z', false, false, true, false},
        {"%s", 's', false, false, false, true},
        {"%f", 'f', false, false, false, false},
        {"%Y-%m-%d", 'F', true, false, false, false},
        {"%m/%d/%y", 'D', true, false, false, false},
        {"%H:%M:%S", 'T', false, true, false, false},
        {"%H:%M", 'R', false, true, false, false},
        {"%I:%M:%S %p", 'r', false, true, false, false},
    };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i].letter == letter)
            return &parts[i];
    return NULL;
}

const char *logformat_stamp_of(struct slice format, struct logformat_stamp *out)
{
    for (size_t i = 0; i < format.len; i++) {
        const struct part *part;

        if (format.ptr[i] == '|')
            return "a bar in a time cannot be read";
        if (format.ptr[i] != '%') {
            buf_append_byte(&out->pattern, format.ptr[i]);
            continue;
        }
        part = ++i < format.len ? part_of(format.ptr[i]) : NULL;
        if (part == NULL)
            return "this time cannot be read; expected the parts %Y %y %m %b %d %e %H %I %M %S %p "
                   "%z %s %F %D %T %R %a";
        buf_append_string(&out->pattern, part->pattern);
        out->has_date |= part->date;
        out->has_clock |= part->clock;
        out->has_zone |= part->zone || part->epoch;
        out->is_epoch |= part->epoch;
    }
    return NULL;
}
