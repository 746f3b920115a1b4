/* json_test.c: commas, escapes and bytes that are no UTF-8. */
#include "report/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_text(void **state)
{
    const struct {
        struct slice in;
        const char *out;
    } cases[] = {
        {SLICE(""), "\"\""},
        {SLICE("plain"), "\"plain\""},
        {SLICE("CORP\\sato \"x\""), "\"CORP\\\\sato \\\"x\\\"\""},
        {SLICE("a\nb\0c\033"), "\"a\\u000ab\\u0000c\\u001b\""},
        {SLICE("\177"), "\"\\u007f\""},
        {SLICE("鈴木"), "\"鈴木\""},
        {SLICE("\222\206"), "\"\\\\x92\\\\x86\""},
        {SLICE("\355\240\200"), "\"\\\\xed\\\\xa0\\\\x80\""},
        {SLICE("</script>=1+1"), "\"</script>=1+1\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = {0};
        struct json json = {.out = &out};

        json_text(&json, cases[i].in);
        buf_append_byte(&out, '\0');
        assert_string_equal(out.ptr, cases[i].out);
        buf_free(&out);
    }
}

static void append_sample(struct json *json)
{
    json_open(json, '{');
    json_key(json, "a");
    json_number(json, UINT64_MAX);
    json_key(json, "b");
    json_open(json, '[');
    json_close(json, ']');
    json_key(json, "c");
    json_open(json, '[');
    json_boolean(json, true);
    json_null(json);
    json_open(json, '{');
    json_close(json, '}');
    json_close(json, ']');
    json_key(json, "d");
    json_string(json, "x");
    json_close(json, '}');
}

static void test_structure(void **state)
{
    static const char compact[] =
        "{\"a\":18446744073709551615,\"b\":[],\"c\":[true,null,{}],\"d\":\"x\"}";
    static const char pretty[] = "{\n"
                                 "  \"a\": 18446744073709551615,\n"
                                 "  \"b\": [],\n"
                                 "  \"c\": [\n"
                                 "    true,\n"
                                 "    null,\n"
                                 "    {}\n"
                                 "  ],\n"
                                 "  \"d\": \"x\"\n"
                                 "}";
    struct buf out = {0};
    struct json json = {.out = &out};

    (void)state;
    append_sample(&json);
    buf_append_byte(&out, '\0');
    assert_string_equal(out.ptr, compact);
    buf_reset(&out);
    json = (struct json){.out = &out, .pretty = true};
    append_sample(&json);
    buf_append_byte(&out, '\0');
    assert_string_equal(out.ptr, pretty);
    buf_free(&out);
}

/* A value that is not there is null; an empty one is not there. */
static void test_keys(void **state)
{
    struct buf out = {0};
    struct json json = {.out = &out};

    (void)state;
    json_open(&json, '{');
    json_key_string(&json, "a", "x");
    json_key_string(&json, "b", "");
    json_key_string(&json, "c", NULL);
    json_key_text(&json, "d", SLICE("y"));
    json_key_text(&json, "e", slice_of(NULL, 0));
    json_key_number(&json, "f", 0);
    json_close(&json, '}');
    buf_append_byte(&out, '\0');
    assert_string_equal(out.ptr,
                        "{\"a\":\"x\",\"b\":null,\"c\":null,\"d\":\"y\",\"e\":null,\"f\":0}");
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_structure),
        cmocka_unit_test(test_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
