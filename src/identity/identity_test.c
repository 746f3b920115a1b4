/* identity_test.c: names, machines and leases together. */
#include "identity/identity.h"

#include "identity/testing.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

#define WITH_MAIL                                                                                  \
    "user,email,aliases\ntanaka,Taro.Tanaka@corp.example,t-tanaka\nadmin%41,,\nsvc-known,,\n"
#define WITHOUT_MAIL "user\ntanaka\n"

static struct identity *make(const struct identity_rules *rules, const char *users,
                             const char *devices)
{
    struct error err = {0};
    struct identity *i = identity_create(rules, &err);
    char path[TESTING_PATH];

    assert_non_null(i);
    if (users != NULL) {
        testing_file(slice_of_string(users), path);
        assert_true(identity_load_users(i, path, NULL, &err));
        unlink(path);
    }
    if (devices != NULL) {
        testing_file(slice_of_string(devices), path);
        assert_true(identity_load_devices(i, path, &err));
        unlink(path);
    }
    return i;
}

static const struct {
    const char *users, *domains, *raw, *expected;
} names[] = {
    /* without a directory nothing is changed */
    {NULL, NULL, "CORP\\Tanaka", "CORP\\Tanaka"},
    {NULL, NULL, "pc01$", "pc01$"},
    /* the ways in which logs write one person */
    {WITH_MAIL, NULL, "tanaka", "tanaka"},
    {WITH_MAIL, NULL, "TANAKA", "tanaka"},
    {WITH_MAIL, NULL, "CORP\\Tanaka", "tanaka"},
    {WITH_MAIL, NULL, "CORP%5cTanaka", "tanaka"},
    {WITH_MAIL, NULL, "taro.tanaka@corp.example", "tanaka"},
    {WITH_MAIL, NULL, "tanaka@CORP.EXAMPLE", "tanaka"},
    {WITH_MAIL, NULL, "tanaka@AD.CORP.EXAMPLE", "tanaka"},
    {WITH_MAIL, NULL, "T-Tanaka", "tanaka"},
    {WITH_MAIL, NULL, "ｔａｎａｋａ", "tanaka"},
    /* but not another company's */
    {WITH_MAIL, NULL, "tanaka@partner.example", "tanaka@partner.example"},
    {WITH_MAIL, NULL, "tanaka@notcorp.example", "tanaka@notcorp.example"},
    {WITHOUT_MAIL, NULL, "tanaka@any.example", "tanaka"},
    {WITHOUT_MAIL, NULL, "sato@any.example", "sato@any.example"},
    {WITH_MAIL, "corp", "PARTNER\\tanaka", "partner\\tanaka"},
    {WITH_MAIL, "corp,*.local", "tanaka@east.local", "tanaka"},
    {WITH_MAIL, "corp", "taro.tanaka@corp.example", "tanaka"}, /* the address itself is known */
    /* as written before undone */
    {WITH_MAIL, NULL, "admin%41", "admin%41"},
    {WITH_MAIL, NULL, "sato%41", "satoa"},
    /* whom the directory does not have */
    {WITH_MAIL, NULL, "CORP\\Sato", "sato"},
    {WITH_MAIL, NULL, "Sato@corp.example", "sato"},
    {WITH_MAIL, NULL, "CORP\\PC01$", "machine:pc01"},
    {WITH_MAIL, NULL, "PC01$@CORP.EXAMPLE", "machine:pc01"},
    {WITH_MAIL, NULL, "host/PC01.corp.example@CORP.EXAMPLE", "machine:pc01"},
    {WITH_MAIL, NULL, "HTTP/proxy.corp.example@CORP.EXAMPLE", "service:http/proxy.corp.example"},
    {WITHOUT_MAIL, NULL, "PC01$@CORP.EXAMPLE", "machine:pc01"},
    {WITH_MAIL, "corp", "PC01$@CORP.EXAMPLE", "machine:pc01$@corp.example"},
    {WITH_MAIL, NULL, "host/PC01.other.example@OTHER.EXAMPLE", "machine:pc01"},
    {WITH_MAIL, NULL, "tanaka/admin@CORP.EXAMPLE", "tanaka/admin"},
    {WITH_MAIL, NULL, "NT AUTHORITY\\SYSTEM", "service:system"},
    {WITH_MAIL, NULL, "svc-backup", "service:svc-backup"},
    {WITH_MAIL, NULL, "svc-known", "svc-known"},
    {"user,kind\nscanner,service\nPC01$,machine\n", NULL, "Scanner", "service:scanner"},
    {"user,kind\nscanner,service\nPC01$,machine\n", NULL, "corp\\pc01$", "machine:PC01"},
};

