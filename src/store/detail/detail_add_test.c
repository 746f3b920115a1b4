/* detail_add_test.c: hosts and domains of several archives add up; old days go. */
#include "store/detail/detail_add.h"

#include "store/ask.h"
#include "store/detail/detail_fixture.h"
#include "store/store_fixture.h"
#include "store/upkeep.h"

enum { DAY = 20726 }; /* 2026-09-30 */

struct asked {
    const char *user, *host, *domain;
    int32_t day;
    bool known, dns, no_verdict;
    unsigned passed, denied;
};

static void note(struct detail *d, struct usage *u, const struct asked *a)
{
    struct detail_row row = {.app = a->known ? 0 : SIGNATURE_NO_APP,
                             .day = a->day,
                             .kind = a->dns ? RECORD_DNS : RECORD_PROXY,
                             .role = ROLE_SERVICE,
                             .flags = a->no_verdict ? 0 : DETAIL_VERDICT};
    uint32_t user;

    assert_true(usage_name_id(u, NAME_USER, slice_of_string(a->user), &user));
    assert_true(usage_name_id(u, NAME_HOST, slice_of_string(a->host), &row.host));
    assert_true(usage_name_id(u, NAME_TENANT, slice_of_string(a->domain), &row.tenant));
    for (unsigned i = 0; i < a->passed + a->denied; i++)
        assert_true(detail_note(d, &row, user, DETAIL_NO_HOUR, i < a->denied));
}

/* One archive that asked all that. */
static void add(struct store_world *w, unsigned char name, const struct asked *asked, size_t count,
                struct detail_keeping keeping)
{
    struct usage *usage = usage_create(&w->err);
    struct detail *detail = detail_create(NULL, &w->err);
    const char text[] = {(char)name, '\0'};
    struct ledger_entry entry = store_entry(text, name, 10);

    entry.tally = (struct tally){0};
    for (size_t i = 0; i < count; i++)
        note(detail, usage, &asked[i]);
    detail_store(w, &entry, detail, usage, &keeping);
}

static void assert_sound(struct store_world *w)
{
    struct buf faults = {0};

    assert_true(upkeep_verify(w->store, &faults, &w->err));
    assert_int_equal(faults.len, 0);
}

static const struct asked first[] = {
    {"bob", "b.example", "example", DAY, false, false, false, 2, 1},
    {"ann", "b.example", "example", DAY, false, false, false, 5, 0},
    {"ann", "a.example", "example", DAY, false, false, false, 1, 0},
    {"ann", "chat.example", "acme", DAY, true, false, false, 9, 0},
    {"ann", "b.example", "example", DAY - 1, false, true, true, 3, 0},
};
static const struct asked second[] = {
    {"cid", "b.example", "example", DAY, false, false, false, 4, 0},
    {"ann", "b.example", "example", DAY, false, false, false, 1, 2},
    {"ann", "0.example", "", DAY + 1, false, false, false, 1, 0},
};

static void test_views(void **state)
{
    const struct detail_keeping keeping = {DAY + 9, 40};
    struct store_world w;

    (void)state;
    store_enter(&w);
    add(&w, 'a', first, sizeof first / sizeof *first, keeping);
    add(&w, 'b', second, sizeof second / sizeof *second, keeping);
    store_assert_answer(&w, "SELECT * FROM unknown",
                        "2026-09-29|example|dns|1|3|-|- 2026-09-30|example|proxy|3|-|13|3");
    store_assert_answer(
        &w, "SELECT day, host, app, tenant, users, queries, requests, denied FROM hosts",
        "2026-09-29|b.example|-|-|1|3|-|- 2026-09-30|a.example|-|-|1|-|1|0 "
        "2026-09-30|b.example|-|-|3|-|12|3 2026-09-30|chat.example|chat|acme|1|-|9|0 "
        "2026-10-01|0.example|-|-|1|-|1|0");
    assert_sound(&w);
    store_leave(&w);
}

/* The last day kept is the newest one, but never one to come. */
static void test_keeping(void **state)
{
    static const struct {
        struct detail_keeping keeping;
        const char *days, *domains;
    } cases[] = {
        {{DAY + 500, 2}, "2026-09-30|3 2026-10-01|1", "1"},
        {{DAY + 500, 1}, "2026-10-01|1", "0"},
        {{DAY, 1}, "2026-09-30|3 2026-10-01|1", "1"},
        {{DAY + 500, 3}, "2026-09-29|1 2026-09-30|3 2026-10-01|1", "2"},
        {{DAY, 0}, "2026-10-01|1", "0"}, /* of a day after today: goes tomorrow */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct store_world w;

        store_enter(&w);
        add(&w, 'a', first, sizeof first / sizeof *first, cases[i].keeping);
        add(&w, 'b', second, sizeof second / sizeof *second, cases[i].keeping);
        store_assert_answer(&w, "SELECT day, count(*) FROM hosts GROUP BY day", cases[i].days);
        store_assert_answer(&w, "SELECT count(*) FROM unknown", cases[i].domains);
        assert_sound(&w);
        store_leave(&w);
    }
}

static void test_purge(void **state)
{
    const struct detail_keeping keeping = {DAY + 9, 40};
    struct upkeep_purged purged;
    struct store_world w;

    (void)state;
    store_enter(&w);
    add(&w, 'a', first, sizeof first / sizeof *first, keeping);
    add(&w, 'b', second, sizeof second / sizeof *second, keeping);
    assert_true(upkeep_purge(w.store, DAY + 1, 0, &purged, &w.err));
    store_assert_answer(&w, "SELECT (SELECT count(*) FROM unknown), (SELECT count(*) FROM hosts)",
                        "0|1");
    store_assert_answer(&w, "SELECT user FROM users", "ann"); /* of the last day */
    assert_sound(&w);
    store_leave(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_views),
        cmocka_unit_test(test_keeping),
        cmocka_unit_test(test_purge),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
