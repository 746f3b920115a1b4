/* template.c: what stands where in a template, worked out once. */
#include "format/decoder/template.h"

#include "base/word.h"

#include <string.h>

/* Bits of the bytes from ${first} to ${last}, both below 64, above which there are 64 more. */
#define BYTES(first, last) ((UINT64_MAX >> (63 - ((last) - (first)))) << (first))
#define BYTE(byte)         BYTES(byte, byte)
#define BLANKS             (BYTE('\t') | BYTE(' '))
#define DIGITS             BYTES('0', '9')
#define LETTERS            (BYTES('A' - 64, 'Z' - 64) | BYTES('a' - 64, 'z' - 64))
#define HEX_LETTERS        (BYTES('A' - 64, 'F' - 64) | BYTES('a' - 64, 'f' - 64))

/* The bytes that a hole of each class may hold, somewhere. */
static const struct byte_set held[] = {
    [HOLE_WORD] = {{~BLANKS, UINT64_MAX, UINT64_MAX, UINT64_MAX}, false},
    [HOLE_TEXT] = {{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}, false},
    [HOLE_NUMBER] = {{DIGITS, 0, 0, 0}, false},
    [HOLE_NAME] = {{DIGITS | BYTE('-'), LETTERS | BYTE('_' - 64), 0, 0}, false},
    /* in a zone's name */
    [HOLE_ADDRESS] = {{~(BLANKS | BYTE('#') | BYTE('/')), UINT64_MAX, UINT64_MAX, UINT64_MAX},
                      false},
    [HOLE_TIME] = {{~(BYTE('(') | BYTE('<')), ~BYTE('[' - 64), UINT64_MAX, UINT64_MAX}, false},
    [HOLE_COUNT] = {{DIGITS | BYTE('-'), 0, 0, 0}, false},
    [HOLE_QUOTED] = {{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}, false}};

/* What addresses and times begin with; other holes with any that they may hold. */
static const struct byte_set address_begins = {
    {DIGITS | BYTE('.') | BYTE(':') | BYTE('%'), HEX_LETTERS, 0, 0}, false};
static const struct byte_set *const begins[] = {
    [HOLE_WORD] = &held[HOLE_WORD],     [HOLE_TEXT] = &held[HOLE_TEXT],
    [HOLE_NUMBER] = &held[HOLE_NUMBER], [HOLE_NAME] = &held[HOLE_NAME],
    [HOLE_ADDRESS] = &address_begins,   [HOLE_TIME] = &held[HOLE_NUMBER],
    [HOLE_COUNT] = &held[HOLE_COUNT],   [HOLE_QUOTED] = &held[HOLE_QUOTED]};

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

