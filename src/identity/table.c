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

enum {
    READ_BYTES = 65536,
    HEADING_BYTES = 128,
    MOST_YEAR = 9999,
    LEAST_YEAR = 1000,
    MONTHS = 12,
    REIWA = 2018,
    CLOCK_DIGITS = 6
};

static bool read_all(const char *path, struct buf *out, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = 1;

    if (fd < 0)
        return error_set_errno(err, errno, "%s: cannot open", path);
    while (got > 0 && out->len <= TABLE_BYTES_LIMIT && buf_reserve(out, READ_BYTES)) {
        got = read(fd, out->ptr + out->len, READ_BYTES);
        if (got < 0)
            error_set_errno(err, errno, "%s: cannot read", path);
        else
            out->len += (size_t)got;
    }
    close(fd);
    if (out->failed)
        error_set_memory(err);
    if (err->code == ERROR_NONE && out->len > TABLE_BYTES_LIMIT)
        return error_set(err, ERROR_SYNTAX,
                         "%s:1: more than %d MiB; expected a list that people keep", path,
                         TABLE_BYTES_LIMIT >> 20);
    return err->code == ERROR_NONE;
}

static size_t line_of(struct slice text, size_t at)
{
    size_t line = 1;

    for (size_t i = 0; i < at; i++)
        line += text.ptr[i] == '\n';
    return line;
}

/* All of ${bytes} as UTF-8 into ${out}. ${at} is where it stopped. */
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

/* What the bytes are if they are no UTF-8: by their mark, else what Windows writes in Japan. */
static const char *encoding_of(struct slice bytes)
{
    if (slice_starts_with(bytes, SLICE("\xff\xfe")) || slice_starts_with(bytes, SLICE("\xfe\xff")))
        return "UTF-16";
    return "CP932";
}

static bool recode(const char *path, struct slice bytes, struct buf *out, struct error *err)
{
    const char *encoding = encoding_of(bytes);
    iconv_t to_utf8 = iconv_open("UTF-8", encoding);
    size_t at = 0;
    bool ok;

    if (to_utf8 == (iconv_t)-1)
        return error_set(err, ERROR_SYNTAX, "%s: not UTF-8 text; save the file as UTF-8", path);
    ok = convert(to_utf8, bytes, out, &at);
    iconv_close(to_utf8);
    if (out->failed)
        return error_set_memory(err);
    return ok ||
           error_set(err, ERROR_SYNTAX, "%s:%zu: neither UTF-8 nor %s text; save the file as UTF-8",
                     path, line_of(bytes, at), encoding);
}

/* PowerShell says in front of a table of what type its rows are. */
static bool is_type_line(struct slice text)
{
    return slice_starts_with(text, SLICE("#TYPE "));
}

/* A copy, in which a line `#TYPE` is blank. */
static struct slice keep_text(struct arena *arena, struct slice text)
{
    char *copy = ARENA_NEW(arena, char, text.len + 1);

    if (copy == NULL)
        return slice_of(NULL, 0);
    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    if (is_type_line(text))
        memset(copy, ' ', slice_find(text, '\n'));
    return slice_of(copy, text.len);
}

