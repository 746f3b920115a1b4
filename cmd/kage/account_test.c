/* account_test.c: the account of a run, and what it names as wrong. */
#include "account.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

enum { ARCHIVES = 4 };

/* A run of a sound archive, a damaged one, a missing one and one that fits no format. */
struct world {
    struct archive_result archives[ARCHIVES];
    struct ingest_result result;
    struct zone *zone;
    struct account account;
};

static void set_up(struct world *w)
{
    static const char *const names[ARCHIVES] = {"a.gz", "b.gz", "c.gz", "evil\033.gz"};
    struct error err = {0};

    w->zone = zone_load("Asia/Tokyo", &err);
    for (size_t i = 0; i < ARCHIVES; i++)
        w->archives[i] = (struct archive_result){
            .name = names[i], .packing = "gzip", .tally = tally_empty(), .compressed_bytes = 1024};
    w->archives[0].format = "squid-native";
    (void)snprintf(w->archives[0].twins, sizeof w->archives[0].twins, "trafficserver-squid");
    w->archives[0].tally.lines = 1000;
    w->archives[0].tally.records = 990;
    w->archives[0].tally.rejected = 10;
    w->archives[0].tally.rejected_by[REJECT_SHAPE] = 9;
    w->archives[0].tally.rejected_by[REJECT_TIME] = 1;
    w->archives[0].tally.bytes = 3072;
    w->archives[0].tally.matched = 900;
    w->archives[0].tally.unmatched = 90;
    w->archives[0].tally.first_us = INT64_C(1790730012049000);
    w->archives[0].tally.last_us = INT64_C(1790730013000000);
    w->archives[1].format = "squid-native";
    w->archives[1].tally.lines = w->archives[1].tally.skipped = 5;
    (void)snprintf(w->archives[1].damage, sizeof w->archives[1].damage, "gzip: cut off");
    error_set(&w->archives[2].failure, ERROR_IO, "c.gz: No such file or directory");
    error_set(&w->archives[3].failure, ERROR_DATA, "fits no known log format");
    w->result.archives = w->archives;
    w->result.count = ARCHIVES;
    w->result.total = tally_empty();
    for (size_t i = 0; i < ARCHIVES; i++)
        tally_add(&w->result.total, &w->archives[i].tally);
    w->account = (struct account){.result = &w->result,
                                  .report_zone = w->zone,
                                  .signatures = "0123",
                                  .rows = 1200,
                                  .shown = 1200,
                                  .max_rejects_ppm = 10000};
}

static void assert_account(const struct world *w, const char *expected)
{
    struct buf out = {0};

    account_append(&out, &w->account);
    buf_append_byte(&out, '\0');
    assert_string_equal(out.ptr, expected);
    buf_free(&out);
}

static void assert_problems(const struct world *w, const char *expected)
{
    struct buf out = {0};

    account_append_problems(&out, &w->account);
    buf_append_byte(&out, '\0');
    assert_string_equal(out.ptr, expected);
    buf_free(&out);
}

static void test_account(void **state)
{
    struct world w = {0};

    (void)state;
    set_up(&w);
    assert_account(&w,
                   "archives    2 read, 1 damaged, 2 not read; 4.0 KiB, unpacked 3.0 KiB\n"
                   "formats     squid-native 1 (read alike: trafficserver-squid), squid-native 1\n"
                   "lines       1,005 = 990 records + 5 skipped + 10 rejected\n"
                   "rejected    9 not of the format's shape, 1 time not readable\n"
                   "records     990 = 900 matched + 90 unmatched + 0 excluded + 0 filtered + 0 "
                   "challenged\n"
                   "period      2026-09-30T10:00:12+09:00 to 2026-09-30T10:00:13+09:00\n"
                   "zone        Asia/Tokyo\n"
                   "signatures  0123\n"
                   "rows        1,200\n");
    zone_free(w.zone);
}