static void test_names(void **state)
{
    struct buf out = {0};

    (void)state;
    for (size_t n = 0; n < COUNT(names); n++) {
        const struct identity_rules rules = {.domains = names[n].domains};
        struct identity *i = make(&rules, names[n].users, NULL);

        buf_reset(&out);
        identity_append_user(i, slice_of_string(names[n].raw), &out);
        if (!slice_is(buf_slice(&out), names[n].expected))
            fail_msg("%s: expected %s, is %.*s", names[n].raw, names[n].expected,
                     SLICE_FMT(buf_slice(&out)));
        identity_free(i);
    }
    buf_free(&out);
}

static void test_person(void **state)
{
    const struct identity_rules rules = {0};
    struct identity *i =
        make(&rules, "user,department,kind\nTanaka,Sales,\nPC01$,IT,machine\n", NULL);

    (void)state;
    assert_true(slice_is(identity_person(i, SLICE("Tanaka"))->department, "Sales"));
    assert_true(slice_is(identity_person(i, SLICE("machine:PC01"))->department, "IT"));
    assert_null(identity_person(i, SLICE("ip:10.0.0.1")));
    assert_null(identity_person(i, SLICE("sato")));
    identity_free(i);
    assert_null(identity_person(NULL, SLICE("Tanaka")));
}

#define MASK(x) FIELD_BIT(FIELD_##x)

/* Logs' records into owners. */
static const struct {
    struct record record;
    const char *why;      /* it is passed over because … */
    const char *expected; /* owner at second 15 of 10.0.0.1; NULL: nobody */
} records[] = {
    {{.has = MASK(CLIENT) | MASK(EVENT) | MASK(MAC) | MASK(NAME) | MASK(TS) | MASK(TS_END),
      .client = {"10.0.0.1", 8},
      .event = {"lease", 5},
      .mac = {"02:00:5e:00:53:01", 17},
      .name = {"PC-Ann", 6},
      .ts_us = 10000000,
      .ts_end_us = 20000000},
     NULL,
     "tanaka"},
    {{.has = MASK(CLIENT) | MASK(EVENT) | MASK(NAME) | MASK(TS),
      .client = {"10.0.0.1", 8},
      .event = {"lease", 5},
      .name = {"Other", 5},
      .ts_us = 10000000},
     NULL,
     "host:other"},
    {{.has = MASK(CLIENT) | MASK(EVENT) | MASK(USER),
      .client = {"10.0.0.0/24", 11},
      .event = {"lease", 5},
      .user = {"CORP\\tanaka", 11}},
     NULL,
     "tanaka"},
    {{.has = MASK(CLIENT) | MASK(EVENT) | MASK(USER) | MASK(TS) | MASK(TS_END),
      .client = {"10.0.0.1", 8},
      .event = {"lease", 5},
      .user = {"ann", 3},
      .ts_us = 20000000,
      .ts_end_us = 10000000},
     "it ends before it starts",
     NULL},
    {{.has = MASK(CLIENT) | MASK(EVENT) | MASK(USER),
      .client = {"10.0.0.1", 8},
      .event = {"logon", 5},
      .user = {"ann", 3}},
     "no time at which it began",
     NULL},
    {{.has = MASK(CLIENT) | MASK(EVENT) | MASK(MAC),
      .client = {"10.0.0.1", 8},
      .event = {"release", 7},
      .mac = {"02:00:5e:00:53:01", 17}},
     "no time at which it began",
     NULL},
    {{.has = MASK(CLIENT) | MASK(EVENT), .client = {"10.0.0.1", 8}, .event = {"release", 7}},
     NULL,
     NULL},
    {{.has = MASK(CLIENT) | MASK(EVENT) | MASK(USER) | MASK(TS),
      .client = {"10.0.0.1", 8},
      .event = {"logon", 5},
      .user = {"PC01$", 5},
      .ts_us = 10000000},
     NULL,
     NULL},
    {{.has = MASK(CLIENT) | MASK(EVENT) | MASK(USER),
      .client = {"10.0.0.1", 8},
      .event = {"lease", 5},
      .user = {"svc-scan", 8}},
     NULL,
     "service:svc-scan"},
    {{.has = MASK(CLIENT) | MASK(EVENT) | MASK(USER) | MASK(TS),
      .client = {"10.0.0.1/24", 11},
      .event = {"lease", 5},
      .user = {"ann", 3},
      .ts_us = 10000000},
     "bits behind",
     NULL},
};

