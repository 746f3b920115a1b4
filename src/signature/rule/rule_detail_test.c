/* rule_detail_test.c: what a rule keeps of a URL. */
#include "signature/rule/rule_detail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define HASH     "http://t.example:6969/announce?peer_id=-TR&info_hash="

static void test_values(void **state)
{
    static const struct {
        const char *detail, *url, *expected;
    } rows[] = {
        {"info_hash hex", HASH "%124Vx%9A%BC%DE%F1%23Eg%89%AB%CD%EF%124Vx%9A&port=1",
         "123456789abcdef123456789abcdef123456789a"},
        {"info_hash hex", HASH "aaaaaaaaaaaaaaaaaaaa", "6161616161616161616161616161616161616161"},
        {"info_hash hex", HASH "0123456789ABCDEF0123456789abcdef01234567",
         "0123456789abcdef0123456789abcdef01234567"},
        {"info_hash hex", HASH "%e3%", "e325"},
        {"info_hash hex", HASH "%2g", "253267"},
        {"info_hash hex", HASH "", ""},
        {"info_hash hex", "http://t.example/announce?", ""},
        {"info_hash hex", "http://t.example/announce", ""},
        {"info_hash hex", "http://t.example/announce?xinfo_hash=a&info_hash=b&info_hash=c", "62"},
        {"info_hash hex", "/announce?info_hash=%00%ff", "00ff"},
        {"info_hash hex", "", ""},
        {"all announces", "http://t.example/?all=1&announces=2&=3&all announces=4", ""},
        {"", "http://t.example/?=1", ""},
        {"account", "https://x.example/a?account=ac%2Dme&b=c", "ac-me"},
        {"account", "https://x.example/a?account=%0Aacme", "0a61636d65"},
        {"account", "https://x.example/a?account=%E7%9B%AE", "e79bae"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct rule_detail detail = rule_detail_of(slice_of_string(rows[i].detail));
        struct buf out = {0};

        rule_detail_append(&detail, slice_of_string(rows[i].url), &out);
        if (!slice_is(buf_slice(&out), rows[i].expected))
            fail_msg("%s: '%.*s' instead of '%s'", rows[i].url, SLICE_FMT(buf_slice(&out)),
                     rows[i].expected);
        buf_free(&out);
    }
}

/* 127 bytes are kept, 128 are not. */
static void test_limit(void **state)
{
    struct rule_detail detail = rule_detail_of(SLICE("a hex"));
    (void)state;

    for (size_t n = 127; n <= 128; n++) {
        struct buf url = {0}, out = {0};

        buf_append_string(&url, "/?a=");
        for (size_t i = 0; i < n; i++)
            buf_append_string(&url, "%ff");
        rule_detail_append(&detail, buf_slice(&url), &out);
        assert_int_equal(out.len, n == 127 ? 254 : 0);
        buf_free(&url);
        buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
