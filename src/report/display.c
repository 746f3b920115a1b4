/* display.c: escapes what a terminal would obey, counts columns. */
#include "report/display.h"

#include "base/word.h"

#include <stdbool.h>
#include <unictype.h>
#include <unistr.h>
#include <uniwidth.h>

static bool is_plain_ascii(unsigned char c)
{
    return c >= 0x20 && c < 0x7f;
}

/* Bytes of printable ASCII at the front, eight at a time: most texts are nothing else. */
static size_t plain_front(struct slice text)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    size_t n = 0;

    for (; n + sizeof(uint64_t) <= text.len; n += sizeof(uint64_t)) {
        uint64_t word = word_load(text.ptr + n);
        /* the high bit of what is above 0x7f, below 0x20, or 0x7f; right up to the first such */
        uint64_t others = (word | (word - ones * 0x20) | (word + ones)) & ones * 0x80;

        if (others != 0)
            return n + (size_t)__builtin_ctzll(others) / 8;
    }
    while (n < text.len && is_plain_ascii((unsigned char)text.ptr[n]))
        n++;
    return n;
}

/* Would it move the cursor, turn the direction of text, or not show at all? */
static bool is_treacherous(ucs4_t c)
{
    return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf |
                                                   UC_CATEGORY_MASK_Zl | UC_CATEGORY_MASK_Zp);
}

/* Append the character at the front of ${text}; returns its bytes. */
static size_t append_character(struct buf *out, struct slice text)
{
    const uint8_t *p = (const uint8_t *)text.ptr;
    ucs4_t c = 0;
    int length = u8_mbtoucr(&c, p, text.len);

    if (length <= 0) {
        buf_printf(out, "\\x%02x", p[0]);
        return 1;
    }
    if (c < 0x80)
        buf_printf(out, "\\x%02x", (unsigned)c);
    else if (is_treacherous(c))
        buf_printf(out, "\\u{%04x}", (unsigned)c);
    else
        buf_append(out, slice_of(text.ptr, (size_t)length));
    return (size_t)length;
}

void display_append(struct buf *out, struct slice text)
{
    while (text.len > 0) {
        size_t plain = plain_front(text);

        buf_append(out, slice_of(text.ptr, plain));
        text = slice_from(text, plain);
        if (text.len > 0)
            text = slice_from(text, append_character(out, text));
    }
}

size_t display_width(struct slice text)
{
    size_t plain = plain_front(text);
    int columns = 0;

    if (plain < text.len)
        columns = u8_width((const uint8_t *)text.ptr + plain, text.len - plain, "UTF-8");
    return plain + (columns < 0 ? 0 : (size_t)columns);
}

struct slice display_front(struct slice text, size_t columns)
{
    size_t end = plain_front(text);

    if (end > columns)
        return slice_of(text.ptr, columns);
    columns -= end;
    while (end < text.len) {
        ucs4_t c = 0;
        int length = u8_mbtouc(&c, (const uint8_t *)text.ptr + end, text.len - end);
        int width = uc_width(c, "UTF-8");

        if (width > 0 && (size_t)width > columns)
            break;
        columns -= width > 0 ? (size_t)width : 0;
        end += (size_t)length;
    }
    return slice_of(text.ptr, end);
}

void display_append_label(struct buf *out, const char *label)
{
    buf_printf(out, "%-12s", label);
}

void display_append_next(struct buf *out, const char *label, const char *separator, bool *any)
{
    if (*any)
        buf_append_string(out, separator);
    else
        display_append_label(out, label);
    *any = true;
}

void display_append_number(struct buf *out, uint64_t number)
{
    char digits[sizeof "18446744073709551615"];
    size_t count = 0;

    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (count > 0) {
        buf_append_byte(out, digits[--count]);
        if (count > 0 && count % 3 == 0)
            buf_append_byte(out, ',');
    }
}

void display_append_sum(struct buf *out, uint64_t number, bool partial)
{
    display_append_number(out, number);
    if (partial)
        buf_append_byte(out, '+');
}

void display_append_bytes(struct buf *out, uint64_t bytes)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB"};
    double amount = (double)bytes / 1024;
    size_t unit = 0;

    if (bytes < 1024) {
        buf_printf(out, "%u B", (unsigned)bytes);
        return;
    }
    for (; amount >= 1024 && unit + 1 < sizeof units / sizeof *units; unit++)
        amount /= 1024;
    buf_printf(out, "%.1f %s", amount, units[unit]);
}
