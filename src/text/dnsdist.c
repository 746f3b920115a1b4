/* dnsdist.c: recognises the binary log of dnsdist. */
#include "text/dnsdist.h"

enum { ENOUGH_RECORDS = 3, LABEL_LIMIT = 63, NAME_LIMIT = 255, FAMILY_INET = 2, FAMILY_INET6 = 10 };

static unsigned byte_at(struct slice s, size_t at)
{
    return (unsigned char)s.ptr[at];
}

/* The length of the name as on the wire that ${s} begins with; 0 where there is none, or not all of
 * it. */
static size_t name_length(struct slice s)
{
    size_t at = 0;

    while (at < s.len && at < NAME_LIMIT && byte_at(s, at) != 0) {
        if (byte_at(s, at) > LABEL_LIMIT)
            return 0;
        at += 1 + byte_at(s, at);
    }
    return at < s.len && at < NAME_LIMIT ? at + 1 : 0;
}

/* The length of the record that ${s} begins with, 0 for none; longer than ${s} where it is cut. */
static size_t record_length(struct slice s)
{
    size_t name = s.len < 2 ? 0 : name_length(slice_from(s, 2)), at = 2 + name + 2;
    unsigned family;

    if (name == 0 || at + 2 > s.len)
        return 0;
    family = byte_at(s, at) == 0 ? byte_at(s, at + 1) : byte_at(s, at);
    if ((byte_at(s, at) != 0 && byte_at(s, at + 1) != 0) ||
        (family != FAMILY_INET && family != FAMILY_INET6))
        return 0;
    return at + 2 + (family == FAMILY_INET ? 4 : 16) + 2;
}

bool dnsdist_is_binary(struct slice head)
{
    size_t records = 0;

    while (head.len > 0 && records < ENOUGH_RECORDS) {
        size_t length = record_length(head);

        if (length == 0 || length > head.len)
            return false;
        head = slice_from(head, length);
        records++;
    }
    return records > 0;
}
