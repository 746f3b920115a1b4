/* definition.c: reads a definition line by line; each keyword has one short function. */
#include "format/definition.h"

#include "base/buf.h"
#include "format/definition_parser.h"
#include "format/logformat.h"

#include <stdlib.h>
#include <string.h>

struct keyword {
    const char *name;
    bool (*parse)(struct parser *p);
};

static const char *keep(struct parser *p, struct slice s)
{
    return arena_copy(&p->f->arena, s).ptr;
}

static bool parse_id(struct parser *p)
{
    return (p->f->id = keep(p, slice_trim(p->rest))) != NULL || parser_fail_memory(p);
}

static bool parse_family(struct parser *p)
{
    return (p->f->family = keep(p, slice_trim(p->rest))) != NULL || parser_fail_memory(p);
}

static bool parse_title(struct parser *p)
{
    return (p->f->title = keep(p, slice_trim(p->rest))) != NULL || parser_fail_memory(p);
}

static bool parse_kind(struct parser *p)
{
    struct slice word = parser_word(p);

    if (!parser_kind(word, &p->f->kind))
        return parser_fail(p, word.ptr, "expected proxy, dns or identity, not", word);
    p->f->kinds |= 1U << p->f->kind;
    return true;
}

static bool parse_decoder(struct parser *p)
{
    static const struct decoder *const decoders[] = {
        &decode_delimited, &decode_headed, &decode_kv, &decode_json, &decode_template, NULL};
    struct slice word = parser_word(p);

    for (size_t i = 0; decoders[i] != NULL; i++)
        if (slice_is(word, decoders[i]->name)) {
            p->f->decoder = decoders[i];
            p->f->fault_line = p->number;
            p->f->fault_column = (size_t)(word.ptr - p->line.ptr) + 1;
            return true;
        }
    return parser_fail(p, word.ptr,
                       "expected the decoder delimited, headed, kv, json or template, not", word);
}

static bool parse_envelope(struct parser *p)
{
    struct slice word = parser_word(p);

    p->f->envelope = slice_is(word, "syslog");
    return p->f->envelope || parser_fail(p, word.ptr, "expected syslog, not", word);
}

static bool parse_encoding(struct parser *p)
{
    struct slice word = parser_word(p);

    p->f->encoding = encoding_find(word);
    return p->f->encoding != ENCODING_UNKNOWN ||
           parser_fail(p, word.ptr, "expected utf-8, cp932 or euc-jp, not", word);
}

static bool parse_separator(struct parser *p)
{
    static const struct {
        const char *name;
        char byte;
    } names[] = {{"blanks", ' '}, {"tab", '\t'}, {"comma", ','}, {"semicolon", ';'}, {"bar", '|'}};
    struct slice word = parser_word(p);

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_is(word, names[i].name)) {
            p->f->separator = names[i].byte;
            return true;
        }
    return parser_fail(p, word.ptr, "expected blanks, tab, comma, semicolon or bar, not", word);
}

static bool parse_columns(struct parser *p)
{
    for (struct slice word = parser_word(p); word.len > 0; word = parser_word(p)) {
        int column;

        if (slice_is(word, "...")) {
            p->f->open_end = true;
            p->f->least_columns = p->f->column_count;
            continue;
        }
        if (word.ptr[0] == '*') {
            if (p->f->spread_column >= 0)
                return parser_fail(p, word.ptr,
                                   "only one column may hold separators, and there is one before",
                                   word);
            word = slice_from(word, 1);
            p->f->spread_column = (int)p->f->column_count;
        }
        if (word.len > 0 && !slice_is(word, "-"))
            for (size_t i = 0; i < p->f->column_count; i++)
                if (slice_equal(p->f->columns[i], word))
                    return parser_fail(p, word.ptr, "this column stands there twice:", word);
        if (p->f->column_count == COLUMN_LIMIT)
            return parser_fail(p, word.ptr, "more columns than kage takes; from", word);
        column = (int)p->f->column_count++;
        p->f->columns[column] = arena_copy(&p->f->arena, word);
        p->f->slot_of[column] = -1;
        if (p->f->columns[column].ptr == NULL)
            return parser_fail_memory(p);
    }
    p->f->named_columns = p->f->column_count;
    if (!p->f->open_end)
        p->f->least_columns = p->f->column_count;
    return true;
}

static bool parse_quotes(struct parser *p)
{
    static const char *const names[] = {
        [QUOTE_NONE] = "none", [QUOTE_CSV] = "csv", [QUOTE_BACKSLASH] = "backslash"};
    struct slice word = parser_word(p);

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_is(word, names[i])) {
            p->f->quoting = (enum quoting)i;
            return true;
        }
    return parser_fail(p, word.ptr, "expected none, csv or backslash, not", word);
}

static bool parse_brackets(struct parser *p)
{
    struct slice word = parser_word(p);

    p->f->brackets = slice_is(word, "yes");
    return p->f->brackets || parser_fail(p, word.ptr, "expected yes, not", word);
}

