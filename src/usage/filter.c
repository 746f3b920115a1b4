/* filter.c: patterns against texts. */
#include "usage/filter.h"

static bool any(const char *const *patterns, size_t count, struct slice text)
{
    for (size_t i = 0; i < count; i++)
        if (slice_glob(slice_of_string(patterns[i]), text))
            return true;
    return false;
}

bool filter_passes(const struct filter_list *list, struct slice text)
{
    return (list->wanted_count == 0 || any(list->wanted, list->wanted_count, text)) &&
           !any(list->unwanted, list->unwanted_count, text);
}

bool filter_passes_app(const struct record_filter *filter, const struct app *app)
{
    return filter_passes(&filter->app, slice_of_string(app->id)) &&
           filter_passes(&filter->category, slice_of_string(app->category)) &&
           filter_passes(&filter->vendor, slice_of_string(app->vendor)) &&
           filter_passes(&filter->managed, slice_of_string(managed_name(app->managed)));
}
