/* appended_test.c: a log behind a log of another format is rejected or told, never misread. */
#include "base/buf.h"
#include "base/word.h"
#include "base/zone.h"
#include "format/catalog.h"
#include "format/decoding.h"
#include "format/detect.h"
#include "format/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { FIRST_LINES = 80, SECOND_LINES = 20, YEAR = 2026 };

/* What becomes of the lines of the second: all are rejected, or they are passed over and what they
 * are is found out. */
static const struct {
    const char *first, *second;
    bool told;
} rows[] = {
    {"squid-native", "dnsmasq", true},
    {"squid-native", "zscaler-nss-csv", false},
    {"squid-json", "suricata-eve", true},
    {"zeek-dns-json", "zeek-http-json", true},
    {"dnsmasq", "squid-native", false},
    {"unbound", "dnsmasq", true},
    {"windows-dns-debug", "squid-native", false},
    {"windows-dhcp-audit", "panos-csv", true},
    {"apache-combined", "apache-vhost", true},
    {"cef-web", "forcepoint-cef", true},
    {"leef-web", "forcepoint-leef", true},
    {"zscaler-nss-json", "menlo-json-event", true},
    {"mcafee-mwg-accesslog", "apache-common", false},
    {"netskope-transaction", "cloudflare-gateway-dns", true},
    {"infoblox-nios", "dansguardian", true},
    {"intersafe-webfilter", "ifilter", false},
};

/* What the second part of a log gave. */
struct tally {
    size_t records, rejected;
};

struct shared {
    struct format_catalog *catalog;
    struct zone *zone;
};

/* Samples of a format, again and again. Returns: their lines. */
static size_t append_samples(struct buf *text, const struct format *f, size_t least)
{
    size_t lines = 0;

    while (lines < least)
        for (size_t i = 0; i < f->sample_count; i++, lines++) {
            buf_append(text, f->samples[i].line);
            buf_append_byte(text, '\n');
        }
    return lines;
}

static void count(const struct batch *batch, size_t first_lines, struct tally *t)
{
    for (size_t i = 0; i < batch->record_count; i++)
        t->records += batch->records[i].line > first_lines;
    for (size_t i = 0; i < batch->reject_count; i++)
        t->rejected += batch->rejects[i].line > first_lines;
}

static struct tally decode(struct decoding *d, struct slice text, size_t first_lines)
{
    struct batch *batch = test_malloc(sizeof *batch);
    struct tally t = {0};
    struct error err = {0};

    decoding_feed(d, text, 1, false);
    while (decoding_next(d, batch, &err) || decoding_flush(d, batch))
        count(batch, first_lines, &t);
    test_free(batch);
    return t;
}

static bool finds(const struct shared *s, struct slice lines, const char *id)
{
    struct detection found;
    struct error err = {0};

    return detect_format(s->catalog, NULL, s->zone, lines, &found, &err) && found.format != NULL &&
           (strcmp(format_id(found.format), id) == 0 || strstr(found.twins, id) != NULL);
}

static bool finds_stray(const struct shared *s, struct slice lines, const struct format *own,
                        const struct format *other)
{
    const struct format *found;
    struct error err = {0};

    return detect_stray(s->catalog, own, s->zone, lines, &found, &err) && found != NULL &&
           strcmp(format_family(found), format_family(other)) == 0;
}

static void check(const struct shared *s, size_t row, size_t second_lines)
{
    const char *first = rows[row].first, *second = rows[row].second;
    bool told = rows[row].told;
    const struct format *a = catalog_find(s->catalog, first), *b = catalog_find(s->catalog, second);
    struct buf text = {0};
    struct error err = {0};
    size_t first_lines = append_samples(&text, a, FIRST_LINES);
    size_t lines = append_samples(&text, b, second_lines), len = text.len;
    struct decoding *d = decoding_create(a, s->zone, YEAR, &err);
    struct tally t;

    buf_reserve(&text, WIDE_SLACK);
    assert_true(finds(s, slice_of(text.ptr, len), first));
    t = decode(d, slice_of(text.ptr, len), first_lines);
    if (t.records > 0)
        fail_msg("%s + %s: %zu records", first, second, t.records);
    if (!told && t.rejected < lines)
        fail_msg("%s + %s: %zu of %zu rejected", first, second, t.rejected, lines);
    if (told && (second_lines > 1 || t.rejected < lines) && !finds(s, decoding_passed(d), second) &&
        !finds_stray(s, decoding_strays(d), a, b))
        fail_msg("%s + %s: passed over in silence", first, second);
    decoding_free(d);
    buf_free(&text);
}

static void test_pairs(void **state)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t lines = 1; lines <= SECOND_LINES; lines += SECOND_LINES - 1)
            check(*state, i, lines);
}

int main(void)
{
    struct error err = {0};
    struct shared shared = {catalog_create(&err), zone_load("UTC", &err)};
    const struct CMUnitTest tests[] = {cmocka_unit_test_prestate(test_pairs, &shared)};
    int failed = 1;

    if (shared.catalog != NULL && shared.zone != NULL)
        failed = cmocka_run_group_tests(tests, NULL, NULL);
    zone_free(shared.zone);
    catalog_free(shared.catalog);
    return failed;
}
