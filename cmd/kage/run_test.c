/* run_test.c: the exit status that follows from what was read; outputs that are in the way. */
#include "run.h"

#include "report/output.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { ARCHIVES = 2 };

/* s: sound, e: empty, d: damaged with lines, D: damaged without, f: could not be read. */
static struct archive_result archive_of(char kind)
{
    struct archive_result a = {.name = "x", .tally = tally_empty()};

    if (kind == 's' || kind == 'd')
        a.tally.lines = a.tally.records = a.tally.unmatched = 10;
    if (kind == 'd' || kind == 'D')
        (void)snprintf(a.damage, sizeof a.damage, "gzip: cut off");
    if (kind == 'f')
        error_set(&a.failure, ERROR_IO, "x: No such file or directory");
    return a;
}

static void test_outcome(void **state)
{
    static const struct {
        const char *kinds;
        uint64_t rejected;
        enum outcome outcome;
    } cases[] = {
        {"s", 0, OUTCOME_DONE},        {"e", 0, OUTCOME_DONE},        {"se", 0, OUTCOME_DONE},
        {"sf", 0, OUTCOME_INCOMPLETE}, {"ef", 0, OUTCOME_INCOMPLETE}, {"sd", 0, OUTCOME_INCOMPLETE},
        {"d", 0, OUTCOME_INCOMPLETE},  {"D", 0, OUTCOME_FAILED},      {"sD", 0, OUTCOME_INCOMPLETE},
        {"f", 0, OUTCOME_FAILED},      {"ff", 0, OUTCOME_FAILED},     {"fD", 0, OUTCOME_FAILED},
        {"s", 1, OUTCOME_DONE},        {"s", 2, OUTCOME_INCOMPLETE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct reading reading = {.max_rejects_ppm = 100000};
        const struct reading_arguments arguments = {0};
        struct archive_result archives[ARCHIVES];
        struct run run = {.arguments = &arguments, .reading = &reading};

        run.result.archives = archives;
        run.result.total = tally_empty();
        for (; cases[i].kinds[run.result.count] != '\0'; run.result.count++) {
            archives[run.result.count] = archive_of(cases[i].kinds[run.result.count]);
            tally_add(&run.result.total, &archives[run.result.count].tally);
        }
        run.result.total.rejected = cases[i].rejected;
        if (run_outcome(&run) != cases[i].outcome)
            fail_msg("%s: %d", cases[i].kinds, (int)run_outcome(&run));
    }
}

static void test_verbosity(void **state)
{
    static const struct {
        struct reading_arguments arguments;
        bool shown;
    } cases[] = {{{0}, true},
                 {{.quiet = true}, false},
                 {{.verbose = true}, true},
                 {{.quiet = true, .verbose = true}, true}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run run = {.arguments = &cases[i].arguments};

        assert_int_equal(run_shows_account(&run), cases[i].shown);
    }
}

/* Outputs of their own, none of them an archive. */
static void test_outputs(void **state)
{
    static const struct {
        const char *out, *rejects, *manifest;
        const char *message; /* NULL: fine */
    } cases[] = {
        {"a", "b", "c", NULL},
        {NULL, NULL, NULL, NULL},
        {"/dev/null", "/dev/null", NULL, NULL},
        {"a", "./a", NULL, "./a: two outputs name this file; expected one for each"},
        {"a", NULL, "a", "a: two outputs name this file; expected one for each"},
        {NULL, "b", "b", "b: two outputs name this file; expected one for each"},
        {"log", NULL, NULL, "log: is an archive to read; expected another file to write"},
        {NULL, "link", NULL, "link: is an archive to read; expected another file to write"},
        {NULL, NULL, "./log", "./log: is an archive to read; expected another file to write"},
    };
    char folder[] = "/tmp/kage-run-XXXXXX", *before = realpath(".", NULL);
    FILE *log;

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    log = fopen("log", "w");
    assert_non_null(log);
    fclose(log);
    assert_int_equal(link("log", "link"), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading = {0};
        struct error err = {0};
        struct output *out = output_open(cases[i].out, NULL, &err);

        assert_true(archive_list_add(&reading.archives, "log", &err));
        if (cases[i].rejects != NULL)
            reading.rejects = output_open(cases[i].rejects, NULL, &err);
        if (cases[i].manifest != NULL)
            reading.manifest = output_open(cases[i].manifest, NULL, &err);
        assert_int_equal(run_check_outputs(&reading, out, &err), cases[i].message == NULL);
        assert_string_equal(err.text, cases[i].message == NULL ? "" : cases[i].message);
        assert_int_equal(err.code, cases[i].message == NULL ? ERROR_NONE : ERROR_USAGE);
        output_close(out);
        output_close(reading.rejects);
        output_close(reading.manifest);
        archive_list_free(&reading.archives);
    }
    assert_int_equal(unlink("log") | unlink("link"), 0);
    assert_int_equal(chdir(before), 0);
    assert_int_equal(rmdir(folder), 0);
    free(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outcome),
        cmocka_unit_test(test_verbosity),
        cmocka_unit_test(test_outputs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