static void test_records(void **state)
{
    const struct identity_rules rules = {0};
    const struct address address = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1}};

    (void)state;
    for (size_t n = 0; n < COUNT(records); n++) {
        struct identity *i = make(&rules, WITH_MAIL, "name,user\npc-ann,tanaka\n");
        struct record record = records[n].record;
        const struct leases *leases;
        struct error err = {0};
        const char *why;
        uint32_t owner;

        record.kind = RECORD_IDENTITY;
        assert_true(identity_add(i, &record, &why, &err));
        if ((why == NULL) != (records[n].why == NULL) ||
            (why != NULL && strstr(why, records[n].why) == NULL))
            fail_msg("record %zu: %s", n, why);
        assert_true(identity_finish(i, &err));
        leases = identity_leases(i);
        owner = leases_owner_at(leases, leases_find(leases, &address), 15000000, NULL);
        if ((owner == LEASE_NOBODY) != (records[n].expected == NULL) ||
            (owner != LEASE_NOBODY && !slice_is(leases_owner(leases, owner), records[n].expected)))
            fail_msg("record %zu: owner %u", n, owner);
        identity_free(i);
    }
}

/* A machine's own logon is nobody's, also where no directory says who is who. */
static void test_machines_without_directory(void **state)
{
    static const char *const users[] = {"CORP\\ann", "PC01$", "PC01$@CORP.EXAMPLE", "svc-scan"};
    const struct identity_rules rules = {0};
    const struct address address = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1}};
    struct error err = {0};
    struct identity *i = identity_create(&rules, &err);
    const struct leases *leases;
    const char *why;
    uint32_t owner;

    (void)state;
    for (size_t n = 0; n < COUNT(users); n++) {
        struct record r = {.has = MASK(CLIENT) | MASK(EVENT) | MASK(USER) | MASK(TS),
                           .kind = RECORD_IDENTITY,
                           .client = SLICE("10.0.0.1"),
                           .event = SLICE("logon"),
                           .user = slice_of_string(users[n]),
                           .ts_us = 10000000 + (int64_t)n};

        assert_true(identity_add(i, &r, &why, &err));
    }
    assert_true(identity_finish(i, &err));
    leases = identity_leases(i);
    owner = leases_owner_at(leases, leases_find(leases, &address), 15000000, NULL);
    assert_true(owner != LEASE_NOBODY && slice_is(leases_owner(leases, owner), users[0]));
    identity_free(i);
}

/* An abandoned lease, without hardware address but perhaps with a name, is nobody's from its start
 * on; the lease that it was before, and which is over for certain, stays. */
static void test_abandoned(void **state)
{
    static const struct {
        const char *event, *mac, *name; /* of the second record, of the time of the first */
        const char *expected;
    } rows[] = {
        {"release", "", "pc-1", NULL},
        {"release", "", "pc-2", NULL},
        {"expire", "", "", NULL},
        {"release", "02:00:5e:00:53:01", "pc-1", "host:pc-1"},
        {"lease", "02:00:5e:00:53:01", "pc-1", "host:pc-1"},
    };
    const struct identity_rules rules = {0};
    const struct address address = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1}};

    (void)state;
    for (size_t n = 0; n < COUNT(rows); n++) {
        struct error err = {0};
        struct identity *i = identity_create(&rules, &err);
        struct record r = {.has = MASK(CLIENT) | MASK(EVENT) | MASK(MAC) | MASK(NAME) | MASK(TS) |
                                  MASK(TS_END),
                           .kind = RECORD_IDENTITY,
                           .client = SLICE("10.0.0.1"),
                           .event = SLICE("lease"),
                           .mac = SLICE("02:00:5e:00:53:01"),
                           .name = SLICE("pc-1"),
                           .ts_us = 10000000,
                           .ts_end_us = 20000000};
        const struct leases *leases;
        const char *why;
        uint32_t owner;

        assert_true(identity_add(i, &r, &why, &err));
        r.event = slice_of_string(rows[n].event);
        r.mac = slice_of_string(rows[n].mac);
        r.name = slice_of_string(rows[n].name);
        r.has &= ~((r.mac.len == 0 ? MASK(MAC) : 0) | (r.name.len == 0 ? MASK(NAME) : 0));
        assert_true(identity_add(i, &r, &why, &err));
        assert_true(identity_finish(i, &err));
        leases = identity_leases(i);
        owner = leases_owner_at(leases, leases_find(leases, &address), 15000000, NULL);
        if ((owner == LEASE_NOBODY) != (rows[n].expected == NULL) ||
            (owner != LEASE_NOBODY && !slice_is(leases_owner(leases, owner), rows[n].expected)))
            fail_msg("row %zu: owner %u", n, owner);
        identity_free(i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names), cmocka_unit_test(test_person), cmocka_unit_test(test_records),
        cmocka_unit_test(test_abandoned), cmocka_unit_test(test_machines_without_directory)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
