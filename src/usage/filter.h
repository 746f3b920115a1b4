/* filter.h: which records are kept. */
#ifndef USAGE_FILTER_H
#define USAGE_FILTER_H

#include "base/slice.h"
#include "signature/signature.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Patterns of one dimension (`--user`, `--app`, …): any of `wanted` (all where empty), none of
 * `unwanted`. */
struct filter_list {
    const char *const *wanted;
    size_t wanted_count;
    const char *const *unwanted;
    size_t unwanted_count;
};

/* Filters that hold for a record while reading; patterns are globs. Those of rows (use, status) are
 * the report's. */
struct record_filter {
    int64_t since_us, until_us; /* INT64_MIN, INT64_MAX where open; until exclusive */
    struct filter_list user, client, host, source,
        country; /* of every record; countries in lower case */
    struct filter_list app, category, vendor, managed, tenant; /* of matched ones */
};

/* Does it let everything pass? Then it need not be asked. */
bool filter_is_open(const struct record_filter *filter);

/* Does ${text} pass the patterns? */
bool filter_passes(const struct filter_list *list, struct slice text);

/* The same for the address that asked: a pattern may also be a network (10.1.0.0/16) or another
 * spelling of the address. */
bool filter_passes_client(const struct filter_list *list, struct slice client);

/* Does the app pass those of app, category, vendor and managed? */
bool filter_passes_app(const struct record_filter *filter, const struct app *app);

#endif