static bool overlap(const struct byte_set *a, const struct byte_set *b)
{
    uint64_t both = a->end && b->end;

    for (size_t i = 0; i < sizeof a->bytes / sizeof *a->bytes; i++)
        both |= a->bytes[i] & b->bytes[i];
    return both != 0;
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
        add_set(&item->first, begins[item->class]);
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

/* Mark the 64 bytes from ${bytes} on of which ${held} has a bit; mostly all or none. */
static void mark_held(unsigned char *bytes, uint64_t held_bits)
{
    if (held_bits == UINT64_MAX) {
        memset(bytes, BYTE_HELD, 64);
        return;
    }
    for (; held_bits != 0; held_bits &= held_bits - 1)
        bytes[__builtin_ctzll(held_bits)] = BYTE_HELD;
}

/* Where a hole of the class may end. NULL: memory is out. */
static struct hole_halts *make_halts(enum hole_class class, const struct byte_set *follow,
                                     struct arena *arena)
{
    struct hole_halts *halts = ARENA_NEW(arena, struct hole_halts, 1);
    const struct byte_set *fits = &held[class];
    unsigned count = 0;

    if (halts == NULL)
        return NULL;
    halts->class = class;
    halts->follow = *follow;
    for (size_t word = 0; word < 4; word++)
        mark_held(halts->bytes + word * 64, fits->bytes[word]);
    for (unsigned word = 0; word < 4; word++)
        for (uint64_t left = follow->bytes[word] | ~fits->bytes[word]; left != 0;
             left &= left - 1) {
            unsigned byte = word * 64 + (unsigned)__builtin_ctzll(left);

            halts->bytes[byte] |= BYTE_HALTS;
            if (count++ < FEW_HALTS)
                memset(halts->few[count - 1], (int)byte, sizeof *halts->few);
        }
    halts->count = count <= FEW_HALTS ? count : 0;
    return halts;
}

static bool is_same_set(const struct byte_set *a, const struct byte_set *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0 && a->end == b->end;
}

/* As make_halts, once for all holes alike: ${*known} are those made before. */
static const struct hole_halts *find_halts(enum hole_class class, const struct byte_set *follow,
                                           const struct hole_halts **known, struct arena *arena)
{
    struct hole_halts *made;

    for (const struct hole_halts *h = *known; h != NULL; h = h->older)
        if (h->class == class && is_same_set(&h->follow, follow))
            return h;
    made = make_halts(class, follow, arena);
    if (made == NULL)
        return NULL;
    made->older = *known;
    *known = made;
    return made;
}

/* The item behind a hole and the literals that follow it; these, several only where optional parts
 * end between them, as one. NULL: memory is out. */
static const struct template_item *join_literals(struct template_item *hole, struct arena *arena)
{
    const struct template_item *next = hole + 1;
    size_t len = 0, n = 0;
    char *text;

    for (; next->kind == ITEM_LITERAL; next++)
        len += next->literal.len;
    text = ARENA_NEW(arena, char, len + 1);
    if (text == NULL)
        return NULL;
    for (const struct template_item *item = hole + 1; item < next; n += item++->literal.len)
        memcpy(text + n, item->literal.ptr, item->literal.len);
    hole->literal = slice_of(text, len);
    return next;
}

/* ${next}: what stands behind the hole and its literal; ${sure}: of prepare_hole. */
static enum item_match match_of(const struct template_item *hole, enum item_kind next, bool sure)
{
    if (hole->class == HOLE_NUMBER || hole->class == HOLE_COUNT)
        return MATCH_DIGITS;
    if (hole->class == HOLE_QUOTED)
        return MATCH_QUOTED;
    if (hole->class == HOLE_WORD && (next == ITEM_BLANK || next == ITEM_END) &&
        slice_find(hole->literal, '\t') == hole->literal.len)
        return MATCH_WORD;
    if (next == ITEM_END)
        return MATCH_LINE;
    return sure ? MATCH_HALT : MATCH_TRIED;
}

static bool prepare_hole(struct template_item *hole, const struct hole_halts **known,
                         struct arena *arena)
{
    /* no byte that may follow is one that it can hold */
    bool sure = !overlap(&hole[1].first, &held[hole->class]);

    hole->halts = find_halts(hole->class, &hole[1].first, known, arena);
    if (hole->halts == NULL)
        return false;
    hole->may_be_empty = may_be_empty(hole);
    hole->then = join_literals(hole, arena);
    if (hole->then == NULL)
        return false;
    hole->match = match_of(hole, hole->then->kind, sure);
    return true;
}

static void find_head(struct template_item *item)
{
    char bytes[sizeof item->head] = {0};
    size_t len = item->literal.len < sizeof bytes ? item->literal.len : sizeof bytes;

    memcpy(bytes, item->literal.ptr, len);
    item->head = word_load(bytes);
    item->mask = word_mask(len);
}

static bool prepare_item(struct template_item *items, size_t at, const struct hole_halts **known,
                         struct arena *arena)
{
    static const enum item_match matches[] = {[ITEM_LITERAL] = MATCH_LITERAL,
                                              [ITEM_BLANK] = MATCH_BLANK,
                                              [ITEM_HOLE] = MATCH_TRIED,
                                              [ITEM_OPTIONAL] = MATCH_OPTIONAL,
                                              [ITEM_END] = MATCH_END};
    struct template_item *item = &items[at];

    find_first(items, at);
    item->match = matches[item->kind];
    item->then = item + 1;
    if (item->kind == ITEM_OPTIONAL) {
        item->then = &items[item->next];
        item->commits = !overlap(&item[1].first, &item->then->first);
    }
    if (item->kind == ITEM_HOLE && !prepare_hole(item, known, arena))
        return false;
    if (item->kind != ITEM_LITERAL && item->kind != ITEM_HOLE)
        return true;
    find_head(item);
    item->blank = item->then->kind == ITEM_BLANK;
    item->then += item->blank;
    return true;
}

/* What a word may end with that begins with an item, or has begun before it; ${ends_here}: it may
 * have none of the item or what follows. */
struct word_end {
    struct byte_set last;
    bool ends_here;
};

static struct word_end word_end_of(const struct template_item *items, size_t at,
                                   const struct word_end *ends)
{
    const struct template_item *item = &items[at];
    struct word_end end = {{{0}, false}, item->kind == ITEM_BLANK || item->kind == ITEM_END};

    if (end.ends_here)
        return end;
    end = ends[at + 1];
    if (item->kind == ITEM_OPTIONAL) {
        add_set(&end.last, &ends[item->next].last);
        end.ends_here |= ends[item->next].ends_here;
    } else if (item->kind == ITEM_LITERAL) {
        if (end.ends_here)
            add_byte(&end.last, (unsigned char)item->literal.ptr[item->literal.len - 1]);
        end.ends_here = false;
    } else {
        if (has_byte(&held[item->class], ' '))
            add_set(&end.last, &held[HOLE_TEXT]); /* any */
        else if (end.ends_here)
            add_set(&end.last, &held[item->class]);
        end.ends_here &= may_be_empty(item);
    }
    return end;
}

/* Where the word behind a hole may be an optional part, or a hole, its last byte tells more. */
static bool find_words(struct template_item *items, size_t count, struct arena *arena)
{
    struct word_end ends[TEMPLATE_ITEMS];

    for (size_t at = count; at-- > 0;)
        ends[at] = word_end_of(items, at, ends);
    for (struct template_item *item = items; item->kind != ITEM_END; item++)
        if (item->class == HOLE_TIME && item->match == MATCH_TRIED && item->blank &&
            item->then->kind == ITEM_OPTIONAL && !ends[item->then - items].ends_here) {
            item->word =
                arena_copy_array(arena, &ends[item->then - items].last, sizeof *item->word, 1);
            if (item->word == NULL)
                return false;
            if (item->literal.len == 0)
                item->match = MATCH_TIME;
        }
    return true;
}

bool template_prepare(struct template_item *items, size_t count, const struct hole_halts **halts,
                      struct arena *arena)
{
    for (size_t at = count; at-- > 0;)
        if (!prepare_item(items, at, halts, arena))
            return false;
    return find_words(items, count, arena);
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
