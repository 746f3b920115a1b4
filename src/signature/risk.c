/* risk.c: adds up the points of risk.def. */
#include "signature/risk.h"

static const struct risk_weight weights[TRAIT_COUNT] = {
#define RISK(attribute, points, words) {#attribute, points, words},
#include "signature/risk.def"
#undef RISK
};

static const struct {
    const char *name;
    unsigned points;
} levels[RISK_LEVELS] = {
#define RISK_LEVEL(id, name, points) {name, points},
#include "signature/risk.def"
#undef RISK_LEVEL
};

const struct risk_weight *risk_weight_of(size_t trait)
{
    return &weights[trait];
}

static enum risk_level level_of(unsigned points)
{
    unsigned level = RISK_LEVELS - 1;

    while (level > 0 && points < levels[level].points)
        level--;
    return (enum risk_level)level;
}

struct risk risk_of(const struct app *app)
{
    struct risk risk = {0};

    for (size_t t = 0; t < TRAIT_COUNT; t++) {
        risk.all += weights[t].points;
        risk.missing += app->traits[t] == TRAIT_NO ? weights[t].points : 0;
        risk.unknown += app->traits[t] == TRAIT_UNKNOWN ? weights[t].points : 0;
    }
    risk.least = level_of(risk.missing);
    risk.most = level_of(risk.missing + risk.unknown);
    return risk;
}

const char *risk_level_name(enum risk_level level)
{
    return levels[level].name;
}

unsigned risk_level_points(enum risk_level level)
{
    return levels[level].points;
}

void risk_append_level(struct buf *out, const struct risk *risk)
{
    buf_append_string(out, levels[risk->least].name);
    if (risk->least != risk->most)
        buf_printf(out, " to %s", levels[risk->most].name);
}
