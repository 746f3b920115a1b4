/* sharing_test.c: addresses from which many people ask. */
#include "usage/sharing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void note(struct sharing *s, const char *client, const char *user)
{
    assert_true(sharing_note(s, slice_of_string(client), slice_of_string(user)));
}

static void test_list(void **state)
{
    struct error err = {0};
    struct sharing *s = sharing_create(&err);
    struct shared_client *list;
    size_t count;

    (void)state;
    assert_non_null(s);
    for (int i = 0; i < 3; i++) { /* again and again is no more */
        note(s, "10.0.0.2", "ann");
        note(s, "10.0.0.2", "bob");
        note(s, "10.0.0.1", "ann");
        note(s, "10.0.0.1", "bob");
        note(s, "10.0.0.3", "ann");
        note(s, "10.0.0.3", "bob");
        note(s, "10.0.0.3", "cid");
        note(s, "10.0.0.4", "ann");
    }
    assert_true(sharing_list(s, 1, &list, &count, &err));
    assert_int_equal(count, 3);
    assert_true(slice_is(list[0].client, "10.0.0.3"));
    assert_int_equal(list[0].users, 3);
    assert_true(slice_is(list[1].client, "10.0.0.1"));
    assert_true(slice_is(list[2].client, "10.0.0.2"));
    free(list);
    assert_true(sharing_list(s, 3, &list, &count, &err));
    assert_int_equal(count, 0);
    free(list);
    sharing_free(s);
}

static void test_many(void **state)
{
    enum { CLIENTS = 1000, USERS = 20 };
    struct error err = {0};
    struct sharing *s = sharing_create(&err);
    struct shared_client *list;
    size_t count;

    (void)state;
    for (int i = 0; i < CLIENTS * USERS; i++) {
        char client[16], user[16];

        snprintf(client, sizeof client, "c%d", i % CLIENTS);
        snprintf(user, sizeof user, "u%d", i / CLIENTS);
        note(s, client, user);
    }
    assert_true(sharing_list(s, USERS - 1, &list, &count, &err));
    assert_int_equal(count, CLIENTS);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(list[i].users, USERS);
    free(list);
    sharing_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_list), cmocka_unit_test(test_many)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
