/* ingest_memory_test.c: the same summary whatever the memory and the number of threads. */
#include "ingest.h"

#include "base/buf.h"
#include "base/calendar.h"
#include "base/embedded.h"
#include "format/catalog.h"
#include "report/grouping.h"
#include "report/output.h"
#include "report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { FILES = 3, LINES = 1000 };

struct world {
    char folder[40], paths[FILES][64];
    struct archive_list archives;
    struct format_catalog *formats;
    struct signature_set *signatures;
    struct zone *zone;
};

static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)(*seed >> 32) % below;
}

/* Two days of a proxy: users, apps, tenants, tunnels over midnight, refused ones, embeds. */
static void write_proxy_line(FILE *file, uint64_t *seed)
{
    static const char *const hosts[] = {"line.me",
                                        "obs.line-scdn.net",
                                        "discord.com",
                                        "gateway.discord.gg",
                                        "www.example.com",
                                        "zoom.us",
                                        "social-plugins.line.me",
                                        "www.dropbox.com"};
    static const char *const results[] = {"TCP_TUNNEL/200", "TCP_DENIED/403", "TCP_MISS/502",
                                          "TCP_DENIED/407"};
    char host[64];
    uint32_t pick = draw(seed, 12);

    if (pick < 8)
        (void)snprintf(host, sizeof host, "%s", hosts[pick]);
    else
        (void)snprintf(host, sizeof host, "acme%u.slack.com", draw(seed, 40));
    (void)fprintf(
        file, "%u.%03u %u 10.1.%u.%u %s %u CONNECT %s:443 ", 1790640000 + draw(seed, 172800),
        draw(seed, 1000), draw(seed, 4) == 0 ? draw(seed, 7200000) : draw(seed, 100), draw(seed, 3),
        draw(seed, 200), results[draw(seed, 9) < 6 ? 0 : draw(seed, 4)], draw(seed, 30000), host);
    if (draw(seed, 3) == 0)
        (void)fputs("- HIER_DIRECT/192.0.2.7 -\n", file);
    else
        (void)fprintf(file, "user%u HIER_DIRECT/192.0.2.7 -\n", draw(seed, 150));
}

static void write_query(FILE *file, uint64_t *seed)
{
    uint32_t second = draw(seed, 86400);

    (void)fprintf(file,
                  "29-Sep-2026 %02u:%02u:%02u.000 client @0x7f 10.1.0.%u#5353 (line.me): query: "
                  "%s IN A + (192.0.2.53)\n",
                  second / 3600, second / 60 % 60, second % 60, draw(seed, 100),
                  draw(seed, 2) == 0 ? "line.me" : "cdn.discordapp.com");
}

static void write_file(struct world *w, size_t number)
{
    uint64_t seed = 88172645463325252U + number;
    FILE *file;

    (void)snprintf(w->paths[number], sizeof w->paths[number], "%s/%zu.log", w->folder, number);
    file = fopen(w->paths[number], "w");
    assert_non_null(file);
    for (int i = 0; i < LINES; i++)
        if (number == 2)
            write_query(file, &seed);
        else
            write_proxy_line(file, &seed);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    struct world *w = test_calloc(1, sizeof *w);
    struct error err = {0};

    (void)snprintf(w->folder, sizeof w->folder, "/tmp/kage-memory-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    for (size_t i = 0; i < FILES; i++) {
        write_file(w, i);
        assert_true(archive_list_add(&w->archives, w->paths[i], &err));
    }
    w->formats = catalog_create(&err);
    w->zone = zone_load("Asia/Tokyo", &err);
    w->signatures = signature_set_create(&err);
    for (size_t i = 0; i < embedded_signatures_count; i++) {
        struct signature_file file = {
            embedded_signatures[i].name,
            slice_of(embedded_signatures[i].bytes, embedded_signatures[i].len)};

        assert_true(signature_set_add(w->signatures, &file, &err));
    }
    assert_true(signature_set_finish(w->signatures, &err));
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    archive_list_free(&w->archives);
    for (size_t i = 0; i < FILES; i++)
        unlink(w->paths[i]);
    rmdir(w->folder);
    catalog_free(w->formats);
    zone_free(w->zone);
    signature_set_free(w->signatures);
    test_free(w);
    return 0;
}

