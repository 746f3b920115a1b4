/* screen_test.c: texts that nothing hangs on are left out of records, and nothing else changes. */
#include "format/mapping/screen.h"

#include "format/testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

/* Names of tools matter; counts how often it is asked. */
static bool is_tool(void *judge, struct slice text)
{
    ++*(unsigned *)judge;
    return slice_find_slice(text, SLICE("Tool")) < text.len;
}

/* Names of tools begin so. */
static bool is_no_tool(void *judge, struct slice head)
{
    (void)judge;
    assert_int_equal(head.len, SCREEN_HEAD_BYTES);
    return slice_starts_with(head, SLICE("Browser"));
}

struct fixture {
    unsigned asked;
    struct screen *screen;
    struct buf out;
};

static int set_up(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);
    struct screen_judges judges = {is_tool, is_no_tool, &f->asked};
    struct error err = {0};

    *state = f;
    f->screen = screen_create(FIELD_USER_AGENT, &judges, &err);
    return f->screen == NULL;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    screen_free(f->screen);
    buf_free(&f->out);
    test_free(f);
    return 0;
}

/* What a log of ${definition} gives through the screen. */
static const char *decode(struct fixture *f, const char *definition, const char *log)
{
    struct error err = {0};
    struct format *format = definition_parse("test.format", slice_of_string(definition), &err);
    struct zone *zone = zone_load("UTC", &err);
    struct decoding *d;
    struct batch *batch = test_calloc(1, sizeof *batch);
    char *padded = testing_pad(slice_of_string(log));

    if (format == NULL)
        fail_msg("%s", err.text);
    d = decoding_create(format, zone, 2026, &err);
    decoding_screen(d, f->screen);
    decoding_feed(d, slice_of(padded, strlen(log)), 1, false);
    buf_reset(&f->out);
    while (decoding_next(d, batch, &err) || decoding_flush(d, batch))
        testing_append_batch(&f->out, batch);
    buf_append_byte(&f->out, '\0');
    decoding_free(d);
    free(padded);
    test_free(batch);
    zone_free(zone);
    definition_free(format);
    return f->out.ptr;
}

#define ONE TESTING_HEAD("delimited") "separator tab\ncolumns h a b\nhost = h\n"

static void test_left_out(void **state)
{
    static const char definition[] = ONE "user_agent = a none \"-\" percent\n";
    struct fixture *f = *state;

    for (int i = 0; i < 3; i++)
        assert_string_equal(
            decode(f, definition,
                   "h\tMozilla/5.0\tx\nh\tTool/1\tx\nh\t-\tx\nh\tMozilla/5.0\tx\n"
                   "h\t%54ool/1\tx\nh\tTool\tx\nh\t\tx\nh\tx\tx\n"),
            "1 host=h;2 host=h user_agent=Tool/1;3 host=h;4 host=h;"
            "5 host=h user_agent=Tool/1;6 host=h user_agent=Tool;7 host=h;8 host=h;");
}

/* Each text is judged once a decoding, not once a line. */
static void test_asked_once(void **state)
{
    static const char definition[] = ONE "user_agent = a\n";
    struct fixture *f = *state;

    decode(f, definition, "h\tA\tx\nh\tTool\tx\nh\tA\tx\nh\tTool\tx\nh\tA\tx\nh\tTool\tx\n");
    assert_int_equal(f->asked, 2);
}

/* What is left out of one column is not looked for in the next; what is absent is. */
static void test_second_column(void **state)
{
    static const char definition[] = ONE "user_agent = a none \"-\"\nuser_agent = b\n";
    struct fixture *f = *state;

    for (int i = 0; i < 2; i++)
        assert_string_equal(decode(f, definition,
                                   "h\tMozilla\tTool/2\nh\t-\tTool/2\nh\tTool/1\tMozilla\n"
                                   "h\t-\tMozilla\nh\t\tTool/3\nh\tMozilla\tTool/2\nh\t-\t-\n"),
                            "1 host=h user_agent=;2 host=h user_agent=Tool/2;"
                            "3 host=h user_agent=Tool/1;4 host=h;5 host=h user_agent=Tool/3;"
                            "6 host=h user_agent=;7 host=h;");
}

/* Another definition may make another text of the same column. */
static void test_other_reader(void **state)
{
    struct fixture *f = *state;

    for (int i = 0; i < 2; i++) {
        assert_string_equal(decode(f, ONE "user_agent = a percent\n", "h\t%54ool\tx\n"),
                            "1 host=h user_agent=Tool;");
        assert_string_equal(decode(f, ONE "user_agent = a\n", "h\t%54ool\tx\n"), "1 host=h;");
    }
}

