/* catalogue_test.c: the built-in catalogue against a table of traps: names that only look like an
 * app's, widgets on other people's pages, and hosts that serve everybody. */
#include "base/csv.h"
#include "base/embedded.h"
#include "signature/match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define TRAPS "testdata/signatures/traps.csv"

enum { TRAP_HOST, TRAP_KIND, TRAP_APP, TRAP_COLUMNS, TRAPS_MIN = 400, TRAPS_LIMIT = 1 << 20 };

static const struct csv_column columns[TRAP_COLUMNS] = {
    {"host", false}, {"trap", false}, {"app", false}};

/* Traps that were tried. */
struct trial {
    struct signature_set *set;
    size_t count, failed;
};

static struct signature_set *load(void)
{
    struct error err = {0};
    struct signature_set *set = signature_set_create(&err);

    for (size_t i = 0; i < embedded_signatures_count; i++) {
        const struct embedded_file *file = &embedded_signatures[i];
        struct signature_file bytes = {file->name, slice_of(file->bytes, file->len)};

        if (!signature_set_add(set, &bytes, &err))
            fail_msg("%s", err.text);
    }
    if (!signature_set_finish(set, &err))
        fail_msg("%s", err.text);
    return set;
}

/* Is ${host} taken for what it is not? A look-alike may be another app's, but not of the one it
 * looks like; a widget or a shared host has that role. */
static bool is_taken(const struct signature_set *set, const struct csv_row *row)
{
    struct match m = signature_match(set, row->fields[TRAP_HOST]);
    struct slice kind = row->fields[TRAP_KIND], app = row->fields[TRAP_APP];
    uint32_t named = signature_find_app(set, app);

    if (slice_is(kind, "look-alike"))
        return named == SIGNATURE_NO_APP || m.app == named;
    if (m.app == SIGNATURE_NO_APP || !slice_is(kind, role_name(m.role)))
        return true;
    return app.len > 0 && m.app != named;
}

static bool try_trap(void *context, const struct csv_row *row, struct error *err)
{
    struct trial *trial = context;

    (void)err;
    trial->count++;
    if (is_taken(trial->set, row)) {
        trial->failed++;
        print_error("%s:%zu: %s is taken for what it is not\n", row->file, row->line,
                    row->fields[TRAP_HOST].ptr);
    }
    return true;
}

static void walks_into_no_trap(void **state)
{
    struct trial trial = {.set = load()};
    struct error err = {0};
    FILE *f = fopen(TRAPS, "rb");
    char *text = test_malloc(TRAPS_LIMIT);
    struct csv_file file = {.name = TRAPS, .columns = columns, .column_count = TRAP_COLUMNS};
    (void)state;

    assert_non_null(f);
    file.bytes = slice_of(text, fread(text, 1, TRAPS_LIMIT, f));
    fclose(f);
    if (!csv_read(&file, try_trap, &trial, &err))
        fail_msg("%s", err.text);
    assert_int_equal(trial.failed, 0);
    assert_true(trial.count >= TRAPS_MIN);
    test_free(text);
    signature_set_free(trial.set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walks_into_no_trap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
