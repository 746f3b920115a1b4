/* documents_step.c: JSON (RFC 8259) byte by byte, as far as brackets, names and strings tell where
 * an object begins and ends. */
#include "text/documents_internal.h"

#include <string.h>

enum {
    LEVELS = 64,
    OBJECT_LIMIT_BYTES = 1 << 20 /* longer ones are cut there: as lines they are too long */
};

static struct slice name_of(const struct documents_reading *r)
{
    return slice_of(r->name, r->name_len);
}

/* Names of arrays in which answers of programs and exports of consoles have what was asked for. */
static bool holds_objects(struct slice name)
{
    static const char *const names[] = {"value",  "records", "Records", "events",  "logEvents",
                                        "items",  "data",    "results", "entries", "logs",
                                        "result", "rows",    "hits",    "queries", "messages"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_is(name, names[i]))
            return true;
    return false;
}

/* Names of objects in which such an array may stand. */
static bool holds_array(struct slice name)
{
    return slice_is(name, "hits") || slice_is(name, "response") || slice_is(name, "result") ||
           slice_is(name, "data");
}

static void keep(struct documents_reading *r, char c)
{
    if (r->object.len <= OBJECT_LIMIT_BYTES)
        buf_append_byte(&r->object, c);
}

static void keep_inside(struct documents_reading *r, char c)
{
    if (r->inside)
        keep(r, c);
}

static bool in_array(const struct documents_reading *r)
{
    return r->depth > 0 && (r->arrays >> (r->depth - 1) & 1) != 0;
}

/* The byte cannot stand there: all over again with it. */
static enum documents_step fail(struct documents_reading *r)
{
    r->broken = true;
    r->depth = r->base = r->outer = r->candidate = r->nest = 0;
    r->inside = r->behind = r->escaped = false;
    r->state = EXPECT_VALUE;
    return STEP_AGAIN;
}

static enum documents_step go_on(struct documents_reading *r, enum documents_state state)
{
    r->state = state;
    return STEP_ON;
}

static void begin_object(struct documents_reading *r)
{
    buf_reset(&r->object);
    r->inside = true;
    r->begun = r->newlines;
}

static enum documents_step open_object(struct documents_reading *r)
{
    if (r->depth == LEVELS)
        return fail(r);
    if (r->candidate > 0 && r->candidate == r->depth && r->state == EXPECT_FIRST) {
        r->outer = r->depth; /* what was kept is only what stands around */
        memcpy(r->array_name, r->name, sizeof r->name);
        r->array_name_len = r->name_len;
        begin_object(r);
    } else if (!r->inside && !r->behind && r->depth == r->outer) {
        begin_object(r);
    }
    r->candidate = 0;
    if (r->depth == r->base + 1 && !in_array(r) && holds_array(name_of(r)))
        r->nest = r->depth + 1;
    r->arrays &= ~(UINT64_C(1) << r->depth++);
    keep_inside(r, '{');
    return go_on(r, EXPECT_FIRST_NAME);
}

static enum documents_step open_array(struct documents_reading *r)
{
    bool named = r->depth > 0 && !in_array(r), around = r->inside || r->behind;

    if (r->depth == LEVELS)
        return fail(r);
    r->candidate = 0;
    if (!r->whole && named && around && r->outer == r->base &&
        (r->depth == r->base + 1 || r->depth == r->nest) && holds_objects(name_of(r)))
        r->candidate = r->depth + 1;
    r->arrays |= UINT64_C(1) << r->depth++;
    if (r->depth == 1)
        r->base = r->outer = 1;
    keep_inside(r, '[');
    return go_on(r, EXPECT_FIRST);
}

/* An array around objects has ended. */
static void leave_array(struct documents_reading *r)
{
    if (documents_is_unwrapped(r))
        r->behind = true;
    else
        r->base = 0;
    r->outer = r->base;
}

static enum documents_step close_bracket(struct documents_reading *r, char c)
{
    bool is_array = in_array(r), ended;

    if (r->depth == 0 || is_array != (c == ']'))
        return fail(r);
    keep_inside(r, c);
    r->depth--;
    ended = r->inside && r->depth == r->outer;
    if (ended)
        r->inside = false;
    if (is_array && r->depth < r->outer)
        leave_array(r);
    if (r->behind && r->depth == r->base)
        r->behind = false;
    if (r->nest > r->depth)
        r->nest = 0;
    go_on(r, r->depth == 0 ? EXPECT_VALUE : EXPECT_COMMA);
    return ended ? STEP_OBJECT : STEP_ON;
}

