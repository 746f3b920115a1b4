/* transform.c: the conversions of mapping lines, one short function each. */
#include "format/mapping/transform.h"

#include "base/num.h"
#include "format/format.h"
#include "format/mapping/ipv4.h"
#include "format/mapping/transform_undo.h"
#include "net/address.h"
#include "net/url.h"

#include <string.h>

static bool apply_none(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)scratch;
    for (size_t i = 0; i < step->arg_count; i++)
        if (slice_glob(step->args[i], *value))
            value->len = 0;
    return true;
}

static bool apply_only(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)scratch;
    for (size_t i = 0; i < step->arg_count; i++)
        if (slice_glob(step->args[i], *value))
            return true;
    value->len = 0;
    return true;
}

static bool apply_prepend(const struct step *step, struct slice *value, struct arena *scratch)
{
    struct slice before = step->args[0];
    char *out = ARENA_NEW(scratch, char, before.len + value->len);

    if (out == NULL)
        return false;
    memcpy(out, before.ptr, before.len);
    memcpy(out + before.len, value->ptr, value->len);
    *value = slice_of(out, before.len + value->len);
    return true;
}

static bool apply_trim(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)step;
    (void)scratch;
    *value = slice_trim(*value);
    return true;
}

static bool apply_first(const struct step *step, struct slice *value, struct arena *scratch)
{
    uint64_t most;

    (void)scratch;
    if (!num_parse(step->args[0], SIZE_MAX, &most))
        return false;
    if (value->len > most)
        value->len = (size_t)most;
    return true;
}

static bool apply_after(const struct step *step, struct slice *value, struct arena *scratch)
{
    size_t at = slice_find_slice(*value, step->args[0]);

    (void)scratch;
    *value =
        at == value->len ? slice_of(value->ptr, 0) : slice_from(*value, at + step->args[0].len);
    return true;
}

static bool apply_before(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)scratch;
    value->len = slice_find_slice(*value, step->args[0]);
    return true;
}

/* Index of the last ${what} in ${s}, or its length. */
static size_t find_last(struct slice s, struct slice what)
{
    for (size_t at = s.len - what.len + 1; s.len >= what.len && at-- > 0;)
        if (slice_starts_with(slice_from(s, at), what))
            return at;
    return s.len;
}

static bool apply_after_last(const struct step *step, struct slice *value, struct arena *scratch)
{
    size_t at = find_last(*value, step->args[0]);

    (void)scratch;
    *value =
        at == value->len ? slice_of(value->ptr, 0) : slice_from(*value, at + step->args[0].len);
    return true;
}

static bool apply_before_last(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)scratch;
    value->len = find_last(*value, step->args[0]);
    return true;
}

/* Could it be a host? Letters, digits, dots and what else stands in names, addresses and escapes;
 * anything beyond ASCII. */
static bool is_host_text(struct slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c <= ' ' || c == 0x7f || c == '"' || c == '<' || c == '>')
            return false;
    }
    return s.len > 0;
}

/* A bare word is a host only where a dot, a port or brackets say so: "GET foo" names none, and the
 * "http:" of a URL that was cut neither. */
static bool is_bare_word(struct slice host)
{
    return slice_find(host, '.') == host.len && slice_find(host, ':') + 1 >= host.len;
}

static bool apply_url_host(const struct step *step, struct slice *value, struct arena *scratch)
{
    struct slice target = *value, host = url_plain_authority(target);
    bool is_plain = host.len > 0;

    (void)step;
    (void)scratch;
    if (!is_plain)
        host = url_authority(target);
    if (host.ptr == target.ptr && is_bare_word(host)) /* without a scheme */
        host.len = 0;
    *value = host;
    return host.len == 0 || is_plain || is_host_text(host);
}

static bool apply_whole_url(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)step;
    (void)scratch;
    if (!url_has_scheme(*value))
        value->len = 0;
    return true;
}

static bool apply_address(const struct step *step, struct slice *value, struct arena *scratch)
{
    struct address address;
    struct slice text = *value;
    size_t end;

    (void)step;
    (void)scratch;
    if (ipv4_is_plain(text)) /* the common case, without a call */
        return true;
    if (text.len > 0 && text.ptr[0] == '[') {
        text = slice_from(text, 1);
        text.len = slice_find(text, ']');
    } else if ((end = slice_find(text, ':')) < text.len &&
               slice_find(slice_from(text, end + 1), ':') == text.len - end - 1) {
        text.len = end; /* one colon: IPv4 with a port */
    }
    text.len = slice_find(text, '%');
    *value = text;
    if (!address_parse(text, &address))
        value->len = 0;
    return true;
}

