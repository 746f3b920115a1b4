/* use_test.c: the rules of the column `use`, each with its border. */
#include "usage/use.h"

#include "usage/usage_fixture.h"

#include <stdlib.h>

enum { DAY = 20000, CELLS_A_CASE = 3 };

#define PROXY(what, ...)                                                                           \
    {                                                                                              \
        .day = DAY, .user = "a", .kind = RECORD_PROXY, .role = ROLE_##what, __VA_ARGS__            \
    }
#define DNS(what, ...)                                                                             \
    {                                                                                              \
        .day = DAY, .user = "a", .kind = RECORD_DNS, .role = ROLE_##what, __VA_ARGS__              \
    }

/* One documented cell in parts, and its use. */
struct use_case {
    const char *name;
    struct fixture_cell cells[CELLS_A_CASE];
    size_t count;
    bool proxy_day; /* was a proxy log read for the day, whatever the cells are of? */
    enum use use;
};

static const struct use_case cases[] = {
    {"3 minutes", {PROXY(SERVICE, .passed = 3, .minutes = 3)}, 1, true, USE_USED},
    {"2 minutes", {PROXY(SERVICE, .passed = 9, .minutes = 2)}, 1, true, USE_LIKELY},
    {"16 KiB up", {PROXY(SERVICE, .passed = 1, .minutes = 1, .up = 16384)}, 1, true, USE_USED},
    {"less up", {PROXY(SERVICE, .passed = 1, .minutes = 1, .up = 16383)}, 1, true, USE_LIKELY},
    {"minutes of all parts",
     {PROXY(SERVICE, .passed = 1, .minutes = 1),
      PROXY(CONTENT, .passed = 1, .minutes = 1, .first_minute = 10),
      DNS(SERVICE, .passed = 1, .minutes = 1, .first_minute = 20)},
     3,
     true,
     USE_USED},
    {"the same minute in all parts",
     {PROXY(SERVICE, .passed = 1, .minutes = 1), PROXY(CONTENT, .passed = 1, .minutes = 1),
      DNS(SERVICE, .passed = 1, .minutes = 1)},
     3,
     true,
     USE_LIKELY},
    {"one let through among refused",
     {PROXY(SERVICE, .passed = 1, .denied = 50, .minutes = 2)},
     1,
     true,
     USE_LIKELY},
    {"content only", {PROXY(CONTENT, .passed = 90, .minutes = 60)}, 1, true, USE_BACKGROUND},
    {"shared only",
     {PROXY(SHARED, .passed = 90, .minutes = 60, .up = 99999)},
     1,
     true,
     USE_BACKGROUND},
    {"content let through, service refused",
     {PROXY(CONTENT, .passed = 1, .minutes = 1), PROXY(SERVICE, .denied = 5, .minutes = 5)},
     2,
     true,
     USE_BACKGROUND},
    {"all refused", {PROXY(SERVICE, .denied = 5, .minutes = 5)}, 1, true, USE_DENIED},
    {"shared refused", {PROXY(SHARED, .denied = 5, .minutes = 5)}, 1, true, USE_DENIED},
    {"requests refused, looked up",
     {PROXY(SERVICE, .denied = 5, .minutes = 5), DNS(SERVICE, .passed = 9, .minutes = 9)},
     2,
     true,
     USE_DENIED},
    {"looked up in 5 minutes, no proxy log",
     {DNS(SERVICE, .passed = 5, .minutes = 5)},
     1,
     false,
     USE_LIKELY},
    {"looked up in 4 minutes", {DNS(SERVICE, .passed = 90, .minutes = 4)}, 1, false, USE_RESOLVED},
    {"looked up on a day with a proxy log",
     {DNS(SERVICE, .passed = 9, .minutes = 9)},
     1,
     true,
     USE_RESOLVED},
    {"looked up, content only", {DNS(CONTENT, .passed = 9, .minutes = 9)}, 1, false, USE_RESOLVED},
    {"look-ups all refused", {DNS(SERVICE, .denied = 9, .minutes = 9)}, 1, false, USE_DENIED},
    {"look-ups, some refused",
     {DNS(SERVICE, .passed = 1, .denied = 9, .minutes = 4)},
     1,
     false,
     USE_RESOLVED},
    {"embed", {PROXY(EMBED, .passed = 90, .minutes = 60, .up = 99999)}, 1, true, USE_EMBEDDED},
    {"embed refused", {PROXY(EMBED, .denied = 9, .minutes = 9)}, 1, true, USE_EMBEDDED},
    {"embed looked up", {DNS(EMBED, .passed = 9, .minutes = 9)}, 1, false, USE_EMBEDDED},
    {"a tunnel that ends tomorrow",
     {PROXY(SERVICE, .minutes = 1, .marks = MARK_TUNNEL)},
     1,
     true,
     USE_LIKELY},
    {"a tunnel that ends tomorrow beside a refusal: not all was refused",
     {PROXY(SERVICE, .denied = 1, .minutes = 2, .marks = MARK_TUNNEL)},
     1,
     true,
     USE_LIKELY},
    {"a tunnel that ends tomorrow to content, service refused",
     {PROXY(CONTENT, .minutes = 1, .marks = MARK_TUNNEL),
      PROXY(SERVICE, .denied = 1, .minutes = 1)},
     2,
     true,
     USE_BACKGROUND},
};

