/* mask_test.c: columns that hold names, and what stands there instead. */
#include "report/mask.h"

#include "identity/testing.h"
#include "report/plan.h"
#include "usage/usage_fixture.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define KEY      "0123456789abcdef"

static struct pseudonyms *make(void)
{
    struct error err = {0};
    char path[TESTING_PATH];
    struct pseudonyms *p;

    testing_file(SLICE(KEY), path);
    p = pseudonym_open(path, &err);
    unlink(path);
    assert_non_null(p);
    assert_true(mask_learn_user(p, SLICE("CORP\\tanaka")));
    assert_true(mask_learn_user(p, SLICE("sato.hanako@corp.example")));
    assert_true(mask_learn_user(p, SLICE("host:pc-suzuki")));
    assert_true(mask_learn_user(p, SLICE("ip:10.0.0.1")));
    assert_true(mask_learn(p, NULL));
    return p;
}

static void test_columns(void **state)
{
    static const struct {
        const char *text;
        const char *kept; /* what of it is still there; NULL: nothing */
        unsigned column;
        bool masked; /* is it looked at at all? */
    } rows[] = {
        {"CORP\\tanaka", NULL, DIMENSION_USER, true},
        {"ip:10.0.0.1", "ip:", DIMENSION_USER, true},
        {"10.0.0.1", NULL, DIMENSION_CLIENT, true},
        {"/logs/tanaka.gz", NULL, DIMENSION_SOURCE, true},
        {"chat.example", "chat.example", DIMENSION_HOST, true},
        {"tanaka.chat.example", NULL, DIMENSION_HOST, true},
        {"suzuki.example", NULL, DIMENSION_HOST, true},
        {"10.9.9.9", NULL, DIMENSION_HOST, true},
        {"hanako", NULL, DIMENSION_TENANT, true},
        {"corp.example", "corp.example", DIMENSION_DOMAIN, true}, /* everybody's */
        {"acme tanaka", "acme ", DIMENSIONS + MEASURE_TENANTS, true},
        {"/logs/tanaka.gz:17", ":17", DIMENSIONS + MEASURE_EVIDENCE, true},
        {"tanaka", NULL, DIMENSION_APP, false},
        {"2026", NULL, DIMENSIONS + MEASURE_FIRST_SEEN, false},
    };
    struct pseudonyms *p = make();
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t kept = rows[i].kept == NULL ? 0 : strlen(rows[i].kept);
        bool whole = rows[i].kept != NULL && strcmp(rows[i].kept, rows[i].text) == 0;

        buf_reset(&out);
        assert_int_equal(mask_append(p, rows[i].column, slice_of_string(rows[i].text), &out),
                         rows[i].masked);
        if (!rows[i].masked)
            continue;
        buf_append_byte(&out, '\0');
        if (out.len - 1 != kept + (whole ? 0 : PSEUDONYM_DIGITS) ||
            (rows[i].kept != NULL && strstr(out.ptr, rows[i].kept) == NULL))
            fail_msg("%s: %s", rows[i].text, out.ptr);
    }
    buf_free(&out);
    pseudonym_free(p);
}

/* One address has one pseudonym, as a user and as a client, however it is written. */
static void test_addresses(void **state)
{
    struct pseudonyms *p = make();
    struct buf user = {0}, client = {0};

    (void)state;
    mask_append(p, DIMENSION_USER, SLICE("ip:2001:db8::1"), &user);
    mask_append(p, DIMENSION_CLIENT, SLICE("2001:DB8:0::1"), &client);
    assert_true(slice_equal(slice_from(buf_slice(&user), 3), buf_slice(&client)));
    buf_free(&user);
    buf_free(&client);
    pseudonym_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_columns),
                                       cmocka_unit_test(test_addresses)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