static void test_details(void **state)
{
    struct world w = {0};

    (void)state;
    set_up(&w);
    w.result.count = 1;
    w.account.verbose = true;
    w.account.shown = 10;
    w.account.repeated = 3;
    w.archives[0].year_of_last = 2026;
    w.result.total.elapsed_ignored = 2;
    w.result.total.rejected = w.result.total.rejected_by[REJECT_SHAPE] = 0;
    w.result.total.rejected_by[REJECT_TIME] = 0;
    assert_account(&w,
                   "archive     a.gz: squid-native, gzip, 1,000 lines, 990 records, 0 skipped, 10 "
                   "rejected\n"
                   "archives    1 read, 3 named again; 1.0 KiB, unpacked 3.0 KiB\n"
                   "formats     squid-native 1 (read alike: trafficserver-squid)\n"
                   "lines       1,005 = 990 records + 5 skipped + 0 rejected\n"
                   "records     990 = 900 matched + 90 unmatched + 0 excluded + 0 filtered + 0 "
                   "challenged\n"
                   "elapsed     2 durations beyond 24 h passed over\n"
                   "period      2026-09-30T10:00:12+09:00 to 2026-09-30T10:00:13+09:00\n"
                   "zone        Asia/Tokyo\n"
                   "year        2026, taken for the last stamp without one; --year says another\n"
                   "signatures  0123\n"
                   "rows        1,200, 10 shown (--top)\n");
    zone_free(w.zone);
}

static void test_problems(void **state)
{
    struct world w = {0};

    (void)state;
    set_up(&w);
    assert_problems(&w, "kage: b.gz: gzip: cut off\n"
                        "kage: c.gz: No such file or directory\n"
                        "kage: evil\\x1b.gz: fits no known log format\n");
    w.result.archives += 3; /* a name is shown once and in one way, the failure's `?` or not */
    w.result.count = 1;
    error_clear(&w.archives[3].failure);
    error_set(&w.archives[3].failure, ERROR_IO, "%s: No such file", w.archives[3].name);
    assert_problems(&w, "kage: evil\\x1b.gz: No such file\n");
    w.result.archives = w.archives;
    w.account.max_rejects_ppm = 9000;
    w.result.count = 1;
    assert_problems(&w, "kage: 10 of 1,005 lines rejected, more than --max-rejects allows; "
                        "--rejects FILE keeps them\n");
    w.archives[0].first_reject = (struct first_reject){3, REJECT_TIME, "column 'time' is '\033'"};
    assert_problems(&w, "kage: 10 of 1,005 lines rejected, more than --max-rejects allows; "
                        "--rejects FILE keeps them\n"
                        "kage: a.gz:3: rejected: time not readable: column 'time' is '\\x1b'\n");
    w.result.count = 2; /* that of the archive with most of them is shown */
    w.archives[1].first_reject = (struct first_reject){7, REJECT_TOO_LONG, ""};
    w.archives[1].tally.rejected = w.archives[0].tally.rejected + 1;
    assert_problems(&w, "kage: b.gz: gzip: cut off\n"
                        "kage: 10 of 1,005 lines rejected, more than --max-rejects allows; "
                        "--rejects FILE keeps them\n"
                        "kage: b.gz:7: rejected: line longer than 1 MiB\n");
    zone_free(w.zone);
}

static void test_rejects_allowed(void **state)
{
    static const struct {
        uint64_t lines, rejected;
        uint32_t ppm;
        bool too_many;
    } cases[] = {{0, 0, 0, false},        {100, 0, 0, false},     {100, 1, 0, true},
                 {100, 1, 10000, false},  {100, 2, 10000, true},  {100, 100, 1000000, false},
                 {10, 1, 1000000, false}, {1000000, 1, 1, false}, {1000000, 2, 1, true}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ingest_result result = {
            .total = {.lines = cases[i].lines, .rejected = cases[i].rejected}};
        struct account account = {.result = &result, .max_rejects_ppm = cases[i].ppm};

        assert_int_equal(account_has_too_many_rejects(&account), cases[i].too_many);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_account),
        cmocka_unit_test(test_details),
        cmocka_unit_test(test_problems),
        cmocka_unit_test(test_rejects_allowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
