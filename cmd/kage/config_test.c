/* config_test.c: keys, sections, and lines that must not be cut silently. */
#include "config.h"

#include "reading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct option_group group = {"reading", reading_rows, 0};

/* A configuration read from a text. */
struct world {
    char path[32];
    struct reading_arguments arguments;
    struct sources sources;
    struct config_places places;
    struct arena arena;
    struct error error;
    bool ok;
};

static void read_text(struct world *w, const char *text)
{
    struct options options = {&group, 1, &w->arguments, &w->arena};
    struct config config = {
        w->path,     &options,  &w->arguments.config_timezone, &w->arguments.config_store,
        &w->sources, &w->places};
    int fd;

    memcpy(w->path, "/tmp/kage-config-XXXXXX", sizeof "/tmp/kage-config-XXXXXX");
    fd = mkstemp(w->path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    w->ok = config_read(&config, &w->arena, &w->error);
    unlink(w->path);
}

static void test_keys(void **state)
{
    struct world w = {0};

    (void)state;
    read_text(&w, "# a comment\n"
                  "[kage]\n"
                  "store = /var/lib/kage/kage.db\n"
                  "timezone = Asia/Tokyo\n"
                  "report-timezone = UTC\n"
                  "max-rejects = 5 %\n"
                  "signatures = /a\n"
                  "signatures = /b\n"
                  "quiet = yes\n"
                  "[source proxy tokyo]\n"
                  "path = /var/log/squid/*.gz\n"
                  "format = squid-native\n"
                  "timezone = Asia/Tokyo\n"
                  "[source dns]\n"
                  "path = /var/log/bind");
    assert_true(w.ok);
    assert_string_equal(w.arguments.config_timezone, "Asia/Tokyo");
    assert_string_equal(w.arguments.config_store, "/var/lib/kage/kage.db");
    assert_string_equal(w.arguments.report_timezone, "UTC");
    assert_null(w.arguments.timezone); /* not the same as -z */
    assert_string_equal(w.arguments.max_rejects, "5 %");
    assert_int_equal(w.arguments.signatures.count, 2);
    assert_true(w.arguments.quiet);
    assert_int_equal(w.sources.count, 2);
    assert_string_equal(w.sources.sources[0].name, "proxy tokyo");
    assert_string_equal(w.sources.sources[0].format, "squid-native");
    assert_string_equal(w.sources.sources[1].path, "/var/log/bind");
    assert_null(w.sources.sources[1].format);
    assert_int_equal(w.places.names.count, 6); /* all of [kage] but the store */
    assert_string_equal(w.places.names.texts[0], "[kage] timezone");
    assert_string_equal(w.places.names.texts[2], "--max-rejects");
    assert_ptr_equal(w.places.values.texts[2], w.arguments.max_rejects);
    assert_string_equal(w.places.places.texts[2] + strlen(w.path), ":6");
    arena_free(&w.arena);
}

static void test_refused(void **state)
{
    static const struct {
        const char *text;
        const char *message; /* behind the path */
    } cases[] = {
        {"[kage]\nfoo = 1\n", ":2: unknown key 'foo' in [kage]; expected"},
        {"[kage]\nconfig = x\n", ":2: unknown key 'config' in [kage]; expected"},
        {"[kage]\nquiet = maybe\n", ":2: quiet: 'maybe': expected yes or no"},
        {"[kage]\nyear = 2025\nyear = 2026\n", ":3: key 'year' is given twice"},
        {"[kage]\nyear = 2025\n  2026\n", ":3: key 'year' is given twice"}, /* a second value */
        {"[kage]\nstore = a\nstore = b\n", ":3: key 'store' is given twice"},
        {"[kgae]\nyear = 2025\n", ":2: unknown section [kgae]; expected [kage] or [source NAME]"},
        {"[source ]\npath = x\n", ":2: unknown section [source ]"},
        {"year = 2025\n", ":1: unknown section []"},
        {"[kage\nyear = 2025\n", ":1: expected [section] or key = value"},
        {"[kage]\nstore = \"a.db\"\n", ":2: store: expected the value without quotes"},
        {"[source a]\npath = 'a'\n", ":2: path: expected the value without quotes"},
        {"[kage]\nyear\n", ":2: expected [section] or key = value"},
        {"[source a]\nformat = squid\n", ":2: [source a] has no path"},
        {"[source a]\npaht = squid\n", ":2: unknown key 'paht' in [source a]; expected path, "},
        {"[source a]\npath = a\npath = b\n", ":3: key 'path' is given twice"},
        {"[source an-extremely-long-name-of-a-source-beyond-inih]\npath = x\n",
         ":1: the section's name is longer than 48 bytes"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w = {0};

        read_text(&w, cases[i].text);
        assert_false(w.ok);
        assert_int_equal(w.error.code, ERROR_SYNTAX);
        if (strncmp(w.error.text + strlen(w.path), cases[i].message, strlen(cases[i].message)) != 0)
            fail_msg("%s", w.error.text);
        arena_free(&w.arena);
    }
}

/* What inih would cut is refused; what just fits is whole. */
static void test_long_lines(void **state)
{
    char text[512];

    (void)state;
    for (size_t length = 190; length < 210; length++) {
        struct world w = {0};
        int used = snprintf(text, sizeof text, "[kage]\nrejects = ");

        memset(text + used, 'x', length - strlen("rejects = "));
        (void)snprintf(text + strlen("[kage]\n") + length, 32, "\nyear = 2026\n");
        read_text(&w, text);
        assert_int_equal(w.ok, length <= 198);
        if (w.ok)
            assert_int_equal(strlen(w.arguments.rejects), length - strlen("rejects = "));
        else
            assert_non_null(strstr(w.error.text, ":2: the line is longer than 198 bytes"));
        arena_free(&w.arena);
    }
}

static void test_source_of(void **state)
{
    struct source list[] = {{.name = "gz", .path = "/logs/squid/*.gz"},
                            {.name = "folder", .path = "/logs/bind/"},
                            {.name = "one", .path = "query.log"}};
    const struct sources sources = {list, 3, 3};
    static const struct {
        const char *archive, *source;
    } cases[] = {
        {"/logs/squid/a.gz", "gz"},
        {"/logs/squid/b/a.gz", NULL},
        {"/logs/squid/a", NULL},
        {"/logs/bind/b/query.1.gz", "folder"},
        {"/logs/bindings/x", NULL},
        {"query.log", "one"},
        {"-", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct source *source = config_source_of(&sources, cases[i].archive);

        if (cases[i].source == NULL)
            assert_null(source);
        else
            assert_string_equal(source->name, cases[i].source);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_source_of),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
