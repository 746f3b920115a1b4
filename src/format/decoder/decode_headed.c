/* decode_headed.c: columns named by a header line, which may come again with others. */
#include "format/decoder/key_table.h"
#include "format/decoder/layout.h"
#include "format/decoder/split.h"
#include "format/format.h"

enum { SKETCH_BITS = 4096, LEAST_NAMES = 2 /* fewer may be values */ };

/*
 * W3C (`header "#Fields:"`), Zeek (`header "#fields"`): lines that begin so name the columns of the
 * lines after them. CSV (no `header` line in the definition): a line that has at least half of the
 * wanted names among its columns is a header; or, where the definition has other headings, all of
 * them but one in any spelling, between commas, semicolons or tabs. Before any header the `columns`
 * of the definition hold, where it has some.
 */
struct header_state {
    int slot_of[COLUMN_LIMIT];
    size_t count;
    struct split_column wanted[COLUMN_LIMIT]; /* of them */
    size_t wanted_count;
    bool seen;
    bool broken; /* a broken one came behind it: no one knows what columns the next lines have */
    char separator;
    struct layout layout; /* of plain lines, */
    bool has_layout;      /* where there are such */
};

/* The wanted columns that a line names. */
struct found {
    size_t exact, any;
};

/* A sketch of the names that columns may have, by their hash: spares most lines a closer look. */
struct name_sketch {
    uint64_t bits[SKETCH_BITS / 64];
    size_t least; /* so many of them make a header */
};

struct headed {
    struct key_table keys;
    struct name_sketch names;
    struct split_column *wanted; /* before any header */
    size_t wanted_count;
};

static void note_name(struct name_sketch *names, struct slice name)
{
    uint32_t bit = slice_hash_heading(name) % SKETCH_BITS;

    names->bits[bit / 64] |= UINT64_C(1) << bit % 64;
}

static bool may_be_name(const struct name_sketch *names, struct slice name)
{
    uint32_t bit = slice_hash_heading(name) % SKETCH_BITS;

    return (names->bits[bit / 64] >> bit % 64 & 1) != 0;
}

/* How many wanted columns there are but those of envelopes. */
static size_t wanted_columns(const struct format *f)
{
    return (size_t)(f->slot_count - ENVELOPE_SLOTS);
}

/* Are so many of the wanted columns a header? */
static bool is_enough(const struct format *f, struct found found)
{
    size_t wanted = wanted_columns(f);

    return found.exact * 2 >= wanted || (f->heading_count > 0 && found.any + 1 >= wanted);
}

static void sketch_names(const struct format *f, struct name_sketch *names)
{
    for (size_t i = 0; i < f->column_count; i++)
        note_name(names, f->columns[i]);
    for (size_t i = 0; i < f->heading_count; i++)
        for (size_t k = 0; k < f->headings[i].name_count; k++)
            note_name(names, f->headings[i].names[k]);
    while (!is_enough(f, (struct found){names->least, names->least}))
        names->least++;
}

static bool prepare(struct format *f, struct error *err)
{
    struct headed *h = ARENA_NEW(&f->arena, struct headed, 1);

    if (h == NULL || !key_table_make(&h->keys, f->column_count, &f->arena))
        return error_set_memory(err);
    if (f->separator == 0)
        return error_set(err, ERROR_SYNTAX, "the decoder headed needs `separator`");
    for (size_t i = 0; i < f->column_count; i++)
        if (f->slot_of[i] >= 0 && !key_table_add(&h->keys, 0, f->columns[i], f->slot_of[i]))
            return error_set(err, ERROR_SYNTAX, "more columns than kage takes");
    sketch_names(f, &h->names);
    h->wanted = ARENA_NEW(&f->arena, struct split_column, f->named_columns + 1);
    if (h->wanted == NULL)
        return error_set_memory(err);
    h->wanted_count = split_wanted(f->slot_of, f->named_columns, h->wanted);
    f->prepared = h;
    return true;
}

/* The separator of a header: that of the definition, or where others may have made the file that
 * which it has. */
static char separator_of(const struct format *f, struct slice names)
{
    static const char others[] = {';', '\t'};

    for (size_t i = 0; f->heading_count > 0 && i < sizeof others; i++)
        if (slice_find(names, f->separator) == names.len &&
            slice_find(names, others[i]) < names.len)
            return others[i];
    return f->separator;
}

/* The slot of a column by the headings of others; ${rank}: how good it is, 0 the best. */
static int find_heading(const struct format *f, struct slice name, size_t *rank)
{
    for (size_t i = 0; i < f->heading_count; i++)
        for (*rank = 0; *rank < f->headings[i].name_count; ++*rank)
            if (slice_equal_heading(f->headings[i].names[*rank], name))
                return f->headings[i].slot;
    return -1;
}

