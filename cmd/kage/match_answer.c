/* match_answer.c: one host's match as a line, as reasons and as JSON. */
#include "match_answer.h"

#include "net/psl.h"
#include "net/url.h"
#include "report/display.h"
#include "report/json.h"
#include "signature/explain.h"
#include "signature/match.h"
#include "signature/rule/rule_detail.h"

#include <stdio.h>
#include <string.h>

/* Also host/path; but a name of DNS may hold a '/', behind digits (RFC 2317). */
static bool is_url(struct slice given)
{
    size_t slash = slice_find(given, '/');

    return url_has_scheme(given) ||
           (slash < given.len && slice_find(slice_of(given.ptr, slash), '.') < slash);
}

/* What a log would say of the URL; its method and user agent nobody knows. */
static const struct rule *find_rule(const struct match_answer *a)
{
    const struct record record = {.has = FIELD_BIT(FIELD_URL) | FIELD_BIT(FIELD_HOST),
                                  .kind = RECORD_PROXY,
                                  .host = a->host,
                                  .url = a->given};

    return is_url(a->given) ? rule_matcher_find(a->world->rules, &record, a->host) : NULL;
}

/* Which of the rule's app's instances it is; where it does not say, the host does. */
static void set_rule_tenant(struct match_answer *a, bool same_app)
{
    struct rule_detail detail = rule_detail_of(slice_of_string(a->rule->texts[RULE_DETAIL]));
    struct buf text = {0};

    rule_detail_append(&detail, a->given, &text);
    if (text.len > 0 && text.len <= sizeof a->tenant_text) {
        memcpy(a->tenant_text, text.ptr, text.len);
        a->tenant = slice_of(a->tenant_text, text.len);
    } else if (!same_app) {
        a->tenant.len = 0;
    }
    buf_free(&text);
}

void match_answer_find(const struct match_world *world, struct slice given,
                       struct match_answer *out)
{
    struct slice name = is_url(given) ? url_authority(given) : given;
    struct match match;

    out->world = world;
    out->given = given;
    out->host = domain_normalise(name, out->text);
    match = signature_match(world->signatures, out->host);
    out->app = match.app;
    out->role = match.role;
    out->tenant = match.tenant;
    out->by_network = match.signature == MATCH_NO_SIGNATURE;
    if (match.app != SIGNATURE_NO_APP && out->tenant.len == 0 && match.url_tenant)
        out->tenant = signature_url_tenant(world->signatures, match.app, out->host, given,
                                           out->tenant_text, NULL);
    out->rule = find_rule(out);
    if (out->rule == NULL)
        return;
    out->app = out->rule->app;
    out->role = out->rule->role;
    set_rule_tenant(out, match.app == out->app);
}

static const char *app_id(const struct match_answer *a, uint32_t app)
{
    return app == SIGNATURE_NO_APP ? NULL : signature_app(a->world->signatures, app)->id;
}

/* A row of the signatures that covers what was asked for. */
struct reason {
    const char *kind;          /* "rule", "signature" or "network" */
    char text[HOST_LIMIT + 2]; /* as its file writes it */
    uint32_t app;
    enum role role;
    const char *file;
    size_t line;
};

static bool rule_reason(const struct match_answer *a, struct reason *out)
{
    out->kind = "rule";
    (void)snprintf(out->text, sizeof out->text, "%s", a->rule->texts[RULE_ID]);
    out->app = a->rule->app;
    out->role = a->rule->role;
    out->file = a->rule->file;
    out->line = a->rule->line;
    return true;
}

static bool domain_reason(const struct match_answer *a, size_t n, struct reason *out)
{
    uint32_t index = signature_covering(a->world->signatures, a->host, n);
    const struct signature *s;

    if (index == MATCH_NO_SIGNATURE)
        return false;
    s = signature_at(a->world->signatures, index);
    out->kind = "signature";
    (void)snprintf(out->text, sizeof out->text, "%s%s", s->exact ? "=" : "", s->domain);
    out->app = s->app;
    out->role = s->role;
    out->file = s->file;
    out->line = s->line;
    return true;
}

static bool network_reason(const struct match_answer *a, size_t n, struct reason *out)
{
    struct network_note note;

    if (!a->by_network || !signature_explain_address(a->world->signatures, a->host, n, &note))
        return false;
    out->kind = "network";
    (void)snprintf(out->text, sizeof out->text, "%s", note.text);
    out->app = note.app;
    out->role = note.role;
    out->file = note.file;
    out->line = note.line;
    return true;
}

