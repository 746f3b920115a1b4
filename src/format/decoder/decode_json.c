/* decode_json.c: JSON lines, one object a line; only the wanted keys are looked at. */
#include "format/decoder/key_guess.h"
#include "format/decoder/key_table.h"
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
enum { NODE_LIMIT = 200, DEPTH_LIMIT = 32 };

struct json_tree {
    struct key_table children; /* key below a node to the node */
    int slot[NODE_LIMIT];      /* -1: only a step of a longer path */
    bool inner[NODE_LIMIT];    /* has children */
    int count;
};

/* A line being read. */
struct cursor {
    const struct json_tree *tree;
    const char *p, *end;
    struct slice *slots;
    struct arena *scratch;
    struct key_guesses *guesses;
    size_t members; /* with keys, so far */
};

static int child_of(struct json_tree *t, int node, struct slice key)
{
    int child = key_table_find(&t->children, node, key);

    if (child >= 0 || t->count == NODE_LIMIT)
        return child;
    if (!key_table_add(&t->children, node, key, t->count))
        return -1;
    t->inner[node] = true;
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

/* A string; the quote is behind us. ${out} is its raw text, ${escaped} tells of backslashes. */
static bool take_string(struct cursor *c, struct slice *out, bool *escaped)
{
    const char *start = c->p, *p = start;

    for (*escaped = false;; p += 2) {
        p = scan_either(p, c->end, '"', '\\');
        if (p == c->end || *p == '"')
            break;
        *escaped = true;
        if (c->end - p < 2) /* a backslash stands before something */
            return false;
    }
    if (p == c->end)
        return false;
    c->p = p + 1;
    *out = slice_of(start, (size_t)(p - start));
    return true;
}

static int hex4(const char *p)
{
    int value = 0;

    for (int i = 0; i < 4; i++) {
        int digit = p[i] >= '0' && p[i] <= '9'   ? p[i] - '0'
                    : p[i] >= 'a' && p[i] <= 'f' ? p[i] - 'a' + 10
                    : p[i] >= 'A' && p[i] <= 'F' ? p[i] - 'A' + 10
                                                 : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

static size_t put_utf8(char *out, unsigned code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

/* \uXXXX at ${p} (behind the u), with its second half where it is a surrogate; ${used} bytes were
 * read. -1: broken. */
static int code_point(const char *p, const char *end, size_t *used)
{
    int high = end - p >= 4 ? hex4(p) : -1, low;

    *used = 4;
    if (high < 0xd800 || high > 0xdfff)
        return high;
    if (high > 0xdbff || end - p < 10 || p[4] != '\\' || p[5] != 'u')
        return -1;
    low = hex4(p + 6);
    *used = 10;
    if (low < 0xdc00 || low > 0xdfff)
        return -1;
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

/* The text of a string with backslashes. */
static bool unescape(struct cursor *c, struct slice raw, struct slice *out)
{
    static const char letters[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    char *text = ARENA_NEW(c->scratch, char, raw.len + 1);
    const char *p = raw.ptr, *end = raw.ptr + raw.len;
    size_t n = 0, used;

    if (text == NULL)
        return false;
    while (p < end) {
        const char *letter;
        int code;

        if (*p != '\\') {
            text[n++] = *p++;
            continue;
        }
        if (++p == end)
            return false;
        letter = *p == '\0' ? NULL : strchr(letters, *p);
        if (letter != NULL) {
            text[n++] = bytes[letter - letters];
            p++;
            continue;
        }
        code = *p == 'u' ? code_point(p + 1, end, &used) : -1;
        if (code < 0)
            return false;
        n += put_utf8(text + n, (unsigned)code);
        p += 1 + used;
    }
    *out = slice_of(text, n);
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
    bool escaped;

    do {
        skip_blanks(c);
        if (c->p == c->end)
            return false;
        switch (*c->p) {
        case '"':
            c->p++;
            if (!take_string(c, &text, &escaped))
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
    bool escaped;

    skip_blanks(c);
    start = c->p;
    if (c->p < c->end && *c->p == '"') {
        c->p++;
        if (!take_string(c, &text, &escaped))
            return false;
        if (escaped && !unescape(c, text, &text)) {
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

/* An open object or array on the way. */
struct level {
    int node;
    bool array;
    unsigned index;
};

/* The node of the key that begins here, below ${parent}; behind its colon. */
static int next_keyed(struct cursor *c, int parent)
{
    struct key_guess *guess = key_guess_at(c->guesses, c->members++);
    struct slice key, name;
    bool escaped;
    int node;

    if (!take_byte(c, '"'))
        return -2;
    if (key_guess_fits(guess, parent, c->p, c->end)) {
        c->p += guess->len;
        return guess->value;
    }
    if (!take_string(c, &key, &escaped) || !take_byte(c, ':'))
        return -2;
    if (!escaped || !unescape(c, key, &name))
        name = key;
    node = key_table_find(&c->tree->children, parent, name);
    if (c->p == key.ptr + key.len + 2) /* the colon directly behind the quote */
        key_guess_learn(guess, parent, slice_of(key.ptr, key.len + 2), node);
    return node;
}

/* The node of the next member of ${level}: behind its key, or by its place. -1: nobody wants it;
 * -2: broken. */
static int next_member(struct cursor *c, struct level *level)
{
    char digits[12];
    size_t n = sizeof digits;
    unsigned place = level->index++;

    if (!level->array)
        return next_keyed(c, level->node);
    do
        digits[--n] = (char)('0' + place % 10);
    while ((place /= 10) != 0);
    return key_table_find(&c->tree->children, level->node, slice_of(digits + n, sizeof digits - n));
}

/* Open the object or array that begins here, where a path goes into it. */
static bool enter(struct cursor *c, struct level *levels, int *depth, int node)
{
    if (*depth == DEPTH_LIMIT)
        return false;
    levels[*depth] = (struct level){.node = node, .array = *c->p == '['};
    ++*depth;
    c->p++;
    return true;
}

/* One member of the innermost open level. */
static bool take_member(struct cursor *c, struct level *levels, int *depth)
{
    int node = next_member(c, &levels[*depth - 1]);

    skip_blanks(c);
    if (node == -2 || c->p == c->end)
        return false;
    if (node < 0)
        return skip_value(c);
    if (c->tree->inner[node] && (*c->p == '{' || *c->p == '['))
        return enter(c, levels, depth, node);
    return c->tree->slot[node] >= 0 ? take_scalar(c, c->tree->slot[node]) : skip_value(c);
}

/* Past the ends of levels and the comma to the next member. Returns: false where the text is
 * broken. */
static bool next_in_level(struct cursor *c, const struct level *levels, int *depth, bool *more)
{
    *more = false;
    while (*depth > 0) {
        skip_blanks(c);
        if (c->p == c->end)
            return false;
        if (*c->p == ',' && levels[*depth - 1].index > 0) {
            c->p++;
            *more = true;
            return true;
        }
        if (*c->p == (levels[*depth - 1].array ? ']' : '}')) {
            c->p++;
            --*depth;
            continue;
        }
        *more = levels[*depth - 1].index == 0; /* the first member */
        return *more;
    }
    return true;
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

/* A line, up to where it is none. */
static inline int read_line(struct cursor *c)
{
    struct level levels[DEPTH_LIMIT];
    const char *start = c->p;
    int depth = 0;
    bool more;

    skip_array_signs(c, "[");
    if (c->p == c->end || (*c->p == ']' && c->end - c->p == 1))
        return c->end - start < 3 ? CUT_SKIP : CUT_REJECT;
    if (*c->p != '{' || !enter(c, levels, &depth, 0))
        return CUT_REJECT;
    for (;;) {
        if (!next_in_level(c, levels, &depth, &more))
            return CUT_REJECT;
        if (!more)
            break;
        if (!take_member(c, levels, &depth))
            return CUT_REJECT;
    }
    skip_array_signs(c, "]");
    while (c->p < c->end && *c->p == '\0') /* some syslog servers end lines with a NUL */
        c->p++;
    return c->p == c->end ? 0 : CUT_REJECT;
}

static int cut(const struct format *f, void *state, struct slice line, struct slice *slots,
               struct arena *scratch)
{
    struct cursor c = {f->prepared, line.ptr, line.ptr + line.len, slots, scratch, state, 0};

    return read_line(&c);
}

size_t json_reach(const struct format *f, struct slice line, struct arena *scratch)
{
    struct slice slots[SLOT_LIMIT] = {{NULL, 0}};
    struct cursor c = {f->prepared, line.ptr, line.ptr + line.len, slots, scratch, NULL, 0};

    read_line(&c);
    return (size_t)(c.p - line.ptr);
}

const struct decoder decode_json = {"json", prepare, cut, sizeof(struct key_guesses), false};
