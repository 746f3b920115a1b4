/* split.c: cuts columns, by an index of the line where it is as most are. */
#include "format/decoder/split.h"

#include "format/decoder/scan.h"
#include "format/decoder/split_index.h"

/* A line being cut. */
struct cursor {
    const struct split *how;
    const char *p, *end;
    struct arena *scratch;
};

static bool is_separator(const struct split *how, char c)
{
    return c == how->separator || (how->separator == ' ' && c == '\t');
}

/* The text [from, to) with its inner quotes undone. */
static bool undo_quotes(struct cursor *c, const char *from, const char *to, struct slice *out)
{
    char *text = ARENA_NEW(c->scratch, char, (size_t)(to - from) + 1);
    char escape = c->how->quoting == QUOTE_CSV ? '"' : '\\';
    size_t n = 0;

    if (text == NULL)
        return false;
    for (const char *p = from; p < to; p++) {
        if (*p == escape && p + 1 < to && p[1] == '"')
            p++;
        text[n++] = *p;
    }
    *out = slice_of(text, n);
    return true;
}

/* A quoted column; the quote is behind us. */
static bool take_quoted(struct cursor *c, struct slice *out)
{
    const char *start = c->p, *p = c->p;
    bool inner = false;

    for (;;) {
        p = scan_byte(p, c->end, '"');
        if (p == c->end)
            return false;
        if (c->how->quoting == QUOTE_CSV && p + 1 < c->end && p[1] == '"') {
            p += 2;
        } else if (c->how->quoting == QUOTE_BACKSLASH && p > start && p[-1] == '\\' &&
                   !(p > start + 1 && p[-2] == '\\')) {
            p++;
        } else {
            break;
        }
        inner = true;
    }
    c->p = p + 1;
    *out = slice_of(start, (size_t)(p - start));
    return !inner || undo_quotes(c, start, p, out);
}

static struct slice take_plain(struct cursor *c)
{
    const char *start = c->p, *stop;

    if (c->how->brackets && c->p < c->end && *c->p == '[') {
        stop = scan_byte(c->p, c->end, ']');
        c->p = stop < c->end ? stop + 1 : stop;
        return slice_of(start + 1, (size_t)(stop - start) - 1);
    }
    stop = scan_byte(c->p, c->end, c->how->separator);
    if (c->how->separator == ' ')
        stop = scan_byte(c->p, stop, '\t');
    c->p = stop;
    return slice_of(start, (size_t)(stop - start));
}

/* The next column. */
static bool take_column(struct cursor *c, struct slice *out)
{
    const char *p = c->p;

    if (c->how->quoting != QUOTE_NONE) {
        while (p < c->end && *p == ' ')
            p++;
        if (p < c->end && *p == '"') {
            c->p = p + 1;
            if (!take_quoted(c, out))
                return false;
            while (c->how->separator != ' ' && c->p < c->end && *c->p == ' ')
                c->p++;
            return c->p == c->end || is_separator(c->how, *c->p);
        }
    }
    *out = take_plain(c);
    return true;
}

size_t split_wanted(const int *slot_of, size_t known, struct split_column *out)
{
    size_t count = 0;

    for (size_t i = 0; i < known; i++)
        if (slot_of[i] >= 0)
            out[count++] = (struct split_column){(unsigned)i, slot_of[i]};
    return count;
}

void split_every(size_t count, struct split_column *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (struct split_column){(unsigned)i, (int)i};
}

/* Byte by byte: lines that are odd, or have such brackets. */
static size_t split_with_care(const struct split *how, struct slice line,
                              const struct split_target *to, struct arena *scratch)
{
    struct cursor c = {how, line.ptr, line.ptr + line.len, scratch};
    struct slice column;
    size_t n = 0, at = 0;

    for (;; n++) {
        while (how->separator == ' ' && c.p < c.end && is_separator(how, *c.p))
            c.p++;
        if (how->separator == ' ' && c.p == c.end)
            return n;
        if (!take_column(&c, &column))
            return SPLIT_BROKEN;
        if (at < to->count && to->columns[at].number == n)
            to->slots[to->columns[at++].slot] = column;
        if (c.p == c.end)
            return n + 1;
        c.p++; /* the separator */
    }
}

/* The text [from, to) of a column without the quotes within. */
static bool undo_inner(const struct split *how, struct slice *column, struct arena *scratch)
{
    struct cursor c = {.how = how, .scratch = scratch};

    return !scan_has(*column, '"') ||
           undo_quotes(&c, column->ptr, column->ptr + column->len, column);
}

/* The column [from, to) into its slot, without the quotes around it and within. Returns: false
 * where memory is out. */
static inline bool put_column(const struct split *how, bool inner, const char *from, const char *to,
                              struct slice *slot, struct arena *scratch)
{
    bool quoted = how->quoting != QUOTE_NONE && to - from >= 2 && *from == '"';

    *slot = slice_of(from + quoted, (size_t)(to - from) - 2 * (size_t)quoted);
    return !quoted || !inner || undo_inner(how, slot, scratch);
}

/* Columns between single separators, as the index has those. */
static size_t take_columns(const struct split *how, struct slice line, const struct index *index,
                           const struct split_target *to, struct arena *scratch)
{
    const struct split_column *end = to->columns + to->count;
    struct slice *slots = to->slots;

    for (const struct split_column *w = to->columns; w < end && w->number <= index->count; w++) {
        size_t from = w->number == 0 ? 0 : index->edges[w->number - 1] + (size_t)1;
        size_t until = w->number < index->count ? index->edges[w->number] : line.len;

        if (!put_column(how, index->inner, line.ptr + from, line.ptr + until, &slots[w->slot],
                        scratch))
            return SPLIT_BROKEN;
    }
    return index->count + 1;
}

/* Words, as the index has their ends. */
static size_t take_words(const struct split *how, struct slice line, const struct index *index,
                         const struct split_target *to, struct arena *scratch)
{
    const struct split_column *end = to->columns + to->count;
    struct slice *slots = to->slots;
    size_t count = index->count / 2;

    for (const struct split_column *w = to->columns; w < end && w->number < count; w++) {
        const uint16_t *edges = &index->edges[(size_t)2 * w->number];

        if (!put_column(how, index->inner, line.ptr + edges[0], line.ptr + edges[1],
                        &slots[w->slot], scratch))
            return SPLIT_BROKEN;
    }
    return count;
}

size_t split_line(const struct split *how, struct slice line, const struct split_target *to,
                  struct arena *scratch)
{
    struct index_rules rules = {how->separator, how->separator, false, how->quoting, how->brackets};
    struct index index;

    if (how->separator == ' ') {
        rules.other = '\t';
        rules.runs = true;
    }
    if (!index_fill(&rules, line, &index))
        return split_with_care(how, line, to, scratch);
    return rules.runs ? take_words(how, line, &index, to, scratch)
                      : take_columns(how, line, &index, to, scratch);
}