bool table_text(const char *path, struct arena *arena, struct slice *text, struct error *err)
{
    struct buf bytes = {0}, utf8 = {0};
    struct slice all;
    bool ok = read_all(path, &bytes, err);

    all = buf_slice(&bytes);
    if (ok && all.len > 0 && u8_check((const uint8_t *)all.ptr, all.len) != NULL) {
        ok = recode(path, all, &utf8, err);
        all = utf8.ptr == NULL ? slice_of("", 0) : buf_slice(&utf8);
    }
    if (ok && slice_starts_with(all, SLICE("\xef\xbb\xbf")))
        all = slice_from(all, 3);
    *text = ok ? keep_text(arena, all) : all;
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

/* What stands between the headings: a comma, or where there is none a tab or semicolon. */
static char delimiter_of(struct slice text)
{
    static const char others[] = {'\t', ';'};
    struct slice line = {NULL, 0};

    while (text.len > 0 && slice_trim(line).len == 0)
        slice_cut(text, '\n', &line, &text);
    for (size_t i = 0; i < sizeof others && slice_find(line, ',') == line.len; i++)
        if (slice_find(line, others[i]) < line.len)
            return others[i];
    return ',';
}

/* Has a column before it the same name? Then it holds more of what that holds, where there is any.
 */
static bool is_further(const struct table *t, size_t column)
{
    return column > 0 &&
           slice_is(slice_of_string(t->columns[column].name), t->columns[column - 1].name);
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
    struct csv_file file = {path, text, columns, t->column_count, delimiter_of(text), choose, t};

    for (size_t i = 0; i < t->column_count; i++) {
        const char *own = own_heading(t, i, headings[i]);

        columns[i] =
            (struct csv_column){own == NULL ? t->columns[i].name : own,
                                (own == NULL && t->columns[i].optional) || is_further(t, i)};
    }
    return csv_read(&file, take, context, err);
}

size_t table_find_column(const struct table *t, struct slice name, size_t *rank)
{
    size_t column = 0;

    while (column < t->column_count && (*rank = preference(t, column, name)) == 0)
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

static bool take_text(struct slice *s, struct slice head)
{
    if (!slice_starts_with(*s, head))
        return false;
    *s = slice_from(*s, head.len);
    return true;
}

/* 2026年9月30日, 令和8年9月30日 */
static bool take_japanese(struct slice *s, struct civil *date)
{
    bool era = take_text(s, SLICE("令和"));

    if (era && take_text(s, SLICE("元")))
        date->year = 1;
    else if (!take_digits(s, 4, &date->year))
        return false;
    if (era)
        date->year += REIWA;
    return take_text(s, SLICE("年")) && take_digits(s, 2, &date->month) &&
           take_text(s, SLICE("月")) && take_digits(s, 2, &date->day) && take_text(s, SLICE("日"));
}

/* 2026-09-30, 20260930 */
static bool take_date(struct slice *s, struct civil *date)
{
    bool separated;

    if (!take_digits(s, 4, &date->year))
        return false;
    separated = take_separator(s);
    return take_digits(s, 2, &date->month) && (!separated || take_separator(s)) &&
           take_digits(s, 2, &date->day);
}

/* 09/30/2026, 30/9/2026, 30.9.2026: where only one of the two can be the month, or both are it. */
static bool take_year_last(struct slice *s, struct civil *date)
{
    int32_t first, second;

    if (!take_digits(s, 2, &first) || !take_separator(s) || !take_digits(s, 2, &second) ||
        !take_separator(s) || !take_digits(s, 4, &date->year) || date->year < LEAST_YEAR ||
        (first != second && first <= MONTHS && second <= MONTHS))
        return false;
    date->month = first > MONTHS ? second : first;
    date->day = first > MONTHS ? first : second;
    return true;
}

/* What stands behind a date is a time, if anything: 2026-09-30T09:00, 20260930090000Z */
static bool ends_date(struct slice rest)
{
    size_t digits = 0;

    while (digits < rest.len && rest.ptr[digits] >= '0' && rest.ptr[digits] <= '9')
        digits++;
    return rest.len == 0 || rest.ptr[0] == ' ' || rest.ptr[0] == 'T' || digits == CLOCK_DIGITS;
}

bool table_day(struct slice text, int64_t *day)
{
    struct slice plain = slice_trim(text), japanese = plain, year_last = plain;
    struct civil date = {0}, other = {0};

    if (take_japanese(&japanese, &other)) {
        plain = japanese;
        date = other;
    } else if (take_year_last(&year_last, &other)) {
        plain = year_last;
        date = other;
    } else if (!take_date(&plain, &date)) {
        return false;
    }
    if (!ends_date(plain) || !calendar_valid(&date))
        return false;
    *day = calendar_days(date.year, date.month, date.day);
    return true;
}
