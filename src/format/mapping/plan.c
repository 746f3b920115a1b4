/* plan.c: compiles mapping lines and conditions. */
#include "format/mapping/plan.h"

#include "format/mapping/transform.h"

static bool compile_globs(const struct slice *patterns, size_t count, size_t stride,
                          struct glob_set *out, struct arena *arena)
{
    struct glob *globs = ARENA_NEW(arena, struct glob, count + 1);

    for (size_t i = 0; globs != NULL && i < count; i++)
        glob_compile(patterns[i * stride], &globs[i]);
    if (globs != NULL)
        glob_set_of(globs, count, out);
    return globs != NULL;
}

/* The number of the action or kind that ${text} names, -1: none. */
static int code_of(enum field_type type, struct slice text)
{
    for (int a = ACTION_ALLOWED; type == TYPE_ACTION && a <= ACTION_BLOCKED; a++)
        if (slice_is(text, record_action_name((enum record_action)a)))
            return a;
    for (int k = RECORD_PROXY; type == TYPE_KIND && k <= RECORD_IDENTITY; k++)
        if (slice_is(text, record_kind_name((enum record_kind)k)))
            return k;
    return -1;
}

static bool compile_map(enum field_type type, bool last, struct plan_step *out, struct arena *arena)
{
    const struct step *step = out->step;
    size_t count = step->arg_count / 2;
    struct slice *values = ARENA_NEW(arena, struct slice, count + 1);
    int *codes = ARENA_NEW(arena, int, count + 1);

    if (values == NULL || codes == NULL || !compile_globs(step->args, count, 2, &out->globs, arena))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct slice value = step->args[2 * i + 1];

        codes[i] = code_of(type, value);
        if (!slice_is(value, "none"))
            values[i] = value;
    }
    out->values = values;
    if (last && (type == TYPE_ACTION || type == TYPE_KIND))
        out->codes = codes;
    return true;
}

static bool compile_step(const struct step *step, enum field_type type, bool last,
                         struct plan_step *out, struct arena *arena)
{
    static const struct {
        const char *name;
        enum plan_op op;
        char byte;
    } in_place[] = {{"none", PLAN_NONE, 0},
                    {"only", PLAN_ONLY, 0},
                    {"map", PLAN_MAP, 0},
                    {"address", PLAN_ADDRESS, 0},
                    {"percent", PLAN_UNDO, '%'},
                    {"plus", PLAN_UNDO, '+'},
                    {"backslash", PLAN_UNDO, '\\'},
                    {"hex-escapes", PLAN_UNDO, '\\'},
                    {"backslash-pairs", PLAN_UNDO, '\\'},
                    {"after", PLAN_AFTER, 0}};
    struct slice name = slice_of_string(step->transform->name);

    *out = (struct plan_step){.op = PLAN_CALL, .step = step};
    for (size_t i = 0; i < sizeof in_place / sizeof *in_place; i++)
        if (slice_is(name, in_place[i].name)) {
            out->op = in_place[i].op;
            out->byte = in_place[i].byte;
        }
    if (step->arg_count == 1 && step->args[0].len == 1)
        out->byte = step->args[0].ptr[0];
    if (out->op == PLAN_AFTER && out->byte == 0)
        out->op = PLAN_CALL;
    if (out->op == PLAN_NONE && out->byte != 0 && out->byte != '*')
        out->op = PLAN_BLANK;
    if (out->op == PLAN_MAP)
        return compile_map(type, last, out, arena);
    if (out->op != PLAN_NONE && out->op != PLAN_ONLY)
        return true;
    return compile_globs(step->args, step->arg_count, 1, &out->globs, arena);
}

/* Conversions that end a line, times and durations, are no steps. */
static bool compile_rule(const struct rule *rule, struct plan_rule *out, struct arena *arena)
{
    struct plan_step *steps = ARENA_NEW(arena, struct plan_step, rule->step_count + 1);

    *out = (struct plan_rule){.rule = rule,
                              .bit = FIELD_BIT(rule->field),
                              .once = rule->type == TYPE_KIND ? 0 : FIELD_BIT(rule->field),
                              .type = rule->type,
                              .offset = rule->offset,
                              .slot = rule->slot,
                              .spread = rule->more_count > 0,
                              .steps = steps};
    if (steps == NULL)
        return false;
    for (size_t i = 0; i < rule->step_count; i++) {
        const struct step *step = &rule->steps[i];

        if (step->transform->kind == TRANSFORM_TIME)
            out->stamp = &step->pattern;
        else if (step->transform->kind == TRANSFORM_DURATION)
            out->unit_us = step->transform->unit_us;
        else if (!compile_step(step, rule->type, i + 1 == rule->step_count,
                               &steps[out->step_count++], arena))
            return false;
    }
    return plan_choose_way(out, arena);
}

/* Does a long text begin as its column does, whatever is behind its beginning, unless there is
 * something to undo in it? */
