/* rows_test.c: what becomes of cells in rows: sums, unions, blanks, evidence. */
#include "report/row/rows.h"

#include "report/grouping.h"
#include "usage/usage_fixture.h"

#include <stdio.h>

enum { DAY = 20000, MINUTE_US = 60 * 1000000 };

#define ALL UINT32_MAX

enum { MOST_ROWS = 32 };

/* Cells, and rows built of them. */
struct world {
    struct usage *usage;
    struct signature_set *signatures;
    struct plan plan;
    struct grouping grouping;
    struct rows_input input;
    struct rows *built;
    struct row rows[MOST_ROWS]; /* in no order that means anything */
    size_t count;
};

static void build(struct world *w, const char *by, const struct fixture_cell *cells, size_t count)
{
    struct error err = {0};

    w->usage = usage_create(&err);
    w->signatures = fixture_signatures();
    for (size_t i = 0; i < count; i++)
        fixture_add(w->usage, &cells[i]);
    assert_true(plan_set_by(&w->plan, by, &err));
    assert_true(grouping_init(&w->grouping, &w->plan, w->signatures, &err));
    w->input.documents = documents_of_usage(w->usage, &w->grouping.order, &err);
    w->input.archives = w->usage;
    w->input.signatures = w->signatures;
    w->input.plan = &w->plan;
    w->input.memory = 1 << 20;
    if (w->input.filter.uses == 0)
        w->input.filter = (struct rows_filter)ROWS_FILTER_ALL;
    w->built = rows_build(&w->input, &err);
    documents_free(w->input.documents);
    assert_non_null(w->built);
    assert_true(rows_start(w->built, &err));
    while (rows_next(w->built, &w->rows[w->count], &err))
        assert_true(++w->count < MOST_ROWS);
    assert_int_equal(w->count, rows_count(w->built));
}

static void leave(struct world *w)
{
    rows_free(w->built);
    grouping_free(&w->grouping);
    usage_free(w->usage);
    signature_set_free(w->signatures);
}

/* The row of that user's name; by user only. */
static const struct row *row_of(const struct world *w, const char *user)
{
    for (size_t i = 0; i < w->count; i++)
        if (slice_is(w->rows[i].names[NAME_USER], user))
            return &w->rows[i];
    fail_msg("no row of %s", user);
    return NULL;
}

static void test_sums(void **state)
{
    static const struct fixture_cell cells[] = {
        {DAY, "a", APP_CHAT,       RECORD_PROXY, ROLE_SERVICE, 10, 2, 100, 1000, 10, 10, 12, 600, 5,
         "p", 7,   "chat.example", "t1",         "10.0.0.1",   0,  0},
        {DAY, "a", APP_CHAT, RECORD_PROXY,  ROLE_CONTENT, 3,          0, 50, 500, 3, 3, 3, 603,
         4,   "p", 9,        "cdn.example", NULL,         "10.0.0.1", 0, 0},
        {DAY, "a", APP_CHAT, RECORD_DNS, ROLE_SERVICE,   4,    1,          0, 0, 0, 0, 5,
         603, 1,   "d",      1,          "chat.example", NULL, "10.0.0.1", 0, 0},
        {DAY + 1, "a", APP_CHAT, RECORD_PROXY,   ROLE_SERVICE, 1,          0, 1, 1, 1, 1, 1, 600,
         1,       "q", 1,        "chat.example", "t2",         "10.0.0.2", 0, 0},
    };
    struct world w = {0};
    const struct row *row;

    (void)state;
    build(&w, "user,app", cells, 4);
    assert_int_equal(w.count, 1);
    row = &w.rows[0];
    assert_int_equal(row->numbers[MEASURE_QUERIES], 4);
    assert_int_equal(row->numbers[MEASURE_REQUESTS], 14);
    assert_int_equal(row->numbers[MEASURE_DENIED], 3);
    assert_int_equal(row->numbers[MEASURE_BYTES_UP], 151);
    assert_int_equal(row->numbers[MEASURE_BYTES_DOWN], 1501);
    assert_int_equal(row->numbers[MEASURE_ACTIVE_MINUTES], 7 + 1); /* 600-606; 600 */
    assert_int_equal(row->numbers[MEASURE_ACTIVE_DAYS], 2);
    assert_int_equal(row->numbers[MEASURE_HOSTS], 2);
    assert_int_equal(row->sources, 1U << RECORD_DNS | 1U << RECORD_PROXY);
    assert_int_equal(row->use, USE_USED);
    assert_true(slice_is(row->tenants, "t1 t2"));
    assert_int_equal(row->blank, 0);
    assert_int_equal(row->partial, 0);
    assert_int_equal(row->evidence_line, 7);
    leave(&w);
}

