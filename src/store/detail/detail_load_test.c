/* detail_load_test.c: what was noted of hosts and domains comes out as cells without times. */
#include "store/detail/detail_load.h"

#include "store/detail/detail_add.h"
#include "store/detail/detail_fixture.h"
#include "store/store_fixture.h"

enum { DAY = 20726, TODAY = DAY + 1 };

static void note(struct detail *d, struct usage *u, const char *user, const char *domain,
                 int32_t day)
{
    struct detail_row row = {.app = SIGNATURE_NO_APP,
                             .day = day,
                             .kind = RECORD_PROXY,
                             .role = ROLE_SERVICE,
                             .flags = DETAIL_VERDICT};
    uint32_t id;

    assert_true(usage_name_id(u, NAME_USER, slice_of_string(user), &id));
    assert_true(usage_name_id(u, NAME_HOST, slice_of_string(domain), &row.host));
    assert_true(usage_name_id(u, NAME_TENANT, slice_of_string(domain), &row.tenant));
    assert_true(detail_note(d, &row, id, DETAIL_NO_HOUR, false));
    assert_true(detail_note(d, &row, id, DETAIL_NO_HOUR, true));
}

static void add(struct store_world *w, unsigned char name, const char *user, const char *domain,
                int32_t day)
{
    const struct detail_keeping keeping = {TODAY, 40};
    const char text[] = {(char)name, '\0'};
    struct usage *usage = usage_create(&w->err);
    struct detail *detail = detail_create(NULL, &w->err);
    struct ledger_entry entry = store_entry(text, name, 10);

    entry.tally = (struct tally){0};
    note(detail, usage, user, domain, day);
    detail_store(w, &entry, detail, usage, &keeping);
}

static size_t count(struct store_world *w, int32_t from_day, const char *pattern)
{
    const char *patterns[] = {pattern};
    struct record_filter filter = {.since_us = INT64_MIN, .until_us = INT64_MAX};
    struct detail_wanted wanted = {from_day, INT32_MAX, &filter, NULL, NULL,
                                   true,     false,     false,   false};
    struct usage *usage = usage_create(&w->err);
    size_t cells;

    filter.user.wanted = patterns;
    filter.user.wanted_count = 1;
    assert_true(detail_load(w->store, &wanted, usage, &w->err));
    cells = usage_cell_count(usage);
    for (size_t i = 0; i < cells; i++) {
        struct usage_cell cell = usage_cell_get(usage, i);

        assert_int_equal(cell.key.app, SIGNATURE_NO_APP);
        assert_int_equal(cell.counts[COUNT_DENIED], cell.counts[COUNT_PASSED]);
        assert_int_equal(cell.counts[COUNT_BARE], 2 * cell.counts[COUNT_PASSED]);
        assert_int_equal(cell.counts[COUNT_CARRIED_VERDICT], cell.counts[COUNT_BARE]);
        assert_int_equal(cell.minutes.count, 0);
    }
    usage_free(usage);
    return cells;
}

static void test_cells(void **state)
{
    struct store_world w;

    (void)state;
    store_enter(&w);
    add(&w, 'a', "ann", "x.example", DAY);
    add(&w, 'b', "ann", "x.example", DAY); /* joins it */
    add(&w, 'c', "ann", "y.example", DAY);
    add(&w, 'd', "bob", "x.example", DAY);
    add(&w, 'e', "bob", "x.example", DAY + 1);
    assert_int_equal(count(&w, INT32_MIN, "*"), 4);
    assert_int_equal(count(&w, INT32_MIN, "ann"), 2);
    assert_int_equal(count(&w, DAY + 1, "*"), 1);
    assert_int_equal(count(&w, DAY + 2, "*"), 0);
    store_leave(&w);
}

