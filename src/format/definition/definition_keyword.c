/* definition_keyword.c: the keywords of a definition, one short function each. */
#include "base/buf.h"
#include "format/definition/definition_parser.h"
#include "format/logformat/logformat.h"

#include <stdio.h>
#include <string.h>

/* Decoders that a keyword belongs to. */
enum {
    FOR_DELIMITED = 1,
    FOR_HEADED = 2,
    FOR_KV = 4,
    FOR_JSON = 8,
    FOR_TEMPLATE = 16,
    FOR_COLUMNS = FOR_DELIMITED | FOR_HEADED,
    FOR_CUT = FOR_COLUMNS | FOR_KV,
    FOR_NAMED = FOR_HEADED | FOR_KV | FOR_JSON,
    FOR_ALL = FOR_CUT | FOR_JSON | FOR_TEMPLATE
};

/* The rest of the line, which must not be empty, for a user to read. */
static bool parse_name(struct parser *p, const char *what, const char **out)
{
    struct slice name = slice_trim(p->rest);

    if (name.len == 0)
        return parser_fail(p, p->rest.ptr, what, name);
    *out = arena_copy(&p->f->arena, name).ptr;
    return *out != NULL || parser_fail_memory(p);
}

/* An id is also a word of options and lists. */
static bool parse_id(struct parser *p)
{
    struct slice name = slice_trim(p->rest);

    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] == ' ' || name.ptr[i] == '\t' || name.ptr[i] == ',' || name.ptr[i] == '/')
            return parser_fail(p, name.ptr,
                               "an id is one word, without blanks, commas and slashes, not", name);
    return parse_name(p, "expected the id of the format behind the keyword", &p->f->id);
}

static bool parse_family(struct parser *p)
{
    return parse_name(p, "expected the name of the family behind the keyword", &p->f->family);
}

static bool parse_title(struct parser *p)
{
    return parse_name(p, "expected the title behind the keyword", &p->f->title);
}

static bool parse_kind(struct parser *p)
{
    struct slice word = parser_word(p);

    if (!parser_kind(word, &p->f->kind))
        return parser_fail(p, word.ptr, "expected proxy, dns or identity, not", word);
    p->f->kinds |= 1U << p->f->kind;
    return true;
}

/* What a definition may name as its decoder. */
static const struct {
    const struct decoder *decoder;
    unsigned bit;
} decoders[] = {{&decode_delimited, FOR_DELIMITED},
                {&decode_headed, FOR_HEADED},
                {&decode_kv, FOR_KV},
                {&decode_json, FOR_JSON},
                {&decode_template, FOR_TEMPLATE}};

enum { DECODER_COUNT = sizeof decoders / sizeof *decoders };