/* The slot of a column by its own name. */
static int find_own(const struct format *f, struct slice name, bool *exact)
{
    const struct headed *headed = f->prepared;
    int slot = key_table_find(&headed->keys, 0, name);

    *exact = slot >= 0;
    for (size_t i = 0; slot < 0 && f->heading_count > 0 && i < f->column_count; i++)
        if (slice_equal_heading(f->columns[i], name))
            slot = f->slot_of[i];
    return slot;
}

/* The column ${at} of the header is the slot's, where none before it is that with more right. */
static bool claim_slot(struct header_state *h, size_t ranks[SLOT_LIMIT], size_t at, size_t rank)
{
    int slot = h->slot_of[at];
    bool fresh = ranks[slot] == SIZE_MAX;

    if (rank >= ranks[slot]) {
        h->slot_of[at] = -1;
        return false;
    }
    for (size_t i = 0; i < at; i++)
        if (h->slot_of[i] == slot)
            h->slot_of[i] = -1;
    ranks[slot] = rank;
    return fresh;
}

/* Columns by their names, for their slots. */
static struct found find_slots(const struct format *f, struct header_state *h,
                               const struct slice *columns)
{
    size_t ranks[SLOT_LIMIT];
    struct found found = {0};

    for (size_t i = 0; i < SLOT_LIMIT; i++)
        ranks[i] = SIZE_MAX;
    for (size_t i = 0; i < h->count; i++) {
        struct slice name = slice_trim(columns[i]);
        bool exact = false;
        size_t rank;

        h->slot_of[i] = find_heading(f, name, &rank);
        if (h->slot_of[i] < 0) {
            h->slot_of[i] = find_own(f, name, &exact);
            rank = SIZE_MAX - 1;
        }
        /* one heading twice: who had an address must not be picked */
        if (h->slot_of[i] >= 0 && f->kind == RECORD_IDENTITY && ranks[h->slot_of[i]] == rank)
            return (struct found){0, 0};
        if (h->slot_of[i] >= 0 && f->heading_count > 0)
            found.any += claim_slot(h, ranks, i, rank);
        found.exact += exact;
    }
    return found;
}

/* Names of a header line, for their slots. */
static struct found learn(const struct format *f, struct header_state *h, struct slice names,
                          struct arena *scratch)
{
    struct split how = {separator_of(f, names), f->quoting, false};
    struct slice columns[COLUMN_LIMIT];
    struct split_column every[COLUMN_LIMIT];
    const struct split_target to = {every, COLUMN_LIMIT, columns};

    split_every(COLUMN_LIMIT, every);
    h->separator = how.separator;
    h->count = split_line(&how, names, &to, scratch);
    if (h->count == SPLIT_BROKEN || h->count > COLUMN_LIMIT)
        h->count = 0;
    return find_slots(f, h, columns);
}

/* Does it begin as values do, not names? Spares most lines the look. */
static bool begins_as_value(struct slice line)
{
    size_t at = line.len > 1 && line.ptr[0] == '"' ? 1 : 0;

    return line.ptr[at] >= '0' && line.ptr[at] <= '9';
}

/* Without blanks and quotes at its ends. */
static struct slice unquoted(struct slice name)
{
    name = slice_trim(name);
    while (name.len > 0 && name.ptr[0] == '"')
        name = slice_from(name, 1);
    while (name.len > 0 && name.ptr[name.len - 1] == '"')
        name.len--;
    return name;
}

/* Does the sketch have so many of what stands between the separators? */
static bool may_have_names(const struct format *f, struct slice line, size_t least)
{
    const struct name_sketch *names = &((const struct headed *)f->prepared)->names;
    char separator = separator_of(f, line);
    size_t found = 0;

    while (line.len > 0 && found < least) {
        struct slice name;

        slice_cut(line, separator, &name, &line);
        found += may_be_name(names, unquoted(name));
    }
    return found >= least;
}

static bool may_be_header(const struct format *f, struct slice line)
{
    return may_have_names(f, line, ((const struct headed *)f->prepared)->names.least);
}

/* A header whose lead lost its end and all behind it, or is another. */
static bool is_broken_lead(const struct format *f, const struct header_state *h, struct slice line,
                           struct arena *scratch)
{
    struct header_state ignored;

    if (line.len > 1 && line.ptr[0] == '#' && slice_starts_with(f->header, slice_trim(line)))
        return true;
    return h->seen && !begins_as_value(line) && may_be_header(f, line) &&
           is_enough(f, learn(f, &ignored, line, scratch));
}

/* Do the columns that both headers have stand at the same places? */
static bool is_same(const struct header_state *a, const struct header_state *b)
{
    size_t i = 0;

    while (i < a->count && i < b->count && a->slot_of[i] == b->slot_of[i])
        i++;
    return i == a->count || i == b->count;
}

/* Is half of what a line has names of columns, though no header's: one that was cut off, or has a
 * quote too many? Then no one knows what columns the lines behind it have, unless it begins as the
 * header before it. */
static bool is_broken_header(const struct format *f, const struct header_state *h,
                             struct slice line)
{
    struct slice columns[COLUMN_LIMIT], rest = line;
    struct header_state fresh = {.count = 0};
    struct found found;
    size_t names;

