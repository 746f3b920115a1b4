/* mac_test.c: spellings of hardware addresses. */
#include "net/mac.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_spellings(void **state)
{
    static const struct {
        const char *text, *expected; /* NULL: none */
    } rows[] = {
        {"02:00:5E:00:53:0A", "02:00:5e:00:53:0a"},
        {"02:00:5e:00:53:0a", "02:00:5e:00:53:0a"},
        {"02:00:5e-00:53:0a", "02:00:5e:00:53:0a"},
        {"02:00:5e:00:53:0\x7f", NULL},
        {"02:00:5e:00:53:0/", NULL},
        {"02:00:5e:00:53:0`", NULL},
        {"02-00-5e-00-53-01", "02:00:5e:00:53:01"},
        {"02005E005301", "02:00:5e:00:53:01"},
        {"0200.5e00.5301", "02:00:5e:00:53:01"},
        {"2:0:5e:0:53:1", "02:00:5e:00:53:01"},
        {"", NULL},
        {"02:00:5e:00:53", NULL},
        {"02:00:5e:00:53:", NULL},
        {"02:00:5e:00:53:01:", NULL},
        {"02:00:5e:00:53:01:02", NULL},
        {"02:00:5e:00:53:0g", NULL},
        {"653445372C132434342A381337302B56", NULL},
        {"198.51.100.7", NULL},
        {"pc-ann", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[MAC_TEXT_BYTES];
        bool ok = mac_normalise(slice_of_string(rows[i].text), out);

        if (ok != (rows[i].expected != NULL) ||
            (ok && memcmp(out, rows[i].expected, MAC_TEXT_BYTES) != 0))
            fail_msg("%s: %.17s", rows[i].text, ok ? out : "none");
        if (mac_is_normal(slice_of_string(rows[i].text)) !=
            (rows[i].expected != NULL && strcmp(rows[i].text, rows[i].expected) == 0))
            fail_msg("%s: is it as it is to be?", rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_spellings)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
