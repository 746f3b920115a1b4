/* decoding_fuzz.c: any bytes as an archive, through every built-in format; the account must add up.
 */
#include "format/decoding.h"

#include "base/word.h"
#include "base/zone.h"
#include "format/catalog.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Loaded once, for all inputs. */
struct world {
    struct format_catalog *catalog;
    struct zone *zone;
    struct batch *batch;
};

static void load(struct world *w)
{
    struct error err = {0};

    w->catalog = catalog_create(&err);
    w->zone = zone_load("UTC", &err);
    w->batch = malloc(sizeof *w->batch);
    if (w->catalog == NULL || w->zone == NULL || w->batch == NULL)
        abort();
}

/* Every text of a record can be read, every number of a line is one of the archive. */
static uint64_t look_at(const struct batch *batch, uint64_t last_line)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < batch->record_count; i++) {
        const struct record *r = &batch->records[i];

        if (r->line == 0 || r->line > last_line)
            abort();
        for (unsigned f = 0; f < FIELD_COUNT; f++) {
            const struct field_info *info = field_info((enum field)f);
            struct slice text;

            if (!record_has(r, (enum field)f) || info->type != TYPE_TEXT)
                continue;
            memcpy(&text, (const char *)r + info->offset, sizeof text);
            for (size_t k = 0; k < text.len; k++)
                sum += (unsigned char)text.ptr[k];
        }
    }
    return sum;
}

/* Returns: a sum that keeps the compiler from leaving the reading out. */
static uint64_t decode(const struct world *w, const struct format *format, struct slice bytes)
{
    struct error err = {0};
    struct decoding *d = decoding_create(format, w->zone, 2026, &err);
    uint64_t lines = 0, told = 0, sum = 0, last = 0;

    for (size_t i = 0; i < bytes.len; i++)
        last += bytes.ptr[i] == '\n';
    last += bytes.len > 0 && bytes.ptr[bytes.len - 1] != '\n';
    decoding_feed(d, bytes, 1, false);
    while (decoding_next(d, w->batch, &err) || decoding_flush(d, w->batch)) {
        lines += w->batch->lines;
        told += w->batch->record_count + w->batch->skipped + w->batch->reject_count;
        sum += look_at(w->batch, last);
    }
    if (err.code != ERROR_NONE || lines != told || lines < last)
        abort();
    decoding_free(d);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct world world;
    /* a copy with slack and nothing more, so that a read behind it is seen */
    char *copy = calloc(1, size + WIDE_SLACK);

    if (world.catalog == NULL)
        load(&world);
    if (copy == NULL)
        abort();
    memcpy(copy, data, size);
    for (size_t i = 0; i < catalog_count(world.catalog); i++)
        if (decode(&world, catalog_at(world.catalog, i), slice_of(copy, size)) == UINT64_MAX)
            abort();
    free(copy);
    return 0;
}
