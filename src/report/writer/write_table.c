/* write_table.c: aligned columns for people; as many and as wide as the terminal has room for. */
#include "base/arena.h"
#include "base/room.h"
#include "report/display.h"
#include "report/output.h"
#include "report/writer/writer.h"

#include <stdlib.h>
#include <string.h>

enum {
    GAP = 2,           /* blanks between columns */
    NARROWED = 40,     /* texts are cut to that before a column is left out */
    LEAST = 32,        /* and to that, or two fifths of the terminal, before a light one is */
    LEAST_OF_ALL = 8,  /* whatever the terminal */
    KEPT_ROWS = 65536, /* decide how wide columns are: memory is not to grow with the rows */
    WIDEST_PADDED = 80 /* where there is no limit, longer texts run over */
};

#define ELLIPSIS "…"

/* A cell as it will be shown. */
struct shown {
    struct slice text;
    size_t width;
    enum tone tone;
};

struct table {
    struct writer_task task;
    struct shown *cells; /* row by row, the headings first */
    size_t count, capacity;
    size_t *widths;
    bool *left_out;
    struct buf scratch;
    struct arena arena; /* of the headings */
    struct arena rows;  /* of other cells */
    bool flowing;       /* widths are fixed: rows are printed as they come */
};

static void free_table(void *self)
{
    struct table *t = self;

    free(t->cells);
    free(t->widths);
    free(t->left_out);
    buf_free(&t->scratch);
    arena_free(&t->arena);
    arena_free(&t->rows);
    free(t);
}

/* The part of ${text} that can be of use. Past the terminal's width it only has to be seen that it
 * goes on, in spite of a wide character that did not fit. */
static struct slice useful_part(const struct table *t, struct slice text)
{
    return t->task.look.width == 0 ? text : display_front(text, (size_t)t->task.look.width + 2);
}

/* Without a limit every row would be as wide as the longest text. */
static bool widens(const struct table *t, size_t width)
{
    return t->task.look.width > 0 || width <= WIDEST_PADDED;
}

static bool keep_cell(struct table *t, size_t column, const struct value *value, struct error *err)
{
    struct shown shown = {.tone = value->tone};

    buf_reset(&t->scratch);
    switch (value->type) {
    case VALUE_EMPTY: break;
    case VALUE_TEXT: display_append(&t->scratch, value->text); break;
    case VALUE_NUMBER: display_append_sum(&t->scratch, value->number, value->partial); break;
    }
    shown.text = arena_copy(t->count < t->task.count ? &t->arena : &t->rows,
                            useful_part(t, buf_slice(&t->scratch)));
    if (t->scratch.failed || shown.text.ptr == NULL ||
        !ROOM_FOR_ONE(t->cells, t->count, t->capacity))
        return error_set_memory(err);
    shown.width = display_width(shown.text);
    if (!t->flowing && shown.width > t->widths[column] && widens(t, shown.width))
        t->widths[column] = shown.width;
    t->cells[t->count++] = shown;
    return true;
}

static void *begin(const struct writer_task *task, struct error *err)
{
    struct table *t = calloc(1, sizeof *t);
    bool ok;

    if (t == NULL) {
        error_set_memory(err);
        return NULL;
    }
    t->task = *task;
    t->widths = calloc(task->count + 1, sizeof *t->widths);
    t->left_out = calloc(task->count + 1, sizeof *t->left_out);
    ok = (t->widths != NULL && t->left_out != NULL) || error_set_memory(err);
    for (size_t i = 0; ok && i < task->count; i++) {
        struct value heading = value_string(task->columns[i].heading);

        ok = keep_cell(t, i, &heading, err);
    }
    if (ok)
        return t;
    free_table(t);
    return NULL;
}

/* Of a row whose texts are cut to ${limit}. */
static size_t whole_width(const struct table *t, size_t limit)
{
    size_t width = 0;

    for (size_t i = 0; i < t->task.count; i++) {
        bool cut = !t->task.columns[i].number && t->widths[i] > limit;

        if (!t->left_out[i])
            width += (cut ? limit : t->widths[i]) + (width == 0 ? 0 : GAP);
    }
    return width;
}

/* The column's weight; one without a single cell is the first to go. */
static uint8_t weight_of(const struct table *t, size_t column)
{
    if (t->task.columns[column].weight <= 1)
        return t->task.columns[column].weight;
    for (size_t i = t->task.count + column; i < t->count; i += t->task.count)
        if (t->cells[i].text.len > 0)
            return t->task.columns[column].weight;
    return UINT8_MAX;
}

/* Leave out the heaviest columns, of equal ones the last, until the rest fits with its texts cut to
 * ${limit}. */
