/* logformat_record.c: the pieces of a format string as a template. */
#include "format/definition/definition_parser.h"
#include "format/logformat/logformat_internal.h"

#include <stdio.h>
#include <string.h>

const struct logformat_column *logformat_find_column(const struct logformat_builder *b,
                                                     struct slice name)
{
    for (size_t i = 0; i < b->column_count; i++)
        if (slice_is(name, b->columns[i].name))
            return &b->columns[i];
    return NULL;
}

static void add_column(struct logformat_builder *b, struct slice name,
                       const struct logformat_piece *piece)
{
    struct logformat_column *column;

    if (b->column_count == LOGFORMAT_PIECES || logformat_find_column(b, name) != NULL)
        return;
    column = &b->columns[b->column_count++];
    snprintf(column->name, sizeof column->name, "%.*s", SLICE_FMT(name));
    column->undo = piece->undo;
}

static bool is_last(const struct logformat_builder *b, const struct logformat_piece *piece)
{
    return piece == &b->pieces[b->count - 1];
}

/* What the text behind the piece begins with; NUL at the end. */
static char byte_behind(const struct logformat_builder *b, const struct logformat_piece *piece)
{
    if (is_last(b, piece) || piece[1].text.len == 0)
        return '\0';
    return piece[1].text.ptr[0];
}

static bool stands_in_quotes(const struct logformat_builder *b, const struct logformat_piece *piece)
{
    return piece->escaped && piece > b->pieces && !piece[-1].is_code &&
           slice_ends_with(piece[-1].text, SLICE("\"")) && byte_behind(b, piece) == '"';
}

static const char *hole_of(const struct logformat_builder *b, const struct logformat_piece *piece)
{
    for (const struct logformat_code *c = b->dialect->codes; c->code != NULL; c++)
        if (slice_is(piece->code, c->code))
            return c->hole;
    return ":text";
}

/* A code that kage gives no meaning is a column under its own name, with its argument behind a dot,
 * so that a mapping line may use it; empty where that makes no name. */
static struct slice own_name(const struct logformat_piece *piece, char text[LOGFORMAT_NAME_BYTES])
{
    static const char no_name[] = " \t:{}+\"";
    int n = snprintf(text, LOGFORMAT_NAME_BYTES, "%.*s%s%.*s", SLICE_FMT(piece->code),
                     piece->argument.len > 0 ? "." : "", SLICE_FMT(piece->argument));

    return n < 0 || n >= LOGFORMAT_NAME_BYTES || strcspn(text, no_name) != (size_t)n
               ? slice_of("", 0)
               : slice_of(text, (size_t)n);
}

/* Blanks end a column, a bar cannot stand in a pattern, and ${behind} would end one as well. */
static bool ends_column(char c, char behind)
{
    return c == ' ' || c == '\t' || c == '|' || (c == behind && c != '%');
}

/* The next column of a time. */
static void add_time_column(struct logformat_builder *b, struct logformat_when *when,
                            const char *name, unsigned char part)
{
    char column[LOGFORMAT_NAME_BYTES + 8];

    snprintf(column, sizeof column, part == 1 ? "%s" : "%s_%d", name, part);
    add_column(b, slice_of_string(column), when->piece);
    buf_printf(&when->columns, "%s%s", part == 1 ? "" : "+", column);
    buf_printf(&b->record, "{%s}", column);
}

/*
 * The columns of a time: one for each part between blanks, for only so its end is sure. They are
 * put together with a blank between them, and so is the pattern: `30/Sep/2026;10:00` before a
 * semicolon becomes {time};{time_2}, read as "%d/%b/%Y %H:%M".
 */
static void add_time_columns(struct logformat_builder *b, struct logformat_when *when,
                             const char *name, char behind)
{
    struct buf *pattern = &when->parts.pattern;
    bool open = false;
    unsigned char part = 0;

    if (pattern->len == 0)
        add_time_column(b, when, name, 1);
    for (size_t i = 0; i < pattern->len; i++) {
        char c = pattern->ptr[i];
        bool ends = ends_column(c, behind);

        if (ends) {
            buf_append_byte(&b->record, c);
            pattern->ptr[i] = ' ';
        } else if (!open) {
            add_time_column(b, when, name, ++part);
        }
        open = !ends;
    }
}

/* A time, whose pattern is looked at now. */
static bool add_when(struct logformat_builder *b, const struct logformat_piece *piece)
{
    struct logformat_when *when = &b->whens[b->when_count];
    char name[LOGFORMAT_NAME_BYTES];
    const char *why = NULL;

    if (b->when_count == LOGFORMAT_STAMPS)
        return logformat_fail(b, "more times than kage takes; from", piece->text);
    snprintf(name, sizeof name, b->when_count == 0 ? "time" : "time%zu", b->when_count + 1);
    *when = (struct logformat_when){.piece = piece};
    b->when_count++;
    if (piece->time == LOGFORMAT_STAMP)
        why = logformat_stamp_of(piece->pattern, &when->parts);
    if (why != NULL)
        return logformat_fail(b, why, piece->text);
    if (piece->bracketed)
        add_time_columns(b, when, name, ']');
    else
        add_time_columns(b, when, name, byte_behind(b, piece));
    if (piece->zone_may_follow)
        buf_append_string(&b->record, "{? +0000}");
    return true;
}

