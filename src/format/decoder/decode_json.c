/* decode_json.c: JSON lines, one object a line; only the wanted keys are looked at. */
#include "format/decoder/json_unescape.h"
#include "format/decoder/key_table.h"
#include "format/decoder/pieces.h"
#include "format/decoder/scan.h"
#include "format/format.h"

#include <string.h>

/*
 * Columns are paths: `client_ip`, `event.url`, `answers.0.rdata` (a number is the place in an
 * array, `\.` a dot of the key itself). Paths make a tree; node 0 is the line's object. A value
 * that no path reaches is passed over without being looked into. A column that names an object or
 * array gets its raw text. Strings have their escapes undone; null is no value. Of a key that
 * stands there twice the last holds.
 */
enum { NODE_LIMIT = 200, DEPTH_LIMIT = 32, FRAME_LIMIT = 64, PLACE_DIGITS = 9, SHORT_TEXT = 24 };

struct json_tree {
    struct key_table children;   /* key below a node to the node */
    int slot[NODE_LIMIT];        /* -1: only a step of a longer path */
    bool inner[NODE_LIMIT];      /* has children */
    unsigned places[NODE_LIMIT]; /* so many places of an array may have a child */
    int count;
};

/* An open object or array on the way. */
struct level {
    int node;
    bool array;
    unsigned index; /* of the next member; beyond the places, no more is counted */
};

/* A line being read. */
struct cursor {
    const struct json_tree *tree;
    const char *p, *end;
    struct slice *slots;
    struct arena *scratch;
    struct level levels[DEPTH_LIMIT];
    int depth;
};

/* An open level, and those around it: what the rest of a line is read by. */
struct frame {
    struct level level;
    uint8_t around; /* 0: no level is open */
};

/* What is known of the lines before. */
struct json_state {
    struct pieces pieces;
    struct frame frames[FRAME_LIMIT]; /* from 1 on */
    uint8_t frame_count;
};

/* The place of an array that ${key} stands for, and 1; 0: it is no number. */
static unsigned places_of(struct slice key)
{
    unsigned place = 0;

    if (key.len == 0 || key.len > PLACE_DIGITS)
        return 0;
    for (size_t i = 0; i < key.len; i++) {
        if (key.ptr[i] < '0' || key.ptr[i] > '9')
            return 0;
        place = place * 10 + (unsigned)(key.ptr[i] - '0');
    }
    return place + 1;
}

static int child_of(struct json_tree *t, int node, struct slice key)
{
    int child = key_table_find(&t->children, node, key);
    unsigned places = places_of(key);

    if (child >= 0 || t->count == NODE_LIMIT)
        return child;
    if (!key_table_add(&t->children, node, key, t->count))
        return -1;
    t->inner[node] = true;
    t->places[node] = places > t->places[node] ? places : t->places[node];
    t->slot[t->count] = -1;
    return t->count++;
}

/* The next key of a path, into ${key}; ${rest} moves behind it. */
static bool next_key(struct slice *rest, struct slice *key, struct arena *arena)
{
    char *text = ARENA_NEW(arena, char, rest->len);
    size_t n = 0, i = 0;

    if (text == NULL)
        return false;
    for (; i < rest->len && rest->ptr[i] != '.'; i++) {
        if (rest->ptr[i] == '\\' && i + 1 < rest->len)
            i++;
        text[n++] = rest->ptr[i];
    }
    *rest = slice_from(*rest, i < rest->len ? i + 1 : i);
    *key = slice_of(text, n);
    return true;
}

/* Of all paths, at most. */
static size_t count_keys(const struct format *f)
{
    size_t keys = f->column_count;

    for (size_t i = 0; i < f->column_count; i++)
        for (size_t k = 0; k < f->columns[i].len; k++)
            keys += f->columns[i].ptr[k] == '.';
    return keys;
}

static bool prepare(struct format *f, struct error *err)
{
    struct json_tree *t = ARENA_NEW(&f->arena, struct json_tree, 1);

    if (t == NULL || !key_table_make(&t->children, count_keys(f), &f->arena))
        return error_set_memory(err);
    t->count = 1;
    t->slot[0] = -1;
    for (size_t i = 0; i < f->column_count; i++) {
        struct slice rest = f->columns[i], key;
        int node = 0;

        while (node >= 0 && rest.len > 0) {
            if (!next_key(&rest, &key, &f->arena))
                return error_set_memory(err);
            node = child_of(t, node, key);
        }
        if (node < 0)
            return error_set(err, ERROR_SYNTAX, "more keys than kage takes");
        t->slot[node] = f->slot_of[i];
    }
    f->prepared = t;
    return true;
}

