/* write_table_test.c: alignment, widths of East Asian text, columns that make room, colour. */
#include "report/writer/writer_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct column columns[] = {{"user", "user", false, 1},
                                        {"hidden", "hidden", false, 0},
                                        {"up", "up", true, 2},
                                        {"last", "last", false, 3},
                                        {"note", "note", false, 2}};

static const struct value cells[] = {
    TEXT_CELL("鈴木"), TEXT_CELL("x"), NUMBER_CELL(1234567), TEXT_CELL("today"), EMPTY_CELL,
    TEXT_CELL("ito"),  TEXT_CELL("x"), EMPTY_CELL,           TEXT_CELL("now"),   EMPTY_CELL,
};

static void test_alignment(void **state)
{
    const struct written_case c = {columns, 5, cells, 10, {0}};

    (void)state;
    assert_written(WRITER_TABLE, &c,
                   "user         up  last   note\n"
                   "鈴木  1,234,567  today\n"
                   "ito              now\n");
}

/* First the column without a cell goes, then the heaviest; those of weight 1 stay. */
static void test_fit(void **state)
{
    static const struct {
        unsigned width;
        const char *expected;
    } cases[] = {
        {28, "user         up  last   note\n鈴木  1,234,567  today\nito              now\n"},
        {27, "user         up  last\n鈴木  1,234,567  today\nito              now\n"},
        {22, "user         up  last\n鈴木  1,234,567  today\nito              now\n"},
        {21, "user         up\n鈴木  1,234,567\nito\n"},
        {14, "user\n鈴木\nito\n"},
        {3, "user\n鈴木\nito\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct written_case c = {columns, 5, cells, 10, {.width = cases[i].width}};

        assert_written(WRITER_TABLE, &c, cases[i].expected);
    }
}

static void test_hostile_text(void **state)
{
    static const struct value hostile[] = {TEXT_CELL("\033]0;title\a"), TEXT_CELL("x"),
                                           NUMBER_CELL(1), TEXT_CELL("a\nb"), EMPTY_CELL};
    const struct written_case c = {columns, 5, hostile, 5, {0}};

    (void)state;
    assert_written(WRITER_TABLE, &c,
                   "user              up  last    note\n"
                   "\\x1b]0;title\\x07   1  a\\x0ab\n");
}

static void test_colour(void **state)
{
    static const struct column one[] = {{"use", "use", false, 1}, {"n", "n", true, 1}};
    static const struct value toned[] = {
        {.type = VALUE_TEXT, .tone = TONE_ALERT, .text = {"used", sizeof "used" - 1}},
        NUMBER_CELL(5),
        {.type = VALUE_TEXT, .tone = TONE_FAINT, .text = {"seen", sizeof "seen" - 1}},
        EMPTY_CELL};
    const struct written_case colour = {one, 2, toned, 4, {.colour = true, .width = 80}};
    const struct written_case plain = {one, 2, toned, 4, {.width = 80}};

    (void)state;
    assert_written(WRITER_TABLE, &colour,
                   "\033[1muse\033[0m   \033[1mn\033[0m\n"
                   "\033[31mused\033[0m  5\n"
                   "\033[2mseen\033[0m\n");
    assert_written(WRITER_TABLE, &plain, "use   n\nused  5\nseen\n");
}

/* A long text is cut where the terminal has an edge, before the lighter columns are left out; a
 * file or a pipe gets it whole, and no other row is padded to it. */
static void test_long_text(void **state)
{
    static const struct column three[] = {{"user", "user", false, 1},
                                          {"app", "app", false, 1},
                                          {"minutes", "minutes", true, 2},
                                          {"seen", "seen", false, 7}};
#define TEN     "abcdefghij"
#define FORTY   TEN TEN TEN TEN
#define BLANKS  "                    "
#define SUZUKI  "鈴木"
#define EIGHT   SUZUKI SUZUKI SUZUKI SUZUKI
#define SIXTEEN EIGHT EIGHT
    static const struct value values[] = {TEXT_CELL(FORTY FORTY "k"),
                                          TEXT_CELL("line"),
                                          NUMBER_CELL(5),
                                          TEXT_CELL("now"),
                                          TEXT_CELL(SIXTEEN SIXTEEN SIXTEEN),
                                          TEXT_CELL("line"),
                                          NUMBER_CELL(15),
                                          TEXT_CELL("now"),
                                          TEXT_CELL("ito"),
                                          TEXT_CELL("line"),
                                          NUMBER_CELL(7),
                                          TEXT_CELL("now")};
    static const struct {
        unsigned width;
        const char *expected;
    } cases[] = {
        {0,
         "user  app   minutes  seen\n" FORTY FORTY "k  line        5  now\n" SIXTEEN SIXTEEN SIXTEEN
         "  line       15  now\nito   line        7  now\n"},
        {66,
         "user" BLANKS "                       app   minutes  seen\n" FORTY
         "abcd…  line        5  now\n" SIXTEEN SUZUKI "鈴木鈴木…  line       15  now\nito" BLANKS
         "                        line        7  now\n"},
        {60, "user" BLANKS "                       app   minutes\n" FORTY
             "abcd…  line        5\n" SIXTEEN SUZUKI "鈴木鈴木…  line       15\nito" BLANKS
             "                        line        7\n"},
        {40, "user" BLANKS "   app   minutes\n" TEN TEN "abcd…  line        5\n" EIGHT
             "鈴木鈴木…  line       15\nito" BLANKS "    line        7\n"},
        {20,
         "user            app\n" TEN "abc…  line\n鈴木鈴木鈴木…   line\nito             line\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct written_case c = {three, 4, values, 12, {.width = cases[i].width}};

        assert_written(WRITER_TABLE, &c, cases[i].expected);
    }
}

static void test_no_rows(void **state)
{
    const struct written_case c = {columns, 5, NULL, 0, {.width = 80}};

    (void)state;
    assert_written(WRITER_TABLE, &c, "user  up  last  note\n");
}

/* Rows beyond those that decide how wide columns are: printed as they come, longer texts run over.
 */
static void test_many_rows(void **state)
{
    enum { ROWS = 70000 };
    char path[] = "/tmp/kage-table-XXXXXX", line[80], last[80] = "";
    int fd = mkstemp(path);
    struct error err = {0};
    struct output *out = output_open(path, NULL, &err);
    const struct column two[] = {{"user", "user", false, 1}, {"up", "up", true, 1}};
    struct writer_task task = {out, two, 2, {0}};
    struct writer *writer = writer_open(WRITER_TABLE, &task, &err);
    size_t lines = 0;
    FILE *file;

    (void)state;
    assert_true(fd >= 0 && close(fd) == 0);
    assert_non_null(writer);
    for (uint64_t i = 0; i < ROWS; i++)
        assert_true(writer_string(writer, "ito", &err) && writer_number(writer, i, &err));
    assert_true(writer_string(writer, "longer than all", &err) && writer_number(writer, 7, &err));
    assert_true(writer_end(writer, &err) && output_commit(out, &err));
    writer_free(writer);
    output_close(out);
    file = fopen(path, "r");
    assert_non_null(file);
    for (; fgets(line, sizeof line, file) != NULL; lines++) {
        memcpy(last, line, sizeof last);
        if (lines == 0)
            assert_string_equal(line, "user      up\n");
        else if (lines <= ROWS)
            assert_int_equal(strlen(line), sizeof "user      up");
    }
    assert_string_equal(last, "longer than all       7\n");
    assert_int_equal(lines, ROWS + 2);
    (void)fclose(file);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alignment),    cmocka_unit_test(test_fit),
        cmocka_unit_test(test_hostile_text), cmocka_unit_test(test_many_rows),
        cmocka_unit_test(test_colour),       cmocka_unit_test(test_no_rows),
        cmocka_unit_test(test_long_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
