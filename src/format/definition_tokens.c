/* definition_tokens.c: words and quoted texts of a definition, and messages that say where. */
#include "format/definition_parser.h"

/* A message with file, line and the column of ${at}. */
bool parser_fail(struct parser *p, const char *at, const char *what, struct slice subject)
{
    return error_set(p->err, ERROR_SYNTAX, "%s:%zu:%zu: %s%s%.*s%s", p->f->file, p->number,
                     (size_t)(at - p->line.ptr) + 1, what, subject.len > 0 ? " '" : "",
                     SLICE_FMT(subject), subject.len > 0 ? "'" : "");
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
