/* trail_learn.c: makes a trail of a line that fits. */
#include "base/word.h"
#include "format/decoder/scan.h"
#include "format/decoder/trail.h"
#include "format/format.h"

#include <string.h>

enum { ALIKE_LIMIT = 2 * STEP_ALIKE_BYTES, DIGIT_BITS = 0x03ff };

/* A line being gone once more. */
struct learner {
    struct trail *trail;
    size_t count; /* of its steps */
    struct trail_line line;
    const struct trail_mark *mark; /* the next */
    const char *p;
    const char *text;     /* from here to `p` stands what the items say */
    const char *own;      /* so far without a choice */
    const char *seen;     /* what is known to be absent is known by the text before this */
    struct byte_set bars; /* what optional parts begin with that do not begin at `bars_at` */
    const char *bars_at;
    bool chose;    /* there was an optional part since the last hole */
    bool run;      /* several blanks stand there, or a tab: they are passed like a hole */
    bool blind;    /* digits tell nothing apart */
    bool has_hole; /* there was one that differs from line to line */
    enum trail_care care;
};

static bool has_byte(const struct byte_set *set, char c)
{
    unsigned char byte = (unsigned char)c;

    return (set->bytes[byte / 64] >> byte % 64 & 1) != 0;
}

/* --- do all digits do where one does? --- */

static bool takes_digits_alike(const struct byte_set *set)
{
    uint64_t digits = set->bytes[0] >> '0' & DIGIT_BITS;

    return digits == 0 || digits == DIGIT_BITS;
}

static bool has_digit(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= '0' && text.ptr[i] <= '9')
            return true;
    return false;
}

static bool is_blind(const struct template_item *item)
{
    return takes_digits_alike(&item->first) && !has_digit(item->literal) &&
           (item->halts == NULL || takes_digits_alike(&item->halts->follow)) &&
           (item->word == NULL || takes_digits_alike(item->word));
}

/* --- optional parts that are not there --- */

/* Behind the literal of ${item} and the blanks that follow it. Returns: false where they do not
 * stand at ${*p}, which then is behind what told. */
static bool pass_text(const struct template_item *item, const char **p, const char *end)
{
    const struct slice text = item->literal;
    const char *from;

    for (size_t i = 0; i < text.len; i++, ++*p)
        if (*p == end || **p != text.ptr[i]) {
            ++*p;
            return false;
        }
    from = *p;
    if (item->blank || item->kind == ITEM_BLANK)
        *p = scan_blanks(*p, end);
    if ((item->blank || item->kind == ITEM_BLANK) && *p == from) {
        ++*p;
        return false;
    }
    return true;
}

/* Behind a hole whose end needs no try. */
static bool pass_sure_hole(const struct template_item *hole, const char **p, const char *end)
{
    const char *stop =
        hole->match == MATCH_WORD ? scan_either(*p, end, ' ', '\t') : scan_digits(*p, end);

    if (hole->match == MATCH_WORD) {
        if (stop - *p < (ptrdiff_t)hole->literal.len + !hole->may_be_empty) {
            *p = stop + 1;
            return false;
        }
        *p = stop - hole->literal.len;
    } else {
        if (stop == *p) {
            *p = stop + 1;
            return false;
        }
        *p = stop;
    }
    if (pass_text(hole, p, end))
        return true;
    *p = *p > stop ? *p : stop + 1;
    return false;
}

/* Why an optional part does not stand at ${p}: what tells ends at the place returned. NULL: it may,
 * as far as that can be told without trying. */
static const char *disproof(struct learner *l, const struct template_item *part, const char *p)
{
    const char *end = l->line.end;

    for (const struct template_item *item = part + 1; item < part->then; item = item->then) {
        l->blind = l->blind && is_blind(item);
        if (p == end)
            return item->first.end ? NULL : p + 1;
        if (!has_byte(&item->first, *p))
            return p + 1;
        switch (item->match) {
        case MATCH_LITERAL:
        case MATCH_BLANK:
            if (!pass_text(item, &p, end))
                return p;
            break;
        case MATCH_WORD:
        case MATCH_DIGITS:
            if (item->class == HOLE_COUNT)
                return NULL;
            if (!pass_sure_hole(item, &p, end))
                return p;
            break;
        case MATCH_OPTIONAL:
        case MATCH_END:
        case MATCH_QUOTED:
        case MATCH_LINE:
        case MATCH_HALT:
        case MATCH_TRIED:
        case MATCH_TIME: return NULL;
        }
    }
    return NULL;
}