static bool apply_no_address(const struct step *step, struct slice *value, struct arena *scratch)
{
    struct address address;

    (void)step;
    (void)scratch;
    if (address_parse(*value, &address))
        value->len = 0;
    return true;
}

static bool apply_host(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)step;
    (void)scratch;
    if (!is_host_text(*value))
        value->len = 0;
    return true;
}

/* ${number} in digits. */
static bool put_number(uint64_t number, struct slice *value, struct arena *scratch)
{
    enum { DIGITS = 20 };
    char *out = ARENA_NEW(scratch, char, DIGITS);
    size_t n = DIGITS;

    if (out == NULL)
        return false;
    do
        out[--n] = (char)('0' + number % 10);
    while ((number /= 10) != 0);
    *value = slice_of(out + n, DIGITS - n);
    return true;
}

/* The next of the numbers that stand in ${rest}. */
static bool next_number(struct slice *rest, uint64_t *number)
{
    struct slice part;

    slice_cut(*rest, ' ', &part, rest);
    return num_parse(part, UINT64_MAX, number);
}

static bool apply_sum(const struct step *step, struct slice *value, struct arena *scratch)
{
    struct slice rest = *value;
    uint64_t sum = 0, number;

    (void)step;
    while (rest.len > 0) {
        if (!next_number(&rest, &number))
            return false;
        sum = num_add(sum, number);
    }
    return put_number(sum, value, scratch);
}

/* What one of the unit at the begin of ${s} is in seconds; 0: no unit. */
static uint64_t unit_seconds(struct slice s)
{
    static const struct {
        const char *name; /* its begin, where it has more than a letter */
        uint64_t seconds;
    } units[] = {{"s", 1},     {"sec", 1},     {"m", 60},    {"min", 60},   {"h", 3600},
                 {"hr", 3600}, {"hour", 3600}, {"d", 86400}, {"day", 86400}};
    size_t length = 0;

    while (length < s.len && s.ptr[length] >= 'a' && s.ptr[length] <= 'z')
        length++;
    s = slice_of(s.ptr, length);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct slice name = slice_of_string(units[i].name);

        if (name.len == 1 ? slice_equal(s, name) : slice_starts_with(s, name))
            return units[i].seconds;
    }
    return 0;
}

/* Past what is no digit, or past digits. */
static struct slice past(struct slice s, bool digits)
{
    while (s.len > 0 && (s.ptr[0] >= '0' && s.ptr[0] <= '9') == digits)
        s = slice_from(s, 1);
    return s;
}

static bool apply_span(const struct step *step, struct slice *value, struct arena *scratch)
{
    enum { NUMBER_MOST = 100000000 }; /* of any unit: no sum wraps */
    struct slice rest = past(*value, false), behind;
    uint64_t total = 0, number, unit;

    (void)step;
    if (rest.len == 0)
        return false;
    while (rest.len > 0) {
        behind = past(rest, true);
        rest.len -= behind.len;
        unit = unit_seconds(slice_trim(behind));
        if (unit == 0 || !num_parse(rest, NUMBER_MOST, &number))
            return false;
        total = num_add(total, unit * number);
        rest = past(behind, false);
    }
    return put_number(total, value, scratch);
}

static bool apply_difference(const struct step *step, struct slice *value, struct arena *scratch)
{
    struct slice rest = *value;
    uint64_t left, number;

    (void)step;
    if (!next_number(&rest, &left))
        return false;
    while (rest.len > 0) {
        if (!next_number(&rest, &number) || number > left)
            return false;
        left -= number;
    }
    return put_number(left, value, scratch);
}

static bool apply_day_end(const struct step *step, struct slice *value, struct arena *scratch)
{
    static const char end[] = " 23:59:59.999999";
    char *out;

    (void)step;
    if (slice_find(*value, ':') < value->len)
        return true;
    out = ARENA_NEW(scratch, char, value->len + sizeof end - 1);
    if (out == NULL)
        return false;
    memcpy(out, value->ptr, value->len);
    memcpy(out + value->len, end, sizeof end - 1);
    *value = slice_of(out, value->len + sizeof end - 1);
    return true;
}

