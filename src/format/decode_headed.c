/* decode_headed.c: columns named by a header line, which may come again with others. */
#include "format/format.h"
#include "format/key_table.h"
#include "format/split.h"

/*
 * W3C (`header "#Fields:"`), Zeek (`header "#fields"`): lines that begin so name the columns of the
 * lines after them. CSV (no `header` line in the definition): a line that has at least half of the
 * wanted names among its columns is a header. Before any header the `columns` of the definition
 * hold, where it has some.
 */
struct header_state {
    int slot_of[COLUMN_LIMIT];
    size_t count;
    bool seen;
};

static bool prepare(struct format *f, struct error *err)
{
    struct key_table *t = ARENA_NEW(&f->arena, struct key_table, 1);

    if (t == NULL)
        return error_set_memory(err);
    if (f->separator == 0)
        return error_set(err, ERROR_SYNTAX, "the decoder headed needs `separator`");
    if (f->shape_count > 0)
        return error_set(err, ERROR_SYNTAX, "shapes belong to the decoder template");
    for (size_t i = 0; i < f->column_count; i++)
        if (f->slot_of[i] >= 0 && !key_table_add(t, 0, f->columns[i], f->slot_of[i]))
            return error_set(err, ERROR_SYNTAX, "more columns than kage takes");
    f->prepared = t;
    return true;
}

/* Names of a header line, for their slots. Returns: how many of them are wanted. */
static size_t learn(const struct format *f, struct header_state *h, struct slice names,
                    struct arena *scratch)
{
    struct split how = {f->separator, f->quoting, false};
    int places[COLUMN_LIMIT];
    struct slice columns[COLUMN_LIMIT];
    const struct split_target to = {places, COLUMN_LIMIT, columns};
    size_t wanted = 0;

    for (int i = 0; i < COLUMN_LIMIT; i++)
        places[i] = i;
    h->count = split_line(&how, names, &to, scratch);
    if (h->count == SPLIT_BROKEN || h->count > COLUMN_LIMIT)
        h->count = 0;
    for (size_t i = 0; i < h->count; i++) {
        h->slot_of[i] = key_table_find(f->prepared, 0, slice_trim(columns[i]));
        wanted += h->slot_of[i] >= 0;
    }
    return wanted;
}

/* Is it a header, and if so, what does it say? */
static bool take_header(const struct format *f, struct header_state *h, struct slice line,
                        struct arena *scratch)
{
    struct header_state fresh = {.seen = true};
    struct slice names = line;

    if (f->header.len > 0) {
        if (!slice_starts_with(line, f->header))
            return false;
        names = slice_from(line, f->header.len);
        if (names.len > 0 && (names.ptr[0] == ' ' || names.ptr[0] == '\t'))
            names = slice_from(names, 1);
        learn(f, &fresh, names, scratch);
    } else if (h->seen && line.ptr[0] >= '0' && line.ptr[0] <= '9') {
        return false; /* spares most lines the look */
    } else {
        const struct key_table *t = f->prepared;

        if (learn(f, &fresh, names, scratch) * 2 < t->count)
            return false;
    }
    *h = fresh;
    return true;
}

static int cut(const struct format *f, void *state, struct slice line, struct slice *slots,
               struct arena *scratch)
{
    struct split how = {f->separator, f->quoting, f->brackets};
    struct header_state *h = state;
    size_t columns, expected = h->seen ? h->count : f->column_count;

    if (take_header(f, h, line, scratch))
        return CUT_SKIP;
    if (f->header.len > 0 && line.ptr[0] == '#')
        return CUT_SKIP;
    if (!h->seen && !f->open_end)
        return CUT_REJECT;
    columns = split_line(&how, line,
                         &(struct split_target){h->seen ? h->slot_of : f->slot_of, expected, slots},
                         scratch);
    return columns == expected || (f->open_end && columns != SPLIT_BROKEN) ? 0 : CUT_REJECT;
}

const struct decoder decode_headed = {"headed", prepare, cut, sizeof(struct header_state)};
