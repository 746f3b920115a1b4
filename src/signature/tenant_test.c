/* tenant_test.c: patterns of tenants. */
#include "signature/tenant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define TEN      "0123456789"
#define HUNDRED  TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

/* The tenant; "": fits and names none; NULL: does not fit. */
static const struct {
    const char *pattern, *host, *tenant;
} hosts[] = {
    {"{tenant}.slack.com", "acme.slack.com", "acme"},
    {"{tenant}.slack.com", "slack.com", NULL},
    {"{tenant}.slack.com", "a.acme.slack.com", NULL},
    {"{tenant}.slack.com", ".slack.com", NULL},
    {"app.slack.com", "app.slack.com", ""},
    {"app.slack.com", "x.app.slack.com", NULL},
    {"{tenant}-my.sharepoint.com", "acme-my.sharepoint.com", "acme"},
    {"{tenant}-my.sharepoint.com", "acme-my-my.sharepoint.com", "acme-my"},
    {"{tenant}-my.sharepoint.com", "-my.sharepoint.com", NULL},
    {"{tenant}-my.sharepoint.com", "acme.sharepoint.com", NULL},
    {"{tenant}-*.hf.space", "acme-demo-1.hf.space", "acme"},
    {"{tenant}-*.hf.space", "acme.hf.space", NULL},
    {"{tenant}--*.sandbox.my.salesforce.com", "ac-me--dev.sandbox.my.salesforce.com", "ac-me"},
    {"*--{tenant}.netlify.app", "deploy-preview-12--ac-me.netlify.app", "ac-me"},
    {"*--{tenant}.netlify.app", "a--b---acme.netlify.app", "acme"},
    {"*--{tenant}.netlify.app", "--acme.netlify.app", "acme"},
    {"*--{tenant}.netlify.app", "a--.netlify.app", NULL},
    {"*--{tenant}.netlify.app", "acme.netlify.app", NULL},
    {"x*-{tenant}-*.x.test", "xy-acme-b-c.x.test", "b"},
    {"asia-northeast1-{tenant}.cloudfunctions.net", "asia-northeast1-acme.cloudfunctions.net",
     "acme"},
    {"{tenant}.s3.*.amazonaws.com", "acme.s3.ap-northeast-1.amazonaws.com", "acme"},
    {"{tenant}.s3.*.amazonaws.com", "my.bucket.s3.ap-northeast-1.amazonaws.com", NULL},
    {"{tenant...}.s3.*.amazonaws.com", "my.bucket.s3.ap-northeast-1.amazonaws.com", "my.bucket"},
    {"{tenant...}.s3.*.amazonaws.com", "acme.s3.ap-northeast-1.amazonaws.com", "acme"},
    {"{tenant...}.s3.*.amazonaws.com", "s3.ap-northeast-1.amazonaws.com", NULL},
    {"{tenant...}.s3.amazonaws.com", "a.b.c.d.s3.amazonaws.com", "a.b.c.d"},
    {"{tenant...}.s3.amazonaws.com", "s3.amazonaws.com", NULL},
    {"{tenant...}.s3.amazonaws.com", ".s3.amazonaws.com", NULL},
    {"*.{tenant}.pages.dev", "main.acme.pages.dev", "acme"},
    {"*.{tenant}.pages.dev", "acme.pages.dev", NULL},
    {"us*web.zoom.us", "us02web.zoom.us", ""},
    {"us*web.zoom.us", "usweb.zoom.us", ""},
    {"us*web.zoom.us", "acme.zoom.us", NULL},
    {"{tenant}.*.crm.dynamics.com", "acme.api.crm.dynamics.com", "acme"},
    {"s3.*.amazonaws.com/{tenant}/", "s3.eu-west-1.amazonaws.com", ""},
    {"s3.*.amazonaws.com/{tenant}/", "acme.s3.eu-west-1.amazonaws.com", NULL},
    {"{tenant}.x.test", HUNDRED HUNDRED TEN TEN TEN TEN TEN "abcde.x.test",
     HUNDRED HUNDRED TEN TEN TEN TEN TEN "abcde"},
    {"{tenant}.x.test", HUNDRED HUNDRED TEN TEN TEN TEN TEN "abcdef.x.test", NULL},
};

