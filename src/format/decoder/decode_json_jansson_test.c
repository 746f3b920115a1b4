/* decode_json_jansson_test.c: JSON lines, made up and damaged, read as jansson reads them. */
#include "base/buf.h"
#include "base/word.h"
#include "format/decoder/pieces.h"
#include "format/definition/definition.h"
#include "format/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { LINES = 30000, DEEPEST = 4, LEAST_ALIKE = LINES / 2, WAYS = 8 };

static const char definition[] =
    "format test\nfamily test\ntitle A test\nkind proxy\ndecoder json\n"
    "host = a\nuser = b.c\nurl = d.1\nmethod = b.e.a\n"
    "user_agent = c\nclient = d.0.a\n";

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static size_t below(uint64_t *seed, size_t limit)
{
    return (size_t)(next_random(seed) % limit);
}

static void add_blanks(uint64_t *seed, struct buf *out)
{
    for (size_t n = below(seed, 8); n > 6; n--)
        buf_append_byte(out, ' ');
}

static void add_string(uint64_t *seed, struct buf *out)
{
    static const char *const pieces[] = {
        "a",
        "line.me",
        "/",
        "\\/",
        " ",
        "\\\"",
        "\\\\",
        "\\n",
        "\\t",
        "\\u00e9",
        "\\u9234",
        "\\ud83d\\ude00",
        "}",
        "]",
        ",",
        ":",
        "\\b",
        "\\f",
        "\\r",
        "\xe9\x88\xb4",
        "{",
        "[",
        "0123456789abcdef",
        "",
    };

    buf_append_byte(out, '"');
    for (size_t n = below(seed, 6); n > 0; n--)
        buf_append_string(out, pieces[below(seed, COUNT(pieces))]);
    buf_append_byte(out, '"');
}

static void add_scalar(uint64_t *seed, struct buf *out)
{
    static const char *const words[] = {"null", "true", "false", "0", "-7", "12.5", "1e3", "42"};

    if (below(seed, 2) == 0)
        add_string(seed, out);
    else
        buf_append_string(out, words[below(seed, COUNT(words))]);
}

/* An object or array; what stands in it is a scalar at depth DEEPEST, so this goes no deeper. */
static void add_value(uint64_t *seed, struct buf *out, int depth, bool object)
{
    static const char *const keys[][2] = {
        {"a", "\\u0061"}, {"b", "b"},   {"c", "c"}, {"", ""},       {"d", "\\u0064"},
        {"e", "e"},       {"ab", "ab"}, {"A", "A"}, {"b.c", "b.c"}, {"a/", "a\\/"},
    };
    size_t members = below(seed, 6), key = 0;

    buf_append_byte(out, object ? '{' : '[');
    for (size_t i = 0; i < members; i++) {
        size_t kind = depth >= DEEPEST ? 2 : below(seed, 4);

        if (i > 0)
            buf_append_byte(out, ',');
        add_blanks(seed, out);
        if (object) {
            key += 1 + below(seed, 2); /* none twice */
            buf_printf(out, "\"%s\":", keys[key - 1][below(seed, 2)]);
        }
        add_blanks(seed, out);
        if (kind < 2)
            add_value(seed, out, depth + 1, kind == 0);
        else
            add_scalar(seed, out);
        add_blanks(seed, out);
    }
    buf_append_byte(out, object ? '}' : ']');
}

/* A third of the lines are damaged: bytes changed or left out. */
static void damage(uint64_t *seed, struct buf *line)
{
    static const char bytes[] = "{}[]\",:\\ au0-.1\xe9";

    if (below(seed, 3) > 0)
        return;
    for (size_t times = 1 + below(seed, 2); times > 0 && line->len > 1; times--) {
        size_t at = below(seed, line->len);

        if (below(seed, 2) == 0) {
            line->ptr[at] = bytes[below(seed, sizeof bytes - 1)];
        } else {
            memmove(line->ptr + at, line->ptr + at + 1, line->len - at - 1);
            line->len--;
        }
    }
}

