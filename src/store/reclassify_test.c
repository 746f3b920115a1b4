/* reclassify_test.c: what becomes of cells, hosts and domains when the catalogue changes. */
#include "store/reclassify.h"

#include "store/ask.h"
#include "store/detail/detail_add.h"
#include "store/store_fixture.h"
#include "store/upkeep.h"
#include "usage/detail.h"

enum { DAY = 20726 }; /* 2026-09-30 */

/* A catalogue of the fixture's apps with these domains. */
static struct signature_set *catalogue(const char *domains, struct error *err)
{
    static const char apps[] =
        "app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,"
        "remote_wipe,password_reset,audit_log,sso,licence_management,business_terms,"
        "age_verification,note\n"
        "chat,Chat,,messaging,Acme,JP,no,,no,no,no,no,no,no,no,no,\n"
        "drive,Drive,,file-sharing,Acme,JP,both,,no,no,no,no,no,no,no,no,\n";
    char text[512];
    struct signature_set *set = signature_set_create(err);
    int length = snprintf(text, sizeof text, "domain,app,role\n%s", domains);
    const struct signature_file files[] = {{"apps.csv", {apps, sizeof apps - 1}},
                                           {"domains.csv", {text, (size_t)length}}};

    for (size_t i = 0; i < 2; i++)
        assert_true(signature_set_add(set, &files[i], err));
    assert_true(signature_set_finish(set, err));
    return set;
}

/* Three requests of a user for a host in two minutes; ${app} NULL: counted for none. */
struct request {
    const char *user, *host, *app;
    unsigned minute, flags;
};

static void add_request(struct usage *u, struct detail *d, const struct request *q,
                        const struct signature_set *signatures)
{
    struct detail_row row = {.day = DAY,
                             .kind = RECORD_PROXY,
                             .role = ROLE_SERVICE,
                             .app = SIGNATURE_NO_APP,
                             .flags = (uint8_t)(q->flags | DETAIL_VERDICT)};
    uint32_t user;

    if (q->app != NULL) {
        row.app = signature_find_app(signatures, slice_of_string(q->app));
        store_add_cell(u, DAY, q->user, q->minute, q->host, 7);
    } else {
        assert_true(usage_name_id(u, NAME_TENANT, slice_of_string(q->host), &row.tenant));
    }
    assert_true(usage_name_id(u, NAME_USER, slice_of_string(q->user), &user));
    assert_true(usage_name_id(u, NAME_HOST, slice_of_string(q->host), &row.host));
    for (unsigned i = 0; i < 3; i++)
        assert_true(detail_note(d, &row, user, DETAIL_NO_HOUR, false));
}

static void add_all(struct store_world *w, const struct request *requests, size_t count)
{
    struct usage *usage = usage_create(&w->err);
    struct detail *detail = detail_create(NULL, &w->err);
    struct ledger_entry entry = store_entry("a", 'a', 10);
    struct cells_archive archive = {0, "a", INT32_MAX, true};
    struct detail_part part = {detail, usage, w->signatures, 0, true};

    entry.tally = (struct tally){.lines = 3 * count, .records = 3 * count};
    for (size_t i = 0; i < count; i++) {
        add_request(usage, detail, &requests[i], w->signatures);
        *(requests[i].app != NULL ? &entry.tally.matched : &entry.tally.unmatched) += 3;
    }
    assert_true(detail_finish(detail));
    assert_true(store_begin(w->store, &w->err));
    assert_true(ledger_add(w->store, &entry, &archive.id, &w->err));
    part.archive = archive.id;
    assert_true(detail_add(w->store, &part, DAY, &w->err));
    assert_true(cells_add(w->store, usage, w->signatures, &archive, &w->err));
    assert_true(store_commit(w->store, &w->err));
    detail_free(detail);
    usage_free(usage);
}

static struct reclassified run(struct store_world *w, const char *domains)
{
    struct psl *psl = psl_open();
    struct signature_set *signatures = catalogue(domains, &w->err);
    struct reclassify_options options = {signatures, "d", psl, 0};
    struct reclassified done, again;
    struct buf faults = {0};

    assert_true(reclassify(w->store, &options, &done, &w->err));
    assert_true(reclassify(w->store, &options, &again, &w->err)); /* nothing is left to do */
    assert_int_equal(again.rows + again.came + again.went + again.moved, 0);
    assert_true(upkeep_verify(w->store, &faults, &w->err));
    assert_int_equal(faults.len, 0);
    signature_set_free(signatures);
    psl_close(psl);
    return done;
}

