/* workbook.c: cells to libxlsxwriter, and its file to the output. */
#include "report/writer/workbook.h"

#include "base/buf.h"
#include "report/output.h"
#include "sort/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum {
    CREATED_S = 315532800, /* 1980-01-01, the first day of zip: the hour of the run is no data */
    COPY_BYTES = 1 << 16,
    ARROW_WIDTH = 4, /* of the filter beside a heading */
    MOST_WIDTH = 60, /* of a column, in characters */
    ROOM_BEYOND = 1 << 20,
    FILE_NAME_BYTES = 40
};

/* A number format that cells share. */
struct shared_format {
    struct buf text;
    lxw_format *format;
};

struct workbook {
    const char *folder;
    int fd; /* of the finished file */
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *bold;
    struct shared_format *formats;
    size_t format_count;
    size_t *widths;
    size_t width_count;
    struct buf text; /* with a NUL */
};

/* The library opens files by name: the name of a descriptor is one that nobody else can open. */
static bool begin(struct workbook *w, struct error *err)
{
    char name[FILE_NAME_BYTES];
    lxw_workbook_options options = {.constant_memory = LXW_TRUE,
                                    .tmpdir = (char *)(uintptr_t)w->folder};
    lxw_doc_properties properties = {.created = CREATED_S};

    w->fd = temporary_open(w->folder, err);
    if (w->fd < 0)
        return false;
    snprintf(name, sizeof name, "/proc/self/fd/%d", w->fd);
    w->book = workbook_new_opt(name, &options);
    if (w->book == NULL)
        return error_set_memory(err);
    workbook_set_properties(w->book, &properties);
    w->sheet = workbook_add_worksheet(w->book, "kage");
    w->bold = workbook_add_format(w->book);
    if (w->sheet == NULL || w->bold == NULL)
        return error_set_memory(err);
    format_set_bold(w->bold);
    return true;
}

struct workbook *workbook_create(const char *folder, struct error *err)
{
    struct workbook *w = calloc(1, sizeof *w);

    if (w == NULL) {
        error_set_memory(err);
        return NULL;
    }
    w->folder = folder;
    if (begin(w, err))
        return w;
    workbook_free(w);
    return NULL;
}

/* ${text} as the library wants it; NULL where memory is out. */
static const char *string_of(struct workbook *w, struct slice text)
{
    buf_reset(&w->text);
    buf_append(&w->text, text);
    buf_append_byte(&w->text, '\0');
    return w->text.failed ? NULL : w->text.ptr;
}

static bool put_text(struct workbook *w, const struct workbook_place *place, struct slice text,
                     lxw_format *format, struct error *err)
{
    const char *string = string_of(w, text);
    lxw_error problem;

    if (string == NULL)
        return error_set_memory(err);
    problem = worksheet_write_string(w->sheet, (lxw_row_t)place->row, (lxw_col_t)place->column,
                                     string, format);
    if (problem == LXW_NO_ERROR)
        return true;
    return error_set(err, ERROR_DATA, "column %s, row %zu: a text of %zu bytes: %s; --csv holds it",
                     place->name, place->row + 1, text.len, lxw_strerror(problem));
}

bool workbook_header(struct workbook *w, size_t column, struct slice text, struct error *err)
{
    const struct workbook_place place = {0, column, "header"};

    workbook_widen(w, column, text.len + ARROW_WIDTH);
    return put_text(w, &place, text, w->bold, err);
}

bool workbook_text(struct workbook *w, const struct workbook_place *place, struct slice text,
                   struct error *err)
{
    return put_text(w, place, text, NULL, err);
}

/* The format of that text, made at its first mention. NULL where memory is out. */
static lxw_format *format_of(struct workbook *w, struct slice text)
{
    struct shared_format *grown, *made;

    for (size_t i = 0; i < w->format_count; i++)
        if (slice_equal(text, slice_of_string(w->formats[i].text.ptr)))
            return w->formats[i].format;
    grown = reallocarray(w->formats, w->format_count + 1, sizeof *grown);
    if (grown == NULL)
        return NULL;
    w->formats = grown;
    made = &grown[w->format_count];
    *made = (struct shared_format){.format = workbook_add_format(w->book)};
    buf_append(&made->text, text);
    buf_append_byte(&made->text, '\0');
    if (made->format == NULL || made->text.failed) {
        buf_free(&made->text);
        return NULL;
    }
    format_set_num_format(made->format, made->text.ptr);
    w->format_count++;
    return made->format;
}

