/* match_answer.c: one host's match as a line, as reasons and as JSON. */
#include "match_answer.h"

#include "net/psl.h"
#include "net/url.h"
#include "report/display.h"
#include "report/json.h"

/* Also host/path; but a name of DNS may hold a '/', behind digits (RFC 2317). */
static bool is_url(struct slice given)
{
    size_t slash = slice_find(given, '/');

    return url_has_scheme(given) ||
           (slash < given.len && slice_find(slice_of(given.ptr, slash), '.') < slash);
}

void match_answer_find(const struct match_world *world, struct slice given,
                       struct match_answer *out)
{
    struct slice name = is_url(given) ? url_authority(given) : given;

    out->world = world;
    out->given = given;
    out->host = domain_normalise(name, out->text);
    out->match = signature_match(world->signatures, out->host);
    out->tenant = out->match.tenant;
    if (out->match.app != SIGNATURE_NO_APP && out->tenant.len == 0 && out->match.url_tenant)
        out->tenant = signature_url_tenant(world->signatures, out->match.app, out->host, given,
                                           out->tenant_text, NULL);
    out->by_network = out->match.signature == MATCH_NO_SIGNATURE &&
                      signature_explain_address(world->signatures, out->host, &out->network);
}

static const char *app_id(const struct match_answer *a, uint32_t app)
{
    return app == SIGNATURE_NO_APP ? NULL : signature_app(a->world->signatures, app)->id;
}

/* The deciding row of domains.csv, or NULL. */
static const struct signature *winner(const struct match_answer *a)
{
    if (a->match.signature == MATCH_NO_SIGNATURE)
        return NULL;
    return signature_at(a->world->signatures, a->match.signature);
}

/* The ${n}th row behind the winner that covers the host, too; NULL past the last. */
static const struct signature *also(const struct match_answer *a, size_t n)
{
    uint32_t index = signature_covering(a->world->signatures, a->host, n + 1);

    return index == MATCH_NO_SIGNATURE ? NULL : signature_at(a->world->signatures, index);
}

/* A name, or the network where that decides. */
static const char *signature_text(const struct match_answer *a)
{
    const struct signature *s = winner(a);

    if (s != NULL)
        return s->domain;
    return a->by_network ? a->network.text : "-";
}

void match_answer_append(struct buf *out, const struct match_answer *a)
{
    const struct signature *s = winner(a);

    if (a->match.app == SIGNATURE_NO_APP)
        buf_append_byte(out, '-');
    else
        buf_printf(out, "%s  %s  %s%s", app_id(a, a->match.app), role_name(a->match.role),
                   s != NULL && s->exact ? "=" : "", signature_text(a));
}

static struct slice registrable(const struct match_answer *a)
{
    if (a->world->psl == NULL)
        return slice_of(a->host.ptr, 0);
    return psl_registrable(a->world->psl, a->host);
}

/* "  label        domain (app, role), file:line" */
static void append_row(struct buf *out, const char *label, const struct match_answer *a,
                       const struct signature *s)
{
    buf_printf(out, "  %-13s%s%s (", label, s->exact ? "=" : "", s->domain);
    if (s->app == SIGNATURE_NO_APP)
        buf_append_string(out, "no app");
    else
        buf_printf(out, "%s, %s", app_id(a, s->app), role_name(s->role));
    buf_printf(out, "), %s:%zu\n", s->file, s->line);
}

static void append_text(struct buf *out, const char *label, struct slice text)
{
    if (text.len == 0)
        return;
    buf_printf(out, "  %-13s", label);
    display_append(out, text);
    buf_append_byte(out, '\n');
}

void match_answer_append_reasons(struct buf *out, const struct match_answer *a)
{
    const struct signature *s = winner(a);

    if (s != NULL)
        append_row(out, "signature", a, s);
    if (a->by_network)
        buf_printf(out, "  %-13s%s, %s:%zu\n", "network", a->network.text, a->network.file,
                   a->network.line);
    append_text(out, "registrable", registrable(a));
    append_text(out, "tenant", a->tenant);
    for (size_t n = 0; s != NULL && (s = also(a, n)) != NULL; n++)
        append_row(out, n == 0 ? "also" : "", a, s);
}

static void key_string(struct json *j, const char *key, const char *text)
{
    json_key(j, key);
    if (text == NULL)
        json_null(j);
    else
        json_string(j, text);
}

static void key_text(struct json *j, const char *key, struct slice text)
{
    json_key(j, key);
    if (text.len == 0)
        json_null(j);
    else
        json_text(j, text);
}

/* As domains.csv writes it. */
static void key_signature(struct json *j, const struct signature *s)
{
    struct buf text = {0};

    if (s != NULL)
        buf_printf(&text, "%s%s", s->exact ? "=" : "", s->domain);
    key_text(j, "signature", buf_slice(&text));
    buf_free(&text);
}

static void key_place(struct json *j, const char *file, size_t line)
{
    key_string(j, "file", file);
    json_key(j, "line");
    if (file == NULL)
        json_null(j);
    else
        json_number(j, line);
}

static void append_place(struct json *j, const struct match_answer *a)
{
    const struct signature *s = winner(a);

    if (s != NULL)
        key_place(j, s->file, s->line);
    else if (a->by_network)
        key_place(j, a->network.file, a->network.line);
    else
        key_place(j, NULL, 0);
}

static void append_also(struct json *j, const struct match_answer *a)
{
    const struct signature *s = winner(a);

    json_key(j, "also");
    json_open(j, '[');
    for (size_t n = 0; s != NULL && (s = also(a, n)) != NULL; n++) {
        json_open(j, '{');
        key_signature(j, s);
        key_string(j, "app", app_id(a, s->app));
        key_string(j, "role", s->app == SIGNATURE_NO_APP ? NULL : role_name(s->role));
        key_place(j, s->file, s->line);
        json_close(j, '}');
    }
    json_close(j, ']');
}

void match_answer_append_json(struct buf *out, const struct match_answer *a)
{
    bool known = a->match.app != SIGNATURE_NO_APP;
    struct json json = {.out = out};

    json_open(&json, '{');
    json_key(&json, "host");
    json_text(&json, a->given);
    key_string(&json, "app", app_id(a, a->match.app));
    key_string(&json, "role", known ? role_name(a->match.role) : NULL);
    if (known && winner(a) == NULL)
        key_string(&json, "signature", signature_text(a));
    else
        key_signature(&json, known ? winner(a) : NULL);
    key_text(&json, "tenant", a->tenant);
    key_string(&json, "network", a->by_network ? a->network.text : NULL);
    append_place(&json, a);
    key_text(&json, "registrable", registrable(a));
    append_also(&json, a);
    json_close(&json, '}');
    buf_append_byte(out, '\n');
}