static void check(const struct use_case *c)
{
    struct error err = {0};
    struct usage *usage = usage_create(&err);
    struct document document = {.count = c->count};
    struct usage_cell cells[DOCUMENT_CELLS];

    for (size_t i = 0; i < c->count; i++)
        fixture_add(usage, &c->cells[i]);
    for (size_t i = 0; i < c->count; i++) {
        cells[i] = usage_cell_get(usage, i);
        document.cells[i] = &cells[i];
    }
    if (use_of(&document, c->proxy_day) != c->use)
        fail_msg("%s: %d, expected %d", c->name, (int)use_of(&document, c->proxy_day), (int)c->use);
    usage_free(usage);
}

static void test_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(&cases[i]);
}

/* The number of the cell with that key. */
static size_t place_of(const struct usage *usage, const struct usage_key *key)
{
    for (size_t i = 0; i < usage_cell_count(usage); i++) {
        struct usage_key other = usage_key_get(usage, i);

        if (memcmp(&other, key, sizeof other) == 0)
            return i;
    }
    fail_msg("no such cell");
    return 0;
}

/* What is a cell of its own: another day, user, app, tenant, and embed records. */
static void test_cells_apart(void **state)
{
    static const struct fixture_cell cells[] = {
        PROXY(SERVICE, .passed = 3, .minutes = 3),
        PROXY(EMBED, .passed = 3, .minutes = 3),
        {.day = DAY + 1, .user = "a", .role = ROLE_SERVICE, .passed = 1, .minutes = 1},
        {.day = DAY, .user = "b", .role = ROLE_CONTENT, .passed = 1, .minutes = 1},
        {.day = DAY, .user = "a", .app = APP_TALK, .role = ROLE_SERVICE, .denied = 1, .minutes = 1},
        {.day = DAY, .user = "a", .tenant = "t", .role = ROLE_SHARED, .passed = 1, .minutes = 1},
    };
    static const enum use expected[] = {USE_USED,       USE_EMBEDDED, USE_LIKELY,
                                        USE_BACKGROUND, USE_DENIED,   USE_BACKGROUND};
    enum { COUNT = sizeof cells / sizeof *cells };
    struct error err = {0};
    struct usage *usage = usage_create(&err);
    struct cell_order order = {0};
    struct document document;
    struct documents *documents;
    size_t count = 0;

    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        fixture_add(usage, &cells[i]);
    cell_order_finish(&order);
    documents = documents_of_usage(usage, &order, &err);
    for (; documents_next(documents, &document, &err); count++) {
        assert_int_equal(document.count, 1);
        assert_int_equal(use_of(&document, true),
                         expected[place_of(usage, &document.cells[0]->key)]);
    }
    assert_int_equal(count, COUNT);
    documents_free(documents);
    usage_free(usage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_cells_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
