/* recoder_test.c: words of every encoding, alone and mixed. */
#include "text/recoder.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* 中村 */
#define NAKAMURA_UTF8 "\xe4\xb8\xad\xe6\x9d\x91"
#define NAKAMURA_SJIS "\x92\x86\x91\xba"
#define NAKAMURA_EUC  "\xc3\xe6\xc2\xbc"
/* 五十嵐, whose second character ends in a backslash */
#define IGARASHI_UTF8 "\xe4\xba\x94\xe5\x8d\x81\xe5\xb5\x90"
#define IGARASHI_SJIS "\x8c\xdc\x8f\x5c\x97\x92"
/* ポ, which ends in a bar */
#define PO_UTF8 "\xe3\x83\x9d"
#define PO_SJIS "\x83\x7c"
/* さとう in EUC-JP, ﾀﾅｶ in CP932 */
#define SATO_UTF8   "\xe3\x81\x95\xe3\x81\xa8\xe3\x81\x86"
#define SATO_EUC    "\xa4\xb5\xa4\xc8\xa4\xa6"
#define TANAKA_UTF8 "\xef\xbe\x80\xef\xbe\x85\xef\xbd\xb6"
#define TANAKA_SJIS "\xc0\xc5\xb6"

static const struct {
    enum encoding said;
    const char *in, *expected;
} rows[] = {
    {ENCODING_UNKNOWN, "", ""},
    {ENCODING_UNKNOWN, "plain text\n", "plain text\n"},
    {ENCODING_UNKNOWN, "user=" NAKAMURA_UTF8 "\n", "user=" NAKAMURA_UTF8 "\n"},
    {ENCODING_UNKNOWN, "user=" NAKAMURA_SJIS "\n", "user=" NAKAMURA_UTF8 "\n"},
    {ENCODING_UNKNOWN, "user=" NAKAMURA_EUC "\n", "user=" NAKAMURA_UTF8 "\n"},
    {ENCODING_UNKNOWN, NAKAMURA_SJIS, NAKAMURA_UTF8},
    {ENCODING_UNKNOWN, SATO_EUC, SATO_UTF8},
    {ENCODING_UNKNOWN, TANAKA_SJIS, TANAKA_UTF8},
    /* \xc4\xc5 is half-width kana in one and a character in the other: the others tell */
    {ENCODING_UNKNOWN, NAKAMURA_SJIS " \xc4\xc5", NAKAMURA_UTF8 " \xef\xbe\x84\xef\xbe\x85"},
    {ENCODING_UNKNOWN, "\xb0\xfe \xc4\xc5", "\xe8\x94\xad \xe6\xb4\xa5"},
    /* one line of several */
    {ENCODING_UNKNOWN, NAKAMURA_UTF8 " " NAKAMURA_SJIS " " NAKAMURA_UTF8,
     NAKAMURA_UTF8 " " NAKAMURA_UTF8 " " NAKAMURA_UTF8},
    /* second bytes that look like signs */
    {ENCODING_UNKNOWN, "CORP\\" IGARASHI_SJIS "|" PO_SJIS "|b",
     "CORP\\" IGARASHI_UTF8 "|" PO_UTF8 "|b"},
    {ENCODING_UNKNOWN, "\"\x8c\xdc\x8f\x5c\\\x97\x92\"", "\"" IGARASHI_UTF8 "\""},
    {ENCODING_UNKNOWN, "\"\x8c\xdc\x8f\x5c\"", "\"\xe4\xba\x94\xe5\x8d\x81\""},
    {ENCODING_UNKNOWN, "\"\x8f\x5c\\\\\x97\x92\"", "\"\xe5\x8d\x81\\\\\xe5\xb5\x90\""},
    /* Latin-1, alone and where other words tell; cut UTF-8; nothing at all */
    {ENCODING_UNKNOWN, "J\xfcrgen caf\xe9 H\xe9l\xe8ne", "J\xfcrgen caf\xe9 H\xe9l\xe8ne"},
    {ENCODING_UNKNOWN, NAKAMURA_UTF8 "\xe4\xb8", NAKAMURA_UTF8 "\xe4\xb8"},
    {ENCODING_UNKNOWN, NAKAMURA_UTF8 "\xe4", NAKAMURA_UTF8 "\xe4"},
    {ENCODING_UNKNOWN, "\xff\xfe x \x80", "\xff\xfe x \x80"},
    {ENCODING_UNKNOWN, "\x81", "\x81"},
    {ENCODING_UNKNOWN, "\xf0\x40", "\xf0\x40"},
    /* said */
    {ENCODING_UTF8, NAKAMURA_SJIS, NAKAMURA_SJIS},
    {ENCODING_CP932, SATO_EUC,
     "\xef\xbd\xa4\xef\xbd\xb5\xef\xbd\xa4\xef\xbe\x88\xef\xbd\xa4\xef\xbd\xa6"},
    {ENCODING_EUC_JP, SATO_EUC, SATO_UTF8},
    {ENCODING_EUC_JP, NAKAMURA_SJIS, NAKAMURA_SJIS},
    {ENCODING_CP932, NAKAMURA_UTF8, NAKAMURA_UTF8},
    {ENCODING_CP932, "\xfb\xfc\xed\x95 \x87\x40", "\xe9\xab\x99\xef\xa8\x91 \xe2\x91\xa0"},
};