/* The digits that ${s} begins with; a separator behind them is passed over. */
static struct slice take_digits(struct slice *s)
{
    struct slice digits = *s;

    digits.len = 0;
    while (digits.len < s->len && s->ptr[digits.len] >= '0' && s->ptr[digits.len] <= '9')
        digits.len++;
    *s = slice_from(*s, digits.len);
    if (s->len > 0 && (s->ptr[0] == '/' || s->ptr[0] == '.' || s->ptr[0] == '-'))
        *s = slice_from(*s, 1);
    return digits;
}

/* In 09/10/2026 either may be the month: it is left as it is, and will be no time. */
static bool apply_year_first(const struct step *step, struct slice *value, struct arena *scratch)
{
    enum { MONTHS = 12, MOST_DAY = 31, YEAR_DIGITS = 4, DAY_DIGITS = 2 };
    struct slice rest = *value, first = take_digits(&rest), second = take_digits(&rest),
                 year = take_digits(&rest), month;
    uint64_t a, b;
    char *out;

    (void)step;
    if (year.len != YEAR_DIGITS || first.len > DAY_DIGITS || second.len > DAY_DIGITS ||
        !num_parse(first, MOST_DAY, &a) || !num_parse(second, MOST_DAY, &b) ||
        (a != b && a <= MONTHS && b <= MONTHS))
        return true;
    out = ARENA_NEW(scratch, char, value->len);
    if (out == NULL)
        return false;
    month = a > MONTHS ? second : first;
    if (a > MONTHS)
        second = first;
    memcpy(out, year.ptr, YEAR_DIGITS);
    out[YEAR_DIGITS] = '/';
    memcpy(out + YEAR_DIGITS + 1, month.ptr, month.len);
    out[YEAR_DIGITS + 1 + month.len] = '/';
    memcpy(out + YEAR_DIGITS + month.len + 2, second.ptr, second.len);
    memcpy(out + YEAR_DIGITS + month.len + second.len + 2, rest.ptr, rest.len);
    *value = slice_of(out, YEAR_DIGITS + month.len + second.len + 2 + rest.len);
    return true;
}

static bool apply_lower(const struct step *step, struct slice *value, struct arena *scratch)
{
    char *out = value->len == 0 ? NULL : ARENA_NEW(scratch, char, value->len);

    (void)step;
    if (out == NULL)
        return value->len == 0;
    for (size_t i = 0; i < value->len; i++) {
        out[i] = value->ptr[i];
        if (out[i] >= 'A' && out[i] <= 'Z')
            out[i] = (char)(out[i] + ('a' - 'A'));
    }
    value->ptr = out;
    return true;
}

static bool apply_map(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)scratch;
    for (size_t i = 0; i + 1 < step->arg_count; i += 2)
        if (slice_glob(step->args[i], *value)) {
            *value = step->args[i + 1];
            if (slice_is(*value, "none"))
                value->len = 0;
            return true;
        }
    value->len = 0;
    return true;
}

const struct transform *transform_at(size_t index)
{
    static const struct transform transforms[] = {
#define TEXT(id, name, least, most, help)                                                          \
    {name, TRANSFORM_TEXT, least, most, apply_##id, 0.0, help},
#define UNDO(id, name, help)          {name, TRANSFORM_TEXT, 0, 0, transform_undo_##id, 0.0, help},
#define MAP(name, help)               {name, TRANSFORM_MAP, 2, 64, apply_map, 0.0, help},
#define TIME(name, least, most, help) {name, TRANSFORM_TIME, least, most, NULL, 0.0, help},
#define DURATION(name, unit_us, help) {name, TRANSFORM_DURATION, 0, 0, NULL, unit_us, help},
#include "format/mapping/transforms.def"
    };

    return index < sizeof transforms / sizeof *transforms ? &transforms[index] : NULL;
}

const struct transform *transform_find(struct slice name)
{
    const struct transform *transform;

    for (size_t i = 0; (transform = transform_at(i)) != NULL; i++)
        if (slice_is(name, transform->name))
            return transform;
    return NULL;
}
