/* report_test.c: which row comes first, and what stands in its columns. */
#include "report/report.h"

#include "report/grouping.h"
#include "report/output.h"
#include "usage/usage_fixture.h"

#include <stdio.h>

enum { DAY = 20000 }; /* 2024-10-04 */

static const struct fixture_cell cells[] = {
    {DAY, "b",     APP_WORK, RECORD_PROXY,   ROLE_SERVICE, 9,    0, 0, 10, 0, 9, 9, 600,
     9,   "p.log", 1,        "work.example", NULL,         NULL, 0, 0},
    {DAY, "b",     APP_DRIVE, RECORD_PROXY,    ROLE_SERVICE, 8,    0, 5, 10, 1, 8, 8, 600,
     8,   "p.log", 2,         "drive.example", "acme",       NULL, 0, 0},
    {DAY, "b",     APP_CHAT, RECORD_PROXY,  ROLE_CONTENT, 2,    1, 0, 20, 0, 2, 3, 600,
     2,   "p.log", 3,        "cdn.example", NULL,         NULL, 0, 0},
    {DAY, "a,\"x\"", APP_CHAT, RECORD_PROXY,   ROLE_SERVICE, 2,    0, 0, 30, 0, 2, 2, 600,
     2,   "p.log",   4,        "chat.example", NULL,         NULL, 0, 0},
    {DAY, "a,\"x\"", APP_TALK, RECORD_DNS, ROLE_SERVICE,   3,    0,    0, 0, 0, 0, 3,
     600, 3,         "d.log",  5,          "talk.example", NULL, NULL, 0, 0},
};

/* What to print of cells. */
struct wish {
    const char *by, *sort;
    uint64_t top;
    unsigned threads;
    enum writer_form form;
    const char *output; /* NULL: only kept */
};

/* Rows of ${usage} with a NUL behind them. Returns: how many report_row_count says; 0 where they
 * could not be written. */
static size_t print(struct usage *usage, const struct wish *wish, struct buf *text)
{
    struct error err = {0};
    struct output *out =
        wish->output == NULL ? output_open_memory(&err) : output_open(wish->output, NULL, &err);
    struct signature_set *signatures = fixture_signatures();
    struct zone *zone = zone_load("UTC", &err);
    struct plan plan = {0};
    struct grouping grouping;
    struct rows_input input = {.archives = usage,
                               .signatures = signatures,
                               .plan = &plan,
                               .filter = ROWS_FILTER_ALL,
                               .memory = 1 << 20,
                               .threads = wish->threads};
    struct report report = {.plan = &plan,
                            .view = {.archives = usage, .signatures = signatures, .zone = zone},
                            .form = wish->form,
                            .threads = wish->threads};
    size_t row_count;

    assert_true(plan_set_by(&plan, wish->by, &err));
    assert_true(wish->sort == NULL || plan_set_sort(&plan, wish->sort, &err));
    plan.top = wish->top;
    assert_true(grouping_init(&grouping, &plan, signatures, &err));
    input.documents = documents_of_usage(usage, &grouping.order, &err);
    report.rows = rows_build(&input, &err);
    assert_non_null(report.rows);
    row_count = report_print(&report, out, &err) ? report_row_count(&report) : 0;
    assert_int_equal(err.code, row_count > 0 ? ERROR_NONE : ERROR_IO);
    buf_append(text, buf_slice(output_buf(out)));
    buf_append_byte(text, '\0');
    rows_free(report.rows);
    documents_free(input.documents);
    grouping_free(&grouping);
    zone_free(zone);
    signature_set_free(signatures);
    output_close(out);
    return row_count;
}

static size_t count_lines(const char *text)
{
    return slice_count_lines(slice_of_string(text));
}

/* What is printed of ${cells}. */
static void assert_printed(const char *by, const char *sort, uint64_t top, const char *expected)
{
    const struct wish wish = {by, sort, top, 1, WRITER_CSV, NULL};
    struct error err = {0};
    struct usage *usage = usage_create(&err);
    struct buf csv = {0};

    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        fixture_add(usage, &cells[i]);
    assert_int_equal(print(usage, &wish, &csv), count_lines(expected) - 1);
    assert_string_equal(csv.ptr, expected);
    buf_free(&csv);
    usage_free(usage);
}