/* Records of several lines keep all, for what one line lacks another would give. */
static void test_joined(void **state)
{
    static const char definition[] =
        TESTING_HEAD("template") "record Q {id} {host} {agent}\nreply R {id} {agent}\njoin id\n"
                                 "host = host\nuser_agent = agent\n";

    assert_string_equal(decode(*state, definition, "Q 1 h Mozilla\nR 1 Tool\n"),
                        "1 host=h user_agent=Mozilla;");
}

/* Texts that share a place, that are too long to be remembered, that differ in any byte. */
static void test_many(void **state)
{
    static const size_t lengths[] = {1,  7, 8, 9, 100, SCREEN_TEXT_BYTES, SCREEN_TEXT_BYTES + 1,
                                     600};
    static const char definition[] = ONE "user_agent = a\n";
    struct fixture *f = *state;
    char log[700];

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (size_t at = 0; at < lengths[i]; at++) {
            size_t n = (size_t)snprintf(log, sizeof log, "h\t");
            bool tool = at % 2 == 0 && at + 4 <= lengths[i];

            memset(log + n, 'x', lengths[i]);
            memcpy(log + n + lengths[i], "\tx\n", 4);
            assert_string_equal(decode(f, definition, log), "1 host=h;");
            for (size_t k = 0; tool && k < 4; k++)
                log[n + at + k] = "Tool"[k];
            assert_int_equal(strstr(decode(f, definition, log), "Tool") != NULL, tool);
        }
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 5000; i++) {
            snprintf(log, sizeof log, i % 7 == 0 ? "h\tTool/%d\tx\n" : "h\tFool/%d\tx\n", i);
            assert_int_equal(strstr(decode(f, definition, log), "Tool") != NULL, i % 7 == 0);
        }
}

/* A log of ${count} lines whose agents are ${text} and a number of ${digits}, through the screen.
 */
static const char *decode_numbered(struct fixture *f, const char *text, int digits, int count)
{
    struct buf log = {0};

    for (int i = 0; i < count; i++)
        buf_printf(&log, "h\t%s%0*d\tx\n", text, digits, i);
    buf_append_byte(&log, '\0');
    decode(f, ONE "user_agent = a none \"-\" percent\n", log.ptr);
    buf_free(&log);
    return f->out.ptr;
}

/* Those that begin alike are judged by the first of them, where the beginning says so. */
static void test_beginnings(void **state)
{
    struct fixture *f = *state;

    decode_numbered(f, "Browser (with a beginning of its own) ", 2, 100);
    assert_null(strstr(f->out.ptr, "agent"));
    assert_int_equal(f->asked, 1);
    decode_numbered(f, "browser (with a beginning of its own) ", 2, 100);
    assert_null(strstr(f->out.ptr, "agent"));
    assert_int_equal(f->asked, 101);
    assert_non_null(
        strstr(decode_numbered(f, "browser (with a beginning) Tool/", 2, 2), "Tool/01"));
    f->asked = 0;
    decode_numbered(f, "Browser", 24, 9); /* a byte less than a beginning */
    assert_int_equal(f->asked, 9);
    decode_numbered(f, "Browser", 25, 9); /* the number is of it */
    assert_int_equal(f->asked, 18);
    decode_numbered(f, "Browser", 26, 9); /* and is not */
    assert_int_equal(f->asked, 19);
}

/* Not where steps look at more than single bytes, or undo something at the beginning. */
static void test_other_steps(void **state)
{
    static const struct {
        const char *definition, *first, *second;
    } cases[] = {{ONE "user_agent = a none \"*fox\"\nuser_agent = b\n", "", "fox"},
                 {ONE "user_agent = a after \"|\"\n", "", " Tool/2"},
                 {ONE "user_agent = a only \"Browser*\"\n", "", " Tool/2"},
                 {ONE "user_agent = a percent\n", "", "%20Tool/2"}};
    struct fixture *f = *state;
    char log[200];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(log, sizeof log,
                 "h\tBrowser%%20|Browser (of some length)%s\tTool/2\n"
                 "h\tBrowser%%20|Browser (of some length)%s\tTool/2\n",
                 cases[i].first, cases[i].second);
        if (strstr(decode(f, cases[i].definition, log), "Tool/2") == NULL)
            fail_msg("%s: %s", cases[i].definition, f->out.ptr);
    }
}

/* Not where what a step undoes begins at the end of the beginning and goes on behind it. */
static void test_split_escape(void **state)
{
    static const char definition[] = ONE "user_agent = a percent\n";

    assert_string_equal(decode(*state, definition,
                               "h\tBrowser (of some length 10.0.0)%z\tx\n"
                               "h\tBrowser (of some length 10.0.0)%54ool\tx\n"),
                        "1 host=h;"
                        "2 host=h user_agent=Browser (of some length 10.0.0)Tool;");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_left_out),     TEST(test_asked_once),  TEST(test_second_column),
        TEST(test_other_reader), TEST(test_joined),      TEST(test_many),
        TEST(test_beginnings),   TEST(test_other_steps), TEST(test_split_escape)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