/* --- what stands between holes --- */

/* One blank is text; of more there may be any number in the next line. */
static void pass_blank(struct learner *l)
{
    l->run = *l->p != ' ' || (unsigned char)l->p[1] <= ' ';
    l->p += !l->run;
}

/* A literal, or that of a hole, or blanks alone. */
static void pass_literal(struct learner *l, const struct template_item *item)
{
    l->blind = l->blind && is_blind(item);
    l->p += item->literal.len;
    if (item->blank || item->kind == ITEM_BLANK)
        pass_blank(l);
}

static void end_own(struct learner *l)
{
    if (!l->chose)
        l->own = l->p;
    l->chose = true;
}

static bool is_marked(const struct learner *l, const struct template_item *item)
{
    return l->mark < l->line.marks_end && l->mark->item == item;
}

/* The next byte tells that an optional part does not begin. */
static void add_bar(struct learner *l, const struct byte_set *first)
{
    if (l->bars_at != l->p)
        l->bars = (struct byte_set){{0}, false};
    l->bars_at = l->p;
    for (size_t i = 0; i < sizeof l->bars.bytes / sizeof *l->bars.bytes; i++)
        l->bars.bytes[i] |= first->bytes[i];
}

/* An optional part that is there, or is known not to be. Returns: the item to go on with; NULL:
 * none. */
static const struct template_item *pass_optional(struct learner *l,
                                                 const struct template_item *part)
{
    const char *seen;

    end_own(l);
    l->blind = l->blind && is_blind(part) && takes_digits_alike(&part[1].first);
    if (is_marked(l, part)) {
        l->mark++;
        return part + 1;
    }
    if (l->p < l->line.end && !has_byte(&part[1].first, *l->p)) {
        add_bar(l, &part[1].first);
        return part->then;
    }
    seen = disproof(l, part, l->p);
    if (seen != NULL && seen > l->seen)
        l->seen = seen;
    return seen == NULL ? NULL : part->then;
}

/* What stands there up to the next hole or the end, or up to a run of blanks. Returns: that, or
 * what stands behind the run; NULL: it is not known. */
static const struct template_item *pass_known(struct learner *l, const struct template_item *item)
{
    while (!l->run && item != NULL && item->kind != ITEM_HOLE && item->kind != ITEM_END) {
        if (item->kind == ITEM_OPTIONAL) {
            item = pass_optional(l, item);
            continue;
        }
        pass_literal(l, item);
        item = item->then;
    }
    if (item != NULL && !l->chose)
        l->own = l->p;
    return item;
}

/* --- steps --- */

static struct trail_step *add_step(struct learner *l, enum trail_kind kind)
{
    struct trail_step *step = &l->trail->steps[l->count];

    if (l->count == TRAIL_STEPS)
        return NULL;
    l->count++;
    memset(step, 0, sizeof *step);
    step->kind = (uint8_t)kind;
    step->slot = NO_SLOT;
    return step;
}

static uint32_t bits(size_t count)
{
    return (uint32_t)((UINT64_C(1) << count) - 1);
}

/* As much of the text as a step takes. Returns: how much. */
static size_t set_text(const struct learner *l, struct trail_step *step, const char *from,
                       size_t most)
{
    size_t left = (size_t)(l->p - from), len = left < most ? left : most;

    memcpy(most == STEP_ALIKE_BYTES ? step->alike : step->text, from, len);
    step->len = (uint8_t)len;
    step->full = bits(len);
    return len;
}

/* The text up to `p`, from ${from} on. */
static bool add_texts(struct learner *l, const char *from, enum trail_kind kind)
{
    while (from < l->p) {
        struct trail_step *step = add_step(l, kind);

        if (step == NULL)
            return false;
        from += set_text(l, step, from, kind == STEP_ALIKE ? STEP_ALIKE_BYTES : STEP_TEXT_BYTES);
    }
    return true;
}

static bool is_address_byte(unsigned byte)
{
    return (byte >= '0' && byte <= ':') || byte == '.' ||
           ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f');
}

/* Does a search for the end of the hole halt at ${byte}? ${last}: the hole is the last of the
 * line. */