static bool parse_decoder(struct parser *p)
{
    struct slice word = parser_word(p);

    for (size_t i = 0; i < DECODER_COUNT; i++)
        if (slice_is(word, decoders[i].decoder->name)) {
            p->f->decoder = decoders[i].decoder;
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

    p->f->untagged = slice_is(word, "untagged");
    p->f->envelope = p->f->untagged || slice_is(word, "syslog");
    return p->f->envelope || parser_fail(p, word.ptr, "expected syslog or untagged, not", word);
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
    parser_skip_blanks(p);
    p->f->columns_line = p->number;
    p->f->columns_column = (size_t)(p->rest.ptr - p->line.ptr) + 1;
    if (p->rest.len == 0)
        return parser_fail(p, p->rest.ptr, "expected the names of the columns, in their order",
                           p->rest);
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

    return parser_token(p, &p->f->assign, &quoted) &&
           (p->f->assign.len > 0 ||
            parser_fail(p, p->rest.ptr, "expected the text between a key and its value", p->rest));
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

static bool parse_shape_own(struct parser *p)
{
    return parser_shape(p, SHAPE_OWN);
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

/* Which decoders a keyword belongs to, whether it may stand there once only, and whether it takes
 * all of its line. */
struct keyword {
    const char *name;
    bool (*parse)(struct parser *p);
    unsigned decoders;
    bool once, whole;
};

static const struct keyword keywords[] = {
    {"format", parse_id, FOR_ALL, true, true},
    {"family", parse_family, FOR_ALL, true, true},
    {"title", parse_title, FOR_ALL, true, true},
    {"kind", parse_kind, FOR_ALL, true, false},
    {"decoder", parse_decoder, FOR_ALL, true, false},
    {"encoding", parse_encoding, FOR_ALL, true, false},
    {"envelope", parse_envelope, FOR_ALL, true, false},
    {"separator", parse_separator, FOR_CUT, true, false},
    {"columns", parse_columns, FOR_COLUMNS, true, true},
    {"alias", parser_alias, FOR_NAMED, false, true},
    {"quotes", parse_quotes, FOR_CUT, true, false},
    {"brackets", parse_brackets, FOR_COLUMNS, true, false},
    {"header", parse_header, FOR_HEADED, true, false},
    {"heading", parser_heading, FOR_HEADED, false, true},
    {"assign", parse_assign, FOR_KV, true, false},
    {"open-values", parse_open_values, FOR_KV, true, false},
    {"comment", parse_comment, FOR_ALL, false, true},
    {"cut-at", parse_cut_at, FOR_ALL, true, false},
    {"precedence", parse_precedence, FOR_ALL, true, false},
    {"remark", parse_note, FOR_ALL, false, true},
    {"record", parse_shape_record, FOR_TEMPLATE, false, true},
    {"open", parse_shape_open, FOR_TEMPLATE, false, true},
    {"reply", parse_shape_reply, FOR_TEMPLATE, false, true},
    {"outcome", parse_shape_outcome, FOR_TEMPLATE, false, true},
    {"note", parse_shape_note, FOR_TEMPLATE, false, true},
    {"end", parse_shape_end, FOR_TEMPLATE, false, true},
    {"skip", parse_shape_skip, FOR_TEMPLATE, false, true},
    {"own", parse_shape_own, FOR_TEMPLATE, false, true},
    {"claim", parse_shape_claim, FOR_TEMPLATE, false, true},
    {"news", parser_news, FOR_ALL, false, true},
    {"set", parser_set, FOR_TEMPLATE, false, false},
    {"join", parser_join, FOR_TEMPLATE, false, true},
    {"where", parse_where, FOR_ALL, false, true},
    {"must", parse_must, FOR_ALL, false, true},
    {"must-not", parse_must_not, FOR_ALL, false, true},
    {"where-not", parse_where_not, FOR_ALL, false, true},
    {"sample", parse_sample, FOR_ALL, false, true},
    {"expect", parse_expect, FOR_ALL, false, true},
};

enum { KEYWORD_COUNT = sizeof keywords / sizeof *keywords };
_Static_assert((size_t)KEYWORD_COUNT <= (size_t)KEYWORD_LIMIT, "a place for every keyword");

/* Where it stands; twice is a mistake of most. */
static bool note_keyword(struct parser *p, size_t index, struct slice word)
{
    struct place *seen = &p->seen[index];
    char what[64];

    if (p->generated)
        return true;
    snprintf(what, sizeof what, "this keyword stands there twice, first in line %zu:", seen->line);
    if (keywords[index].once && seen->line > 0)
        return parser_fail(p, word.ptr, what, word);
    if (seen->line == 0)
        *seen = (struct place){p->number, (size_t)(word.ptr - p->line.ptr) + 1};
    return true;
}

static bool check_end(struct parser *p)
{
    parser_skip_blanks(p);
    return p->rest.len == 0 ||
           parser_fail(p, p->rest.ptr,
                       "expected the end of the line (comments have lines of their own), not",
                       p->rest);
}

/* The ${index}th name that may begin a line. */
static const char *name_at(size_t index)
{
    if (index < KEYWORD_COUNT)
        return keywords[index].name;
    index -= KEYWORD_COUNT;
    return index < FIELD_COUNT ? field_info((enum field)index)->key : NULL;
}

static bool fail_unknown(struct parser *p, struct slice word)
{
    struct slice field, value;

    if (slice_cut(word, '=', &field, &value) && field_find(field) != FIELD_COUNT)
        return parser_fail(p, field.ptr + field.len, "expected a blank before and behind =, not",
                           word);
    return parser_fail_name(p, word, "no keyword or field", "kage help formats-guide", name_at);
}

bool parser_keyword(struct parser *p, struct slice word)
{
    bool known, ok;

    for (size_t i = 0; i < KEYWORD_COUNT; i++)
        if (slice_is(word, keywords[i].name))
            return note_keyword(p, i, word) && keywords[i].parse(p) &&
                   (keywords[i].whole || check_end(p));
    ok = logformat_parse(word, p, &known);
    return known ? ok : fail_unknown(p, word);
}

/* The names of some decoders. */
static void append_decoders(struct buf *out, unsigned some)
{
    const char *join = "";

    for (size_t i = 0; i < DECODER_COUNT; i++)
        if ((decoders[i].bit & some) != 0) {
            buf_printf(out, "%s%s", join, decoders[i].decoder->name);
            join = " or ";
        }
}

static bool fail_at(const struct parser *p, size_t keyword, const char *what)
{
    return error_set(p->err, ERROR_SYNTAX, "%s:%zu:%zu: `%s` %s", p->f->file, p->seen[keyword].line,
                     p->seen[keyword].column, keywords[keyword].name, what);
}

/* A join of a template that has lines to be joined, or no join. */
static bool check_join(const struct parser *p)
{
    bool joined = p->f->join_count == 0;

    for (size_t i = 0; i < p->f->shape_count; i++) {
        enum shape_role role = p->f->shapes[i].role;

        joined |=
            role != SHAPE_RECORD && role != SHAPE_SKIP && role != SHAPE_OWN && role != SHAPE_CLAIM;
    }
    for (size_t i = 0; !joined && i < KEYWORD_COUNT; i++)
        if (strcmp(keywords[i].name, "join") == 0)
            return fail_at(p, i,
                           "joins nothing; expected `reply`, `outcome`, `note`, `open` or "
                           "`end` for the lines that add to others");
    return true;
}

bool parser_check_keywords(struct parser *p)
{
    unsigned bit = 0;

    for (size_t i = 0; i < DECODER_COUNT; i++)
        if (decoders[i].decoder == p->f->decoder)
            bit = decoders[i].bit;
    for (size_t i = 0; i < KEYWORD_COUNT; i++) {
        const struct place *seen = &p->seen[i];
        struct buf names = {0};

        if (seen->line == 0 || (keywords[i].decoders & bit) != 0)
            continue;
        buf_append_string(&names, "belongs to the decoder ");
        append_decoders(&names, keywords[i].decoders);
        buf_printf(&names, ", not to %s", p->f->decoder->name);
        buf_append_byte(&names, '\0');
        fail_at(p, i, names.failed ? "belongs to another decoder" : names.ptr);
        buf_free(&names);
        return false;
    }
    return check_join(p);
}