/* The ${n}th: the first decides, each other would if those before it were not. */
static bool reason_at(const struct match_answer *a, size_t n, struct reason *out)
{
    if (a->rule != NULL && n-- == 0)
        return rule_reason(a, out);
    return domain_reason(a, n, out) || network_reason(a, n, out);
}

void match_answer_append(struct buf *out, const struct match_answer *a)
{
    struct reason decides;

    if (a->app == SIGNATURE_NO_APP || !reason_at(a, 0, &decides))
        buf_append_byte(out, '-');
    else
        buf_printf(out, "%s  %s  %s", app_id(a, a->app), role_name(a->role), decides.text);
}

static struct slice registrable(const struct match_answer *a)
{
    if (a->world->psl == NULL)
        return slice_of(a->host.ptr, 0);
    return psl_registrable(a->world->psl, a->host);
}

/* "  label        domain (app, role), file:line" */
static void append_reason(struct buf *out, const char *label, const struct match_answer *a,
                          const struct reason *r)
{
    buf_printf(out, "  %-13s%s (", label, r->text);
    if (r->app == SIGNATURE_NO_APP)
        buf_append_string(out, "no app");
    else
        buf_printf(out, "%s, %s", app_id(a, r->app), role_name(r->role));
    buf_printf(out, "), %s:%zu\n", r->file, r->line);
}

static void append_text(struct buf *out, const char *label, struct slice text)
{
    if (text.len == 0)
        return;
    buf_printf(out, "  %-13s", label);
    display_append(out, text);
    buf_append_byte(out, '\n');
}

/* What a request to a host of the role proves. */
static const char *const proofs[ROLE_COUNT] = {
    [ROLE_SERVICE] = "use, where the request was let through: the app itself",
    [ROLE_CONTENT] = "no use alone: files and pages of the app that others link to as well",
    [ROLE_SHARED] = "no use alone: serves others too, or is about the app",
    [ROLE_EMBED] = "no use: stands on pages of others",
};

void match_answer_append_reasons(struct buf *out, const struct match_answer *a)
{
    struct reason reason;
    bool found = reason_at(a, 0, &reason);

    if (found)
        append_reason(out, reason.kind, a, &reason);
    if (a->app != SIGNATURE_NO_APP)
        append_text(out, "proves", slice_of_string(proofs[a->role]));
    append_text(out, "registrable", registrable(a));
    append_text(out, "tenant", a->tenant);
    for (size_t n = 1; found && reason_at(a, n, &reason); n++)
        append_reason(out, n == 1 ? "also" : "", a, &reason);
}

static void key_place(struct json *j, const char *file, size_t line)
{
    json_key_string(j, "file", file);
    json_key(j, "line");
    if (file == NULL)
        json_null(j);
    else
        json_number(j, line);
}

static void append_also(struct json *j, const struct match_answer *a)
{
    struct reason reason;

    json_key(j, "also");
    json_open(j, '[');
    for (size_t n = 1; reason_at(a, n, &reason); n++) {
        json_open(j, '{');
        json_key_string(j, "signature", reason.text);
        json_key_string(j, "app", app_id(a, reason.app));
        json_key_string(j, "role", reason.app == SIGNATURE_NO_APP ? NULL : role_name(reason.role));
        key_place(j, reason.file, reason.line);
        json_close(j, '}');
    }
    json_close(j, ']');
}

void match_answer_append_json(struct buf *out, const struct match_answer *a)
{
    bool known = a->app != SIGNATURE_NO_APP;
    struct reason decides = {0};
    bool found = reason_at(a, 0, &decides);
    struct json json = {.out = out};

    json_open(&json, '{');
    json_key(&json, "host");
    json_text(&json, a->given);
    json_key_string(&json, "app", app_id(a, a->app));
    json_key_string(&json, "role", known ? role_name(a->role) : NULL);
    json_key_string(&json, "signature", known ? decides.text : NULL);
    json_key_text(&json, "tenant", a->tenant);
    json_key_string(&json, "network",
                    found && strcmp(decides.kind, "network") == 0 ? decides.text : NULL);
    key_place(&json, found ? decides.file : NULL, decides.line);
    json_key_text(&json, "registrable", registrable(a));
    append_also(&json, a);
    json_close(&json, '}');
    buf_append_byte(out, '\n');
}