/* Minutes and days are a user's; over several they add up. */
static void test_users_add_up(void **state)
{
    static const struct fixture_cell cells[] = {
        {.day = DAY, .user = "a", .passed = 1, .role = ROLE_SERVICE, .minutes = 3},
        {.day = DAY, .user = "a", .app = APP_TALK, .passed = 1, .minutes = 4, .role = ROLE_SERVICE},
        {.day = DAY, .user = "b", .passed = 1, .role = ROLE_SERVICE, .minutes = 3},
        {.day = DAY + 1, .user = "b", .passed = 1, .role = ROLE_SERVICE, .minutes = 1},
    };
    static const struct {
        const char *by;
        size_t rows;
        uint64_t users, minutes, days; /* of the row of chat, messaging or all */
    } cases[] = {
        {"app", 2, 2, 7, 3},    {"category", 1, 2, 8, 3}, {"managed", 1, 2, 8, 3},
        {"vendor", 2, 2, 7, 3}, {"status", 1, 2, 8, 3},   {"department", 1, 2, 8, 3},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w = {0};

        build(&w, cases[i].by, cells, 4);
        assert_int_equal(w.count, cases[i].rows);
        assert_int_equal(w.rows[0].app, APP_CHAT);
        assert_int_equal(w.rows[0].numbers[MEASURE_USERS], cases[i].users);
        assert_int_equal(w.rows[0].numbers[MEASURE_ACTIVE_MINUTES], cases[i].minutes);
        assert_int_equal(w.rows[0].numbers[MEASURE_ACTIVE_DAYS], cases[i].days);
        leave(&w);
    }
}

#define BYTES (MEASURE_BIT(MEASURE_BYTES_UP) | MEASURE_BIT(MEASURE_BYTES_DOWN))

/* A row of one or two cells, and what of it is blank or partial. */
static const struct blank_case {
    const char *name;
    struct fixture_cell cells[2];
    uint32_t blank, partial;
} blank_cases[] = {
    {"dns only",
     {{.kind = RECORD_DNS, .passed = 2, .verdicts = 2}},
     MEASURE_BIT(MEASURE_REQUESTS) | BYTES,
     0},
    {"dns without verdicts",
     {{.kind = RECORD_DNS, .passed = 2}},
     MEASURE_BIT(MEASURE_REQUESTS) | MEASURE_BIT(MEASURE_DENIED) | BYTES,
     0},
    {"proxy only, all carried",
     {{.passed = 2, .carried_up = 2, .carried_down = 2, .verdicts = 2}},
     MEASURE_BIT(MEASURE_QUERIES),
     0},
    {"no upload bytes in the log",
     {{.passed = 2, .carried_down = 2, .verdicts = 2}},
     MEASURE_BIT(MEASURE_QUERIES) | MEASURE_BIT(MEASURE_BYTES_UP),
     0},
    {"some carry them",
     {{.passed = 5, .up = 7, .carried_up = 2, .carried_down = 5, .verdicts = 5}},
     MEASURE_BIT(MEASURE_QUERIES),
     MEASURE_BIT(MEASURE_BYTES_UP)},
    {"two logs, one with bytes and one with verdicts",
     {{.passed = 2, .up = 7, .carried_up = 2, .carried_down = 2},
      {.role = ROLE_CONTENT, .passed = 3, .verdicts = 3}},
     MEASURE_BIT(MEASURE_QUERIES),
     BYTES | MEASURE_BIT(MEASURE_DENIED)},
    {"refused requests have no bytes, so that zero is all of them",
     {{.denied = 2, .verdicts = 2, .marks = MARK_UP | MARK_DOWN}},
     MEASURE_BIT(MEASURE_QUERIES),
     0},
    {"but not where the log could not have given them",
     {{.denied = 2, .verdicts = 2, .marks = MARK_DOWN}},
     MEASURE_BIT(MEASURE_QUERIES) | MEASURE_BIT(MEASURE_BYTES_UP),
     0},
    {"one of two logs could have",
     {{.denied = 2, .verdicts = 2, .marks = MARK_DOWN},
      {.role = ROLE_CONTENT, .denied = 1, .verdicts = 1, .marks = MARK_UP}},
     MEASURE_BIT(MEASURE_QUERIES),
     0},
    {"what a DNS log is said to give is not asked",
     {{.denied = 2, .verdicts = 2},
      {.kind = RECORD_DNS, .passed = 2, .verdicts = 2, .marks = MARK_UP | MARK_DOWN}},
     BYTES,
     0},
    {"let-through requests without bytes beside a log that has them",
     {{.passed = 2, .verdicts = 2},
      {.role = ROLE_CONTENT, .denied = 1, .verdicts = 1, .marks = MARK_UP}},
     MEASURE_BIT(MEASURE_QUERIES) | BYTES,
     0},
    {"dns and proxy",
     {{.passed = 2, .carried_up = 2, .carried_down = 2, .verdicts = 2},
      {.kind = RECORD_DNS, .passed = 2}},
     0,
     MEASURE_BIT(MEASURE_DENIED)},
};

