/* map.c: applies the mapping lines of a definition. */
#include "format/mapping/map.h"

#include "base/num.h"
#include "base/word.h"
#include "format/decoder/scan.h"
#include "format/mapping/ipv4.h"
#include "format/mapping/map_way.h"
#include "format/mapping/transform.h"

#include <string.h>

enum { NUMBER_LIMIT_DIGITS = 18, NEAR_BYTES = 128 };

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

/* Most numbers are short. */
static bool put_number(struct slice text, void *into)
{
    uint32_t number;

    if (text.len > 8)
        return num_parse(text, INT64_MAX, into);
    if (!word_short_digits(word_load(text.ptr), text.len, &number))
        return false;
    *(uint64_t *)into = number;
    return true;
}

static bool put_duration(struct slice text, double unit_us, void *into)
{
    uint32_t number;

    if (text.len > 8 || !word_short_digits(word_load(text.ptr), text.len, &number))
        return parse_duration(text, unit_us, into);
    *(int64_t *)into = (int64_t)(number * unit_us);
    return true;
}

/* The value at the end of its conversions into the record; ${code}: its number, where a map told
 * it. */
static bool put(const struct mapping *m, const struct plan_rule *rule, struct record *record,
                struct slice value, int code)
{
    void *into = (char *)record + rule->offset;

