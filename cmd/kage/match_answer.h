/* match_answer.h: what the catalogue says of one host, and why. */
#ifndef KAGE_MATCH_ANSWER_H
#define KAGE_MATCH_ANSWER_H

#include "base/buf.h"
#include "base/slice.h"
#include "net/domain.h"
#include "signature/explain.h"
#include "signature/match.h"
#include "signature/signature.h"
#include "signature/tenant.h"

#include <stdbool.h>

struct psl;

/* What answers are looked up in. */
struct match_world {
    const struct signature_set *signatures;
    const struct psl *psl; /* NULL: registrable domains are not asked for */
};

struct match_answer {
    const struct match_world *world;
    struct slice given;    /* a host or a URL, as it was asked for */
    char text[HOST_LIMIT]; /* of the host */
    struct slice host;     /* normalised; of text */
    struct match match;
    struct slice tenant; /* by the host, else by the path of a URL */
    char tenant_text[TENANT_LIMIT_BYTES];
    bool by_network;
    struct network_note network; /* where by_network */
};

/* Fills ${out}, which refers to itself: it is not to be copied. ${given} is borrowed. */
void match_answer_find(const struct match_world *world, struct slice given,
                       struct match_answer *out);

/* "app  role  signature", or "-" where there is no app. */
void match_answer_append(struct buf *out, const struct match_answer *answer);

/* The reasons, a line each: the signature's file and line, the registrable domain, the tenant, and
 * what would have matched without the signature. */
void match_answer_append_reasons(struct buf *out, const struct match_answer *answer);

/* A JSON object on one line: host, app, role, signature, tenant; then file, line, network,
 * registrable and `also`. */
void match_answer_append_json(struct buf *out, const struct match_answer *answer);

#endif
