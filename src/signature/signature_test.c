/* signature_test.c: laying files over one another. */
#include "signature/signature.h"

#include "signature/match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HEADER                                                                                     \
    "app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,"             \
    "remote_wipe,password_reset,audit_log,sso,licence_management,business_terms,"                  \
    "age_verification,note\n"
#define TRAITS "no,no,no,no,no,no,no,no,\n"
#define APPS   HEADER "line,LINE,,messaging,,,no,," TRAITS "x,X,,social,,,no,," TRAITS

static void add(struct signature_set *set, const char *name, const char *csv)
{
    struct signature_file file = {name, slice_of_string(csv)};
    struct error err = {0};

    if (!signature_set_add(set, &file, &err))
        fail_msg("%s", err.text);
}

static struct signature_set *create(void)
{
    struct error err = {0};
    struct signature_set *set = signature_set_create(&err);

    assert_non_null(set);
    return set;
}

static void finish(struct signature_set *set)
{
    struct error err = {0};

    if (!signature_set_finish(set, &err))
        fail_msg("%s", err.text);
}

static const char *app_of(const struct signature_set *set, const char *host)
{
    uint32_t app = signature_match(set, slice_of_string(host)).app;

    return app == SIGNATURE_NO_APP ? "-" : signature_app(set, app)->id;
}

static void is_empty(void **state)
{
    struct signature_set *set = create();
    (void)state;

    finish(set);
    assert_int_equal(signature_app_count(set), 0);
    assert_int_equal(signature_count(set), 0);
    assert_string_equal(app_of(set, "line.me"), "-");
    assert_string_equal(app_of(set, ""), "-");
    assert_string_equal(app_of(set, "192.0.2.1"), "-");
    signature_set_free(set);
    signature_set_free(NULL);
}

static void later_rows_replace(void **state)
{
    struct signature_set *set = create();
    struct match m;
    (void)state;

    add(set, "apps.csv", APPS);
    add(set, "domains.csv",
        "domain,app,role\nline.me,line,service\n=line.me,line,content\nx.com,x,service\n");
    add(set, "networks.csv", "network,app,role\n192.0.2.0/24,line,service\n");
    add(set, "my/apps.csv", HEADER "line,My LINE,,messaging,,,no,," TRAITS);
    add(set, "my/domains.csv", "domain,app,role\nLINE.me,x,embed\nx.com,-,\n");
    add(set, "my/networks.csv", "network,app,role\n192.0.2.0/24,x,shared\n192.0.2.9,-,\n");
    finish(set);
    assert_int_equal(signature_app_count(set), 2);
    assert_string_equal(signature_app(set, signature_find_app(set, SLICE("line")))->name,
                        "My LINE");
    assert_int_equal(signature_count(set), 3);
    m = signature_match(set, SLICE("api.line.me"));
    assert_string_equal(signature_app(set, m.app)->id, "x");
    assert_string_equal(signature_at(set, m.signature)->file, "my/domains.csv");
    assert_int_equal(signature_at(set, m.signature)->line, 2);
    assert_string_equal(app_of(set, "line.me"), "line");
    assert_string_equal(app_of(set, "x.com"), "-");
    assert_string_equal(app_of(set, "192.0.2.1"), "x");
    assert_string_equal(app_of(set, "192.0.2.9"), "-");
    signature_set_free(set);
}

static void order_of_files_is_free(void **state)
{
    struct signature_set *set = create();
    (void)state;

    add(set, "domains.csv", "domain,app,role\nline.me,line,service\n");
    add(set, "apps.csv", APPS);
    finish(set);
    assert_string_equal(app_of(set, "line.me"), "line");
    signature_set_free(set);
}

