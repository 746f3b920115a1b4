/* documents.c: a sorted table of cells, or what was spilled. */
#include "usage/documents.h"

#include "usage/spill.h"

#include <stdlib.h>

enum { PREFETCH_CELLS = 8 };

struct documents {
    const struct usage *usage;
    const struct cell_order *steps;
    struct order order;
    size_t from, until;           /* the documented cell's places in the order */
    size_t host_cell;             /* place of the cell whose hosts come */
    uint32_t host;                /* of its hosts, the one to come */
    struct spill_reader *spilled; /* NULL: in memory */
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
    if (cell_order_sort(order, usage, by_number, &c->order, err))
        return c;
    documents_free(c);
    return NULL;
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

static const struct usage_cell *cell_at(const struct documents *c, size_t place)
{
    return usage_cell_get(c->usage, c->order.items[place]);
}

static size_t difference(const struct documents *c, size_t a, size_t b)
{
    return cell_order_difference(c->steps, &cell_at(c, a)->key, &cell_at(c, b)->key);
}

static bool next_in_memory(struct documents *c, struct document *out)
{
    size_t first, differing = 0;

    if (c->until > 0 && c->until < c->order.count)
        differing = difference(c, c->until - 1, c->until);
    first = c->until;
    if (first == c->order.count)
        return false;
    out->new_row = differing < c->steps->row || first == 0;
    out->new_user = differing < c->steps->user || first == 0;
    out->new_day = differing < c->steps->day || first == 0;
    out->count = 0;
    do {
        if (c->order.count - c->until > PREFETCH_CELLS)
            usage_cell_prefetch(cell_at(c, c->until + PREFETCH_CELLS));
        out->cells[out->count++] = cell_at(c, c->until++);
    } while (c->until < c->order.count && out->count < DOCUMENT_CELLS &&
             difference(c, first, c->until) >= c->steps->document);
    c->from = c->host_cell = first;
    c->host = 0;
    return true;
}

bool documents_next(struct documents *c, struct document *out, struct error *err)
{
    return c->spilled != NULL ? spill_reader_next(c->spilled, out, err) : next_in_memory(c, out);
}

bool documents_next_host(struct documents *c, uint32_t *host, struct error *err)
{
    if (c->spilled != NULL)
        return spill_reader_next_host(c->spilled, host, err);
    for (; c->host_cell < c->until; c->host_cell++, c->host = 0) {
        const struct host_set *hosts = &cell_at(c, c->host_cell)->hosts;

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
    order_free(&c->order);
    free(c);
}
