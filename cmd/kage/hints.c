/* hints.c: finds each archive's source. */
#include "hints.h"

#include <stdlib.h>
#include <string.h>

static bool load_zones(struct hints *hints, const struct sources *sources, struct error *err)
{
    hints->zones = calloc(sources->count + 1, sizeof(struct zone *));
    if (hints->zones == NULL)
        return error_set_memory(err);
    hints->zone_count = sources->count;
    for (size_t i = 0; i < sources->count; i++) {
        const char *name = sources->sources[i].timezone;

        if (name == NULL)
            continue;
        hints->zones[i] = zone_load(name, err);
        if (hints->zones[i] == NULL)
            return false;
    }
    return true;
}

bool hints_make(struct hints *hints, const struct archive_list *list, const struct sources *sources,
                const char *format, const struct zone *zone, struct error *err)
{
    memset(hints, 0, sizeof *hints);
    hints->archives = calloc(list->count + 1, sizeof *hints->archives);
    if (hints->archives == NULL)
        return error_set_memory(err);
    if (!load_zones(hints, sources, err))
        return false;
    for (size_t i = 0; i < list->count; i++) {
        const struct source *source = config_source_of(sources, list->archives[i].name);
        struct archive_hint *hint = &hints->archives[i];

        hint->source = source == NULL ? list->archives[i].name : source->name;
        hint->format = format == NULL && source != NULL ? source->format : format;
        if (source != NULL && source->encoding != NULL)
            hint->encoding = encoding_find(slice_of_string(source->encoding));
        if (source != NULL && source->date_order != NULL)
            hint->date_order = stamp_order_of(slice_of_string(source->date_order));
        hint->zone =
            zone == NULL && source != NULL ? hints->zones[source - sources->sources] : zone;
    }
    return true;
}

void hints_free(struct hints *hints)
{
    for (size_t i = 0; i < hints->zone_count; i++)
        zone_free(hints->zones[i]);
    free(hints->zones);
    free(hints->archives);
    memset(hints, 0, sizeof *hints);
}
