/* decoding_plain.c: which lines are cut as most are, and when. */
#include "format/decoding_internal.h"
#include "format/envelope/envelope.h"

#include <string.h>

enum {
    ODD_LINES = 32,     /* one after the other: a look for plain ones costs more than it gives */
    RESTING_LINES = 512 /* are not looked at then */
};

/* Lines of delimited formats may begin with anything else; of headed ones only as values do, which
 * no heading does, and no syslog prefix. */
static void note_begins(struct plain *p, const struct format *f)
{
    static const char syslog[] = "<JFMASOND", quote = '"';
    const bool headed = f->decoder == &decode_headed;

    for (int c = ' ' + 1; c < 256; c++)
        if (!headed || (c >= '0' && c <= '9'))
            p->begin[c] = BEGIN_PLAIN;
    if (headed)
        p->begin[(unsigned char)quote] = BEGIN_QUOTED;
    for (const char *c = syslog; *c != '\0' && f->envelope && !headed; c++)
        p->begin[(unsigned char)*c] = BEGIN_AS_SYSLOG;
    for (size_t i = 0; i < f->comment_count; i++)
        p->begin[(unsigned char)f->comments[i].ptr[0]] = BEGIN_ODD;
}

void plain_prepare(struct plain *p, const struct format *format)
{
    if (follow_fits(format) || format->join_count > 0)
        return; /* lines that give no record by themselves */
    p->any = format->decoder == &decode_headed ||
             (format->decoder == &decode_delimited && delimited_layout(format) != NULL);
    /* a line that may have been cut is longer than a stretch */
    p->any = p->any && format->shape_count == 0 &&
             (format->cut_at == 0 || format->cut_at >= LINES_STRETCH);
    note_begins(p, format);
}

bool plain_lacks_prefix(struct slice line)
{
    return !envelope_is_plain(line);
}

const struct lines_rules *plain_rules(const struct plain *p)
{
    static const struct lines_rules only_ends = {.edges = 0};

    return p->layout == NULL ? &only_ends : &p->layout->rules;
}

void plain_clean(struct decoding *d)
{
    if (d->plain.clean)
        return;
    memset(d->slots, 0, (size_t)d->format->slot_count * sizeof *d->slots);
    d->plain.clean = true;
}

/* That of the next line; NULL: it is not plain. */
static const struct layout *layout_of(const struct decoding *d)
{
    const struct format *f = d->format;

    if (d->enveloped || d->plain.resting > 0)
        return NULL;
    return f->decoder == &decode_headed ? headed_plain(d->state) : delimited_layout(f);
}

/* Where most lines are odd, they are not looked at for a while. */
static void count_odd(struct plain *p, uint64_t line)
{
    if (p->resting > 0) {
        p->resting--;
        return;
    }
    p->odd = line == p->odd_before + 1 ? p->odd + 1 : 1;
    p->odd_before = line;
    if (p->odd == ODD_LINES) {
        p->odd = 0;
        p->resting = RESTING_LINES;
    }
}

void plain_choose_layout(struct decoding *d, bool odd)
{
    struct plain *p = &d->plain;
    const struct layout *layout;
    unsigned version;

    if (odd)
        count_odd(p, d->line);
    layout = layout_of(d);
    version = layout == NULL ? 0 : layout->version;
    if (layout == p->layout && version == p->version)
        return;
    p->layout = layout;
    p->version = version;
    lines_start(&d->lines, plain_rules(p), d->next, d->end);
}