static bool parse_header(struct parser *p)
{
    bool quoted;

    return parser_token(p, &p->f->header, &quoted) &&
           (p->f->header.len > 0 ||
            parser_fail(p, p->rest.ptr, "expected the text that headings begin with",
                        slice_of("", 0)));
}

static bool parse_assign(struct parser *p)
{
    bool quoted;

    return parser_token(p, &p->f->assign, &quoted);
}

static bool parse_open_values(struct parser *p)
{
    struct slice word = parser_word(p);

    p->f->open_values = slice_is(word, "yes");
    return p->f->open_values || parser_fail(p, word.ptr, "expected yes, not", word);
}

/* Several on a line or lines. */
static bool parse_comment(struct parser *p)
{
    struct slice *comment;
    bool quoted;

    do {
        if (p->f->comment_count == COMMENT_LIMIT)
            return parser_fail(p, p->rest.ptr, "more comments than kage takes", slice_of("", 0));
        comment = &p->f->comments[p->f->comment_count++];
        if (!parser_token(p, comment, &quoted))
            return false;
        if (comment->len == 0)
            return parser_fail(p, p->rest.ptr, "expected what comments begin with", *comment);
        parser_skip_blanks(p);
    } while (p->rest.len > 0);
    return true;
}

static bool parse_size(struct parser *p, size_t *out)
{
    struct slice word = parser_word(p);

    *out = 0;
    for (size_t i = 0; i < word.len; i++) {
        if (word.ptr[i] < '0' || word.ptr[i] > '9' || *out > 1000000)
            return parser_fail(p, word.ptr, "expected a number, not", word);
        *out = *out * 10 + (size_t)(word.ptr[i] - '0');
    }
    return word.len > 0 || parser_fail(p, word.ptr, "expected a number", word);
}

static bool parse_cut_at(struct parser *p)
{
    bool quoted;

    return parse_size(p, &p->f->cut_at) && parser_token(p, &p->f->cut_tail, &quoted);
}

static bool parse_precedence(struct parser *p)
{
    return parse_size(p, &p->f->precedence);
}

static bool parse_note(struct parser *p)
{
    if (p->f->note_count == NOTE_LIMIT)
        return parser_fail(p, p->line.ptr, "more notes than kage takes", slice_of("", 0));
    p->notes[p->f->note_count] = arena_copy(&p->f->arena, slice_trim(p->rest));
    return p->notes[p->f->note_count++].ptr != NULL || parser_fail_memory(p);
}

static bool parse_shape_record(struct parser *p)
{
    return parser_shape(p, SHAPE_RECORD);
}

static bool parse_shape_open(struct parser *p)
{
    return parser_shape(p, SHAPE_OPEN);
}

static bool parse_shape_reply(struct parser *p)
{
    return parser_shape(p, SHAPE_REPLY);
}

static bool parse_shape_outcome(struct parser *p)
{
    return parser_shape(p, SHAPE_OUTCOME);
}

static bool parse_shape_note(struct parser *p)
{
    return parser_shape(p, SHAPE_NOTE);
}

static bool parse_shape_end(struct parser *p)
{
    return parser_shape(p, SHAPE_END);
}

static bool parse_shape_skip(struct parser *p)
{
    return parser_shape(p, SHAPE_SKIP);
}

static bool parse_shape_claim(struct parser *p)
{
    return parser_shape(p, SHAPE_CLAIM);
}

static bool parse_must(struct parser *p)
{
    return parser_condition(p, false, true);
}

static bool parse_must_not(struct parser *p)
{
    return parser_condition(p, true, true);
}

static bool parse_where(struct parser *p)
{
    return parser_condition(p, false, false);
}

static bool parse_where_not(struct parser *p)
{
    return parser_condition(p, true, false);
}

static bool parse_sample(struct parser *p)
{
    struct sample *s = &p->f->samples[p->f->sample_count];

    if (p->f->sample_count == SAMPLE_LIMIT)
        return parser_fail(p, p->line.ptr, "more samples than kage takes", slice_of("", 0));
    parser_skip_blanks(p); /* so no sample begins with blanks */
    s->line = arena_copy(&p->f->arena, p->rest);
    s->definition_line = p->number;
    p->f->sample_count++;
    return s->line.ptr != NULL || parser_fail_memory(p);
}

static bool parse_expect(struct parser *p)
{
    struct sample *s;

    if (p->f->sample_count == 0)
        return parser_fail(p, p->line.ptr, "`expect` belongs behind a `sample`", slice_of("", 0));
    s = &p->f->samples[p->f->sample_count - 1];
    s->expect = arena_copy(&p->f->arena, slice_trim(p->rest));
    return s->expect.ptr != NULL || parser_fail_memory(p);
}