static void fits_hosts(void **state)
{
    (void)state;

    for (size_t i = 0; i < COUNT(hosts); i++) {
        struct tenant_pattern p;
        const char *why;
        struct slice tenant = {NULL, 0}, host = slice_of_string(hosts[i].host);
        bool fits;

        if (!tenant_compile(slice_of_string(hosts[i].pattern), &p, &why))
            fail_msg("%s: %s", hosts[i].pattern, why);
        fits = slice_ends_with(host, tenant_tail(&p)) && tenant_fits_host(&p, host, &tenant);
        if (fits != (hosts[i].tenant != NULL) || (fits && !slice_is(tenant, hosts[i].tenant)))
            fail_msg("%s, %s: %s %.*s", hosts[i].pattern, hosts[i].host, fits ? "fits" : "no",
                     fits ? (int)tenant.len : 0, tenant.ptr);
    }
}

static void fits_paths(void **state)
{
    static const struct {
        const char *pattern, *path, *tenant;
    } rows[] = {
        {"github.com/{tenant}/", "/acme/repo", "acme"},
        {"github.com/{tenant}/", "/acme", "acme"},
        {"github.com/{tenant}/", "/acme/", "acme"},
        {"github.com/{tenant}", "/acme/repo", "acme"},
        {"github.com/{tenant}/", "/", NULL},
        {"github.com/{tenant}/", "", NULL},
        {"github.com/{tenant}/", "//x", "x"},
        {"github.com/{tenant}/", "//", NULL},
        {"github.com/orgs/{tenant}/", "//orgs///acme/people", "acme"},
        {"github.com/orgs/{tenant}/", "/orgs/acme/people", "acme"},
        {"github.com/orgs/{tenant}/", "/orgs", NULL},
        {"github.com/orgs/{tenant}/", "/orgs/", NULL},
        {"github.com/orgs/{tenant}/", "/orgsx/acme", NULL},
        {"github.com/features/", "/features/actions", ""},
        {"github.com/features/", "/features", ""},
        {"github.com/features/", "/features-of-acme", NULL},
        {"discord.com/api/*/guilds/{tenant}", "/api/v9/guilds/123/x", "123"},
        {"firebasestorage.googleapis.com/v0/b/{tenant}.appspot.com/", "/v0/b/acme.appspot.com/o/x",
         "acme"},
        {"firebasestorage.googleapis.com/v0/b/{tenant}.appspot.com/", "/v0/b/acme.example/o", NULL},
        {"a.test/{tenant}/", "/" HUNDRED HUNDRED HUNDRED "/x", NULL},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct tenant_pattern p;
        const char *why;
        struct slice tenant = {NULL, 0};
        bool fits;

        assert_true(tenant_compile(slice_of_string(rows[i].pattern), &p, &why));
        assert_true(p.has_path);
        fits = tenant_fits_path(&p, slice_of_string(rows[i].path), &tenant);
        if (fits != (rows[i].tenant != NULL) || (fits && !slice_is(tenant, rows[i].tenant)))
            fail_msg("%s, %s: %s", rows[i].pattern, rows[i].path, fits ? "fits" : "no");
    }
}

