/* leases_test.c: who held an address when, by scripts with a known truth. */
#include "identity/leases.h"

#include "base/buf.h"
#include "base/num.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { HOLD = 100, SHARED = 2 };

#define LETTERS_24 "abcdefghijklmnopqrstuvwx"
#define LETTERS_63 LETTERS_24 LETTERS_24 "abcdefghijklmno"

/* Claims are `WHAT ADDRESS WHO FROM UNTIL;` in seconds, `-` for what is not known; WHO is a user,
 * or MAC/NAME. Questions are `ADDRESS TIME` and answered by an owner, `-` or `two`. */
static const struct {
    const char *claims, *questions, *expected;
} rows[] = {
    /* three machines in a day; at the end of a lease nobody has the address */
    {"device 10.0.0.1 m1/a 10 20;device 10.0.0.1 m2/b 20 30;device 10.0.0.1 m3/c 35 40;",
     "10.0.0.1 9;10.0.0.1 10;10.0.0.1 19;10.0.0.1 20;10.0.0.1 32;10.0.0.1 35;10.0.0.1 40;",
     "- host:a host:a host:b - host:c - "},
    /* a new lease ends the one before, whatever end that had; the order of claims means nothing */
    {"device 10.0.0.1 m2/b 20 90;device 10.0.0.1 m1/a 10 80;", "10.0.0.1 15;10.0.0.1 50;",
     "host:a host:b "},
    {"device 10.0.0.1 m1/a 10 20;device 10.0.0.1 m1/a 15 25;", "10.0.0.1 22;10.0.0.1 25;",
     "host:a - "},
    /* also one that says it never ends */
    {"device 10.0.0.1 m1/a 10 2147483647;device 10.0.0.1 m2/b 500 600;",
     "10.0.0.1 450;10.0.0.1 550;10.0.0.1 700;", "host:a host:b - "},
    /* given back, by its holder only */
    {"device 10.0.0.1 m1/a 10 90;end 10.0.0.1 m1/ 30 -;", "10.0.0.1 29;10.0.0.1 30;", "host:a - "},
    {"device 10.0.0.1 m1/a 10 90;end 10.0.0.1 m2/ 30 -;", "10.0.0.1 30;", "host:a "},
    {"end 10.0.0.1 m1/a 30 -;", "10.0.0.1 30;", "- "},
    /* the end may name the machine by less than the lease did */
    {"device 10.0.0.1 m1/a 10 90;end 10.0.0.1 / 30 -;", "10.0.0.1 29;10.0.0.1 30;", "host:a - "},
    {"device 10.0.0.1 m1/a 10 90;end 10.0.0.1 /a 30 -;", "10.0.0.1 29;10.0.0.1 30;", "host:a - "},
    {"device 10.0.0.1 m1/a 10 90;end 10.0.0.1 /b 30 -;", "10.0.0.1 30;", "host:a "},
    {"end 10.0.0.1 / 30 -;device 10.0.0.1 m1/a 40 90;", "10.0.0.1 35;10.0.0.1 50;", "- host:a "},
    /* a machine that nobody can name takes the address from the one before */
    {"device 10.0.0.1 m1/a 10 90;device 10.0.0.1 / 30 50;", "10.0.0.1 29;10.0.0.1 40;10.0.0.1 60;",
     "host:a - - "},
    {"device 10.0.0.1 m1/a 10 90;device 10.0.0.1 / 30 50;device 10.0.0.1 m1/a 45 90;",
     "10.0.0.1 40;10.0.0.1 50;", "- host:a "},
    {"past 10.0.0.1 / 10 90;now 10.0.0.1 / - 90;device 10.0.0.1 m1/a 5 90;", "10.0.0.1 20;",
     "host:a "},
    /* a lease that is over says when, also where an older copy of the file says more */
    {"past 10.0.0.1 m1/a 10 30;device 10.0.0.1 m1/a 10 90;", "10.0.0.1 29;10.0.0.1 30;",
     "host:a - "},
    /* without an end it holds for the hold time */
    {"device 10.0.0.1 m1/a 10 -;", "10.0.0.1 109;10.0.0.1 110;", "host:a - "},
    {"now 10.0.0.1 m1/a - 300;", "10.0.0.1 199;10.0.0.1 200;10.0.0.1 299;10.0.0.1 300;",
     "- host:a host:a - "},
    {"now 10.0.0.1 m1/a - -;", "10.0.0.1 1;10.0.0.1 9999;", "host:a host:a "},
    {"now 10.0.0.1 m1/a - 300;now 10.0.0.1 m2/b - 350;", "10.0.0.1 220;10.0.0.1 260;10.0.0.1 320;",
     "host:a two host:b "},
    /* but not before another machine's lease, whose times are known, is over */
    {"device 10.0.0.1 m1/a 210 250;now 10.0.0.1 m2/b - 300;", "10.0.0.1 220;10.0.0.1 260;",
     "host:a host:b "},
    {"device 10.0.0.1 m1/a 210 250;device 10.0.0.1 m2/b 255 260;device 10.0.0.1 m2/b 260 270;"
     "now 10.0.0.1 m2/b - 300;",
     "10.0.0.1 205;10.0.0.1 220;10.0.0.1 252;10.0.0.1 280;", "- host:a host:b host:b "},
    {"device 10.0.0.1 m1/a 210 400;now 10.0.0.1 m2/b - 300;", "10.0.0.1 220;10.0.0.1 350;",
     "host:a host:a "},
    /* a name that two machines have names neither; a machine without a name is its MAC */
    {"device 10.0.0.1 m1/phone 10 20;device 10.0.0.2 m2/phone 10 20;device 10.0.0.3 m3/ 10 20;",
     "10.0.0.1 15;10.0.0.2 15;10.0.0.3 15;", "mac:m1 mac:m2 mac:m3 "},
    /* the name may come with another lease */
    {"device 10.0.0.1 m1/ 10 20;device 10.0.0.2 m1/a 30 40;", "10.0.0.1 15;", "host:a "},
    /* texts at and above the length up to which claims wait for others */
    {"device 10.0.0.1 m1/" LETTERS_63 " 10 20;device 10.0.0.2 m2/" LETTERS_63 "P 10 20;"
     "device 10.0.0.3 m3/b 10 20;",
     "10.0.0.1 15;10.0.0.2 15;", "host:" LETTERS_63 " host:" LETTERS_63 "P "},
    {"device 10.0.0.1 " LETTERS_24 "/ 10 20;device 10.0.0.2 " LETTERS_24 "/a 30 40;",
     "10.0.0.1 15;", "host:a "},
    /* people: lists overlap, nobody is chosen */
    {"listed 10.0.0.1 ann 10 30;listed 10.0.0.1 bob 20 40;",
     "10.0.0.1 15;10.0.0.1 20;10.0.0.1 29;10.0.0.1 30;10.0.0.1 40;", "ann two two bob - "},
    {"listed 10.0.0.1 ann 10 20;listed 10.0.0.1 ann 15 30;", "10.0.0.1 25;", "ann "},
    {"listed 10.0.0.1 ann - -;", "10.0.0.1 0;10.0.0.1 999999;", "ann ann "},
    {"listed 10.0.0.1 ann 30 10;", "10.0.0.1 20;", "- "},
    /* networks: the smaller one, the address before all, and where it is silent the network again
     */
    {"listed 10.0.0.0/8 all - -;listed 10.1.0.0/16 east - -;listed 10.1.0.1 ann 10 20;",
     "10.2.0.1 5;10.1.0.2 5;10.1.0.1 15;10.1.0.1 25;11.0.0.1 5;", "all east ann east - "},
    {"listed 10.0.0.0/8 all - -;listed 10.0.0.1 ann 10 20;listed 10.0.0.1 bob 10 20;",
     "10.0.0.1 15;10.0.0.1 25;", "two all "},
    {"listed 2001:db8::/32 six - -;listed 2001:db8::1 ann - -;",
     "2001:db8::1 5;2001:db8::2 5;2001:db9::1 5;::ffff:10.0.0.1 5;", "ann six - - "},
    /* logons: until the logoff, there or anywhere, at most for the hold time */
    {"logon 10.0.0.1 ann 10 -;", "10.0.0.1 109;10.0.0.1 110;", "ann - "},
    {"logon 10.0.0.1 ann 10 -;logoff 10.0.0.1 ann 30 -;", "10.0.0.1 29;10.0.0.1 30;", "ann - "},
    {"logon 10.0.0.1 ann 10 -;logoff 10.0.0.2 ann 30 -;", "10.0.0.1 30;", "ann "},
    {"logon 10.0.0.1 ann 10 -;logoff - ann 30 -;logoff - ann 20 -;logoff - bob 12 -;",
     "10.0.0.1 19;10.0.0.1 20;", "ann - "},
    {"logon 10.0.0.1 ann 10 -;logoff - ann 30 -;logon 10.0.0.1 ann 40 -;",
     "10.0.0.1 35;10.0.0.1 45;", "- ann "},
    {"logon 10.0.0.1 ann 10 -;logon 10.0.0.1 bob 20 -;", "10.0.0.1 15;10.0.0.1 50;10.0.0.1 115;",
     "ann two bob "},
    {"listed 10.0.0.1 ann 10 50;logoff 10.0.0.1 ann 20 -;", "10.0.0.1 30;", "ann "},
    /* a person goes before a machine of nobody; machines of the company are people */
    {"device 10.0.0.1 m1/a 10 50;logon 10.0.0.1 ann 20 30;", "10.0.0.1 15;10.0.0.1 25;10.0.0.1 35;",
     "host:a ann host:a "},
    {"device 10.0.0.1 m1/pc-bob 10 50;logon 10.0.0.1 ann 20 30;", "10.0.0.1 15;10.0.0.1 25;",
     "bob two "},
    {"device 10.0.0.1 m1/pc-bob 10 50;logon 10.0.0.1 bob 20 30;device 10.0.0.2 m9/pc-bob 10 50;",
     "10.0.0.1 25;10.0.0.2 25;", "bob bob "},
    /* the session of the one machine is not that of the next */
    {"device 10.0.0.1 m1/a 10 50;logon 10.0.0.1 ann 20 -;device 10.0.0.1 m2/b 40 60;",
     "10.0.0.1 35;10.0.0.1 45;", "ann host:b "},
    {"device 10.0.0.1 m1/a 10 50;logon 10.0.0.1 ann 20 -;device 10.0.0.1 m1/a 40 60;",
     "10.0.0.1 45;", "ann "},
};

