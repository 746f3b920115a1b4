/* rule_detail.c: a parameter of a URL's query. */
#include "signature/rule/rule_detail.h"

#include "net/url.h"

enum { DETAIL_LIMIT = 127 /* bytes: as digits still no longer than a tenant */, DIGITS_LEAST = 40 };

struct rule_detail rule_detail_of(struct slice text)
{
    bool hex = slice_ends_with(text, SLICE(" hex"));

    if (hex)
        text.len -= 4;
    if (slice_find(text, ' ') < text.len)
        text.len = 0;
    return (struct rule_detail){text, hex};
}

/* The value behind the first "name=" of the query. */
static struct slice find_value(struct slice url, struct slice name)
{
    struct slice path, query, item, key, value;

    slice_cut(url_path(url), '?', &path, &query);
    while (name.len > 0 && query.len > 0) {
        slice_cut(query, '&', &item, &query);
        if (slice_cut(item, '=', &key, &value) && slice_equal(key, name))
            return value;
    }
    return slice_of(NULL, 0);
}

static int digit_value(char c)
{
    char lower = (char)(c | 0x20);

    if (c >= '0' && c <= '9')
        return c - '0';
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Percent-decoded into ${out} of DETAIL_LIMIT bytes. Returns: its length; 0 where it is too long.
 */
static size_t decode(struct slice value, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < value.len; i++) {
        bool escaped = value.ptr[i] == '%' && value.len - i > 2 &&
                       digit_value(value.ptr[i + 1]) >= 0 && digit_value(value.ptr[i + 2]) >= 0;

        if (n == DETAIL_LIMIT)
            return 0;
        out[n++] = value.ptr[i];
        if (!escaped)
            continue;
        out[n - 1] = (char)(digit_value(value.ptr[i + 1]) * 16 + digit_value(value.ptr[i + 2]));
        i += 2;
    }
    return n;
}

static bool is_all_digits(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (digit_value(s.ptr[i]) < 0)
            return false;
    return true;
}

static void append_digits(struct slice bytes, struct buf *out)
{
    static const char digits[] = "0123456789abcdef";
    bool written = bytes.len >= DIGITS_LEAST && is_all_digits(bytes);

    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.ptr[i];

        if (written) {
            buf_append_byte(out, (char)(byte | 0x20));
            continue;
        }
        buf_append_byte(out, digits[byte >> 4]);
        buf_append_byte(out, digits[byte & 15]);
    }
}

static bool is_text(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < ' ' || s.ptr[i] > '~')
            return false;
    return true;
}

void rule_detail_append(const struct rule_detail *detail, struct slice url, struct buf *out)
{
    char bytes[DETAIL_LIMIT];
    struct slice value = slice_of(bytes, decode(find_value(url, detail->parameter), bytes));

    if (detail->hex || !is_text(value))
        append_digits(value, out);
    else
        buf_append(out, value);
}