/* A host of an app, and one that a signature takes out of all. */
static void note_known(struct detail *d, struct usage *u)
{
    struct detail_row row = {.app = 1, .day = DAY, .kind = RECORD_DNS, .role = ROLE_CONTENT};
    uint32_t user;

    assert_true(usage_name_id(u, NAME_USER, SLICE("ann"), &user));
    assert_true(usage_name_id(u, NAME_TENANT, SLICE("acme"), &row.tenant));
    assert_true(usage_name_id(u, NAME_HOST, SLICE("a.drive.example"), &row.host));
    assert_true(detail_note(d, &row, user, DETAIL_NO_HOUR, false));
    row = (struct detail_row){.app = SIGNATURE_NO_APP, .day = DAY, .flags = DETAIL_NO_APP};
    assert_true(usage_name_id(u, NAME_HOST, SLICE("no.drive.example"), &row.host));
    assert_true(detail_note(d, &row, user, DETAIL_NO_HOUR, false));
    note(d, u, "bob", "www.x.example", DAY);
}

static void add_known(struct store_world *w)
{
    const struct detail_keeping keeping = {TODAY, 40};
    struct usage *usage = usage_create(&w->err);
    struct detail *detail = detail_create(NULL, &w->err);
    struct ledger_entry entry = store_entry("k", 'k', 10);

    note_known(detail, usage);
    detail_store(w, &entry, detail, usage, &keeping);
}

/* What of the hosts is loaded: "user tenant host app kind role" of the only cell; "" where there is
 * none. */
static void assert_only(struct store_world *w, bool unknown, const char *host, const char *expected)
{
    struct psl *psl = psl_open();
    struct record_filter filter = {.since_us = INT64_MIN, .until_us = INT64_MAX};
    struct detail_wanted wanted = {INT32_MIN, INT32_MAX, &filter, w->signatures, psl,
                                   unknown,   true,      true,    false};
    struct usage *usage = usage_create(&w->err);
    char text[128] = "";

    filter.host = (struct filter_list){&host, host == NULL ? 0 : 1, NULL, 0};
    assert_true(detail_load(w->store, &wanted, usage, &w->err));
    assert_int_equal(usage_cell_count(usage), *expected == '\0' ? 0 : 1);
    if (usage_cell_count(usage) > 0) {
        struct usage_cell cell = usage_cell_get(usage, 0);

        (void)snprintf(text, sizeof text, "%s %s %s %d %u %u",
                       usage_name(usage, NAME_USER, cell.key.user).ptr,
                       usage_name(usage, NAME_TENANT, cell.key.tenant).ptr,
                       usage_name(usage, NAME_HOST, cell.key.host).ptr,
                       cell.key.app == SIGNATURE_NO_APP ? -1 : (int)cell.key.app,
                       (unsigned)cell.key.kind, (unsigned)cell.key.role);
        assert_int_equal(cell.hosts.count, 1);
    }
    assert_string_equal(text, expected);
    usage_free(usage);
    psl_close(psl);
}

static void test_hosts(void **state)
{
    struct store_world w;

    (void)state;
    store_enter(&w);
    add_known(&w);
    assert_only(&w, false, NULL, "ann acme a.drive.example 1 1 2");
    assert_only(&w, false, "a.*", "ann acme a.drive.example 1 1 2");
    assert_only(&w, false, "b.*", "");
    assert_only(&w, true, NULL, "bob x.example www.x.example -1 0 3");
    assert_only(&w, true, "www.*", "bob x.example www.x.example -1 0 3");
    assert_only(&w, true, "a.*", "");
    store_leave(&w);
}

static void test_lacks(void **state)
{
    const struct record_filter all = {.since_us = INT64_MIN, .until_us = INT64_MAX};
    struct detail_wanted wanted = {.from_day = INT32_MIN, .until_day = INT32_MAX, .filter = &all};
    struct store_world w;
    bool lacks = true;

    (void)state;
    store_enter(&w);
    assert_true(detail_lacks(w.store, &wanted, &lacks, &w.err));
    assert_false(lacks);
    store_leave(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_lacks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