static void resolve(void *context, const struct lease_machine *m, struct buf *out, bool *person)
{
    (void)context;
    *person = slice_is(m->name, "pc-bob");
    if (*person)
        buf_append_string(out, "bob");
    else if (m->name.len > 0 && !m->name_is_shared)
        buf_printf(out, "host:%.*s", SLICE_FMT(m->name));
    else
        buf_printf(out, "mac:%.*s", SLICE_FMT(m->mac));
}

static int64_t time_of(struct slice text, int64_t otherwise)
{
    uint64_t number;

    return num_parse(text, INT32_MAX, &number) ? (int64_t)number : otherwise;
}

static enum lease_claim claim_of(struct slice word)
{
    static const char *const words[] = {
        [LEASE_LISTED] = "listed", [LEASE_LOGON] = "logon",      [LEASE_LOGOFF] = "logoff",
        [LEASE_DEVICE] = "device", [LEASE_DEVICE_PAST] = "past", [LEASE_DEVICE_NOW] = "now",
        [LEASE_DEVICE_END] = "end"};
    int claim = 0;

    while (!slice_is(word, words[claim]))
        claim++;
    return (enum lease_claim)claim;
}

static struct slice next(struct slice *rest)
{
    struct slice word;

    slice_cut(*rest, ' ', &word, rest);
    return word;
}

