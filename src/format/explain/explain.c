/* explain.c: holds a line against a definition, one mapping line after the other. */
#include "format/explain/explain.h"

#include "base/buf.h"
#include "format/envelope/envelope.h"
#include "format/explain/explain_shape.h"
#include "format/format.h"
#include "format/mapping/reason.h"
#include "net/domain.h"

#include <stdlib.h>
#include <string.h>

struct explainer {
    const struct format *format;
    struct stamp_clock clock;
    struct mapping mapping;
    struct arena scratch; /* of the current line */
    void *state;          /* the decoder's */
    struct slice slots[SLOT_LIMIT];
    struct template_probes probes;
    bool enveloped;   /* the last line that was cut had a syslog prefix */
    struct rule rule; /* the one being held against the line */
    struct explanation out;
};

struct explainer *explainer_create(const struct format *format, const struct zone *zone, int year,
                                   struct error *err)
{
    struct explainer *e = calloc(1, sizeof *e);

    if (e == NULL) {
        error_set_memory(err);
        return NULL;
    }
    e->format = format;
    e->clock.zone = zone;
    e->clock.year = year;
    e->mapping = (struct mapping){
        .clock = &e->clock, .scratch = &e->scratch, .recoder = recoder_create(format->encoding)};
    e->state = calloc(1, format->decoder->state_size + 1);
    if (e->state != NULL && e->mapping.recoder != NULL)
        return e;
    error_set_memory(err);
    explainer_free(e);
    return NULL;
}

static void set_problem(struct explainer *e, enum verdict verdict, const char *text)
{
    e->out.verdict = verdict;
    e->out.problem = slice_of_string(text);
}

/* ${text} as it stands in the scratch of the line; it is freed. */
static struct slice keep(struct explainer *e, struct buf *text)
{
    struct slice copy = arena_copy(&e->scratch, buf_slice(text));

    buf_free(text);
    return copy;
}

/* The names of a rule's columns, joined by +. */
static struct slice column_name(struct explainer *e, const struct rule *rule)
{
    struct buf names = {0};

    reason_append_column(&names, e->format, rule);
    return keep(e, &names);
}

/* What stands in a rule's columns. */
static struct slice column_text(struct explainer *e, const struct rule *rule)
{
    struct buf texts = {0};

    if (rule->more_count == 0)
        return e->slots[rule->slot];
    buf_append(&texts, e->slots[rule->slot]);
    for (size_t i = 0; i < rule->more_count; i++) {
        buf_append_byte(&texts, ' ');
        buf_append(&texts, e->slots[rule->more[i]]);
    }
    return keep(e, &texts);
}

/* The field of ${record} in words. */
static struct slice value_text(struct explainer *e, const struct record *record, enum field field)
{
    const struct field_info *info = field_info(field);
    const void *member = (const char *)record + info->offset;
    struct buf text = {0};
    char host[HOST_LIMIT];

    if (field == FIELD_HOST)
        return arena_copy(&e->scratch, domain_normalise(record->host, host));
    switch (info->type) {
    case TYPE_TIME: zone_append_rfc3339(&text, NULL, *(const int64_t *)member); break;
    case TYPE_DURATION: buf_printf(&text, "%.6g s", (double)*(const int64_t *)member / 1e6); break;
    case TYPE_NUMBER: buf_append_uint(&text, *(const uint64_t *)member); break;
    case TYPE_TEXT: buf_append(&text, *(const struct slice *)member); break;
    case TYPE_KIND: buf_append_string(&text, record_kind_name(record->kind)); break;
    case TYPE_ACTION: buf_append_string(&text, record_action_name(record->action)); break;
    }
    return keep(e, &text);
}

/* What a rule can take, in words. */
static struct slice expected_text(struct explainer *e, const struct rule *rule, struct slice text)
{
    struct buf expected = {0};

    reason_append_expected(&expected, rule, text, &e->scratch);
    return keep(e, &expected);
}

/* One mapping line; ${record} gathers what the lines before it gave. */
static void explain_rule(struct explainer *e, const struct rule *rule, struct record *record)
{
    const struct shape note = {.role = SHAPE_NOTE}; /* so that a missing host is no matter */
    struct format one = *e->format;
    struct explained *row = &e->out.rows[e->out.count];
    struct record alone = {0};
    struct refusal refusal = {.why = REJECT_NONE};

    if (e->out.count == EXPLAINED_LIMIT ||
        (record_has(record, rule->field) && rule->field != FIELD_KIND)) /* a line before gave it */
        return;
    e->out.count++;
    *row = (struct explained){.definition_line = rule->line,
                              .field = rule->field,
                              .column = column_name(e, rule),
                              .text = column_text(e, rule)};
    e->rule = *rule;
    one.rules = &e->rule;
    one.rule_count = 1;
    one.condition_count = 0;
    e->mapping.plan = plan_compile(&one, UINT32_MAX, NULL, &e->scratch);
    row->refused = e->mapping.plan == NULL || map_record(&one, &note, e->slots, &e->mapping, &alone,
                                                         &refusal) == VERDICT_REJECT;
    if (row->refused) {
        row->expected = expected_text(e, rule, row->text);
        e->out.verdict = VERDICT_REJECT;
    } else if (record_has(&alone, rule->field) &&
               (rule->field != FIELD_KIND || e->slots[rule->slot].len > 0)) {
        row->value = value_text(e, &alone, rule->field);
        record->has |= FIELD_BIT(rule->field);
    }
}

