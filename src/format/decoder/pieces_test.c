/* pieces_test.c: walking by pieces that were learnt, each way. */
#include "format/decoder/pieces.h"

#include "base/word.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { SLOTS = 4 };

/* What a line is walked by: after another, in this order. */
struct fixed {
    const char *text;
    enum piece_value value;
    int slot;
};

static const struct fixed json[] = {
    {"{\"a\":\"", VALUE_QUOTED, 0},
    {"\",\"a name longer than its first 32 bytes\":", VALUE_WORD, 1},
    {",\"c\":", VALUE_WORD, 2},
    {",\"d\":[", VALUE_ASIDE, 3},
    {"}", VALUE_END, -1}};
static const struct fixed pairs[] = {{"a=", VALUE_BARE, 0},
                                     {" b=\"", VALUE_QUOTED, 1},
                                     {"\" a=\"", VALUE_QUOTED, 0},
                                     {"\" c=", VALUE_BARE, 2},
                                     {"", VALUE_END, -1}};

static const struct {
    enum piece_family family;
    enum walked walked;
    const char *line;
    size_t p; /* where it stands, or the value begins that the decoder has to read */
    const char *values[SLOTS];
} rows[] = {
    {PIECES_JSON,
     WALKED_BEFORE_VALUE,
     "{\"a\":\"x y\",\"a name longer than its first 32 bytes\":17,\"c\":null,\"d\":[]}",
     68,
     {"x y", "17", NULL, NULL}},
    {PIECES_JSON,
     WALKED_BEFORE_VALUE,
     "{\"a\":\"\",\"a name longer than its first 32 bytes\":-0.5e7,\"c\":true,\"d\":[",
     69,
     {"", "-0.5e7", "true", NULL}},
    {PIECES_JSON, WALKED_BEFORE_TEXT, "{\"b\":1}", 0, {NULL}},
    {PIECES_JSON, WALKED_BEFORE_VALUE, "{\"a\":\"x\\\"", 6, {"x"}},
    {PIECES_JSON, WALKED_BEFORE_VALUE, "{\"a\":\"x", 6, {NULL}},
    {PIECES_PAIRS, WALKED_LINE, "a=x b=\"y z\" a=\"u\" c=w", 0, {"x", "y z", "w", NULL}},
    {PIECES_PAIRS, WALKED_BEFORE_VALUE, "a= b=\"\" a=\"u\" c=\t", 16, {"", "", "", NULL}},
    {PIECES_PAIRS, WALKED_BEFORE_VALUE, "a=x b=y", 2, {"x"}},
    {PIECES_PAIRS, WALKED_BEFORE_TEXT, "a=\"x\"", 0, {NULL}},
    {PIECES_PAIRS, WALKED_BEFORE_VALUE, "a=x b=\"y z\" a=\"u\" c=w d=v", 20, {"x", "y z", "w"}},
};

static struct piece *learn(struct pieces *all, struct piece *before, const struct fixed *fixed)
{
    return pieces_learn(
        all, before, slice_of_string(fixed->text),
        (struct piece){.value = (uint8_t)fixed->value, .slot = (int16_t)fixed->slot});
}

static struct pieces *make(enum piece_family family, size_t way)
{
    const struct fixed *fixed = family == PIECES_JSON ? json : pairs;
    struct pieces *all = calloc(1, sizeof *all);
    struct piece *at;

    assert_non_null(all);
    assert_true(pieces_are_spent(all));
    all->walker = pieces_walker_at(family, way);
    pieces_clear(all, family, ' ', '\t');
    assert_false(pieces_are_spent(all));
    at = &all->at[PIECE_START];
    for (size_t i = 0; i < COUNT(json); i++) {
        at = learn(all, at, &fixed[i]);
        assert_non_null(at);
    }
    return all;
}

/* A line with as much behind it as may be read, in memory of its own. */
static enum walked walk(struct pieces *all, struct slice line, struct walk *w, struct slice *slots)
{
    char *text = malloc(line.len + WIDE_SLACK);

    assert_non_null(text);
    memcpy(text, line.ptr, line.len);
    memset(text + line.len, '"', WIDE_SLACK);
    *w = (struct walk){all, text, text + line.len, &all->at[PIECE_START], NULL, slots, false};
    return all->walker(w);
}

