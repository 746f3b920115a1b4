/* zone_clock_test.c: against zone_append_rfc3339, with days and zones in any order. */
#include "base/zone_clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *const names[] = {"UTC",
                                    "Asia/Tokyo",
                                    "Europe/Berlin",
                                    "America/St_Johns",
                                    "America/New_York",
                                    "Africa/Monrovia",
                                    "Asia/Kolkata",
                                    "Pacific/Apia",
                                    "Etc/GMT-14",
                                    "Etc/GMT+12"};

static struct zone *load(const char *name)
{
    struct error err = {0};
    struct zone *z = zone_load(name, &err);

    if (z == NULL)
        fail_msg("%s", err.text);
    return z;
}

static void check(struct zone_clock *c, const struct zone *z, int64_t ts_us)
{
    char text[CLOCK_ROOM], *end = zone_clock_put(c, z, text, ts_us);
    struct buf expected = {0};

    zone_append_rfc3339(&expected, z, ts_us);
    if (end == NULL)
        assert_true(expected.ptr[0] == '-' || expected.ptr[0] == '+');
    else
        assert_true(slice_equal(slice_of(text, (size_t)(end - text)), buf_slice(&expected)));
    buf_free(&expected);
}

/* A second over half a day further each time: seasons, midnights and every hour are met. */
static void test_in_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct zone *z = load(names[i]);
        struct zone_clock c = {0};

        for (int64_t s = -4000000000; s < 4200000000; s += 302407)
            check(&c, z, s * 1000000 + 999999);
        for (int64_t s = 1790000000; s < 1790300000; s += 59)
            check(&c, z, s * 1000000);
        zone_free(z);
    }
}

static void test_in_no_order(void **state)
{
    struct zone *zones[] = {load("Europe/Berlin"), load("America/St_Johns")};
    struct zone_clock c = {0};
    uint64_t seed = 88172645463325252U;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        check(&c, zones[i / 1000 % 2], (int64_t)(seed >> 12)); /* to 2112 */
    }
    zone_free(zones[0]);
    zone_free(zones[1]);
}

/* Years of four digits and others, the day that a cleared memory seems to know, and its ends. */
static void test_far_times(void **state)
{
    static const int64_t times[] = {0,
                                    -1,
                                    INT64_MAX,
                                    INT64_MIN,
                                    INT64_C(-62167219200000000),
                                    INT64_C(-62167219200000001),
                                    INT64_C(-62167305600000000),
                                    INT64_C(253402300799999999),
                                    INT64_C(253402300800000000),
                                    INT64_C(253402387200000000)};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct zone *z = load(names[i]);
        struct zone_clock c = {0};

        for (size_t t = 0; t < COUNT(times); t++)
            check(&c, z, times[t]);
        zone_free(z);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_order),
        cmocka_unit_test(test_in_no_order),
        cmocka_unit_test(test_far_times),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
