/* map.c: applies the mapping lines of a definition. */
#include "format/map.h"

#include "base/num.h"
#include "format/transform.h"

#include <string.h>

enum { NUMBER_LIMIT_DIGITS = 18 };

static void *member(struct record *r, enum field field)
{
    return (char *)r + field_info(field)->offset;
}

/* A number of ${unit_us} microseconds, fractions allowed. */
static bool parse_duration(struct slice text, double unit_us, int64_t *out)
{
    uint64_t digits = 0, scale = 1;
    bool fraction = false;
    double value;

    if (text.len == 0 || text.len > NUMBER_LIMIT_DIGITS)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '.' && !fraction) {
            fraction = true;
            continue;
        }
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        digits = digits * 10 + (uint64_t)(text.ptr[i] - '0');
        scale *= fraction ? 10 : 1;
    }
    value = (double)digits / (double)scale * unit_us;
    if (value > 9e17)
        return false;
    *out = (int64_t)value;
    return true;
}

static bool put_kind(struct slice text, void *into)
{
    for (int k = RECORD_PROXY; k <= RECORD_IDENTITY; k++)
        if (slice_is(text, record_kind_name((enum record_kind)k))) {
            *(enum record_kind *)into = (enum record_kind)k;
            return true;
        }
    return false;
}

static bool put_action(struct slice text, void *into)
{
    for (int a = ACTION_ALLOWED; a <= ACTION_BLOCKED; a++)
        if (slice_is(text, record_action_name((enum record_action)a))) {
            *(enum record_action *)into = (enum record_action)a;
            return true;
        }
    return false;
}

/* The value at the end of its conversions into the record. */
static bool put(const struct mapping *m, const struct rule *rule, struct record *record,
                struct slice value)
{
    const struct step *last = rule->step_count == 0 ? NULL : &rule->steps[rule->step_count - 1];
    void *into = (char *)record + rule->offset;

    switch (rule->type) {
    case TYPE_TIME: return last != NULL && stamp_parse(&last->pattern, value, m->clock, into);
    case TYPE_DURATION:
        return last != NULL && parse_duration(value, last->transform->unit_us, into);
    case TYPE_NUMBER: return num_parse(value, INT64_MAX, into);
    case TYPE_KIND: return put_kind(value, into);
    case TYPE_ACTION: return put_action(value, into);
    case TYPE_TEXT: break;
    }
    *(struct slice *)into = value;
    return true;
}

/* Undone escapes may give text that is no UTF-8. */
static void recode(const struct mapping *m, struct slice *value)
{
    char *out = m->recoder == NULL || recoder_is_utf8(*value)
                    ? NULL
                    : ARENA_NEW(m->scratch, char, RECODER_BYTES(value->len));

    if (out != NULL)
        *value = slice_of(out, recoder_convert(m->recoder, *value, out));
}

/* Apply one mapping line. Returns: false where the column holds what it cannot. */
static bool apply(const struct mapping *m, const struct rule *rule, struct record *record,
                  struct slice value)
{
    const char *as_cut = value.ptr;

    for (size_t i = 0; i < rule->step_count && value.len > 0; i++) {
        const struct step *step = &rule->steps[i];

        if (step->transform->apply != NULL && !step->transform->apply(step, &value, m->scratch))
            return false;
    }
    if (value.len == 0)
        return true;
    if (rule->type == TYPE_TEXT && value.ptr != as_cut)
        recode(m, &value);
    if (!put(m, rule, record, value))
        return false;
    record->has |= FIELD_BIT(rule->field);
    return true;
}

static enum reject reason_of(enum field field)
{
    switch (field_info(field)->type) {
    case TYPE_TIME: return REJECT_TIME;
    case TYPE_NUMBER:
    case TYPE_DURATION: return REJECT_NUMBER;
    case TYPE_TEXT: return field == FIELD_HOST ? REJECT_HOST : REJECT_VALUE;
    case TYPE_KIND:
    case TYPE_ACTION: break;
    }
    return REJECT_VALUE;
}

static bool holds(const struct condition *c, struct slice value)
{
    bool hit = false;

    for (size_t i = 0; i < c->glob_count && !hit; i++)
        hit = slice_glob(c->globs[i], value);
    return hit != c->negated;
}

