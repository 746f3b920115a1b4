/* app.c: all of an app as text and as JSON. */
#include "app.h"

#include "report/display.h"
#include "report/json.h"
#include "signature/explain.h"
#include "signature/risk.h"

/* A row of attributes.def. */
struct attribute {
    const char *name, *help;
};

static const struct attribute attributes[TRAIT_COUNT] = {
#define TRAIT(name, help) {#name, help},
#include "signature/attributes.def"
#undef TRAIT
};

static const char *trait_name(enum trait trait)
{
    static const char *const names[] = {
        [TRAIT_UNKNOWN] = "unknown", [TRAIT_NO] = "no", [TRAIT_YES] = "yes"};

    return names[trait];
}

/* An app's domains, the strongest role first. */
struct walk {
    const struct signature_set *signatures;
    uint32_t app;
    int role; /* the one being looked for; from ROLE_COUNT - 1 down */
    uint32_t next;
};

static struct walk walk_domains(const struct signature_set *signatures, uint32_t app)
{
    return (struct walk){signatures, app, ROLE_COUNT - 1, 0};
}

/* Returns: NULL past the last. */
static const struct signature *next_domain(struct walk *w)
{
    for (; w->role >= 0; w->role--, w->next = 0)
        while (w->next < signature_count(w->signatures)) {
            const struct signature *s = signature_at(w->signatures, w->next++);

            if (s->app == w->app && s->role == (enum role)w->role)
                return s;
        }
    return NULL;
}

/* "label               text", nothing where there is no text. */
static void append_line(struct buf *out, const char *label, const char *text)
{
    if (text[0] == '\0')
        return;
    buf_printf(out, "%-20s", label);
    display_append(out, slice_of_string(text));
    buf_append_byte(out, '\n');
}

/* The level, and why each missing control matters. */
static void append_risk(struct buf *out, const struct app *app)
{
    struct risk risk = risk_of(app);

    buf_printf(out, "%-20s", "risk");
    risk_append_level(out, &risk);
    buf_printf(out, " (%u of %u points%s", risk.missing, risk.all, risk.unknown > 0 ? "" : ")\n");
    if (risk.unknown > 0)
        buf_printf(out, ", %u more unknown)\n", risk.unknown);
    for (size_t t = 0; t < TRAIT_COUNT; t++)
        if (app->traits[t] == TRAIT_NO)
            append_line(out, "", risk_weight_of(t)->words);
}

static void append_tenants(struct buf *out, const struct signature_set *set, uint32_t app)
{
    for (size_t i = 0; i < signature_tenant_count(set); i++) {
        struct tenant_note note = signature_tenant_at(set, i);

        if (note.app == app)
            buf_printf(out, "%-20s%.*s\n", "tenant", SLICE_FMT(note.pattern));
    }
}

static void append_networks(struct buf *out, const struct signature_set *set, uint32_t app)
{
    for (size_t i = 0; i < signature_network_count(set); i++) {
        struct network_note note = signature_network_at(set, i);

        if (note.app == app)
            buf_printf(out, "%-20s%s (%s)\n", "network", note.text, role_name(note.role));
    }
}

/* What a rule looks at, apart by blanks. */
static void append_conditions(struct buf *out, const struct rule_note *rule)
{
    const struct {
        const char *name, *text;
    } conditions[] = {{"method", rule->method},
                      {"port", rule->port},
                      {"host", rule->host},
                      {"path", rule->path},
                      {"user_agent", rule->user_agent}};

    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
        if (conditions[i].text[0] != '\0') {
            buf_printf(out, " %s=", conditions[i].name);
            display_append(out, slice_of_string(conditions[i].text));
        }
}

static void append_rules(struct buf *out, const struct signature_set *set, uint32_t app)
{
    for (size_t i = 0; i < signature_rule_count(set); i++) {
        struct rule_note rule = signature_rule_at(set, i);

        if (rule.app != app)
            continue;
        buf_printf(out, "%-20s%s (%s, %s):", "rule", rule.id, rule.severity, role_name(rule.role));
        append_conditions(out, &rule);
        buf_append_byte(out, '\n');
    }
}