#define HEAD                                                                                       \
    "user,department,app,app_name,category,managed,status,queries,requests,denied,bytes_up,"       \
    "bytes_down,active_minutes,active_days,first_seen,last_seen,use,sources,hosts,tenants,"        \
    "partial,evidence\n"
#define TIMES "2024-10-04T10:00:00+00:00,2024-10-04T10:00:00+00:00"
#define WORK                                                                                       \
    "b,,work,Work,file-sharing,yes,unreviewed,,9,0,,10,9,1," TIMES ",used,proxy,1,,,p.log:1\n"
#define DRIVE                                                                                      \
    "b,,drive,Drive,file-sharing,both,unreviewed,,8,0,5,10,8,1," TIMES                             \
    ",used,proxy,1,acme,bytes_up,p.log:2\n"
#define CHAT_B                                                                                     \
    "b,,chat,Chat,messaging,no,unreviewed,,2,1,,20,2,1," TIMES ",background,proxy,1,,,p.log:3\n"
#define CHAT_A                                                                                     \
    "\"a,\"\"x\"\"\",,chat,Chat,messaging,no,unreviewed,,2,0,,30,2,1," TIMES                       \
    ",likely,proxy,1,,,p.log:4\n"
#define TALK                                                                                       \
    "\"a,\"\"x\"\"\",,talk,Talk,messaging,no,unreviewed,3,,0,,,3,1," TIMES                         \
    ",resolved,dns,1,,,d.log:5\n"

