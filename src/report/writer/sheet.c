/* sheet.c: guards against guesses, and iconv for the encoding. */
#include "report/writer/sheet.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#define NOT_OPEN ((iconv_t)-1)

struct sheet {
    struct sheet_style *style;
    iconv_t conversion;
};

struct sheet *sheet_create(struct sheet_style *style, struct error *err)
{
    struct sheet *sheet = calloc(1, sizeof *sheet);

    if (sheet == NULL) {
        error_set_memory(err);
        return NULL;
    }
    sheet->style = style;
    sheet->conversion = NOT_OPEN;
    if (style == NULL || !style->cp932)
        return sheet;
    sheet->conversion = iconv_open("CP932", "UTF-8");
    if (sheet->conversion != NOT_OPEN)
        return sheet;
    error_set_errno(err, errno, "--encoding cp932: the system cannot convert to it");
    free(sheet);
    return NULL;
}

bool sheet_is_exact(const struct sheet *sheet)
{
    return sheet->style == NULL || (!sheet->style->excel && !sheet->style->cp932);
}

void sheet_begin(struct sheet *sheet, struct buf *out)
{
    if (sheet->style != NULL && sheet->style->excel && !sheet->style->cp932)
        buf_append_string(out, "\xef\xbb\xbf");
}

void sheet_end_row(struct sheet *sheet, struct buf *out)
{
    buf_append_string(out, sheet->style != NULL && sheet->style->excel ? "\r\n" : "\n");
}

/* Its ASCII signs, and those that Japanese keyboards give as well. */
static bool is_formula(struct slice text)
{
    static const struct slice begins[] = {{"=", 1},
                                          {"+", 1},
                                          {"-", 1},
                                          {"@", 1},
                                          {"\t", 1},
                                          {"\r", 1},
                                          {"\n", 1},
                                          {"\xef\xbc\x9d", 3},
                                          {"\xef\xbc\x8b", 3},
                                          {"\xef\xbc\x8d", 3},
                                          {"\xef\xbc\xa0", 3}};

    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (slice_starts_with(text, begins[i]))
            return true;
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits and what stands between them in numbers, dates and times. An IPv4 address is none. */
static bool is_number_like(struct slice text)
{
    size_t dots = 0;

    if (text.len == 0 || !(is_digit(text.ptr[0]) || text.ptr[0] == '.'))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        dots += c == '.';
        if (!is_digit(c) && slice_find(SLICE(".,:/-+eE %"), c) == 10)
            return false;
    }
    return dots != 3;
}

/* The first letters of a month with a number beside them, in either order. */
static bool is_month_like(struct slice text)
{
    static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                         "jul", "aug", "sep", "oct", "nov", "dec"};
    size_t from = 0, until = text.len;

    while (from < until && (is_digit(text.ptr[from]) || text.ptr[from] == '-'))
        from++;
    while (until > from && (is_digit(text.ptr[until - 1]) || text.ptr[until - 1] == '-'))
        until--;
    if ((from == 0 && until == text.len) || until - from < 3)
        return false;
    for (size_t m = 0; m < sizeof months / sizeof *months; m++)
        if (slice_equal_nocase(slice_of(text.ptr + from, 3), slice_of(months[m], 3)))
            return true;
    return false;
}

/* A year of a Japanese era: R8.4.1. */
static bool is_era_like(struct slice text)
{
    if (text.len < 2 || slice_find(SLICE("MTSHRmtshr"), text.ptr[0]) == 10 ||
        !is_digit(text.ptr[1]))
        return false;
    for (size_t i = 1; i < text.len; i++)
        if (!is_digit(text.ptr[i]) && slice_find(SLICE("./-"), text.ptr[i]) == 3)
            return false;
    return true;
}

static bool is_guessed(struct slice text)
{
    return is_number_like(text) || is_month_like(text) || is_era_like(text) ||
           slice_equal_nocase(text, SLICE("true")) || slice_equal_nocase(text, SLICE("false"));
}

/* Bytes of the character at the front; one where it is no UTF-8. */
static size_t character_length(struct slice text)
{
    unsigned char lead = (unsigned char)text.ptr[0];
    size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;

    for (size_t i = 1; i < length; i++)
        if (i >= text.len || ((unsigned char)text.ptr[i] & 0xc0) != 0x80)
            return i;
    return length;
}

static void append_converted(struct sheet *sheet, struct slice text, struct buf *out)
{
    while (text.len > 0) {
        size_t length = character_length(text), left = length, room = 8;
        char in[4], converted[8];
        char *from = in, *to = converted;

        memcpy(in, text.ptr, length);
        text = slice_from(text, length);
        if (length == 1 && (unsigned char)in[0] < 0x80) {
            buf_append_byte(out, in[0]);
        } else if (iconv(sheet->conversion, &from, &left, &to, &room) == 0) {
            buf_append(out, slice_of(converted, sizeof converted - room));
        } else {
            iconv(sheet->conversion, NULL, NULL, NULL, NULL);
            buf_append_byte(out, '?');
            sheet->style->lacking++;
        }
    }
}

void sheet_field(struct sheet *sheet, struct slice text, bool id, struct buf *out)
{
    bool excel = sheet->style != NULL && sheet->style->excel;

    if (excel && (is_formula(text) || (id && is_guessed(text))))
        buf_append_byte(out, '\'');
    if (sheet->style == NULL || sheet->conversion == NOT_OPEN)
        buf_append(out, text);
    else
        append_converted(sheet, text, out);
}

void sheet_free(struct sheet *sheet)
{
    if (sheet == NULL)
        return;
    if (sheet->conversion != NOT_OPEN)
        iconv_close(sheet->conversion);
    free(sheet);
}
