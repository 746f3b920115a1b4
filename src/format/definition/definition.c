/* definition.c: reads a definition line by line, and holds the whole against what it must say. */
#include "format/definition/definition.h"

#include "base/buf.h"
#include "base/word.h"
#include "format/definition/definition_parser.h"
#include "format/logformat/logformat.h"

#include <stdlib.h>
#include <string.h>

_Static_assert((int)EMBEDDED_SLACK >= (int)WIDE_SLACK,
               "what is built in is read like what stands in an arena");

static const char *keep(struct parser *p, struct slice s)
{
    return arena_copy(&p->f->arena, s).ptr;
}

bool parser_line(struct parser *p, struct slice line)
{
    struct slice word, equals;
    enum field field;

    p->line = p->rest = line;
    word = parser_word(p);
    if (word.len == 0 || word.ptr[0] == '#')
        return true;
    field = field_find(word);
    if (field == FIELD_COUNT)
        return parser_keyword(p, word);
    equals = parser_word(p);
    if (slice_is(equals, "="))
        return parser_rule(p, field);
    if (slice_starts_with(equals, SLICE("=")))
        return parser_fail(p, equals.ptr, "expected = and a blank behind the field, not", equals);
    if (field != FIELD_KIND)
        return parser_fail(p, equals.ptr, "expected = behind the field", word);
    p->rest = slice_from(line, (size_t)(equals.ptr - line.ptr)); /* `kind dns`: the keyword */
    return parser_keyword(p, word);
}

/* Lists of all that there may be. */
static bool allocate(struct parser *p)
{
    struct format *f = p->f;

    f->slot_count = ENVELOPE_SLOTS;
    f->spread_column = -1;
    f->rules = ARENA_NEW(&p->lists, struct rule, RULE_LIMIT);
    f->conditions = ARENA_NEW(&p->lists, struct condition, SHAPE_LIMIT);
    f->shapes = ARENA_NEW(&p->lists, struct shape, SHAPE_LIMIT);
    f->samples = ARENA_NEW(&p->lists, struct sample, SAMPLE_LIMIT);
    return (format_has_room_for_columns(f, &p->lists) && f->rules != NULL &&
            f->conditions != NULL && f->shapes != NULL && f->samples != NULL) ||
           parser_fail_memory(p);
}

/* Lists of what there is: definitions are many, and most need a tenth of what they may. */
static bool keep_lists(struct parser *p)
{
    struct format *f = p->f;
    struct arena *a = &f->arena;

    f->rules = arena_copy_array(a, f->rules, sizeof *f->rules, f->rule_count);
    f->conditions = arena_copy_array(a, f->conditions, sizeof *f->conditions, f->condition_count);
    f->shapes = arena_copy_array(a, f->shapes, sizeof *f->shapes, f->shape_count);
    f->samples = arena_copy_array(a, f->samples, sizeof *f->samples, f->sample_count);
    return (f->rules != NULL && f->conditions != NULL && f->shapes != NULL && f->samples != NULL) ||
           parser_fail_memory(p);
}

/* The same of the columns, when no more are added. */
static bool keep_columns(struct parser *p)
{
    struct format *f = p->f;
    struct arena *a = &f->arena;

    f->columns = arena_copy_array(a, f->columns, sizeof *f->columns, f->column_count);
    f->slot_of = arena_copy_array(a, f->slot_of, sizeof *f->slot_of, f->column_count);
    return (f->columns != NULL && f->slot_of != NULL) || parser_fail_memory(p);
}

/* The file's name without folder and ending; the whole where nothing is left. */
static struct slice stem_of(const char *file)
{
    struct slice name = slice_of_string(file);
    size_t from = 0, end = name.len;

    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] == '/')
            from = i + 1;
    for (size_t i = from; i < name.len; i++)
        if (name.ptr[i] == '.')
            end = i;
    return end > from ? slice_of(name.ptr + from, end - from) : name;
}

/* The names that a definition need not say. */
static bool set_names(struct parser *p)
{
    struct format *f = p->f;

    if (f->id == NULL && (f->id = keep(p, stem_of(f->file))) == NULL)
        return parser_fail_memory(p);
    f->family = f->family == NULL ? f->id : f->family;
    f->title = f->title == NULL ? f->id : f->title;
    return true;
}

/* ${why}: what it would say. */
static bool fail_missing(const struct format *f, const char *missing, const char *why,
                         struct error *err)
{
    return error_set(err, ERROR_SYNTAX, "%s:%zu:1: the line `%s` is missing: %s", f->file,
                     f->last_line == 0 ? 1 : f->last_line, missing, why);
}

/* What every definition must say. */
static bool check_complete(struct parser *p)
{
    struct format *f = p->f;
    struct slice *notes = ARENA_NEW(&f->arena, struct slice, NOTE_LIMIT);

    if (f->kinds == 0)
        return fail_missing(f, "kind proxy|dns|identity", "what a record is", p->err);
    if (f->decoder == NULL)
        return fail_missing(f, "decoder NAME",
                            "how lines are cut (delimited, headed, kv, json or template)", p->err);
    if (!parser_check_keywords(p))
        return false;
    if (notes == NULL)
        return parser_fail_memory(p);
    memcpy(notes, p->notes, sizeof p->notes);
    f->notes = notes;
    for (size_t i = 0; i < f->rule_count; i++)
        for (size_t s = 0; f->rules[i].field == FIELD_KIND && s < f->rules[i].step_count; s++)
            for (size_t a = 1; a < f->rules[i].steps[s].arg_count; a += 2)
                f->kinds |= parser_kind_bit(f->rules[i].steps[s].args[a]);
    if ((f->kinds & 1U << RECORD_IDENTITY) != 0 && (f->fields & FIELD_BIT(FIELD_ELAPSED)) != 0)
        f->fields |= FIELD_BIT(FIELD_TS_END); /* the stamp and how long */
    if (!f->decoder->prepare(f, p->err)) {
        error_context(p->err, "%s:%zu:%zu", f->file, f->fault_line, f->fault_column);
        return false;
    }
    return true;
}

