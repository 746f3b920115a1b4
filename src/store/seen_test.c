/* seen_test.c: what was hit is there again, and a store of an older kage says that it cannot know.
 */
#include "store/seen.h"

#include "store/store_fixture.h"
#include "store/store_internal.h"

struct found {
    unsigned networks, tenants, rules, hosts, apps;
    bool others;
};

static void take(void *context, enum seen_kind kind, struct slice name)
{
    struct found *f = context;

    switch (kind) {
    case SEEN_NETWORK: f->networks++; break;
    case SEEN_TENANT: f->tenants++; break;
    case SEEN_RULE: f->rules++; break;
    case SEEN_HOST: f->hosts += slice_is(name, "chat.example"); break;
    case SEEN_APP: f->apps += slice_is(name, "chat"); break;
    default: f->others = true;
    }
}

static void gives_back(void **state)
{
    static const char networks[] = "network,app,role\n192.0.2.0/24,chat,service\n"
                                   "198.51.100.0/24,chat,service\n";
    const struct signature_file file = {"networks.csv", {networks, sizeof networks - 1}};
    struct signature_set *set;
    struct store_world w;
    struct hits hits = {.count = {0}};
    struct seen_reach reach;
    struct found found = {0};

    (void)state;
    store_enter(&w);
    set = signature_set_create(&w.err);
    store_add(&w, "a", 20726, "ann", 60, "chat.example");
    assert_true(cells_load_apps(w.store, set, &w.err));
    assert_true(signature_set_add(set, &file, &w.err));
    assert_true(signature_set_finish(set, &w.err));
    assert_true(hits_note(&hits, HIT_NETWORK, 1));
    for (int i = 0; i < 2; i++) { /* of two archives */
        assert_true(store_begin(w.store, &w.err));
        assert_true(seen_add(w.store, &hits, set, &w.err));
        assert_true(store_commit(w.store, &w.err));
    }
    assert_true(seen_read(w.store, take, &found, &w.err));
    assert_int_equal(found.networks, 1);
    assert_int_equal(found.tenants + found.rules, 0);
    assert_int_equal(found.hosts, 1);
    assert_int_equal(found.apps, 1);
    assert_false(found.others);
    assert_true(seen_reach(w.store, &reach, &w.err));
    assert_int_equal(reach.archives_before, 0);
    assert_false(reach.has_detail);
    hits_free(&hits);
    signature_set_free(set);
    store_leave(&w);
}

/* As the schema's step leaves a store that had archives. */
static void knows_what_it_lacks(void **state)
{
    struct store_world w;
    struct seen_reach reach;

    (void)state;
    store_enter(&w);
    store_add(&w, "a", 20726, "ann", 60, "chat.example");
    store_add(&w, "b", 20727, "ann", 60, "chat.example");
    assert_true(sql_exec(&w.store->sql, "UPDATE setting SET value = '1' WHERE name = 'hits_after'",
                         &w.err));
    assert_true(seen_reach(w.store, &reach, &w.err));
    assert_int_equal(reach.archives_before, 1);
    store_leave(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(gives_back),
                                       cmocka_unit_test(knows_what_it_lacks)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