void app_append_text(struct buf *out, const struct signature_set *signatures, uint32_t index)
{
    const struct app *app = signature_app(signatures, index);
    struct walk walk = walk_domains(signatures, index);
    const struct signature *s;

    append_line(out, "app", app->id);
    append_line(out, "name", app->name);
    append_line(out, "name_ja", app->name_ja);
    append_line(out, "category", app->category);
    append_line(out, "vendor", app->vendor);
    append_line(out, "country", app->country);
    append_line(out, "managed", managed_name(app->managed));
    append_line(out, "alternative", app->alternative);
    if (app->managed == MANAGED_BOTH)
        append_line(out, "controls", "of its free or personal tier:");
    for (size_t i = 0; i < TRAIT_COUNT; i++)
        buf_printf(out, "%-20s%-9s(%s)\n", attributes[i].name, trait_name(app->traits[i]),
                   attributes[i].help);
    append_risk(out, app);
    append_line(out, "note", app->note);
    while ((s = next_domain(&walk)) != NULL)
        buf_printf(out, "%-20s%s%s\n", role_name(s->role), s->exact ? "=" : "", s->domain);
    append_tenants(out, signatures, index);
    append_networks(out, signatures, index);
    append_rules(out, signatures, index);
}

/* As domains.csv has it: `=` before a host that stands for itself alone. */
static void append_domain(struct json *j, const struct signature *s)
{
    struct buf domain = {0};

    buf_append_string(&domain, s->exact ? "=" : "");
    buf_append_string(&domain, s->domain);
    json_open(j, '{');
    json_key(j, "domain");
    json_text(j, buf_slice(&domain));
    json_key_string(j, "role", role_name(s->role));
    json_close(j, '}');
    buf_free(&domain);
}

static void key_risk(struct json *j, const struct app *app)
{
    struct risk risk = risk_of(app);
    struct buf level = {0};

    risk_append_level(&level, &risk);
    json_key(j, "risk");
    json_text(j, buf_slice(&level));
    json_key_number(j, "risk_points", risk.missing);
    json_key_number(j, "risk_points_unknown", risk.unknown);
    json_key(j, "missing");
    json_open(j, '[');
    for (size_t t = 0; t < TRAIT_COUNT; t++)
        if (app->traits[t] == TRAIT_NO) {
            json_open(j, '{');
            json_key_string(j, "attribute", risk_weight_of(t)->attribute);
            json_key_string(j, "matters", risk_weight_of(t)->words);
            json_close(j, '}');
        }
    json_close(j, ']');
    buf_free(&level);
}

static void key_tenants(struct json *j, const struct signature_set *set, uint32_t app)
{
    json_key(j, "tenants");
    json_open(j, '[');
    for (size_t i = 0; i < signature_tenant_count(set); i++) {
        struct tenant_note note = signature_tenant_at(set, i);

        if (note.app == app)
            json_text(j, note.pattern);
    }
    json_close(j, ']');
}

static void key_networks(struct json *j, const struct signature_set *set, uint32_t app)
{
    json_key(j, "networks");
    json_open(j, '[');
    for (size_t i = 0; i < signature_network_count(set); i++) {
        struct network_note note = signature_network_at(set, i);

        if (note.app != app)
            continue;
        json_open(j, '{');
        json_key_string(j, "network", note.text);
        json_key_string(j, "role", role_name(note.role));
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void key_rules(struct json *j, const struct signature_set *set, uint32_t app)
{
    json_key(j, "rules");
    json_open(j, '[');
    for (size_t i = 0; i < signature_rule_count(set); i++) {
        struct rule_note rule = signature_rule_at(set, i);

        if (rule.app == app)
            json_string(j, rule.id);
    }
    json_close(j, ']');
}

void app_append_json(struct buf *out, const struct signature_set *signatures, uint32_t index)
{
    const struct app *app = signature_app(signatures, index);
    struct walk walk = walk_domains(signatures, index);
    struct json json = {.out = out};
    const struct signature *s;

    json_open(&json, '{');
    json_key_string(&json, "app", app->id);
    json_key_string(&json, "name", app->name);
    json_key_string(&json, "name_ja", app->name_ja);
    json_key_string(&json, "category", app->category);
    json_key_string(&json, "vendor", app->vendor);
    json_key_string(&json, "country", app->country);
    json_key_string(&json, "managed", managed_name(app->managed));
    json_key_string(&json, "alternative", app->alternative);
    for (size_t i = 0; i < TRAIT_COUNT; i++)
        json_key_string(&json, attributes[i].name, trait_name(app->traits[i]));
    json_key_string(&json, "note", app->note);
    json_key(&json, "domains");
    json_open(&json, '[');
    while ((s = next_domain(&walk)) != NULL)
        append_domain(&json, s);
    json_close(&json, ']');
    key_tenants(&json, signatures, index);
    key_networks(&json, signatures, index);
    key_rules(&json, signatures, index);
    key_risk(&json, app);
    json_close(&json, '}');
}