/* The next line of ${rest}, without its end. */
static struct slice take_line(struct slice *rest)
{
    struct slice line;

    slice_cut(*rest, '\n', &line, rest);
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

/* A line together with those that it goes on in. Returns: how many these are; ${line} has no bytes
 * at NULL where memory is out. */
static size_t take_continued(struct parser *p, struct slice *line, struct slice *rest)
{
    struct buf joined = {0};
    size_t more = 0;

    for (*line = take_line(rest); rest->len > 0 && logformat_goes_on(*line); more++) {
        bool backslash = slice_ends_with(*line, SLICE("\\"));

        buf_reset(&joined);
        buf_append(&joined, slice_of(line->ptr, line->len - (backslash ? 1 : 0)));
        buf_append_string(&joined, backslash ? "" : " ");
        if (more < CONTINUED_LIMIT)
            p->begins[more] = joined.len;
        buf_append(&joined, take_line(rest));
        *line = joined.failed ? slice_of(NULL, 0) : arena_copy(&p->f->arena, buf_slice(&joined));
        p->joined = line->ptr;
    }
    buf_free(&joined);
    p->continued = more < CONTINUED_LIMIT ? more : CONTINUED_LIMIT;
    return more;
}

/* Lines are text, each with its own end. */
static bool check_bytes(struct parser *p, struct slice line)
{
    p->line = line;
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] == '\0')
            return parser_fail(p, line.ptr + i, "a NUL byte; expected text", slice_of("", 0));
        if (line.ptr[i] == '\r')
            return parser_fail(
                p, line.ptr + i,
                "a carriage return on its own; expected lines that end with a newline",
                slice_of("", 0));
    }
    return true;
}

/* Past the byte-order mark that Windows editors write. */
static bool pass_mark(struct parser *p, struct slice *text)
{
    if (slice_starts_with(*text, SLICE("\xff\xfe")) || slice_starts_with(*text, SLICE("\xfe\xff")))
        return error_set(p->err, ERROR_SYNTAX, "%s:1:1: this is UTF-16; expected UTF-8",
                         p->f->file);
    if (slice_starts_with(*text, SLICE("\xef\xbb\xbf")))
        *text = slice_from(*text, 3);
    return true;
}

static struct format *create(const char *file, struct error *err)
{
    struct format *f = calloc(1, sizeof *f);

    if (f == NULL)
        error_set_memory(err);
    else
        f->file = arena_copy(&f->arena, slice_of_string(file)).ptr;
    return f;
}

/* ${f}, or NULL, with what ${text} says; it has WIDE_SLACK readable bytes behind it and lives
 * longer. */
static struct format *parse(struct format *f, struct slice text, struct error *err)
{
    struct parser p = {.f = f, .err = err};
    struct slice line, rest = text;
    bool ok;

    if (f == NULL)
        return NULL;
    f->source = text;
    ok = allocate(&p) && pass_mark(&p, &rest);
    while (ok && rest.len > 0) {
        size_t more = take_continued(&p, &line, &rest);

        p.number++;
        ok = line.ptr != NULL ? check_bytes(&p, line) && parser_line(&p, line)
                              : parser_fail_memory(&p);
        p.number += more;
    }
    f->last_line = p.number;
    ok = ok && set_names(&p) && keep_lists(&p) && check_complete(&p) && keep_columns(&p);
    arena_free(&p.lists);
    if (ok)
        return f;
    definition_free(f);
    return NULL;
}

struct format *definition_parse(const char *file, struct slice text, struct error *err)
{
    struct format *f = create(file, err);

    return parse(f, f == NULL ? text : arena_copy(&f->arena, text), err);
}

struct format *definition_parse_embedded(const struct embedded_file *file, struct error *err)
{
    return parse(create(file->name, err), slice_of(file->bytes, file->len), err);
}

bool definition_check_use(const struct format *f, struct error *err)
{
    const unsigned requests = 1U << RECORD_PROXY | 1U << RECORD_DNS;
    const uint32_t place = FIELD_BIT(FIELD_HOST) | FIELD_BIT(FIELD_DEST_IP);

    if ((f->kinds & requests) == 0)
        return (f->fields & FIELD_BIT(FIELD_CLIENT)) != 0 ||
               fail_missing(f, "client = COLUMN", "which address somebody had", err);
    if ((f->fields & place) == 0)
        return fail_missing(f, "host = COLUMN",
                            "where a request went (`url-host` takes the host from a URL)", err);
    return (f->fields & FIELD_BIT(FIELD_TS)) != 0 || f->from_server ||
           fail_missing(f, "ts = COLUMN rfc3339", "when it was (rfc3339 or another time)", err);
}

void definition_free(struct format *f)
{
    struct arena arena;

    if (f == NULL)
        return;
    arena = f->arena;
    arena_free(&arena);
    free(f);
}