static bool parse_keyword(struct parser *p, struct slice word)
{
    static const struct keyword keywords[] = {
        {"format", parse_id},
        {"family", parse_family},
        {"title", parse_title},
        {"kind", parse_kind},
        {"decoder", parse_decoder},
        {"encoding", parse_encoding},
        {"envelope", parse_envelope},
        {"separator", parse_separator},
        {"columns", parse_columns},
        {"alias", parser_alias},
        {"quotes", parse_quotes},
        {"brackets", parse_brackets},
        {"header", parse_header},
        {"heading", parser_heading},
        {"assign", parse_assign},
        {"open-values", parse_open_values},
        {"comment", parse_comment},
        {"cut-at", parse_cut_at},
        {"precedence", parse_precedence},
        {"remark", parse_note},
        {"record", parse_shape_record},
        {"open", parse_shape_open},
        {"reply", parse_shape_reply},
        {"outcome", parse_shape_outcome},
        {"note", parse_shape_note},
        {"end", parse_shape_end},
        {"skip", parse_shape_skip},
        {"claim", parse_shape_claim},
        {"news", parser_news},
        {"set", parser_set},
        {"join", parser_join},
        {"where", parse_where},
        {"must", parse_must},
        {"must-not", parse_must_not},
        {"where-not", parse_where_not},
        {"sample", parse_sample},
        {"expect", parse_expect},
    };
    bool known, ok;

    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (slice_is(word, keywords[i].name))
            return keywords[i].parse(p);
    ok = logformat_parse(word, p, &known);
    if (known)
        return ok;
    return parser_fail(p, word.ptr, "no keyword or field (`kage help formats-guide` lists them)",
                       word);
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
        return parse_keyword(p, word);
    equals = parser_word(p);
    if (slice_is(equals, "="))
        return parser_rule(p, field);
    if (field != FIELD_KIND)
        return parser_fail(p, equals.ptr, "expected = behind the field", word);
    p->rest = slice_from(line, (size_t)(equals.ptr - line.ptr)); /* `kind dns`: the keyword */
    return parse_kind(p);
}

static bool allocate(struct parser *p)
{
    struct format *f = p->f;

    f->slot_count = ENVELOPE_SLOTS;
    f->spread_column = -1;
    f->rules = ARENA_NEW(&f->arena, struct rule, RULE_LIMIT);
    f->conditions = ARENA_NEW(&f->arena, struct condition, SHAPE_LIMIT);
    f->shapes = ARENA_NEW(&f->arena, struct shape, SHAPE_LIMIT);
    f->samples = ARENA_NEW(&f->arena, struct sample, SAMPLE_LIMIT);
    return (f->rules != NULL && f->conditions != NULL && f->shapes != NULL && f->samples != NULL) ||
           parser_fail_memory(p);
}

static bool is_blank(const char *text)
{
    return text == NULL || *text == '\0';
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

/* What every definition must say. */
static bool check_complete(struct parser *p)
{
    struct format *f = p->f;
    const char *missing = is_blank(f->id)       ? "format ID"
                          : is_blank(f->family) ? "family NAME"
                          : is_blank(f->title)  ? "title TEXT"
                          : f->kinds == 0       ? "kind proxy|dns|identity"
                          : f->decoder == NULL  ? "decoder NAME"
                                                : NULL;
    struct slice *notes = ARENA_NEW(&f->arena, struct slice, NOTE_LIMIT);

    if (missing != NULL)
        return error_set(p->err, ERROR_SYNTAX, "%s:%zu:1: the line `%s` is missing", f->file,
                         p->number, missing);
    if (notes == NULL)
        return parser_fail_memory(p);
    memcpy(notes, p->notes, sizeof p->notes);
    f->notes = notes;
    for (size_t i = 0; i < f->rule_count; i++)
        for (size_t s = 0; f->rules[i].field == FIELD_KIND && s < f->rules[i].step_count; s++)
            for (size_t a = 1; a < f->rules[i].steps[s].arg_count; a += 2)
                f->kinds |= parser_kind_bit(f->rules[i].steps[s].args[a]);
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
        buf_append(&joined, take_line(rest));
        *line = joined.failed ? slice_of(NULL, 0) : arena_copy(&p->f->arena, buf_slice(&joined));
    }
    buf_free(&joined);
    return more;
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

struct format *definition_parse(const char *file, struct slice text, struct error *err)
{
    struct format *f = calloc(1, sizeof *f);
    struct parser p = {.f = f, .err = err};
    struct slice line, rest;
    bool ok;

    if (f == NULL) {
        error_set_memory(err);
        return NULL;
    }
    ok = allocate(&p);
    f->file = arena_copy(&f->arena, slice_of_string(file)).ptr;
    f->source = rest = arena_copy(&f->arena, text);
    ok = ok && pass_mark(&p, &rest);
    while (ok && rest.len > 0) {
        size_t more = take_continued(&p, &line, &rest);

        p.number++;
        ok = line.ptr != NULL ? parser_line(&p, line) : parser_fail_memory(&p);
        p.number += more;
    }
    if (ok && set_names(&p) && check_complete(&p))
        return f;
    definition_free(f);
    return NULL;
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