static bool halts_at(const struct template_item *hole, bool last, unsigned byte)
{
    const unsigned char how = hole->halts->bytes[byte];

    if (hole->class == HOLE_QUOTED)
        return byte == '"' || byte == '\\';
    if (hole->match == MATCH_DIGITS)
        return byte < '0' || byte > '9';
    if (hole->class == HOLE_ADDRESS && !is_address_byte(byte))
        return true;
    if (hole->match == MATCH_WORD || (last && hole->match == MATCH_LINE))
        return (how & BYTE_HELD) == 0;
    return (how & BYTE_HALTS) != 0;
}

/* Bytes from 128 on are all alike, or the hole is none for a trail. */
static bool set_halts(struct trail_step *step, const struct template_item *hole, bool last)
{
    const bool high = halts_at(hole, last, 128);

    for (unsigned byte = 128; byte <= UINT8_MAX; byte++)
        if (halts_at(hole, last, byte) != high)
            return false;
    step->flip = high ? 0 : UINT32_MAX;
    for (unsigned byte = 0; byte < 128; byte++)
        if (halts_at(hole, last, byte) != high)
            step->low[byte & 15] = (char)(step->low[byte & 15] | 1 << (byte >> 4));
    step->halts = hole->halts;
    return true;
}

/* Whoever fills a slot of the envelope does not have it emptied. */
static bool set_slot(struct learner *l, struct trail_step *step, int slot)
{
    if (slot >= 0 && slot < ENVELOPE_SLOTS)
        return false;
    for (size_t i = 0; slot >= 0 && i < l->count; i++)
        if (&l->trail->steps[i] != step && l->trail->steps[i].slot == slot)
            return true; /* of two holes of one name the first counts */
    step->slot = (int8_t)slot;
    return true;
}

/* --- holes --- */

/* May the hole go on behind the first byte at which it could end, where what follows does not? */
static bool may_go_on(const struct template_item *hole)
{
    return hole->match == MATCH_TRIED &&
           (hole->class == HOLE_WORD || hole->class == HOLE_TEXT || hole->class == HOLE_NAME);
}

/* Does any text fit from ${item} on, and nobody wants it? */
static bool takes_any(const struct template_item *hole)
{
    const struct template_item *rest = hole;

    if (hole->class == HOLE_WORD && hole->literal.len == 0 && hole->then->kind == ITEM_OPTIONAL &&
        hole->then[1].kind == ITEM_BLANK && hole->then->then->kind == ITEM_END && !hole->blank &&
        hole->slot < 0)
        rest = hole->then + 2;
    return rest->kind == ITEM_HOLE && rest->class == HOLE_TEXT && rest->slot < 0 &&
           rest->literal.len == 0 && rest->then->kind == ITEM_END && !rest->blank;
}

static bool is_behind_blank(const struct learner *l)
{
    return l->p > l->line.p && l->p[-1] == ' ';
}

/* What the hole that stands there cannot begin with: optional parts that are not there, and one
 * more blank. Returns: false where that is not known. */
static bool add_bars(struct learner *l, const struct template_item *hole)
{
    static const struct byte_set blanks = {{1 << '\t' | UINT64_C(1) << ' ', 0, 0, 0}, false};
    struct trail_step *step;

    if (l->seen > l->p)
        return false;
    if (is_behind_blank(l) && has_byte(&hole->first, ' ') &&
        (l->bars_at == l->p || !takes_any(hole)))
        add_bar(l, &blanks);
    if (l->bars_at != l->p)
        return true;
    step = add_step(l, STEP_BAR);
    if (step == NULL || l->bars.bytes[2] != 0 || l->bars.bytes[3] != 0)
        return false;
    for (unsigned byte = 0; byte < 128; byte++)
        if (has_byte(&l->bars, (char)byte))
            step->low[byte & 15] = (char)(step->low[byte & 15] | 1 << (byte >> 4));
    return true;
}

/* Behind the hole and the text that follows it. Returns: as pass_known. */
static const struct template_item *pass_hole(struct learner *l, const struct template_item *hole)
{
    l->p = l->mark->text.ptr + l->mark->text.len;
    l->mark++;
    l->text = l->p;
    l->chose = false;
    pass_literal(l, hole);
    return pass_known(l, hole->then);
}