static void skip_blanks(struct cursor *c)
{
    while (c->p < c->end && (*c->p == ' ' || *c->p == '\t' || *c->p == '\r'))
        c->p++;
}

static bool take_byte(struct cursor *c, char byte)
{
    skip_blanks(c);
    if (c->p == c->end || *c->p != byte)
        return false;
    c->p++;
    return true;
}

/* A string; the quote is behind us. ${out} is its raw text. */
static bool take_string(struct cursor *c, struct slice *out)
{
    const char *start = c->p, *p = start, *slashes;

    for (;; p++) {
        p = scan_slack(p, c->end, '"');
        if (p == c->end)
            return false;
        for (slashes = p; slashes > start && slashes[-1] == '\\';)
            slashes--;
        if ((p - slashes) % 2 == 0) /* else the last of them stands before the quote */
            break;
    }
    c->p = p + 1;
    *out = slice_of(start, (size_t)(p - start));
    return true;
}

/* What a number or a literal word ends before. */
static bool ends_word(char c)
{
    static const bool ends[256] = {
        [' '] = true, ['\t'] = true, ['\r'] = true, [','] = true, [':'] = true,
        [']'] = true, ['}'] = true,  ['['] = true,  ['{'] = true, ['"'] = true};

    return ends[(unsigned char)c];
}

/* Past a value that nobody wants: strings whole, brackets counted. */
static bool skip_value(struct cursor *c)
{
    int depth = 0;
    struct slice text;

    do {
        skip_blanks(c);
        if (c->p == c->end)
            return false;
        switch (*c->p) {
        case '"':
            c->p++;
            if (!take_string(c, &text))
                return false;
            break;
        case '{':
        case '[':
            depth++;
            c->p++;
            break;
        case '}':
        case ']':
            if (depth-- == 0)
                return false;
            c->p++;
            break;
        default:
            if ((*c->p == ',' || *c->p == ':') && depth == 0)
                return false;
            c->p++;
            while (c->p < c->end && !ends_word(*c->p))
                c->p++;
            break;
        }
    } while (depth > 0);
    return true;
}

/* A value that goes into ${slot}. */
static bool take_scalar(struct cursor *c, int slot)
{
    const char *start;
    struct slice text;

    skip_blanks(c);
    start = c->p;
    if (c->p < c->end && *c->p == '"') {
        c->p++;
        if (!take_string(c, &text))
            return false;
        if (scan_has(text, '\\') && !json_unescape(text, c->scratch, &text)) {
            c->p = start + 1;
            return false;
        }
        c->slots[slot] = text;
        return true;
    }
    if (!skip_value(c))
        return false;
    text = slice_of(start, (size_t)(c->p - start));
    c->slots[slot] = slice_is(text, "null") ? slice_of(NULL, 0) : text;
    return true;
}

/* The node of the key that begins here, below ${parent}; behind its colon. */
static int next_keyed(struct cursor *c, int parent)
{
    struct slice key, name;

    if (!take_byte(c, '"') || !take_string(c, &key) || !take_byte(c, ':'))
        return -2;
    if (!scan_has(key, '\\') || !json_unescape(key, c->scratch, &name))
        name = key;
    return key_table_find(&c->tree->children, parent, name);
}

/* The node of the next member of ${level}: behind its key, or by its place. -1: nobody wants it;
 * -2: broken. */
static int next_member(struct cursor *c, struct level *level)
{
    char digits[12];
    size_t n = sizeof digits;
    unsigned place = level->index, places = level->array ? c->tree->places[level->node] : 0;

    level->index += place <= places;
    if (!level->array)
        return next_keyed(c, level->node);
    if (place >= places)
        return -1;
    do
        digits[--n] = (char)('0' + place % 10);
    while ((place /= 10) != 0);
    return key_table_find(&c->tree->children, level->node, slice_of(digits + n, sizeof digits - n));
}

/* Open the object or array that begins here, where a path goes into it. */
static bool enter(struct cursor *c, int node)
{
    if (c->depth == DEPTH_LIMIT)
        return false;
    c->levels[c->depth++] = (struct level){.node = node, .array = *c->p == '['};
    c->p++;
    return true;
}

/* Past the ends of levels and the comma to the next member. Returns: false where the text is
 * broken. */