static void check_blanks(const struct blank_case *c)
{
    struct world w = {.count = 0};
    struct fixture_cell cells[2] = {c->cells[0], c->cells[1]};
    size_t count = cells[1].passed + cells[1].denied > 0 ? 2 : 1;

    for (size_t i = 0; i < count; i++) {
        cells[i].day = DAY;
        cells[i].user = "a";
        cells[i].archive = "log";
        cells[i].minutes = 1;
        cells[i].role = cells[i].role == ROLE_EMBED ? ROLE_SERVICE : cells[i].role;
    }
    build(&w, "user", cells, count);
    if (w.rows[0].blank != c->blank || w.rows[0].partial != c->partial)
        fail_msg("%s: blank %x, partial %x", c->name, w.rows[0].blank, w.rows[0].partial);
    leave(&w);
}

static void test_blank_and_partial(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof blank_cases / sizeof *blank_cases; i++)
        check_blanks(&blank_cases[i]);
}

static void test_embed_counts_apart(void **state)
{
    static const struct fixture_cell cells[] = {
        {DAY, "a", APP_CHAT, RECORD_PROXY, ROLE_SERVICE,   5,    0,    0, 10, 0, 5, 5,
         700, 5,   "p",      50,           "chat.example", NULL, NULL, 0, 0},
        {DAY, "a", APP_CHAT, RECORD_PROXY,     ROLE_EMBED, 90,   0, 0, 9999, 0, 90, 90, 100,
         90,  "p", 1,        "widget.example", "x",        NULL, 0, 0},
        {DAY, "b", APP_CHAT, RECORD_PROXY,     ROLE_EMBED, 8,    0, 0, 80, 0, 8, 8, 100,
         8,   "p", 2,        "widget.example", NULL,       NULL, 0, 0},
    };
    struct world w = {0};
    const struct row *a, *b;

    (void)state;
    build(&w, "user", cells, 3);
    a = row_of(&w, "a");
    assert_int_equal(a->use, USE_USED);
    assert_int_equal(a->numbers[MEASURE_REQUESTS], 5);
    assert_int_equal(a->numbers[MEASURE_BYTES_DOWN], 10);
    assert_int_equal(a->numbers[MEASURE_ACTIVE_MINUTES], 5);
    assert_int_equal(a->numbers[MEASURE_HOSTS], 1);
    assert_int_equal(a->tenants.len, 0);
    assert_int_equal(a->evidence_line, 50);
    b = row_of(&w, "b");
    assert_int_equal(b->use, USE_EMBEDDED);
    assert_int_equal(b->numbers[MEASURE_REQUESTS], 8);
    leave(&w);

    w = (struct world){0};
    build(&w, "app", cells, 3); /* b's are embed records of a row that is used */
    assert_int_equal(w.rows[0].numbers[MEASURE_USERS], 1);
    assert_int_equal(w.rows[0].numbers[MEASURE_REQUESTS], 5);
    leave(&w);

    w = (struct world){0};
    build(&w, "use", cells, 3);
    assert_int_equal(w.count, 2);
    leave(&w);
}

/* The smallest (time, archive name as given, line). */
static void test_evidence(void **state)
{
    static const int64_t at = (int64_t)DAY * 1440 * MINUTE_US + 1;
    static const struct {
        struct fixture_cell cells[3];
        const char *archive;
        uint64_t line;
    } cases[] = {
        {{{.archive = "b", .line = 1, .first_us = at},
          {.archive = "a", .line = 9, .first_us = at},
          {.archive = "c", .line = 1, .first_us = at}},
         "a",
         9},
        {{{.archive = "a", .line = 5, .first_us = at},
          {.archive = "a", .line = 4, .first_us = at},
          {.archive = "a", .line = 6, .first_us = at}},
         "a",
         4},
        {{{.archive = "a", .line = 5, .first_us = at + 1},
          {.archive = "z", .line = 4, .first_us = at},
          {.archive = "a", .line = 6, .first_us = at + 2}},
         "z",
         4},
    };
    static const enum role roles[] = {ROLE_SERVICE, ROLE_CONTENT, ROLE_SHARED};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w = {0};
        struct fixture_cell cells[3];
        const struct row *row;

        for (size_t c = 0; c < 3; c++) {
            cells[c] = cases[i].cells[c];
            cells[c].day = DAY;
            cells[c].role = roles[c];
            cells[c].passed = 1;
        }
        build(&w, "app", cells, 3);
        row = &w.rows[0];
        assert_true(
            slice_is(usage_name(w.usage, NAME_ARCHIVE, row->evidence_archive), cases[i].archive));
        assert_int_equal(row->evidence_line, cases[i].line);
        assert_int_equal(row->first_us, at);
        leave(&w);
    }
}

