/* digest_test.c: known digests, however the bytes are cut. */
#include "io/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void gives_known_digests(void **state)
{
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    struct error err = {0};
    char out[DIGEST_HEX];

    (void)state;
    for (size_t i = 0; i < COUNT(rows) * 3; i++) {
        struct slice left = slice_of_string(rows[i / 3].text);
        struct digest *d = digest_create(&err);
        size_t step = 1 + i % 3 * 7;

        assert_non_null(d);
        for (; left.len > 0; left = slice_from(left, step)) {
            step = step < left.len ? step : left.len;
            digest_tap(d, slice_of(left.ptr, step));
        }
        digest_hex(d, out);
        digest_free(d);
        assert_string_equal(out, rows[i / 3].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(gives_known_digests)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
