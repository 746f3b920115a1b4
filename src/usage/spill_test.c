/* spill_test.c: cells that went over the disk are those that stayed in memory. */
#include "usage/spill.h"

#include "base/buf.h"
#include "usage/documents.h"
#include "usage/random_cells.h"

#include <stdlib.h>
#include <string.h>

/* Totals of a pass over all documented cells, and all of them as text. */
struct pass {
    size_t documents, rows, users, days;
    char *text;
};

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void append_names(struct buf *b, const struct usage *u, const struct usage_key *k)
{
    const struct {
        enum usage_name kind;
        uint32_t id;
    } names[] = {{NAME_USER, k->user}, {NAME_TENANT, k->tenant}, {NAME_CLIENT, k->client},
                 {NAME_HOST, k->host}, {NAME_SOURCE, k->source}, {NAME_COUNTRY, k->country}};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        buf_printf(b, "%s/", usage_name(u, names[i].kind, names[i].id).ptr);
    buf_printf(b, "%u/%d/%u", k->app, k->day, k->hour);
}

static void append_cell(struct buf *b, const struct usage *u, const struct usage_cell *cell)
{
    uint8_t bitmap[MINUTES_BITMAP_BYTES] = {0};

    buf_printf(b, " [%u %u", cell->key.role, cell->key.kind);
    for (int c = 0; c < COUNTERS; c++)
        buf_printf(b, " %llu", (unsigned long long)cell->counts[c]);
    buf_printf(b, " %lld..%lld %s:%llu %u ", (long long)cell->first_us, (long long)cell->last_us,
               usage_name(u, NAME_ARCHIVE, cell->evidence_archive).ptr,
               (unsigned long long)cell->evidence_line, cell->marks);
    minutes_or_into(&cell->minutes, bitmap);
    assert_int_equal(minutes_count_bitmap(bitmap), cell->minutes.count);
    for (size_t i = 0; i < sizeof bitmap; i++)
        buf_printf(b, "%02x", bitmap[i]);
    buf_append_byte(b, ']');
}

/* The hosts of the documented cell, each once, in order. */
static void append_hosts(struct buf *b, struct documents *cells)
{
    char *hosts[64];
    struct error err = {0};
    size_t count = 0;
    uint32_t host;

    while (documents_next_host(cells, &host, &err)) {
        hosts[count] = strdup(usage_name(documents_names(cells), NAME_HOST, host).ptr);
        assert_non_null(hosts[count]);
        assert_true(++count < 64);
        if (documents_have_many_names(cells))
            assert_true(documents_forget_names(cells, &err));
    }
    assert_int_equal(err.code, ERROR_NONE);
    qsort(hosts, count, sizeof *hosts, by_text);
    for (size_t i = 0; i < count; i++)
        if (i + 1 == count || strcmp(hosts[i], hosts[i + 1]) != 0)
            buf_printf(b, " %s", hosts[i]);
    for (size_t i = 0; i < count; i++)
        free(hosts[i]);
}

static struct pass pass_over(struct documents *cells, bool with_hosts)
{
    struct pass pass = {0};
    struct error err = {0};
    struct document document;
    char **lines = NULL;
    struct buf all = {0};

    assert_non_null(cells);
    while (documents_next(cells, &document, &err)) {
        struct buf line = {0};

        append_names(&line, documents_names(cells), &document.cells[0]->key);
        for (size_t i = 0; i < document.count; i++)
            append_cell(&line, documents_names(cells), document.cells[i]);
        if (with_hosts)
            append_hosts(&line, cells);
        buf_append_byte(&line, '\0');
        lines = realloc(lines, (pass.documents + 1) * sizeof *lines);
        lines[pass.documents++] = line.ptr;
        pass.rows += document.new_row;
        pass.users += document.new_user;
        pass.days += document.new_day;
    }
    assert_int_equal(err.code, ERROR_NONE);
    if (pass.documents > 0)
        qsort(lines, pass.documents, sizeof *lines, by_text);
    for (size_t i = 0; i < pass.documents; i++) {
        buf_printf(&all, "%s\n", lines[i]);
        free(lines[i]);
    }
    buf_append_byte(&all, '\0');
    free(lines);
    documents_free(cells);
    pass.text = all.ptr;
    return pass;
}

