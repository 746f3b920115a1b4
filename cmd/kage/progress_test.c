/* progress_test.c: the line that shows how far the reading is. */
#include "progress.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_line(void **state)
{
    static const struct {
        uint64_t done, total, elapsed_ms;
        const char *line;
    } cases[] = {
        {0, 0, 0, "0 B"},
        {0, 2048, 200, "0 B of 2.0 KiB"},
        {1024, 2048, 1000, "1.0 KiB of 2.0 KiB, 1.0 KiB/s, 1 s left"},
        {2048, 2048, 1000, "2.0 KiB of 2.0 KiB, 2.0 KiB/s"},
        {3072, 2048, 1000, "3.0 KiB of 2.0 KiB, 3.0 KiB/s"}, /* the file grew */
        {1024, 0, 500, "1.0 KiB, 2.0 KiB/s"},                /* a pipe */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = {0};

        progress_append_line(&out, cases[i].done, cases[i].total, cases[i].elapsed_ms);
        buf_append_byte(&out, '\0');
        assert_string_equal(out.ptr, cases[i].line);
        buf_free(&out);
    }
}

static void test_start_and_stop(void **state)
{
    struct ingest_progress done = {0};
    struct progress *progress = progress_start(&done, 10);

    (void)state;
    assert_non_null(progress);
    progress_stop(progress);
    progress_stop(NULL);
}

/* What a shorter line leaves of a longer one is blanked; no line reaches the last column. */
static void test_over(void **state)
{
    static const struct {
        const char *line;
        size_t columns, shown;
        const char *bytes;
        size_t letters;
    } cases[] = {
        {"12 B", 0, 0, "\r12 B", 4}, {"12 B", 80, 4, "\r12 B", 4}, {"1 B", 80, 6, "\r1 B   ", 3},
        {"", 0, 3, "\r   ", 0},      {"12 B", 5, 0, "\r12 B", 4},  {"12 B", 4, 0, "\r12 ", 3},
        {"12 B", 1, 0, "\r", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = {0};
        size_t letters = progress_append_over(&out, slice_of_string(cases[i].line),
                                              cases[i].columns, cases[i].shown);

        buf_append_byte(&out, '\0');
        assert_string_equal(out.ptr, cases[i].bytes);
        assert_int_equal(letters, cases[i].letters);
        buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line),
        cmocka_unit_test(test_over),
        cmocka_unit_test(test_start_and_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
