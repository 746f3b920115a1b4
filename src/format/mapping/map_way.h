/* map_way.h: the short ways of plan.h, one function each: what most columns hold takes them, past
 * the steps of its mapping line. In a header, so that the loop over the rules holds them all: calls
 * would cost as much as they do. */
#ifndef FORMAT_MAP_WAY_H
#define FORMAT_MAP_WAY_H

#include "base/word.h"
#include "format/decoder/scan.h"
#include "format/mapping/ipv4.h"
#include "format/mapping/plan.h"
#include "net/mac.h"
#include "net/url.h"

/* Where what is known of a value stands, or would. A value longer than PLAN_MEMO_BYTES is found
 * nowhere, for none is kept. */
static inline struct plan_memo_entry *map_way_entry(struct plan_memo *memo,
                                                    const struct glob_text *text)
{
    uint64_t hash =
        (text->head ^ (text->tail << 1 | text->tail >> 63)) * UINT64_C(0x9e3779b97f4a7c15);

    return &memo->entries[hash >> (64 - PLAN_MEMO_BITS)];
}

/* Where the rule's field stands. */
static inline void *way_field(const struct plan_rule *rule, struct record *r)
{
    return (char *)r + rule->offset;
}

/* The field is ${part} of the column. ${has}, here and below, is what stands for the record's own
 * member while its rules are applied: that stays in a register. */
static inline void way_put(const struct plan_rule *rule, struct slice part, struct record *r,
                           uint32_t *has)
{
    *(struct slice *)way_field(rule, r) = part;
    *has |= rule->bit;
}

static inline bool way_digits(const struct plan_rule *rule, struct slice value, struct record *r,
                              uint32_t *has)
{
    uint32_t number;

    if (value.len > 8 || !word_short_digits(word_load(value.ptr), value.len, &number))
        return false;
    *(int64_t *)way_field(rule, r) = number * rule->unit;
    *has |= rule->bit;
    return true;
}

static inline bool way_epoch(const struct plan_rule *rule, struct slice value, struct record *r,
                             uint32_t *has)
{
    if (!stamp_common_epoch(value, way_field(rule, r)))
        return false;
    *has |= rule->bit;
    return true;
}

/* Text that no step changes. */
static inline bool way_text(const struct plan_rule *rule, struct slice value, struct record *r,
                            uint32_t *has)
{
    if (!glob_set_has(rule->nones, value))
        way_put(rule, value, r, has);
    return true;
}

/* Text without the signs that its steps undo. */
static inline bool way_text_without_signs(const struct plan_rule *rule, struct slice value,
                                          struct record *r, uint32_t *has)
{
    const char *end = value.ptr + value.len;

    return scan_lacks(value.ptr, end, rule->signs[0], rule->signs[1]) &&
           way_text(rule, value, r, has);
}

static inline bool way_address(const struct plan_rule *rule, struct slice value, struct record *r,
                               uint32_t *has)
{
    if (!ipv4_is(value))
        return false;
    return way_text(rule, value, r, has);
}

/* The first column stands there only to be filled. */
static inline bool way_address_beside(const struct plan_rule *rule, struct slice value,
                                      const struct slice *slots, struct record *r, uint32_t *has)
{
    const struct slice first = slots[rule->beside];

    if (first.len == 0)
        return true;
    if (scan_has(first, ' ') || !ipv4_is(value))
        return false;
    way_put(rule, value, r, has);
    return true;
}

/* Nothing, where the first step lets it not through. */
static inline bool way_only(const struct plan_rule *rule, struct slice value)
{
    return !glob_set_has(rule->onlies, value);
}

/* Nothing, where one of its columns is empty. */
static inline bool way_spread(const struct plan_rule *rule, const struct slice *slots)
{
    for (size_t i = 0; i < rule->rule->more_count; i++)
        if (slots[rule->rule->more[i]].len == 0)
            return true;
    return false;
}

static inline bool way_mac(const struct plan_rule *rule, struct slice value, struct record *r,
                           uint32_t *has)
{
    return mac_is_normal(value) && way_text(rule, value, r, has);
}

/* An IPv4 address behind a byte. */
static inline bool way_address_after(const struct plan_rule *rule, struct slice value,
                                     struct record *r, uint32_t *has)
{
    const char *end = value.ptr + value.len, *from = scan_slack(value.ptr, end, rule->after);
    struct slice behind = slice_of(from, (size_t)(end - from));

    if (behind.len == 0 || !ipv4_is(slice_from(behind, 1)))
        return false;
    if (!glob_set_has(rule->nones, value))
        way_put(rule, slice_from(behind, 1), r, has);
    return true;
}

