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

/* The text of a row with ${text} in one cell, a number in the other. */
static void write_as_texts(struct writer *writer, struct slice text)
{
    const uint32_t ends[] = {(uint32_t)text.len, (uint32_t)text.len + 3};
    struct buf row = {0};
    struct error err = {0};

    buf_append(&row, text);
    buf_append(&row, SLICE(",17,"));
    assert_true(buf_reserve(&row, WRITER_SLACK));
    memset(row.ptr + row.len, 0, WRITER_SLACK);
    assert_true(writer_texts(writer, buf_slice(&row), ends, &err));
    buf_free(&row);
}

/* It is written alike as text and cell by cell. */
static void assert_alike(struct slice text)
{
    struct error err = {0};
    struct output *outs[] = {output_open_memory(&err), output_open_memory(&err)};
    struct value value = value_text(text);

    for (int i = 0; i < 2; i++) {
        struct writer_task task = {outs[i], two, 2, {0}};
        struct writer *writer = writer_open(WRITER_CSV, &task, &err);

        assert_true(writer_takes_texts(writer));
        if (i == 0)
            write_as_texts(writer, text);
        else
            assert_true(writer_cell(writer, &value, &err) && writer_number(writer, 17, &err));
        writer_free(writer);
    }
    assert_true(slice_equal(buf_slice(output_buf(outs[0])), buf_slice(output_buf(outs[1]))));
    output_close(outs[0]);
    output_close(outs[1]);
}

/* Bytes that are quoted, at every place of texts of many lengths. */
static void test_texts(void **state)
{
    static const char bytes[] = {',', '"', '\n', '\r', 'x', '\0', '\xff'};
    static const size_t lengths[] = {1, 2, 15, 16, 17, 31, 33, 48, 4077, 4100};
    static char text[4100];

    (void)state;
    assert_alike(SLICE(""));
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
        for (size_t b = 0; b < sizeof bytes; b++)
            for (size_t at = 0; at < lengths[l]; at += lengths[l] < 100 ? 1 : 127) {
                memset(text, 'a', lengths[l]);
                text[at] = bytes[b];
                assert_alike(slice_of(text, lengths[l]));
            }
    memset(text, ',', sizeof text); /* more than a byte counts */
    assert_alike(slice_of(text, sizeof text));
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
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_no_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
