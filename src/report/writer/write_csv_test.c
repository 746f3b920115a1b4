/* write_csv_test.c: quotes where RFC 4180 needs them, the data exactly. */
#include "report/writer/writer_fixture.h"

static const struct column two[] = {{"name", "Name", false, 1}, {"count", "Count", true, 0}};

static void test_cells(void **state)
{
    static const struct value cells[] = {
        TEXT_CELL("plain"),          NUMBER_CELL(1234567), /* no groups of digits */
        TEXT_CELL("yamamoto, taro"), NUMBER_CELL(0),
        TEXT_CELL("say \"hi\""),     EMPTY_CELL,
        TEXT_CELL("two\nlines\r"),   EMPTY_CELL,
        TEXT_CELL("=1+1"),           NUMBER_CELL(UINT64_MAX), /* a formula is data */
        TEXT_CELL(" blank "),        EMPTY_CELL,
    };
    const struct written_case c = {two, 2, cells, sizeof cells / sizeof *cells, {0}};

    (void)state;
    assert_written(WRITER_CSV, &c,
                   "name,count\n"
                   "plain,1234567\n"
                   "\"yamamoto, taro\",0\n"
                   "\"say \"\"hi\"\"\",\n"
                   "\"two\nlines\r\",\n"
                   "=1+1,18446744073709551615\n"
                   " blank ,\n");
}

static void test_bytes(void **state)
{
    static const struct value cells[] = {TEXT_CELL("a\0b\222"), EMPTY_CELL, EMPTY_CELL, EMPTY_CELL,
                                         TEXT_CELL(""),         EMPTY_CELL};
    static const char expected[] = "name,count\na\0b\222,\n,\n,\n";
    struct error err = {0};
    struct output *out = output_open(NULL, NULL, &err);
    struct writer_task task = {out, two, 2, {0}};
    struct writer *writer = writer_open(WRITER_CSV, &task, &err);

    (void)state;
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        assert_true(writer_cell(writer, &cells[i], &err));
    assert_true(writer_end(writer, &err));
    assert_int_equal(output_buf(out)->len, sizeof expected - 1);
    assert_memory_equal(output_buf(out)->ptr, expected, sizeof expected - 1);
    writer_free(writer);
    output_close(out);
}

static void test_no_rows(void **state)
{
    const struct written_case c = {two, 2, NULL, 0, {0}};

    (void)state;
    assert_written(WRITER_CSV, &c, "name,count\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_no_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
