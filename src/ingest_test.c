/* ingest_test.c: archives into cells and records. */
#include "ingest.h"

#include "base/buf.h"
#include "base/calendar.h"
#include "base/embedded.h"
#include "format/catalog.h"
#include "format/decoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { FILES = 8 };

#define REQUEST(time, user, host)                                                                  \
    time ".000 100 10.1.0.1 TCP_MISS/200 500 GET http://" host "/ " user                           \
         " HIER_DIRECT/192.0.2.7 text/html\n"
#define QUERY(time, host) time " gw dnsmasq[1]: query[A] " host " from 192.0.2.9\n"

/* Files in a folder of their own, and all that a run needs. */
struct fixture {
    char folder[32];
    char *paths[FILES];
    size_t count;
    struct format_catalog *formats;
    struct signature_set *signatures;
    struct zone *zone;
    struct archive_list archives;
    struct ingest_options options;
    struct ingest_result result;
    struct buf told; /* by the sinks */
};

static int set_up(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);
    struct error err = {0};
    bool ok = true;

    memcpy(f->folder, "/tmp/kage-ingest-XXXXXX", sizeof "/tmp/kage-ingest-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    f->formats = catalog_create(&err);
    f->zone = zone_load("UTC", &err);
    f->signatures = signature_set_create(&err);
    for (size_t i = 0; ok && i < embedded_signatures_count; i++) {
        struct signature_file file = {
            embedded_signatures[i].name,
            slice_of(embedded_signatures[i].bytes, embedded_signatures[i].len)};

        ok = signature_set_add(f->signatures, &file, &err);
    }
    ok = ok && signature_set_finish(f->signatures, &err);
    if (!ok || f->formats == NULL || f->zone == NULL)
        fail_msg("%s", err.text);
    f->options = (struct ingest_options){.formats = f->formats,
                                         .signatures = f->signatures,
                                         .stamp_zone = f->zone,
                                         .report_zone = f->zone,
                                         .now_s = calendar_days(2026, 10, 1) * SECONDS_PER_DAY,
                                         .threads = 1};
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    ingest_result_free(&f->result);
    archive_list_free(&f->archives);
    for (size_t i = 0; i < f->count; i++) {
        unlink(f->paths[i]);
        free(f->paths[i]);
    }
    rmdir(f->folder);
    buf_free(&f->told);
    signature_set_free(f->signatures);
    catalog_free(f->formats);
    zone_free(f->zone);
    test_free(f);
    return 0;
}

