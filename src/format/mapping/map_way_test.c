/* map_way_test.c: the short ways give what all steps of a mapping line give, whatever the column
 * holds; for every line of every built-in definition. */
#include "format/mapping/map_way.h"

#include "base/word.h"
#include "base/zone.h"
#include "format/catalog.h"
#include "format/format.h"
#include "format/mapping/map.h"
#include "format/testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

static const char *const values[] = {
    "-",
    "0",
    "7",
    "12345678",
    "123456789",
    "18446744073709551616",
    "12x",
    "-1",
    "1.5",
    "1790730012.049",
    "1790730012.0490001",
    "1790730012.",
    "179073001x.049",
    "1790730012.04x",
    "10.0.0.1",
    "10.0.0.256",
    "10.0.0.1:8080",
    "[2001:db8::1]:443",
    "2001:db8::1",
    "HIER_DIRECT/192.0.2.7",
    "HIER_DIRECT/2001:db8::1",
    "HIER_PARENT/192.0.2.7",
    "HIER_NONE/-",
    "NONE/-",
    "TCP_TUNNEL/200",
    "TCP_DENIED/407",
    "TCP_DENIED/403",
    "ERR_PROXY_DENIED",
    "example.com:443",
    "EXAMPLE.com.:443",
    "localhost",
    "localhost:8080",
    "http://example.com/a?b=c",
    "https://user@example.com:8443/",
    "ftp://example.com",
    "http://",
    "error:invalid-request",
    "urn:x",
    "/path",
    "ann",
    "CORP\\ann",
    "CORP\\\\ann",
    "a%20b",
    "a%2",
    "%e3%81%82",
    "\"quoted\"",
    "GET",
    "CONNECT",
    "NONE",
    "None",
    "NA",
    "Unknown",
    "407",
    "403",
    "blocked",
    "deny",
    "02:00:5e:00:53:0a",
    "02-00-5E-00-53-0A",
    "30/Sep/2026:09:00:00 +0900",
    "2026-09-30T09:00:00Z",
    "a text that is longer than sixteen bytes",
};

/* The line step by step. */
static struct plan_rule without_way(const struct plan_rule *rule)
{
    struct plan_rule out = *rule;

    out.way = WAY_STEPS;
    out.memo = NULL;
    return out;
}

/* What stands in all slots, and what in one of them instead. */
struct filling {
    struct slice value;
    int odd; /* or NO_SLOT */
    struct slice other;
};

/* All that the mapping makes of it. */
static void append_mapped(struct buf *out, const struct format *f, const struct plan *plan,
                          const struct filling *filling, const struct zone *zone)
{
    const struct shape whole = {.role = SHAPE_RECORD};
    struct stamp_clock clock = {.zone = zone, .year = 2026};
    struct slice slots[SLOT_LIMIT];
    struct record record = {0};
    struct arena scratch = {0};
    struct mapping m = {&clock, &scratch, NULL, plan};
    struct refusal refusal = {.why = REJECT_SHAPE};

    for (size_t i = 0; i < SLOT_LIMIT; i++)
        slots[i] = (int)i == filling->odd ? filling->other : filling->value;
    buf_reset(out);
    buf_printf(out, "%d", (int)map_record(f, &whole, slots, &m, &record, &refusal));
    if (out->ptr[0] == '0' + VERDICT_REJECT)
        buf_printf(out, " %d", (int)refusal.why);
    for (int field = 0; field < FIELD_COUNT; field++)
        if (record_has(&record, (enum field)field))
            testing_append_field(out, &record, (enum field)field);
    arena_free(&scratch);
}

static void check_same(const struct format *f, const struct plan_rule *rule, struct slice value,
                       const struct buf *got, const struct buf *expected)
{
    if (!slice_equal(buf_slice(got), buf_slice(expected)))
        fail_msg("%s:%zu: \"%.*s\" gives %.*s, expected %.*s", f->file, rule->rule->line,
                 SLICE_FMT(value), SLICE_FMT(buf_slice(got)), SLICE_FMT(buf_slice(expected)));
}

/* A plan with one mapping line, and the same without its short way. */
struct twins {
    struct plan_list fast_list, slow_list;
    struct plan_rule slow_rule;
    struct plan fast, slow;
};

