/* run_test.c: the exit status that follows from what was read. */
#include "run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outcome),
        cmocka_unit_test(test_verbosity),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
