/* definition_tokens.c: words and quoted texts of a definition, and messages that say where. */
#include "format/definition/definition_parser.h"

#include <stdint.h>
#include <stdio.h>

enum { NEAR = 2, NEAR_BYTES = 24 };

/* The text without its end, where it ends so. */
static void cut_end(struct slice *text, struct slice end)
{
    if (slice_ends_with(*text, end))
        text->len -= end.len;
}

/* A message with file, line and the column of ${at}. */
bool parser_fail(struct parser *p, const char *at, const char *what, struct slice subject)
{
    struct slice text = slice_of_string(what);
    size_t offset = (size_t)(at - p->line.ptr), more = 0, begin = 0;

    if (p->line.ptr == p->joined)
        for (; more < p->continued && p->begins[more] <= offset; more++)
            begin = p->begins[more];
    if (subject.len == 0) {
        cut_end(&text, SLICE(", not"));
        cut_end(&text, SLICE(":"));
    }
    return error_set(p->err, ERROR_SYNTAX, "%s:%zu:%zu: %.*s%s%.*s%s", p->f->file, p->number + more,
                     offset - begin + 1, SLICE_FMT(text), subject.len > 0 ? " '" : "",
                     SLICE_FMT(subject), subject.len > 0 ? "'" : "");
}

/* Are they one letter, in either case? */
static bool is_same(char a, char b)
{
    return slice_equal_nocase(slice_of(&a, 1), slice_of(&b, 1));
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters must be put in, taken out or changed to make one word the other (Levenshtein),
 * in either case; words are short. */
static size_t distance(struct slice a, struct slice b)
{
    size_t row[NEAR_BYTES + 1], corner, above;

    for (size_t k = 0; k <= b.len; k++)
        row[k] = k;
    for (size_t i = 0; i < a.len; i++) {
        corner = row[0];
        row[0] = i + 1;
        for (size_t k = 0; k < b.len; k++) {
            above = row[k + 1];
            row[k + 1] = least(least(above, row[k]) + 1, corner + !is_same(a.ptr[i], b.ptr[k]));
            corner = above;
        }
    }
    return row[b.len];
}

/* The name that was likely meant, or NULL. */
static const char *nearest(struct slice word, const char *(*name_at)(size_t index))
{
    const char *best = NULL, *name;
    size_t closest = NEAR + 1;

    for (size_t i = 0; word.len <= NEAR_BYTES && (name = name_at(i)) != NULL; i++) {
        struct slice other = slice_of_string(name);
        size_t apart = other.len > NEAR_BYTES ? SIZE_MAX : distance(word, other);

        if (apart < closest && apart * 2 < other.len) {
            closest = apart;
            best = name;
        }
    }
    return best;
}

bool parser_fail_name(struct parser *p, struct slice word, const char *what, const char *help,
                      const char *(*name_at)(size_t index))
{
    const char *near = nearest(word, name_at);
    char text[160];

    if (near != NULL)
        snprintf(text, sizeof text, "%s (did you mean %s? `%s` lists them)", what, near, help);
    else
        snprintf(text, sizeof text, "%s (`%s` lists them)", what, help);
    return parser_fail(p, word.ptr, text, word);
}

bool parser_fail_memory(struct parser *p)
{
    return error_set_memory(p->err);
}

void parser_skip_blanks(struct parser *p)
{
    while (p->rest.len > 0 && (p->rest.ptr[0] == ' ' || p->rest.ptr[0] == '\t'))
        p->rest = slice_from(p->rest, 1);
}

/* The next word, up to a blank. */
struct slice parser_word(struct parser *p)
{
    struct slice word;

    parser_skip_blanks(p);
    word = p->rest;
    word.len = 0;
    while (word.len < p->rest.len && word.ptr[word.len] != ' ' && word.ptr[word.len] != '\t')
        word.len++;
    p->rest = slice_from(p->rest, word.len);
    return word;
}

/* A text in quotes, with \" and \\ undone. Call where the next byte is a quote. */
static bool next_quoted(struct parser *p, struct slice *out)
{
    const char *start = p->rest.ptr;
    char *text = ARENA_NEW(&p->f->arena, char, p->rest.len);
    size_t n = 0;

    if (text == NULL)
        return parser_fail_memory(p);
    for (p->rest = slice_from(p->rest, 1); p->rest.len > 0; p->rest = slice_from(p->rest, 1)) {
        char c = p->rest.ptr[0];

        if (c == '"') {
            p->rest = slice_from(p->rest, 1);
            *out = slice_of(text, n);
            return true;
        }
        if (c == '\\' && p->rest.len > 1 && (p->rest.ptr[1] == '"' || p->rest.ptr[1] == '\\')) {
            p->rest = slice_from(p->rest, 1);
            c = p->rest.ptr[0];
        }
        text[n++] = c;
    }
    return parser_fail(p, start, "this quote is not closed", slice_of("", 0));
}

/* A word or a text in quotes; ${quoted} tells. ${out} is empty at the end of the line. */
bool parser_token(struct parser *p, struct slice *out, bool *quoted)
{
    parser_skip_blanks(p);
    *quoted = p->rest.len > 0 && p->rest.ptr[0] == '"';
    if (*quoted)
        return next_quoted(p, out);
    *out = parser_word(p);
    return true;
}
