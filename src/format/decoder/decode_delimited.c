/* decode_delimited.c: columns by position. */
#include "format/decoder/layout.h"
#include "format/decoder/scan.h"
#include "format/decoder/split_index.h"
#include "format/format.h"

#include <string.h>

struct wanted_columns {
    struct split_column *columns;
    size_t count;
    words_filler *cut_words; /* of columns between blanks */
    struct layout layout;
    bool has_layout;
};

static bool list_wanted(struct format *f)
{
    struct wanted_columns *w = ARENA_NEW(&f->arena, struct wanted_columns, 1);

    f->prepared = w;
    if (w == NULL)
        return false;
    w->cut_words = words_filler_best();
    w->columns = ARENA_NEW(&f->arena, struct split_column, f->column_count);
    if (w->columns == NULL)
        return false;
    w->count = split_wanted(f->slot_of, f->column_count, w->columns);
    w->has_layout = layout_make(
        &(struct split){f->separator, f->quoting, f->brackets}, f->quoting != QUOTE_NONE,
        &(struct layout_columns){f->column_count, w->columns, w->count, (size_t)f->slot_count},
        &w->layout);
    return true;
}

const struct layout *delimited_layout(const struct format *f)
{
    const struct wanted_columns *w = f->prepared;

    return w->has_layout ? &w->layout : NULL;
}

/* The slots of a rule, a condition or a join by their new numbers. */
static void renumber(int *slots, size_t count, const int *numbers)
{
    for (size_t i = 0; i < count; i++)
        if (slots[i] >= 0)
            slots[i] = numbers[slots[i]];
}

/* Number the slots in the order of the columns, which then come into them one after the other;
 * where most columns are wanted, all are. */
static void order_slots(struct format *f)
{
    const size_t wanted = (size_t)(f->slot_count - ENVELOPE_SLOTS);
    const bool all = f->column_count <= SLOT_LIMIT - ENVELOPE_SLOTS && 2 * wanted > f->column_count;
    int numbers[SLOT_LIMIT];

    for (int i = 0; i < ENVELOPE_SLOTS; i++)
        numbers[i] = i;
    f->slot_count = ENVELOPE_SLOTS;
    for (size_t i = 0; i < f->column_count; i++) {
        if (f->slot_of[i] >= 0)
            numbers[f->slot_of[i]] = f->slot_count;
        if (f->slot_of[i] >= 0 || all)
            f->slot_of[i] = f->slot_count++;
    }
    for (size_t i = 0; i < f->rule_count; i++) {
        renumber(&f->rules[i].slot, 1, numbers);
        renumber(f->rules[i].more, f->rules[i].more_count, numbers);
    }
    for (size_t i = 0; i < f->condition_count; i++)
        renumber(&f->conditions[i].slot, 1, numbers);
    for (size_t i = 0; i < f->join_count; i++)
        renumber(f->joins[i].slots, f->joins[i].count, numbers);
}

static bool prepare(struct format *f, struct error *err)
{
    if (f->separator == 0 || f->column_count == 0)
        return error_set(err, ERROR_SYNTAX,
                         "the decoder delimited needs `separator` and `columns`");
    if (f->columns_line > 0) {
        f->fault_line = f->columns_line;
        f->fault_column = f->columns_column;
    }
    if (f->spread_column >= 0 && (f->quoting != QUOTE_NONE || f->brackets))
        return error_set(err, ERROR_SYNTAX,
                         "a column with * holds separators as they are: no `quotes` and no "
                         "`brackets` beside it");
    if (f->least_columns < f->column_count && f->quoting == QUOTE_NONE && !f->brackets)
        return error_set(err, ERROR_SYNTAX,
                         "columns behind ... need the line `quotes csv` or `quotes backslash`, "
                         "or `brackets yes`");
    order_slots(f);
    return list_wanted(f) || error_set_memory(err);
}

static void keep(const struct format *f, size_t column, const char *from, const char *to,
                 struct slice *slots)
{
    int slot = f->slot_of[column];

