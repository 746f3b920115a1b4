/* plan_way.c: which short way a mapping line may take: what its steps leave alone. */
#include "format/mapping/map_way.h"
#include "format/mapping/transform.h"

#include <string.h>

/* What the steps of a rule come to. */
struct summary {
    struct glob *nones;
    size_t none_count;
    char signs[2];
    size_t sign_count;
    char after;
    enum plan_way way; /* WAY_STEPS: something else is among them */
};

static void add_sign(struct summary *s, char sign)
{
    for (size_t i = 0; i < s->sign_count; i++)
        if (s->signs[i] == sign)
            return;
    if (s->sign_count == sizeof s->signs)
        s->way = WAY_STEPS;
    else
        s->signs[s->sign_count++] = sign;
}

static enum plan_way way_of_call(const struct plan_step *step)
{
    struct slice name = slice_of_string(step->step->transform->name);

    if (slice_is(name, "url-host"))
        return WAY_URL_HOST;
    if (slice_is(name, "mac"))
        return WAY_MAC;
    return slice_is(name, "whole-url") ? WAY_WHOLE_URL : WAY_STEPS;
}

/* Steps that take values away and undo signs, at the end perhaps one that finds an address or a
 * host. */
static void add_step(struct summary *s, const struct plan_step *step, bool last)
{
    switch (step->op) {
    case PLAN_BLANK: glob_compile(step->step->args[0], &s->nones[s->none_count++]); return;
    case PLAN_NONE:
        for (size_t i = 0; i < step->globs.count; i++)
            s->nones[s->none_count++] = step->globs.globs[i];
        return;
    case PLAN_UNDO: add_sign(s, step->byte); return;
    case PLAN_ADDRESS: s->way = last && s->sign_count == 0 ? WAY_ADDRESS : WAY_STEPS; return;
    case PLAN_CALL: s->way = last && s->sign_count == 0 ? way_of_call(step) : WAY_STEPS; return;
    case PLAN_AFTER: s->after = step->byte; return;
    case PLAN_ONLY:
    case PLAN_MAP: s->way = WAY_STEPS; return;
    }
}

static bool summarise(const struct plan_rule *rule, struct summary *s, struct arena *arena)
{
    size_t globs = 0;

    for (size_t i = 0; i < rule->step_count; i++)
        globs += 1 + rule->steps[i].globs.count;
    *s = (struct summary){.nones = ARENA_NEW(arena, struct glob, globs + 1), .way = WAY_TEXT};
    for (size_t i = 0; s->nones != NULL && s->way != WAY_STEPS && i < rule->step_count; i++)
        add_step(s, &rule->steps[i], i + 1 == rule->step_count);
    if (s->way == WAY_TEXT && s->sign_count > 0)
        s->way = WAY_TEXT_WITHOUT_SIGNS;
    if (s->after != 0)
        s->way = s->way == WAY_ADDRESS && rule->step_count >= 2 &&
                         rule->steps[rule->step_count - 2].op == PLAN_AFTER
                     ? WAY_ADDRESS_AFTER
                     : WAY_STEPS;
    return s->nones != NULL;
}

/* No pattern takes a number for no value. */
static bool leaves_digits(const struct summary *s)
{
    for (size_t i = 0; i < s->none_count; i++) {
        unsigned char first = (unsigned char)s->nones[i].head;

        if ((s->nones[i].head_mask & 0xff) == 0 || (first >= '0' && first <= '9'))
            return false;
    }
    return true;
}

/* FIRST+SECOND after " " address: the second, where the first is filled. */
static bool is_beside(const struct plan_rule *rule)
{
    return rule->rule->more_count == 1 && rule->type == TYPE_TEXT && rule->step_count == 2 &&
           rule->steps[0].op == PLAN_AFTER && rule->steps[0].byte == ' ' &&
           rule->steps[1].op == PLAN_ADDRESS;
}

static bool begins_with_only(const struct plan_rule *rule)
{
    return rule->step_count > 0 && rule->steps[0].op == PLAN_ONLY;
}

static enum plan_way way_of(const struct plan_rule *rule, const struct summary *s)
{
    if (is_beside(rule))
        return WAY_ADDRESS_BESIDE;
    if (rule->spread)
        return WAY_SPREAD;
    if (begins_with_only(rule) && (rule->type == TYPE_TEXT || rule->type == TYPE_TIME))
        return WAY_ONLY; /* what it lets through is of many values: no use to remember them */
    if (rule->type == TYPE_TIME)
        return rule->stamp != NULL && rule->stamp->is_epoch && rule->step_count == 0 ? WAY_EPOCH
                                                                                     : WAY_STEPS;
    if (rule->type == TYPE_TEXT && s->way != WAY_STEPS)
        return s->way;
    if ((rule->type == TYPE_NUMBER || rule->type == TYPE_DURATION) &&
        (s->way == WAY_TEXT || s->way == WAY_TEXT_WITHOUT_SIGNS) && leaves_digits(s))
        return WAY_DIGITS;
    return WAY_MEMO;
}

/* Is what its columns say together looked up? Text would be kept that is put together anew for each
 * line, and a time mostly differs. */
static bool has_memo_behind(const struct plan_rule *rule)
{
    return rule->way == WAY_SPREAD && rule->type != TYPE_TEXT && rule->type != TYPE_TIME;
}

bool plan_choose_way(struct plan_rule *rule, struct arena *arena)
{
    struct glob_set *nones = ARENA_NEW(arena, struct glob_set, 1);
    struct summary s;

    if (nones == NULL || !summarise(rule, &s, arena))
        return false;
    rule->way = way_of(rule, &s);
    glob_set_of(s.nones, s.none_count, nones);
    rule->nones = nones;
    rule->after = s.after;
    memcpy(rule->signs, s.signs, sizeof rule->signs);
    if (s.sign_count == 1)
        rule->signs[1] = s.signs[0];
    if (rule->way == WAY_ADDRESS_BESIDE) {
        rule->beside = rule->slot;
        rule->slot = rule->rule->more[0];
    }
    rule->unit = rule->type == TYPE_DURATION ? (int64_t)rule->unit_us : 1;
    if (rule->way == WAY_DIGITS && rule->unit <= 0)
        rule->way = WAY_STEPS;
    if (rule->way == WAY_ONLY)
        rule->onlies = &rule->steps[0].globs;
    if (rule->way != WAY_MEMO && !has_memo_behind(rule))
        return true;
    rule->memo = ARENA_NEW(arena, struct plan_memo, 1);
    return rule->memo != NULL;
}
