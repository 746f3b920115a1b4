/* image_test.c: what is built in is what the files say. */
#include "signature/image.h"

#include "base/embedded.h"
#include "signature/match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct signature_set *create(void)
{
    struct error err = {0};
    struct signature_set *set = signature_set_create(&err);

    assert_non_null(set);
    return set;
}

static struct signature_set *from_files(void)
{
    struct signature_set *set = create();
    struct error err = {0};

    for (size_t i = 0; i < embedded_signatures_count; i++) {
        const struct embedded_file *file = &embedded_signatures[i];
        struct signature_file f = {file->name, slice_of(file->bytes, file->len)};

        if (!signature_set_add(set, &f, &err))
            fail_msg("%s", err.text);
    }
    return set;
}

static struct signature_set *from_image(void)
{
    struct signature_set *set = create();
    struct error err = {0};

    if (!signature_set_add_builtin(set, &err))
        fail_msg("%s", err.text);
    return set;
}

static void finish(struct signature_set *set)
{
    struct error err = {0};

    if (!signature_set_finish(set, &err))
        fail_msg("%s", err.text);
}

static void expect_same_match(const struct signature_set *a, const struct signature_set *b,
                              struct slice host)
{
    struct match of_a = signature_match(a, host), of_b = signature_match(b, host);

    if (of_a.app != of_b.app || of_a.signature != of_b.signature || of_a.role != of_b.role ||
        !slice_equal(of_a.tenant, of_b.tenant))
        fail_msg("%.*s is matched otherwise", SLICE_FMT(host));
}

/* The same rows at the same places. */
static void expect_same(const struct signature_set *a, const struct signature_set *b)
{
    char of_a[33], of_b[33];

    signature_digest(a, of_a);
    signature_digest(b, of_b);
    assert_string_equal(of_a, of_b);
    assert_int_equal(signature_app_count(a), signature_app_count(b));
    for (uint32_t i = 0; i < signature_app_count(a); i++)
        assert_string_equal(signature_app(a, i)->id, signature_app(b, i)->id);
    assert_int_equal(signature_count(a), signature_count(b));
    for (uint32_t i = 0; i < signature_count(a); i++) {
        const struct signature *x = signature_at(a, i), *y = signature_at(b, i);

        assert_string_equal(x->domain, y->domain);
        assert_string_equal(x->file, y->file);
        assert_int_equal(x->line, y->line);
        assert_int_equal(x->app, y->app);
        expect_same_match(a, b, slice_of_string(x->domain));
    }
}

/* Over what is there already: the files one by one. */
static void test_not_empty(void **state)
{
    const struct signature_file apps = {
        "o/apps.csv",
        SLICE("app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,"
              "remote_wipe,password_reset,audit_log,sso,licence_management,business_terms,"
              "age_verification,note\n"
              "from-store,Store,,other,N,JP,no,,no,no,no,no,no,no,no,no,\n")};
    struct signature_set *set = create();
    struct error err = {0};
    (void)state;

    assert_true(signature_set_add(set, &apps, &err) && signature_set_add_builtin(set, &err));
    finish(set);
    assert_int_equal(signature_find_app(set, SLICE("from-store")), 0);
    assert_string_equal(signature_app(set, signature_match(set, SLICE("line.me")).app)->id, "line");
    signature_set_free(set);
}

static void test_same_as_files(void **state)
{
    struct signature_set *a = from_files(), *b = from_image();
    (void)state;

    finish(a);
    finish(b);
    expect_same(a, b);
    signature_set_free(a);
    signature_set_free(b);
}

/* Rows laid over what is built in, old and new names and apps. */
static void test_overlay(void **state)
{
    static const char *const hosts[] = {"line.me",        "x.line.me",     "api.x.line.me",
                                        "new.example",    "a.new.example", "w.new.example",
                                        "www.discord.com"};
    const struct signature_file files[] = {
        {"o/apps.csv",
         SLICE("app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,"
               "remote_wipe,password_reset,audit_log,sso,licence_management,business_terms,"
               "age_verification,note\n"
               "brand-new,New,,other,N,JP,no,,no,no,no,no,no,no,no,no,\n"
               "line,Line!,,other,N,JP,yes,,no,no,no,no,no,no,no,no,\n")},
        {"o/domains.csv", SLICE("domain,app,role\nx.line.me,brand-new,embed\n=new.example,line,"
                                "service\na.new.example,brand-new,content\ndiscord.com,-,\n")}};
    struct signature_set *a = from_files(), *b = from_image();
    struct error err = {0};
    (void)state;

    for (size_t i = 0; i < 2; i++)
        assert_true(signature_set_add(a, &files[i], &err) && signature_set_add(b, &files[i], &err));
    finish(a);
    finish(b);
    expect_same(a, b);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        expect_same_match(a, b, slice_of_string(hosts[i]));
    assert_string_equal(signature_app(b, signature_match(b, SLICE("y.x.line.me")).app)->id,
                        "brand-new");
    assert_string_equal(signature_app(b, signature_find_app(b, SLICE("line")))->name, "Line!");
    assert_int_equal(signature_match(b, SLICE("discord.com")).app, SIGNATURE_NO_APP);
    signature_set_free(a);
    signature_set_free(b);
}

/* The source of a small set, with what C would take amiss in a text. */
static void test_source(void **state)
{
    const struct signature_file files[] = {
        {"apps.csv",
         SLICE("app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,"
               "remote_wipe,password_reset,audit_log,sso,licence_management,business_terms,"
               "age_verification,note\n"
               "a,\"A \"\"?\\\",\xe7\xb7\x9a,c,V,JP,both,,no,yes,unknown,no,no,no,no,no,\n")},
        {"domains.csv", SLICE("domain,app,role\n=a.example,a,content\nb.a.example,-,\n")},
        {"tenants.csv", SLICE("app,pattern\na,{tenant...}.*.c.a.example/x/\n")}};
    struct signature_set *set = create();
    struct error err = {0};
    struct buf out = {0};
    (void)state;

    for (size_t i = 0; i < 3; i++)
        assert_true(signature_set_add(set, &files[i], &err));
    finish(set);
    assert_true(signature_image_write(set, &out, &err));
    buf_append_byte(&out, '\0');
    assert_non_null(strstr(out.ptr, "{{0u,2u,8u,12u,14u,16u,19u,19u,},1,{1,2,0,1,1,1,1,1,}},\n"));
    assert_non_null(strstr(out.ptr, "\"A \\042\\077\\134\\000\"\n\"\\347\\267\\232\\000\"\n"));
    assert_non_null(strstr(out.ptr, "u,0u,4u,2u,{32u,28,25,1,11,1,1}},\n"));
    assert_non_null(strstr(out.ptr, "    sizeof texts, 1u, 4u, 2u, 1u};\n"));
    buf_free(&out);
    signature_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_as_files),
        cmocka_unit_test(test_overlay),
        cmocka_unit_test(test_not_empty),
        cmocka_unit_test(test_source),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
