/* documents_match.c: is a text JSON that is no lines of it, and what are its objects? */
#include "text/documents_internal.h"
#include "text/wrapped_internal.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Does ${s}, which begins behind ${before}, begin with "25:05" or a number of seconds, or
 * thousandths and so on, since 1970? ${digits}: so many it begins with. */
static bool begins_with_time(struct slice s, size_t digits, char before)
{
    if (digits == 2)
        return (before == 'T' || before == ' ' || before == '"') && s.len >= 5 && s.ptr[2] == ':' &&
               is_digit(s.ptr[3]) && is_digit(s.ptr[4]);
    return (digits == 10 || digits == 13 || digits == 16 || digits == 19) && s.ptr[0] == '1' &&
           before != '-';
}

/* Does a time stand in ${s}? */
static bool has_time(struct slice s)
{
    size_t n;

    for (size_t i = 0; i < s.len; i += n + 1) { /* no digit stands behind them */
        for (n = 0; i + n < s.len && is_digit(s.ptr[i + n]); n++)
            continue;
        if (n > 0 && i > 0 && begins_with_time(slice_from(s, i), n, s.ptr[i - 1]))
            return true;
    }
    return false;
}

/* Up to the next object. ${around} gets the values beside the array that holds it, but for other
 * arrays and objects. */
static enum documents_step pass_object(struct documents_reading *r, struct slice *head,
                                       struct buf *around)
{
    enum documents_step step = STEP_ON;

    while (head->len > 0 && step == STEP_ON && r->state != IN_JUNK) {
        step = documents_step(r, head->ptr[0]);
        if ((r->state == IN_STRING || r->state == IN_WORD) &&
            (r->depth == r->base + 1 || r->depth == r->nest))
            buf_append_byte(around, head->ptr[0]);
        *head = slice_from(*head, 1);
    }
    return step;
}

bool documents_are_records(struct slice head)
{
    struct documents_reading r = {.state = EXPECT_VALUE};
    struct buf around = {0};
    bool yes = false;

    if (pass_object(&r, &head, &around) == STEP_OBJECT) {
        yes = has_time(buf_slice(&r.object)) != documents_is_unwrapped(&r);
        if (documents_is_unwrapped(&r)) {
            while (yes && r.depth > r.base && pass_object(&r, &head, &around) == STEP_OBJECT)
                continue;
            yes = yes && has_time(buf_slice(&around));
        } else { /* an empty one tells nothing */
            yes = yes && slice_find_slice(buf_slice(&r.object), SLICE(":[]")) == r.object.len;
        }
    }
    buf_free(&around);
    buf_free(&r.object);
    return yes;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool begins_value(struct slice s)
{
    return s.len > 0 && (s.ptr[0] == '{' || s.ptr[0] == '[');
}

/* Does an object or array stand behind the first object, in the same line? Or behind the array that
 * had only this, as answers do that were written to one file? */
static bool goes_on(struct slice behind, bool in_array)
{
    wrapped_skip_blanks(&behind);
    if (in_array && behind.len > 0 && behind.ptr[0] == ']') {
        behind = slice_from(behind, 1);
        while (behind.len > 0 && is_blank(behind.ptr[0]))
            behind = slice_from(behind, 1);
    } else if (behind.len > 0 && behind.ptr[0] == ',') {
        behind = slice_from(behind, 1);
        wrapped_skip_blanks(&behind);
    }
    return begins_value(behind);
}

bool documents_match(struct slice head)
{
    struct documents_reading r = {.state = EXPECT_VALUE, .whole = documents_are_records(head)};
    enum documents_step step = STEP_ON;
    bool is_match = false;

    while (head.len > 0 && step == STEP_ON && r.state != IN_JUNK) {
        step = documents_step(&r, head.ptr[0]);
        r.newlines += head.ptr[0] == '\n';
        head = slice_from(head, 1);
    }
    if (step == STEP_OBJECT)
        is_match = documents_is_unwrapped(&r) || r.newlines > r.begun || goes_on(head, r.base > 0);
    else if (step == STEP_ON && r.inside)
        is_match = documents_is_unwrapped(&r) || r.newlines > r.begun;
    buf_free(&r.object);
    return is_match;
}
