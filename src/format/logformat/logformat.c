/* logformat.c: a server's own format string into lines of a definition. */
#include "format/logformat/logformat.h"

#include "format/definition/definition_parser.h"
#include "format/logformat/logformat_internal.h"

bool logformat_fail(struct logformat_builder *b, const char *why, struct slice subject)
{
    size_t at = subject.len == 0 ? 0 : slice_find_slice(b->p->rest, subject);

    return parser_fail(b->p, b->p->rest.ptr + (at < b->p->rest.len ? at : 0), why, subject);
}

bool logformat_put_line(struct logformat_builder *b, struct buf *line)
{
    struct slice whole = b->p->line, rest = b->p->rest;
    bool ok;

    b->p->generated = true;
    ok = !line->failed ? parser_line(b->p, buf_slice(line)) : parser_fail_memory(b->p);
    b->p->generated = false;
    b->p->line = whole;
    b->p->rest = rest;
    buf_reset(line);
    return ok;
}

/* The columns of a mapping line, the first of them; NULL where one is not there. */
static const struct logformat_column *columns_of(const struct logformat_builder *b,
                                                 struct slice names)
{
    const struct logformat_column *first = NULL, *column;
    struct slice name;

    while (names.len > 0) {
        slice_cut(names, '+', &name, &names);
        column = logformat_find_column(b, name);
        if (column == NULL)
            return NULL;
        first = first == NULL ? column : first;
    }
    return first;
}

static bool put_rule(struct logformat_builder *b, const struct logformat_rule *rule)
{
    struct slice rest = slice_of_string(rule->line), field, sign, names, before, after;
    const struct logformat_column *column;

    slice_cut(rest, ' ', &field, &rest);
    slice_cut(rest, ' ', &sign, &rest);
    slice_cut(rest, ' ', &names, &after);
    column = columns_of(b, names);
    if (column == NULL ||
        (rule->unless != NULL && logformat_find_column(b, slice_of_string(rule->unless)) != NULL))
        return true;
    buf_append_string(&b->record, rule->line);
    if (slice_cut(slice_of_string(rule->line), '@', &before, &after)) {
        buf_reset(&b->record);
        buf_append(&b->record, before);
        buf_append_string(&b->record, column->undo);
        buf_append(&b->record, after);
    }
    return logformat_put_line(b, &b->record);
}

static bool build(struct logformat_builder *b, struct slice text)
{
    bool ok = logformat_split(b, text) && logformat_put_record(b) && logformat_put_times(b);

    for (const struct logformat_rule *rule = b->dialect->rules; ok && rule->line != NULL; rule++)
        ok = put_rule(b, rule);
    return ok;
}

/* The format of the rest of the line; the decoder is the one for templates. */
static bool parse(struct parser *p, const struct logformat_dialect *dialect)
{
    struct logformat_builder b = {.p = p, .dialect = dialect};
    struct buf text = {0};
    struct slice kept;
    const char *why;
    bool ok;

    if (p->f->decoder != NULL && p->f->decoder != &decode_template)
        return parser_fail(p, p->line.ptr, "a format string needs the decoder template",
                           slice_of("", 0));
    p->f->decoder = &decode_template;
    p->f->from_server = true;
    p->f->fault_line = p->number;
    p->f->fault_column = 1;
    why = dialect->unwrap(slice_trim(p->rest), &text);
    if (why == NULL && text.len == 0)
        why = "expected a format string, as in the server's configuration";
    kept = arena_copy(&p->f->arena, buf_slice(&text));
    if (why != NULL)
        ok = logformat_fail(&b, why, slice_of("", 0));
    else if (text.failed || kept.ptr == NULL)
        ok = parser_fail_memory(p);
    else
        ok = build(&b, kept);
    for (size_t i = 0; i < b.when_count; i++) {
        buf_free(&b.whens[i].parts.pattern);
        buf_free(&b.whens[i].columns);
    }
    buf_free(&b.record);
    buf_free(&text);
    return ok;
}

static const struct logformat_dialect *dialect_of(struct slice keyword)
{
    static const struct logformat_dialect *const dialects[] = {
        &logformat_squid, &logformat_apache,  &logformat_apache_custom,
        &logformat_nginx, &logformat_haproxy, NULL};

    for (size_t i = 0; dialects[i] != NULL; i++)
        if (slice_is(keyword, dialects[i]->keyword))
            return dialects[i];
    return NULL;
}

bool logformat_goes_on(struct slice line)
{
    const struct logformat_dialect *dialect;
    struct slice trimmed = slice_trim(line), word, rest;

    slice_cut(trimmed, ' ', &word, &rest);
    dialect = dialect_of(word);
    if (dialect == &logformat_nginx)
        return logformat_nginx_goes_on(rest);
    return dialect != NULL && slice_ends_with(line, SLICE("\\"));
}

/* Is it a line that says which format a log has, by its name? */
static bool names_format(struct slice keyword, struct slice rest)
{
    return slice_is(keyword, "access_log") ||
           (slice_is(keyword, "CustomLog") && slice_find(rest, '%') == rest.len);
}

bool logformat_parse(struct slice keyword, struct parser *p, bool *known)
{
    const struct logformat_dialect *dialect = dialect_of(keyword);

    parser_skip_blanks(p);
    if (names_format(keyword, p->rest)) {
        *known = true;
        return p->f->shape_count > 0 || /* the format stands there */
               parser_fail(p, p->line.ptr,
                           "expected the line of the format that this one names before it; formats "
                           "that the server itself knows are built in (`kage formats`)",
                           slice_of("", 0));
    }
    *known = dialect != NULL;
    if (dialect == NULL)
        return false;
    if (dialect == &logformat_nginx && logformat_nginx_is_raw(p->rest))
        dialect = &logformat_nginx_raw;
    return parse(p, dialect);
}