static void add_claim(struct leases *l, struct slice text)
{
    struct lease_event e = {.claim = claim_of(next(&text))};
    struct error err = {0};
    const char *why;
    struct slice who;

    e.has_network = network_parse(next(&text), &e.network, &why);
    who = next(&text);
    e.user = who;
    slice_cut(who, '/', &e.mac, &e.name);
    e.from_us = time_of(next(&text), LEASE_ALWAYS);
    e.until_us = time_of(next(&text), LEASE_OPEN);
    assert_true(leases_add(l, &e, &err));
}

static struct leases *make(const char *claims)
{
    const struct lease_resolver resolver = {resolve, NULL};
    struct error err = {0};
    struct leases *l = leases_create(HOLD, SHARED, &err);
    struct slice rest = slice_of_string(claims), claim;

    assert_non_null(l);
    while (rest.len > 0) {
        slice_cut(rest, ';', &claim, &rest);
        add_claim(l, claim);
    }
    assert_true(leases_finish(l, &resolver, &err));
    return l;
}

static void append_answer(struct buf *out, const struct leases *l, struct slice question)
{
    struct address address;
    bool conflict;
    uint32_t owner;

    assert_true(address_parse(next(&question), &address));
    owner = leases_owner_at(l, leases_find(l, &address), time_of(question, 0), &conflict);
    if (owner == LEASE_NOBODY)
        buf_append_string(out, conflict ? "two" : "-");
    else
        buf_append(out, leases_owner(l, owner));
    buf_append_byte(out, ' ');
}

