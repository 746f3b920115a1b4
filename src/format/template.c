/* template.c: holds a line against a template, with a look at the next byte before anything is
 * tried. */
#include "format/template.h"

#include "base/word.h"
#include "format/scan.h"

#include <string.h>

enum {
    TRIES_LIMIT = 256,
    BYTES_PER_TRY = 16384 /* looking at so many costs as much as a try */
};

/* What a hole took. */
struct taken {
    int slot;
    struct slice text;
};

/* One line being held against one template. */
struct matching {
    const struct template_item *items;
    const char *end;
    unsigned tries; /* ends of holes and optional parts tried; bounded, so that hostile lines cost
                       little */
    size_t count;
    struct taken taken[TEMPLATE_ITEMS];
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* May a hole of that class hold the byte, somewhere? */
static bool class_has(enum hole_class class, char c)
{
    switch (class) {
    case HOLE_WORD: return !is_blank(c);
    case HOLE_NUMBER: return is_digit(c);
    case HOLE_NAME: return is_digit(c) || is_letter(c) || c == '-' || c == '_';
    case HOLE_ADDRESS: return !is_blank(c) && c != '#' && c != '/'; /* in a zone's name */
    case HOLE_TIME: return c != '[' && c != '(' && c != '<';
    case HOLE_COUNT: return is_digit(c) || c == '-';
    case HOLE_QUOTED:
    case HOLE_TEXT: break;
    }
    return true;
}

/* May it begin with the byte? */
static bool class_begins_with(enum hole_class class, char c)
{
    if (class == HOLE_ADDRESS)
        return is_hex(c) || c == '.' || c == ':' || c == '%';
    return class == HOLE_TIME ? is_digit(c) : class_has(class, c);
}

/* --- what stands where, worked out once --- */

static void add_byte(struct byte_set *set, unsigned char byte)
{
    set->bytes[byte / 64] |= UINT64_C(1) << byte % 64;
}

static bool has_byte(const struct byte_set *set, char c)
{
    unsigned char byte = (unsigned char)c;

    return (set->bytes[byte / 64] >> byte % 64 & 1) != 0;
}

static void add_set(struct byte_set *set, const struct byte_set *more)
{
    for (size_t i = 0; i < sizeof set->bytes / sizeof *set->bytes; i++)
        set->bytes[i] |= more->bytes[i];
    set->end |= more->end;
}

/* May the hole hold nothing? */
static bool may_be_empty(const struct template_item *hole)
{
    return hole->class == HOLE_TEXT || hole->class == HOLE_QUOTED ||
           (hole->slot < 0 && hole->class != HOLE_NUMBER && hole->class != HOLE_COUNT);
}

static void find_first(struct template_item *items, size_t at)
{
    struct template_item *item = &items[at];

    item->first = (struct byte_set){.end = item->kind == ITEM_END};
    switch (item->kind) {
    case ITEM_LITERAL: add_byte(&item->first, (unsigned char)item->literal.ptr[0]); break;
    case ITEM_BLANK:
        add_byte(&item->first, ' ');
        add_byte(&item->first, '\t');
        break;
    case ITEM_HOLE:
        for (unsigned byte = 0; byte <= UINT8_MAX; byte++)
            if (class_begins_with(item->class, (char)byte))
                add_byte(&item->first, (unsigned char)byte);
        if (may_be_empty(item))
            add_set(&item->first, &items[at + 1].first);
        break;
    case ITEM_OPTIONAL:
        add_set(&item->first, &items[at + 1].first);
        add_set(&item->first, &items[item->next].first);
        break;
    case ITEM_END: break;
    }
}

static bool find_halts(struct template_item *hole, const struct byte_set *follow,
                       struct arena *arena)
{
    bool *halts = ARENA_NEW(arena, bool, UINT8_MAX + 1);
    size_t count = 0;