static void leave_out(struct table *t, uint8_t lightest, size_t limit)
{
    while (whole_width(t, limit) > t->task.look.width) {
        size_t heaviest = t->task.count;
        uint8_t most = lightest;

        for (size_t i = 0; i < t->task.count; i++)
            if (!t->left_out[i] && weight_of(t, i) >= most) {
                heaviest = i;
                most = weight_of(t, i);
            }
        if (heaviest == t->task.count)
            return;
        t->left_out[heaviest] = true;
    }
}

/* Narrow the widest columns of texts, as far as needed and not below ${least}. */
static void narrow(struct table *t, size_t least)
{
    while (whole_width(t, SIZE_MAX) > t->task.look.width) {
        size_t widest = t->task.count, most = least;

        for (size_t i = 0; i < t->task.count; i++)
            if (!t->left_out[i] && !t->task.columns[i].number && t->widths[i] > most) {
                widest = i;
                most = t->widths[i];
            }
        if (widest == t->task.count)
            return;
        t->widths[widest]--;
    }
}

/* What texts must not be cut below on a terminal of ${width} columns. */
static size_t least_width(size_t width)
{
    size_t share = width * 2 / 5;

    if (share < LEAST_OF_ALL)
        return LEAST_OF_ALL;
    return share < LEAST ? share : LEAST;
}

static void fit(struct table *t)
{
    size_t least = least_width(t->task.look.width);

    if (t->task.look.width == 0)
        return;
    leave_out(t, 3, NARROWED);
    leave_out(t, 2, least);
    narrow(t, least);
}

/* The cell as its column has room for it; what is cut stands in the scratch. */
static struct shown cut_cell(struct table *t, size_t column, struct shown cell)
{
    size_t width = t->widths[column];

    if (t->task.look.width == 0 || cell.width <= width || t->task.columns[column].number)
        return cell;
    buf_reset(&t->scratch);
    buf_append(&t->scratch, display_front(cell.text, width - 1));
    buf_append_string(&t->scratch, ELLIPSIS);
    cell.text = buf_slice(&t->scratch);
    cell.width = display_width(cell.text);
    return cell;
}

static void append_blanks(struct buf *out, size_t count)
{
    if (count == 0 || !buf_reserve(out, count))
        return;
    memset(out->ptr + out->len, ' ', count);
    out->len += count;
}

static void append_toned(struct buf *out, struct slice text, const char *tone)
{
    if (tone != NULL && text.len > 0)
        buf_append_string(out, tone);
    buf_append(out, text);
    if (tone != NULL && text.len > 0)
        buf_append_string(out, "\033[0m");
}

static const char *tone_code(const struct table *t, size_t row, enum tone tone)
{
    static const char *const codes[] = {
        [TONE_PLAIN] = NULL, [TONE_ALERT] = "\033[31m", [TONE_FAINT] = "\033[2m"};

    if (!t->task.look.colour)
        return NULL;
    return row == 0 ? "\033[1m" : codes[tone];
}

static void append_row(struct table *t, size_t row)
{
    struct buf *out = output_buf(t->task.out);
    size_t due = 0; /* blanks before the next text: none are left at the end of a line */
    bool first = true;

    for (size_t i = 0; i < t->task.count; i++) {
        struct shown cell;
        size_t pad;

        if (t->left_out[i])
            continue;
        cell = cut_cell(t, i, t->cells[row * t->task.count + i]);
        pad = cell.width < t->widths[i] ? t->widths[i] - cell.width : 0;
        due += (first ? 0 : GAP) + (t->task.columns[i].number ? pad : 0);
        first = false;
        if (cell.text.len > 0) {
            append_blanks(out, due);
            append_toned(out, cell.text, tone_code(t, row, cell.tone));
            due = 0;
        }
        due += t->task.columns[i].number ? 0 : pad;
    }
    buf_append_byte(out, '\n');
}

/* All rows that are kept, the headings too unless they were printed before. */
static bool print_kept(struct table *t, struct error *err)
{
    size_t rows = t->task.count == 0 ? 0 : t->count / t->task.count;

    for (size_t row = t->flowing ? 1 : 0; row < rows; row++) {
        append_row(t, row);
        if (t->scratch.failed)
            return error_set_memory(err);
        if (!output_drain(t->task.out, err))
            return false;
    }
    t->count = t->task.count;
    arena_reset(&t->rows);
    return true;
}

static bool write_cell(void *self, size_t column, const struct value *value, struct error *err)
{
    struct table *t = self;

    if (!keep_cell(t, column, value, err))
        return false;
    if (column + 1 < t->task.count || (!t->flowing && t->count / t->task.count <= KEPT_ROWS))
        return true;
    if (!t->flowing)
        fit(t);
    if (!print_kept(t, err))
        return false;
    t->flowing = true;
    return true;
}

static bool end(void *self, struct error *err)
{
    struct table *t = self;

    if (!t->flowing)
        fit(t);
    return print_kept(t, err);
}

const struct writer_ops write_table_ops = {begin, NULL, write_cell, NULL, NULL, end, free_table};
