/* plan_test.c: columns that follow from --by, and what cannot be asked. */
#include "report/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"

#include <string.h>

#define MEASURES_BUT_USERS_AND_USE                                                                 \
    "queries,requests,denied,bytes_up,bytes_down,active_minutes,active_days,first_seen,last_seen"

static void test_columns(void **state)
{
    static const struct {
        const char *by, *columns;
        bool unknown;
    } cases[] = {
        {"user,app",
         "user,department,app,app_name,category,managed,"
         "status," MEASURES_BUT_USERS_AND_USE ",use,sources,hosts,tenants,partial,evidence",
         false},
        {"day",
         "day,users," MEASURES_BUT_USERS_AND_USE ",use,sources,hosts,tenants,partial,evidence",
         false},
        {" use , hour",
         "use,hour,users," MEASURES_BUT_USERS_AND_USE ",sources,hosts,tenants,partial,evidence",
         false},
        {"category,app",
         "category,app,app_name,managed,status,users," MEASURES_BUT_USERS_AND_USE
         ",use,sources,hosts,tenants,partial,evidence",
         false},
        {"app,category,vendor",
         "app,app_name,category,managed,status,vendor,users," MEASURES_BUT_USERS_AND_USE
         ",use,sources,hosts,tenants,partial,evidence",
         false},
        {"domain",
         "domain,kind,users," MEASURES_BUT_USERS_AND_USE ",sources,hosts,partial,evidence", true},
        {"day,user,domain",
         "day,user,department,domain,kind," MEASURES_BUT_USERS_AND_USE
         ",sources,hosts,partial,evidence",
         true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plan plan = {.unknown = cases[i].unknown};
        struct error err = {0};
        struct buf columns = {0};

        assert_true(plan_set_by(&plan, cases[i].by, &err));
        for (size_t c = 0; c < plan.column_count; c++) {
            buf_append_string(&columns, c == 0 ? "" : ",");
            buf_append_string(&columns, plan_column(&plan, plan.columns[c]).name);
        }
        buf_append_byte(&columns, '\0');
        assert_string_equal(columns.ptr, cases[i].columns);
        buf_free(&columns);
    }
}

static void test_refused(void **state)
{
    static const struct {
        const char *by, *text;
        bool unknown;
    } cases[] = {
        {"", "unknown dimension ''", false},
        {"user,,app", "unknown dimension ''", false},
        {"users", "unknown dimension 'users'", false},
        {"app_name", "unknown dimension 'app_name'", false},
        {"user,user", "'user' is named twice", false},
        {"domain", "domain: only with --unknown", false},
        {"kind", "unknown dimension 'kind'", false},
        {"domain,app", "app: with --unknown there are no apps", true},
        {"use", "use: with --unknown there are no apps", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plan plan = {.unknown = cases[i].unknown};
        struct error err = {0};

        assert_false(plan_set_by(&plan, cases[i].by, &err));
        assert_int_equal(err.code, ERROR_USAGE);
        assert_non_null(strstr(err.text, cases[i].text));
    }
}

static void test_sort(void **state)
{
    struct plan plan = {0};
    struct error err = {0};

    (void)state;
    assert_true(plan_set_by(&plan, "user,app", &err));
    assert_int_equal(plan.sort, PLAN_COLUMNS);
    assert_true(plan_set_sort(&plan, "-requests", &err));
    assert_int_equal(plan.sort, DIMENSIONS + MEASURE_REQUESTS);
    assert_true(plan.descending);
    assert_true(plan_set_sort(&plan, "app_name", &err));
    assert_int_equal(plan.sort, DIMENSION_APP_NAME);
    assert_false(plan.descending);
    assert_false(plan_set_sort(&plan, "users", &err)); /* no column of this summary */
    assert_int_equal(err.code, ERROR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_sort),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