    if (halts == NULL)
        return false;
    hole->sure = true;
    for (unsigned byte = 0; byte <= UINT8_MAX; byte++) {
        bool follows = has_byte(follow, (char)byte), fits = class_has(hole->class, (char)byte);

        hole->sure &= !(follows && fits);
        halts[byte] = follows || !fits;
        if (halts[byte] && count++ < sizeof hole->halt)
            hole->halt[count - 1] = (char)byte;
    }
    if (count == 0 || count > sizeof hole->halt)
        hole->halts = halts;
    for (; count < sizeof hole->halt; count++)
        hole->halt[count] = hole->halt[0];
    return true;
}

/* Nothing but perhaps a literal stands behind it. */
static bool is_last(const struct template_item *hole)
{
    const struct template_item *next = hole + 1;

    return !hole->own &&
           (next->kind == ITEM_END || (next->kind == ITEM_LITERAL && next[1].kind == ITEM_END));
}

static void find_head(struct template_item *item)
{
    char bytes[sizeof item->head] = {0};
    size_t len = item->literal.len < sizeof bytes ? item->literal.len : sizeof bytes;

    memcpy(bytes, item->literal.ptr, len);
    item->head = word_load(bytes);
    item->mask = word_mask(len);
}

bool template_prepare(struct template_item *items, size_t count, struct arena *arena)
{
    for (size_t at = count; at-- > 0;) {
        struct template_item *item = &items[at];

        find_first(items, at);
        if (item->kind == ITEM_HOLE && !find_halts(item, &items[at + 1].first, arena))
            return false;
        item->own =
            item->class == HOLE_NUMBER || item->class == HOLE_COUNT || item->class == HOLE_QUOTED;
        if (item->kind == ITEM_LITERAL)
            find_head(item);
        item->last = item->kind == ITEM_HOLE && is_last(item);
    }
    return true;
}

int template_last_byte(const struct template_item *items)
{
    size_t end = 0;

    while (items[end].kind != ITEM_END)
        end++;
    for (size_t i = 0; i < end; i++)
        if (items[i].kind == ITEM_OPTIONAL && items[i].next == end)
            return -1; /* the last item may be missing */
    if (end == 0 || items[end - 1].kind != ITEM_LITERAL)
        return -1;
    return (unsigned char)items[end - 1].literal.ptr[items[end - 1].literal.len - 1];
}

struct template_lead template_lead(const struct template_item *items)
{
    struct template_lead lead = {0, 0, 0, items->kind == ITEM_OPTIONAL && items->next == 3};
    const struct template_item *word = items + lead.may_be_first;

    if (word[0].kind == ITEM_HOLE && word[0].class == HOLE_WORD && word[0].slot < 0 &&
        word[1].kind == ITEM_BLANK && word[2].kind == ITEM_LITERAL) {
        lead.head = word[2].head;
        lead.mask = word[2].mask;
        lead.behind = (size_t)(word + 3 - items);
    }
    return lead;
}

struct slice template_needle(const struct template_item *items)
{
    struct slice longest = slice_of("", 0);

