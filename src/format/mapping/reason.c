/* reason.c: words for what a definition's mapping refuses. */
#include "format/mapping/reason.h"

#include "format/mapping/transform.h"

#include <string.h>

enum { SHOWN_BYTES = 40, SHOWN_PATTERNS = 3 };

void reason_append_text(struct buf *out, struct slice text)
{
    size_t shown = text.len;

    if (shown > SHOWN_BYTES)
        for (shown = SHOWN_BYTES; shown > 0 && ((unsigned char)text.ptr[shown] & 0xc0) == 0x80;)
            shown--;
    buf_append(out, slice_of(text.ptr, shown));
    if (shown < text.len)
        buf_append_string(out, "…");
}

static struct slice slot_name(const struct format *f, int slot)
{
    static const char *const envelope[ENVELOPE_SLOTS] = {[SLOT_TIME] = "@time",
                                                         [SLOT_TAG] = "@tag",
                                                         [SLOT_MACHINE] = "@machine",
                                                         [SLOT_PROCESS] = "@process"};

    if (slot < ENVELOPE_SLOTS)
        return slice_of_string(envelope[slot]);
    for (size_t c = 0; c < f->column_count; c++)
        if (f->slot_of[c] == slot)
            return f->columns[c];
    return slice_of("", 0);
}

void reason_append_column(struct buf *out, const struct format *f, const struct rule *rule)
{
    buf_append(out, slot_name(f, rule->slot));
    for (size_t i = 0; i < rule->more_count; i++) {
        buf_append_byte(out, '+');
        buf_append(out, slot_name(f, rule->more[i]));
    }
}

/* What a format calls the place of a value. */
static const char *place_word(const struct format *f)
{
    return f->decoder == &decode_kv || f->decoder == &decode_json ? "key" : "column";
}

/* `column 'x'` */
static void append_place(struct buf *out, const struct format *f, const struct rule *rule)
{
    buf_printf(out, "%s '", place_word(f));
    reason_append_column(out, f, rule);
    buf_append_byte(out, '\'');
}

/* What stands in the columns of ${rule}, put together as it is mapped. */
static struct slice joined_value(const struct rule *rule, const struct slice *slots,
                                 struct arena *scratch)
{
    struct buf texts = {0};
    struct slice copy;

    if (rule->more_count == 0)
        return slots[rule->slot];
    buf_append(&texts, slots[rule->slot]);
    for (size_t i = 0; i < rule->more_count; i++) {
        buf_append_byte(&texts, ' ');
        buf_append(&texts, slots[rule->more[i]]);
    }
    copy = arena_copy(scratch, buf_slice(&texts));
    buf_free(&texts);
    return copy;
}

/* The conversion that cannot read ${value}; NULL: they can, but what they give is not what the
 * field is. */
static const struct transform *refusing(const struct rule *rule, struct slice value,
                                        struct arena *scratch)
{
    for (size_t i = 0; i < rule->step_count && value.len > 0; i++) {
        const struct step *step = &rule->steps[i];

        if (step->transform->apply != NULL && !step->transform->apply(step, &value, scratch))
            return step->transform;
    }
    return NULL;
}

/* Of a time: its patterns, the first of many, or how such a stamp looks. */
static void append_time(struct buf *out, const struct step *step)
{
    struct slice rest = step->pattern.text, one;
    size_t shown = 0, more = 0;

    buf_append_string(out, "expected a time: ");
    if (step->arg_count == 0) {
        buf_append_string(out, step->transform->help);
        return;
    }
    while (rest.len > 0) {
        slice_cut(rest, '|', &one, &rest);
        more += shown == SHOWN_PATTERNS;
        if (shown == SHOWN_PATTERNS)
            continue;
        buf_append_string(out, shown++ == 0 ? "" : " or ");
        buf_append(out, one);
    }
    if (more > 0)
        buf_printf(out, " or one of %zu more patterns", more);
}

static void append_text_expected(struct buf *out, const struct rule *rule,
                                 const struct transform *by)
{
    if (rule->field == FIELD_HOST && (by == NULL || strcmp(by->name, "url-host") == 0))
        buf_append_string(out, "expected a host, host:port or URL");
    else if (by != NULL)
        buf_printf(out, "expected what `%s` can read (%s)", by->name, by->help);
    else
        buf_append_string(out, "the conversions cannot read it");
}

void reason_append_expected(struct buf *out, const struct rule *rule, struct slice value,
                            struct arena *scratch)
{
    const struct step *last = rule->step_count == 0 ? NULL : &rule->steps[rule->step_count - 1];
    const struct transform *by = refusing(rule, value, scratch);

    switch (rule->type) {
    case TYPE_TIME:
        if (last != NULL)
            append_time(out, last);
        break;
    case TYPE_NUMBER: buf_append_string(out, "expected a whole number below 2^63"); break;
    case TYPE_DURATION:
        buf_printf(out, "expected %s", last == NULL ? "a number" : last->transform->help);
        break;
    case TYPE_KIND: buf_append_string(out, "expected proxy, dns or identity"); break;
    case TYPE_ACTION: buf_append_string(out, "expected allowed or blocked"); break;
    case TYPE_TEXT: append_text_expected(out, rule, by); break;
    }
}

static const char *keyword_of(const struct condition *c)
{
    static const char *const names[2][2] = {{"where", "where-not"}, {"must", "must-not"}};

    return names[c->rejects][c->negated];
}

void reason_append_condition(struct buf *out, const struct format *f, const struct condition *c,
                             const struct slice *slots)
{
    const struct rule as_rule = {.slot = c->slot};

    append_place(out, f, &as_rule);
    buf_append_string(out, " is '");
    reason_append_text(out, slots[c->slot]);
    buf_printf(out, "': not what `%s` of the definition lets through (\"%.*s\"%s)", keyword_of(c),
               SLICE_FMT(c->globs[0]), c->glob_count > 1 ? " …" : "");
}

/* No column gave a time though records need one. */
static void append_no_time(struct buf *out, const struct format *f, const struct slice *slots,
                           struct arena *scratch)
{
    const char *join = "";

    for (size_t i = 0; i < f->rule_count; i++) {
        const struct rule *rule = &f->rules[i];
        struct slice value;

        if (rule->field != FIELD_TS)
            continue;
        value = joined_value(rule, slots, scratch);
        buf_append_string(out, join);
        append_place(out, f, rule);
        if (slice_trim(value).len == 0) {
            buf_append_string(out, " is missing or empty");
        } else {
            buf_append_string(out, " is '");
            reason_append_text(out, value);
            buf_append_byte(out, '\'');
        }
        buf_append_string(out, ": ");
        reason_append_expected(out, rule, value, scratch);
        join = "; ";
    }
    if (*join == '\0')
        buf_append_string(out, "no line of the definition gives a time (ts)");
}

void reason_append_refusal(struct buf *out, const struct format *f, const struct refusal *refusal,
                           const struct slice *slots, struct arena *scratch)
{
    struct slice value;

    if (refusal->condition != NULL) {
        reason_append_condition(out, f, refusal->condition, slots);
    } else if (refusal->rule != NULL) {
        value = joined_value(refusal->rule, slots, scratch);
        append_place(out, f, refusal->rule);
        buf_append_string(out, " is '");
        reason_append_text(out, value);
        buf_append_string(out, "': ");
        reason_append_expected(out, refusal->rule, value, scratch);
    } else if (refusal->why == REJECT_TIME) {
        append_no_time(out, f, slots, scratch);
    }
}