static void test_rows(void **state)
{
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct leases *l = make(rows[i].claims);
        struct slice rest = slice_of_string(rows[i].questions), question;

        buf_reset(&out);
        while (rest.len > 0) {
            slice_cut(rest, ';', &question, &rest);
            append_answer(&out, l, question);
        }
        if (!slice_is(buf_slice(&out), rows[i].expected))
            fail_msg("%s %s\nexpected %s\nis       %.*s", rows[i].claims, rows[i].questions,
                     rows[i].expected, SLICE_FMT(buf_slice(&out)));
        leases_free(l);
    }
    buf_free(&out);
}

static void test_notices(void **state)
{
    struct leases *l = make("listed 10.0.0.1 a 1 9;listed 10.0.0.1 b 2 9;listed 10.0.0.1 c 3 9;"
                            "listed 10.0.0.2 a 1 9;listed 10.0.0.2 b 5 9;listed 10.0.0.3 a 1 9;");
    struct lease_stats stats;
    struct lease_notice notice;

    (void)state;
    leases_stats(l, &stats);
    assert_int_equal(stats.claims, 6);
    assert_int_equal(stats.addresses, 3);
    assert_int_equal(stats.conflicts, 2);
    assert_int_equal(stats.shared, 1);
    assert_true(leases_conflict(l, 1, &notice));
    assert_int_equal(notice.from_us, 5);
    assert_true(slice_is(leases_owner(l, notice.owner), "a"));
    assert_true(slice_is(leases_owner(l, notice.other), "b"));
    assert_false(leases_conflict(l, 2, &notice));
    assert_true(leases_shared(l, 0, &notice));
    assert_int_equal(notice.people, 3);
    assert_false(leases_shared(l, 1, &notice));
    leases_free(l);
}

enum { ADDRESSES = 3000, HANDS = 7, SPAN = 10 };

static struct address numbered(unsigned number)
{
    struct address address = {{0}};

    memcpy(address.bytes, &number, sizeof number);
    return address;
}

static struct slice machine_of(unsigned address, unsigned hand, char text[24])
{
    return slice_of(text, (size_t)snprintf(text, 24, "mac:%u", address * HANDS + hand));
}

/* Many addresses, each handed on several times, with gaps. */
static struct leases *make_many(void)
{
    const struct lease_resolver resolver = {resolve, NULL};
    struct error err = {0};
    struct leases *l = leases_create(HOLD, SHARED, &err);