static void check_row(struct pieces *all, size_t row)
{
    struct slice slots[SLOTS] = {{NULL, 0}};
    const char *at, *text;
    struct walk w;

    assert_int_equal(walk(all, slice_of_string(rows[row].line), &w, slots), rows[row].walked);
    text = w.end - strlen(rows[row].line);
    at = rows[row].walked == WALKED_BEFORE_VALUE ? w.value : w.p;
    if (rows[row].walked != WALKED_LINE && (size_t)(at - text) != rows[row].p)
        fail_msg("%s: at %zu", rows[row].line, (size_t)(at - text));
    for (size_t i = 0; i < SLOTS; i++)
        if (rows[row].values[i] != NULL && !slice_is(slots[i], rows[row].values[i]))
            fail_msg("%s: '%.*s'", rows[row].line, SLICE_FMT(slots[i]));
    free((void *)(uintptr_t)text);
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t way = 0; pieces_walker_at(PIECES_JSON, way) != NULL; way++) {
        struct pieces *all[PIECE_FAMILIES] = {make(PIECES_JSON, way), make(PIECES_PAIRS, way)};

        for (size_t i = 0; i < COUNT(rows) * COUNT(rows); i++) {
            check_row(all[rows[i / COUNT(rows)].family], i / COUNT(rows));
            check_row(all[rows[i % COUNT(rows)].family], i % COUNT(rows));
        }
        free(all[PIECES_JSON]);
        free(all[PIECES_PAIRS]);
    }
}

/* The same text is another piece where what it was read behind differs; it is found also where it
 * did not follow yet. */
static void test_states(void **state)
{
    struct pieces *all = make(PIECES_PAIRS, 0);
    struct piece one = {.value = VALUE_QUOTED, .state = 1},
                 other = {.value = VALUE_QUOTED, .state = 2};
    struct fixed fixed = {"\" x=", VALUE_BARE, 3};
    struct piece *first = learn(all, &one, &fixed), *second = learn(all, &other, &fixed), *start;

    (void)state;
    assert_ptr_not_equal(first, second);
    assert_ptr_equal(learn(all, &one, &fixed), first);
    one.value = VALUE_ASIDE;
    assert_ptr_not_equal(learn(all, &one, &fixed), first);
    start = &all->at[PIECE_START];
    start->value = VALUE_QUOTED;
    start->state = 2;
    for (size_t way = 0; pieces_walker_at(PIECES_PAIRS, way) != NULL; way++) {
        struct slice slots[SLOTS] = {{NULL, 0}};
        struct walk w;

        all->walker = pieces_walker_at(PIECES_PAIRS, way);
        assert_int_equal(walk(all, SLICE("\" x=y z"), &w, slots), WALKED_BEFORE_VALUE);
        assert_ptr_equal(w.at, second);
        assert_ptr_equal(start->next[0], second);
        free((void *)(uintptr_t)(w.end - strlen("\" x=y z")));
    }
    free(all);
}

/* As many that follow one another as are kept; of all, as many as there is room for. */
static void test_room(void **state)
{
    struct pieces *all = make(PIECES_PAIRS, 0);
    struct piece *start = &all->at[PIECE_START], *kept[PIECE_LIMIT] = {NULL};
    struct slice slots[SLOTS] = {{NULL, 0}};
    char text[PIECE_BYTES + 1] = {0};
    struct walk w;
    size_t n = 0;

    (void)state;
    memset(text, 'k', sizeof text);
    assert_null(pieces_learn(all, start, slice_of(text, sizeof text), (struct piece){0}));
    assert_false(pieces_are_spent(all));
    for (; n < PIECE_LIMIT; n++) {
        snprintf(text, sizeof text, "key%zu=", n);
        kept[n] = learn(all, start, &(struct fixed){text, VALUE_BARE, -1});
        if (kept[n] == NULL)
            break;
        assert_ptr_equal(start->next[0], kept[n]);
    }
    assert_true(pieces_are_spent(all));
    assert_int_equal(n, PIECE_LIMIT - PIECE_START - 1 - COUNT(pairs));
    assert_ptr_equal(learn(all, start, &(struct fixed){"key0=", VALUE_BARE, -1}), kept[0]);
    assert_ptr_equal(start->next[1], kept[n - 1]);
    snprintf(text, sizeof text, "key%zu=x", n - 1);
    assert_int_equal(walk(all, slice_of_string(text), &w, slots), WALKED_LINE);
    assert_ptr_equal(start->next[0], kept[n - 1]);
    assert_ptr_equal(start->next[1], kept[0]);
    free((void *)(uintptr_t)(w.end - strlen(text)));
    free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_states),
                                       cmocka_unit_test(test_room)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
