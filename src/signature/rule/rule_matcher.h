/* rule_matcher.h: which rule of rules.csv a record fits. */
#ifndef SIGNATURE_RULE_MATCHER_H
#define SIGNATURE_RULE_MATCHER_H

#include "base/error.h"
#include "record/record.h"
#include "signature/rule/rule.h"
#include "signature/signature.h"

#include <stdbool.h>

/* The rules of a set, ready to be tried on records. Expressions are compiled when they are first
 * needed, so a log in which nothing hints at a rule pays for none. Opaque. Not thread-safe: one a
 * thread. */
struct rule_matcher;

/* Owns: borrows ${set}, which is finished; the caller frees with rule_matcher_free. Returns: NULL
 * with ${err} set where memory is out. */
struct rule_matcher *rule_matcher_create(const struct signature_set *set, struct error *err);

/* Has a rule an expression on user agents? Else they need not be read. */
bool rule_matcher_wants_user_agent(const struct rule_matcher *m);

/* Of what fields (FIELD_BIT) a record must have one, that rule_matcher_hints may say yes. */
uint32_t rule_matcher_hinting_fields(const struct rule_matcher *m);

/* May a rule fit records of the normalised ${host} whatever their URL and user agent? A host keeps
 * the answer. */
bool rule_matcher_watches_host(const struct rule_matcher *m, struct slice host);

/* Of what fields (FIELD_BIT) a record of such a host must have one. */
uint32_t rule_matcher_watching_fields(const struct rule_matcher *m);

/* Does ${agent}, a user agent, fit the expression of a rule? A record of any other may as well have
 * none. */
bool rule_matcher_fits_agent(struct rule_matcher *m, struct slice agent);

/* Does no user agent that begins with ${head} fit the expression of a rule, whatever is behind?
 * Told where all of them begin with ^ (or are anchored else), which those of rules.csv do: else
 * false. */
bool rule_matcher_fits_none_that_begins(struct rule_matcher *m, struct slice head);

/*
 * rule_matcher_hints(m, r):
 * The cheap first look: does the URL hold the literal of a rule, or is there a user agent? Those
 * that fit no rule are best left out of records. No hint and a host that is not watched: no rule
 * fits.
 */
bool rule_matcher_hints(struct rule_matcher *m, const struct record *r);

/*
 * rule_matcher_find(m, r, host):
 * The gravest rule that ${r} of the normalised ${host} fits, of equals the first read; NULL: none.
 * A condition on what the record does not say does not hold. An expression that takes too many
 * steps does not match.
 */
const struct rule *rule_matcher_find(struct rule_matcher *m, const struct record *r,
                                     struct slice host);

/* The place of a rule that rule_matcher_find gave among the set's: of signature_rule_at. */
uint32_t rule_matcher_row(const struct rule_matcher *m, const struct rule *rule);

void rule_matcher_free(struct rule_matcher *m);

#endif