    switch (rule->type) {
    case TYPE_TIME: return rule->stamp != NULL && stamp_parse(rule->stamp, value, m->clock, into);
    case TYPE_DURATION: return rule->unit_us > 0 && put_duration(value, rule->unit_us, into);
    case TYPE_NUMBER: return put_number(value, into);
    case TYPE_KIND:
        if (code < 0)
            return put_kind(value, into);
        *(enum record_kind *)into = (enum record_kind)code;
        return true;
    case TYPE_ACTION:
        if (code < 0)
            return put_action(value, into);
        *(enum record_action *)into = (enum record_action)code;
        return true;
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

/* One conversion. Returns: false where the column holds what it cannot. */
static inline bool convert(const struct plan_step *s, struct slice *value, struct arena *scratch,
                           int *code)
{
    const char *end = value->ptr + value->len, *hit;
    size_t i;

    switch (s->op) {
    case PLAN_BLANK:
        if (value->len == 1 && value->ptr[0] == s->byte)
            value->len = 0;
        return true;
    case PLAN_NONE:
        if (glob_set_has(&s->globs, *value))
            value->len = 0;
        return true;
    case PLAN_ONLY:
        if (!glob_set_has(&s->globs, *value))
            value->len = 0;
        return true;
    case PLAN_MAP:
        i = glob_set_find(&s->globs, *value); /* behind the last: empty */
        *value = s->values[i];
        *code = s->codes == NULL ? -1 : s->codes[i];
        return true;
    case PLAN_ADDRESS:
        if (ipv4_is(*value))
            return true;
        break;
    case PLAN_UNDO:
        if (!scan_has(*value, s->byte))
            return true;
        break;
    case PLAN_AFTER:
        hit = scan_slack(value->ptr, end, s->byte);
        *value = hit == end ? slice_of(value->ptr, 0) : slice_of(hit + 1, (size_t)(end - hit) - 1);
        return true;
    case PLAN_CALL: break;
    }
    return s->step->transform->apply(s->step, value, scratch);
}

/* Values that are too many to come again soon cost more to look for than to convert. */
static bool is_worth_it(struct plan_memo *memo)
{
    enum { MISSES = 1024 };

    if (++memo->misses < MISSES)
        return true;
    memo->off = memo->hits < MISSES;
    memo->hits = memo->misses = 0;
    return !memo->off;
}

/* What the rule made of ${raw}, where the rule before it on that column looks it up. */
static void tell_leader(const struct plan_rule *rule, struct slice raw, const struct record *record)
{
    const struct glob_text text = glob_text_of(raw);
    struct plan_memo_entry *entry = map_way_entry(rule->leader, &text);

    if (entry->len != raw.len || entry->head != text.head || entry->tail != text.tail)
        return;
    entry->has_twin = true;
    entry->twin = record->action;
}

/* Keep what the rule made of ${raw}: ${value}, or none, as ${record} has it. */
static void remember(const struct plan_rule *rule, struct slice raw, struct slice value,
                     const struct record *record)
{
    const struct glob_text text = glob_text_of(raw);
    struct plan_memo_entry *entry = map_way_entry(rule->memo, &text);

    if (raw.len > PLAN_MEMO_BYTES || rule->memo->off || !is_worth_it(rule->memo))
        return;
    if (rule->type == TYPE_TEXT && value.len > 0 &&
        (value.ptr < raw.ptr || value.ptr + value.len > raw.ptr + raw.len))
        return; /* it stands elsewhere */
    *entry = (struct plan_memo_entry){.head = text.head,
                                      .tail = text.tail,
                                      .len = (uint32_t)raw.len,
                                      .size = (uint16_t)value.len,
                                      .has = value.len > 0};
    if (value.len == 0)
        return;
    switch (rule->type) {
    case TYPE_TEXT: entry->from = (uint16_t)(value.ptr - raw.ptr); break;
    case TYPE_ACTION: entry->number = (uint64_t)record->action; break;
    case TYPE_KIND: entry->number = (uint64_t)record->kind; break;
    case TYPE_TIME:
    case TYPE_NUMBER:
    case TYPE_DURATION: memcpy(&entry->number, (const char *)record + rule->offset, 8); break;
    }
}

/* Does nothing that a step undoes begin in the beginning of ${raw}? It may end behind it. */
static bool has_plain_head(const struct plan_rule *rule, struct slice raw)
{
    for (size_t i = 0; i < rule->step_count; i++)
        if (rule->steps[i].op == PLAN_UNDO && raw.len >= SCREEN_HEAD_BYTES &&
            memchr(raw.ptr, rule->steps[i].byte, SCREEN_HEAD_BYTES) != NULL)
            return false;
    return true;
}

/* Does it matter, as the screen knows or learns? */
static enum screen_verdict verdict_on(const struct plan_rule *rule, struct slice raw,
                                      struct slice value)
{
    const struct screen_entry *entry = screen_entry_of(rule->screen, raw);
    enum screen_verdict verdict;

    if (screen_knows(entry, rule->reader, raw))
        return (enum screen_verdict)entry->verdict;
    verdict = screen_learn(rule->screen, rule->reader, raw, value);
    if (verdict == SCREEN_IDLE && rule->keeps_heads && slice_equal(value, raw) &&
        has_plain_head(rule, raw))
        screen_learn_head(rule->screen, rule->reader, raw);
    return verdict;
}

/* Apply one mapping line step by step. Returns: false where the column holds what it cannot. */
static bool apply(const struct mapping *m, const struct plan_rule *rule, struct record *record,
                  const struct slice raw)
{
    struct slice value = raw;
    int code = -1;

    for (size_t i = 0; i < rule->step_count && value.len > 0; i++)
        if (!convert(&rule->steps[i], &value, m->scratch, &code))
            return false;
    if (value.len > 0 && rule->type == TYPE_TEXT && value.ptr != raw.ptr)
        recode(m, &value);
    if (rule->screen != NULL && verdict_on(rule, raw, value) == SCREEN_IDLE) {
        map_way_leave_out(rule, record, &record->has);
        return true;
    }
    if (value.len > 0 && !put(m, rule, record, value, code))
        return false;
    if (value.len > 0)
        record->has |= rule->bit;
    if (rule->memo != NULL)
        remember(rule, raw, value, record);
    if (rule->leader != NULL && value.len > 0)
        tell_leader(rule, raw, record);
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

static inline bool holds(const struct plan_condition *c, struct slice value)
{
    const struct glob_text text = glob_text_of(value);
    bool sure;
    size_t i;

    if (c->negated)
        return !glob_set_has(&c->globs, value);
    if (glob_may_match(&c->globs.globs[*c->last], &text, &sure) && sure)
        return true;
    i = glob_set_find(&c->globs, value);
    if (i == c->globs.count)
        return false;
    *c->last = i;
    return true;
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

/* Do columns stand in the line one behind the other, a blank apart, as date and time mostly do? */
static bool are_neighbours(const struct rule *rule, const struct slice *slots)
{
    const struct slice *before = &slots[rule->slot];

    for (size_t i = 0; i < rule->more_count; i++) {
        const struct slice *part = &slots[rule->more[i]];

        if (part->ptr != before->ptr + before->len + 1 || part->ptr[-1] != ' ')
            return false;
        before = part;
    }
    return true;
}

/* A copy of ${part} at ${to}, where WIDE_SLACK bytes more may be written. Returns: what is behind.
 */
static char *append_part(char *to, struct slice part)
{
    if (part.len <= 16)
        memcpy(to, part.ptr, 16);
    else
        memcpy(to, part.ptr, part.len);
    return to + part.len;
}

/* What the columns of ${rule} hold, with blanks between them; nothing where one is empty. It stands
 * in the line, in ${near} of NEAR_BYTES (NULL: it has to last), or in ${scratch}. */
static struct slice value_of(const struct rule *rule, const struct slice *slots, char *near,
                             struct arena *scratch)
{
    struct slice first = slots[rule->slot], last = slots[rule->more[rule->more_count - 1]];
    size_t room = first.len;
    char *text, *to;

    if (first.len == 0)
        return first;
    for (size_t i = 0; i < rule->more_count; i++) {
        if (slots[rule->more[i]].len == 0)
            return slice_of(first.ptr, 0);
        room += 1 + slots[rule->more[i]].len;
    }
    if (are_neighbours(rule, slots))
        return slice_of(first.ptr, (size_t)(last.ptr - first.ptr) + last.len);
    text = near != NULL && room + WIDE_SLACK <= NEAR_BYTES
               ? near
               : ARENA_NEW(scratch, char, room + WIDE_SLACK);
    if (text == NULL)
        return slice_of(first.ptr, 0);
    to = append_part(text, first);
    for (size_t i = 0; i < rule->more_count; i++) {
        *to++ = ' ';
        to = append_part(to, slots[rule->more[i]]);
    }
    memset(to, 0, WIDE_SLACK);
    return slice_of(text, room);
}

/* A time that no step changes, of the day of the one before. */
static bool recall_stamp(const struct plan_rule *rule, struct slice value,
                         struct stamp_clock *clock, struct record *record)
{
    void *into = (char *)record + rule->offset;

    if (rule->step_count > 0 || !stamp_recall(rule->stamp, value, clock, into))
        return false;
    record->has |= rule->bit;
    return true;
}

/* A mapping line whose short way its columns do not go, or of which they are to be put together
 * first. Mostly none or one of a record comes here: it is kept out of the way of the others.
 * Returns: false where a column holds what it cannot. */
static __attribute__((noinline)) bool apply_odd(const struct mapping *m,
                                                const struct plan_rule *rule,
                                                const struct slice *slots, struct record *record)
{
    struct slice value = slots[rule->slot];
    char near[NEAR_BYTES];

    if (rule->spread) {
        value = value_of(rule->rule, slots, rule->type == TYPE_TEXT ? NULL : near, m->scratch);
        if (value.len == 0 ||
            (rule->memo != NULL && map_way_recall(rule, value, record, &record->has)))
            return true;
    }
    if (rule->stamp != NULL && recall_stamp(rule, value, m->clock, record))
        return true;
    return apply(m, rule, record, value);
}

/* All of ${rules}; false, and by which, where a column holds what it cannot. */
static bool apply_rules(const struct plan_rule *rules, size_t count, const struct slice *slots,
                        const struct mapping *m, struct record *record, struct refusal *refusal)
{
    uint32_t has = record->has;

    for (const struct plan_rule *rule = rules; rule < rules + count; rule++) {
        struct slice value = slots[rule->slot];
        bool ok;

        if (value.len == 0 || (has & rule->once) != 0 ||
            map_way_take(rule, value, slots, record, &has))
            continue;
        record->has = has;
        ok = apply_odd(m, rule, slots, record);
        has = record->has;
        if (ok)
            continue;
        *refusal = (struct refusal){reason_of(rule->rule->field), rule->rule, NULL};
        return false;
    }
    record->has = has;
    return true;
}

enum verdict map_record(const struct format *f, const struct shape *shape,
                        const struct slice *slots, const struct mapping *m, struct record *record,
                        struct refusal *refusal)
{
    const struct plan *plan = m->plan;
    const struct plan_list *list = &plan->lists[shape->number];
    const struct plan_condition *conditions_end = plan->conditions + plan->condition_count;

    for (const struct plan_condition *c = plan->conditions; c < conditions_end; c++) {
        if (holds(c, slots[c->slot]))
            continue;
        *refusal = (struct refusal){REJECT_VALUE, NULL, c->condition};
        return c->rejects ? VERDICT_REJECT : VERDICT_SKIP;
    }
    record->kind = f->kind;
    record->has = FIELD_BIT(FIELD_KIND);
    if (shape->has_constant)
        set_constant(record, &shape->constant);
    if (!apply_rules(list->rules, list->count, slots, m, record, refusal))
        return VERDICT_REJECT;
    if (record->kind != RECORD_IDENTITY && !record_has(record, FIELD_HOST) &&
        !apply_rules(plan->places, plan->place_count, slots, m, record, refusal))
        return VERDICT_REJECT;
    set_end(record);
    if (record_is_challenge(record)) /* a password prompt is no verdict */
        record->has &= ~FIELD_BIT(FIELD_ACTION);
    if (shape->role != SHAPE_RECORD ||
        map_names_place(record)) /* others find their host by a join */
        return VERDICT_RECORD;
    return VERDICT_SKIP;
}