static void finds_literal_ends(void **state)
{
    static const struct {
        const char *pattern, *tail;
    } rows[] = {
        {"{tenant}.slack.com", "slack.com"},
        {"{tenant}-my.sharepoint.com", "sharepoint.com"},
        {"{tenant...}.s3.*.amazonaws.com", "amazonaws.com"},
        {"app.slack.com", "app.slack.com"},
        {"github.com/{tenant}/", "github.com"},
        {"{tenant}.com", "com"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct tenant_pattern p;
        const char *why;

        assert_true(tenant_compile(slice_of_string(rows[i].pattern), &p, &why));
        assert_true(slice_is(tenant_tail(&p), rows[i].tail));
    }
}

static bool same_slice(struct slice a, struct slice b)
{
    return a.ptr == b.ptr && a.len == b.len;
}

static void keeps_its_shape(void **state)
{
    static const char *const texts[] = {
        "{tenant}.slack.com",          "app.slack.com",        "{tenant...}.s3.*.amazonaws.com",
        "{tenant}-my.sharepoint.com",  "github.com/{tenant}/", "github.com/orgs/{tenant}",
        "*.a.*.b.test/x/*/y/{tenant}/"};
    (void)state;

    for (size_t i = 0; i < COUNT(texts); i++) {
        struct tenant_pattern p, q;
        struct tenant_shape shape;
        const char *why;

        assert_true(tenant_compile(slice_of_string(texts[i]), &p, &why));
        shape = tenant_shape_of(&p);
        q = tenant_of_shape(texts[i], &shape);
        if (!same_slice(p.text, q.text) || !same_slice(p.host, q.host) ||
            !slice_equal(p.path, q.path) || !same_slice(p.front, q.front) ||
            p.has_path != q.has_path || p.many_labels != q.many_labels ||
            p.tail_len != q.tail_len || p.front_labels != q.front_labels || p.rank != q.rank)
            fail_msg("%s", texts[i]);
    }
}

static void ranks(void **state)
{
    /* The left wins over the right. */
    static const char *const rows[][2] = {
        {"app.slack.com", "{tenant}.slack.com"},
        {"a.test/x/{tenant}/", "a.test/x/"},
        {"a.test/{tenant}", "*.test/{tenant}"},
        {"a*.test", "{tenant}a.test"},
        {"{tenant}-my.sharepoint.com", "{tenant}.sharepoint.com"},
        {"us*web.zoom.us", "{tenant}.zoom.us"},
        {"github.com/features/", "github.com/{tenant}/"},
        {"github.com/orgs/{tenant}/", "github.com/{tenant}/"},
        {"{tenant}.s3.dualstack.*.amazonaws.com", "{tenant}.*.*.amazonaws.com"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct tenant_pattern left, right;
        const char *why;

        assert_true(tenant_compile(slice_of_string(rows[i][0]), &left, &why));
        assert_true(tenant_compile(slice_of_string(rows[i][1]), &right, &why));
        if (left.rank <= right.rank)
            fail_msg("%s, %s", rows[i][0], rows[i][1]);
    }
}

static void decodes(void **state)
{
    static const char *const rows[][2] = {
        {"acme", "acme"},
        {"", ""},
        {"acme%2Dbackup", "acme-backup"},
        {"%61%2fb%25%E6%97%A5", "a/b%\xe6\x97\xa5"},
        {"a%20b%0a%7f%00", "a%20b%0a%7f%00"}, /* as tenants are listed with blanks */
        {"%", "%"},
        {"a%2", "a%2"},
        {"%g1%1g%%41", "%g1%1g%A"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[TENANT_LIMIT_BYTES];

        if (!slice_is(tenant_decode(slice_of_string(rows[i][0]), text), rows[i][1]))
            fail_msg("%s", rows[i][0]);
    }
}

static void refuses(void **state)
{
    static const struct {
        const char *pattern, *why;
    } rows[] = {
        {"", "empty"},
        {"/x", "empty"},
        {"{tenant}", "the host must end in a literal domain"},
        {"slack.{tenant}", "the host must end in a literal domain"},
        {"slack.*", "the host must end in a literal domain"},
        {"{tenant}.{tenant}.test", "{tenant} stands twice"},
        {"{tenant}.test/{tenant}", "{tenant} stands twice"},
        {"{name}.test", "only {tenant} and {tenant...} may stand in braces"},
        {"{tenant.test", "only {tenant} and {tenant...} may stand in braces"},
        {"tenant}.test", "only {tenant} and {tenant...} may stand in braces"},
        {"x.{tenant...}.test", "{tenant...} may only be the first label"},
        {"a.test/{tenant...}", "{tenant...} may only be the first label"},
        {"{tenant...}-x.test", "{tenant...} must be a whole label"},
        {"*{tenant}.test", "'*' directly beside {tenant} is ambiguous"},
        {"{tenant}*.test", "'*' directly beside {tenant} is ambiguous"},
        {"a.test/*{tenant}", "'*' directly beside {tenant} is ambiguous"},
        {"a.test/", "nothing stands behind the '/'"},
        {"a..test", "an empty label"},
        {"{tenant}.test.", "a trailing dot"},
        {"-{tenant}.test", "a label that begins or ends with '-'"},
        {"https://a.test/{tenant}", "a byte that is neither letter, digit, '-' nor '_'"},
        {"日本.test", "a character outside ASCII; expected its xn-- spelling"},
        {"a.test/" HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED
             HUNDRED,
         "longer than 1024 bytes"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct tenant_pattern p;
        const char *why = NULL;

        if (tenant_compile(slice_of_string(rows[i].pattern), &p, &why))
            fail_msg("%s: accepted", rows[i].pattern);
        assert_string_equal(why, rows[i].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fits_hosts),
        cmocka_unit_test(fits_paths),
        cmocka_unit_test(finds_literal_ends),
        cmocka_unit_test(keeps_its_shape),
        cmocka_unit_test(ranks),
        cmocka_unit_test(decodes),
        cmocka_unit_test(refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
