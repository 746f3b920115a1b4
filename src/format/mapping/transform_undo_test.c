/* transform_undo_test.c: conversions that undo an encoding. */
#include "format/testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a)  (sizeof(a) / sizeof *(a))
#define REJECT(w) "1 rejected: " w ";"

/* The line is `VALUE|h`: with a host every line is a record. */
static const struct {
    const char *rule, *value, *expected;
} rows[] = {
    {"user = v percent", "a%20b%2fc", "1 user=a b/c host=h;"},
    {"user = v percent", "100%", "1 user=100% host=h;"},
    {"user = v percent", "%4", "1 user=%4 host=h;"},
    {"user = v percent", "%zz%41", "1 user=%zzA host=h;"},
    {"user = v percent", "%2541", "1 user=%41 host=h;"}, /* once */
    {"user = v plus percent", "a+b%2Bc%28d%29", "1 user=a b+c(d) host=h;"},
    {"user = v plus", "++", "1 user=   host=h;"},
    {"user = v backslash", "CORP\\\\ito", "1 user=CORP\\ito host=h;"},
    {"user = v backslash", "a\\\"b\\", "1 user=a\"b\\ host=h;"},
    {"user = v backslash-pairs", "CORP\\\\ito", "1 user=CORP\\ito host=h;"},
    {"user = v backslash-pairs", "corp\\ito\\\"x\\", "1 user=corp\\ito\"x\\ host=h;"},
    {"user = v hex-escapes", "\\xe9\\x88\\xb4", "1 user=\xe9\x88\xb4 host=h;"},
    {"user = v hex-escapes", "a\\tb\\nc\\rd\\\\e\\\"", "1 user=a\tb\nc\rd\\e\" host=h;"},
    {"user = v hex-escapes", "a\\x4", "1 user=ax4 host=h;"},
    {"user = v hex-escapes", "a\\", "1 user=a\\ host=h;"},
    {"user = v entities", "a&#x2cb&#x2C;c", "1 user=a,b,c host=h;"},
    {"user = v entities", "a&b&#x2", "1 user=a&b&#x2 host=h;"},
    {"user = v entities", "o&apos;neil &amp;amp; &lt;a&gt;&quot;",
     "1 user=o'neil &amp; <a>\" host=h;"},
    {"user = v entities", "&nbsp;&amp", "1 user=&nbsp;&amp host=h;"},
    {"user = v entities", "&#x", "1 user=&#x host=h;"},
    {"user = v quoted", "\"a b\"", "1 user=a b host=h;"},
    {"user = v quoted", "\"\"", "1 host=h;"},
    {"user = v quoted", "\"", "1 user=\" host=h;"},
    {"user = v quoted", "a\"", "1 user=a\" host=h;"},
    {"user = v base64", "YW5u", "1 user=ann host=h;"},
    {"user = v base64", "YW5uYQ==", "1 user=anna host=h;"},
    {"user = v base64", "YW5uYQ", "1 user=anna host=h;"},
    {"user = v base64", "Pz8_-w==", "1 user=???\xfb host=h;"},
    {"user = v base64", "Pz8/+w==", "1 user=???\xfb host=h;"},
    {"user = v base64", "====", "1 host=h;"},
    {"user = v base64", "a b", REJECT("unexpected value")},
    {"user = v labels", "(3)www(7)example(3)com(0)", "1 user=www.example.com host=h;"},
    {"user = v labels", "(3)a(b(3)com(0)", "1 user=a(b.com host=h;"},
    {"user = v labels", "(12)short(3)com(0)", "1 user=short.com host=h;"}, /* as found */
    {"user = v labels", "(3)www", REJECT("unexpected value")},             /* cut off */
    {"user = v labels", "(3)www(7)exam", REJECT("unexpected value")},
    {"user = v labels", "(0)", "1 host=h;"},
    {"user = v labels", "(x)www(0)", REJECT("unexpected value")},
    {"user = v labels", "(3", REJECT("unexpected value")},
    {"user = v labels", "www", REJECT("unexpected value")},
    {"user = v mac", "02:00:5E:00:53:0A", "1 user=02:00:5e:00:53:0a host=h;"},
    {"user = v mac", "02-00-5e-00-53-01", "1 user=02:00:5e:00:53:01 host=h;"},
    {"user = v duid", "00:03:00:01:02:00:5E:00:53:0A", "1 user=02:00:5e:00:53:0a host=h;"},
    {"user = v duid", "00:02:00:01:02:00:5e:00:53:0a", "1 host=h;"},
    {"user = v ia-duid", "abcd\\000\\003\\000\\001\\002\\000^\\000S\\012",
     "1 user=02:00:5e:00:53:0a host=h;"},
    {"user = v mac", "02005E005301", "1 user=02:00:5e:00:53:01 host=h;"},
    {"user = v mac", "0200.5e00.5301", "1 user=02:00:5e:00:53:01 host=h;"},
    {"user = v mac", "2:0:5e:0:53:1", "1 user=02:00:5e:00:53:01 host=h;"},
    {"user = v mac", "02:00:5e:00:53", "1 host=h;"},
    {"user = v mac", "02:00:5e:00:53:01:02", "1 host=h;"},
    {"user = v mac", "02:00:5e:00:53:", "1 host=h;"},
    {"user = v mac", "653445372C132434342A381337302B56", "1 host=h;"},
    {"user = v mac", "198.51.100.7", "1 host=h;"},
};

static void test_rows(void **state)
{
    struct buf out = {0}, definition = {0}, line = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        buf_reset(&definition);
        buf_printf(&definition, "%sseparator bar\ncolumns v h\nhost = h\n%s\n%c",
                   TESTING_HEAD("delimited"), rows[i].rule, '\0');
        buf_reset(&line);
        buf_printf(&line, "%s|h\n", rows[i].value);
        testing_decode(definition.ptr, buf_slice(&line), &out);
        if (strcmp(out.ptr, rows[i].expected) != 0)
            fail_msg("%s of '%s':\nexpected %s\nis       %s", rows[i].rule, rows[i].value,
                     rows[i].expected, out.ptr);
    }
    buf_free(&definition);
    buf_free(&line);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
