/* directory_ldif.c: entries of LDIF as ldapsearch prints them. */
#include "base/buf.h"
#include "identity/directory_internal.h"

#include <openssl/evp.h>

#include <stdint.h>
#include <string.h>

/* The entry being read. */
struct entry {
    struct buf fields[DIRECTORY_COLUMNS];
    size_t ranks[DIRECTORY_COLUMNS]; /* of the attributes that they are of */
    struct directory_place place;
};

bool directory_is_ldif(struct slice text)
{
    struct slice line;

    while (text.len > 0) {
        slice_cut(text, '\n', &line, &text);
        line = slice_trim(line);
        if (line.len > 0 && line.ptr[0] != '#')
            return slice_starts_with(line, SLICE("version:")) ||
                   slice_starts_with(line, SLICE("dn:"));
    }
    return false;
}

/* The next line with those it is continued on, which begin with a blank. */
static void next_line(struct slice *rest, size_t *number, struct buf *line)
{
    struct slice piece;

    buf_reset(line);
    do {
        slice_cut(*rest, '\n', &piece, rest);
        ++*number;
        if (piece.len > 0 && piece.ptr[piece.len - 1] == '\r')
            piece.len--;
        if (line->len > 0 && piece.len > 0)
            piece = slice_from(piece, 1);
        buf_append(line, piece);
    } while (line->len > 0 && rest->len > 0 && rest->ptr[0] == ' ');
}

/* Base64 of ${text} into ${out}. */
static bool undo_base64(struct slice text, struct buf *out)
{
    size_t room = text.len / 4 * 3;
    int got;

    buf_reset(out);
    if (text.len == 0)
        return true;
    if (text.len % 4 != 0 || text.len > INT32_MAX || slice_find(text, '=') + 2 < text.len ||
        !buf_reserve(out, room))
        return false;
    got =
        EVP_DecodeBlock((unsigned char *)out->ptr, (const unsigned char *)text.ptr, (int)text.len);
    if (got < 0)
        return false;
    out->len = (size_t)got;
    for (size_t i = 0; i < 2 && text.ptr[text.len - 1 - i] == '='; i++)
        out->len--;
    return true;
}

static bool end_entry(struct directory *d, struct entry *e, struct error *err)
{
    struct slice fields[DIRECTORY_COLUMNS];
    bool ok = true, failed = false;

    for (size_t i = 0; i < DIRECTORY_COLUMNS; i++) {
        fields[i] = buf_slice(&e->fields[i]);
        failed |= e->fields[i].failed;
    }
    if (failed)
        return error_set_memory(err);
    if (fields[COLUMN_USER].len > 0)
        ok = directory_add(d, &e->place, fields, err);
    for (size_t i = 0; i < DIRECTORY_COLUMNS; i++)
        buf_reset(&e->fields[i]);
    return ok;
}

static void add_value(struct buf *field, struct slice value)
{
    if (field->len > 0)
        buf_append_byte(field, ';');
    buf_append(field, value);
}

/* The column that takes further values of ${column}; DIRECTORY_COLUMNS: none does. */
static size_t column_of_others(size_t column)
{
    static const size_t others[DIRECTORY_COLUMNS] = {
        [COLUMN_USER] = COLUMN_ALIASES,          [COLUMN_NAME] = DIRECTORY_COLUMNS,
        [COLUMN_DEPARTMENT] = DIRECTORY_COLUMNS, [COLUMN_EMAIL] = COLUMN_ADDRESSES,
        [COLUMN_ALIASES] = COLUMN_ALIASES,       [COLUMN_PRINCIPALS] = COLUMN_PRINCIPALS,
        [COLUMN_ADDRESSES] = COLUMN_ADDRESSES,   [COLUMN_LEFT_ON] = DIRECTORY_COLUMNS,
        [COLUMN_KIND] = DIRECTORY_COLUMNS,       [COLUMN_CLASS] = COLUMN_CLASS};

    return others[column];
}

/* Another value of one that is given: a name with a domain is a principal's. */
static void add_other(struct entry *e, size_t column, struct slice value)
{
    if (column == COLUMN_ALIASES && slice_find(value, '@') < value.len)
        column = COLUMN_PRINCIPALS;
    if (column < DIRECTORY_COLUMNS && value.len > 0)
        add_value(&e->fields[column], value);
}

/* Of several values the first of the attribute that is preferred most; the others are aliases. */
static void take_value(struct entry *e, size_t column, size_t rank, struct slice value)
{
    struct buf *field = &e->fields[column];
    size_t others = column_of_others(column);

    if (others == column) {
        add_value(field, value);
    } else if (field->len > 0 && rank >= e->ranks[column]) {
        add_other(e, others, value);
    } else {
        add_other(e, others, buf_slice(field));
        buf_reset(field);
        add_value(field, value);
        e->ranks[column] = rank;
    }
}

/* `attribute: value` or `attribute:: base64`; behind `:<` stands but where a value lies. */
static bool take_line(struct entry *e, const struct table *table, struct slice line,
                      struct buf *scratch)
{
    struct slice attribute, value, options;
    size_t column, rank;

    if (!slice_cut(line, ':', &attribute, &value))
        return slice_is(line, "-");
    slice_cut(attribute, ';', &attribute, &options);
    if (value.len > 0 && value.ptr[0] == ':') {
        if (!undo_base64(slice_trim(slice_from(value, 1)), scratch))
            return false;
        value = buf_slice(scratch);
    } else if (value.len > 0 && value.ptr[0] == '<') {
        return true;
    }
    value = slice_trim(value);
    column = table_find_column(table, attribute, &rank);
    if (column < table->column_count)
        take_value(e, column, rank, value);
    return true;
}

static bool read_entries(struct directory *d, const struct table *table, struct slice rest,
                         struct entry *e, struct error *err)
{
    struct buf line = {0}, scratch = {0};
    size_t number = 0;
    bool inside = false, ok = true;

    while (ok && rest.len > 0) {
        size_t first = number + 1;

        next_line(&rest, &number, &line);
        if (line.len == 0) {
            ok = end_entry(d, e, err);
            inside = false;
            continue;
        }
        if (line.ptr[0] == '#')
            continue;
        if (!inside)
            e->place.line = first;
        inside = true;
        if (!take_line(e, table, buf_slice(&line), &scratch))
            ok = error_set(err, ERROR_SYNTAX, "%s:%zu: expected `attribute: value`", e->place.file,
                           first);
    }
    ok = ok && end_entry(d, e, err);
    if (line.failed || scratch.failed)
        ok = error_set_memory(err);
    buf_free(&line);
    buf_free(&scratch);
    return ok;
}

bool directory_read_ldif(struct directory *d, const struct table *table, const char *path,
                         struct slice text, struct error *err)
{
    struct entry e = {.place = {path, 1}};
    bool ok = read_entries(d, table, text, &e, err);

    for (size_t i = 0; i < DIRECTORY_COLUMNS; i++)
        buf_free(&e.fields[i]);
    return ok;
}
