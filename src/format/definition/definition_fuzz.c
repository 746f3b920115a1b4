/* definition_fuzz.c: any text as a format definition; what is accepted decodes its own samples. */
#include "format/definition/definition.h"

#include "base/word.h"
#include "base/zone.h"
#include "format/decoding.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void decode_samples(const struct format *f, const struct zone *zone)
{
    struct error err = {0};
    struct decoding *d = decoding_create(f, zone, 2026, &err);
    struct batch *batch = malloc(sizeof *batch);
    uint64_t lines = 0, told = 0;

    if (d == NULL || batch == NULL)
        abort();
    for (size_t i = 0; i < f->sample_count; i++) {
        struct slice line = f->samples[i].line;
        char *copy = calloc(1, line.len + WIDE_SLACK);

        if (copy == NULL)
            abort();
        memcpy(copy, line.ptr, line.len);
        decoding_feed(d, slice_of(copy, line.len), i + 1, false);
        while (decoding_next(d, batch, &err)) {
            lines += batch->lines;
            told += batch->record_count + batch->skipped + batch->reject_count;
        }
        free(copy);
    }
    while (decoding_flush(d, batch))
        told += batch->record_count;
    if (lines != told)
        abort();
    free(batch);
    decoding_free(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct zone *zone;
    struct error err = {0}, load = {0};
    struct format *f = definition_parse("x", slice_of((const char *)data, size), &err);

    if (zone == NULL)
        zone = zone_load("UTC", &load);
    if ((f == NULL) != (err.code != ERROR_NONE))
        abort();
    if (f != NULL && zone != NULL)
        decode_samples(f, zone);
    definition_free(f);
    return 0;
}