/* A host that has a dot or a scheme before it: others are looked at with more care. */
static inline bool way_url_host(const struct plan_rule *rule, struct slice value, struct record *r,
                                uint32_t *has)
{
    struct slice host = url_plain_authority(value);

    if (host.len == 0 || (host.ptr == value.ptr && !scan_has(host, '.')))
        return false;
    if (!glob_set_has(rule->nones, value))
        way_put(rule, host, r, has);
    return true;
}

/* No URL, as most targets of proxies. */
static inline bool way_whole_url(const struct plan_rule *rule, struct slice value, struct record *r,
                                 uint32_t *has)
{
    const char *end = value.ptr + value.len, *colon = scan_slack(value.ptr, end, ':');

    (void)rule;
    (void)r;
    (void)has;
    return colon == end || colon[1] != '/';
}

/* What the same value gave before. */
static inline __attribute__((always_inline)) bool
map_way_recall(const struct plan_rule *rule, struct slice value, struct record *r, uint32_t *has)
{
    const struct glob_text text = glob_text_of(value);
    const struct plan_memo_entry *entry = map_way_entry(rule->memo, &text);

    if (entry->head != text.head || entry->tail != text.tail || entry->len != value.len)
        return false;
    rule->memo->hits++;
    if (entry->has_twin && (*has & FIELD_BIT(FIELD_ACTION)) == 0) {
        r->action = entry->twin;
        *has |= FIELD_BIT(FIELD_ACTION);
    }
    if (!entry->has)
        return true;
    *has |= rule->bit;
    switch (rule->type) {
    case TYPE_TEXT: way_put(rule, slice_of(value.ptr + entry->from, entry->size), r, has); break;
    case TYPE_ACTION: r->action = (enum record_action)entry->number; break;
    case TYPE_KIND: r->kind = (enum record_kind)entry->number; break;
    case TYPE_TIME:
    case TYPE_NUMBER:
    case TYPE_DURATION: *(uint64_t *)way_field(rule, r) = entry->number; break;
    }
    return true;
}

/* A text that does not matter: an empty one where others might be put in its place. */
static inline void map_way_leave_out(const struct plan_rule *rule, struct record *r, uint32_t *has)
{
    if (rule->holds_place)
        way_put(rule, slice_of("", 0), r, has);
}

static inline bool way_screen(const struct plan_rule *rule, struct slice value, struct record *r,
                              uint32_t *has)
{
    const struct screen_entry *entry;

    if (screen_knows_head(rule->screen, rule->reader, value)) {
        map_way_leave_out(rule, r, has);
        return true;
    }
    entry = screen_entry_of(rule->screen, value);
    if (entry->verdict == SCREEN_MATTERS || !screen_knows(entry, rule->reader, value))
        return false;
    if (entry->verdict == SCREEN_IDLE)
        map_way_leave_out(rule, r, has);
    return true;
}

/*
 * map_way_take(rule, value, slots, record, has):
 * Put what the rule makes of ${value}, its column of ${slots}, into the record, and its bit into
 * ${has}. ${value} is not empty and has WIDE_SLACK readable bytes from its beginning on. Returns:
 * false where it must go step by step.
 */
static inline bool map_way_take(const struct plan_rule *rule, struct slice value,
                                const struct slice *slots, struct record *r, uint32_t *has)
{
    switch (rule->way) {
    case WAY_STEPS: return false;
    case WAY_DIGITS: return way_digits(rule, value, r, has);
    case WAY_EPOCH: return way_epoch(rule, value, r, has);
    case WAY_TEXT: return way_text(rule, value, r, has);
    case WAY_TEXT_WITHOUT_SIGNS: return way_text_without_signs(rule, value, r, has);
    case WAY_ADDRESS: return way_address(rule, value, r, has);
    case WAY_ADDRESS_AFTER: return way_address_after(rule, value, r, has);
    case WAY_ADDRESS_BESIDE: return way_address_beside(rule, value, slots, r, has);
    case WAY_ONLY: return way_only(rule, value);
    case WAY_SPREAD: return way_spread(rule, slots);
    case WAY_MAC: return way_mac(rule, value, r, has);
    case WAY_URL_HOST: return way_url_host(rule, value, r, has);
    case WAY_WHOLE_URL: return way_whole_url(rule, value, r, has);
    case WAY_MEMO: return map_way_recall(rule, value, r, has);
    case WAY_SCREEN: return way_screen(rule, value, r, has);
    }
    return false;
}

#endif
