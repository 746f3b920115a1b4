/* news.c: lines that are no request, told by what the definition says of them. */
#include "format/news.h"

#include "format/envelope/envelope.h"

bool news_is_other(const struct format *f, struct slice line)
{
    struct slice slots[ENVELOPE_SLOTS] = {{NULL, 0}}, body;

    if (f->envelope && envelope_is_repeat(line))
        return true;
    return f->envelope && !f->untagged && envelope_strip(line, slots, &body) &&
           !(f->decoder == &decode_template && template_claims(f, body));
}

bool news_is(const struct format *f, struct slice line)
{
    struct slice slots[ENVELOPE_SLOTS] = {{NULL, 0}}, body = line;

    if (f->news_count == 0)
        return false;
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    if (!envelope_strip_of(f, line, slots, &body))
        body = line;
    for (size_t i = 0; i < f->news_count; i++)
        if (slice_glob(f->news[i], body))
            return true;
    return false;
}