    if (slot >= 0)
        slots[slot] = slice_of(from, (size_t)(to - from));
}

static const char *skip_separators(const struct format *f, const char *p, const char *end)
{
    if (f->separator == ' ')
        while (p < end && *p == ' ')
            p++;
    return p;
}

/* Columns [from, to) one after the other from ${p}; NULL where the line ends before them. */
static const char *cut_forward(const struct format *f, size_t to, const char *p, const char *end,
                               struct slice *slots)
{
    for (size_t column = 0; column < to; column++) {
        const char *stop;

        p = skip_separators(f, p, end);
        stop = scan_byte(p, end, f->separator);
        if (stop == end && column + 1 < f->column_count)
            return NULL;
        if (stop == p && f->separator == ' ')
            return NULL;
        keep(f, column, p, stop, slots);
        p = column + 1 < f->column_count ? stop + 1 : stop;
    }
    return p;
}

/* Columns from the last down to ${first}, backwards; the end of what stands before them, or NULL.
 */
static const char *cut_backward(const struct format *f, size_t first, const char *begin,
                                const char *end, struct slice *slots)
{
    for (size_t column = f->column_count; column-- > first;) {
        const char *start;

        while (f->separator == ' ' && end > begin && end[-1] == ' ')
            end--;
        for (start = end; start > begin && start[-1] != f->separator;)
            start--;
        if (start == begin)
            return NULL;
        keep(f, column, start, end, slots);
        end = start - 1;
    }
    while (f->separator == ' ' && end > begin && end[-1] == ' ')
        end--;
    return end;
}

/* With quotes or brackets every column is cut from the front. */
static int cut_quoted(const struct format *f, struct slice line, struct slice *slots,
                      struct arena *scratch)
{
    struct split how = {f->separator, f->quoting, f->brackets};
    const struct wanted_columns *wanted = f->prepared;
    const struct split_target to = {wanted->columns, wanted->count, slots};
    size_t columns = split_line(&how, line, &to, scratch);

    if (columns == SPLIT_BROKEN || columns < f->least_columns)
        return CUT_REJECT;
    return columns <= f->column_count || f->open_end ? 0 : CUT_REJECT;
}

/* Column by column: quotes, brackets, other separators, a column that holds blanks. */
static int cut_with_care(const struct format *f, struct slice line, struct slice *slots,
                         struct arena *scratch)
{
    const char *end = line.ptr + line.len;
    size_t spread = f->spread_column < 0 ? f->column_count : (size_t)f->spread_column;
    const char *p;

    if (f->quoting != QUOTE_NONE || f->brackets)
        return cut_quoted(f, line, slots, scratch);
    p = cut_forward(f, spread, line.ptr, end, slots);
    if (p == NULL)
        return CUT_REJECT;
    p = skip_separators(f, p, end);
    if (f->spread_column < 0)
        return p == end || f->open_end ? 0 : CUT_REJECT;
    end = cut_backward(f, spread + 1, p, end, slots);
    if (end == NULL || (end <= p && f->separator == ' '))
        return CUT_REJECT;
    keep(f, spread, p, end, slots);
    return 0;
}

/* The common line has as many words as there are columns; any other is cut again. */
static int cut(const struct format *f, void *state, struct slice line, struct slice *slots,
               struct arena *scratch)
{
    const struct wanted_columns *wanted = f->prepared;
    const struct words_target to = {f->slot_of, f->column_count, slots};

    (void)state;
    if (f->separator == ' ' && f->quoting == QUOTE_NONE && !f->brackets &&
        wanted->cut_words(line, &to))
        return 0; /* every slot is filled */
    memset(slots + ENVELOPE_SLOTS, 0, (size_t)(f->slot_count - ENVELOPE_SLOTS) * sizeof *slots);
    return cut_with_care(f, line, slots, scratch);
}

const struct decoder decode_delimited = {"delimited", prepare, cut, 0, true};