static enum documents_step begin_string(struct documents_reading *r, bool is_name)
{
    keep_inside(r, '"');
    r->is_name = is_name;
    if (is_name)
        r->name_len = 0;
    return go_on(r, IN_STRING);
}

static enum documents_step string_byte(struct documents_reading *r, char c)
{
    if (c == '\n')
        return fail(r);
    keep_inside(r, c);
    if (r->escaped)
        r->escaped = false;
    else if (c == '\\')
        r->escaped = true;
    else if (c == '"')
        return go_on(r, r->is_name ? EXPECT_COLON : EXPECT_COMMA);
    if (r->is_name && r->name_len < sizeof r->name)
        r->name[r->name_len++] = c;
    return STEP_ON;
}

static bool is_word_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == 'E' || c == '+' || c == '-' ||
           c == '.';
}

static enum documents_step value_byte(struct documents_reading *r, char c)
{
    if (c == '{')
        return open_object(r);
    if (c == '[')
        return open_array(r);
    if (r->depth == 0) { /* objects may stand one behind another */
        if (c != ',')
            keep(r, c);
        return go_on(r, c == ',' ? EXPECT_VALUE : IN_JUNK);
    }
    if (c == '"')
        return begin_string(r, false);
    if (c == ']' && r->state == EXPECT_FIRST)
        return close_bracket(r, c);
    if (!is_word_byte(c))
        return fail(r);
    keep_inside(r, c);
    return go_on(r, IN_WORD);
}

static enum documents_step comma_byte(struct documents_reading *r, char c)
{
    if (c == '}' || c == ']')
        return close_bracket(r, c);
    if (c != ',')
        return fail(r);
    keep_inside(r, c);
    return go_on(r, in_array(r) ? EXPECT_VALUE : EXPECT_NAME);
}

static enum documents_step name_byte(struct documents_reading *r, char c)
{
    if (c == '"')
        return begin_string(r, true);
    return c == '}' && r->state == EXPECT_FIRST_NAME ? close_bracket(r, c) : fail(r);
}

static enum documents_step colon_byte(struct documents_reading *r, char c)
{
    if (c != ':')
        return fail(r);
    keep_inside(r, c);
    return go_on(r, EXPECT_VALUE);
}

/* A byte-order mark is none: files that have one may stand one behind another. */
static enum documents_step junk_byte(struct documents_reading *r, char c)
{
    const struct slice mark = SLICE("\xef\xbb\xbf");

    if (c != '\n') {
        keep(r, c);
        if (!slice_equal(buf_slice(&r->object), mark)) {
            r->broken |= !slice_starts_with(mark, buf_slice(&r->object));
            return STEP_ON;
        }
        buf_reset(&r->object);
        return go_on(r, EXPECT_VALUE);
    }
    r->broken = true;
    r->state = EXPECT_VALUE;
    return STEP_JUNK;
}

enum documents_step documents_step(struct documents_reading *r, char c)
{
    switch (r->state) {
    case IN_STRING: return string_byte(r, c);
    case IN_JUNK: return junk_byte(r, c);
    case IN_WORD:
        if (is_word_byte(c)) {
            keep_inside(r, c);
            return STEP_ON;
        }
        r->state = EXPECT_COMMA;
        break;
    case EXPECT_VALUE:
    case EXPECT_FIRST:
    case EXPECT_NAME:
    case EXPECT_FIRST_NAME:
    case EXPECT_COLON:
    case EXPECT_COMMA: break;
    }
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r')
        return STEP_ON;
    switch (r->state) {
    case EXPECT_NAME:
    case EXPECT_FIRST_NAME: return name_byte(r, c);
    case EXPECT_COLON: return colon_byte(r, c);
    case EXPECT_COMMA: return comma_byte(r, c);
    case EXPECT_VALUE:
    case EXPECT_FIRST:
    case IN_STRING:
    case IN_WORD:
    case IN_JUNK: break;
    }
    return value_byte(r, c);
}

bool documents_is_open(const struct documents_reading *r)
{
    return r->depth > 0 || r->state == IN_JUNK;
}
