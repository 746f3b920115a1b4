/* load.c: one function a kind of row (apps: load_app.c); a row with the key of an older one takes
 * its place. */
#include "signature/load.h"

#include "base/csv.h"
#include "base/room.h"
#include "net/domain.h"
#include "signature/set.h"

#include <stdlib.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { BYTES_A_NAME = 24 /* of a file of domains, about; the names' parents counted */ };

const char *load_keep(struct signature_set *set, struct slice text)
{
    return text.len == 0 ? "" : arena_copy(&set->arena, text).ptr;
}

bool load_is_id(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!((s.ptr[i] >= 'a' && s.ptr[i] <= 'z') || (s.ptr[i] >= '0' && s.ptr[i] <= '9') ||
              (s.ptr[i] == '-' && i > 0)))
            return false;
    return s.len > 0;
}

bool load_app_number(struct signature_set *set, struct slice id, uint32_t *out, struct error *err)
{
    bool fresh;

    if (!ROOM_FOR_ONE(set->apps, set->app_ids.count, set->app_capacity))
        return error_set_memory(err);
    *out = text_map_add(&set->app_ids, id, &fresh);
    if (*out == TEXT_MAP_NONE)
        return error_set_memory(err);
    if (fresh)
        set->apps[*out] = (struct app){0};
    return true;
}

/* An app named by another file: an id, or `-` for SIGNATURE_NO_APP. */
static bool read_app(struct signature_set *set, const struct csv_row *row, struct slice id,
                     uint32_t *out, struct error *err)
{
    *out = text_map_find(&set->app_ids, id);
    if (*out != TEXT_MAP_NONE || slice_is(id, "-"))
        return true;
    if (!load_is_id(id))
        return csv_fail(row, err, "app '%s': expected lower-case letters, digits and '-'", id.ptr);
    return load_app_number(set, id, out, err);
}

/* A role; it may be empty where there is no app. */
static bool read_role(const struct csv_row *row, struct slice text, uint32_t app, enum role *out,
                      struct error *err)
{
    *out = ROLE_EMBED;
    if (text.len == 0 && app == SIGNATURE_NO_APP)
        return true;
    for (unsigned r = ROLE_COUNT; r-- > 0;) /* the last is the most frequent */
        if (slice_is(text, role_name((enum role)r))) {
            *out = (enum role)r;
            return true;
        }
    return csv_fail(row, err, "role '%s': expected service, content, embed or shared", text.ptr);
}

/* --- domains.csv --- */

enum domain_column { DOMAIN_NAME, DOMAIN_APP, DOMAIN_ROLE };

static const struct csv_column domain_columns[] = {
    {"domain", false}, {"app", false}, {"role", false}};

/* Has it what domain_normalise would take off or decode in silence? */
static bool is_more_than_a_name(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == ':' || text.ptr[i] == '%' || text.ptr[i] == '[')
            return true;
    return false;
}

/* The normalised name in ${out} of HOST_LIMIT bytes. */
static bool read_domain(const struct csv_row *row, struct slice text, char *out, struct slice *name,
                        struct error *err)
{
    const char *why = "neither port nor percent-encoding may stand here";

    *name = domain_normalise(text, out);
    if (domain_is_address(*name))
        return csv_fail(row, err, "domain '%s': an address; those stand in networks.csv",
                        row->fields[DOMAIN_NAME].ptr);
    if ((!slice_equal(text, *name) && is_more_than_a_name(text)) || !domain_valid(*name, &why))
        return csv_fail(row, err, "domain '%s': %s", row->fields[DOMAIN_NAME].ptr, why);
    return true;
}

static bool put_signature(struct signature_set *set, uint32_t node, const struct signature *s)
{
    struct suffix_rows *at = &set->tree.rows[node];
    uint32_t *place = s->exact ? &at->exact : &at->below;

    if (!ROOM_FOR_ONE(set->signatures, set->signature_count, set->signature_capacity))
        return false;
    if (*place == SUFFIX_NONE)
        *place = set->signature_count++;
    set->signatures[*place] = *s;
    return true;
}

