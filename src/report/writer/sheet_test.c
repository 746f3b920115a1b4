/* sheet_test.c: what spreadsheets would change is guarded; what an encoding lacks is counted. */
#include "report/writer/sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct sheet_case {
    struct sheet_style style;
    const char *text;
    bool id;
    const char *expected;
    uint64_t lacking;
};

static void assert_field(const struct sheet_case *c)
{
    struct sheet_style style = c->style;
    struct error err = {0};
    struct sheet *sheet = sheet_create(&style, &err);
    struct buf out = {0};

    assert_non_null(sheet);
    sheet_field(sheet, slice_of_string(c->text), c->id, &out);
    buf_append_byte(&out, '\0');
    assert_string_equal(out.ptr, c->expected);
    assert_int_equal(style.lacking, c->lacking);
    buf_free(&out);
    sheet_free(sheet);
}

#define EXACT                                                                                      \
    {                                                                                              \
        false, false, 0                                                                            \
    }
#define EXCEL                                                                                      \
    {                                                                                              \
        true, false, 0                                                                             \
    }
#define CP932                                                                                      \
    {                                                                                              \
        false, true, 0                                                                             \
    }
#define BOTH                                                                                       \
    {                                                                                              \
        true, true, 0                                                                              \
    }

static void test_fields(void **state)
{
    static const struct sheet_case cases[] = {
        {EXACT, "=1+1", true, "=1+1", 0},
        {EXACT, "00123", true, "00123", 0},
        {EXCEL, "=1+1", false, "'=1+1", 0},
        {EXCEL, "+81", false, "'+81", 0},
        {EXCEL, "-1", false, "'-1", 0},
        {EXCEL, "@x", false, "'@x", 0},
        {EXCEL, "\tx", false, "'\tx", 0},
        {EXCEL,
         "\xef\xbc\x9d"
         "1",
         false,
         "'\xef\xbc\x9d"
         "1",
         0},
        {EXCEL, "a=1", false, "a=1", 0},
        {EXCEL, "00123", true, "'00123", 0},
        {EXCEL, "00123", false, "00123", 0},
        {EXCEL, "1e5", true, "'1e5", 0},
        {EXCEL, "1-2", true, "'1-2", 0},
        {EXCEL, "2026-10-01", true, "'2026-10-01", 0},
        {EXCEL, "mar1", true, "'mar1", 0},
        {EXCEL, "1-apr", true, "'1-apr", 0},
        {EXCEL, "maria", true, "maria", 0},
        {EXCEL, "R8.4.1", true, "'R8.4.1", 0},
        {EXCEL, "h1", true, "'h1", 0},
        {EXCEL, "TRUE", true, "'TRUE", 0},
        {EXCEL, "10.0.0.1", true, "10.0.0.1", 0},
        {EXCEL, "ip:10.0.0.1", true, "ip:10.0.0.1", 0},
        {EXCEL, "1a", true, "1a", 0},
        {EXCEL, "", true, "", 0},
        {CP932, "a\xe5\x96\xb6", true, "a\x89\x63", 0},                   /* 営 */
        {CP932, "\xef\xbd\x9e", true, "\x81\x60", 0},                     /* wave dash of Windows */
        {CP932, "\xe2\x91\xa0\xe9\xab\x99", true, "\x87\x40\xfb\xfc", 0}, /* circled 1, 髙 */
        {CP932, "\xf0\x9f\x98\x80x\xff", true, "?x?", 2},                 /* a smile; no UTF-8 */
        {BOTH, "=\xe5\x96\xb6", false, "'=\x89\x63", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_field(&cases[i]);
}

static void test_frame(void **state)
{
    static const struct {
        struct sheet_style style;
        const char *expected;
    } cases[] = {{EXACT, "\n"}, {EXCEL, "\xef\xbb\xbf\r\n"}, {CP932, "\n"}, {BOTH, "\r\n"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sheet_style style = cases[i].style;
        struct error err = {0};
        struct sheet *sheet = sheet_create(i == 0 ? NULL : &style, &err);
        struct buf out = {0};

        assert_non_null(sheet);
        sheet_begin(sheet, &out);
        sheet_end_row(sheet, &out);
        assert_true(slice_is(buf_slice(&out), cases[i].expected));
        buf_free(&out);
        sheet_free(sheet);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_frame),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