/* Does the value match the condition's patterns? */
static bool holds(const struct condition *c, struct slice value)
{
    bool hit = false;

    for (size_t i = 0; i < c->glob_count && !hit; i++)
        hit = slice_glob(c->globs[i], value);
    return hit != c->negated;
}

/* Lines that are none of the format, or none that is wanted. Returns: false for them. */
static bool check_conditions(struct explainer *e)
{
    const struct format *f = e->format;

    for (size_t i = 0; i < f->condition_count; i++) {
        const struct condition *c = &f->conditions[i];
        struct buf problem = {0};

        if (holds(c, e->slots[c->slot]))
            continue;
        reason_append_condition(&problem, f, c, e->slots);
        e->out.verdict = c->rejects ? VERDICT_REJECT : VERDICT_SKIP;
        e->out.problem = keep(e, &problem);
        return false;
    }
    return true;
}

/* How a line stands to those around it, where it is no record of its own. */
static const char *role_text(enum shape_role role)
{
    static const char *const texts[] = {
        [SHAPE_RECORD] = "",
        [SHAPE_OPEN] = "later lines add to it",
        [SHAPE_REPLY] = "adds to an earlier line of the same key, else is a record",
        [SHAPE_OUTCOME] = "adds to an earlier line of the same key, else is a record",
        [SHAPE_NOTE] = "adds to an earlier line of the same key",
        [SHAPE_END] = "ends the record before",
        [SHAPE_SKIP] = "",
        [SHAPE_OWN] = "",
        [SHAPE_CLAIM] = ""};

    return texts[role];
}

/* A line that was cut: its mapping lines. */
static void explain_cut(struct explainer *e, size_t index)
{
    const struct format *f = e->format;
    const struct shape *shape = f->shape_count > 0 ? &f->shapes[index] : NULL;
    struct record record = {.kind = f->kind};

    e->out.verdict = VERDICT_RECORD;
    e->out.problem.len = 0;
    e->out.adds = false;
    if (!check_conditions(e))
        return;
    if (shape != NULL && shape->has_constant) {
        e->out.rows[e->out.count++] = (struct explained){.definition_line = shape->line,
                                                         .field = shape->constant.field,
                                                         .value = shape->constant.value};
        record.has |= FIELD_BIT(shape->constant.field);
    }
    for (size_t i = 0; i < f->rule_count; i++)
        explain_rule(e, &f->rules[i], &record);
    if (e->out.verdict == VERDICT_REJECT)
        return;
    e->out.adds = shape != NULL && shape->role != SHAPE_RECORD && shape->role != SHAPE_OPEN;
    if (shape != NULL && shape->role != SHAPE_RECORD)
        e->out.problem = slice_of_string(role_text(shape->role));
    else if (!map_names_place(&record))
        set_problem(e, VERDICT_SKIP,
                    f->kind == RECORD_IDENTITY ? "it says of no address whose it is"
                                               : "it names neither a host nor an address");
}

/* The line, or what stands behind its syslog prefix. Returns: was it cut? */
static bool try_body(struct explainer *e, struct slice line, bool enveloped)
{
    const struct format *f = e->format;
    struct slice body = line;
    struct buf problem = {0};
    int shape;

    memset(e->slots, 0, sizeof e->slots);
    if (enveloped && !envelope_strip_of(f, line, e->slots, &body))
        return false;
    shape = f->decoder->cut(f, e->state, body, e->slots, &e->scratch);
    if (shape >= 0) {
        e->enveloped = enveloped;
        explain_cut(e, (size_t)shape);
        return true;
    }
    if (shape == CUT_SKIP || shape == CUT_OWN) {
        set_problem(e, VERDICT_SKIP, "a header, or a line that the definition passes over");
        return true;
    }
    e->out.verdict = VERDICT_REJECT;
    if (enveloped && !f->envelope && !e->enveloped) /* what begins alike may be columns */
        return false;
    explain_shape(&(struct uncut){f, e->state, body, (size_t)(body.ptr - line.ptr), true},
                  &e->probes, &e->scratch, &problem);
    e->out.problem = keep(e, &problem);
    return false;
}

/* Behind its prefix first where the format may have one, as decoding goes; then the other way,
 * which counts where it gives a record, or where the first way could not cut the line. */
static void try_both(struct explainer *e, struct slice line)
{
    const bool first = e->format->envelope, cut = try_body(e, line, first);
    const struct explanation said = e->out;
    bool other;

    if (cut && (!first || said.verdict == VERDICT_RECORD))
        return;
    e->out.count = 0;
    other = try_body(e, line, !first);
    if (first && said.problem.len > 0 && e->out.verdict != VERDICT_RECORD && (cut || !other))
        e->out = said;
}

const struct explanation *explainer_line(struct explainer *e, struct slice line)
{
    arena_reset(&e->scratch);
    line = arena_copy(&e->scratch, line); /* for the slack behind it */
    e->out.count = 0;
    e->out.verdict = VERDICT_REJECT;
    e->out.problem.len = 0;
    if (slice_trim(line).len == 0)
        set_problem(e, VERDICT_SKIP, "a blank line");
    else if (format_is_comment(e->format, line))
        set_problem(e, VERDICT_SKIP, "a comment");
    else
        try_both(e, line);
    return &e->out;
}

void explainer_free(struct explainer *e)
{
    if (e == NULL)
        return;
    recoder_free(e->mapping.recoder);
    template_probes_free(&e->probes);
    free(e->state);
    arena_free(&e->scratch);
    free(e);
}
