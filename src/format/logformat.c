/* logformat.c: a server's own format string into lines of a definition. */
#include "format/logformat.h"

#include "format/definition_parser.h"
#include "format/logformat_internal.h"

#include <stdio.h>
#include <string.h>

enum { COLUMN_NAME_BYTES = 32, LOGFORMAT_STAMPS = 8 };

/* A column of the record. */
struct column {
    char name[COLUMN_NAME_BYTES];
    const char *undo;
};

/* A time among them. */
struct stamp {
    char columns[3 * COLUMN_NAME_BYTES]; /* joined by + */
    const struct logformat_piece *piece;
    struct logformat_stamp parts; /* of LOGFORMAT_STAMP */
};

struct builder {
    struct parser *p;
    const struct logformat_dialect *dialect;
    struct logformat_piece pieces[LOGFORMAT_PIECES];
    size_t count;
    struct buf record; /* the template, then each other line */
    struct column columns[LOGFORMAT_PIECES];
    size_t column_count;
    struct stamp stamps[LOGFORMAT_STAMPS];
    size_t stamp_count;
};

bool logformat_take_argument(struct logformat_scan *scan, struct slice *out)
{
    size_t end;

    *out = slice_of(scan->rest.ptr, 0);
    if (scan->rest.len == 0 || scan->rest.ptr[0] != '{')
        return true;
    end = slice_find(scan->rest, '}');
    scan->why = "this brace is not closed";
    if (end == scan->rest.len)
        return false;
    *out = slice_of(scan->rest.ptr + 1, end - 1);
    scan->rest = slice_from(scan->rest, end + 1);
    return true;
}

struct slice logformat_take_word(struct logformat_scan *scan, const char *more)
{
    struct slice word = slice_of(scan->rest.ptr, 0);

    while (word.len < scan->rest.len) {
        char c = word.ptr[word.len];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              (c != '\0' && strchr(more, c) != NULL)))
            break;
        word.len++;
    }
    scan->rest = slice_from(scan->rest, word.len);
    return word;
}

/* ${subject} is where it stands first on the line, if it does. */
static bool fail(struct builder *b, const char *why, struct slice subject)
{
    size_t at = subject.len == 0 ? 0 : slice_find_slice(b->p->rest, subject);

    return parser_fail(b->p, b->p->rest.ptr + (at < b->p->rest.len ? at : 0), why, subject);
}

/* How a value is quoted that stands behind ${text}: quotes and brackets of the string itself may
 * tell. ${open} is the one that is open, or NUL. */
static void follow_quotes(struct slice text, char *open)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (*open == '\0' && (c == '"' || c == '['))
            *open = c;
        else if ((*open == '"' && c == '"') || (*open == '[' && c == ']'))
            *open = '\0';
    }
}

static const char *usual_undo(const struct logformat_dialect *d, char open)
{
    if (open == '"' && d->undo_in_quotes != NULL)
        return d->undo_in_quotes;
    return open == '[' && d->undo_in_brackets != NULL ? d->undo_in_brackets : d->undo;
}

/* The string as pieces. */
static bool split(struct builder *b, struct slice text)
{
    const char sign = b->dialect->sign;
    char open = '\0';

    while (text.len > 0) {
        struct logformat_piece *piece = &b->pieces[b->count];
        struct logformat_scan scan = {.piece = piece};
        size_t end = slice_find(text, sign);

        if (b->count == LOGFORMAT_PIECES)
            return fail(b, "a format string longer than kage takes", slice_of("", 0));
        *piece = (struct logformat_piece){.undo = usual_undo(b->dialect, open)};
        b->count++;
        if (text.len > 1 && text.ptr[0] == '%' && text.ptr[1] == '%') {
            piece->text = slice_of(text.ptr, 1);
            text = slice_from(text, 2);
        } else if (end > 0) {
            piece->text = slice_of(text.ptr, end);
            follow_quotes(piece->text, &open);
            text = slice_from(text, end);
        } else {
            piece->is_code = true;
            scan.rest = slice_from(text, 1);
            if (!b->dialect->take(&scan))
                return fail(b, scan.why, text.len > 24 ? slice_of(text.ptr, 24) : text);
            piece->text = slice_of(text.ptr, (size_t)(scan.rest.ptr - text.ptr));
            text = scan.rest;
        }
    }
    return true;
}