/* What jansson has at the path; NULL: nothing. */
static const json_t *walk(const json_t *value, struct slice path)
{
    while (value != NULL && path.len > 0) {
        struct slice step;
        char key[8] = {0};

        slice_cut(path, '.', &step, &path);
        assert_true(step.len < sizeof key);
        memcpy(key, step.ptr, step.len);
        value = json_is_array(value)    ? json_array_get(value, (size_t)(key[0] - '0'))
                : json_is_object(value) ? json_object_get(value, key)
                                        : NULL;
    }
    return value;
}

/* Text of a container: does it say the same? */
static bool same_json(struct slice text, const json_t *value)
{
    json_t *read = json_loadb(text.ptr, text.len, JSON_ALLOW_NUL, NULL);
    bool same = read != NULL && json_equal(read, value);

    json_decref(read);
    return same;
}

static bool same_number(struct slice text, double value)
{
    char digits[64] = {0};

    if (text.len == 0 || text.len >= sizeof digits)
        return false;
    memcpy(digits, text.ptr, text.len);
    return strtod(digits, NULL) == value;
}

static bool same(struct slice ours, const json_t *theirs)
{
    if (theirs == NULL || json_is_null(theirs))
        return ours.len == 0;
    switch (json_typeof(theirs)) {
    case JSON_STRING:
        return slice_equal(ours, slice_of(json_string_value(theirs), json_string_length(theirs)));
    case JSON_INTEGER:
    case JSON_REAL: return same_number(ours, json_number_value(theirs));
    case JSON_TRUE: return slice_is(ours, "true");
    case JSON_FALSE: return slice_is(ours, "false");
    case JSON_OBJECT:
    case JSON_ARRAY: return same_json(ours, theirs);
    case JSON_NULL: break;
    }
    return ours.len == 0;
}

static void compare(const struct format *f, struct slice line, const struct slice *slots,
                    const json_t *theirs)
{
    for (size_t i = 0; i < f->column_count; i++)
        if (!same(slots[f->slot_of[i]], walk(theirs, f->columns[i])))
            fail_msg("%.*s: %.*s is '%.*s'", SLICE_FMT(line), SLICE_FMT(f->columns[i]),
                     SLICE_FMT(slots[f->slot_of[i]]));
}

/* Returns: was it a line to jansson, too? Where it was not, ours may pass over what nobody wants.
 */
static bool check_line(const struct format *f, void *state, struct slice line,
                       struct arena *scratch)
{
    json_t *theirs = json_loadb(line.ptr, line.len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
    struct slice slots[SLOT_LIMIT] = {{NULL, 0}};
    int shape = f->decoder->cut(f, state, line, slots, scratch);
    bool is_object = theirs != NULL && json_is_object(theirs);

    if (is_object && shape < 0)
        fail_msg("%.*s: is no line", SLICE_FMT(line));
    if (is_object)
        compare(f, line, slots, theirs);
    json_decref(theirs);
    return is_object;
}

/* A state for each way to walk by pieces, and for the last one NULL: none. Returns: how many. */
static size_t make_states(const struct format *f, void **states)
{
    size_t n = 0;

    for (; pieces_walker_at(PIECES_JSON, n) != NULL; n++) {
        struct pieces *pieces = test_calloc(1, f->decoder->state_size);

        pieces->walker = pieces_walker_at(PIECES_JSON, n);
        states[n] = pieces;
    }
    states[n] = NULL;
    return n + 1;
}

static void test_lines(void **state)
{
    struct error err = {0};
    struct format *f = definition_parse("test.format", SLICE(definition), &err);
    struct arena scratch = {0};
    uint64_t seed = 0x9e3779b97f4a7c15;
    size_t alike = 0;
    void *states[WAYS];
    size_t ways;

    (void)state;
    assert_non_null(f);
    ways = make_states(f, states);
    for (int i = 0; i < LINES; i++) {
        struct buf line = {0};

        add_value(&seed, &line, 0, true);
        damage(&seed, &line);
        assert_true(buf_reserve(&line, WIDE_SLACK));
        arena_reset(&scratch);
        for (size_t n = 0; n < ways; n++)
            alike += check_line(f, states[n], buf_slice(&line), &scratch);
        buf_free(&line);
    }
    assert_true(alike > LEAST_ALIKE * ways);
    for (size_t n = 0; n + 1 < ways; n++)
        test_free(states[n]);
    arena_free(&scratch);
    definition_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lines)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
