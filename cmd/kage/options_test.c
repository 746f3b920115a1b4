/* options_test.c: command lines as GNU programs read them. */
#include "options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

enum { WORDS = 8 };

struct inner {
    const char *file;
    struct text_list list;
};

struct arguments {
    bool quiet, all, allow;
    const char *name;
    struct inner inner;
};

static const struct option_row outer_rows[] = {
    {'q', "quiet", NULL, OPTION_FLAG, offsetof(struct arguments, quiet), "say less"},
    {'a', "all", NULL, OPTION_FLAG, offsetof(struct arguments, all), "all of it"},
    {'\0', "allow", NULL, OPTION_FLAG, offsetof(struct arguments, allow), "more of it"},
    {'n', "name", "NAME", OPTION_TEXT, offsetof(struct arguments, name), "a name"},
    {0}};

static const struct option_row inner_rows[] = {
    {'o', "output", "FILE", OPTION_TEXT, offsetof(struct inner, file), "write there"},
    {'\0', "list", "WORD", OPTION_LIST, offsetof(struct inner, list), "more"},
    {'x', "excel", NULL, OPTION_LATER, 0, ""},
    {0}};

static const struct option_group groups[] = {
    {"outer", outer_rows, 0}, {"inner", inner_rows, offsetof(struct arguments, inner)}};

/* What came out, joined: flags, name, file, list, operands. */
struct parsed {
    struct arguments arguments;
    struct text_list operands;
    struct arena arena;
    struct error error;
    bool ok;
};

static struct parsed parse(const char *const *words)
{
    struct parsed p = {0};
    struct options options = {groups, 2, NULL, NULL};
    char copies[WORDS][64];
    char *argv[WORDS + 1] = {NULL};

    for (size_t i = 0; i < WORDS && words[i] != NULL; i++) {
        size_t length = strlen(words[i]);

        assert_true(length < sizeof copies[i]);
        memcpy(copies[i], words[i], length + 1);
        argv[i] = copies[i];
    }
    options.arguments = &p.arguments;
    options.arena = &p.arena;
    p.ok = options_parse(&options, argv, &p.operands, &p.error);
    /* Values are borrowed from argv: keep copies. */
    if (p.arguments.name != NULL)
        p.arguments.name = arena_copy(&p.arena, slice_of_string(p.arguments.name)).ptr;
    if (p.arguments.inner.file != NULL)
        p.arguments.inner.file = arena_copy(&p.arena, slice_of_string(p.arguments.inner.file)).ptr;
    for (size_t i = 0; i < p.arguments.inner.list.count; i++)
        p.arguments.inner.list.texts[i] =
            arena_copy(&p.arena, slice_of_string(p.arguments.inner.list.texts[i])).ptr;
    for (size_t i = 0; i < p.operands.count; i++)
        p.operands.texts[i] = arena_copy(&p.arena, slice_of_string(p.operands.texts[i])).ptr;
    return p;
}

static void assert_text(const char *text, const char *expected)
{
    if (expected == NULL)
        assert_null(text);
    else
        assert_string_equal(text, expected);
}