static bool is_mark(struct slice s)
{
    return slice_is(s, ".") || slice_is(s, ",");
}

/* Take ${n} pieces at ${at} out. */
static void take_out(struct builder *b, size_t at, size_t n)
{
    memmove(&b->pieces[at], &b->pieces[at + n], (b->count - at - n) * sizeof *b->pieces);
    b->count -= n;
}

static bool is_fraction(const struct builder *b, size_t at)
{
    return at < b->count && b->pieces[at].time == LOGFORMAT_FRACTION;
}

/* A time and the fraction of its second become one: 1790730012.049 is one number. */
static void join_fractions(struct builder *b)
{
    for (size_t i = 0; i < b->count; i++) {
        struct logformat_piece *piece = &b->pieces[i];
        struct slice last = piece->pattern;

        if (piece->time != LOGFORMAT_EPOCH && piece->time != LOGFORMAT_STAMP)
            continue;
        last = last.len == 0 ? last : slice_from(last, last.len - 1);
        if (i + 1 < b->count && is_mark(b->pieces[i + 1].text) && is_fraction(b, i + 2)) {
            piece->fraction = true;
            take_out(b, i + 1, 2);
        } else if (is_fraction(b, i + 1) && piece->time == LOGFORMAT_EPOCH) {
            piece->time = LOGFORMAT_EPOCH_MS;
            take_out(b, i + 1, 1);
        } else if (is_fraction(b, i + 1) && is_mark(last)) {
            piece->fraction = true;
            piece->pattern.len--;
            take_out(b, i + 1, 1);
        }
    }
}

static const struct column *find_column(const struct builder *b, struct slice name)
{
    for (size_t i = 0; i < b->column_count; i++)
        if (slice_is(name, b->columns[i].name))
            return &b->columns[i];
    return NULL;
}

static const struct column *add_column(struct builder *b, struct slice name,
                                       const struct logformat_piece *piece)
{
    struct column *column = &b->columns[b->column_count++];

    snprintf(column->name, sizeof column->name, "%.*s", SLICE_FMT(name));
    column->undo = piece->undo;
    return column;
}

static const char *hole_of(const struct builder *b, const struct logformat_piece *piece)
{
    for (const struct logformat_code *c = b->dialect->codes; c->code != NULL; c++)
        if (slice_is(piece->code, c->code))
            return c->hole;
    return ":text";
}

/* Where a time with one blank stands before a blank, only two columns find its end. */
static bool is_in_two(const struct builder *b, const struct logformat_piece *piece)
{
    struct slice head, tail, more = piece->pattern;

    return piece->time == LOGFORMAT_STAMP && slice_cut(more, ' ', &head, &tail) && head.len > 0 &&
           slice_find(tail, ' ') == tail.len && piece < &b->pieces[b->count - 1] &&
           slice_starts_with(piece[1].text, SLICE(" "));
}

/* A time, whose pattern is looked at now. */
static bool add_stamp(struct builder *b, const struct logformat_piece *piece)
{
    struct stamp *stamp = &b->stamps[b->stamp_count];
    char name[COLUMN_NAME_BYTES];
    const char *why = NULL;
    bool in_two = is_in_two(b, piece);

    if (b->stamp_count == LOGFORMAT_STAMPS)
        return fail(b, "more times than kage takes; from", piece->text);
    snprintf(name, sizeof name, b->stamp_count == 0 ? "time" : "time%zu", b->stamp_count + 1);
    *stamp = (struct stamp){.piece = piece};
    b->stamp_count++;
    if (piece->time == LOGFORMAT_STAMP)
        why = logformat_stamp_of(piece->pattern, &stamp->parts);
    if (why != NULL)
        return fail(b, why, piece->text);
    if (piece->fraction)
        buf_append_string(&stamp->parts.pattern, "%f");
    add_column(b, slice_of_string(name), piece);
    snprintf(stamp->columns, sizeof stamp->columns, in_two ? "%s+%s_of_day" : "%s", name, name);
    buf_printf(&b->record, in_two ? "{%s} {%s_of_day}" : "{%s:text}", name, name);
    return true;
}

