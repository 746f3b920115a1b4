/* envelope_message.c: what relays make of a message. */
#include "format/envelope/envelope.h"
#include "format/envelope/envelope_internal.h"

/* "message repeated 2 times: [ TEXT]" stands for TEXT, as rsyslog shortens what comes again. */
static struct slice unrepeated(struct slice body)
{
    const struct slice lead = SLICE("message repeated "), behind = SLICE(" times: [");
    struct slice rest;
    size_t n = 0;

    if (!slice_starts_with(body, lead))
        return body;
    rest = slice_from(body, lead.len);
    while (n < rest.len && envelope_is_digit(rest.ptr[n]))
        n++;
    rest = slice_from(rest, n);
    if (n == 0 || !slice_starts_with(rest, behind) || rest.ptr[rest.len - 1] != ']')
        return body;
    rest = slice_from(rest, behind.len);
    rest.len--;
    envelope_skip_blanks(&rest);
    return rest;
}

/* "%ASA-5-304001:" and its like. */
static bool is_cisco_tag(struct slice word)
{
    return word.len > 2 && word.ptr[0] == '%' && word.ptr[1] >= 'A' && word.ptr[1] <= 'Z' &&
           word.ptr[word.len - 1] == ':';
}

bool envelope_has_cisco_tag(struct slice s)
{
    return is_cisco_tag(envelope_take_word(&s));
}

void envelope_take_cisco_tag(struct slice *body, struct slice *slots)
{
    struct slice rest = *body, word = envelope_take_word(&rest);

    if (is_cisco_tag(word)) {
        slots[SLOT_TAG] = slice_of(word.ptr, word.len - 1);
        *body = rest;
    }
}

/* Without the line end that rsyslog took for a part of the message: CR, LF or NUL behind it are
 * written as #015, #012 and #000. */
static struct slice without_line_end(struct slice body)
{
    while (body.len >= 4 && body.ptr[body.len - 4] == '#' && body.ptr[body.len - 3] == '0') {
        const struct slice octal = slice_from(body, body.len - 2);

        if (!slice_is(octal, "15") && !slice_is(octal, "12") && !slice_is(octal, "00"))
            break;
        body.len -= 4;
    }
    return body;
}

struct slice envelope_message(struct slice body)
{
    if (body.len > 0 && body.ptr[0] == 'm')
        body = unrepeated(body);
    return without_line_end(body);
}

bool envelope_is_repeat(struct slice line)
{
    const struct slice lead = SLICE(" last message repeated "), times = SLICE(" times");
    size_t at, n;

    if (!slice_ends_with(line, times)) /* as soon as can be: nearly all lines are none */
        return false;
    at = slice_find_slice(line, lead);
    n = at + lead.len;
    while (n < line.len && envelope_is_digit(line.ptr[n]))
        n++;
    return at < line.len && n > at + lead.len && slice_equal(slice_from(line, n), times);
}
