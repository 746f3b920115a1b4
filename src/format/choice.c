/* choice.c: the tables of choice.h, worked out once for a format. */
#include "format/choice.h"

static uint32_t bit(size_t shape)
{
    return UINT32_C(1) << shape;
}

static void admit_all(uint32_t *table, size_t shape)
{
    for (unsigned byte = 0; byte < CHOICE_BYTES; byte++)
        table[byte] |= bit(shape);
}

/* One byte, or any where ${known} is false. */
static void admit(uint32_t *table, size_t shape, bool known, unsigned char byte)
{
    if (known)
        table[byte] |= bit(shape);
    else
        admit_all(table, shape);
}

static void add_ends(struct choice *c, size_t number, const struct shape *shape)
{
    const struct glob *g = &shape->glob;
    int last;

    if (shape->items == NULL) {
        admit(c->first, number, (g->head_mask & 0xff) != 0, (unsigned char)g->head);
        admit(c->last, number, g->tail_mask >> 56 != 0, (unsigned char)(g->tail >> 56));
        return;
    }
    for (unsigned byte = 0; byte < CHOICE_BYTES; byte++)
        if ((shape->items->first.bytes[byte / 64] >> byte % 64 & 1) != 0)
            c->first[byte] |= bit(number);
    last = template_last_byte(shape->items);
    admit(c->last, number, last >= 0, (unsigned char)last);
}

/* A pattern whose text before the first * has the beginning of a second word. */
static void add_pattern_second(struct choice *c, size_t number, struct slice pattern)
{
    struct slice head = slice_of(pattern.ptr, slice_find(pattern, '*'));
    size_t at = 0;

    while (at < head.len && head.ptr[at] != ' ' && head.ptr[at] != '\t')
        at++;
    while (at < head.len && (head.ptr[at] == ' ' || head.ptr[at] == '\t'))
        at++;
    c->looks |= at < head.len;
    admit(c->second, number, at < head.len, at < head.len ? (unsigned char)head.ptr[at] : 0);
}

static void add_second(struct choice *c, size_t number, const struct shape *shape)
{
    const struct template_lead *lead = &shape->lead;
    unsigned char byte = (unsigned char)lead->head;

    if (shape->items == NULL) {
        add_pattern_second(c, number, shape->text);
        return;
    }
    c->looks |= lead->mask != 0;
    admit(c->second, number, lead->mask != 0, byte);
    if (lead->may_be_first)
        admit(c->alone, number, lead->mask != 0, byte);
}

void choice_make(const struct format *f, struct choice *out)
{
    *out = (struct choice){.looks = false};
    for (size_t i = 0; i < f->shape_count && i < SHAPE_LIMIT;
         i++) { /* probes are more: not chosen */
        add_ends(out, i, &f->shapes[i]);
        add_second(out, i, &f->shapes[i]);
        if (f->shapes[i].role == SHAPE_OWN)
            out->own |= bit(i);
    }
}