static void unknown_apps_are_named(void **state)
{
    static const struct {
        const char *file, *csv, *message;
    } rows[] = {
        {"s/domains.csv", "domain,app,role\nx.com,x,service\nline.me,lien,service\n",
         "s/domains.csv:3: app 'lien' stands in no apps.csv"},
        {"s/networks.csv", "network,app,role\n192.0.2.0/24,lien,service\n",
         "s/networks.csv:2: app 'lien' stands in no apps.csv"},
        {"s/tenants.csv", "app,pattern\n\nlien,{tenant}.x.com\n",
         "s/tenants.csv:3: app 'lien' stands in no apps.csv"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct signature_set *set = create();
        struct error err = {0};

        add(set, "apps.csv", APPS);
        add(set, rows[i].file, rows[i].csv);
        assert_false(signature_set_finish(set, &err));
        assert_int_equal(err.code, ERROR_SYNTAX);
        assert_string_equal(err.text, rows[i].message);
        signature_set_free(set);
    }
}

static void counts_what_is_inactive(void **state)
{
    struct signature_set *set = create();
    (void)state;

    add(set, "apps.csv", APPS);
    add(set, "networks.csv",
        "network,app,role\nAS38631,line,service\nas38631,line,content\n192.0.2.0/24,line,service\n"
        "AS13414,x,service\n");
    finish(set);
    assert_int_equal(signature_inactive_networks(set), 2);
    assert_int_equal(signature_rule_count(set), 0);
    signature_set_free(set);
}

static void names_roles_and_managed(void **state)
{
    (void)state;

    assert_string_equal(role_name(ROLE_EMBED), "embed");
    assert_string_equal(role_name(ROLE_SHARED), "shared");
    assert_string_equal(role_name(ROLE_CONTENT), "content");
    assert_string_equal(role_name(ROLE_SERVICE), "service");
    assert_string_equal(managed_name(MANAGED_NO), "no");
    assert_string_equal(managed_name(MANAGED_BOTH), "both");
    assert_string_equal(managed_name(MANAGED_YES), "yes");
}

/* A file of a fresh folder. */
static void write_file(const char *dir, const char *name, const char *text)
{
    char path[256];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void remove_file(const char *dir, const char *name)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%s", dir, name);
    unlink(path);
}

static void reads_a_folder(void **state)
{
    char dir[] = "/tmp/kage-signatures-XXXXXX", expected[256];
    struct signature_set *set = create();
    struct error err = {0};
    (void)state;

    assert_non_null(mkdtemp(dir));
    snprintf(expected, sizeof expected,
             "signatures folder '%s': holds none of apps.csv, domains.csv, networks.csv, "
             "tenants.csv and rules.csv",
             dir);
    assert_false(signature_set_add_dir(set, dir, &err));
    assert_int_equal(err.code, ERROR_USAGE);
    assert_string_equal(err.text, expected);
    error_clear(&err);
    write_file(dir, "apps.csv", APPS);
    write_file(dir, "domains.csv", "domain,app,role\nline.me,line,service\n");
    write_file(dir, "readme.csv", "whatever\n");
    assert_true(signature_set_add_dir(set, dir, &err));
    write_file(dir, "domains.csv", "domain,app,role\nline.me,line\n");
    assert_false(signature_set_add_dir(set, dir, &err));
    snprintf(expected, sizeof expected, "%s/domains.csv:2: 2 fields; the header has 3", dir);
    assert_string_equal(err.text, expected);
    finish(set);
    assert_string_equal(app_of(set, "w.line.me"), "line");
    signature_set_free(set);
    remove_file(dir, "apps.csv");
    remove_file(dir, "domains.csv");
    remove_file(dir, "readme.csv");
    assert_int_equal(rmdir(dir), 0);
}

static void misses_a_folder(void **state)
{
    struct signature_set *set = create();
    struct error err = {0};
    (void)state;

    assert_false(signature_set_add_dir(set, "/no/such/folder", &err));
    assert_int_equal(err.code, ERROR_USAGE);
    assert_string_equal(err.text, "signatures folder '/no/such/folder': No such file or directory");
    error_clear(&err);
    assert_false(signature_set_add_dir(set, "/dev/null", &err));
    assert_int_equal(err.code, ERROR_USAGE);
    signature_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_empty),
        cmocka_unit_test(later_rows_replace),
        cmocka_unit_test(order_of_files_is_free),
        cmocka_unit_test(unknown_apps_are_named),
        cmocka_unit_test(counts_what_is_inactive),
        cmocka_unit_test(names_roles_and_managed),
        cmocka_unit_test(reads_a_folder),
        cmocka_unit_test(misses_a_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
