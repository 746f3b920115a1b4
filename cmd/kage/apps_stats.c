/* apps_stats.c: kage apps --stats: how much the catalogue has. */
#include "apps.h"
#include "base/buf.h"
#include "signature/explain.h"
#include "signature/risk.h"

#include <stdlib.h>
#include <string.h>

static bool write_count(struct writer *writer, const char *what, const char *kind, uint64_t count,
                        struct error *err)
{
    return writer_string(writer, what, err) && writer_string(writer, kind, err) &&
           writer_number(writer, count, err);
}

static uint64_t count_managed(const struct signature_set *signatures, enum managed managed)
{
    uint64_t count = 0;

    for (uint32_t i = 0; i < signature_app_count(signatures); i++)
        count += signature_app(signatures, i)->managed == managed;
    return count;
}

static uint64_t count_role(const struct signature_set *signatures, enum role role)
{
    uint64_t count = 0;

    for (uint32_t i = 0; i < signature_count(signatures); i++) {
        const struct signature *s = signature_at(signatures, i);

        count += s->app != SIGNATURE_NO_APP && s->role == role;
    }
    return count;
}

static uint64_t count_fully_known(const struct signature_set *signatures)
{
    uint64_t count = 0;

    for (uint32_t i = 0; i < signature_app_count(signatures); i++)
        count += risk_of(signature_app(signatures, i)).unknown == 0;
    return count;
}

/* Apps whose risk is between the two levels, as what is unknown turns out to be. */
static bool write_risk(struct writer *writer, const struct signature_set *signatures,
                       enum risk_level least, enum risk_level most, struct error *err)
{
    const struct risk wanted = {.least = least, .most = most};
    struct buf kind = {0};
    uint64_t count = 0;
    bool ok;

    for (uint32_t i = 0; i < signature_app_count(signatures); i++) {
        struct risk risk = risk_of(signature_app(signatures, i));

        count += risk.least == least && risk.most == most;
    }
    risk_append_level(&kind, &wanted);
    buf_append_byte(&kind, '\0');
    ok = kind.failed ? error_set_memory(err)
                     : write_count(writer, "apps of risk", kind.ptr, count, err);
    buf_free(&kind);
    return ok;
}

/* Each app is in one of them. */
static bool write_risks(struct writer *writer, const struct signature_set *signatures,
                        struct error *err)
{
    bool ok = true;

    for (unsigned least = 0; ok && least < RISK_LEVELS; least++)
        for (unsigned most = least; ok && most < RISK_LEVELS; most++)
            ok = write_risk(writer, signatures, (enum risk_level)least, (enum risk_level)most, err);
    return ok;
}

/* What is not a domain. */
static bool write_others(struct writer *writer, const struct signature_set *signatures,
                         struct error *err)
{
    return write_count(writer, "tenant patterns", NULL, signature_tenant_count(signatures), err) &&
           write_count(writer, "networks", NULL, signature_network_count(signatures), err) &&
           write_count(writer, "rules", NULL, signature_rule_count(signatures), err) &&
           write_count(writer, "apps with all attributes known", NULL,
                       count_fully_known(signatures), err);
}

static int compare_texts(const void *a, const void *b)
{
    const char *const *left = a, *const *right = b;

    return strcmp(*left, *right);
}

static bool write_categories(struct writer *writer, const struct signature_set *signatures,
                             struct error *err)
{
    size_t count = signature_app_count(signatures);
    const char **categories = calloc(count + 1, sizeof *categories);
    bool ok = true;

    if (categories == NULL)
        return error_set_memory(err);
    for (uint32_t i = 0; i < count; i++)
        categories[i] = signature_app(signatures, i)->category;
    qsort(categories, count, sizeof *categories, compare_texts);
    for (size_t from = 0, until; ok && from < count; from = until) {
        for (until = from + 1; until < count; until++)
            if (strcmp(categories[from], categories[until]) != 0)
                break;
        ok = write_count(writer, "apps of category", categories[from], until - from, err);
    }
    free(categories);
    return ok;
}

bool apps_stats(struct apps_task *t, enum outcome *outcome, struct error *err)
{
    static const struct column columns[] = {
        {"what", "what", false, 1}, {"kind", "kind", false, 1}, {"count", "count", true, 1}};
    const struct signature_set *signatures = t->signatures;
    struct writer *writer = apps_open_writer(t, columns, sizeof columns / sizeof *columns, err);
    bool ok = writer != NULL &&
              write_count(writer, "apps", NULL, signature_app_count(signatures), err) &&
              write_count(writer, "domains", NULL, signature_count(signatures), err);

    (void)outcome;
    for (unsigned m = 0; ok && m < MANAGED_COUNT; m++)
        ok = write_count(writer, "apps managed", managed_name((enum managed)m),
                         count_managed(signatures, (enum managed)m), err);
    for (unsigned r = 0; ok && r < ROLE_COUNT; r++)
        ok = write_count(writer, "domains of role", role_name((enum role)r),
                         count_role(signatures, (enum role)r), err);
    ok = ok && write_others(writer, signatures, err) && write_risks(writer, signatures, err) &&
         write_categories(writer, signatures, err) && writer_end(writer, err);
    writer_free(writer);
    return ok;
}