static void test_order(void **state)
{
    static const struct {
        const char *sort;
        uint64_t top;
        const char *expected;
    } cases[] = {
        {NULL, 0, HEAD TALK CHAT_A CHAT_B DRIVE WORK},
        {NULL, 2, HEAD TALK CHAT_A},
        {NULL, 9, HEAD TALK CHAT_A CHAT_B DRIVE WORK},
        {"requests", 0, HEAD CHAT_A CHAT_B DRIVE WORK TALK},  /* empty ones last … */
        {"-requests", 0, HEAD WORK DRIVE CHAT_A CHAT_B TALK}, /* … in either direction */
        {"tenants", 0, HEAD DRIVE TALK CHAT_A CHAT_B WORK},   /* so are empty texts */
        {"-tenants", 0, HEAD DRIVE TALK CHAT_A CHAT_B WORK},
        {"user", 0, HEAD TALK CHAT_A CHAT_B DRIVE WORK},
        {"-user", 0, HEAD CHAT_B DRIVE WORK TALK CHAT_A},
        {"use", 0, HEAD DRIVE WORK CHAT_A CHAT_B TALK}, /* the strongest first */
        {"-managed", 0, HEAD WORK DRIVE TALK CHAT_A CHAT_B},
        {"-evidence", 1, HEAD CHAT_A},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_printed("user,app", cases[i].sort, cases[i].top, cases[i].expected);
}

static void test_dimensions(void **state)
{
    (void)state;
    assert_printed("day,vendor", NULL, 0,
                   "day,vendor,users,queries,requests,denied,bytes_up,bytes_down,active_minutes,"
                   "active_days,first_seen,last_seen,use,sources,hosts,tenants,partial,evidence\n"
                   "2024-10-04,Other,2,3,9,0,,10,12,2," TIMES ",used,dns+proxy,2,,,d.log:5\n"
                   "2024-10-04,Acme,2,,12,1,5,60,10,2," TIMES
                   ",used,proxy,3,acme,bytes_up,p.log:2\n");
    assert_printed("use", "use", 1,
                   "use,users,queries,requests,denied,bytes_up,bytes_down,active_minutes,"
                   "active_days,first_seen,last_seen,sources,hosts,tenants,partial,evidence\n"
                   "used,1,,17,0,5,20,9,1," TIMES ",proxy,2,acme,bytes_up,p.log:1\n");
}

/* Of 50 users on 5 days from 10 addresses; every ${step}th from ${first} on. */
static struct usage *some_cells(unsigned first, unsigned step)
{
    struct error err = {0};
    struct usage *usage = usage_create(&err);
    uint32_t id;

    assert_true(usage_name_id(usage, NAME_ARCHIVE, SLICE("p.log"), &id) &&
                usage_name_id(usage, NAME_ARCHIVE, SLICE("q.log"), &id));
    for (unsigned i = first; i < 10000; i += step) {
        char user[16], client[16], host[32];
        struct fixture_cell cell = {.day = DAY + (int)(i / 50 % 5),
                                    .user = user,
                                    .app = i / 250 % 4,
                                    .kind = i % 7 == 0 ? RECORD_DNS : RECORD_PROXY,
                                    .role = ROLE_SERVICE,
                                    .passed = i % 3 + 1,
                                    .denied = i % 11 == 0,
                                    .down = i,
                                    .carried_down = i % 3 + 1,
                                    .first_minute = i % 1000,
                                    .minutes = i % 9 + 1,
                                    .archive = i % 2 == 0 ? "p.log" : "q.log",
                                    .line = i,
                                    .host = host,
                                    .client = client,
                                    .tenant = i % 13 == 0 ? "acme" : NULL};

        snprintf(user, sizeof user, "u%u", i % 50);
        snprintf(client, sizeof client, "10.0.0.%u", i / 1000);
        snprintf(host, sizeof host, "h%u.example", i % 300);
        fixture_add(usage, &cell);
    }
    return usage;
}

/* Several threads print what one prints. */
static void assert_alike(struct usage *usage, struct wish wish, unsigned threads)
{
    struct buf one = {0}, several = {0};
    size_t rows = print(usage, &wish, &one);

    wish.threads = threads;
    assert_int_equal(print(usage, &wish, &several), rows);
    assert_string_equal(one.ptr, several.ptr);
    buf_free(&one);
    buf_free(&several);
}

/* The last is of many rows. */
static void test_threads(void **state)
{
    static const char *const groupings[] = {"user,app",
                                            "app",
                                            "day,user",
                                            "tenant,app",
                                            "use",
                                            "category,managed",
                                            "day,user,client,host"};
    struct usage *usage = some_cells(0, 1);

    (void)state;
    for (size_t i = 0; i < sizeof groupings / sizeof *groupings; i++)
        assert_alike(usage, (struct wish){groupings[i], NULL, 0, 1, WRITER_CSV, NULL}, 2);
    usage_free(usage);
}

static void test_printers(void **state)
{
    static const uint64_t tops[] = {0, 1, 4096, 5000, 5001};
    struct usage *usage = some_cells(0, 1);

    (void)state;
    for (size_t i = 0; i < sizeof tops / sizeof *tops; i++)
        for (int form = 0; form < WRITER_XLSX; form++)
            assert_alike(usage,
                         (struct wish){"day,user,client,host", "host", tops[i], 1,
                                       (enum writer_form)form, NULL},
                         1 + (unsigned)i);
    usage_free(usage);
}

/* Whether cells were counted in one place or in several that were joined. */
static void test_joined(void **state)
{
    static const char *const groupings[] = {"user,app", "app", "tenant,app", "day,user,client"};
    struct usage *whole = some_cells(0, 1), *joined = some_cells(0, 3);
    struct error err = {0};

    (void)state;
    for (unsigned i = 1; i < 3; i++) {
        struct usage *other = some_cells(i, 3);

        assert_true(usage_join(joined, other, &err));
        usage_free(other);
    }
    for (size_t i = 0; i < sizeof groupings / sizeof *groupings; i++) {
        struct wish wish = {groupings[i], NULL, 0, 2, WRITER_CSV, NULL};
        struct buf one = {0}, several = {0};

        assert_int_equal(print(whole, &wish, &one), print(joined, &wish, &several));
        assert_string_equal(one.ptr, several.ptr);
        buf_free(&one);
        buf_free(&several);
    }
    usage_free(whole);
    usage_free(joined);
}

/* Whoever waits for his turn learns that there is none. */
static void test_full_disk(void **state)
{
    struct wish wish = {"day,user,client,host", NULL, 0, 1, WRITER_CSV, "/dev/full"};
    struct usage *usage = some_cells(0, 1);

    (void)state;
    for (wish.threads = 1; wish.threads < 6; wish.threads++) {
        struct buf text = {0};

        assert_int_equal(print(usage, &wish, &text), 0);
        buf_free(&text);
    }
    usage_free(usage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads),   cmocka_unit_test(test_printers),
        cmocka_unit_test(test_full_disk), cmocka_unit_test(test_joined),
        cmocka_unit_test(test_order),     cmocka_unit_test(test_dimensions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
