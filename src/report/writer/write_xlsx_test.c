/* write_xlsx_test.c: what a sheet holds, unpacked from the workbook. */
#include "report/output.h"
#include "report/writer/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

enum { SHEET_BYTES = 1 << 16, CENTRAL_HEAD = 46, LOCAL_HEAD = 30, RAW_DEFLATE = -15 };

static const struct column three[] = {
    {"user", "User", false, 1}, {"seen", "Seen", false, 1}, {"count", "Count", true, 0}};

static uint32_t number_at(const char *p, size_t bytes)
{
    uint32_t number = 0;

    for (size_t i = bytes; i-- > 0;)
        number = number << 8 | (unsigned char)p[i];
    return number;
}

/* Unpack the file ${name} of the zip archive: by its entry in the directory at the end. */
static void unpack(struct slice zip, const char *name, char out[SHEET_BYTES])
{
    z_stream z = {0};
    size_t at = 0;

    while (at + CENTRAL_HEAD < zip.len &&
           (memcmp(zip.ptr + at, "PK\1\2", 4) != 0 ||
            !slice_starts_with(slice_from(zip, at + CENTRAL_HEAD), slice_of_string(name))))
        at++;
    assert_true(at + CENTRAL_HEAD < zip.len);
    z.avail_in = number_at(zip.ptr + at + 20, 4);
    at = number_at(zip.ptr + at + 42, 4);
    at += LOCAL_HEAD + number_at(zip.ptr + at + 26, 2) + number_at(zip.ptr + at + 28, 2);
    assert_true(at + z.avail_in < zip.len);
    z.next_in = (Bytef *)(uintptr_t)(zip.ptr + at);
    z.next_out = (Bytef *)out;
    z.avail_out = SHEET_BYTES - 1;
    assert_int_equal(inflateInit2(&z, RAW_DEFLATE), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    out[z.total_out] = '\0';
    inflateEnd(&z);
}

/* The workbook of those cells, in the buffer of ${out}. */
static bool make(struct output *out, const struct value *cells, size_t count, struct error *err)
{
    struct writer_task task = {out, three, 3, {0}};
    struct writer *writer = writer_open(WRITER_XLSX, &task, err);
    bool ok = writer != NULL;

    for (size_t i = 0; ok && i < count; i++)
        ok = writer_cell(writer, &cells[i], err);
    ok = ok && writer_end(writer, err);
    writer_free(writer);
    return ok;
}

#define NAME_VALUE(literal)                                                                        \
    {                                                                                              \
        .type = VALUE_TEXT, .text = {literal, sizeof(literal) - 1}, .name = true                   \
    }
#define TEXT_VALUE(literal)                                                                        \
    {                                                                                              \
        .type = VALUE_TEXT, .text = { literal, sizeof(literal) - 1 }                               \
    }
#define NUMBER_VALUE(n)                                                                            \
    {                                                                                              \
        .type = VALUE_NUMBER, .number = (n)                                                        \
    }

static void test_cells(void **state)
{
    static const struct {
        struct value value;
        const char *cell; /* of the sheet; "": none */
    } cases[] = {
        {NAME_VALUE("sato"), "<c r=\"A2\" t=\"inlineStr\"><is><t>sato</t></is></c>"},
        {NAME_VALUE("007"), "<c r=\"A2\" t=\"inlineStr\"><is><t>007</t></is></c>"},
        {NAME_VALUE("=1+1"), "<c r=\"A2\" t=\"inlineStr\"><is><t>=1+1</t></is></c>"},
        {NAME_VALUE("2026-09-01"), "<c r=\"A2\" t=\"inlineStr\"><is><t>2026-09-01</t></is></c>"},
        {NAME_VALUE("a<b>&"), "<c r=\"A2\" t=\"inlineStr\"><is><t>a&lt;b&gt;&amp;</t></is></c>"},
        {NAME_VALUE("a\xff\0b"), "<c r=\"A2\" t=\"inlineStr\"><is><t>a\\xff\\x00b</t></is></c>"},
        {NAME_VALUE("\xef\xbf\xbf"),
         "<c r=\"A2\" t=\"inlineStr\"><is><t>\\xef\\xbf\\xbf</t></is></c>"},
        {NAME_VALUE("a\033"), "<c r=\"A2\" t=\"inlineStr\"><is><t>a_x001B_</t></is></c>"},
        {TEXT_VALUE("2026-09-01"), "<c r=\"A2\" s=\"2\"><v>46266</v></c>"},
        {TEXT_VALUE("2026-09-01T12:00:00+09:00"), "<c r=\"A2\" s=\"2\"><v>46266.5</v></c>"},
        {TEXT_VALUE("2026-09-01T18:00:00Z"), "<c r=\"A2\" s=\"2\"><v>46266.75</v></c>"},
        {TEXT_VALUE("2026-02-30"), "<c r=\"A2\" t=\"inlineStr\"><is><t>2026-02-30</t></is></c>"},
        {TEXT_VALUE("1900-02-28"), "<c r=\"A2\" t=\"inlineStr\"><is><t>1900-02-28</t></is></c>"},
        {TEXT_VALUE("2026-09"), "<c r=\"A2\" t=\"inlineStr\"><is><t>2026-09</t></is></c>"},
        {TEXT_VALUE("2026-09-01T12:00:00+9"),
         "<c r=\"A2\" t=\"inlineStr\"><is><t>2026-09-01T12:00:00+9</t></is></c>"},
        {TEXT_VALUE(""), ""},
        {NUMBER_VALUE(0), "<c r=\"A2\" s=\"2\"><v>0</v></c>"},
        {NUMBER_VALUE(1234567), "<c r=\"A2\" s=\"2\"><v>1234567</v></c>"},
        {NUMBER_VALUE(UINT64_C(1) << 53), "<c r=\"A2\" s=\"2\"><v>9007199254740992</v></c>"},
        {NUMBER_VALUE(UINT64_MAX),
         "<c r=\"A2\" t=\"inlineStr\"><is><t>18446744073709551615</t></is></c>"},
        {{.type = VALUE_EMPTY}, ""},
    };
    static char sheet[SHEET_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct value row[3] = {cases[i].value, {.type = VALUE_EMPTY}, NUMBER_VALUE(1)};
        struct error err = {0};
        struct output *out = output_open(NULL, NULL, &err);
        char expected[256];

        assert_true(make(out, row, 3, &err));
        unpack(buf_slice(output_buf(out)), "xl/worksheets/sheet1.xml", sheet);
        snprintf(expected, sizeof expected, "<row r=\"2\">%s<c r=\"C2\"", cases[i].cell);
        if (strstr(sheet, expected) == NULL)
            fail_msg("case %zu: %s", i, strstr(sheet, "<row r=\"2\""));
        output_close(out);
    }
}

static void test_sheet(void **state)
{
    static const struct value cells[] = {NAME_VALUE("x"), TEXT_VALUE("2026-09-01"),
                                         NUMBER_VALUE(1)};
    static const char *const parts[] = {
        "topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"",
        "<autoFilter ref=\"A1:C2\"/>",
        "<c r=\"B1\" s=\"1\" t=\"inlineStr\"><is><t>seen</t></is></c>",
        "</worksheet>",
    };
    static char sheet[SHEET_BYTES];
    struct error err = {0};
    struct output *out = output_open(NULL, NULL, &err);

    (void)state;
    assert_true(make(out, cells, 3, &err));
    unpack(buf_slice(output_buf(out)), "xl/worksheets/sheet1.xml", sheet);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        assert_non_null(strstr(sheet, parts[i]));
    unpack(buf_slice(output_buf(out)), "xl/styles.xml", sheet);
    assert_non_null(strstr(sheet, "formatCode=\"yyyy-mm-dd\""));
    assert_non_null(strstr(sheet, "formatCode=\"#,##0\""));
    output_close(out);
}

/* The same cells give the same bytes, also in another second. */
static void test_bytes(void **state)
{
    static const struct value cells[] = {NAME_VALUE("x"), TEXT_VALUE("2026-09-01"),
                                         NUMBER_VALUE(1)};
    const struct timespec wait = {2, 100000000}; /* zip counts in two seconds */
    struct error err = {0};
    struct output *first = output_open(NULL, NULL, &err), *second = output_open(NULL, NULL, &err);

    (void)state;
    assert_true(make(first, cells, 3, &err));
    nanosleep(&wait, NULL);
    assert_true(make(second, cells, 3, &err));
    assert_int_equal(output_buf(first)->len, output_buf(second)->len);
    assert_memory_equal(output_buf(first)->ptr, output_buf(second)->ptr, output_buf(first)->len);
    output_close(first);
    output_close(second);
}

static void test_too_much(void **state)
{
    static char text[32769];
    struct error err = {0};
    struct output *out = output_open(NULL, NULL, &err);
    struct writer_task task = {out, three, 1, {0}};
    const struct value row[3] = {
        {.type = VALUE_TEXT, .text = {text, sizeof text - 1}}, NUMBER_VALUE(1), NUMBER_VALUE(1)};
    const struct value number = NUMBER_VALUE(1);
    struct writer *writer;

    (void)state;
    memset(text, 'x', sizeof text - 1);
    assert_false(make(out, row, 3, &err));
    assert_int_equal(err.code, ERROR_DATA);
    assert_non_null(strstr(err.text, "column user, row 2: "));
    err = (struct error){0};
    writer = writer_open(WRITER_XLSX, &task, &err);
    for (size_t i = 0; i < 1048575; i++)
        assert_true(writer_cell(writer, &number, &err));
    assert_false(writer_cell(writer, &number, &err));
    assert_non_null(strstr(err.text, "1048575 rows"));
    writer_free(writer);
    output_close(out);
}

static void test_no_folder(void **state)
{
    struct error err = {0};
    struct output *out = output_open(NULL, NULL, &err);
    struct writer_task task = {out, three, 3, {.temporary = "/nonexistent"}};

    (void)state;
    assert_null(writer_open(WRITER_XLSX, &task, &err));
    assert_int_equal(err.code, ERROR_IO);
    assert_non_null(strstr(err.text, "/nonexistent"));
    output_close(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),     cmocka_unit_test(test_sheet),
        cmocka_unit_test(test_bytes),     cmocka_unit_test(test_too_much),
        cmocka_unit_test(test_no_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