static bool take_domain(void *context, const struct csv_row *row, struct error *err)
{
    struct loading *l = context;
    struct slice text = row->fields[DOMAIN_NAME], name;
    struct signature s = {.file = l->file, .line = row->line};
    char normal[HOST_LIMIT];
    uint32_t node;

    s.exact = text.len > 0 && text.ptr[0] == '=';
    if (s.exact)
        text = slice_from(text, 1);
    if (!read_domain(row, text, normal, &name, err) ||
        !read_app(l->set, row, row->fields[DOMAIN_APP], &s.app, err) ||
        !read_role(row, row->fields[DOMAIN_ROLE], s.app, &s.role, err))
        return false;
    node = suffix_tree_insert(&l->set->tree, name);
    if (node == SUFFIX_NONE)
        return error_set_memory(err);
    s.domain = l->set->tree.rows[node].name;
    return put_signature(l->set, node, &s) || error_set_memory(err);
}

/* --- networks.csv --- */

enum network_column { NETWORK_TEXT, NETWORK_APP, NETWORK_ROLE };

static const struct csv_column network_columns[] = {
    {"network", false}, {"app", false}, {"role", false}};

static bool take_network(void *context, const struct csv_row *row, struct error *err)
{
    struct loading *l = context;
    struct network_row network = {.file = l->file, .line = row->line};
    const char *why;

    if (!network_row_parse(row->fields[NETWORK_TEXT], &network, &why))
        return csv_fail(row, err, "network '%s': %s; expected CIDR or ASn",
                        row->fields[NETWORK_TEXT].ptr, why);
    return read_app(l->set, row, row->fields[NETWORK_APP], &network.app, err) &&
           read_role(row, row->fields[NETWORK_ROLE], network.app, &network.role, err) &&
           (network_table_add(&l->set->networks, &network) || error_set_memory(err));
}

/* --- tenants.csv --- */

enum tenant_column { TENANT_APP, TENANT_PATTERN };

static const struct csv_column tenant_columns[] = {{"app", false}, {"pattern", false}};

/* A copy in the set, the host in lower case. */
static struct slice keep_pattern(struct signature_set *set, struct slice text)
{
    size_t host_len = slice_find(text, '/');
    char *copy = ARENA_NEW(&set->arena, char, text.len + 1);

    if (copy == NULL)
        return slice_of(NULL, 0);
    for (size_t i = 0; i < text.len; i++) {
        bool capital = i < host_len && text.ptr[i] >= 'A' && text.ptr[i] <= 'Z';

        copy[i] = (char)(text.ptr[i] | (capital ? 0x20 : 0));
    }
    return slice_of(copy, text.len);
}

static bool take_tenant(void *context, const struct csv_row *row, struct error *err)
{
    struct loading *l = context;
    struct signature_set *set = l->set;
    struct tenant_row tenant = {.file = l->file, .line = row->line};
    struct slice text = keep_pattern(set, row->fields[TENANT_PATTERN]);
    const char *why;

    if (text.ptr == NULL || !ROOM_FOR_ONE(set->tenants, set->tenant_count, set->tenant_capacity))
        return error_set_memory(err);
    if (!tenant_compile(text, &tenant.pattern, &why))
        return csv_fail(row, err, "pattern '%s': %s", row->fields[TENANT_PATTERN].ptr, why);
    if (!read_app(set, row, row->fields[TENANT_APP], &tenant.app, err))
        return false;
    if (tenant.app == SIGNATURE_NO_APP)
        return csv_fail(row, err, "app '-': a pattern belongs to an app");
    tenant.node = suffix_tree_insert(&set->tree, tenant_tail(&tenant.pattern));
    if (tenant.node == SUFFIX_NONE)
        return error_set_memory(err);
    set->tenants[set->tenant_count++] = tenant;
    return true;
}

