/* privacy.c: the key of pseudonyms and the least size of a department. */
#include "privacy.h"

#include "base/buf.h"
#include "base/num.h"
#include "report/pseudonym.h"

#include <stddef.h>

enum { LEAST_GROUP = 2, LARGEST_GROUP = 1000000 };

#define PSEUDONYMIZE_ROW                                                                           \
    {                                                                                              \
        '\0', "pseudonymize", "KEYFILE", OPTION_TEXT,                                              \
            offsetof(struct privacy_arguments, pseudonymize),                                      \
            "users, addresses, machines and archives as pseudonyms,\nthe same in every run with "  \
            "that key"                                                                             \
    }

const struct option_row privacy_key_rows[] = {PSEUDONYMIZE_ROW, {0}};

const struct option_row privacy_rows[] = {
    PSEUDONYMIZE_ROW,
    {'\0', "suppress-small", "N", OPTION_TEXT, offsetof(struct privacy_arguments, suppress_small),
     "with --by department: those of fewer than N people\nas one"},
    {0}};

static bool parse_suppress(struct privacy *p, const char *text, const struct plan *plan,
                           struct error *err)
{
    if (!num_parse(slice_of_string(text), LARGEST_GROUP, &p->suppress) || p->suppress < LEAST_GROUP)
        return error_set(err, ERROR_USAGE, "--suppress-small: '%s': expected a number from %d",
                         text, LEAST_GROUP);
    if (plan_has(plan, DIMENSION_USER) || plan_has(plan, DIMENSION_CLIENT) ||
        !plan_has(plan, DIMENSION_DEPARTMENT))
        return error_set(err, ERROR_USAGE,
                         "--suppress-small: expected --by with department and without user and "
                         "client, whose rows are single people's");
    return true;
}

bool privacy_open(struct privacy *p, const struct privacy_arguments *a, const struct plan *plan,
                  struct error *err)
{
    if (a->suppress_small != NULL && !parse_suppress(p, a->suppress_small, plan, err))
        return false;
    if (a->pseudonymize == NULL)
        return true;
    p->pseudonyms = pseudonym_open(a->pseudonymize, err);
    return p->pseudonyms != NULL || error_context(err, "--pseudonymize");
}

void privacy_append_problems(const struct privacy *p, struct buf *out)
{
    if (p->pseudonyms != NULL && pseudonym_key_is_exposed(p->pseudonyms))
        buf_append_string(out, "kage: --pseudonymize: everybody on this machine may read the key, "
                               "and so tell who is who; chmod o= for its file\n");
}

void privacy_close(struct privacy *p)
{
    pseudonym_free(p->pseudonyms);
}