static void print(const struct world *w, const struct plan *plan, const struct cell_order *order,
                  const struct ingest_result *result, size_t memory, struct buf *out)
{
    char path[64], bytes[4096];
    FILE *file;
    size_t got;
    struct error err = {0};
    struct rows_input input = {.archives = result->usage,
                               .signatures = w->signatures,
                               .plan = plan,
                               .filter = ROWS_FILTER_ALL,
                               .memory = memory};
    struct report report = {
        .plan = plan,
        .view = {.archives = result->usage, .signatures = w->signatures, .zone = w->zone},
        .form = WRITER_CSV};
    struct output *output;

    (void)snprintf(path, sizeof path, "%s/out.csv", w->folder);
    output = output_open(path, NULL, &err);
    input.documents = result->spill != NULL ? documents_of_spill(result->spill, &err)
                                            : documents_of_usage(result->usage, order, &err);
    assert_non_null(input.documents);
    report.rows = rows_build(&input, &err);
    assert_non_null(report.rows);
    assert_true(report_print(&report, output, &err));
    assert_true(output_commit(output, &err));
    file = fopen(path, "r");
    assert_non_null(file);
    while ((got = fread(bytes, 1, sizeof bytes, file)) > 0)
        buf_append(out, slice_of(bytes, got));
    (void)fclose(file);
    unlink(path);
    rows_free(report.rows);
    documents_free(input.documents);
    output_close(output);
}

static unsigned joined(const struct plan *plan)
{
    return (plan_has(plan, DIMENSION_HOUR) ? WITH_HOUR : 0U) |
           (plan_has(plan, DIMENSION_CLIENT) ? WITH_CLIENT : 0U) |
           (plan_has(plan, DIMENSION_HOST) ? WITH_HOST : 0U) |
           (plan_has(plan, DIMENSION_SOURCE) ? WITH_SOURCE : 0U);
}

/* One run into CSV. */
static struct buf scan(const struct world *w, const char *by, uint64_t max_memory, unsigned threads)
{
    struct plan plan = {0};
    struct grouping grouping;
    struct ingest_options options = {.formats = w->formats,
                                     .signatures = w->signatures,
                                     .stamp_zone = w->zone,
                                     .report_zone = w->zone,
                                     .max_memory = max_memory,
                                     .order = &grouping.order,
                                     .threads = threads};
    struct ingest_sinks sinks = {0};
    struct ingest_result result;
    struct error err = {0};
    struct buf out = {0};

    assert_true(plan_set_by(&plan, by, &err));
    assert_true(grouping_init(&grouping, &plan, w->signatures, &err));
    options.with = joined(&plan);
    assert_true(ingest_run(&options, &w->archives, &sinks, &result, &err));
    assert_int_equal(result.total.lines, FILES * LINES);
    assert_int_equal(result.spill != NULL, max_memory > 0);
    print(w, &plan, &grouping.order, &result, max_memory == 1 ? 20000 : 1 << 20, &out);
    ingest_result_free(&result);
    grouping_free(&grouping);
    assert_false(out.failed);
    return out;
}

static void expect_same(const struct world *w, const char *by, const struct buf *expected)
{
    static const struct {
        uint64_t memory;
        unsigned threads;
    } limits[] = {{1, 3}, {100000, 1}};

    for (size_t k = 0; k < sizeof limits / sizeof *limits; k++) {
        struct buf got = scan(w, by, limits[k].memory, limits[k].threads);

        if (!slice_equal(buf_slice(expected), buf_slice(&got)))
            fail_msg("by %s: %u threads, %u bytes", by, limits[k].threads,
                     (unsigned)limits[k].memory);
        buf_free(&got);
    }
}

static void test_same_summary(void **state)
{
    static const char *const bys[] = {"user,app",      "app",    "day",         "use",
                                      "use,hour",      "status", "client,host", "tenant,source",
                                      "category,user", "vendor", "managed,day", "department"};
    const struct world *w = *state;

    for (size_t i = 0; i < sizeof bys / sizeof *bys; i++) {
        struct buf expected = scan(w, bys[i], 0, 1);

        assert_true(expected.len > 300);
        expect_same(w, bys[i], &expected);
        buf_free(&expected);
    }
}

/* No room for temporary files ends the run; it is not the archive's fault. */
static void test_no_room(void **state)
{
    const struct world *w = *state;
    struct cell_order order = {0};
    struct ingest_options options = {.formats = w->formats,
                                     .signatures = w->signatures,
                                     .stamp_zone = w->zone,
                                     .report_zone = w->zone,
                                     .temporary = "/nonexistent",
                                     .max_memory = 1,
                                     .order = &order,
                                     .threads = 2};
    struct ingest_sinks sinks = {0};
    struct ingest_result result;
    struct error err = {0};

    cell_order_finish(&order);
    assert_false(ingest_run(&options, &w->archives, &sinks, &result, &err));
    assert_int_equal(err.code, ERROR_IO);
    assert_non_null(strstr(err.text, "a temporary file in /nonexistent"));
    ingest_result_free(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_same_summary, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_room, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
