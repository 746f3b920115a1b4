/* decode_kv.c: key=value pairs, quoted or bare. */
#include "format/decoder/key_table.h"
#include "format/decoder/pieces.h"
#include "format/decoder/scan.h"
#include "format/format.h"

#include <string.h>

/*
 * Pairs stand apart by `separator` (blanks, tab, comma …); a value in quotes may hold it, with a
 * backslash before an inner quote. With `open-values` a value ends where the next key begins (CEF;
 * `Key: value, ` lists). Words without the sign of `assign` are passed over; what stands before the
 * first pair is the column `@head`. A line of LEEF has its own separator.
 */
struct kv_keys {
    struct key_table table;
    int head_slot; /* -1: not wanted */
};

static bool prepare(struct format *f, struct error *err)
{
    struct kv_keys *k = ARENA_NEW(&f->arena, struct kv_keys, 1);

    if (k == NULL || !key_table_make(&k->table, f->column_count, &f->arena))
        return error_set_memory(err);
    if (f->separator == 0)
        return error_set(err, ERROR_SYNTAX, "the decoder kv needs `separator`");
    if (f->assign.len == 0)
        f->assign = slice_of_string("=");
    for (size_t i = 0; i < f->column_count; i++)
        if (f->slot_of[i] >= 0 && !key_table_add(&k->table, 0, f->columns[i], f->slot_of[i]))
            return error_set(err, ERROR_SYNTAX, "more keys than kage takes");
    k->head_slot = key_table_find(&k->table, 0, SLICE("@head"));
    f->prepared = k;
    return true;
}

/* A line being cut. */
struct cursor {
    const struct format *f;
    const char *p, *end;
    struct slice *slots;
    struct arena *scratch;
    char separator;    /* the definition's, or what a line of LEEF has */
    const char *start; /* of what is @head */
    bool wanted;       /* was any pair? */
};

static bool is_separator(const struct cursor *c, char byte)
{
    return byte == c->separator || (c->separator == ' ' && byte == '\t');
}

/* The one that stands beside it, or itself. */
static char other_separator(const struct cursor *c)
{
    char other = c->separator;

    if (other == ' ')
        other = '\t';
    return other;
}

static void skip_separators(struct cursor *c)
{
    while (c->p < c->end && (is_separator(c, *c->p) || *c->p == ' '))
        c->p++;
}

/* Text without the backslashes before quotes and backslashes; in CEF before = and | as well. */
static bool undo_backslashes(struct cursor *c, struct slice *value)
{
    char *text;
    size_t n = 0;

    if (!scan_has(*value, '\\'))
        return true;
    text = ARENA_NEW(c->scratch, char, value->len);
    if (text == NULL)
        return false;
    for (size_t i = 0; i < value->len; i++) {
        if (value->ptr[i] == '\\' && i + 1 < value->len &&
            (value->ptr[i + 1] == '"' || value->ptr[i + 1] == '\\' ||
             (c->f->open_values && (value->ptr[i + 1] == '=' || value->ptr[i + 1] == '|'))))
            i++;
        text[n++] = value->ptr[i];
    }
    *value = slice_of(text, n);
    return true;
}

/* A value in quotes; the quote is behind us. */
static bool take_quoted(struct cursor *c, struct slice *value)
{
    const char *start = c->p;

    for (;; c->p++) {
        c->p = scan_slack(c->p, c->end, '"');
        if (c->p == c->end)
            return false;
        if (c->p == start || c->p[-1] != '\\' || (c->p - start > 1 && c->p[-2] == '\\'))
            break;
    }
    *value = slice_of(start, (size_t)(c->p - start));
    c->p++;
    return c->f->quoting == QUOTE_CSV || undo_backslashes(c, value);
}

/* What stands before a key, so that free text is none of it. */
static bool bounds_key(const struct cursor *c, char byte)
{
    if (c->f->open_values && c->separator != ' ')
        return byte == c->separator;
    return byte == ' ' || byte == '\t' || byte == ',' || byte == ';' || byte == '[' ||
           byte == '|' || byte == c->separator;
}

