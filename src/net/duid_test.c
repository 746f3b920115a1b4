/* duid_test.c: spellings and kinds of identifiers of DHCPv6 clients. */
#include "net/duid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *text;
    bool association;
    const char *expected; /* NULL: none */
} rows[] = {
    {"00:01:00:01:1c:a6:7e:12:02:00:5e:00:53:0a", false, "02:00:5e:00:53:0a"},
    {"00:03:00:01:02:00:5E:00:53:0A", false, "02:00:5e:00:53:0a"},
    {"0003000102005e00530a", false, "02:00:5e:00:53:0a"},
    {"5e:00:53:0a:00:03:00:01:02:00:5e:00:53:0a", true, "02:00:5e:00:53:0a"},
    /* as dhcpd writes them: what can be printed stands as it is */
    {"\\000\\003\\000\\001\\002\\000^\\000S\\012", false, "02:00:5e:00:53:0a"},
    {"q\\230\\267\\343\\000\\001\\000\\001\\034\\246~\\022\\002\\000^\\000S\\012", true,
     "02:00:5e:00:53:0a"},
    {"\\\\\\\"ab\\000\\003\\000\\001\\002\\000^\\000\\\"\\\\", true, "02:00:5e:00:22:5c"},
    /* kinds that hold none: by enterprise, UUID; other hardware; too short, too long, cut */
    {"00:02:00:00:ab:11:02:00:5e:00:53:0a:01:02", false, NULL},
    {"00:04:02:00:5e:00:53:0a:02:00:5e:00:53:0a:02:00:5e:00", false, NULL},
    {"00:03:00:20:02:00:5e:00:53:0a", false, NULL},
    {"00:03:00:01:02:00:5e:00:53", false, NULL},
    {"00:03:00:01:02:00:5e:00:53:0a:0b", false, NULL},
    {"00:03:00:01:02:00:5e:00:53:0", false, NULL},
    {"00:03:00:01:02:00:5e:00:53:0a", true, NULL},
    {"00:03", true, NULL},
    {"\\00", false, NULL},
    {"\\", false, NULL},
    {"", false, NULL},
    {"", true, NULL},
};

static void test_rows(void **state)
{
    char out[MAC_TEXT_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool found = duid_mac(slice_of_string(rows[i].text), rows[i].association, out);

        if (found != (rows[i].expected != NULL) ||
            (found && memcmp(out, rows[i].expected, sizeof out) != 0))
            fail_msg("%s is not %s", rows[i].text, rows[i].expected);
    }
}

/* More than any identifier may have, in every spelling. */
static void test_long(void **state)
{
    static const char *const units[] = {"00", "00:", "\\000", "x", "\\"};
    char text[4096], out[MAC_TEXT_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t len = 0, unit = strlen(units[i]);

        for (; len + unit <= sizeof text; len += unit)
            memcpy(text + len, units[i], unit);
        assert_false(duid_mac(slice_of(text, len), false, out));
        assert_false(duid_mac(slice_of(text, len), true, out));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_long)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
