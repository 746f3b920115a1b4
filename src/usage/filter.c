/* filter.c: patterns against texts. */
#include "usage/filter.h"

#include "net/address.h"

static bool any(const char *const *patterns, size_t count, struct slice text)
{
    for (size_t i = 0; i < count; i++)
        if (slice_glob(slice_of_string(patterns[i]), text))
            return true;
    return false;
}

static bool is_empty(const struct filter_list *list)
{
    return list->wanted_count + list->unwanted_count == 0;
}

bool filter_is_open(const struct record_filter *f)
{
    return f->since_us == INT64_MIN && f->until_us == INT64_MAX && is_empty(&f->user) &&
           is_empty(&f->client) && is_empty(&f->host) && is_empty(&f->source) &&
           is_empty(&f->country) && is_empty(&f->app) && is_empty(&f->category) &&
           is_empty(&f->vendor) && is_empty(&f->managed) && is_empty(&f->tenant);
}

bool filter_passes(const struct filter_list *list, struct slice text)
{
    return (list->wanted_count == 0 || any(list->wanted, list->wanted_count, text)) &&
           !any(list->unwanted, list->unwanted_count, text);
}

/* Is ${address} in the network or of the address that ${pattern} spells? */
static bool spells(const char *pattern, const struct address *address)
{
    struct network network;
    const char *why;

    return network_parse(slice_of_string(pattern), &network, &why) &&
           network_has(&network, address);
}

static bool any_network(const char *const *patterns, size_t count, const struct address *address)
{
    for (size_t i = 0; i < count; i++)
        if (spells(patterns[i], address))
            return true;
    return false;
}

bool filter_passes_client(const struct filter_list *list, struct slice client)
{
    struct address address;

    if (is_empty(list))
        return true;
    if (!address_parse(client, &address))
        return filter_passes(list, client);
    if (any(list->unwanted, list->unwanted_count, client) ||
        any_network(list->unwanted, list->unwanted_count, &address))
        return false;
    return list->wanted_count == 0 || any(list->wanted, list->wanted_count, client) ||
           any_network(list->wanted, list->wanted_count, &address);
}

bool filter_passes_app(const struct record_filter *filter, const struct app *app)
{
    return filter_passes(&filter->app, slice_of_string(app->id)) &&
           filter_passes(&filter->category, slice_of_string(app->category)) &&
           filter_passes(&filter->vendor, slice_of_string(app->vendor)) &&
           filter_passes(&filter->managed, slice_of_string(managed_name(app->managed)));
}