/* --- rules.csv --- */

static const struct csv_column rule_columns[] = {
    [RULE_ID] = {"rule", false},
    [RULE_APP] = {"app", false},
    [RULE_CATEGORY] = {"category", false},
    [RULE_SEVERITY] = {"severity", false},
    [RULE_METHOD] = {"method", false},
    [RULE_PORT] = {"port", false},
    [RULE_HOST] = {"host", false},
    [RULE_PATH] = {"path", false},
    [RULE_USER_AGENT] = {"user_agent", false},
    [RULE_DETAIL] = {"detail", false},
    [RULE_ROLE] = {"role", true},
};

static bool take_rule(void *context, const struct csv_row *row, struct error *err)
{
    struct loading *l = context;
    struct signature_set *set = l->set;
    struct rule rule = {.file = l->file, .line = row->line};
    uint32_t number;

    if (!ROOM_FOR_ONE(set->rules, set->rule_ids.count, set->rule_capacity))
        return error_set_memory(err);
    if (!rule_check(row, err) || !read_app(set, row, row->fields[RULE_APP], &rule.app, err))
        return false;
    if (row->fields[RULE_ROLE].len == 0)
        rule.role = ROLE_SERVICE;
    else if (!read_role(row, row->fields[RULE_ROLE], rule.app, &rule.role, err))
        return false;
    rule.severity = rule_severity(row->fields[RULE_SEVERITY]);
    for (size_t i = 0; i < RULE_COLUMNS; i++) {
        rule.texts[i] = load_keep(set, row->fields[i]);
        if (rule.texts[i] == NULL)
            return error_set_memory(err);
    }
    number = text_map_add(&set->rule_ids, row->fields[RULE_ID], NULL);
    if (number == TEXT_MAP_NONE)
        return error_set_memory(err);
    set->rules[number] = rule;
    return true;
}

const char *const load_kinds[LOAD_KINDS + 1] = {"apps.csv",    "domains.csv", "networks.csv",
                                                "tenants.csv", "rules.csv",   NULL};

/* In the order of load_kinds. */
static const struct {
    const struct csv_column *columns;
    size_t column_count;
    csv_take *take;
} kinds[] = {
    {load_app_columns, LOAD_APP_COLUMNS, load_app_take},
    {domain_columns, COUNT(domain_columns), take_domain},
    {network_columns, COUNT(network_columns), take_network},
    {tenant_columns, COUNT(tenant_columns), take_tenant},
    {rule_columns, COUNT(rule_columns), take_rule},
};

static struct slice last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slice_of_string(slash == NULL ? path : slash + 1);
}

size_t load_kind_of(const char *path)
{
    size_t kind = 0;

    while (load_kinds[kind] != NULL && !slice_is(last_part(path), load_kinds[kind]))
        kind++;
    return kind;
}

const struct csv_column *load_columns(size_t kind, size_t *count)
{
    *count = kinds[kind].column_count;
    return kinds[kind].columns;
}

bool load_file(struct signature_set *set, const struct signature_file *file, struct error *err)
{
    struct loading l = {set, load_keep(set, slice_of_string(file->name))};
    size_t kind = load_kind_of(file->name);
    struct csv_file csv;

    if (l.file == NULL)
        return error_set_memory(err);
    if (load_kinds[kind] == NULL)
        return error_set(err, ERROR_SYNTAX,
                         "%s: expected apps.csv, domains.csv, networks.csv, tenants.csv or "
                         "rules.csv",
                         file->name);
    if (kinds[kind].take == take_domain &&
        !suffix_tree_reserve(&set->tree, file->bytes.len / BYTES_A_NAME))
        return error_set_memory(err);
    csv = (struct csv_file){.name = l.file,
                            .bytes = file->bytes,
                            .columns = kinds[kind].columns,
                            .column_count = kinds[kind].column_count};
    return csv_read(&csv, kinds[kind].take, &l, err);
}
