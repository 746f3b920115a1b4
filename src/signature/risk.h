/* risk.h: what it means that an app's controls are missing. */
#ifndef SIGNATURE_RISK_H
#define SIGNATURE_RISK_H

#include "base/buf.h"
#include "signature/signature.h"

#include <stddef.h>

enum risk_level {
#define RISK_LEVEL(id, name, points) RISK_##id,
#include "signature/risk.def"
#undef RISK_LEVEL
    RISK_LEVELS
};

/* What attribute weighs, and what it means that it is missing. */
struct risk_weight {
    const char *attribute;
    unsigned points;
    const char *words;
};

/* By number of the attribute, TRAIT_COUNT of them. */
const struct risk_weight *risk_weight_of(size_t trait);

/* An app's points: those of attributes that are `no`, and of those that are `unknown`. */
struct risk {
    unsigned missing, unknown, all;
    enum risk_level least, most; /* the level if what is unknown is there; if it is missing */
};

struct risk risk_of(const struct app *app);

const char *risk_level_name(enum risk_level level);

/* The points from which the level holds. */
unsigned risk_level_points(enum risk_level level);

/* "high", or "low to high" where too little is known. */
void risk_append_level(struct buf *out, const struct risk *risk);

#endif
