/* image.c: the tables of the image into a set. */
#include "signature/image.h"

#include "base/embedded.h"
#include "base/pages.h"
#include "signature/set.h"

#include <stdlib.h>

_Static_assert(SUFFIX_ROOT == 0, "an image's names are numbered from 1");

static bool lay_apps(struct signature_set *set, const struct signature_image *image)
{
    set->apps = malloc((image->app_count + 1) * sizeof *set->apps);
    pages_fill(set->apps, image->app_count * sizeof *set->apps);
    if (set->apps == NULL || !text_map_reserve(&set->app_ids, image->app_count))
        return false;
    set->app_capacity = image->app_count;
    for (size_t i = 0; i < image->app_count; i++) {
        const struct image_app *from = &image->apps[i];
        const char *texts[IMAGE_APP_TEXTS];
        struct app *app = &set->apps[i];

        for (size_t t = 0; t < IMAGE_APP_TEXTS; t++)
            texts[t] = image->texts + from->texts[t];
        *app = (struct app){.id = texts[0],
                            .name = texts[1],
                            .name_ja = texts[2],
                            .category = texts[3],
                            .vendor = texts[4],
                            .country = texts[5],
                            .alternative = texts[6],
                            .note = texts[7],
                            .managed = (enum managed)from->managed};
        for (size_t t = 0; t < TRAIT_COUNT; t++)
            app->traits[t] = (enum trait)from->traits[t];
        if (text_map_add_borrowed(&set->app_ids, slice_of_string(app->id)) != i)
            return false;
    }
    return true;
}

static bool lay_names(struct signature_set *set, const struct signature_image *image)
{
    if (!suffix_tree_reserve(&set->tree, image->name_count))
        return false;
    pages_fill(set->tree.nodes, set->tree.capacity * sizeof *set->tree.nodes);
    pages_fill(set->tree.rows, set->tree.capacity * sizeof *set->tree.rows);
    for (size_t i = 0; i < image->name_count; i++) {
        const struct image_name *from = &image->names[i];
        const char *text = image->texts + from->text;
        uint32_t node = suffix_tree_append(&set->tree, from->parent,
                                           slice_of(text, from->label_len), from->hash);

        set->tree.rows[node].below = from->below;
        set->tree.rows[node].exact = from->exact;
    }
    return true;
}

static bool lay_signatures(struct signature_set *set, const struct signature_image *image)
{
    set->signatures = malloc((image->signature_count + 1) * sizeof *set->signatures);
    pages_fill(set->signatures, image->signature_count * sizeof *set->signatures);
    if (set->signatures == NULL)
        return false;
    set->signature_count = (uint32_t)image->signature_count;
    set->signature_capacity = image->signature_count;
    for (size_t i = 0; i < image->signature_count; i++) {
        const struct image_signature *from = &image->signatures[i];

        set->signatures[i] = (struct signature){.domain = set->tree.rows[from->name].name,
                                                .exact = from->exact != 0,
                                                .app = from->app,
                                                .role = (enum role)from->role,
                                                .file = "signatures/domains.csv",
                                                .line = from->line};
    }
    return true;
}

static bool lay_tenants(struct signature_set *set, const struct signature_image *image)
{
    set->tenants = malloc((image->tenant_count + 1) * sizeof *set->tenants);
    pages_fill(set->tenants, image->tenant_count * sizeof *set->tenants);
    if (set->tenants == NULL)
        return false;
    set->tenant_count = (uint32_t)image->tenant_count;
    set->tenant_capacity = image->tenant_count;
    for (size_t i = 0; i < image->tenant_count; i++) {
        const struct image_tenant *from = &image->tenants[i];

        set->tenants[i] =
            (struct tenant_row){.pattern = tenant_of_shape(image->texts + from->text, &from->shape),
                                .app = from->app,
                                .node = from->name,
                                .file = "signatures/tenants.csv",
                                .line = from->line};
    }
    return true;
}

/* The image's rows over ${set}, which must be empty, as those of files in `signatures/`. */
static bool lay_image(struct signature_set *set, const struct signature_image *image,
                      struct error *err)
{
    return (lay_apps(set, image) && lay_names(set, image) && lay_signatures(set, image) &&
            lay_tenants(set, image)) ||
           error_set_memory(err);
}

/* The tables are not looked at again, the texts here and there: apps' names, long labels. */
static void drop_image(const struct signature_image *image)
{
    pages_drop(image->texts, image->text_bytes);
    pages_drop(image->apps, image->app_count * sizeof *image->apps);
    pages_drop(image->names, image->name_count * sizeof *image->names);
    pages_drop(image->signatures, image->signature_count * sizeof *image->signatures);
    pages_drop(image->tenants, image->tenant_count * sizeof *image->tenants);
}

static bool is_in_image(const char *name)
{
    struct slice s = slice_of_string(name);

    return slice_ends_with(s, SLICE("/apps.csv")) || slice_ends_with(s, SLICE("/domains.csv")) ||
           slice_ends_with(s, SLICE("/tenants.csv"));
}

bool signature_set_add_builtin(struct signature_set *set, struct error *err)
{
    bool empty = set->app_ids.count == 0 && set->tree.count == 1;

    if (empty && !lay_image(set, &signature_builtin_image, err))
        return false;
    drop_image(&signature_builtin_image);
    for (size_t i = 0; i < embedded_signatures_count; i++) {
        const struct embedded_file *file = &embedded_signatures[i];
        struct signature_file rest = {file->name, slice_of(file->bytes, file->len)};

        if (!(empty && is_in_image(file->name)) && !signature_set_add(set, &rest, err))
            return false;
    }
    return true;
}
