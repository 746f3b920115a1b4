/* decode_kv.c: key=value pairs, quoted or bare. */
#include "format/decoder/key_guess.h"
#include "format/decoder/key_table.h"
#include "format/decoder/scan.h"
#include "format/decoder/split_index.h"
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
    char separator; /* the definition's, or what a line of LEEF has */
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

/* The next key, what is behind its sign, and its slot. ${n}: so many keys came before. */
static bool next_key(const struct cursor *c, struct key_guess *guess, struct slice *key,
                     const char **behind, int *slot)
{
    const struct kv_keys *keys = c->f->prepared;

    /* no key holds a sign or what bounds keys: where the text is the same, so is the key */
    if (key_guess_fits(guess, 0, c->p, c->end)) {
        *key = slice_of(c->p, guess->len - 1);
        *behind = c->p + guess->len;
        *slot = guess->value;
        return true;
    }
    if (!find_key(c, c->p, false, key, behind))
        return false;
    *slot = key_table_find(&keys->table, 0, *key);
    if (key->ptr == c->p && *behind == key->ptr + key->len + 1)
        key_guess_learn(guess, 0, slice_of(key->ptr, key->len + 1), *slot);
    return true;
}

/* The first key is ${key}: what stands before it, from ${start} on, is the column @head. */
static void put_head(struct cursor *c, const char *start, const char *key)
{
    const struct kv_keys *keys = c->f->prepared;

    if (keys->head_slot >= 0)
        c->slots[keys->head_slot] = slice_trim(slice_of(start, (size_t)(key - start)));
}

/* A value of the slot; of a key that stands twice the first holds. */
static void put(struct cursor *c, int slot, struct slice value)
{
    if (c->slots[slot].ptr == NULL)
        c->slots[slot] = value;
}

/* A line whose pairs are taken by an index. */
struct indexed {
    struct slice line;
    const uint16_t *edge; /* the next */
    bool slashes;         /* there are backslashes */
};

/* The value behind the key that ends at ${from}. Returns: false where it has to be read byte by
 * byte, or the key goes on beyond its pair. */
static inline bool take_edges(struct indexed *x, size_t from, struct slice *value)
{
    const char *text = x->line.ptr + from;
    size_t stop = *x->edge++;

    if (*text != '"' || from == x->line.len) {
        *value = slice_of(text, stop - from);
        return from <= stop && (stop == x->line.len || x->line.ptr[stop] != '"');
    }
    if (stop != from)
        return false;
    *value = slice_of(text + 1, *x->edge++ - from - 2);
    return !x->slashes || !scan_has(*value, '\\');
}

/* Is the byte at ${from}, where no key begins, one more separator, or a blank beside one? */
static inline bool pass_blank(struct indexed *x, char separator, size_t from)
{
    if (*x->edge == from && x->line.ptr[from] != '"') {
        x->edge++;
        return true;
    }
    return separator != ' ' && x->line.ptr[from] == ' ';
}

/*
 * Pairs as long as their keys are those that the line before had at the same places, and nothing
 * is odd about their values, by an index of the line: where a pair begins is known without having
 * read the one before it. ${start}: where the line began. Returns: how many; of ${found}, so many
 * more are wanted.
 */
static size_t take_indexed(struct cursor *c, const char *start, const struct key_guesses *guesses,
                           size_t *found)
{
    const char separator = c->separator;
    const struct index_rules how = {
        .separator = separator,
        .other = other_separator(c),
        .quoting = QUOTE_BACKSLASH,
        .pairs = true,
    };
    const struct key_guess *guess = guesses->at;
    struct indexed x = {.line = slice_of(c->p, (size_t)(c->end - c->p))};
    struct index index;
    struct slice value;
    size_t from = 0, wanted = 0;

    if (!index_fill(&how, x.line, &index))
        return 0;
    index.edges[index.count] = index.edges[index.count + 1] = (uint16_t)x.line.len;
    x.edge = index.edges; /* no part of ${x}, which so stays in registers */
    x.slashes = index.slashes;
    while (from < x.line.len && guess < guesses->at + GUESS_LIMIT) {
        const char *key = x.line.ptr + from;

        if (!key_guess_is(guess, key)) {
            if (!pass_blank(&x, separator, from))
                break;
            from++;
            continue;
        }
        if (!take_edges(&x, from + guess->len, &value))
            break;
        if (guess == guesses->at)
            put_head(c, start, key);
        if (guess->value >= 0) {
            put(c, guess->value, value);
            wanted++;
        }
        guess++;
        from = x.edge[-1] + (size_t)1;
    }
    c->p = from < x.line.len ? x.line.ptr + from : c->end;
    *found += wanted;
    return (size_t)(guess - guesses->at);
}

/* All pairs of a line. ${found}: so many of their keys are wanted. Returns: false where a value
 * cannot be read; ${key} is its key. */
static inline bool take_pairs(struct cursor *c, void *state, struct slice *key, size_t *found)
{
    const char *start, *behind;
    struct key_guesses *guesses;
    struct slice value;
    size_t n = 0;
    int slot;

    *found = 0;
    skip_priority(c);
    start = c->p;
    take_leef_separator(c);
    /* what bounds keys bounded those before */
    guesses = c->separator == c->f->separator && !c->f->open_values ? state : NULL;
    if (guesses != NULL)
        n = take_indexed(c, start, guesses, found);
    if (n > 0 && c->p == c->end)
        return true;
    for (skip_separators(c); next_key(c, key_guess_at(guesses, n), key, &behind, &slot);
         skip_separators(c)) {
        if (n++ == 0)
            put_head(c, start, key->ptr);
        c->p = behind;
        if (!take_value(c, &value))
            return false;
        if (slot < 0)
            continue;
        put(c, slot, value);
        ++*found;
    }
    return true;
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
    struct cursor c = {f, pairs.ptr, pairs.ptr + pairs.len, slots, scratch, f->separator};
    size_t found;

    return take_pairs(&c, state, &key, &found) && found > 0 ? 0 : CUT_REJECT;
}

struct slice kv_open_quote(const struct format *f, struct slice line, struct arena *scratch)
{
    struct slice slots[SLOT_LIMIT] = {{NULL, 0}}, key, pairs = without_cells(f, line, scratch);
    struct cursor c = {f, pairs.ptr, pairs.ptr + pairs.len, slots, scratch, f->separator};
    size_t found;

    return take_pairs(&c, NULL, &key, &found) ? slice_of(NULL, 0) : key;
}

const struct decoder decode_kv = {"kv", prepare, cut, sizeof(struct key_guesses), false};