bool workbook_number(struct workbook *w, const struct workbook_place *place, double number,
                     struct slice format, struct error *err)
{
    lxw_format *shared = format_of(w, format);
    lxw_error problem;

    if (shared == NULL)
        return error_set_memory(err);
    problem = worksheet_write_number(w->sheet, (lxw_row_t)place->row, (lxw_col_t)place->column,
                                     number, shared);
    return problem == LXW_NO_ERROR || error_set(err, ERROR_DATA, "column %s, row %zu: %s",
                                                place->name, place->row + 1, lxw_strerror(problem));
}

void workbook_widen(struct workbook *w, size_t column, size_t characters)
{
    if (column >= w->width_count) {
        size_t *grown = reallocarray(w->widths, column + 1, sizeof *grown);

        if (grown == NULL)
            return; /* columns stay as wide as Excel makes them */
        memset(grown + w->width_count, 0, (column + 1 - w->width_count) * sizeof *grown);
        w->widths = grown;
        w->width_count = column + 1;
    }
    if (characters > w->widths[column])
        w->widths[column] = characters;
}

static void set_widths(const struct workbook *w)
{
    for (size_t i = 0; i < w->width_count; i++) {
        size_t width = w->widths[i] < MOST_WIDTH ? w->widths[i] : MOST_WIDTH;

        worksheet_set_column(w->sheet, (lxw_col_t)i, (lxw_col_t)i, (double)width + 1, NULL);
    }
}

/* The library does not look whether its temporary files could be written: were the rows, and will
 * there be room for the sheet, which repeats them, and for the packed file? */
static bool check_room(const struct workbook *w, struct error *err)
{
    FILE *rows = w->sheet->optimize_tmpfile;
    long bytes = rows == NULL || fflush(rows) != 0 || ferror(rows) != 0 ? -1 : ftell(rows);
    int fd = temporary_open(w->folder, err), problem;

    if (fd < 0)
        return false;
    problem = bytes < 0 ? ENOSPC : posix_fallocate(fd, 0, (off_t)bytes * 2 + ROOM_BEYOND);
    close(fd);
    return problem == 0 ||
           error_set_errno(err, problem,
                           "temporary files of a workbook in %s (TMPDIR names another folder)",
                           w->folder == NULL ? "/tmp" : w->folder);
}

/* The finished file into ${out}. */
static bool copy(const struct workbook *w, struct output *out, struct error *err)
{
    ssize_t n = 1;

    lseek(w->fd, 0, SEEK_SET);
    while (n > 0) {
        struct buf *into = output_buf(out);

        if (!buf_reserve(into, COPY_BYTES))
            return error_set_memory(err);
        n = read(w->fd, into->ptr + into->len, COPY_BYTES);
        if (n < 0)
            return error_set_errno(err, errno, "reading the workbook");
        into->len += (size_t)n;
        if (!output_drain(out, err))
            return false;
    }
    return true;
}

bool workbook_finish(struct workbook *w, size_t rows, size_t columns, struct output *out,
                     struct error *err)
{
    lxw_error problem;

    set_widths(w);
    worksheet_freeze_panes(w->sheet, 1, 0);
    if (columns > 0)
        worksheet_autofilter(w->sheet, 0, 0, (lxw_row_t)(rows - 1), (lxw_col_t)(columns - 1));
    if (!check_room(w, err))
        return false;
    problem = workbook_close(w->book); /* frees it, too */
    w->book = NULL;
    if (problem != LXW_NO_ERROR)
        return error_set(err, ERROR_IO, "writing the workbook: %s", lxw_strerror(problem));
    return copy(w, out, err);
}

void workbook_free(struct workbook *w)
{
    if (w == NULL)
        return;
    if (w->book != NULL)
        lxw_workbook_free(w->book);
    if (w->fd >= 0)
        close(w->fd);
    for (size_t i = 0; i < w->format_count; i++)
        buf_free(&w->formats[i].text);
    free(w->formats);
    free(w->widths);
    buf_free(&w->text);
    free(w);
}