/* The hole of a code. Of two of the same name the first is kept. A list of addresses holds blanks
 * behind its commas. */
static bool add_hole(struct logformat_builder *b, const struct logformat_piece *piece)
{
    struct slice hole = slice_of_string(hole_of(b, piece)), name, class;
    char own[LOGFORMAT_NAME_BYTES];

    if (piece->time != LOGFORMAT_NO_TIME && piece->time != LOGFORMAT_FRACTION)
        return add_when(b, piece);
    slice_cut(hole, ':', &name, &class);
    if (name.len == 0)
        name = own_name(piece, own);
    if (logformat_find_column(b, name) != NULL)
        name.len = 0;
    if (piece->class != NULL && !slice_is(class, "list"))
        class = slice_of_string(piece->class);
    if (slice_is(class, "text") && stands_in_quotes(b, piece))
        class = SLICE("quoted");
    if (name.len > 0)
        add_column(b, name, piece);
    if (slice_is(class, "list") && byte_behind(b, piece) == ' ') {
        buf_printf(&b->record, "{%.*s}{?, {}}{?, {}}{?, {}}", SLICE_FMT(name));
        return true;
    }
    if (slice_is(class, "list"))
        class = SLICE("text");
    buf_printf(&b->record, "{%.*s%s%.*s}", SLICE_FMT(name), class.len == 0 ? "" : ":",
               SLICE_FMT(class));
    return true;
}

static bool ends_in(const struct buf *text, char byte)
{
    return text->len > 0 && text->ptr[text->len - 1] == byte;
}

/* A value that may be missing together with the blank behind it. */
static bool add_vanishing(struct logformat_builder *b, struct logformat_piece *piece)
{
    buf_append_string(&b->record, "{?");
    if (!add_hole(b, piece))
        return false;
    buf_append_string(&b->record, " }");
    piece[1].text = slice_from(piece[1].text, 1);
    return true;
}

static bool add_code(struct logformat_builder *b, struct logformat_piece *piece)
{
    const char *before = piece->bracketed ? "[" : piece->quoted ? "\"" : "";
    const char *after = piece->bracketed ? "]" : piece->quoted ? "\"" : "";

    if (piece->vanishes && byte_behind(b, piece) == ' ')
        return add_vanishing(b, piece);
    if (piece->padded && !ends_in(&b->record, ' '))
        buf_append_string(&b->record, "{? }");
    buf_append_string(&b->record, before);
    if (!add_hole(b, piece))
        return false;
    buf_append_string(&b->record, after);
    if (piece->padded && byte_behind(b, piece) != ' ' && !is_last(b, piece))
        buf_append_string(&b->record, "{? }");
    return true;
}

static void add_literal(struct logformat_builder *b, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '{' || text.ptr[i] == '}')
            buf_append_byte(&b->record, text.ptr[i]);
        buf_append_byte(&b->record, text.ptr[i]);
    }
}

/* Values with nothing between them cannot be told apart. */
static bool check_apart(struct logformat_builder *b, size_t at)
{
    const struct logformat_piece *piece = &b->pieces[at];
    bool ends = piece->bracketed || piece->quoted;

    if (at == 0 || !piece->is_code || !piece[-1].is_code || ends || piece[-1].bracketed ||
        piece[-1].quoted)
        return true;
    return logformat_fail(b,
                          "nothing stands between this code and the one before, put a blank there "
                          "in the server's configuration, too:",
                          piece->text);
}

/* The same with any text in place of quoted ones: some versions escape no quotes. */
static bool put_lenient(struct logformat_builder *b, struct slice record)
{
    const struct slice strict = SLICE(":quoted}");
    struct buf line = {0};
    size_t at;
    bool ok;

    for (; (at = slice_find_slice(record, strict)) < record.len;
         record = slice_from(record, at + strict.len)) {
        buf_append(&line, slice_of(record.ptr, at));
        buf_append_string(&line, ":text}");
    }
    buf_append(&line, record);
    ok = logformat_put_line(b, &line);
    buf_free(&line);
    return ok;
}

bool logformat_put_record(struct logformat_builder *b)
{
    bool codes = false, ok;
    struct slice record;

    buf_append_string(&b->record, "record ");
    for (size_t i = 0; i < b->count; i++) {
        struct logformat_piece *piece = &b->pieces[i];

        codes |= piece->is_code;
        if (!check_apart(b, i) || (piece->is_code && !add_code(b, piece)))
            return false;
        if (!piece->is_code)
            add_literal(b, piece->text);
    }
    if (!codes)
        return logformat_fail(b,
                              "expected a format string with codes, as in the server's "
                              "configuration",
                              slice_of("", 0));
    record = arena_copy(&b->p->f->arena, buf_slice(&b->record));
    ok = logformat_put_line(b, &b->record);
    if (!ok || slice_find_slice(record, SLICE(":quoted}")) == record.len)
        return ok;
    return put_lenient(b, record);
}
