/* risk_test.c: points and levels by what is known of the attributes. */
#include "signature/risk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* y yes, n no, ? unknown; in the order of attributes.def. */
static struct app app_of(const char *traits)
{
    struct app app = {0};

    for (size_t t = 0; t < TRAIT_COUNT; t++)
        app.traits[t] = traits[t] == 'y' ? TRAIT_YES : traits[t] == 'n' ? TRAIT_NO : TRAIT_UNKNOWN;
    return app;
}

static void adds_up(void **state)
{
    static const struct {
        const char *traits;
        unsigned missing, unknown;
        const char *level;
    } rows[] = {
        {"yyyyyyyy", 0, 0, "low"},
        {"nnnnnnnn", 15, 0, "high"},
        {"????????", 0, 15, "low to high"},
        {"yyyyyyyn", 1, 0, "low"},
        {"nyyyyyyn", 4, 0, "medium"},
        {"nynnyyyy", 7, 0, "medium"},
        {"nnnnyyyy", 9, 0, "high"},
        {"nnnnnn??", 12, 3, "high"},
        {"yyyyyy??", 0, 3, "low"},
        {"nyyyyy??", 3, 3, "low to medium"},
        {"nnnyyy??", 6, 3, "medium to high"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct app app = app_of(rows[i].traits);
        struct risk risk = risk_of(&app);
        struct buf level = {0};

        risk_append_level(&level, &risk);
        if (risk.missing != rows[i].missing || risk.unknown != rows[i].unknown || risk.all != 15 ||
            !slice_is(buf_slice(&level), rows[i].level))
            fail_msg("%s: %u, %u, %.*s", rows[i].traits, risk.missing, risk.unknown,
                     SLICE_FMT(buf_slice(&level)));
        buf_free(&level);
    }
}

/* risk.def names the attributes in the order of attributes.def, and the levels upwards. */
static void names_attributes(void **state)
{
    static const char *const names[TRAIT_COUNT] = {
#define TRAIT(name, help) #name,
#include "signature/attributes.def"
#undef TRAIT
    };
    (void)state;

    for (size_t t = 0; t < TRAIT_COUNT; t++)
        assert_string_equal(risk_weight_of(t)->attribute, names[t]);
    assert_int_equal(risk_level_points(RISK_LOW), 0);
    for (unsigned l = 1; l < RISK_LEVELS; l++)
        assert_true(risk_level_points((enum risk_level)l) >
                    risk_level_points((enum risk_level)(l - 1)));
    assert_string_equal(risk_level_name(RISK_HIGH), "high");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adds_up),
        cmocka_unit_test(names_attributes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