static void compare(const struct format *f, const struct twins *twins,
                    const struct filling *filling, const struct zone *zone)
{
    struct buf expected = {0}, got = {0};

    append_mapped(&expected, f, &twins->slow, filling, zone);
    for (int again = 0; again < 2; again++) { /* the second time from the memo */
        append_mapped(&got, f, &twins->fast, filling, zone);
        check_same(f, twins->fast_list.rules, filling->value, &got, &expected);
    }
    buf_free(&expected);
    buf_free(&got);
}

/* One mapping line alone, so that no other hides what it gives. */
static void compare_rule(const struct format *f, const struct plan *plan, size_t index,
                         const struct zone *zone)
{
    /* of a line over several columns, what one of them holds */
    static const char others[][WIDE_SLACK] = {"", "x", "a b", " ", "10.0.0.1 x"};
    struct twins twins = {.fast_list = {&plan->lists[0].rules[index], 1},
                          .slow_list = {&twins.slow_rule, 1},
                          .fast = {.lists = &twins.fast_list},
                          .slow = {.lists = &twins.slow_list}};
    const struct rule *rule = twins.fast_list.rules->rule;
    char text[128];

    twins.slow_rule = without_way(twins.fast_list.rules);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct filling filling = {slice_of(text, strlen(values[i])), NO_SLOT, slice_of("", 0)};

        memset(text, 'x', sizeof text); /* what stands behind a value must not matter */
        memcpy(text, values[i], filling.value.len);
        compare(f, &twins, &filling, zone);
        for (size_t part = 0; rule->more_count > 0 && part <= rule->more_count; part++)
            for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
                filling.odd = part == 0 ? rule->slot : rule->more[part - 1];
                filling.other = slice_of_string(others[k]);
                compare(f, &twins, &filling, zone);
            }
    }
}

static void test_all_rules(void **state)
{
    struct error err = {0};
    struct format_catalog *catalog = catalog_create(&err);
    struct zone *zone = zone_load("UTC", &err);
    size_t short_ways = 0;

    (void)state;
    assert_non_null(catalog);
    assert_non_null(zone);
    for (size_t i = 0; i < catalog_count(catalog); i++) {
        const struct format *f = catalog_at(catalog, i);
        struct arena arena = {0};
        const struct plan *plan = plan_compile(f, UINT32_MAX, NULL, &arena);

        assert_non_null(plan);
        for (size_t r = 0; r < plan->lists[0].count; r++) {
            short_ways += plan->lists[0].rules[r].way != WAY_STEPS;
            compare_rule(f, plan, r, zone);
        }
        arena_free(&arena);
    }
    assert_true(short_ways > 500); /* most lines have one */
    zone_free(zone);
    catalog_free(catalog);
}

/* Values that never come again are not looked for any more. */
static void test_memo_ends(void **state)
{
    static const char definition[] = TESTING_HEAD(
        "delimited") "separator blanks\ncolumns a b\nhost = a\nstatus = b after \"/\"\n";
    struct error err = {0};
    struct arena arena = {0};
    struct format *f = definition_parse("test.format", SLICE(definition), &err);
    const struct plan *plan;
    struct buf out = {0};
    char text[96] = {0};

    (void)state;
    assert_non_null(f);
    plan = plan_compile(f, UINT32_MAX, NULL, &arena);
    assert_non_null(plan);
    assert_non_null(plan->lists[0].rules[1].memo);
    for (unsigned i = 0; i < 3000; i++) {
        int n = snprintf(text, sizeof text, "x/%u", i);

        append_mapped(&out, f, plan,
                      &(struct filling){slice_of(text, (size_t)n), NO_SLOT, slice_of("", 0)}, NULL);
        assert_non_null(strstr(out.ptr, "status="));
        assert_int_equal(strtoul(strstr(out.ptr, "status=") + 7, NULL, 10), i);
    }
    assert_true(plan->lists[0].rules[1].memo->off);
    buf_free(&out);
    arena_free(&arena);
    definition_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all_rules),
                                       cmocka_unit_test(test_memo_ends)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
