/* devices_test.c: whose a machine is. */
#include "identity/devices.h"

#include "identity/testing.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct devices *load(const char *text, struct error *err)
{
    char path[TESTING_PATH];
    struct devices *d;

    testing_file(slice_of_string(text), path);
    d = devices_load(path, err);
    unlink(path);
    if (d == NULL)
        memmove(err->text, err->text + strlen(path), strlen(err->text) - strlen(path) + 1);
    return d;
}

static void test_find(void **state)
{
    static const struct {
        const char *mac, *name, *user; /* NULL: nobody's */
    } rows[] = {
        {"02:00:5e:00:53:01", "", "ann"},
        {"", "PC-ANN", "ann"},
        {"", "pc-ann.corp.example", "ann"},
        {"02:00:5e:00:53:02", "pc-ann", "ann"}, /* the name where the MAC is unknown */
        {"02:00:5e:00:53:03", "pc-ann", "bob"}, /* the MAC first */
        {"02:00:5e:00:53:09", "other", NULL},
        {"", "", NULL},
    };
    struct error err = {0};
    struct devices *d = load("MAC Address,Host Name,Owner,Place\n02-00-5E-00-53-01,PC-Ann,ann,1F\n"
                             "02005e005303,,bob,\n02-00-5E-00-53-01,PC-Ann,ann,again\n",
                             &err);

    (void)state;
    assert_non_null(d);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct slice user;
        bool found =
            devices_find(d, slice_of_string(rows[i].mac), slice_of_string(rows[i].name), &user);

        if (found != (rows[i].user != NULL) || (found && !slice_is(user, rows[i].user)))
            fail_msg("%s %s", rows[i].mac, rows[i].name);
    }
    devices_free(d);
}

static void test_errors(void **state)
{
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"mac,user\n02:00:5e:00:53:01,\n", ":2: no user; expected whose machine it is"},
        {"mac,name,user\n,,ann\n", ":2: neither a MAC address nor a name; expected one of them"},
        {"mac,user\n02:00,ann\n", ":2: '02:00' is no MAC address such as 02:00:5e:00:53:01"},
        {"name,user\npc,ann\nPC,bob\n", ":3: 'pc' belongs to ann in a row before, here to bob"},
        {"mac,name\n", ":1: no column 'user'; expected the columns mac,name,user"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {0};

        assert_null(load(rows[i].text, &err));
        assert_string_equal(err.text, rows[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_find), cmocka_unit_test(test_errors)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