    for (unsigned n = 0; n < ADDRESSES * HANDS; n++) {
        struct lease_event e = {.claim = LEASE_DEVICE, .has_network = true};
        char mac[24];

        e.network = (struct network){numbered(n % ADDRESSES), 128};
        e.mac = slice_from(machine_of(n % ADDRESSES, n / ADDRESSES, mac), strlen("mac:"));
        e.from_us = (int64_t)(n / ADDRESSES) * SPAN;
        e.until_us = e.from_us + SPAN - 1;
        assert_true(leases_add(l, &e, &err));
    }
    assert_true(leases_finish(l, &resolver, &err));
    return l;
}

static void test_many(void **state)
{
    struct leases *l = make_many();

    (void)state;
    for (unsigned n = 0; n < ADDRESSES * HANDS * SPAN; n++) {
        unsigned number = n % ADDRESSES, t = n / ADDRESSES;
        struct address address = numbered(number);
        uint32_t owner = leases_owner_at(l, leases_find(l, &address), t, NULL);
        char mac[24];

        if (t % SPAN == SPAN - 1)
            assert_int_equal(owner, LEASE_NOBODY);
        else if (!slice_equal(leases_owner(l, owner), machine_of(number, t / SPAN, mac)))
            fail_msg("address %u at %u is not %s", number, t, mac);
    }
    leases_free(l);
}

enum { UNEVEN = 300 };

/* When the ${n}th of an address's users got it: ever more seldom, with a pause of years. */
static int64_t uneven(unsigned n)
{
    return (int64_t)n * n * n + (n > UNEVEN / 2 ? INT64_C(1000000000000) : 0);
}

static struct leases *make_uneven(bool since_ever)
{
    const struct lease_resolver resolver = {resolve, NULL};
    struct error err = {0};
    struct leases *l = leases_create(HOLD, SHARED, &err);

    for (unsigned n = 0; n < UNEVEN; n++) {
        struct lease_event e = {.claim = LEASE_LISTED, .has_network = true};
        char user[24];

        e.network = (struct network){numbered(1), 128};
        e.user = slice_from(machine_of(0, n, user), strlen("mac:"));
        e.from_us = n == 0 && since_ever ? LEASE_ALWAYS : uneven(n);
        e.until_us = uneven(n + 1);
        assert_true(leases_add(l, &e, &err));
    }
    assert_true(leases_finish(l, &resolver, &err));
    return l;
}

static void assert_user_at(const struct leases *l, int64_t ts_us, unsigned n)
{
    struct address address = numbered(1);
    uint32_t owner = leases_owner_at(l, leases_find(l, &address), ts_us, NULL);
    char user[24];
    struct slice expected = slice_from(machine_of(0, n, user), strlen("mac:"));

    if (owner == LEASE_NOBODY || !slice_equal(leases_owner(l, owner), expected))
        fail_msg("at %lld is not %.*s", (long long)ts_us, SLICE_FMT(expected));
}

/* Wherever the first guess is. */
static void test_uneven(void **state)
{
    (void)state;
    for (int since_ever = 0; since_ever < 2; since_ever++) {
        struct leases *l = make_uneven(since_ever);
        struct address address = numbered(1);
        uint32_t place = leases_find(l, &address);

        for (unsigned n = 0; n < UNEVEN; n++) {
            assert_user_at(l, uneven(n), n);
            assert_user_at(l, uneven(n + 1) - 1, n);
            assert_user_at(l, uneven(n) + (uneven(n + 1) - uneven(n)) / 2, n);
        }
        assert_int_equal(leases_owner_at(l, place, uneven(UNEVEN), NULL), LEASE_NOBODY);
        assert_int_equal(leases_owner_at(l, place, INT64_MAX, NULL), LEASE_NOBODY);
        assert_int_equal(leases_owner_at(l, place, -1, NULL) != LEASE_NOBODY, since_ever);
        leases_free(l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_notices),
                                       cmocka_unit_test(test_many), cmocka_unit_test(test_uneven)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
