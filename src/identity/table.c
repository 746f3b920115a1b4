/* table.c: encodings, headings and dates of lists that people keep. */
#include "identity/table.h"

#include "base/buf.h"
#include "base/calendar.h"
#include "base/num.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <unistr.h>

enum { READ_BYTES = 65536, HEADING_BYTES = 128, MOST_YEAR = 9999 };

static bool read_all(const char *path, struct buf *out, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = 1;

    if (fd < 0)
        return error_set_errno(err, errno, "%s: cannot open", path);
    while (got > 0 && buf_reserve(out, READ_BYTES)) {
        got = read(fd, out->ptr + out->len, READ_BYTES);
        if (got < 0)
            error_set_errno(err, errno, "%s: cannot read", path);
        else
            out->len += (size_t)got;
    }
    close(fd);
    if (out->failed)
        error_set_memory(err);
    return err->code == ERROR_NONE;
}

static size_t line_of(struct slice text, size_t at)
{
    size_t line = 1;

    for (size_t i = 0; i < at; i++)
        line += text.ptr[i] == '\n';
    return line;
}

/* All of ${bytes} as CP932 into ${out}. ${at} is where it stopped. */
static bool convert(iconv_t to_utf8, struct slice bytes, struct buf *out, size_t *at)
{
    struct buf copy = {0};
    char *from, *into;
    size_t left = bytes.len, room = bytes.len * 3;
    bool ok;

    buf_append(&copy, bytes);
    if (copy.failed || !buf_reserve(out, room)) {
        buf_free(&copy);
        return false;
    }
    from = copy.ptr;
    into = out->ptr;
    ok = iconv(to_utf8, &from, &left, &into, &room) != (size_t)-1;
    *at = bytes.len - left;
    out->len = (size_t)(into - out->ptr);
    buf_free(&copy);
    return ok;
}

static bool from_cp932(const char *path, struct slice bytes, struct buf *out, struct error *err)
{
    iconv_t to_utf8 = iconv_open("UTF-8", "CP932");
    size_t at = 0;
    bool ok;

    if (to_utf8 == (iconv_t)-1)
        return error_set(err, ERROR_SYNTAX, "%s: not UTF-8 text; save the file as UTF-8", path);
    ok = convert(to_utf8, bytes, out, &at);
    iconv_close(to_utf8);
    if (out->failed)
        return error_set_memory(err);
    return ok || error_set(err, ERROR_SYNTAX,
                           "%s:%zu: neither UTF-8 nor CP932 text; save the file as UTF-8", path,
                           line_of(bytes, at));
}

bool table_text(const char *path, struct arena *arena, struct slice *text, struct error *err)
{
    struct buf bytes = {0}, utf8 = {0};
    struct slice all;
    bool ok = read_all(path, &bytes, err);

    all = buf_slice(&bytes);
    if (ok && all.len > 0 && u8_check((const uint8_t *)all.ptr, all.len) != NULL) {
        ok = from_cp932(path, all, &utf8, err);
        all = buf_slice(&utf8);
    }
    if (ok && slice_starts_with(all, SLICE("\xef\xbb\xbf")))
        all = slice_from(all, 3);
    *text = ok ? arena_copy(arena, all) : all;
    if (ok && text->ptr == NULL)
        ok = error_set_memory(err);
    buf_free(&bytes);
    buf_free(&utf8);
    return ok;
}

/* The ${index}th COLUMN:HEADING of ${renamed}. */
static bool renamed_at(const char *renamed, size_t index, struct slice *column,
                       struct slice *heading)
{
    struct slice rest = slice_of_string(renamed), pair = {NULL, 0};

    for (size_t i = 0; i <= index; i++) {
        if (rest.len == 0)
            return false;
        slice_cut(rest, ',', &pair, &rest);
    }
    slice_cut(pair, ':', column, heading);
    *column = slice_trim(*column);
    *heading = slice_trim(*heading);
    return true;
}

/* How much ${name} is preferred as heading of the column: from 1, the smallest most; 0: none. Where
 * the column has headings of the user's own, no other will do. */
static size_t preference(const struct table *t, size_t column, struct slice name)
{
    struct slice rest = slice_of_string(t->columns[column].headings), one, heading;
    bool is_renamed = false;
    size_t place = 2;

    for (size_t i = 0; renamed_at(t->renamed, i, &one, &heading); i++) {
        if (!slice_is(one, t->columns[column].name))
            continue;
        if (slice_equal_heading(heading, name))
            return 1;
        is_renamed = true;
    }
    for (; rest.len > 0 && !is_renamed; place++) {
        slice_cut(rest, '|', &one, &rest);
        if (slice_equal_heading(one, name))
            return place;
    }
    return 0;
}

