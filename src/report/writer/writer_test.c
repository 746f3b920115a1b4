/* writer_test.c: brief forms hide columns; cells may be given as plain values. */
#include "report/writer/writer_fixture.h"

static const struct column columns[] = {
    {"a", "A", false, 1}, {"b", "B", true, 0}, {"c", "C", false, 0}, {"d", "D", true, 4}};

static void test_hidden_columns(void **state)
{
    static const struct value cells[] = {TEXT_CELL("x"), NUMBER_CELL(1), TEXT_CELL("y"),
                                         NUMBER_CELL(2)};
    const struct written_case c = {columns, 4, cells, 4, {0}};

    (void)state;
    assert_written(WRITER_TABLE, &c, "A  D\nx  2\n");
    assert_written(WRITER_CSV, &c, "a,b,c,d\nx,1,y,2\n");
    assert_written(WRITER_NDJSON, &c, "{\"a\":\"x\",\"b\":1,\"c\":\"y\",\"d\":2}\n");
}

static void test_plain_values(void **state)
{
    struct error err = {0};
    struct output *out = output_open(NULL, NULL, &err);
    struct writer_task task = {out, columns, 4, {0}};
    struct writer *writer = writer_open(WRITER_NDJSON, &task, &err);

    (void)state;
    assert_true(writer_string(writer, "x", &err));
    assert_true(writer_number(writer, 7, &err));
    assert_true(writer_string(writer, NULL, &err));
    assert_true(writer_string(writer, "", &err));
    assert_true(writer_end(writer, &err));
    buf_append_byte(output_buf(out), '\0');
    assert_string_equal(output_buf(out)->ptr, "{\"a\":\"x\",\"b\":7,\"c\":null,\"d\":null}\n");
    writer_free(writer);
    writer_free(NULL);
    output_close(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hidden_columns),
        cmocka_unit_test(test_plain_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
