/* record_test.c: the table of fields. */
#include "record/record.h"

#include "record/reject.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_fields(void **state)
{
    (void)state;
    for (unsigned f = 0; f < FIELD_COUNT; f++) {
        const struct field_info *info = field_info((enum field)f);

        assert_int_equal(field_find(slice_of_string(info->key)), f);
        assert_true(info->help[0] != '\0');
        assert_true(info->offset < sizeof(struct record));
        for (unsigned g = 0; g < f; g++) /* every field has a place of its own */
            assert_true(field_info((enum field)g)->offset != info->offset);
    }
    assert_true(FIELD_COUNT <= 32); /* bits of `has` */
    assert_int_equal(field_find(SLICE("hosts")), FIELD_COUNT);
    assert_int_equal(field_find(SLICE("")), FIELD_COUNT);
    assert_int_equal(field_info(FIELD_HOST)->offset, offsetof(struct record, host));
    assert_int_equal(field_info(FIELD_TS)->type, TYPE_TIME);
}

static void test_challenge(void **state)
{
    struct record r = {.kind = RECORD_PROXY, .has = FIELD_BIT(FIELD_STATUS), .status = 407};

    (void)state;
    assert_true(record_is_challenge(&r));
    r.has = 0;
    assert_false(record_is_challenge(&r));
    r.has = FIELD_BIT(FIELD_STATUS);
    r.status = 403;
    assert_false(record_is_challenge(&r));
    r.status = 407;
    r.kind = RECORD_DNS;
    assert_false(record_is_challenge(&r));
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(record_kind_name(RECORD_PROXY), "proxy");
    assert_string_equal(record_kind_name(RECORD_DNS), "dns");
    assert_string_equal(record_kind_name(RECORD_IDENTITY), "identity");
    assert_string_equal(record_action_name(ACTION_NONE), "");
    assert_string_equal(record_action_name(ACTION_ALLOWED), "allowed");
    assert_string_equal(record_action_name(ACTION_BLOCKED), "blocked");
    for (int why = REJECT_NONE; why < REJECT_COUNT; why++)
        assert_true(reject_text((enum reject)why)[0] != '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_challenge),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