/* Which of the ${names} that no other column has the ${column} prefers most; ${count}: none. */
static size_t choose_heading(const struct table *t, size_t column, const struct slice *names,
                             size_t count, const int *taken)
{
    size_t best = SIZE_MAX, at = count;

    for (size_t i = 0; i < count; i++) {
        size_t place = taken[i] == CSV_PASSED_OVER ? preference(t, column, names[i]) : 0;

        if (place > 0 && place < best) {
            best = place;
            at = i;
        }
    }
    return at;
}

/* For csv_read. */
static void choose(const void *context, const struct slice *names, size_t count, int *columns)
{
    const struct table *t = context;

    for (size_t i = 0; i < count; i++)
        columns[i] = CSV_PASSED_OVER;
    for (size_t column = 0; column < t->column_count; column++) {
        size_t at = choose_heading(t, column, names, count, columns);

        if (at < count)
            columns[at] = (int)column;
    }
}

/* The heading that the user says the column has, for messages; NULL where none is said. */
static const char *own_heading(const struct table *t, size_t column, char text[HEADING_BYTES])
{
    struct slice one, heading;

    for (size_t i = 0; renamed_at(t->renamed, i, &one, &heading); i++)
        if (slice_is(one, t->columns[column].name)) {
            (void)snprintf(text, HEADING_BYTES, "%.*s", SLICE_FMT(heading));
            return text;
        }
    return NULL;
}

bool table_read(const struct table *t, const char *path, struct slice text, csv_take *take,
                void *context, struct error *err)
{
    struct csv_column columns[CSV_COLUMNS_MAX];
    char headings[CSV_COLUMNS_MAX][HEADING_BYTES];
    struct csv_file file = {path, text, columns, t->column_count, choose, t};

    for (size_t i = 0; i < t->column_count; i++) {
        const char *own = own_heading(t, i, headings[i]);

        columns[i] = (struct csv_column){own == NULL ? t->columns[i].name : own,
                                         own == NULL && t->columns[i].optional};
    }
    return csv_read(&file, take, context, err);
}

size_t table_find_column(const struct table *t, struct slice name)
{
    size_t column = 0;

    while (column < t->column_count && preference(t, column, name) == 0)
        column++;
    return column;
}

bool table_check_renamed(const struct table *t, struct error *err)
{
    struct slice column, heading;

    for (size_t i = 0; renamed_at(t->renamed, i, &column, &heading); i++) {
        bool known = false;

        for (size_t c = 0; c < t->column_count; c++)
            known |= slice_is(column, t->columns[c].name);
        if (!known || heading.len == 0)
            return error_set(err, ERROR_USAGE,
                             "'%s': expected COLUMN:HEADING,… with the columns user, name, "
                             "department, email, aliases, left_on and kind",
                             t->renamed);
    }
    return true;
}

/* The digits in front of ${s}, at most ${most}. */
static bool take_digits(struct slice *s, size_t most, int32_t *out)
{
    size_t n = 0;
    uint64_t value;

    while (n < s->len && n < most && s->ptr[n] >= '0' && s->ptr[n] <= '9')
        n++;
    if (!num_parse(slice_of(s->ptr, n), MOST_YEAR, &value))
        return false;
    *out = (int32_t)value;
    *s = slice_from(*s, n);
    return true;
}

static bool take_separator(struct slice *s)
{
    if (s->len == 0 || (s->ptr[0] != '-' && s->ptr[0] != '/' && s->ptr[0] != '.'))
        return false;
    *s = slice_from(*s, 1);
    return true;
}

bool table_day(struct slice text, int64_t *day)
{
    struct slice rest = slice_trim(text);
    struct civil date = {0};
    bool separated;

    if (!take_digits(&rest, 4, &date.year))
        return false;
    separated = take_separator(&rest);
    if (!take_digits(&rest, 2, &date.month) || (separated && !take_separator(&rest)) ||
        !take_digits(&rest, 2, &date.day))
        return false;
    if ((rest.len > 0 && rest.ptr[0] != ' ' && rest.ptr[0] != 'T') || !calendar_valid(&date))
        return false;
    *day = calendar_days(date.year, date.month, date.day);
    return true;
}
