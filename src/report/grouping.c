/* grouping.c: dimensions as parts of the cells' keys. */
#include "report/grouping.h"

#include "base/order.h"

#include <stdlib.h>
#include <string.h>

/* One number an app, of those that stand in the order of the texts at ${offset} in a struct app. */
static bool rank(const struct signature_set *signatures, size_t offset, uint32_t **ranks,
                 struct error *err)
{
    size_t count = signature_app_count(signatures);
    struct slice *texts = calloc(count + 1, sizeof *texts);
    bool ok;

    *ranks = calloc(count + 1, sizeof **ranks);
    if (texts == NULL || *ranks == NULL) {
        free(texts);
        return error_set_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        const struct app *app = signature_app(signatures, (uint32_t)i);
        const char *text;

        memcpy(&text, (const char *)app + offset, sizeof text);
        texts[i] = slice_of_string(text);
    }
    ok = order_rank_texts(texts, count, *ranks, err);
    free(texts);
    return ok;
}

static bool note_managed(struct grouping *g, const struct signature_set *signatures,
                         struct error *err)
{
    size_t count = signature_app_count(signatures);

    g->managed = calloc(count + 1, sizeof *g->managed);
    if (g->managed == NULL)
        return error_set_memory(err);
    for (size_t i = 0; i < count; i++)
        g->managed[i] = signature_app(signatures, (uint32_t)i)->managed;
    return true;
}

/* The codes of apps that the dimension goes by: there are thousands, and few ask. */
static bool make_codes(struct grouping *g, enum dimension dimension,
                       const struct signature_set *signatures, struct error *err)
{
    if (dimension == DIMENSION_CATEGORY && g->categories == NULL)
        return rank(signatures, offsetof(struct app, category), &g->categories, err);
    if (dimension == DIMENSION_VENDOR && g->vendors == NULL)
        return rank(signatures, offsetof(struct app, vendor), &g->vendors, err);
    return dimension != DIMENSION_MANAGED || g->managed != NULL || note_managed(g, signatures, err);
}

/* The part that decides; KEY_PARTS: none, it is not the key alone that tells. */
static enum key_part part_of(const struct grouping *g, enum dimension dimension,
                             const uint32_t **codes)
{
    *codes = NULL;
    switch (dimension) {
    case DIMENSION_DAY: return PART_DAY;
    case DIMENSION_HOUR: return PART_HOUR;
    case DIMENSION_USER: return PART_USER;
    case DIMENSION_CLIENT: return PART_CLIENT;
    case DIMENSION_APP:
    case DIMENSION_APP_NAME: return PART_APP;
    case DIMENSION_CATEGORY: *codes = g->categories; return PART_APP;
    case DIMENSION_VENDOR: *codes = g->vendors; return PART_APP;
    case DIMENSION_MANAGED: *codes = g->managed; return PART_APP;
    case DIMENSION_TENANT:
    case DIMENSION_DOMAIN: return PART_TENANT;
    case DIMENSION_HOST: return PART_HOST;
    case DIMENSION_SOURCE: return PART_SOURCE;
    case DIMENSION_COUNTRY: return PART_COUNTRY;
    case DIMENSION_WORKHOURS: return PART_WORKHOURS;
    case DIMENSION_USE:
    case DIMENSION_DEPARTMENT:
    case DIMENSION_LEFT:
    case DIMENSION_STATUS:
    case DIMENSION_KIND:
    case DIMENSIONS: break;
    }
    return KEY_PARTS;
}

bool grouping_init(struct grouping *g, const struct plan *plan,
                   const struct signature_set *signatures, struct error *err)
{
    memset(g, 0, sizeof *g);
    for (size_t i = 0; i < plan->by_count; i++) {
        const uint32_t *codes;
        enum key_part part;

        if (!make_codes(g, plan->by[i], signatures, err))
            return false;
        part = part_of(g, plan->by[i], &codes);
        if (part != KEY_PARTS)
            cell_order_add(&g->order, part, codes);
    }
    cell_order_finish(&g->order);
    return true;
}

void grouping_free(struct grouping *g)
{
    free(g->categories);
    free(g->vendors);
    free(g->managed);
    memset(g, 0, sizeof *g);
}
