/* map_way.c: the short ways of plan.h, one function each: what most columns hold takes them. */
#include "format/map_way.h"

#include "base/word.h"
#include "format/ipv4.h"
#include "format/plan.h"
#include "format/scan.h"
#include "net/mac.h"
#include "net/url.h"

/* Where the rule's field stands. */
static inline void *field_of(const struct plan_rule *rule, struct record *r)
{
    return (char *)r + rule->offset;
}

/* The field is ${part} of the column. */
static inline void put_text(const struct plan_rule *rule, struct slice part, struct record *r)
{
    *(struct slice *)field_of(rule, r) = part;
    r->has |= rule->bit;
}

static bool digits(const struct plan_rule *rule, struct slice value, struct record *r)
{
    uint32_t number;

    if (value.len > 8 || !word_short_digits(word_load(value.ptr), value.len, &number))
        return false;
    *(int64_t *)field_of(rule, r) = number * rule->unit;
    r->has |= rule->bit;
    return true;
}

static bool epoch(const struct plan_rule *rule, struct slice value, struct record *r)
{
    if (!stamp_common_epoch(value, field_of(rule, r)))
        return false;
    r->has |= rule->bit;
    return true;
}

/* Text that no step changes. */
static bool text(const struct plan_rule *rule, struct slice value, struct record *r)
{
    if (!glob_set_has(&rule->nones, value))
        put_text(rule, value, r);
    return true;
}

/* Text without the signs that its steps undo. */
static bool text_without_signs(const struct plan_rule *rule, struct slice value, struct record *r)
{
    const char *end = value.ptr + value.len;

    return scan_lacks(value.ptr, end, rule->signs[0], rule->signs[1]) && text(rule, value, r);
}

static bool address(const struct plan_rule *rule, struct slice value, struct record *r)
{
    if (!ipv4_is(value))
        return false;
    return text(rule, value, r);
}

static bool mac(const struct plan_rule *rule, struct slice value, struct record *r)
{
    return mac_is_normal(value) && text(rule, value, r);
}

/* An IPv4 address behind a byte. */
static bool address_after(const struct plan_rule *rule, struct slice value, struct record *r)
{
    const char *end = value.ptr + value.len, *from = scan_slack(value.ptr, end, rule->after);
    struct slice behind = slice_of(from, (size_t)(end - from));

    if (behind.len == 0 || !ipv4_is(slice_from(behind, 1)))
        return false;
    if (!glob_set_has(&rule->nones, value))
        put_text(rule, slice_from(behind, 1), r);
    return true;
}

/* A host that has a dot or a scheme before it: others are looked at with more care. */
static bool url_host(const struct plan_rule *rule, struct slice value, struct record *r)
{
    struct slice host = url_plain_authority(value);

    if (host.len == 0 || (host.ptr == value.ptr && !scan_has(host, '.')))
        return false;
    if (!glob_set_has(&rule->nones, value))
        put_text(rule, host, r);
    return true;
}

/* No URL, as most targets of proxies. */
static bool whole_url(const struct plan_rule *rule, struct slice value, struct record *r)
{
    const char *end = value.ptr + value.len, *colon = scan_slack(value.ptr, end, ':');

    (void)rule;
    (void)r;
    return colon == end || colon[1] != '/';
}

/* What the same value gave before. */
static bool recall(const struct plan_rule *rule, struct slice value, struct record *r)
{
    const struct glob_text text = glob_text_of(value);
    const struct plan_memo_entry *entry = map_way_entry(rule, &text);

    if (entry->head != text.head || entry->tail != text.tail || entry->len != value.len)
        return false;
    rule->memo->hits++;
    if (!entry->has)
        return true;
    r->has |= rule->bit;
    switch (rule->type) {
    case TYPE_TEXT: put_text(rule, slice_of(value.ptr + entry->from, entry->size), r); break;
    case TYPE_ACTION: r->action = (enum record_action)entry->number; break;
    case TYPE_KIND: r->kind = (enum record_kind)entry->number; break;
    case TYPE_TIME:
    case TYPE_NUMBER:
    case TYPE_DURATION: *(uint64_t *)field_of(rule, r) = entry->number; break;
    }
    return true;
}

map_way *map_way_of(enum plan_way way)
{
    static map_way *const ways[] = {[WAY_DIGITS] = digits,
                                    [WAY_EPOCH] = epoch,
                                    [WAY_TEXT] = text,
                                    [WAY_TEXT_WITHOUT_SIGNS] = text_without_signs,
                                    [WAY_ADDRESS] = address,
                                    [WAY_ADDRESS_AFTER] = address_after,
                                    [WAY_MAC] = mac,
                                    [WAY_URL_HOST] = url_host,
                                    [WAY_WHOLE_URL] = whole_url,
                                    [WAY_MEMO] = recall};

    return ways[way];
}
