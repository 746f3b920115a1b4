/* signature.c: the life of a signature set. */
#include "signature/signature.h"

#include "signature/folder.h"
#include "signature/load.h"
#include "signature/set.h"

#include <stdlib.h>
#include <string.h>

const char *role_name(enum role role)
{
    static const char *const names[] = {[ROLE_EMBED] = "embed",
                                        [ROLE_SHARED] = "shared",
                                        [ROLE_CONTENT] = "content",
                                        [ROLE_SERVICE] = "service"};

    return names[role];
}

const char *managed_name(enum managed managed)
{
    static const char *const names[] = {
        [MANAGED_NO] = "no", [MANAGED_BOTH] = "both", [MANAGED_YES] = "yes"};

    return names[managed];
}

struct signature_set *signature_set_create(struct error *err)
{
    struct signature_set *set = calloc(1, sizeof *set);

    if (set == NULL || !suffix_tree_init(&set->tree)) {
        signature_set_free(set);
        error_set_memory(err);
        return NULL;
    }
    return set;
}

bool signature_set_add(struct signature_set *set, const struct signature_file *file,
                       struct error *err)
{
    return load_file(set, file, err);
}

bool signature_set_add_dir(struct signature_set *set, const char *dir, struct error *err)
{
    struct signature_folder folder = {0};
    bool ok = signature_folder_read(dir, &folder, err);

    for (size_t i = 0; ok && i < folder.count; i++)
        ok = load_file(set, &folder.files[i], err);
    signature_folder_free(&folder);
    return ok;
}

static bool check_app(const struct signature_set *set, uint32_t app, const char *file, size_t line,
                      struct error *err)
{
    if (app == SIGNATURE_NO_APP || set->apps[app].id != NULL)
        return true;
    return error_set(err, ERROR_SYNTAX, "%s:%zu: app '%s' stands in no apps.csv", file, line,
                     set->app_ids.texts[app].ptr);
}

static bool check_apps(const struct signature_set *set, struct error *err)
{
    for (uint32_t i = 0; i < set->signature_count; i++) {
        const struct signature *s = &set->signatures[i];

        if (!check_app(set, s->app, s->file, s->line, err))
            return false;
    }
    for (uint32_t i = 0; i < set->networks.count; i++) {
        const struct network_row *n = &set->networks.rows[i];

        if (!check_app(set, n->app, n->file, n->line, err))
            return false;
    }
    for (uint32_t i = 0; i < set->tenant_count; i++)
        if (!check_app(set, set->tenants[i].app, set->tenants[i].file, set->tenants[i].line, err))
            return false;
    for (uint32_t i = 0; i < set->rule_ids.count; i++)
        if (!check_app(set, set->rules[i].app, set->rules[i].file, set->rules[i].line, err))
            return false;
    return true;
}

/* Give every name the row that holds for it. */
static void settle_nearest(struct signature_set *set)
{
    for (uint32_t i = 0; i < set->tree.count; i++) { /* a parent is older than its children */
        struct suffix_node *node = &set->tree.nodes[i];

        node->nearest = set->tree.rows[i].below;
        node->special = set->tree.rows[i].exact != SUFFIX_NONE;
        node->nearest_app = SIGNATURE_NO_APP;
        if (node->nearest == SUFFIX_NONE)
            node->nearest = set->tree.nodes[node->parent].nearest;
        if (node->nearest == SUFFIX_NONE)
            continue;
        node->nearest_app = set->signatures[node->nearest].app;
        node->nearest_role = (uint8_t)set->signatures[node->nearest].role;
    }
}

/* By node, the better first; all else only to have one order. */
static int compare_tenants(const void *left, const void *right)
{
    const struct tenant_row *a = left, *b = right;

    if (a->node != b->node)
        return a->node < b->node ? -1 : 1;
    if (a->pattern.rank != b->pattern.rank)
        return a->pattern.rank > b->pattern.rank ? -1 : 1;
    if (a->app != b->app)
        return a->app < b->app ? -1 : 1;
    return slice_compare(a->pattern.text, b->pattern.text);
}

/* As those are that are built in. */
static bool are_sorted(const struct tenant_row *rows, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        if (compare_tenants(&rows[i - 1], &rows[i]) > 0)
            return false;
    return true;
}

static void hang_tenants(struct signature_set *set)
{
    uint32_t kept = 0;

    if (!are_sorted(set->tenants, set->tenant_count))
        qsort(set->tenants, set->tenant_count, sizeof *set->tenants, compare_tenants);
    for (uint32_t i = 0; i < set->tenant_count; i++) {
        struct suffix_rows *rows = &set->tree.rows[set->tenants[i].node];

        if (kept > 0 && compare_tenants(&set->tenants[kept - 1], &set->tenants[i]) == 0)
            continue;
        if (rows->tenant_count++ == 0)
            rows->first_tenant = kept;
        set->tree.nodes[set->tenants[i].node].special = true;
        set->tenants[kept++] = set->tenants[i];
    }
    set->tenant_count = kept;
}

bool signature_set_finish(struct signature_set *set, struct error *err)
{
    if (!check_apps(set, err))
        return false;
    settle_nearest(set);
    hang_tenants(set);
    network_table_finish(&set->networks);
    return true;
}

size_t signature_app_count(const struct signature_set *set)
{
    return set->app_ids.count;
}

const struct app *signature_app(const struct signature_set *set, uint32_t app)
{
    return &set->apps[app];
}

uint32_t signature_find_app(const struct signature_set *set, struct slice id)
{
    return text_map_find(&set->app_ids, id);
}

_Static_assert(TEXT_MAP_NONE == SIGNATURE_NO_APP, "what is not in the map is no app");

size_t signature_count(const struct signature_set *set)
{
    return set->signature_count;
}

const struct signature *signature_at(const struct signature_set *set, uint32_t index)
{
    return &set->signatures[index];
}

void signature_set_use_geoip(struct signature_set *set, struct geoip *geoip)
{
    geoip_free(set->geoip);
    set->geoip = geoip;
}

const struct geoip *signature_geoip(const struct signature_set *set)
{
    return set->geoip;
}

size_t signature_inactive_networks(const struct signature_set *set)
{
    if (set->geoip != NULL && (geoip_answers(set->geoip) & GEOIP_AS) != 0)
        return 0;
    return set->networks.count - set->networks.network_count;
}

size_t signature_rule_count(const struct signature_set *set)
{
    return set->rule_ids.count;
}

void signature_set_free(struct signature_set *set)
{
    if (set == NULL)
        return;
    arena_free(&set->arena);
    text_map_free(&set->app_ids);
    free(set->apps);
    suffix_tree_free(&set->tree);
    free(set->signatures);
    free(set->tenants);
    network_table_free(&set->networks);
    geoip_free(set->geoip);
    text_map_free(&set->rule_ids);
    free(set->rules);
    free(set);
}