/* Archives and sources that every usage numbers alike. */
static struct usage *create_named(void)
{
    struct usage *u = create();

    for (uint32_t n = 1; n < 5; n++) {
        name(u, NAME_ARCHIVE, "a", n);
        name(u, NAME_SOURCE, "s", n);
    }
    return u;
}

static void compare_passes(struct documents *a, struct documents *b, bool with_hosts)
{
    struct pass x = pass_over(a, with_hosts), y = pass_over(b, with_hosts);

    assert_string_equal(x.text, y.text);
    assert_int_equal(x.rows, y.rows);
    assert_int_equal(x.users, y.users);
    assert_int_equal(x.days, y.days);
    free(x.text);
    free(y.text);
}

/* ${records} in one usage, and spilled in ${parts}. */
static void check(const struct cell_order *order, int records, int parts, size_t names_memory)
{
    struct usage *whole = create_named(), *part = create_named();
    struct spill_options options = {order, NULL, names_memory};
    struct error err = {0};
    struct spill *spill = spill_create(&options, whole, &err);
    uint64_t seed = 88172645463325252U;

    assert_non_null(spill);
    for (int i = 0; i < records; i++) {
        uint64_t same = seed;

        add_random(whole, &seed);
        add_random(part, &same);
        if (i % (records / parts + 1) == 0) {
            assert_true(spill_take(spill, part, &err));
            assert_int_equal(usage_cell_count(part), 0);
        }
    }
    assert_true(spill_take(spill, part, &err));
    assert_int_equal(spill_is_empty(spill), false);
    compare_passes(documents_of_usage(whole, order, &err), documents_of_spill(spill, &err), true);
    compare_passes(documents_of_usage(whole, order, &err), documents_of_spill(spill, &err), false);
    assert_true(usage_has_proxy_day(part, 0) == usage_has_proxy_day(whole, 0));
    spill_free(spill);
    usage_free(whole);
    usage_free(part);
}

static void test_same_cells(void **state)
{
    static const uint32_t codes[] = {7, 7, 1};
    static const struct {
        enum key_part parts[3];
        size_t count;
        const uint32_t *codes; /* of the last part */
    } orders[] = {{{PART_USER, PART_APP}, 2, NULL},
                  {{PART_APP}, 1, codes},
                  {{KEY_PARTS}, 0, NULL},
                  {{PART_DAY, PART_HOUR, PART_CLIENT}, 3, NULL},
                  {{PART_TENANT, PART_HOST}, 2, NULL},
                  {{PART_SOURCE, PART_COUNTRY}, 2, NULL}};

    (void)state;
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        struct cell_order order = {0};

        for (size_t k = 0; k < orders[i].count; k++)
            cell_order_add(&order, orders[i].parts[k],
                           k + 1 == orders[i].count ? orders[i].codes : NULL);
        cell_order_finish(&order);
        check(&order, 1, 1, 1 << 20);
        check(&order, 800, 1, 1 << 20);
        check(&order, 500, 5, 0);
        check(&order, 800, 40, 1 << 20);
    }
}

static void test_empty(void **state)
{
    struct cell_order order = {0};
    struct spill_options options = {&order, "/nonexistent", 0};
    struct usage *usage = create_named();
    struct error err = {0};
    struct spill *spill;
    struct document document;
    struct documents *cells;

    (void)state;
    cell_order_finish(&order);
    spill = spill_create(&options, usage, &err);
    assert_true(spill_is_empty(spill));
    cells = documents_of_spill(spill, &err);
    assert_false(documents_next(cells, &document, &err));
    documents_free(cells);
    cells = documents_of_usage(usage, &order, &err);
    assert_false(documents_next(cells, &document, &err));
    documents_free(cells);
    assert_int_equal(err.code, ERROR_NONE);
    assert_false(spill_take(spill, usage, &err));
    assert_int_equal(err.code, ERROR_IO);
    assert_non_null(strstr(err.text, "/nonexistent"));
    spill_free(spill);
    usage_free(usage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_cells),
        cmocka_unit_test(test_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
