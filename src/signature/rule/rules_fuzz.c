/* rules_fuzz.c: any bytes as networks.csv, rules.csv and a record that they are tried on. */
#include "signature/match.h"
#include "signature/rule/rule_matcher.h"
#include "signature/signature.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a log says; without a newline all of it is empty. */
static struct record record_of(struct slice text)
{
    struct record r = {.kind = RECORD_PROXY, .has = FIELD_BIT(FIELD_HOST) | FIELD_BIT(FIELD_URL)};

    slice_cut(text, '\n', &r.host, &text);
    slice_cut(text, '\n', &r.url, &text);
    slice_cut(text, '\n', &r.method, &r.user_agent);
    r.has |= r.method.len > 0 ? FIELD_BIT(FIELD_METHOD) : 0;
    r.has |= r.user_agent.len > 0 ? FIELD_BIT(FIELD_USER_AGENT) : 0;
    return r;
}

static void try_rules(const struct signature_set *set, const struct record *r, struct error *err)
{
    struct rule_matcher *m = rule_matcher_create(set, err);
    const struct rule *rule;
    bool looked;
    enum role role;

    if (m == NULL)
        abort();
    looked = rule_matcher_watches_host(m, r->host) || rule_matcher_hints(m, r);
    rule = rule_matcher_find(m, r, r->host);
    if (rule != NULL && !looked)
        abort(); /* the cheap first look would have lost it */
    rule_matcher_free(m);
    (void)signature_match_address(set, r->host, &role, NULL);
}

/* Networks, rules and the record stand apart by NUL. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char apps[] =
        "app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,"
        "remote_wipe,password_reset,audit_log,sso,licence_management,business_terms,"
        "age_verification,note\na,A,,p2p,V,JP,no,,no,no,no,no,no,no,no,no,\n";
    struct slice rest = slice_of((const char *)data, size);
    struct signature_file files[] = {{"apps.csv", slice_of(apps, sizeof apps - 1)},
                                     {"networks.csv", {NULL, 0}},
                                     {"rules.csv", {NULL, 0}}};
    struct error err = {0};
    struct signature_set *set = signature_set_create(&err);
    bool ok = set != NULL;

    slice_cut(rest, '\0', &files[1].bytes, &rest);
    slice_cut(rest, '\0', &files[2].bytes, &rest);
    for (size_t i = 0; ok && i < sizeof files / sizeof *files; i++)
        ok = files[i].bytes.len == 0 || signature_set_add(set, &files[i], &err);
    if (ok && signature_set_finish(set, &err)) {
        struct record r = record_of(rest);

        try_rules(set, &r, &err);
    } else if (err.code == ERROR_NONE) {
        abort();
    }
    signature_set_free(set);
    return 0;
}