static bool next_in_level(struct cursor *c, bool *more)
{
    *more = false;
    while (c->depth > 0) {
        const struct level *level = &c->levels[c->depth - 1];

        skip_blanks(c);
        if (c->p == c->end)
            return false;
        if (*c->p == ',' && level->index > 0) {
            c->p++;
            *more = true;
            return true;
        }
        if (*c->p == (level->array ? ']' : '}')) {
            c->p++;
            c->depth--;
            continue;
        }
        *more = level->index == 0; /* the first member */
        return *more;
    }
    return true;
}

/* How it went on to the next value. */
enum stepped { STEP_BROKEN, STEP_VALUE, STEP_END };

/* To the next value that no path goes into; ${slot} is its slot, or -1. */
static enum stepped next_value(struct cursor *c, int *slot)
{
    bool more;

    while (next_in_level(c, &more)) {
        int node;

        if (!more)
            return STEP_END;
        node = next_member(c, &c->levels[c->depth - 1]);
        skip_blanks(c);
        if (node == -2 || c->p == c->end)
            break;
        *slot = node < 0 ? -1 : c->tree->slot[node];
        if (node < 0 || !c->tree->inner[node] || (*c->p != '{' && *c->p != '['))
            return STEP_VALUE;
        if (!enter(c, node))
            break;
    }
    return STEP_BROKEN;
}

static bool take_value(struct cursor *c, int slot)
{
    return slot < 0 ? skip_value(c) : take_scalar(c, slot);
}

/* Where an array of objects was exported with an object a line: its brackets, and the commas before
 * or behind the objects. */
static void skip_array_signs(struct cursor *c, const char *signs)
{
    for (skip_blanks(c); c->p < c->end && (*c->p == signs[0] || *c->p == ',');) {
        c->p++;
        skip_blanks(c);
    }
}

/* To the first value of a line, or what there is instead: a shape. */
static int begin_line(struct cursor *c)
{
    const char *start = c->p;

    skip_array_signs(c, "[");
    if (c->p == c->end || (*c->p == ']' && c->end - c->p == 1))
        return c->end - start < 3 ? CUT_SKIP : CUT_REJECT;
    return *c->p == '{' && enter(c, 0) ? 0 : CUT_REJECT;
}

/* Behind the last value: the shape. */
static int end_line(struct cursor *c)
{
    skip_array_signs(c, "]");
    while (c->p < c->end && *c->p == '\0') /* some syslog servers end lines with a NUL */
        c->p++;
    return c->p == c->end ? 0 : CUT_REJECT;
}

/* A line from its start or between two values on, up to where it is none. */
static int read_rest(struct cursor *c)
{
    enum stepped step;
    int slot;

    while ((step = next_value(c, &slot)) == STEP_VALUE)
        if (!take_value(c, slot))
            return CUT_REJECT;
    return step == STEP_END ? end_line(c) : CUT_REJECT;
}

static int read_line(struct cursor *c)
{
    int shape = begin_line(c);

    return shape < 0 ? shape : read_rest(c);
}

static bool same_level(const struct level *a, const struct level *b)
{
    return a->node == b->node && a->array == b->array && a->index == b->index;
}

/* The frame of the open levels; 0 where there is no room. */
static uint8_t find_frame(struct json_state *s, const struct cursor *c)
{
    uint8_t frame = 0;

    for (int i = 0; i < c->depth; i++) {
        uint8_t around = frame;

        for (frame = 1; frame <= s->frame_count; frame++)
            if (s->frames[frame].around == around &&
                same_level(&s->frames[frame].level, &c->levels[i]))
                break;
        if (frame == FRAME_LIMIT)
            return 0;
        if (frame > s->frame_count)
            s->frames[++s->frame_count] = (struct frame){c->levels[i], around};
    }
    return frame;
}

/* Have the levels of ${frame} open. */
static void open_levels(struct cursor *c, const struct json_state *s, uint8_t frame)
{
    c->depth = 0;
    for (uint8_t at = frame; at != 0; at = s->frames[at].around)
        c->depth++;
    for (int i = c->depth; i > 0; frame = s->frames[frame].around)
        c->levels[--i] = s->frames[frame].level;
}

/* As next_value, but past objects and arrays that nobody wants and that are empty: they are text of
 * the piece, as long as that is short. */
static enum stepped next_learnt(struct cursor *c, const char *from, int *slot)
{
    enum stepped step = next_value(c, slot);