#define USAGE                                                                                      \
    "SELECT user, app, requests, bytes_up, active_minutes, hosts, evidence FROM usage "            \
    "ORDER BY 1, 2"

static const struct {
    const char *what;
    struct request requests[2];
    const char *domains, *usage, *unknown;
    struct reclassified done;
} cases[] = {
    {"an unknown host becomes an app's: counts alone",
     {{"ann", "x.example", NULL, 5, 0}},
     "x.example,drive,service\n",
     "ann|drive|3|-|-|1|-",
     "",
     {1, 3, 0, 0}},
    {"a cell's only host goes to another app: with all it has",
     {{"ann", "c.example", "chat", 5, 0}},
     "c.example,drive,service\n",
     "ann|drive|3|100|2|1|a:7",
     "",
     {1, 0, 0, 3}},
    {"one of two: nobody knows whose the bytes and minutes are",
     {{"ann", "c.example", "chat", 5, 0}, {"ann", "d.example", "chat", 9, 0}},
     "c.example,chat,service\nd.example,drive,service\n",
     "ann|chat|3|-|-|1|- ann|drive|3|-|-|1|-",
     "",
     {1, 0, 0, 3}},
    {"both of two, one after the other",
     {{"ann", "c.example", "chat", 5, 0}, {"ann", "d.example", "chat", 9, 0}},
     "c.example,drive,service\nd.example,drive,service\n",
     "ann|drive|6|-|-|2|-",
     "",
     {2, 0, 0, 6}},
    {"what is known already keeps what it has",
     {{"ann", "c.example", "chat", 5, 0}, {"ann", "x.example", NULL, 9, 0}},
     "c.example,chat,service\nx.example,chat,service\n",
     "ann|chat|6|100|2|2|a:7",
     "",
     {1, 3, 0, 0}},
    {"no app any more, but unknown",
     {{"ann", "c.example", "chat", 5, 0}},
     "z.example,chat,service\n",
     "",
     "c.example|1|3",
     {1, 0, 3, 0}},
    {"no app by a signature: not unknown either",
     {{"ann", "c.example", "chat", 5, 0}, {"ann", "x.example", NULL, 5, 0}},
     "example,-,service\n",
     "",
     "",
     {2, 0, 3, 0}},
    {"what a rule decided stays",
     {{"ann", "c.example", "chat", 5, DETAIL_BY_RULE}},
     "c.example,drive,service\n",
     "ann|chat|3|100|2|1|a:7",
     "",
     {0, 0, 0, 0}},
    {"a network's app stays while no signature says more",
     {{"ann", "c.example", "chat", 5, DETAIL_BY_NETWORK},
      {"bob", "d.example", "chat", 5, DETAIL_BY_NETWORK}},
     "d.example,drive,service\n",
     "ann|chat|3|100|2|1|a:7 bob|drive|3|100|2|1|a:7",
     "",
     {1, 0, 0, 3}},
};

static void test_changes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t count = cases[i].requests[1].user == NULL ? 1 : 2;
        struct reclassified done;
        struct store_world w;

        print_message("%s\n", cases[i].what);
        store_enter(&w);
        add_all(&w, cases[i].requests, count);
        done = run(&w, cases[i].domains);
        assert_memory_equal(&done, &cases[i].done, sizeof done);
        store_assert_answer(&w, USAGE, cases[i].usage);
        store_assert_answer(&w, "SELECT domain, users, requests FROM unknown", cases[i].unknown);
        store_leave(&w);
    }
}

/* There and back: the counts are those of before. */
static void test_back(void **state)
{
    static const struct request requests[] = {{"ann", "c.example", "chat", 5, 0},
                                              {"bob", "c.example", "chat", 5, 0},
                                              {"ann", "x.example", NULL, 9, 0}};
    struct store_world w;

    (void)state;
    store_enter(&w);
    add_all(&w, requests, 3);
    (void)run(&w, "x.example,drive,service\n");
    (void)run(&w, "c.example,chat,service\n");
    store_assert_answer(&w,
                        "SELECT user, app, requests, active_minutes, hosts FROM usage ORDER BY 1",
                        "ann|chat|3|-|1 bob|chat|3|-|1");
    store_assert_answer(&w, "SELECT domain, users, requests FROM unknown", "x.example|1|3");
    store_leave(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_changes), cmocka_unit_test(test_back)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
