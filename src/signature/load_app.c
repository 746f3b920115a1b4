/* load_app.c: rows of apps.csv. */
#include "signature/load.h"
#include "signature/set.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum {
    APP_ID,
    APP_NAME,
    APP_NAME_JA,
    APP_CATEGORY,
    APP_VENDOR,
    APP_COUNTRY,
    APP_MANAGED,
    APP_ALTERNATIVE,
    APP_NOTE,
    APP_TRAITS /* the first of TRAIT_COUNT */
};

const struct csv_column load_app_columns[LOAD_APP_COLUMNS] = {
    [APP_ID] = {"app", false},          [APP_NAME] = {"name", false},
    [APP_NAME_JA] = {"name_ja", false}, [APP_CATEGORY] = {"category", false},
    [APP_VENDOR] = {"vendor", false},   [APP_COUNTRY] = {"country", false},
    [APP_MANAGED] = {"managed", false}, [APP_ALTERNATIVE] = {"alternative", false},
    [APP_NOTE] = {"note", false},
#define TRAIT(name, help) {#name, false},
#include "signature/attributes.def"
#undef TRAIT
};

_Static_assert(LOAD_APP_COLUMNS == APP_TRAITS + TRAIT_COUNT, "one column each");

static bool is_country(struct slice s)
{
    return s.len == 0 ||
           (s.len == 2 && s.ptr[0] >= 'A' && s.ptr[0] <= 'Z' && s.ptr[1] >= 'A' && s.ptr[1] <= 'Z');
}

static bool check_app(const struct csv_row *row, struct error *err)
{
    const struct slice *f = row->fields;

    if (!load_is_id(f[APP_ID]))
        return csv_fail(row, err, "app '%s': expected lower-case letters, digits and '-'",
                        f[APP_ID].ptr);
    if (f[APP_NAME].len == 0)
        return csv_fail(row, err, "app '%s' has no name", f[APP_ID].ptr);
    if (!load_is_id(f[APP_CATEGORY]))
        return csv_fail(row, err, "category '%s': expected lower-case letters, digits and '-'",
                        f[APP_CATEGORY].ptr);
    if (!is_country(f[APP_COUNTRY]))
        return csv_fail(row, err, "country '%s': expected two capital letters or nothing",
                        f[APP_COUNTRY].ptr);
    return true;
}

static bool read_managed(const struct csv_row *row, struct app *app, struct error *err)
{
    for (unsigned m = 0; m < MANAGED_COUNT; m++)
        if (slice_is(row->fields[APP_MANAGED], managed_name((enum managed)m))) {
            app->managed = (enum managed)m;
            return true;
        }
    return csv_fail(row, err, "managed '%s': expected no, yes or both",
                    row->fields[APP_MANAGED].ptr);
}

static bool read_traits(const struct csv_row *row, struct app *app, struct error *err)
{
    static const char *const names[] = {
        [TRAIT_UNKNOWN] = "unknown", [TRAIT_NO] = "no", [TRAIT_YES] = "yes"};

    for (size_t t = 0; t < TRAIT_COUNT; t++) {
        struct slice text = row->fields[APP_TRAITS + t];
        unsigned value = 0;

        while (value < COUNT(names) && !slice_is(text, names[value]))
            value++;
        if (value == COUNT(names))
            return csv_fail(row, err, "%s '%s': expected yes, no or unknown",
                            load_app_columns[APP_TRAITS + t].name, text.ptr);
        app->traits[t] = (enum trait)value;
    }
    return true;
}

bool load_app_take(void *context, const struct csv_row *row, struct error *err)
{
    struct signature_set *set = ((const struct loading *)context)->set;
    struct app app = {0};
    uint32_t number = 0;

    if (!check_app(row, err) || !read_managed(row, &app, err) || !read_traits(row, &app, err) ||
        !load_app_number(set, row->fields[APP_ID], &number, err))
        return false;
    app.id = set->app_ids.texts[number].ptr;
    app.name = load_keep(set, row->fields[APP_NAME]);
    app.name_ja = load_keep(set, row->fields[APP_NAME_JA]);
    app.category = load_keep(set, row->fields[APP_CATEGORY]);
    app.vendor = load_keep(set, row->fields[APP_VENDOR]);
    app.country = load_keep(set, row->fields[APP_COUNTRY]);
    app.alternative = load_keep(set, row->fields[APP_ALTERNATIVE]);
    app.note = load_keep(set, row->fields[APP_NOTE]);
    if (app.name == NULL || app.name_ja == NULL || app.category == NULL || app.vendor == NULL ||
        app.country == NULL || app.alternative == NULL || app.note == NULL)
        return error_set_memory(err);
    set->apps[number] = app;
    return true;
}