/* A code that kage gives no meaning is a column under its own name, with its argument behind a dot,
 * so that a mapping line may use it; empty where that makes no name. */
static struct slice own_name(const struct logformat_piece *piece, char text[COLUMN_NAME_BYTES])
{
    static const char no_name[] = " \t:{}+\"";
    int n = snprintf(text, COLUMN_NAME_BYTES, "%.*s%s%.*s", SLICE_FMT(piece->code),
                     piece->argument.len > 0 ? "." : "", SLICE_FMT(piece->argument));

    return n < 0 || n >= COLUMN_NAME_BYTES || strcspn(text, no_name) != (size_t)n
               ? slice_of("", 0)
               : slice_of(text, (size_t)n);
}

static bool blank_follows(const struct builder *b, const struct logformat_piece *piece)
{
    return piece < &b->pieces[b->count - 1] && slice_starts_with(piece[1].text, SLICE(" "));
}

/* The hole of a code. Of two of the same name the first is kept. A list of addresses holds blanks
 * behind its commas. */
static bool add_hole(struct builder *b, const struct logformat_piece *piece)
{
    struct slice hole = slice_of_string(hole_of(b, piece)), name, class;
    char own[COLUMN_NAME_BYTES];

    if (piece->time != LOGFORMAT_NO_TIME && piece->time != LOGFORMAT_FRACTION)
        return add_stamp(b, piece);
    slice_cut(hole, ':', &name, &class);
    if (name.len == 0)
        name = own_name(piece, own);
    if (name.len == 0 || find_column(b, name) != NULL) {
        buf_append_string(&b->record, "{:text}");
        return true;
    }
    add_column(b, name, piece);
    if (slice_is(class, "list") && blank_follows(b, piece)) {
        buf_printf(&b->record, "{%.*s}{?, {}}{?, {}}{?, {}}", SLICE_FMT(name));
        return true;
    }
    if (slice_is(class, "list"))
        class = slice_of_string("text");
    buf_printf(&b->record, "{%.*s%s%.*s}", SLICE_FMT(name), class.len == 0 ? "" : ":",
               SLICE_FMT(class));
    return true;
}

static bool ends_in(const struct buf *text, char byte)
{
    return text->len > 0 && text->ptr[text->len - 1] == byte;
}

/* A value that may be missing together with the blank behind it. */
static bool add_vanishing(struct builder *b, struct logformat_piece *piece)
{
    buf_append_string(&b->record, "{?");
    if (!add_hole(b, piece))
        return false;
    buf_append_string(&b->record, " }");
    piece[1].text = slice_from(piece[1].text, 1);
    return true;
}

static bool add_code(struct builder *b, struct logformat_piece *piece)
{
    bool last = piece == &b->pieces[b->count - 1];
    const char *before = piece->bracketed ? "[" : piece->quoted ? "\"" : "";
    const char *after = piece->bracketed ? "]" : piece->quoted ? "\"" : "";

    if (piece->vanishes && blank_follows(b, piece))
        return add_vanishing(b, piece);
    if (piece->padded && !ends_in(&b->record, ' '))
        buf_append_string(&b->record, "{? }");
    buf_append_string(&b->record, before);
    if (!add_hole(b, piece))
        return false;
    buf_append_string(&b->record, after);
    if (piece->padded && !blank_follows(b, piece) && !last)
        buf_append_string(&b->record, "{? }");
    return true;
}

static void add_literal(struct builder *b, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '{' || text.ptr[i] == '}')
            buf_append_byte(&b->record, text.ptr[i]);
        buf_append_byte(&b->record, text.ptr[i]);
    }
}