static void assert_converts(struct recoder *r, struct slice in, struct slice expected)
{
    char *out = malloc(RECODER_BYTES(in.len) + 1); /* no byte more: the sanitizer would say so */
    size_t n = recoder_convert(r, in, out);

    assert_int_equal(n, expected.len);
    assert_memory_equal(out, expected.ptr, n);
    free(out);
}

static void converts_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct recoder *r = recoder_create(rows[i].said);

        assert_converts(r, slice_of_string(rows[i].in), slice_of_string(rows[i].expected));
        recoder_free(r);
    }
}

static void learns_from_what_came_before(void **state)
{
    struct recoder *r = recoder_create(ENCODING_UNKNOWN);

    (void)state;
    assert_converts(r, SLICE("J\xfcrgen"), SLICE("J\xfcrgen"));
    assert_int_equal(recoder_count(r, ENCODING_UNKNOWN), 1);
    assert_converts(r, SLICE(SATO_EUC "\xa1\xa1"), SLICE(SATO_UTF8 "\xe3\x80\x80"));
    assert_converts(r, SLICE(NAKAMURA_SJIS), SLICE(NAKAMURA_UTF8));
    assert_converts(r, SLICE("\xc4\xc5"), SLICE("\xef\xbe\x84\xef\xbe\x85"));
    assert_int_equal(recoder_count(r, ENCODING_EUC_JP), 1);
    assert_int_equal(recoder_count(r, ENCODING_CP932), 2);
    recoder_free(r);
}

/* A broken word says nothing of the others, and becomes no half-width kana between them. */
static void broken_words_stay_where_others_tell(void **state)
{
    static const struct {
        enum encoding encoding;
        const char *in, *expected;
    } broken[] = {
        /* 佐 and a lead byte before a backslash, a comma and the end */
        {ENCODING_EUC_JP, "\xba\xb4\x83\\x", "\xba\xb4\x83\\x"},
        {ENCODING_EUC_JP, "\xba\xb4\xc6,", "\xba\xb4\xc6,"},
        {ENCODING_EUC_JP, "\xba\xb4\xc6", "\xba\xb4\xc6"},
        {ENCODING_CP932, NAKAMURA_SJIS "\x83\"", NAKAMURA_SJIS "\x83\""},
        {ENCODING_CP932, NAKAMURA_SJIS "\x83", NAKAMURA_SJIS "\x83"},
    };
    static const struct {
        const char *in, *expected;
    } good[ENCODING_COUNT] = {
        [ENCODING_CP932] = {"\xc4\xc5 " NAKAMURA_SJIS, "\xef\xbe\x84\xef\xbe\x85 " NAKAMURA_UTF8},
        [ENCODING_EUC_JP] = {"\xba\xb4\xc6\xa3 \xba\xb4\xc6\xa3",
                             "\xe4\xbd\x90\xe8\x97\xa4 \xe4\xbd\x90\xe8\x97\xa4"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(broken); i++) {
        struct recoder *r = recoder_create(ENCODING_UNKNOWN);
        struct slice in = slice_of_string(good[broken[i].encoding].in);
        struct slice expected = slice_of_string(good[broken[i].encoding].expected);

        for (size_t k = 0; k < 16; k++)
            assert_converts(r, in, expected);
        for (size_t k = 0; k < 2; k++) {
            assert_converts(r, slice_of_string(broken[i].in), slice_of_string(broken[i].expected));
            assert_converts(r, in, expected);
        }
        recoder_free(r);
    }
}

static void long_words_stay(void **state)
{
    struct recoder *r = recoder_create(ENCODING_CP932);
    char *bytes = malloc(5000);

    (void)state;
    memset(bytes, 0xb1, 5000);
    assert_converts(r, slice_of(bytes, 5000), slice_of(bytes, 5000));
    free(bytes);
    recoder_free(r);
}

static void tells_utf8(void **state)
{
    static const struct {
        struct slice text;
        bool is_utf8;
    } texts[] = {
        {{"", 0}, true},
        {{"abcdefghijklmnop", 16}, true},
        {{"abcdefgh\x80", 9}, false},
        {{"\xc2\x80\xdf\xbf", 4}, true},
        {{"\xc1\x80", 2}, false},
        {{"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80", 9}, true},
        {{"\xe0\x9f\x80", 3}, false},
        {{"\xed\xa0\x80", 3}, false},
        {{"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8}, true},
        {{"\xf0\x8f\x80\x80", 4}, false},
        {{"\xf4\x90\x80\x80", 4}, false},
        {{"\xf5\x80\x80\x80", 4}, false},
        {{"\xe4\xb8", 2}, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_int_equal(recoder_is_utf8(texts[i].text), texts[i].is_utf8);
}

static void knows_names(void **state)
{
    (void)state;
    for (int e = ENCODING_UTF8; e < ENCODING_COUNT; e++)
        assert_int_equal(encoding_find(slice_of_string(encoding_name((enum encoding)e))), e);
    assert_int_equal(encoding_find(SLICE("Shift_JIS")), ENCODING_CP932);
    assert_int_equal(encoding_find(SLICE("latin1")), ENCODING_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(converts_words),
        cmocka_unit_test(learns_from_what_came_before),
        cmocka_unit_test(broken_words_stay_where_others_tell),
        cmocka_unit_test(long_words_stay),
        cmocka_unit_test(tells_utf8),
        cmocka_unit_test(knows_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
