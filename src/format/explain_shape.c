/* explain_shape.c: the place where a line leaves the shape of its format. */
#include "format/explain_shape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_BYTES = 40 };

/* Which of two templates a line fits better: the one that it follows further. */
struct reach {
    size_t fits;         /* bytes of the line */
    struct slice wanted; /* what the template has there */
    size_t line;         /* of the definition */
};

/* How many columns a line has. */
static size_t count_columns(const struct format *f, struct slice line)
{
    struct split how = {f->separator, f->quoting, f->brackets};
    struct arena scratch = {0};
    size_t columns = 0;
    bool inside = false;

    if (f->quoting != QUOTE_NONE || f->brackets) {
        columns = split_line(&how, line, &(struct split_target){NULL, 0, NULL}, &scratch);
        arena_free(&scratch);
        return columns;
    }
    for (size_t i = 0; i < line.len; i++) {
        if (f->separator != ' ') {
            columns += line.ptr[i] == f->separator;
            continue;
        }
        columns += line.ptr[i] != ' ' && !inside;
        inside = line.ptr[i] != ' ';
    }
    return f->separator == ' ' ? columns : columns + 1;
}

static void explain_delimited(const struct format *f, struct slice body, char *out, size_t size)
{
    size_t columns = count_columns(f, body);
    bool more = f->spread_column >= 0 || f->open_end || f->least_columns < f->column_count;

    if (columns == SPLIT_BROKEN)
        snprintf(out, size, "a quote that is not closed, or text behind one that is");
    else if (columns < f->least_columns)
        snprintf(out, size,
                 "%zu column%s; expected %s%zu: from column %zu ('%.*s') on they are missing",
                 columns, columns == 1 ? "" : "s", more ? "at least " : "", f->least_columns,
                 columns + 1, SLICE_FMT(f->columns[columns]));
    else
        snprintf(out, size, "%zu columns; expected %zu, the last of them '%.*s'", columns,
                 f->column_count, SLICE_FMT(f->columns[f->column_count - 1]));
}

static void explain_keys(const struct format *f, char *out, size_t size)
{
    int n = snprintf(out, size, "none of its keys; expected");

    for (size_t i = 0, shown = 0; i < f->column_count && shown < 8; i++) {
        if (f->slot_of[i] < 0 || n < 0 || (size_t)n >= size)
            continue;
        n += snprintf(out + n, size - (size_t)n, "%s %.*s", shown == 0 ? "" : ",",
                      SLICE_FMT(f->columns[i]));
        shown++;
    }
}

/* The end of the part of a template that begins at ${at}: behind the next literal text that stands
 * on its own, so that what comes before is sure to be there. */
static size_t next_end(struct slice text, size_t at)
{
    int depth = 0;
    bool literal = false;

    for (; at < text.len; at++) {
        char c = text.ptr[at];
        bool doubled = (c == '{' || c == '}') && at + 1 < text.len && text.ptr[at + 1] == c &&
                       (c == '{' || depth == 0);

        if (!doubled && c == '{' && depth == 0 && literal)
            return at;
        if (doubled)
            at++;
        else if (c == '{' || c == '}')
            depth += c == '{' ? 1 : -1;
        literal |= depth == 0 && (doubled || c != '}');
    }
    return text.len;
}

/* The bytes of ${body} that the begin ${text} of a template takes; SIZE_MAX where it does not fit.
 */
static size_t taken_by(struct slice text, struct slice body)
{
    static const char rest[] = "{@rest:text}";
    struct format *f = calloc(1, sizeof *f);
    struct shape shape = {.role = SHAPE_RECORD};
    struct slice slots[SLOT_LIMIT] = {{NULL, 0}};
    struct error ignored = {0};
    size_t taken = SIZE_MAX;
    char *whole = f == NULL ? NULL : ARENA_NEW(&f->arena, char, text.len + sizeof rest);
    struct arena scratch = {0};

    if (whole != NULL) {
        memcpy(whole, text.ptr, text.len);
        memcpy(whole + text.len, rest, sizeof rest);
        shape.text = slice_of(whole, text.len + sizeof rest - 1);
        f->decoder = &decode_template;
        f->shapes = &shape;
        f->shape_count = 1;
        f->slot_count = ENVELOPE_SLOTS + 1;
        f->slot_of[format_column(f, SLICE("@rest"))] = ENVELOPE_SLOTS;
        if (f->decoder->prepare(f, &ignored) &&
            f->decoder->cut(f, NULL, body, slots, &scratch) == 0)
            taken = body.len - slots[ENVELOPE_SLOTS].len;
    }
    arena_free(&scratch);
    if (f != NULL) {
        struct arena arena = f->arena;

        arena_free(&arena);
    }
    free(f);
    return taken;
}

/* How far the line follows the template. */
static struct reach reach_of(const struct shape *shape, struct slice body)
{
    struct reach reach = {0, shape->text, shape->line};
    size_t at = 0, end, taken;

    while (at < shape->text.len) {
        end = next_end(shape->text, at);
        reach.wanted = slice_of(shape->text.ptr + at, end - at);
        taken = taken_by(slice_of(shape->text.ptr, end), body);
        if (taken == SIZE_MAX ||
            (end == shape->text.len && slice_ends_with(reach.wanted, SLICE("}"))))
            return reach; /* what ends in a hole has to take all that is left */
        reach.fits = taken;
        at = end;
    }
    reach.wanted = slice_of_string("the end of the line");
    return reach;
}

static void explain_template(const struct format *f, struct slice body, size_t offset, char *out,
                             size_t size)
{
    struct reach best = {0};
    struct slice there;

    for (size_t i = 0; i < f->shape_count; i++) {
        const struct shape *shape = &f->shapes[i];
        struct reach reach;

        if (shape->role == SHAPE_SKIP || shape->role == SHAPE_CLAIM)
            continue;
        reach = reach_of(shape, body);
        if (best.line == 0 || reach.fits > best.fits)
            best = reach;
    }
    there = slice_from(body, best.fits);
    there.len = there.len < SHOWN_BYTES ? there.len : SHOWN_BYTES;
    snprintf(out, size, "byte %zu, '%.*s': expected %.*s (line %zu of the definition)",
             offset + best.fits + 1, SLICE_FMT(there), SLICE_FMT(best.wanted), best.line);
}

void explain_shape(const struct format *f, struct slice body, size_t offset, char *out, size_t size)
{
    if (f->decoder == &decode_delimited)
        explain_delimited(f, body, out, size);
    else if (f->decoder == &decode_template)
        explain_template(f, body, offset, out, size);
    else if (f->decoder == &decode_kv)
        explain_keys(f, out, size);
    else if (f->decoder == &decode_json)
        snprintf(out, size, "no whole JSON object");
    else
        snprintf(out, size,
                 "no header stands before it, or it has not as many columns as the header");
}
