/* write_table.c: aligned columns for people; as many as the terminal has room for. */
#include "base/arena.h"
#include "report/display.h"
#include "report/output.h"
#include "report/writer.h"

#include <stdlib.h>

enum { GAP = 2 }; /* blanks between columns */

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
    struct arena arena;
};

static void free_table(void *self)
{
    struct table *t = self;

    free(t->cells);
    free(t->widths);
    free(t->left_out);
    buf_free(&t->scratch);
    arena_free(&t->arena);
    free(t);
}

static bool grow(struct table *t)
{
    size_t capacity = t->capacity == 0 ? 256 : t->capacity, bytes;
    struct shown *cells;

    if (t->count < t->capacity)
        return true;
    if (t->capacity > 0 && __builtin_mul_overflow(capacity, 2, &capacity))
        return false;
    if (__builtin_mul_overflow(capacity, sizeof *cells, &bytes))
        return false;
    cells = realloc(t->cells, bytes);
    if (cells == NULL)
        return false;
    t->cells = cells;
    t->capacity = capacity;
    return true;
}

static bool keep_cell(struct table *t, size_t column, const struct value *value, struct error *err)
{
    struct shown shown = {.tone = value->tone};

    buf_reset(&t->scratch);
    switch (value->type) {
    case VALUE_EMPTY: break;
    case VALUE_TEXT: display_append(&t->scratch, value->text); break;
    case VALUE_NUMBER: display_append_number(&t->scratch, value->number); break;
    }
    shown.text = arena_copy(&t->arena, buf_slice(&t->scratch));
    if (t->scratch.failed || shown.text.ptr == NULL || !grow(t))
        return error_set_memory(err);
    shown.width = display_width(shown.text);
    if (shown.width > t->widths[column])
        t->widths[column] = shown.width;
    t->cells[t->count++] = shown;
    return true;
}

static bool write_cell(void *self, size_t column, const struct value *value, struct error *err)
{
    return keep_cell(self, column, value, err);
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

static size_t whole_width(const struct table *t)
{
    size_t width = 0;

    for (size_t i = 0; i < t->task.count; i++)
        if (!t->left_out[i])
            width += t->widths[i] + (width == 0 ? 0 : GAP);
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

/* Leave out the heaviest columns, of equal ones the last, until the rest fits. */
static void fit(struct table *t)
{
    while (t->task.look.width > 0 && whole_width(t) > t->task.look.width) {
        size_t heaviest = t->task.count;
        uint8_t most = 2;

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

static void append_blanks(struct buf *out, size_t count)
{
    for (; count > 0; count--)
        buf_append_byte(out, ' ');
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
        const struct shown *cell = &t->cells[row * t->task.count + i];
        size_t pad = t->widths[i] - cell->width;

        if (t->left_out[i])
            continue;
        due += (first ? 0 : GAP) + (t->task.columns[i].number ? pad : 0);
        first = false;
        if (cell->text.len > 0) {
            append_blanks(out, due);
            append_toned(out, cell->text, tone_code(t, row, cell->tone));
            due = 0;
        }
        due += t->task.columns[i].number ? 0 : pad;
    }
    buf_append_byte(out, '\n');
}

static bool end(void *self, struct error *err)
{
    struct table *t = self;
    size_t rows = t->task.count == 0 ? 0 : t->count / t->task.count;

    fit(t);
    for (size_t row = 0; row < rows; row++) {
        append_row(t, row);
        if (!output_drain(t->task.out, err))
            return false;
    }
    return true;
}

const struct writer_ops write_table_ops = {begin, write_cell, end, free_table};
