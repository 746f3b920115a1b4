/* agents.c: the rules' expressions on user agents, asked once for each that comes. */
#include "usage/agents.h"

#include "signature/rule/rule_matcher.h"

#include <stdlib.h>

struct agents {
    struct rule_matcher *rules; /* another one than records are tried on: that is another thread */
    struct screen *screen;
};

static bool fits_rule(void *judge, struct slice agent)
{
    struct agents *a = judge;

    return rule_matcher_fits_agent(a->rules, agent);
}

static bool fits_no_rule(void *judge, struct slice head)
{
    struct agents *a = judge;

    return rule_matcher_fits_none_that_begins(a->rules, head);
}

struct agents *agents_create(const struct signature_set *signatures, struct error *err)
{
    struct agents *a = calloc(1, sizeof *a);
    struct screen_judges judges = {fits_rule, fits_no_rule, a};

    if (a == NULL) {
        error_set_memory(err);
        return NULL;
    }
    a->rules = rule_matcher_create(signatures, err);
    if (a->rules != NULL)
        a->screen = screen_create(FIELD_USER_AGENT, &judges, err);
    if (a->screen != NULL)
        return a;
    agents_free(a);
    return NULL;
}

struct screen *agents_screen(const struct agents *a)
{
    return a->screen;
}

void agents_free(struct agents *a)
{
    if (a == NULL)
        return;
    screen_free(a->screen);
    rule_matcher_free(a->rules);
    free(a);
}
