/* apps_risk.c: kage apps --risk: apps by what is missing of their control. */
#include "apps.h"
#include "base/buf.h"
#include "base/order.h"
#include "signature/risk.h"

#include <stdlib.h>

static const struct column columns[] = {{"app", "app", false, 1},
                                        {"name", "name", false, 4},
                                        {"category", "category", false, 2},
                                        {"managed", "managed", false, 1},
                                        {"risk", "risk", false, 1},
                                        {"points", "points", true, 1},
                                        {"unknown", "unknown", true, 2},
                                        {"missing", "missing", false, 3},
                                        {"alternative", "alternative", false, 5}};

/* Names of the attributes that are `no`, joined by a blank. */
static void append_missing(struct buf *out, const struct app *app)
{
    for (size_t t = 0; t < TRAIT_COUNT; t++)
        if (app->traits[t] == TRAIT_NO) {
            buf_append_string(out, out->len > 0 ? " " : "");
            buf_append_string(out, risk_weight_of(t)->attribute);
        }
    buf_append_byte(out, '\0');
}

static bool write_app(struct writer *writer, const struct app *app, struct error *err)
{
    struct risk risk = risk_of(app);
    struct buf level = {0}, missing = {0};
    bool ok;

    risk_append_level(&level, &risk);
    buf_append_byte(&level, '\0');
    append_missing(&missing, app);
    ok = !level.failed && !missing.failed ? true : error_set_memory(err);
    ok = ok && writer_string(writer, app->id, err) && writer_string(writer, app->name, err) &&
         writer_string(writer, app->category, err) &&
         writer_string(writer, managed_name(app->managed), err) &&
         writer_string(writer, level.ptr, err) && writer_number(writer, risk.missing, err) &&
         writer_number(writer, risk.unknown, err) && writer_string(writer, missing.ptr, err) &&
         writer_string(writer, app->alternative, err);
    buf_free(&level);
    buf_free(&missing);
    return ok;
}

/* Most points first, then the best known, then by id. */
static bool sort_apps(const struct signature_set *set, struct order *order, struct error *err)
{
    size_t count = signature_app_count(set);
    uint32_t *keys = calloc(count + 1, sizeof *keys);
    uint32_t *ranks = calloc(count + 1, sizeof *ranks);
    struct slice *ids = calloc(count + 1, sizeof *ids);
    bool ok = order_init(order, count, err);

    if (keys == NULL || ranks == NULL || ids == NULL) {
        ok = ok && error_set_memory(err);
    } else if (ok) {
        for (uint32_t i = 0; i < count; i++)
            ids[i] = slice_of_string(signature_app(set, i)->id);
        ok = order_rank_texts(ids, count, ranks, err);
        for (uint32_t i = 0; ok && i < count; i++) {
            struct risk risk = risk_of(signature_app(set, i));

            keys[i] = (risk.all - risk.missing) << 16 | risk.unknown;
        }
        order_by(order, ranks);
        order_by(order, keys);
    }
    free(keys);
    free(ranks);
    free(ids);
    return ok;
}

bool apps_risk(struct apps_task *t, enum outcome *outcome, struct error *err)
{
    struct order order = {0};
    struct writer *writer = NULL;
    bool ok = sort_apps(t->signatures, &order, err);

    (void)outcome;
    if (ok)
        writer = apps_open_writer(t, columns, sizeof columns / sizeof *columns, err);
    ok = writer != NULL;
    for (size_t i = 0; ok && i < order.count; i++)
        ok = write_app(writer, signature_app(t->signatures, order.items[i]), err);
    ok = ok && writer_end(writer, err);
    writer_free(writer);
    order_free(&order);
    return ok;
}