    while (step == STEP_VALUE && *slot < 0 && c->p - from < SHORT_TEXT && c->end - c->p > 1 &&
           (memcmp(c->p, "[]", 2) == 0 || memcmp(c->p, "{}", 2) == 0)) {
        c->p += 2;
        step = next_value(c, slot);
    }
    return step;
}

/* What kind of value begins here. */
static enum piece_value value_of(const struct cursor *c)
{
    return *c->p == '"' ? VALUE_QUOTED : *c->p == '{' || *c->p == '[' ? VALUE_ASIDE : VALUE_WORD;
}

/* The text from ${from} on led to the value that begins here; quotes and brackets that open it are
 * part of the piece. Returns: NULL where that cannot be kept. */
static struct piece *learn(struct json_state *s, struct piece *before, const char *from,
                           const struct cursor *c, int slot)
{
    enum piece_value value = value_of(c);
    uint8_t frame = find_frame(s, c);

    if (frame == 0) {
        s->pieces.full = true;
        return NULL;
    }
    return pieces_learn(
        &s->pieces, before, slice_of(from, (size_t)(c->p - from) + (value != VALUE_WORD)),
        (struct piece){.slot = (int16_t)slot, .value = (uint8_t)value, .state = frame});
}

/* A value that the walk leaves to us, with the quote or bracket before it that the piece has; its
 * last quote the next one has. */
static bool take_aside(struct cursor *c, struct walk *w)
{
    c->p = w->value - (w->at->value != VALUE_WORD);
    if (!take_value(c, w->at->slot))
        return false;
    w->p = c->p - (w->at->value == VALUE_QUOTED);
    w->value = NULL;
    return true;
}

/* From where no piece is known on to the next value. ${done}: the line ends instead, or is read
 * to its end, and has the shape that is returned. */
static int find_piece(struct cursor *c, struct json_state *s, struct walk *w, bool *done)
{
    const char *from = w->p;
    struct piece *piece;
    int shape = 0, slot;

    *done = true;
    c->p = from + (w->at->value == VALUE_QUOTED);
    open_levels(c, s, w->at->state);
    if (w->at->value == VALUE_NONE)
        shape = begin_line(c);
    if (shape < 0)
        return shape;
    switch (next_learnt(c, from, &slot)) {
    case STEP_BROKEN: return CUT_REJECT;
    case STEP_END:
        shape = end_line(c);
        if (shape >= 0)
            pieces_learn(&s->pieces, w->at, slice_of(from, (size_t)(c->end - from)),
                         (struct piece){.slot = -1, .value = VALUE_END});
        return shape;
    case STEP_VALUE: break;
    }
    piece = learn(s, w->at, from, c, slot);
    if (piece == NULL)
        return take_value(c, slot) ? read_rest(c) : CUT_REJECT;
    w->at = piece;
    w->value = from + piece->len;
    *done = false;
    return 0;
}

/* As read_line, by pieces. */
static int walk_line(struct cursor *c, struct json_state *s)
{
    struct walk w = {&s->pieces, c->p, c->end, &s->pieces.at[PIECE_START], NULL, c->slots, false};
    bool done;

    if (pieces_are_spent(&s->pieces)) {
        pieces_clear(&s->pieces, PIECES_JSON, '\0', '\0');
        s->frame_count = 0;
    }
    for (;;) {
        enum walked walked = s->pieces.walker(&w);

        if (walked == WALKED_LINE)
            return 0;
        if (walked == WALKED_BEFORE_TEXT) {
            int shape = find_piece(c, s, &w, &done);

            if (done)
                return shape;
        }
        if (!take_aside(c, &w))
            return CUT_REJECT;
    }
}

static int cut(const struct format *f, void *state, struct slice line, struct slice *slots,
               struct arena *scratch)
{
    struct cursor c;

    c.tree = f->prepared; /* levels are set as they are opened */
    c.p = line.ptr;
    c.end = line.ptr + line.len;
    c.slots = slots;
    c.scratch = scratch;
    c.depth = 0;
    return state == NULL ? read_line(&c) : walk_line(&c, state);
}

size_t json_reach(const struct format *f, struct slice line, struct arena *scratch)
{
    struct slice slots[SLOT_LIMIT] = {{NULL, 0}};
    struct cursor c = {.tree = f->prepared,
                       .p = line.ptr,
                       .end = line.ptr + line.len,
                       .slots = slots,
                       .scratch = scratch};

    read_line(&c);
    return (size_t)(c.p - line.ptr);
}

const struct decoder decode_json = {"json", prepare, cut, sizeof(struct json_state), false};
