/* match_answer.h: what the catalogue says of one host, and why. */
#ifndef KAGE_MATCH_ANSWER_H
#define KAGE_MATCH_ANSWER_H

#include "base/buf.h"
#include "base/slice.h"
#include "net/domain.h"
#include "signature/rule/rule_matcher.h"
#include "signature/signature.h"
#include "signature/tenant.h"

#include <stdbool.h>

struct psl;

/* What answers are looked up in. */
struct match_world {
    const struct signature_set *signatures;
    struct rule_matcher *rules; /* of the signatures: for URLs */
    const struct psl *psl;      /* NULL: registrable domains are not asked for */
};

struct match_answer {
    const struct match_world *world;
    struct slice given;    /* a host or a URL, as it was asked for */
    char text[HOST_LIMIT]; /* of the host */
    struct slice host;     /* normalised; of text */
    uint32_t app;          /* or SIGNATURE_NO_APP */
    enum role role;
    struct slice tenant; /* by the host, else by the path of a URL, else by a rule's detail */
    char tenant_text[TENANT_LIMIT_BYTES];
    const struct rule *rule; /* that a URL fits without a method or a user agent, else NULL */
    bool by_network;
};

/* Fills ${out}, which refers to itself: it is not to be copied. ${given} is borrowed. */
void match_answer_find(const struct match_world *world, struct slice given,
                       struct match_answer *out);

/* "app  role  signature", or "-" where there is no app. The signature is a name, a network or a
 * rule. */
void match_answer_append(struct buf *out, const struct match_answer *answer);

/* The reasons, a line each: the signature's file and line, what its role proves, the registrable
 * domain, the tenant, and what would have matched without the signature. */
void match_answer_append_reasons(struct buf *out, const struct match_answer *answer);

/* A JSON object on one line: host, app, role, signature, tenant; then file, line, network,
 * registrable and `also`. */
void match_answer_append_json(struct buf *out, const struct match_answer *answer);

#endif
