/* directory_csv.c: rows of CSV as HR systems and exports of directory services write them. */
#include "base/buf.h"
#include "identity/directory_internal.h"
#include "identity/table.h"

#include <stdint.h>
#include <unistr.h>

struct rows {
    struct directory *directory;
    struct buf texts[DIRECTORY_COLUMNS]; /* of the row at hand, undone */
};

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* X'e38182' as its bytes appended to ${out}. Returns: false where it is no such value. */
static bool undo_hex(struct slice value, struct buf *out)
{
    size_t from = out->len;

    if (value.len < 5 || value.len % 2 == 0 || !slice_starts_with(value, SLICE("X'")) ||
        !slice_ends_with(value, SLICE("'")))
        return false;
    for (size_t i = 2; i + 1 < value.len; i += 2) {
        int high = hex_digit(value.ptr[i]), low = hex_digit(value.ptr[i + 1]);

        if (high < 0 || low < 0) {
            out->len = from;
            return false;
        }
        buf_append_byte(out, (char)(high * 16 + low));
    }
    if (!out->failed && u8_check((const uint8_t *)out->ptr + from, out->len - from) == NULL)
        return true;
    out->len = from;
    return false;
}

/* csvde writes what is no ASCII in hexadecimal, several values with `;` between them. */
static struct slice undo_csvde(struct slice field, struct buf *out)
{
    struct slice rest = field, value;

    if (slice_find_slice(field, SLICE("X'")) == field.len)
        return field;
    buf_reset(out);
    while (rest.len > 0) {
        slice_cut(rest, ';', &value, &rest);
        if (!undo_hex(value, out))
            buf_append(out, value);
        if (rest.len > 0)
            buf_append_byte(out, ';');
    }
    return buf_slice(out);
}

static bool take_row(void *context, const struct csv_row *row, struct error *err)
{
    struct rows *r = context;
    struct directory_place place = {row->file, row->line};
    struct slice fields[DIRECTORY_COLUMNS];
    bool empty = true, failed = false;

    for (size_t i = 0; i < DIRECTORY_COLUMNS; i++) {
        fields[i] = undo_csvde(row->fields[i], &r->texts[i]);
        empty &= fields[i].len == 0;
        failed |= r->texts[i].failed;
    }
    if (failed)
        return error_set_memory(err);
    return empty || directory_add(r->directory, &place, fields, err);
}

bool directory_read_csv(struct directory *d, const struct table *table, const char *path,
                        struct slice text, struct error *err)
{
    struct rows r = {.directory = d};
    bool ok = table_read(table, path, text, take_row, &r, err);

    for (size_t i = 0; i < DIRECTORY_COLUMNS; i++)
        buf_free(&r.texts[i]);
    return ok;
}