    for (size_t at = 0; items[at].kind != ITEM_END;) {
        const struct template_item *item = &items[at];

        if (item->kind == ITEM_LITERAL && item->literal.len >= longest.len)
            longest = item->literal;
        at = item->kind == ITEM_OPTIONAL ? item->next : at + 1;
    }
    return longest;
}

/* --- a line --- */

/* The bytes [from, to) were looked at. */
static void charge(struct matching *m, const char *from, const char *to)
{
    m->tries += (unsigned)((size_t)(to - from) / BYTES_PER_TRY);
}

/* Date and clock: a digit first, one blank at most. */
static bool fits_time(const char *p, const char *end)
{
    int blanks = 0;

    if (p < end && !is_digit(*p))
        return false;
    for (; p < end; p++)
        blanks += is_blank(*p);
    return blanks <= 1;
}

/* With what stands behind the % of fe80::1%eth0. */
static bool fits_address(const char *p, const char *end)
{
    while (p < end && (is_hex(*p) || *p == '.' || *p == ':'))
        p++;
    if (p < end && *p != '%')
        return false;
    while (p < end && class_has(HOLE_ADDRESS, *p))
        p++;
    return p == end;
}

/* May the hole be [p, end), of which it can hold each byte somewhere? */
static bool fits_class(enum hole_class class, const char *p, const char *end)
{
    return class == HOLE_TIME ? fits_time(p, end) : class != HOLE_ADDRESS || fits_address(p, end);
}

static bool may_begin(const struct template_item *item, const struct matching *m, const char *p)
{
    return p == m->end ? item->first.end : has_byte(&item->first, *p);
}

static inline bool is_literal_at(const struct template_item *item, const char *p, const char *end)
{
    const struct slice text = item->literal;

    return text.len <= (size_t)(end - p) && ((word_load(p) ^ item->head) & item->mask) == 0 &&
           (text.len <= sizeof item->head ||
            memcmp(p + sizeof item->head, text.ptr + sizeof item->head,
                   text.len - sizeof item->head) == 0);
}

static bool has_literal(const struct matching *m, const struct template_item *item, const char *p)
{
    return is_literal_at(item, p, m->end);
}

/* A look at what would have to follow. */
static bool may_follow(const struct matching *m, const struct template_item *next, const char *p)
{
    return next->kind != ITEM_LITERAL ||
           (has_literal(m, next, p) && may_begin(next + 1, m, p + next->literal.len));
}

/* The first place from ${p} on where the hole may end or must, or the line's end. */
static const char *find_halt(const struct matching *m, const struct template_item *hole,
                             const char *p)
{
    if (hole->halts == NULL)
        return scan_three(p, m->end, hole->halt);
    while (p < m->end && !hole->halts[(unsigned char)*p])
        p++;
    return p;
}

static void take(struct matching *m, const struct template_item *hole, const char *p,
                 const char *stop)
{
    if (hole->slot >= 0)
        m->taken[m->count++] = (struct taken){hole->slot, slice_of(p, (size_t)(stop - p))};
}

/* A hole whose end is sure takes what it can; NULL where that does not fit. */
static const char *take_sure(struct matching *m, const struct template_item *hole, const char *p)
{
    const char *stop = find_halt(m, hole, p);

    charge(m, p, stop);
    if (!may_begin(hole + 1, m, stop) || (stop == p && !may_be_empty(hole)) ||
        !fits_class(hole->class, p, stop))
        return NULL;
    take(m, hole, p, stop);
    return stop;
}

/* Can a hole of that class be [p, end)? */
static bool holds_all(enum hole_class class, const char *p, const char *end)
{
    if (class == HOLE_TEXT)
        return true;
    if (class == HOLE_WORD)
        return scan_either(p, end, ' ', '\t') == end;
    for (const char *q = p; q < end; q++)
        if (!class_has(class, *q))
            return false;
    return fits_class(class, p, end);
}

/* The last hole, before the end of the line or a literal there: no end but one will do, and nothing
 * is left behind it. */
static bool take_last(struct matching *m, const struct template_item *hole, const char *p)
{
    const struct template_item *next = hole + 1;
    size_t behind = next->kind == ITEM_LITERAL ? next->literal.len : 0;
    const char *stop = m->end - behind;

    if ((size_t)(m->end - p) < behind || (behind > 0 && !has_literal(m, next, stop)) ||
        (stop == p && !may_be_empty(hole)) || !holds_all(hole->class, p, stop))
        return false;
    charge(m, p, stop);
    take(m, hole, p, stop);
    return true;
}

static const char *end_of_digits(const char *p, const char *end)
{
    while (p < end && is_digit(*p))
        p++;
    return p;
}

/* The first quote without a backslash before it. */
static const char *end_of_quoted(const char *p, const char *end)
{
    static const char halts[3] = {'"', '\\', '"'};

    for (;;) {
        p = scan_three(p, end, halts);
        if (end - p < 2 || *p == '"')
            return p < end && *p == '"' ? p : end;
        p += 2;
    }
}

/* A hole whose class says where it ends: a number takes all digits there are. */
static const char *take_own(struct matching *m, const struct template_item *hole, const char *p)
{
    const char *stop = hole->class == HOLE_QUOTED ? end_of_quoted(p, m->end)
                       : hole->class == HOLE_COUNT && p < m->end && *p == '-'
                           ? end_of_digits(p + 1, m->end)
                           : end_of_digits(p, m->end);

    charge(m, p, stop);
    if (stop == p && !may_be_empty(hole))
        return NULL;
    take(m, hole, p, stop);
    return stop;
}

static bool match_items(struct matching *m, size_t at, const char *p);

/* Another hole takes bytes from ${p}; its ends are tried from the nearest on. */
static bool match_hole(struct matching *m, size_t at, const char *p)
{
    const struct template_item *hole = &m->items[at], *next = hole + 1;
    const char *stop = p, *from = p;
    size_t count = m->count;

    for (;; stop++) {
        stop = find_halt(m, hole, stop);
        charge(m, from, stop);
        from = stop;
        if (!may_begin(next, m, stop) || !fits_class(hole->class, p, stop))
            return false;
        if ((stop > p || may_be_empty(hole)) && may_follow(m, next, stop)) {
            take(m, hole, p, stop);
            if (match_items(m, at + 1, stop))
                return true;
            m->count = count;
        }
        if (stop == m->end || !class_has(hole->class, *stop) || ++m->tries > TRIES_LIMIT)
            return false;
    }
}

static const char *skip_blanks(struct matching *m, const char *p)
{
    const char *stop = p;

    while (stop < m->end && is_blank(*stop))
        stop++;
    charge(m, p, stop);
    return stop;
}

/* The part is there: with all that follows. */
static bool match_optional(struct matching *m, size_t at, const char *p)
{
    size_t count = m->count;

    if (match_items(m, at + 1, p))
        return true;
    m->count = count;
    m->tries++;
    return false;
}

/* Recursion ends with the template, not with the line. */
static bool match_items(struct matching *m, size_t at, const char *p)
{
    for (;; at++) {
        const struct template_item *item = &m->items[at];

        switch (item->kind) {
        case ITEM_LITERAL:
            if (!has_literal(m, item, p))
                return false;
            p += item->literal.len;
            break;
        case ITEM_BLANK:
            if (p == m->end || !is_blank(*p))
                return false;
            p++; /* mostly there is one */
            if (p < m->end && is_blank(*p))
                p = skip_blanks(m, p);
            break;
        case ITEM_HOLE:
            if (item->last)
                return take_last(m, item, p);
            if (!item->own && !item->sure)
                return match_hole(m, at, p);
            p = item->own ? take_own(m, item, p) : take_sure(m, item, p);
            if (p == NULL)
                return false;
            break;
        case ITEM_OPTIONAL:
            if (may_begin(&m->items[at + 1], m, p) && match_optional(m, at, p))
                return true;
            if (m->tries > TRIES_LIMIT)
                return false;
            at = item->next - 1; /* without it */
            break;
        case ITEM_END: return p == m->end;
        }
    }
}

/* From item number ${at} on, the line from ${p}. */
static bool match_from(const struct template_item *items, size_t at, const char *p,
                       struct slice line, struct slice *slots)
{
    struct matching m;

    m.items = items;
    m.end = line.ptr + line.len;
    m.tries = 0;
    m.count = 0;
    if (!match_items(&m, at, p))
        return false;
    while (m.count-- > 0) /* of two holes of one name the first counts */
        slots[m.taken[m.count].slot] = m.taken[m.count].text;
    return true;
}

bool template_match(const struct template_item *items, struct slice line, struct slice *slots)
{
    return match_from(items, 0, line.ptr, line, slots);
}

/* Does the literal stand at ${p}, and all that follows behind it? */
static bool match_behind(const struct template_item *items, const struct template_lead *lead,
                         struct slice line, const char *p, struct slice *slots)
{
    const struct template_item *literal = &items[lead->behind - 1];

    return ((word_load(p) ^ lead->head) & lead->mask) == 0 &&
           is_literal_at(literal, p, line.ptr + line.len) &&
           match_from(items, lead->behind, p + literal->literal.len, line, slots);
}

bool template_match_lead(const struct template_item *items, const struct template_lead *lead,
                         struct slice line, const char *second, struct slice *slots)
{
    if (match_behind(items, lead, line, second, slots))
        return true;
    return lead->may_be_first && match_behind(items, lead, line, line.ptr, slots);
}