static bool keeps_heads(const struct plan_rule *rule)
{
    for (size_t i = 0; i < rule->step_count; i++) {
        const struct plan_step *s = &rule->steps[i];

        if (s->op != PLAN_BLANK && s->op != PLAN_UNDO &&
            (s->op != PLAN_NONE || s->globs.most >= SCREEN_HEAD_BYTES))
            return false;
    }
    return true;
}

/* The rules of the screen's field look at what they may leave out. Before the last of them it
 * stands as an empty text, so that no other is put in its place. */
static void put_screen(struct plan_rule *rules, size_t count, struct screen *screen)
{
    bool last = true;

    for (size_t i = count; i-- > 0;)
        if (rules[i].rule->field == screen->field) {
            rules[i].screen = screen;
            rules[i].reader = screen_add_reader(screen);
            rules[i].holds_place = !last;
            rules[i].keeps_heads = keeps_heads(&rules[i]);
            rules[i].way = rules[i].spread ? WAY_SPREAD : WAY_SCREEN;
            last = false;
        }
}

/* An action that stands in the column of a rule before it, as in TCP_DENIED/403, is told with what
 * that gave: both are looked up at once. Where other rules of actions come first, they decide. */
static void pair_twins(struct plan_rule *rules, size_t count)
{
    size_t i = 0, k = 0;

    while (i < count && rules[i].type != TYPE_ACTION)
        i++;
    if (i == count || rules[i].way != WAY_MEMO)
        return;
    while (k < i && (rules[k].slot != rules[i].slot || rules[k].way != WAY_MEMO))
        k++;
    if (k < i)
        rules[i].leader = rules[k].memo;
}

static bool compile_rules(const struct format *f, uint32_t wanted, struct screen *screen,
                          const struct plan_rule **rules, size_t *count, struct arena *arena)
{
    struct plan_rule *out = ARENA_NEW(arena, struct plan_rule, f->rule_count + 1);

    *count = 0;
    *rules = out;
    for (size_t i = 0; out != NULL && i < f->rule_count; i++)
        if ((wanted & FIELD_BIT(f->rules[i].field)) != 0 &&
            !compile_rule(&f->rules[i], &out[(*count)++], arena))
            return false;
    if (out != NULL && screen != NULL)
        put_screen(out, *count, screen);
    if (out != NULL)
        pair_twins(out, *count);
    return out != NULL;
}

static bool compile_conditions(const struct format *f, struct plan *plan, struct arena *arena)
{
    struct plan_condition *out = ARENA_NEW(arena, struct plan_condition, f->condition_count + 1);

    plan->conditions = out;
    plan->condition_count = f->condition_count;
    for (size_t i = 0; out != NULL && i < f->condition_count; i++) {
        const struct condition *c = &f->conditions[i];

        out[i] = (struct plan_condition){
            .slot = c->slot, .negated = c->negated, .rejects = c->rejects, .condition = c};
        out[i].last = ARENA_NEW(arena, size_t, 1);
        if (out[i].last == NULL || !compile_globs(c->globs, c->glob_count, 1, &out[i].globs, arena))
            return false;
    }
    return out != NULL;
}

/* Can lines of ${shape} fill the slot, or a syslog prefix before them? */
static bool fills(const struct format *f, const struct shape *shape, int slot)
{
    if (shape->items == NULL || (f->envelope && slot < ENVELOPE_SLOTS))
        return true;
    for (const struct template_item *item = shape->items; item->kind != ITEM_END; item++)
        if (item->kind == ITEM_HOLE && item->slot == slot)
            return true;
    return false;
}

static bool choose_rules(const struct format *f, const struct shape *shape,
                         const struct plan_list *all, struct plan_list *out, struct arena *arena)
{
    struct plan_rule *rules = ARENA_NEW(arena, struct plan_rule, all->count + 1);

    *out = (struct plan_list){rules, 0};
    for (size_t i = 0; rules != NULL && i < all->count; i++)
        if (fills(f, shape, all->rules[i].slot))
            rules[out->count++] = all->rules[i];
    return rules != NULL;
}

static bool compile_lists(const struct format *f, uint32_t wanted, struct screen *screen,
                          struct plan *plan, struct arena *arena)
{
    struct plan_list *lists = ARENA_NEW(arena, struct plan_list, f->shape_count + 1);
    bool ok =
        lists != NULL && compile_rules(f, wanted, screen, &lists[0].rules, &lists[0].count, arena);

    plan->lists = lists;
    for (size_t i = 0; ok && i < f->shape_count; i++)
        ok = choose_rules(f, &f->shapes[i], &lists[0], &lists[i + 1], arena);
    return ok;
}

const struct plan *plan_compile(const struct format *f, uint32_t wanted, struct screen *screen,
                                struct arena *arena)
{
    struct plan *plan = ARENA_NEW(arena, struct plan, 1);

    if (plan == NULL || !compile_conditions(f, plan, arena) ||
        !compile_lists(f, wanted, screen, plan, arena) ||
        !compile_rules(f, FIELD_BIT(FIELD_DEST_IP), NULL, &plan->places, &plan->place_count, arena))
        return NULL;
    return plan;
}
