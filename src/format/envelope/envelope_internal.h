/* envelope_internal.h: the parts of a syslog prefix, and of the message behind it. */
#ifndef FORMAT_ENVELOPE_INTERNAL_H
#define FORMAT_ENVELOPE_INTERNAL_H

#include "base/slice.h"

#include <stdbool.h>

static inline bool envelope_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline void envelope_skip_blanks(struct slice *s)
{
    while (s->len > 0 && (s->ptr[0] == ' ' || s->ptr[0] == '\t'))
        *s = slice_from(*s, 1);
}

/* The next word; the blanks behind it are passed over. */
static inline struct slice envelope_take_word(struct slice *s)
{
    struct slice word = slice_of(s->ptr, slice_find(*s, ' '));

    word.len = slice_find(word, '\t');
    *s = slice_from(*s, word.len);
    envelope_skip_blanks(s);
    return word;
}

/* A time in any of the forms that stand in a syslog prefix (envelope_strip), and the colon and
 * blanks behind it. Returns: false where there is none; then ${s} has lost its leading blanks at
 * most. */
bool envelope_take_time(struct slice *s, struct slice *time);

/* The same of a time that no W3C log begins its lines with: theirs has a blank within. */
bool envelope_take_foreign_time(struct slice *s, struct slice *time);

/* Does ${s} begin with a time in numbers? */
bool envelope_begins_number_time(struct slice s);

/* The message that was sent, of what stands behind the prefix: what relays made of it is undone. */
struct slice envelope_message(struct slice body);

/* Cisco's own tag ("%ASA-5-304001: ") begins the message where relays, which took its machine or
 * zone for the program or know none, put a tag of theirs before it: it becomes the tag. */
void envelope_take_cisco_tag(struct slice *body, struct slice *slots);
bool envelope_has_cisco_tag(struct slice s);

#endif
