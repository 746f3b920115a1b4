/* printing_test.c: one form at a time, and no terminal where there is a file. */
#include "printing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_form(void **state)
{
    static const struct {
        struct printing_arguments arguments;
        bool ok;
        enum writer_form form;
    } cases[] = {
        {{0}, true, WRITER_TABLE},
        {{.csv = true}, true, WRITER_CSV},
        {{.json = true}, true, WRITER_JSON},
        {{.ndjson = true}, true, WRITER_NDJSON},
        {{.markdown = true}, true, WRITER_MARKDOWN},
        {{.csv = true, .json = true}, false, WRITER_TABLE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct printing_arguments arguments = cases[i].arguments;
        struct error err = {0};
        enum writer_form form;

        assert_int_equal(printing_form(&arguments, &form, &err), cases[i].ok);
        if (cases[i].ok)
            assert_int_equal(form, cases[i].form);
        else
            assert_int_equal(err.code, ERROR_USAGE);
    }
}

static void test_look(void **state)
{
    const struct environment environment = {.look = {.colour = true, .width = 100}};
    const struct call call = {.environment = &environment};

    (void)state;
    assert_int_equal(printing_look(&call, &(struct printing_arguments){0}).width, 100);
    assert_int_equal(printing_look(&call, &(struct printing_arguments){.output = "-"}).width, 100);
    assert_int_equal(printing_look(&call, &(struct printing_arguments){.output = "f"}).width, 0);
    assert_false(printing_look(&call, &(struct printing_arguments){.output = "f"}).colour);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_form),
        cmocka_unit_test(test_look),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