    if (!may_have_names(f, line, LEAST_NAMES))
        return false;
    while (rest.len > 0 && fresh.count < COLUMN_LIMIT) {
        slice_cut(rest, h->separator, &columns[fresh.count], &rest);
        columns[fresh.count] = unquoted(columns[fresh.count]);
        fresh.count++;
    }
    found = find_slots(f, &fresh, columns);
    names = found.exact > found.any ? found.exact : found.any;
    return names >= LEAST_NAMES && names * 2 >= fresh.count - 1 && !is_same(h, &fresh);
}

/* What plain lines under the header look like: those that begin as values do, not as another. */
static void lay_out(const struct format *f, struct header_state *h)
{
    const struct split how = {h->separator, f->quoting, f->brackets};
    const struct layout_columns columns = {h->count, h->wanted, h->wanted_count,
                                           (size_t)f->slot_count};

    h->has_layout = (f->header.len == 0 || !begins_as_value(f->header)) &&
                    layout_make(&how, true, &columns, &h->layout);
}

/* Is it a header, and if so, what does it say? */
static bool learn_header(const struct format *f, struct header_state *h, struct slice line,
                         struct arena *scratch)
{
    struct header_state fresh = {.seen = true};
    struct slice names = line;

    if (f->header.len > 0) {
        names = slice_from(line, f->header.len);
        if (names.len > 0 && (names.ptr[0] == ' ' || names.ptr[0] == '\t'))
            names = slice_from(names, 1);
        learn(f, &fresh, names, scratch);
    } else if (!is_enough(f, learn(f, &fresh, names, scratch))) {
        return false;
    }
    fresh.wanted_count = split_wanted(fresh.slot_of, fresh.count, fresh.wanted);
    fresh.layout.version = h->layout.version + 1;
    *h = fresh;
    lay_out(f, h);
    return true;
}

/* The same; most lines are seen to be none by how they begin. */
static bool take_header(const struct format *f, struct header_state *h, struct slice line,
                        struct arena *scratch)
{
    if (f->header.len > 0 ? !slice_starts_with(line, f->header)
                          : (h->seen && begins_as_value(line)) || !may_be_header(f, line))
        return false;
    return learn_header(f, h, line, scratch);
}

static size_t count_wanted(const struct header_state *h)
{
    size_t wanted = 0;

    for (size_t i = 0; h->seen && i < h->count; i++)
        wanted += h->slot_of[i] >= 0;
    return wanted;
}

size_t headed_columns(const struct format *f, const void *state)
{
    return f->header.len > 0 ? 0 : count_wanted(state); /* without their lead, headings are plain */
}

size_t headed_led(const struct format *f, const void *state)
{
    return f->header.len > 0 ? count_wanted(state) : 0;
}

size_t headed_layout(const struct format *f, const void *state, struct split *how)
{
    const struct header_state *h = state;

    *how = (struct split){f->separator, f->quoting, f->brackets};
    if (!h->seen)
        return 0;
    how->separator = h->separator;
    return h->count;
}

const struct layout *headed_plain(const void *state)
{
    const struct header_state *h = state;

    return h->has_layout && !h->broken ? &h->layout : NULL;
}

/* The header before a broken one holds no longer. */
static void forget_broken(const struct format *f, struct header_state *h)
{
    *h = (struct header_state){
        .seen = true, .separator = f->separator, .layout.version = h->layout.version};
}

static int cut(const struct format *f, void *state, struct slice line, struct slice *slots,
               struct arena *scratch)
{
    struct header_state *h = state;
    const struct headed *headed = f->prepared;
    size_t columns, expected;
    struct split how = {f->separator, f->quoting, f->brackets};

    if (h->broken)
        forget_broken(f, h);
    if (slice_starts_with(line, SLICE("\xef\xbb\xbf"))) /* another file begins */
        line = slice_from(line, 3);
    if (take_header(f, h, line, scratch))
        return CUT_SKIP;
    h->broken = f->header.len > 0 && is_broken_lead(f, h, line, scratch);
    if (f->header.len > 0 && line.ptr[0] == '#')
        return CUT_SKIP;
    if (h->broken || (!h->seen && !f->open_end))
        return CUT_REJECT;
    expected = h->seen ? h->count : f->named_columns;
    if (h->seen)
        how.separator = h->separator;
    columns =
        split_line(&how, line,
                   h->seen ? &(struct split_target){h->wanted, h->wanted_count, slots}
                           : &(struct split_target){headed->wanted, headed->wanted_count, slots},
                   scratch);
    if (columns == expected)
        return 0;
    h->broken = h->seen && f->header.len == 0 && is_broken_header(f, h, line);
    return !h->seen && f->open_end && columns != SPLIT_BROKEN && columns >= f->least_columns
               ? 0
               : CUT_REJECT;
}

const struct decoder decode_headed = {"headed", prepare, cut, sizeof(struct header_state), false};