static void add_file(struct fixture *f, const char *text)
{
    struct buf path = {0};
    struct error err = {0};
    FILE *file;

    assert_true(f->count < FILES);
    buf_printf(&path, "%s/%zu.log%c", f->folder, f->count, '\0');
    f->paths[f->count++] = path.ptr;
    file = fopen(path.ptr, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_true(archive_list_add(&f->archives, path.ptr, &err));
}

static void tell_reject(void *context, const char *archive, const struct rejected *rejected)
{
    buf_printf(context, "%s:%d:%d:%.*s;", strrchr(archive, '/') + 1, (int)rejected->line,
               (int)rejected->why, SLICE_FMT(rejected->text));
}

static bool tell_record(void *context, const char *archive, const struct record *record,
                        struct error *err)
{
    (void)err;
    buf_printf(context, "%s:%d:%.*s;", strrchr(archive, '/') + 1, (int)record->line,
               SLICE_FMT(record->host));
    return true;
}

static bool refuse_record(void *context, const char *archive, const struct record *record,
                          struct error *err)
{
    (void)context;
    (void)archive;
    (void)record;
    return error_set(err, ERROR_IO, "the sink is full");
}

static void run(struct fixture *f, bool decode)
{
    struct reject_sink rejects = {tell_reject, &f->told};
    struct record_sink records = {tell_record, &f->told};
    struct ingest_progress progress = {0};
    struct ingest_sinks sinks = {&rejects, decode ? &records : NULL, &progress, true, NULL};
    struct error err = {0};
    uint64_t bytes = 0;

    ingest_result_free(&f->result);
    buf_reset(&f->told);
    if (!ingest_run(&f->options, &f->archives, &sinks, &f->result, &err))
        fail_msg("%s", err.text);
    buf_append_byte(&f->told, '\0');
    assert_true(tally_adds_up(&f->result.total));
    for (size_t i = 0; i < f->result.count; i++)
        bytes += f->result.archives[i].compressed_bytes;
    assert_int_equal(progress.done_bytes, bytes);
}

static void test_scan(void **state)
{
    struct fixture *f = *state;
    const struct archive_result *first;

    add_file(f, REQUEST("1790730012", "ann", "line.me") "bad line\n\n" REQUEST("1790730013", "ann",
                                                                               "unknown.example"));
    add_file(f, QUERY("Sep 30 09:00:00", "line.me"));
    run(f, false);
    first = &f->result.archives[0];
    assert_int_equal(f->result.count, 2);
    assert_string_equal(first->format, "squid-native");
    assert_string_equal(first->packing, "plain");
    assert_string_equal(first->damage, "");
    assert_int_equal(first->tally.lines, 4);
    assert_int_equal(first->tally.matched, 1);
    assert_int_equal(first->tally.unmatched, 1);
    assert_int_equal(first->tally.skipped, 1);
    assert_int_equal(first->tally.rejected, 1);
    assert_int_equal(first->year_of_last, 0);
    assert_int_equal(strlen(first->sha256), 64);
    assert_string_equal(f->result.archives[1].format, "dnsmasq");
    assert_true(f->result.archives[1].year_of_last > 2025); /* the file is new */
    assert_int_equal(f->result.total.lines, 5);
    assert_int_equal(usage_cell_count(f->result.usage), 2);
    assert_string_equal(f->told.ptr, "0.log:2:1:bad line;");
}

/* Records come in the order of archives and lines, whatever the number of threads. */
static void test_decode(void **state)
{
    struct fixture *f = *state;

    add_file(f, REQUEST("1790730012", "ann", "B.example:80")
                    REQUEST("1790730013", "ann", "a.example"));
    add_file(f, QUERY("Sep 30 09:00:00", "c.example") QUERY("Sep 30 09:00:01", "d.example"));
    f->options.threads = 4;
    run(f, true);
    assert_string_equal(f->told.ptr, "0.log:1:b.example;0.log:2:a.example;"
                                     "1.log:1:c.example;1.log:2:d.example;");
    assert_null(f->result.usage);
}

/* What cannot be read is named; the rest counts. */
static void test_failures(void **state)
{
    struct fixture *f = *state;
    struct error err = {0};

    add_file(f, "no log at all\n");
    add_file(f, "");
    assert_true(archive_list_add(&f->archives, "/nowhere/a.log", &err));
    add_file(f, REQUEST("1790730012", "ann", "line.me"));
    run(f, false);
    assert_int_equal(f->result.archives[0].failure.code, ERROR_DATA);
    assert_null(f->result.archives[0].format);
    assert_int_equal(f->result.archives[1].failure.code, ERROR_NONE);
    assert_null(f->result.archives[1].format);
    assert_int_equal(f->result.archives[2].failure.code, ERROR_IO);
    assert_int_equal(f->result.archives[3].tally.matched, 1);
    assert_int_equal(f->result.total.lines, 1);
}

/* A format that is named holds though nothing of the sample fits it. */
static void test_named_format(void **state)
{
    struct fixture *f = *state;

    add_file(f, "no log\nat all\n");
    f->options.format = "squid-native";
    run(f, false);
    assert_string_equal(f->result.archives[0].format, "squid-native");
    assert_int_equal(f->result.total.rejected, 2);
}

/* The year is sought also where the sample had no stamp to tell that it is needed. */
static void test_late_stamps(void **state)
{
    struct fixture *f = *state;
    struct buf text = {0};

    for (int i = 0; i < 70000; i++)
        buf_append_string(&text, "dnsmasq[1]: started\n");
    buf_append_string(&text, QUERY("Sep 30 09:00:00", "line.me"));
    buf_append_byte(&text, '\0');
    add_file(f, text.ptr);
    buf_free(&text);
    f->options.format = "dnsmasq";
    f->options.year = 2020;
    run(f, false);
    assert_int_equal(f->result.total.matched, 1);
    assert_int_equal(usage_key_get(f->result.usage, 0).day, calendar_days(2020, 9, 30));
}

/* The same cells whatever the number of threads. */
static void test_threads(void **state)
{
    struct fixture *f = *state;
    uint64_t passed[2] = {0, 0};
    struct error err = {0};
    struct usage *cells;

    for (int i = 0; i < FILES; i++)
        add_file(f, i % 2 ? REQUEST("1790730012", "ann", "line.me")
                                REQUEST("1790730072", "bob", "discord.com")
                          : REQUEST("1790730012", "bob", "line.me") "bad\n");
    for (unsigned t = 0; t < 2; t++) {
        f->options.threads = 1 + 3 * t;
        cells = usage_create(&err);
        run(f, false);
        assert_true(usage_merge(cells, f->result.usage, &err)); /* one cell a key */
        assert_int_equal(usage_cell_count(cells), 3);
        assert_int_equal(f->result.total.rejected, FILES / 2);
        for (size_t i = 0; i < 3; i++) {
            struct usage_cell cell = usage_cell_get(cells, i);

            passed[t] += cell.counts[COUNT_PASSED];
            assert_int_equal(cell.counts[COUNT_PASSED], FILES / 2);
            assert_int_equal(cell.evidence_line, cell.first_us > INT64_C(1790730012000000) ? 2 : 1);
            assert_non_null(
                strstr(usage_name(cells, NAME_ARCHIVE, cell.evidence_archive).ptr,
                       strcmp(usage_name(cells, NAME_USER, cell.key.user).ptr, "bob") == 0 &&
                               cell.evidence_line == 1
                           ? "/0.log"
                           : "/1.log"));
        }
        usage_free(cells);
    }
    assert_int_equal(passed[0], passed[1]);
}

/* The rejects, and how many records each user has. */
static void tell_result(struct fixture *f, struct buf *out)
{
    uint64_t passed[3] = {0};
    for (size_t i = 0; i < usage_cell_count(f->result.usage); i++) {
        struct usage_cell cell = usage_cell_get(f->result.usage, i);

        assert_in_range(cell.key.user, 1, 2);
        passed[strcmp(usage_name(f->result.usage, NAME_USER, cell.key.user).ptr, "ann") == 0] +=
            cell.counts[COUNT_PASSED];
    }
    buf_append_string(out, f->told.ptr);
    buf_printf(out, "%d %d %d%c", (int)passed[0], (int)passed[1], (int)f->result.total.lines, '\0');
    buf_reset(&f->told);
}

/* The last archive is shared with the threads of workers that have none any more. */
static void test_shared_archive(void **state)
{
    struct fixture *f = *state;
    struct buf text = {0}, told[3] = {{0}};

    for (int i = 0; i < 60000; i++)
        buf_append_string(&text, i % 1000 == 999 ? "bad\n"
                                 : i % 3 == 0    ? REQUEST("1790730012", "ann", "line.me")
                                                 : REQUEST("1790730072", "bob", "discord.com"));
    buf_append_byte(&text, '\0');
    add_file(f, text.ptr);
    add_file(f, REQUEST("1790730012", "ann", "line.me"));
    add_file(f, REQUEST("1790730012", "bob", "line.me"));
    buf_free(&text);
    for (unsigned t = 0; t < 3; t++) {
        f->options.threads = 1 + t;
        run(f, false);
        tell_result(f, &told[t]);
        assert_string_equal(told[t].ptr, told[0].ptr);
    }
    assert_non_null(strstr(told[0].ptr, "0.log:60000:"));
    for (unsigned t = 0; t < 3; t++)
        buf_free(&told[t]);
}

/* A sink that fails ends the run. */
static void test_sink_failure(void **state)
{
    struct fixture *f = *state;
    struct record_sink records = {refuse_record, NULL};
    struct ingest_sinks sinks = {NULL, &records, NULL, false, NULL};
    struct error err = {0};

    add_file(f, REQUEST("1790730012", "ann", "line.me"));
    assert_false(ingest_run(&f->options, &f->archives, &sinks, &f->result, &err));
    assert_string_equal(err.text, "the sink is full");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_scan),         TEST(test_decode),         TEST(test_failures),
        TEST(test_named_format), TEST(test_late_stamps),    TEST(test_threads),
        TEST(test_sink_failure), TEST(test_shared_archive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