/* Values with nothing between them cannot be told apart. */
static bool check_apart(struct builder *b, size_t at)
{
    const struct logformat_piece *piece = &b->pieces[at];
    bool ends = piece->bracketed || piece->quoted;

    if (at == 0 || !piece->is_code || !piece[-1].is_code || ends || piece[-1].bracketed ||
        piece[-1].quoted)
        return true;
    return fail(b, "nothing stands between this code and the one before:", piece->text);
}

/* One of the lines made, read as if it stood in the definition. */
static bool put_line(struct builder *b, struct buf *line)
{
    struct slice whole = b->p->line, rest = b->p->rest;
    bool ok = !line->failed ? parser_line(b->p, buf_slice(line)) : parser_fail_memory(b->p);

    b->p->line = whole;
    b->p->rest = rest;
    buf_reset(line);
    return ok;
}

static bool put_record(struct builder *b)
{
    bool codes = false;

    buf_append_string(&b->record, "record ");
    for (size_t i = 0; i < b->count; i++) {
        struct logformat_piece *piece = &b->pieces[i];

        codes |= piece->is_code;
        if (!check_apart(b, i) || (piece->is_code && !add_code(b, piece)))
            return false;
        if (!piece->is_code)
            add_literal(b, piece->text);
    }
    return codes ? put_line(b, &b->record)
                 : fail(b, "expected a format string with codes, as in the server's configuration",
                        slice_of("", 0));
}

static const struct stamp *find_stamp(const struct builder *b, bool date, bool clock, bool zone)
{
    for (size_t i = 0; i < b->stamp_count; i++) {
        const struct logformat_stamp *s = &b->stamps[i].parts;

        if (b->stamps[i].piece->time == LOGFORMAT_STAMP && (date ? s->has_date : !s->has_date) &&
            (!clock || s->has_clock) && (!zone || s->has_zone))
            return &b->stamps[i];
    }
    return NULL;
}

/* The parts of a time: date, clock and offset may be columns of their own. */
static size_t choose_parts(const struct builder *b, const struct stamp *parts[3])
{
    const struct stamp *date = find_stamp(b, true, true, true), *clock, *zone;
    size_t n = 0;

    if (date == NULL)
        date = find_stamp(b, true, true, false);
    if (date == NULL)
        date = find_stamp(b, true, false, false);
    if (date == NULL)
        return 0;
    parts[n++] = date;
    clock = date->parts.has_clock ? date : find_stamp(b, false, true, false);
    if (clock != NULL && clock != date)
        parts[n++] = clock;
    zone = find_stamp(b, false, false, true);
    if (!date->parts.has_zone && (clock == NULL || !clock->parts.has_zone) && zone != NULL)
        parts[n++] = zone;
    return n;
}

static bool put_stamp(struct builder *b)
{
    const struct stamp *parts[3];
    struct buf *line = &b->record;
    size_t n = choose_parts(b, parts);
    bool zone = false;

    if (n == 0)
        return true;
    buf_append_string(line, "ts = ");
    for (size_t i = 0; i < n; i++)
        buf_printf(line, "%s%s", i == 0 ? "" : "+", parts[i]->columns);
    buf_append_string(line, " time \"");
    for (size_t i = 0; i < n; i++) {
        struct slice pattern = buf_slice(&parts[i]->parts.pattern);

        zone |= parts[i]->parts.has_zone;
        buf_append_string(line, i == 0 ? "" : " ");
        for (size_t k = 0; k < pattern.len; k++) {
            if (pattern.ptr[k] == '"' || pattern.ptr[k] == '\\')
                buf_append_byte(line, '\\');
            buf_append_byte(line, pattern.ptr[k]);
        }
    }
    buf_append_string(line, parts[0]->piece->utc && !zone ? "%Z\"" : "\"");
    return put_line(b, line);
}

