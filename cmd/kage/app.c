/* app.c: an app's attributes and domains as text and as JSON. */
#include "app.h"

#include "report/display.h"
#include "report/json.h"

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
    for (size_t i = 0; i < TRAIT_COUNT; i++)
        buf_printf(out, "%-20s%-9s(%s)\n", attributes[i].name, trait_name(app->traits[i]),
                   attributes[i].help);
    append_line(out, "note", app->note);
    while ((s = next_domain(&walk)) != NULL)
        buf_printf(out, "%-20s%s%s\n", role_name(s->role), s->exact ? "=" : "", s->domain);
}

static void key_string(struct json *j, const char *key, const char *text)
{
    json_key(j, key);
    if (text[0] == '\0')
        json_null(j);
    else
        json_string(j, text);
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
    key_string(j, "role", role_name(s->role));
    json_close(j, '}');
    buf_free(&domain);
}

void app_append_json(struct buf *out, const struct signature_set *signatures, uint32_t index)
{
    const struct app *app = signature_app(signatures, index);
    struct walk walk = walk_domains(signatures, index);
    struct json json = {.out = out};
    const struct signature *s;

    json_open(&json, '{');
    key_string(&json, "app", app->id);
    key_string(&json, "name", app->name);
    key_string(&json, "name_ja", app->name_ja);
    key_string(&json, "category", app->category);
    key_string(&json, "vendor", app->vendor);
    key_string(&json, "country", app->country);
    key_string(&json, "managed", managed_name(app->managed));
    key_string(&json, "alternative", app->alternative);
    for (size_t i = 0; i < TRAIT_COUNT; i++)
        key_string(&json, attributes[i].name, trait_name(app->traits[i]));
    key_string(&json, "note", app->note);
    json_key(&json, "domains");
    json_open(&json, '[');
    while ((s = next_domain(&walk)) != NULL)
        append_domain(&json, s);
    json_close(&json, ']');
    json_close(&json, '}');
}