static void assert_list(const struct text_list *list, const char *const *expected)
{
    size_t count = 0;

    while (expected[count] != NULL)
        count++;
    assert_int_equal(list->count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(list->texts[i], expected[i]);
}

static void test_parse(void **state)
{
    static const struct {
        const char *argv[WORDS];
        bool quiet, all;
        const char *name, *file;
        const char *list[WORDS], *operands[WORDS];
    } cases[] = {
        {{NULL}, false, false, NULL, NULL, {NULL}, {NULL}},
        {{"a", "-q", "b"}, true, false, NULL, NULL, {NULL}, {"a", "b"}},
        {{"--quiet", "--all"}, true, true, NULL, NULL, {NULL}, {NULL}},
        {{"-qa"}, true, true, NULL, NULL, {NULL}, {NULL}},
        {{"-qn", "x"}, true, false, "x", NULL, {NULL}, {NULL}},
        {{"-qnx"}, true, false, "x", NULL, {NULL}, {NULL}},
        {{"-nqa"}, false, false, "qa", NULL, {NULL}, {NULL}},
        {{"--name=x=y"}, false, false, "x=y", NULL, {NULL}, {NULL}},
        {{"--qui", "--all", "--na=x", "--l", "a"}, true, true, "x", NULL, {"a"}, {NULL}},
        {{"--name", "-q"}, false, false, "-q", NULL, {NULL}, {NULL}},
        {{"--name", "--"}, false, false, "--", NULL, {NULL}, {NULL}},
        {{"--name", "x", "--name", "y"}, false, false, "y", NULL, {NULL}, {NULL}},
        {{"-o", "f", "-"}, false, false, NULL, "f", {NULL}, {"-"}},
        {{"--list", "a", "--list=b"}, false, false, NULL, NULL, {"a", "b"}, {NULL}},
        {{"a", "--", "-q", "--", "--name"},
         false,
         false,
         NULL,
         NULL,
         {NULL},
         {"a", "-q", "--", "--name"}},
        {{""}, false, false, NULL, NULL, {NULL}, {""}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parsed p = parse(cases[i].argv);

        assert_true(p.ok);
        assert_int_equal(p.arguments.quiet, cases[i].quiet);
        assert_int_equal(p.arguments.all, cases[i].all);
        assert_text(p.arguments.name, cases[i].name);
        assert_text(p.arguments.inner.file, cases[i].file);
        assert_list(&p.arguments.inner.list, cases[i].list);
        assert_list(&p.operands, cases[i].operands);
        arena_free(&p.arena);
    }
}

static void test_refused(void **state)
{
    static const struct {
        const char *argv[WORDS];
        const char *text;
    } cases[] = {
        {{"--nmae", "x"}, "unknown option '--nmae'; the nearest is '--name'"},
        {{"--zzzzzzzz"}, "unknown option '--zzzzzzzz'"},
        {{"--al"}, "option '--al' is short for several: --all, --allow"},
        {{"--qui=yes"}, "option '--quiet' takes no value"},
        {{"--vers"}, "unknown option '--vers'; the nearest is '--version'"},
        {{"--exc"}, "unknown option '--exc'"}, /* not in this version */
        {{"--=x"}, "unknown option '--'"},
        {{"--output="}, "--output: '': expected FILE"},
        {{"-o", ""}, "--output: '': expected FILE"},
        {{"-qz"}, "unknown option '-z'"},
        {{"--name"}, "option '--name' lacks its value; expected --name NAME"},
        {{"-n"}, "option '--name' lacks its value; expected --name NAME"},
        {{"--quiet=yes"}, "option '--quiet' takes no value"},
        {{"--excel"}, "--excel: this version does not have it yet"},
        {{"-x"}, "--excel: this version does not have it yet"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parsed p = parse(cases[i].argv);

        assert_false(p.ok);
        assert_int_equal(p.error.code, ERROR_USAGE);
        assert_string_equal(p.error.text, cases[i].text);
        arena_free(&p.arena);
    }
}

static void test_set(void **state)
{
    static const struct {
        const char *text;
        bool ok, value;
    } cases[] = {{"yes", true, true}, {"no", true, false}, {"on", true, true},
                 {"0", true, false},  {"", false, false},  {"maybe", false, false}};
    struct arguments arguments = {0};
    struct options options = {groups, 2, &arguments, NULL};
    const struct option_group *group = NULL;
    const struct option_row *row = options_find(&options, SLICE("quiet"), &group);
    const char *value;

    (void)state;
    assert_ptr_equal(row, &outer_rows[0]);
    assert_null(options_find(&options, SLICE("quie"), &group));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};

        arguments.quiet = !cases[i].value;
        assert_int_equal(options_set(&options, group, row, cases[i].text, &err), cases[i].ok);
        if (cases[i].ok)
            assert_int_equal(arguments.quiet, cases[i].value);
    }
    arguments.quiet = true;
    assert_true(options_value(&options, group, row, 0, &value));
    assert_string_equal(value, "yes");
    assert_false(options_value(&options, group, row, 1, &value));
}

static void test_nearest(void **state)
{
    static const struct {
        const char *word, *best;
    } cases[] = {{"lien", "line"},
                 {"line", "line"},
                 {"lin", "line"}, /* not line-works, which begins so too */
                 {"line-work", "line-works"},
                 {"discrod", "discord"},
                 {"LINE", "line"},
                 {"xyz", NULL},
                 {"", NULL}};
    static const char *const candidates[] = {"line-works", "line", "discord"};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nearest nearest = {.word = slice_of_string(cases[i].word)};

        for (size_t c = 0; c < 3; c++)
            nearest_offer(&nearest, candidates[c]);
        assert_text(nearest.best, cases[i].best);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_nearest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