/* Seconds since 1970 are the best time, whatever else there is. */
static bool put_times(struct builder *b)
{
    static const char *const conversions[] = {
        [LOGFORMAT_EPOCH] = "unix-seconds",
        [LOGFORMAT_EPOCH_MS] = "unix-millis",
        [LOGFORMAT_EPOCH_US] = "unix-micros",
    };

    for (size_t i = 0; i < b->stamp_count; i++) {
        enum logformat_time time = b->stamps[i].piece->time;

        if (time == LOGFORMAT_STAMP && b->stamps[i].parts.is_epoch)
            time = LOGFORMAT_EPOCH;
        if (time != LOGFORMAT_EPOCH && time != LOGFORMAT_EPOCH_MS && time != LOGFORMAT_EPOCH_US)
            continue;
        buf_printf(&b->record, "ts = %s %s", b->stamps[i].columns, conversions[time]);
        if (!put_line(b, &b->record))
            return false;
    }
    return put_stamp(b);
}

/* The columns of a mapping line, the first of them; NULL where one is not there. */
static const struct column *columns_of(const struct builder *b, struct slice names)
{
    const struct column *first = NULL, *column;
    struct slice name;

    while (names.len > 0) {
        slice_cut(names, '+', &name, &names);
        column = find_column(b, name);
        if (column == NULL)
            return NULL;
        first = first == NULL ? column : first;
    }
    return first;
}

static bool put_rule(struct builder *b, const struct logformat_rule *rule)
{
    struct slice rest = slice_of_string(rule->line), field, sign, names, before, after;
    const struct column *column;

    slice_cut(rest, ' ', &field, &rest);
    slice_cut(rest, ' ', &sign, &rest);
    slice_cut(rest, ' ', &names, &after);
    column = columns_of(b, names);
    if (column == NULL ||
        (rule->unless != NULL && find_column(b, slice_of_string(rule->unless)) != NULL))
        return true;
    buf_append_string(&b->record, rule->line);
    if (slice_cut(slice_of_string(rule->line), '@', &before, &after)) {
        buf_reset(&b->record);
        buf_append(&b->record, before);
        buf_append_string(&b->record, column->undo);
        buf_append(&b->record, after);
    }
    return put_line(b, &b->record);
}

static bool build(struct builder *b, struct slice text)
{
    bool ok = split(b, text);

    if (ok)
        join_fractions(b);
    ok = ok && put_record(b) && put_times(b);
    for (const struct logformat_rule *rule = b->dialect->rules; ok && rule->line != NULL; rule++)
        ok = put_rule(b, rule);
    return ok;
}

/* The format of the rest of the line; the decoder is the one for templates. */
static bool parse(struct parser *p, const struct logformat_dialect *dialect)
{
    struct builder b = {.p = p, .dialect = dialect};
    struct buf text = {0};
    struct slice kept;
    const char *why;
    bool ok;

    if (p->f->decoder != NULL && p->f->decoder != &decode_template)
        return parser_fail(p, p->line.ptr, "a format string needs the decoder template",
                           slice_of("", 0));
    p->f->decoder = &decode_template;
    p->f->fault_line = p->number;
    p->f->fault_column = 1;
    why = dialect->unwrap(slice_trim(p->rest), &text);
    if (why == NULL && text.len == 0)
        why = "expected a format string, as in the server's configuration";
    kept = arena_copy(&p->f->arena, buf_slice(&text));
    if (why != NULL)
        ok = fail(&b, why, slice_of("", 0));
    else if (text.failed || kept.ptr == NULL)
        ok = parser_fail_memory(p);
    else
        ok = build(&b, kept);
    for (size_t i = 0; i < b.stamp_count; i++)
        buf_free(&b.stamps[i].parts.pattern);
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
        return !slice_ends_with(trimmed, SLICE(";")) && logformat_nginx_is_quoted(rest);
    return dialect != NULL && slice_ends_with(line, SLICE("\\"));
}

bool logformat_parse(struct slice keyword, struct parser *p, bool *known)
{
    const struct logformat_dialect *dialect = dialect_of(keyword);

    *known = dialect != NULL;
    if (dialect == NULL)
        return false;
    parser_skip_blanks(p);
    return parse(p, dialect);
}
