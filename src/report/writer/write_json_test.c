/* write_json_test.c: arrays and lines of objects. */
#include "report/writer/writer_fixture.h"

static const struct column two[] = {{"name", "Name", false, 1}, {"count", "Count", true, 0}};
static const struct value cells[] = {TEXT_CELL("a \"b\"\n"), NUMBER_CELL(1234567), EMPTY_CELL,
                                     EMPTY_CELL};

static void test_array(void **state)
{
    const struct written_case c = {two, 2, cells, 4, {0}}, none = {two, 2, NULL, 0, {0}};

    (void)state;
    assert_written(WRITER_JSON, &c,
                   "[\n{\"name\":\"a \\\"b\\\"\\u000a\",\"count\":1234567},\n"
                   "{\"name\":null,\"count\":null}\n]\n");
    assert_written(WRITER_JSON, &none, "[]\n");
}

static void test_lines(void **state)
{
    const struct written_case c = {two, 2, cells, 4, {0}}, none = {two, 2, NULL, 0, {0}};

    (void)state;
    assert_written(WRITER_NDJSON, &c,
                   "{\"name\":\"a \\\"b\\\"\\u000a\",\"count\":1234567}\n"
                   "{\"name\":null,\"count\":null}\n");
    assert_written(WRITER_NDJSON, &none, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_array),
        cmocka_unit_test(test_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
