/* documents.c: a sorted table of cells, or what was spilled. */
#include "usage/documents.h"

#include "usage/spill.h"

#include <stdlib.h>

enum {
    PREFETCH_CELLS = 8,
    FEW_CELLS = 4096 /* not worth a thread */
};

struct documents {
    const struct usage *usage;
    const struct cell_order *steps;
    struct order order;                      /* another's, where this is the second half */
    size_t from, end;                        /* its part of the order */
    size_t until;                            /* place in the order behind the documented cell */
    struct usage_cell cells[DOCUMENT_CELLS]; /* it */
    size_t count;
    struct usage_key key, next_key; /* of its first cell, of the one at `until` */
    size_t differing;               /* the first step in which they differ; 0: there is no cell */
    size_t host_cell;               /* of its cells, the one whose hosts come */
    uint32_t host;                  /* of its hosts, the one to come */
    struct spill_reader *spilled;   /* NULL: in memory */
    struct documents_source source; /* next NULL: none */
};

struct documents *documents_of_usage(const struct usage *usage, const struct cell_order *order,
                                     struct error *err)
{
    static uint32_t *const by_number[NAME_KINDS] = {NULL};
    struct documents *c = calloc(1, sizeof *c);

    if (c == NULL) {
        error_set_memory(err);
        return NULL;
    }
    c->usage = usage;
    c->steps = order;
    if (cell_order_sort(order, usage, by_number, &c->order, err)) {
        c->end = c->order.count;
        return c;
    }
    documents_free(c);
    return NULL;
}

/* The place from ${from} on where a row begins, or the end. */
static size_t start_of_row(const struct documents *c, size_t from)
{
    struct usage_key before = usage_key_get(c->usage, c->order.items[from - 1]);

    for (; from < c->end; from++) {
        struct usage_key key = usage_key_get(c->usage, c->order.items[from]);

        if (cell_order_difference(c->steps, &before, &key) < c->steps->row)
            break;
        before = key;
    }
    return from;
}

bool documents_split(struct documents *c, struct documents **other, struct error *err)
{
    size_t middle = c->end < FEW_CELLS ? c->end : start_of_row(c, c->end / 2);

    *other = NULL;
    if (middle == c->end)
        return true;
    *other = calloc(1, sizeof **other);
    if (*other == NULL)
        return error_set_memory(err);
    **other = *c;
    (*other)->from = (*other)->until = c->end = middle;
    return true;
}

struct documents *documents_of_spill(const struct spill *spill, struct error *err)
{
    struct documents *c = calloc(1, sizeof *c);

    if (c == NULL) {
        error_set_memory(err);
        return NULL;
    }
    c->spilled = spill_reader_open(spill, err);
    if (c->spilled != NULL)
        return c;
    documents_free(c);
    return NULL;
}

struct documents *documents_of_source(const struct documents_source *source, struct error *err)
{
    struct documents *c = calloc(1, sizeof *c);

    if (c == NULL) {
        error_set_memory(err);
        return NULL;
    }
    c->source = *source;
    c->usage = source->names;
    return c;
}

/* The key at ${until}; what comes later is fetched meanwhile. */
static void look_ahead(struct documents *c)
{
    const uint32_t *items = c->order.items + c->until;
    size_t left = c->end - c->until;

    if (left > PREFETCH_CELLS)
        usage_prefetch_index(c->usage, items[PREFETCH_CELLS]);
    if (left > 0)
        c->next_key = usage_key_get(c->usage, items[0]);
}

static bool next_in_memory(struct documents *c, struct document *out)
{
    if (c->until == c->end)
        return false;
    if (c->until == c->from)
        look_ahead(c);
    out->new_row = c->differing < c->steps->row || c->until == c->from;
    out->new_user = c->differing < c->steps->user || c->until == c->from;
    out->new_day = c->differing < c->steps->day || c->until == c->from;
    out->count = 0;
    c->key = c->next_key;
    do {
        c->cells[out->count] = usage_cell_get(c->usage, c->order.items[c->until++]);
        out->cells[out->count] = &c->cells[out->count];
        out->count++;
        look_ahead(c);
        c->differing =
            c->until < c->end ? cell_order_difference(c->steps, &c->key, &c->next_key) : 0;
    } while (c->differing >= c->steps->document && out->count < DOCUMENT_CELLS);
    c->count = out->count;
    c->host_cell = 0;
    c->host = 0;
    return true;
}

bool documents_next(struct documents *c, struct document *out, struct error *err)
{
    out->crowd = NULL;
    if (c->source.next != NULL)
        return c->source.next(c->source.context, out, err);
    return c->spilled != NULL ? spill_reader_next(c->spilled, out, err) : next_in_memory(c, out);
}

bool documents_next_host(struct documents *c, uint32_t *host, struct error *err)
{
    if (c->source.next != NULL)
        return c->source.next_host(c->source.context, host, err);
    if (c->spilled != NULL)
        return spill_reader_next_host(c->spilled, host, err);
    for (; c->host_cell < c->count; c->host_cell++, c->host = 0) {
        const struct host_set *hosts = &c->cells[c->host_cell].hosts;

        if (c->host < hosts->count) {
            *host = host_set_get(hosts, c->host++);
            return true;
        }
    }
    return false;
}

const struct usage *documents_names(const struct documents *c)
{
    return c->spilled != NULL ? spill_reader_names(c->spilled) : c->usage;
}

bool documents_have_many_names(const struct documents *c)
{
    return c->spilled != NULL &&
           usage_memory(spill_reader_names(c->spilled)) > spill_reader_names_limit(c->spilled);
}

bool documents_forget_names(struct documents *c, struct error *err)
{
    return c->spilled == NULL || usage_clear(spill_reader_names(c->spilled)) ||
           error_set_memory(err);
}

void documents_free(struct documents *c)
{
    if (c == NULL)
        return;
    spill_reader_free(c->spilled);
    if (c->from == 0)
        order_free(&c->order);
    free(c);
}