/* A day that holds only the start of a tunnel has a minute, and nothing that was seen. */
static void test_tunnel_start(void **state)
{
    static const struct fixture_cell cells[] = {
        {.day = DAY,
         .user = "a",
         .role = ROLE_SERVICE,
         .first_minute = 1439,
         .minutes = 1,
         .marks = MARK_TUNNEL},
    };
    struct world w = {0};

    (void)state;
    build(&w, "day", cells, 1);
    assert_int_equal(w.rows[0].numbers[MEASURE_ACTIVE_MINUTES], 1);
    assert_int_equal(w.rows[0].numbers[MEASURE_REQUESTS], 0);
    assert_int_equal(w.rows[0].first_us, INT64_MAX);
    assert_int_equal(w.rows[0].use, USE_LIKELY);
    leave(&w);
}

static void test_tenants(void **state)
{
    struct fixture_cell cells[23];
    char names[23][8];
    struct world w = {0};

    (void)state;
    for (int i = 0; i < 23; i++) {
        (void)snprintf(names[i], sizeof names[i], "t%02d", 22 - i);
        cells[i] = (struct fixture_cell){
            .day = DAY, .user = "a", .passed = 1, .role = ROLE_SERVICE, .tenant = names[i]};
    }
    build(&w, "user", cells, 23);
    assert_true(slice_is(w.rows[0].tenants,
                         "t00 t01 t02 t03 t04 t05 t06 t07 t08 t09 t10 t11 t12 t13 t14 t15 t16 t17 "
                         "t18 t19 +3"));
    leave(&w);

    w = (struct world){0};
    build(&w, "tenant", cells, 23);
    assert_int_equal(w.count, 23);
    leave(&w);
}

static void test_filter(void **state)
{
    static const struct fixture_cell cells[] = {
        {.day = DAY, .user = "a", .role = ROLE_SERVICE, .passed = 5, .minutes = 5},
        {.day = DAY, .user = "b", .role = ROLE_CONTENT, .passed = 3, .denied = 1, .minutes = 5},
        {.day = DAY + 1, .user = "a", .role = ROLE_SERVICE, .denied = 2, .minutes = 5},
    };
    static const char *const sales[] = {"sales"};
    static const struct {
        struct rows_filter filter;
        size_t rows;
        uint64_t dropped;
    } cases[] = {
        {ROWS_FILTER_ALL, 2, 0},
        {{1U << USE_USED, (1U << STATUSES) - 1, false, {NULL, 0, NULL, 0}}, 1, 6},
        {{1U << USE_DENIED | 1U << USE_BACKGROUND, (1U << STATUSES) - 1, false, {NULL, 0, NULL, 0}},
         2,
         5},
        {{(1U << USES) - 1, 1U << STATUS_SANCTIONED, false, {NULL, 0, NULL, 0}}, 0, 11},
        {{(1U << USES) - 1, 1U << STATUS_UNREVIEWED, false, {NULL, 0, NULL, 0}}, 2, 0},
        {{(1U << USES) - 1, (1U << STATUSES) - 1, false, {sales, 1, NULL, 0}}, 0, 11},
        {{(1U << USES) - 1, (1U << STATUSES) - 1, true, {NULL, 0, NULL, 0}}, 0, 11},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w = {.input.filter = cases[i].filter};

        build(&w, "user,app", cells, 3);
        assert_int_equal(w.count, cases[i].rows);
        assert_int_equal(rows_dropped_records(w.built), cases[i].dropped);
        leave(&w);
    }
}

static void test_nothing(void **state)
{
    struct world w = {0};

    (void)state;
    build(&w, "user,app", NULL, 0);
    assert_int_equal(w.count, 0);
    leave(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_users_add_up),
        cmocka_unit_test(test_blank_and_partial),
        cmocka_unit_test(test_embed_counts_apart),
        cmocka_unit_test(test_evidence),
        cmocka_unit_test(test_tunnel_start),
        cmocka_unit_test(test_tenants),
        cmocka_unit_test(test_filter),
        cmocka_unit_test(test_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