static void set_constant(struct record *r, const struct constant *c)
{
    void *into = member(r, c->field);

    switch (field_info(c->field)->type) {
    case TYPE_KIND: put_kind(c->value, into); break;
    case TYPE_ACTION: put_action(c->value, into); break;
    case TYPE_TEXT: *(struct slice *)into = c->value; break;
    case TYPE_TIME:
    case TYPE_NUMBER:
    case TYPE_DURATION: break;
    }
    r->has |= FIELD_BIT(c->field);
}

/* A logon or lease without an address says nothing of who had one; the end of one may. */
static bool names_owner(const struct record *record)
{
    return record_has(record, FIELD_CLIENT) ||
           (record_has(record, FIELD_EVENT) && !slice_is(record->event, "lease") &&
            !slice_is(record->event, "logon"));
}

bool map_names_place(const struct record *record)
{
    if (record->kind == RECORD_IDENTITY)
        return names_owner(record);
    return record_has(record, FIELD_HOST) || record_has(record, FIELD_DEST_IP);
}

/* Identity logs may say how long a lease is instead of when it ends. */
static void set_end(struct record *r)
{
    if (r->kind == RECORD_IDENTITY && record_has(r, FIELD_TS) && record_has(r, FIELD_ELAPSED) &&
        !record_has(r, FIELD_TS_END) &&
        !__builtin_add_overflow(r->ts_us, r->elapsed_us, &r->ts_end_us))
        r->has |= FIELD_BIT(FIELD_TS_END);
}

/* What the columns of ${rule} hold. */
static struct slice value_of(const struct rule *rule, const struct slice *slots,
                             struct arena *scratch)
{
    struct slice value = slots[rule->slot];
    size_t room = value.len, n = value.len;
    char *text;

    if (value.len == 0 || rule->more_count == 0)
        return value;
    for (size_t i = 0; i < rule->more_count; i++) {
        if (slots[rule->more[i]].len == 0)
            return slice_of(value.ptr, 0);
        room += 1 + slots[rule->more[i]].len;
    }
    text = ARENA_NEW(scratch, char, room);
    if (text == NULL)
        return slice_of(value.ptr, 0);
    memcpy(text, value.ptr, value.len);
    for (size_t i = 0; i < rule->more_count; i++) {
        struct slice part = slots[rule->more[i]];

        text[n++] = ' ';
        memcpy(text + n, part.ptr, part.len);
        n += part.len;
    }
    return slice_of(text, n);
}

/* All mapping lines of the fields in ${wanted}; false, and why, where a column holds what it
 * cannot. */
static bool apply_rules(const struct format *f, const struct slice *slots, const struct mapping *m,
                        uint32_t wanted, struct record *record, enum reject *why)
{
    for (size_t i = 0; i < f->rule_count; i++) {
        const struct rule *rule = &f->rules[i];

        if (slots[rule->slot].len == 0 || (wanted & FIELD_BIT(rule->field)) == 0 ||
            (record_has(record, rule->field) && rule->field != FIELD_KIND))
            continue;
        if (!apply(m, rule, record, value_of(rule, slots, m->scratch))) {
            *why = reason_of(rule->field);
            return false;
        }
    }
    return true;
}

enum verdict map_record(const struct format *f, const struct shape *shape,
                        const struct slice *slots, const struct mapping *m, struct record *record,
                        enum reject *why)
{
    for (size_t i = 0; i < f->condition_count; i++) {
        const struct condition *c = &f->conditions[i];

        *why = REJECT_VALUE;
        if (!holds(c, slots[c->slot]))
            return c->rejects ? VERDICT_REJECT : VERDICT_SKIP;
    }
    record->kind = f->kind;
    record->has = FIELD_BIT(FIELD_KIND);
    if (shape->has_constant)
        set_constant(record, &shape->constant);
    if (!apply_rules(f, slots, m, m->wanted, record, why))
        return VERDICT_REJECT;
    if (record->kind != RECORD_IDENTITY && !record_has(record, FIELD_HOST) &&
        !apply_rules(f, slots, m, FIELD_BIT(FIELD_DEST_IP), record, why))
        return VERDICT_REJECT;
    set_end(record);
    if (record_is_challenge(record)) /* a password prompt is no verdict */
        record->has &= ~FIELD_BIT(FIELD_ACTION);
    if (shape->role != SHAPE_RECORD ||
        map_names_place(record)) /* others find their host by a join */
        return VERDICT_RECORD;
    return VERDICT_SKIP;
}
