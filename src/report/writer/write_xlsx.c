/* write_xlsx.c: a workbook of Excel with one sheet: numbers and dates typed, every text a text. */
#include "base/calendar.h"
#include "report/display.h"
#include "report/writer/workbook.h"
#include "report/writer/writer.h"

#include <stdlib.h>
#include <unistr.h>

enum {
    DATA_ROWS = 1048575,    /* a sheet's rows but for the header */
    SERIAL_OF_1970 = 25569, /* days from 1899-12-30, Excel's day 0 */
    FIRST_YEAR = 1901,      /* Excel takes 1900 for a leap year */
    DATE_BYTES = 10,
    STAMP_BYTES = 19 /* of YYYY-MM-DDThh:mm:ss */
};

#define LARGEST_EXACT (UINT64_C(1) << 53) /* numbers of a sheet are doubles */

struct xlsx {
    struct output *out;
    const struct column *columns;
    size_t count;
    size_t row; /* of the sheet; 0 is the header */
    struct workbook *book;
    struct buf text; /* of a cell */
};

/* Append what XML cannot hold as \xNN: bytes that are no UTF-8, NUL, U+FFFE and U+FFFF. */
static void append_clean(struct buf *out, struct slice text)
{
    while (text.len > 0) {
        ucs4_t c;
        int n = u8_mbtoucr(&c, (const uint8_t *)text.ptr, text.len);
        size_t length = n > 0 ? (size_t)n : 1;
        bool fits = n > 0 && c != 0 && c != 0xfffe && c != 0xffff;

        for (size_t i = 0; !fits && i < length; i++)
            buf_printf(out, "\\x%02x", (unsigned char)text.ptr[i]);
        if (fits)
            buf_append(out, slice_of(text.ptr, length));
        text = slice_from(text, length);
    }
}

/* The number that ${count} digits at ${at} are; false where others stand. */
static bool digits_at(struct slice text, size_t at, size_t count, int32_t *number)
{
    *number = 0;
    for (size_t i = at; i < at + count; i++) {
        if (i >= text.len || text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        *number = *number * 10 + (text.ptr[i] - '0');
    }
    return true;
}

static bool read_date(struct slice text, struct civil *c)
{
    return digits_at(text, 0, 4, &c->year) && text.ptr[4] == '-' &&
           digits_at(text, 5, 2, &c->month) && text.ptr[7] == '-' &&
           digits_at(text, 8, 2, &c->day) && c->year >= FIRST_YEAR;
}

static bool read_time(struct slice text, struct civil *c)
{
    return text.ptr[10] == 'T' && digits_at(text, 11, 2, &c->hour) && text.ptr[13] == ':' &&
           digits_at(text, 14, 2, &c->minute) && text.ptr[16] == ':' &&
           digits_at(text, 17, 2, &c->second);
}

/* Z or +hh:mm. */
static bool is_zone(struct slice text)
{
    int32_t number;

    return slice_is(text, "Z") ||
           (text.len == 6 && (text.ptr[0] == '+' || text.ptr[0] == '-') &&
            digits_at(text, 1, 2, &number) && text.ptr[3] == ':' && digits_at(text, 4, 2, &number));
}

/* A day, or a time, as kage prints them. ${zone} is what stands behind the time, empty for a day.
 */
static bool read_stamp(struct slice text, double *serial, struct slice *zone)
{
    struct civil c = {.hour = 0};
    bool has_time = text.len > STAMP_BYTES;

    *zone = has_time ? slice_from(text, STAMP_BYTES) : slice_of(text.ptr, 0);
    if ((text.len != DATE_BYTES && !has_time) || !read_date(text, &c) ||
        (has_time && (!read_time(text, &c) || !is_zone(*zone))) || !calendar_valid(&c))
        return false;
    *serial = (double)calendar_seconds(&c) / SECONDS_PER_DAY + SERIAL_OF_1970;
    return true;
}

/* A time keeps the offset of its zone in its number format: it reads as in the CSV. */
static bool write_stamp(struct xlsx *x, const struct workbook_place *place, double serial,
                        struct slice zone, struct error *err)
{
    buf_reset(&x->text);
    buf_append_string(&x->text, "yyyy-mm-dd");
    if (zone.len > 0) {
        buf_append_string(&x->text, "\"T\"hh:mm:ss\"");
        buf_append(&x->text, zone);
        buf_append_byte(&x->text, '"');
    }
    return x->text.failed ? error_set_memory(err)
                          : workbook_number(x->book, place, serial, buf_slice(&x->text), err);
}

static bool write_text(struct xlsx *x, const struct workbook_place *place, struct slice text,
                       struct error *err)
{
    buf_reset(&x->text);
    append_clean(&x->text, text);
    if (x->text.failed)
        return error_set_memory(err);
    workbook_widen(x->book, place->column, display_width(buf_slice(&x->text)));
    return workbook_text(x->book, place, buf_slice(&x->text), err);
}

static bool write_number(struct xlsx *x, const struct workbook_place *place, uint64_t number,
                         struct error *err)
{
    if (number <= LARGEST_EXACT)
        return workbook_number(x->book, place, (double)number, SLICE("#,##0"), err);
    buf_reset(&x->text);
    buf_append_uint(&x->text, number);
    return x->text.failed ? error_set_memory(err)
                          : workbook_text(x->book, place, buf_slice(&x->text), err);
}

static bool write_value(struct xlsx *x, size_t column, const struct value *value, struct error *err)
{
    const struct workbook_place place = {x->row, column, x->columns[column].name};
    struct slice zone;
    double serial;

    switch (value->type) {
    case VALUE_EMPTY: break;
    case VALUE_NUMBER: return write_number(x, &place, value->number, err);
    case VALUE_TEXT:
        if (!value->name && read_stamp(value->text, &serial, &zone)) {
            workbook_widen(x->book, column, value->text.len);
            return write_stamp(x, &place, serial, zone, err);
        }
        return value->text.len == 0 || write_text(x, &place, value->text, err);
    }
    return true;
}

static bool write_cell(void *self, size_t column, const struct value *value, struct error *err)
{
    struct xlsx *x = self;

    if (column == 0 && x->row++ == DATA_ROWS)
        return error_set(
            err, ERROR_DATA,
            "more than %d rows, which is all that a sheet of Excel holds: choose fewer "
            "(--top, --since, --by), or --csv",
            DATA_ROWS);
    return write_value(x, column, value, err);
}

static void free_xlsx(void *self)
{
    struct xlsx *x = self;

    workbook_free(x->book);
    buf_free(&x->text);
    free(x);
}

static void *begin(const struct writer_task *task, struct error *err)
{
    struct xlsx *x = calloc(1, sizeof *x);
    bool ok = true;

    if (x == NULL) {
        error_set_memory(err);
        return NULL;
    }
    x->out = task->out;
    x->columns = task->columns;
    x->count = task->count;
    x->book = workbook_create(task->look.temporary, err);
    ok = x->book != NULL;
    for (size_t i = 0; ok && i < x->count; i++)
        ok = workbook_header(x->book, i, slice_of_string(x->columns[i].name), err);
    if (ok)
        return x;
    free_xlsx(x);
    return NULL;
}

static bool end(void *self, struct error *err)
{
    const struct xlsx *x = self;

    return workbook_finish(x->book, x->row + 1, x->count, x->out, err);
}

const struct writer_ops write_xlsx_ops = {begin, NULL, write_cell, NULL, NULL, end, free_xlsx};