/* Where any text may be a value, not every sign stands behind a key. */
static bool is_key(const struct cursor *c, struct slice key)
{
    for (size_t i = 0; i < key.len; i++) {
        char b = key.ptr[i];

        if (!((b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') ||
              b == '_' || b == '-' || b == '.' || (b == ' ' && c->separator != ' ')))
            return false;
    }
    return key.len > 0;
}

/* The next key from ${p} on, and what is behind its sign. ${in_value}: no key begins at ${p}
 * itself. Returns: false where there is none. */
static bool find_key(const struct cursor *c, const char *p, bool in_value, struct slice *key,
                     const char **behind)
{
    const char *from = p;

    for (;;) {
        const char *sign =
            c->f->assign.len == 1
                ? scan_slack(from, c->end, c->f->assign.ptr[0])
                : from + slice_find_slice(slice_of(from, (size_t)(c->end - from)), c->f->assign);
        const char *start = sign;
        bool whole;

        if (sign == c->end)
            return false;
        while (start > from && !bounds_key(c, start[-1])) /* no key holds a sign */
            start--;
        whole = start == p ? !in_value : bounds_key(c, start[-1]);
        *key = slice_trim(slice_of(start, (size_t)(sign - start)));
        from = *behind = sign + c->f->assign.len;
        if (!c->f->open_values || (whole && is_key(c, *key)))
            return true;
    }
}

/* A value that ends where the next key begins. */
static bool take_open(struct cursor *c, struct slice *value)
{
    const char *behind, *start = c->p;
    struct slice key;

    if (c->p < c->end && *c->p == '"') { /* some are in quotes all the same */
        c->p++;
        if (take_quoted(c, value) && (c->p == c->end || is_separator(c, *c->p)))
            return true;
    }
    c->p = find_key(c, start, true, &key, &behind) ? key.ptr : c->end;
    *value = slice_trim(slice_of(start, (size_t)(c->p - start)));
    while (value->len > 0 && is_separator(c, value->ptr[value->len - 1]))
        value->len--;
    return undo_backslashes(c, value);
}

static bool take_value(struct cursor *c, struct slice *value)
{
    const char *stop;

    if (c->f->open_values)
        return take_open(c, value);
    if (c->p < c->end && *c->p == '"') {
        c->p++;
        return take_quoted(c, value);
    }
    stop = scan_either(c->p, c->end, c->separator, other_separator(c));
    *value = slice_of(c->p, (size_t)(stop - c->p));
    c->p = stop;
    return true;
}

/* The priority of syslog, which may stand before the first key without a blank. */
static void skip_priority(struct cursor *c)
{
    const char *p = c->p;

    if (p == c->end || *p++ != '<')
        return;
    while (p < c->end && *p >= '0' && *p <= '9')
        p++;
    if (p < c->end && *p == '>')
        c->p = p + 1;
}

/* The byte that "^", "x5E" or "0x5E" names, or 0. */
static char named_byte(struct slice name)
{
    unsigned value = 0;

    if (name.len == 1)
        return name.ptr[0];
    if (slice_starts_with(name, SLICE("0x")))
        name = slice_from(name, 1);
    if (name.len < 2 || name.len > 3 || name.ptr[0] != 'x')
        return '\0';
    for (size_t i = 1; i < name.len; i++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        size_t digit = slice_find(SLICE(digits), name.ptr[i]);

        if (digit >= sizeof digits - 1)
            return '\0';
        value = value * 16 + (unsigned)digit % 16;
    }
    return (char)value;
}

/*
 * LEEF 2.0 names what stands between its pairs: LEEF:2.0|Vendor|Product|Version|EventID|^|a=b^c=d
 * In LEEF 1.0 it is a tab; some products write a bar all the same.
 */
static void take_leef_separator(struct cursor *c)
{
    struct slice rest = slice_of(c->p, (size_t)(c->end - c->p)), field;
    bool second = slice_starts_with(rest, SLICE("LEEF:2.0|"));
    char named;

    if (!second && !slice_starts_with(rest, SLICE("LEEF:1.0|")))
        return;
    for (int i = 0; i < 5; i++)
        if (!slice_cut(rest, '|', &field, &rest))
            return;
    if (!second) {
        if (slice_find(rest, '\t') == rest.len && slice_find(rest, '|') < rest.len)
            c->separator = '|';
        return;
    }
    if (!slice_cut(rest, '|', &field, &rest) || slice_find(field, '=') < field.len)
        return;
    named = named_byte(field);
    if (named != '\0')
        c->separator = named;
    c->p = rest.ptr;
}

/* The next key, what is behind its sign, and its slot. */
static bool next_key(struct cursor *c, struct slice *key, int *slot)
{
    const struct kv_keys *keys = c->f->prepared;
    const char *behind;

    skip_separators(c);
    if (!find_key(c, c->p, false, key, &behind))
        return false;
    *slot = key_table_find(&keys->table, 0, *key);
    c->p = behind;
    return true;
}

/* The first key begins at ${key}: what stands before it is the column @head. */
static void put_head(struct cursor *c, const char *key)
{
    const struct kv_keys *keys = c->f->prepared;

    if (keys->head_slot >= 0)
        c->slots[keys->head_slot] = slice_trim(slice_of(c->start, (size_t)(key - c->start)));
}

/* A value of the slot; of a key that stands twice the first holds. */
static void put(struct cursor *c, int slot, struct slice value)
{
    if (c->slots[slot].ptr == NULL)
        c->slots[slot] = value;
}

/* The value that begins here into ${slot}, where that is one. */
static bool take_pair(struct cursor *c, int slot)
{
    struct slice value;

    if (!take_value(c, &value))
        return false;
    if (slot < 0)
        return true;
    put(c, slot, value);
    c->wanted = true;
    return true;
}

/* The pairs from here on. Returns: false where a value cannot be read; ${key} is its key. */
static bool take_rest(struct cursor *c, struct slice *key)
{
    int slot;

    while (next_key(c, key, &slot))
        if (!take_pair(c, slot))
            return false;
    return true;
}

/* To where the first key may begin; what stands before it begins at ${c->start}. */
static void begin_line(struct cursor *c)
{
    skip_priority(c);
    c->start = c->p;
    take_leef_separator(c);
}

/* All pairs of a line, one by one; as take_rest. */
static bool take_pairs(struct cursor *c, struct slice *key)
{
    int slot;

    begin_line(c);
    if (!next_key(c, key, &slot))
        return true;
    put_head(c, key->ptr);
    return take_pair(c, slot) && take_rest(c, key);
}

/* A value that the walk leaves to us, with the quote before it that the piece has; the one behind
 * it the next has. What it took for the value is taken back. */
static bool take_aside(struct cursor *c, struct walk *w)
{
    const struct piece *piece = w->at;
    size_t quote = piece->value == VALUE_QUOTED;

    if (piece->slot >= 0 && c->slots[piece->slot].ptr == w->value)
        c->slots[piece->slot] = slice_of(NULL, 0);
    c->p = w->value - quote;
    if (!take_pair(c, piece->slot))
        return false;
    w->p = c->p - quote;
    w->value = NULL;
    return true;
}

/* From where no piece is known on to the next value. ${done}: there is none, or all were read; then
 * false where one could not. */
static bool find_piece(struct cursor *c, struct pieces *all, struct walk *w, bool *done)
{
    const char *from = w->p;
    struct piece what = {.value = VALUE_END, .slot = -1};
    struct slice key;
    int slot = -1;

    c->p = from + (w->at->value == VALUE_QUOTED);
    *done = !next_key(c, &key, &slot);
    if (*done) {
        pieces_learn(all, w->at, slice_of(from, (size_t)(c->end - from)), what);
        return true;
    }
    if (w->at->value == VALUE_NONE) {
        put_head(c, key.ptr);
        from = key.ptr; /* what stands before it is another in each line */
    }
    what.slot = (int16_t)slot;
    what.value = c->p < c->end && *c->p == '"' ? VALUE_QUOTED : VALUE_BARE;
    w->value = c->p + (what.value == VALUE_QUOTED);
    w->at = pieces_learn(all, w->at, slice_of(from, (size_t)(w->value - from)), what);
    *done = w->at == NULL;
    return !*done || (take_pair(c, slot) && take_rest(c, &key));
}

/* As take_pairs, by pieces: all text from the end of one value to the beginning of the next. What
 * one is depends on itself alone, and on the separator. */
static bool walk_pairs(struct cursor *c, struct pieces *all)
{
    struct walk w = {all, NULL, c->end, &all->at[PIECE_START], NULL, c->slots, false};
    bool done = false, whole = true;

    begin_line(c);
    if (pieces_are_spent(all) || all->bare.one[0] != c->separator)
        pieces_clear(all, PIECES_PAIRS, c->separator, other_separator(c));
    put_head(c, c->p);
    w.p = c->p;
    while (!done && whole) {
        enum walked walked = all->walker(&w);

        done = walked == WALKED_LINE;
        if (walked == WALKED_BEFORE_TEXT)
            whole = find_piece(c, all, &w, &done);
        if (!done && whole)
            whole = take_aside(c, &w);
    }
    c->wanted |= w.wanted;
    return whole;
}

/* A line whose pairs were made cells of CSV, as FortiAnalyzer saves them, "a=1","b=""x y""": the
 * pairs as they were. */
static struct slice without_cells(const struct format *f, struct slice line, struct arena *scratch)
{
    bool in_cell = false;
    size_t n = 0;
    char *text;

    if (line.len == 0 || line.ptr[0] != '"' || f->separator != ',' || f->open_values)
        return line;
    text = ARENA_NEW(scratch, char, line.len);
    if (text == NULL)
        return line;
    for (size_t i = 0; i < line.len; i++) {
        bool twice = in_cell && i + 1 < line.len && line.ptr[i + 1] == '"';

        if (line.ptr[i] == '"' && !twice) {
            in_cell = !in_cell;
            continue;
        }
        text[n++] = line.ptr[i];
        i += line.ptr[i] == '"';
    }
    return slice_of(text, n);
}

static int cut(const struct format *f, void *state, struct slice line, struct slice *slots,
               struct arena *scratch)
{
    struct slice key, pairs = without_cells(f, line, scratch);
    struct cursor c = {f,    pairs.ptr, pairs.ptr + pairs.len, slots, scratch, f->separator,
                       NULL, false};
    /* a value that ends where the next key begins is not told by what stands behind it */
    bool whole = state == NULL || f->open_values ? take_pairs(&c, &key) : walk_pairs(&c, state);

    return whole && c.wanted ? 0 : CUT_REJECT;
}

struct slice kv_open_quote(const struct format *f, struct slice line, struct arena *scratch)
{
    struct slice slots[SLOT_LIMIT] = {{NULL, 0}}, key, pairs = without_cells(f, line, scratch);
    struct cursor c = {f,    pairs.ptr, pairs.ptr + pairs.len, slots, scratch, f->separator,
                       NULL, false};

    return take_pairs(&c, &key) ? slice_of(NULL, 0) : key;
}

const struct decoder decode_kv = {"kv", prepare, cut, sizeof(struct pieces), false};