/* Does the hole, which ends at ${stop}, end with the line or before its last text, wherever that
 * may be? */
static bool is_last(const struct learner *l, const struct template_item *hole,
                    const struct template_item *next)
{
    return next->kind == ITEM_END && !l->run &&
           (l->p == l->text || hole->match == MATCH_LINE ||
            (hole->match == MATCH_WORD && !hole->blank && hole->then->kind == ITEM_END));
}

static bool set_last(struct learner *l, struct trail_step *step, const struct template_item *hole)
{
    step->kind = hole->class == HOLE_TEXT && hole->match == MATCH_LINE ? STEP_REST : STEP_LAST;
    return hole->class != HOLE_QUOTED && l->p - l->text <= STEP_TEXT_BYTES &&
           set_halts(step, hole, true);
}

/* Where a search halts also at what the hole neither holds nor ends with, the text tells that. */
static bool has_right_text(const struct learner *l, const struct template_item *hole)
{
    return (hole->class != HOLE_QUOTED && hole->class != HOLE_ADDRESS) || l->p > l->text || l->run;
}

/* A hole and what follows it. Returns: as pass_known; behind a last hole, the end. */
static const struct template_item *add_hole(struct learner *l, const struct template_item *hole)
{
    struct trail_step *step = add_bars(l, hole) ? add_step(l, STEP_HOLE) : NULL;
    const struct template_item *next;
    const char *from;

    if (step == NULL || hole->class == HOLE_TIME || !set_slot(l, step, hole->slot))
        return NULL;
    l->has_hole = true;
    step->least_len = !hole->may_be_empty || is_behind_blank(l);
    next = pass_hole(l, hole);
    if (next == NULL)
        return NULL;
    if (is_last(l, hole, next) ? !set_last(l, step, hole)
                               : !set_halts(step, hole, false) || !has_right_text(l, hole))
        return NULL;
    step->back = hole->match == MATCH_WORD ? (uint16_t)hole->literal.len : 0;
    from = l->text + set_text(l, step, l->text, STEP_TEXT_BYTES);
    if (may_go_on(hole))
        step->own = l->own - l->text < step->len ? bits((size_t)(l->own - l->text)) : step->full;
    return add_texts(l, from, STEP_TEXT) ? next : NULL;
}

/* --- text that is alike from line to line --- */

/* The first place from ${p} on where the hole may end or must. */
static const char *first_halt(const struct template_item *hole, const char *p, const char *end)
{
    while (p < end && (hole->halts->bytes[(unsigned char)*p] & BYTE_HALTS) == 0)
        p++;
    return p;
}

/* Does the hole end as it does for no other reason than the text it holds and the next byte? */
static bool ends_by_itself(const struct template_item *hole, struct slice text, const char *end)
{
    const char *stop = text.ptr + text.len, *first = first_halt(hole, text.ptr, end);

    switch (hole->match) {
    case MATCH_WORD: return true;
    case MATCH_HALT:
    case MATCH_TRIED: return first == stop;
    case MATCH_TIME: /* of two words, as the second does not end as the word behind a time does */
        return first == stop || (first < stop && (*first == ' ' || *first == '\t') &&
                                 first_halt(hole, first + 1, end) == stop && stop > first + 1 &&
                                 !has_byte(hole->word, stop[-1]));
    case MATCH_LITERAL:
    case MATCH_BLANK:
    case MATCH_OPTIONAL:
    case MATCH_END:
    case MATCH_DIGITS:
    case MATCH_QUOTED:
    case MATCH_LINE: break;
    }
    return false;
}

/* Times but for their digits, and what nobody wants at the beginning of a line. */
static bool is_alike(const struct learner *l, const struct template_item *hole)
{
    const struct slice text = l->mark->text;

    if (hole->class != HOLE_TIME && (l->has_hole || hole->slot >= 0 || l->care == CARE_TIMES ||
                                     (l->care == CARE_NAMES && has_digit(text))))
        return false;
    return ends_by_itself(hole, text, l->line.end);
}

static void see(struct learner *l, const char *seen)
{
    l->seen = seen > l->seen ? seen : l->seen;
}

/* Holes whose text is alike and what follows them. Returns: as pass_known; NULL where there are
 * none. */
