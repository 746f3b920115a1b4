/* write_markdown_test.c: text stays text in Markdown and HTML. */
#include "report/writer/writer_fixture.h"

static const struct column three[] = {
    {"name", "Name", false, 1}, {"hidden", "Hidden", false, 0}, {"count", "Count", true, 9}};

static void test_cells(void **state)
{
    static const struct value cells[] = {
        TEXT_CELL("a|b\n"),   TEXT_CELL("x"),
        NUMBER_CELL(1234567), TEXT_CELL("<img src=x> & *b* [l](u) `c` CORP\\ito"),
        TEXT_CELL("x"),       EMPTY_CELL,
    };
    const struct written_case c = {three, 3, cells, 6, {0}};

    (void)state;
    assert_written(WRITER_MARKDOWN, &c,
                   "| Name | Count |\n"
                   "| --- | ---: |\n"
                   "| a\\|b\\\\x0a | 1,234,567 |\n"
                   "| &lt;img src=x\\> &amp; \\*b\\* \\[l\\](u) \\`c\\` CORP\\\\ito |  |\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cells)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
