/* decoding_mend.c: lines as they were before they were cut or written otherwise on their way. */
#include "format/decoding_internal.h"

#include <string.h>

bool mend_cut(struct decoding *d, struct slice line, struct slice *whole)
{
    struct slice tail = d->format->cut_tail;
    char *text = ARENA_NEW(d->mapping.scratch, char, line.len + tail.len);

    if (text == NULL)
        return false;
    memcpy(text, line.ptr, line.len);
    memcpy(text + line.len, tail.ptr, tail.len);
    *whole = slice_of(text, line.len + tail.len);
    return true;
}

bool mend_tabs(struct decoding *d, struct slice line, struct slice *whole)
{
    const struct slice octal = SLICE("#011");
    char *text, *to;

    if (slice_find_slice(line, octal) == line.len)
        return false;
    to = text = ARENA_NEW(d->mapping.scratch, char, line.len + 1);
    if (text == NULL)
        return false;
    while (line.len > 0) {
        size_t n = slice_find_slice(line, octal);

        memcpy(to, line.ptr, n);
        to += n;
        if (n < line.len) {
            *to++ = '\t';
            n += octal.len;
        }
        line = slice_from(line, n);
    }
    *whole = slice_of(text, (size_t)(to - text));
    return true;
}