static const struct template_item *pass_alike(struct learner *l, const struct template_item *item,
                                              const char *from)
{
    struct learner at = *l;
    const struct template_item *next = NULL;

    while (item != NULL && is_marked(&at, item) && is_alike(&at, item)) {
        const char *stop = at.mark->text.ptr + at.mark->text.len;

        if (at.bars_at == at.p)
            see(&at, at.p + 1);
        see(&at, stop + 1 + (item->match == MATCH_WORD ? item->literal.len : 0));
        item = pass_hole(&at, item);
        if (at.p - from > ALIKE_LIMIT || !at.blind)
            break;
        if (item != NULL && at.seen <= at.p) {
            *l = at;
            next = item;
        }
        if (at.run)
            break;
    }
    return next;
}

/* The same as steps, with the text from ${from} on. */
static const struct template_item *add_alike(struct learner *l, const struct template_item *item,
                                             const char *from)
{
    const struct trail_mark *mark = l->mark;
    const struct template_item *next = pass_alike(l, item, from);

    if (next == NULL || !add_texts(l, from, STEP_ALIKE))
        return NULL;
    for (; mark < l->mark; mark++) {
        struct trail_step *step = mark->item->slot < 0 ? NULL : add_step(l, STEP_FIXED);

        if (mark->item->slot < 0)
            continue;
        if (step == NULL || !set_slot(l, step, mark->item->slot))
            return NULL;
        step->back = (uint16_t)(l->p - mark->text.ptr);
        step->len = (uint8_t)mark->text.len;
    }
    return next;
}

/* The end, behind what nobody looks at. */
static const struct template_item *add_any(struct learner *l, const struct template_item *hole)
{
    if (!add_bars(l, hole) || add_step(l, STEP_REST) == NULL)
        return NULL;
    return hole->then->kind == ITEM_END ? hole->then : hole->then->then;
}

/* Several blanks, or a tab, and what follows them. Returns: as pass_known. */
static const struct template_item *add_run(struct learner *l, const struct template_item *item)
{
    struct trail_step *step = l->seen <= l->p ? add_step(l, STEP_HOLE) : NULL;
    const char *stop = scan_blanks(l->p, l->line.end);
    const struct template_item *next;

    if (step == NULL)
        return NULL;
    step->low[' ' & 15] = (char)(1 << (' ' >> 4));
    step->low['\t' & 15] = (char)(step->low['\t' & 15] | 1 << ('\t' >> 4));
    step->least_len = 1;
    l->p = l->text = stop;
    l->run = false;
    l->chose = true; /* what follows is no part of a hole's text */
    next = pass_known(l, item);
    return next != NULL &&
                   add_texts(l, l->text + set_text(l, step, l->text, STEP_TEXT_BYTES), STEP_TEXT)
               ? next
               : NULL;
}

static const struct template_item *add_next(struct learner *l, const struct template_item *hole)
{
    const char *from = l->count == 0 ? l->line.p : l->p;
    const struct learner before = *l;
    const struct template_item *next;

    if (!is_marked(l, hole))
        return NULL;
    l->blind = l->blind || l->count > 0;
    next = l->seen <= l->p || l->count == 0 ? add_alike(l, hole, from) : NULL;
    if (next != NULL)
        return next;
    *l = before;
    if (l->count == 0 && !add_texts(l, from, STEP_TEXT))
        return NULL;
    return takes_any(hole) ? add_any(l, hole) : add_hole(l, hole);
}

bool trail_make(struct trail *trail, const struct trail_line *line, enum trail_care care)
{
    struct learner l = {.trail = trail,
                        .line = *line,
                        .mark = line->marks,
                        .p = line->p,
                        .text = line->p,
                        .seen = line->p,
                        .blind = true,
                        .care = care};
    const struct template_item *item = pass_known(&l, line->from);

    if (l.run && !add_texts(&l, line->p, STEP_TEXT))
        return false;
    while (item != NULL && (l.run || item->kind == ITEM_HOLE))
        item = l.run ? add_run(&l, item) : add_next(&l, item);
    if (item == NULL || (l.count == 0 && !add_texts(&l, line->p, STEP_TEXT)))
        return false;
    if (l.count > 0 && trail->steps[l.count - 1].kind >= STEP_LAST)
        return true;
    return l.seen <= l.p + 1 && add_step(&l, STEP_END) != NULL; /* the end tells, too */
}
