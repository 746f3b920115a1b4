/* lint_test.c: what is found in faulty signatures, and that overlaid folders are no fault. */
#include "signature/lint/lint.h"

#include "base/buf.h"
#include "net/psl.h"
#include "signature/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define FOLDER   "testdata/signatures/faulty"
#define COUNT(a) (sizeof(a) / sizeof *(a))

/* "file:line check entry" for every finding; the first ${built_in} files are the program's own. */
static void find_beside(const struct signature_file *files, size_t count, size_t built_in,
                        struct buf *out)
{
    struct error err = {0};
    struct signature_set *set = signature_set_create(&err);
    struct psl *psl = psl_open();
    struct lint_input input = {files, count, built_in, set, psl};
    struct lint_findings found = {0};

    for (size_t i = 0; i < count; i++)
        if (!signature_set_add(set, &files[i], &err))
            fail_msg("%s", err.text);
    if (!signature_set_finish(set, &err) || !signature_lint(&input, &found, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < found.count; i++) {
        const struct lint_finding *f = &found.findings[i];

        assert_true(f->text[0] != '\0');
        assert_true(lint_check_help(f->check)[0] != '\0');
        buf_printf(out, "%s:%zu %s %s\n", strrchr(f->file, '/') + 1, f->line,
                   lint_check_name(f->check), f->entry);
    }
    buf_append_byte(out, '\0');
    lint_findings_free(&found);
    psl_close(psl);
    signature_set_free(set);
}

static void find_in(const struct signature_file *files, size_t count, struct buf *out)
{
    find_beside(files, count, 0, out);
}

static void finds_faults(void **state)
{
    struct signature_folder folder = {0};
    struct error err = {0};
    struct buf out = {0};
    (void)state;

    if (!signature_folder_read(FOLDER, &folder, &err))
        fail_msg("%s", err.text);
    assert_int_equal(folder.count, 5);
    find_in(folder.files, folder.count, &out);
    assert_string_equal(out.ptr, "apps.csv:3 alternative gamma\n"
                                 "apps.csv:3 name gamma\n"
                                 "apps.csv:4 unsorted beta\n"
                                 "apps.csv:5 alternative delta\n"
                                 "apps.csv:5 attributes delta\n"
                                 "apps.csv:5 country delta\n"
                                 "apps.csv:6 unsorted beta\n"
                                 "apps.csv:6 duplicate beta\n"
                                 "apps.csv:6 attributes beta\n"
                                 "apps.csv:7 unsorted alpha\n"
                                 "apps.csv:7 contradiction alpha\n"
                                 "apps.csv:7 alternative alpha\n"
                                 "apps.csv:8 no-signature omega\n"
                                 "domains.csv:3 shadowed api.alpha.example\n"
                                 "domains.csv:4 unsorted =alpha.example\n"
                                 "domains.csv:5 shadowed =api.alpha.example\n"
                                 "domains.csv:7 contradiction beta.example\n"
                                 "domains.csv:8 duplicate beta.example\n"
                                 "domains.csv:10 public-suffix co.jp\n"
                                 "domains.csv:12 shadowed gone.example\n"
                                 "domains.csv:13 invalid-idn xn--a.example\n"
                                 "networks.csv:2 private-network 10.0.0.0/8\n"
                                 "networks.csv:3 shadowed 10.1.0.0/16\n"
                                 "networks.csv:5 contradiction 10.2.0.0/16\n"
                                 "networks.csv:5 shadowed 10.2.0.0/16\n"
                                 "networks.csv:7 private-network AS64500\n"
                                 "rules.csv:3 rule-never named-announce\n"
                                 "tenants.csv:2 tenant-never other.example/{tenant}/\n"
                                 "tenants.csv:5 duplicate alpha {tenant}.alpha.example\n"
                                 "tenants.csv:7 tenant-never www.xn--wgv71a.example\n"
                                 "tenants.csv:8 tenant-never {tenant}.docs.beta.example\n");
    buf_free(&out);
    signature_folder_free(&folder);
}

#define LIST_HEAD                                                                                  \
    "app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,"             \
    "remote_wipe,password_reset,audit_log,sso,licence_management,business_terms,"                  \
    "age_verification,note\n"
#define DOMAINS "domain,app,role\na.example,a,service\n"
#define APPS                                                                                       \
    LIST_HEAD                                                                                      \
    "a,A,,c,,,no,,no,no,no,no,no,no,no,no,\n"

/* A row of a later folder is to replace that of an earlier one. */
static void allows_overlays(void **state)
{
    static const char first[] = "domain,app,role\na.example,a,service\nb.example,a,embed\n";
    static const char second[] = "domain,app,role\na.example,a,content\nx.a.example,a,service\n";
    const struct signature_file files[] = {{"one/apps.csv", SLICE(APPS)},
                                           {"one/domains.csv", SLICE(first)},
                                           {"two/domains.csv", SLICE(second)}};
    struct buf out = {0};
    (void)state;

    find_in(files, COUNT(files), &out);
    assert_string_equal(out.ptr, "");
    buf_free(&out);
}

/* What an overlay leaves without effect in built-in files is no fault of anybody's; what is wrong
 * in the overlay is, also where its files are called like the built-in ones. */
static void finds_no_fault_beneath_overlays(void **state)
{
    static const char first[] = "domain,app,role\na.example,a,service\nx.a.example,a,content\n";
    static const char second[] = "domain,app,role\na.example,a,content\ny.a.example,a,content\n";
    static const char tenants[] = "app,pattern\na,{tenant}.x.a.example\n";
    static const char taken[] = "domain,app,role\na.example,-,\nx.a.example,-,\ny.a.example,-,\n";
    struct signature_file files[] = {{"one/apps.csv", SLICE(APPS)},
                                     {"one/domains.csv", SLICE(first)},
                                     {"one/tenants.csv", SLICE(tenants)},
                                     {"two/domains.csv", SLICE(second)}};
    struct buf out = {0};
    (void)state;

    find_beside(files, COUNT(files), 3, &out);
    assert_string_equal(out.ptr, "domains.csv:3 shadowed y.a.example\n");
    buf_reset(&out);
    files[3].name = "one/domains.csv";
    find_beside(files, COUNT(files), 3, &out);
    assert_non_null(strstr(out.ptr, "domains.csv:3 shadowed y.a.example\n"));
    buf_reset(&out);
    files[3] = (struct signature_file){"two/domains.csv", SLICE(taken)};
    find_beside(files, COUNT(files), 3, &out);
    assert_string_equal(out.ptr, "domains.csv:4 shadowed y.a.example\n");
    buf_free(&out);
}

/* Without them the rows that they replace would be in force. */
static void needs_rows_that_replace(void **state)
{
    static const char first[] = "network,app,role\n11.1.0.0/16,a,content\nAS1,a,content\n";
    static const char second[] = "network,app,role\n11.0.0.0/8,a,service\n"
                                 "11.1.0.0/16,a,service\n11.2.0.0/16,a,service\n";
    const struct signature_file files[] = {{"one/apps.csv", SLICE(APPS)},
                                           {"one/networks.csv", SLICE(first)},
                                           {"two/networks.csv", SLICE(second)}};
    struct buf out = {0};
    (void)state;

    find_beside(files, COUNT(files), 2, &out);
    assert_string_equal(out.ptr, "networks.csv:4 shadowed 11.2.0.0/16\n");
    buf_free(&out);
}

/* Such a network would take what is others'. */
static void finds_wide_networks(void **state)
{
    static const char networks[] = "network,app,role\n::/0,a,service\n0.0.0.0/0,a,service\n"
                                   "11.0.0.0/8,a,content\n2400::/12,a,content\n";
    const struct signature_file files[] = {{"x/apps.csv", SLICE(APPS)},
                                           {"x/networks.csv", SLICE(networks)}};
    struct buf out = {0};
    (void)state;

    find_in(files, COUNT(files), &out);
    assert_non_null(strstr(out.ptr, "networks.csv:2 wide-network ::/0\n"));
    assert_non_null(strstr(out.ptr, "networks.csv:3 wide-network 0.0.0.0/0\n"));
    assert_non_null(strstr(out.ptr, "networks.csv:5 wide-network 2400::/12\n"));
    assert_null(strstr(out.ptr, "wide-network 11.0.0.0/8"));
    buf_free(&out);
}

/* A file of one row; what is found of it. */
static const struct {
    const char *file, *head, *row, *expected;
    bool built_in;
} single_faults[] = {
#define NETWORK(text, expected)                                                                    \
    {                                                                                              \
        "x/networks.csv", "network,app,role\n", text ",a,service\n", expected, true                \
    }
#define OVERLAID(text, expected)                                                                   \
    {                                                                                              \
        "x/networks.csv", "network,app,role\n", text "\n", expected, false                         \
    }
    NETWORK("11.0.0.0/8", ""),
    NETWORK("172.15.0.0/16", ""),
    NETWORK("172.16.0.0/16", "networks.csv:2 private-network 172.16.0.0/16\n"),
    NETWORK("192.168.1.1", "networks.csv:2 private-network 192.168.1.1/32\n"),
    NETWORK("100.64.0.0/10", "networks.csv:2 private-network 100.64.0.0/10\n"),
    NETWORK("::1", "networks.csv:2 private-network ::1/128\n"),
    NETWORK("fd12::/16", "networks.csv:2 private-network fd12::/16\n"),
    NETWORK("2a00::/32", ""),
    NETWORK("2a00::/32,a,service\n2a00:0:0::/32", "networks.csv:3 duplicate 2a00::/32\n"),
    NETWORK("AS23455", ""),
    NETWORK("AS23456", "networks.csv:2 private-network AS23456\n"),
    NETWORK("AS23457", ""),
    NETWORK("AS64495", ""),
    NETWORK("AS64512", "networks.csv:2 private-network AS64512\n"),
    NETWORK("AS65551", "networks.csv:2 private-network AS65551\n"),
    NETWORK("AS65552", ""),
    NETWORK("AS4200000000", "networks.csv:2 private-network AS4200000000\n"),
    NETWORK("10.20.0.0/16", "networks.csv:2 private-network 10.20.0.0/16\n"),
    OVERLAID("10.20.0.0/16,a,service", ""),
    OVERLAID("10.0.0.0/8,a,shared", ""),
    OVERLAID("10.0.0.0/8,-,", ""),
    OVERLAID("10.0.0.0/8,a,service", "networks.csv:2 private-network 10.0.0.0/8\n"),
    OVERLAID("100.64.0.0/10,a,service", "networks.csv:2 private-network 100.64.0.0/10\n"),
    OVERLAID("172.16.0.0/12,a,service", "networks.csv:2 private-network 172.16.0.0/12\n"),
    OVERLAID("172.16.0.0/13,a,service", ""),
    OVERLAID("192.168.0.0/16,a,service", "networks.csv:2 private-network 192.168.0.0/16\n"),
    OVERLAID("192.168.1.1,a,service", ""),
    OVERLAID("fd00::/8,a,service", "networks.csv:2 private-network fd00::/8\n"),
    OVERLAID("fd00::/8,a,shared", ""),
    OVERLAID("fd12:3456::/32,a,service", ""),
    OVERLAID("127.0.0.1,a,service", "networks.csv:2 private-network 127.0.0.1/32\n"),
    OVERLAID("192.0.2.1,a,service", "networks.csv:2 private-network 192.0.2.1/32\n"),
    OVERLAID("AS64512,a,service", "networks.csv:2 private-network AS64512\n"),
#undef NETWORK
#undef OVERLAID
#define DOMAIN(rows, expected)                                                                     \
    {                                                                                              \
        "x/domains.csv", "domain,app,role\n", rows, expected, false                                \
    }
    DOMAIN("a.example,a,service\nz.example,a,service\nライン.example,a,service\n", ""),
    DOMAIN("XN--ECKWD4C7C.example,a,service\nb.example,a,service\n", ""),
    DOMAIN("z.example,a,service\nb.example,a,service\n", "domains.csv:3 unsorted b.example\n"),
    DOMAIN("b.example,a,service\nb.example.,a,embed\n", "domains.csv:3 contradiction b.example\n"),
#undef DOMAIN
#define RULE(host, path, agent, expected)                                                          \
    {                                                                                              \
        "x/rules.csv", "rule,app,category,severity,method,port,host,path,user_agent,detail\n",     \
            "r,a,c,low,,," host "," path "," agent ",\n", expected, false                          \
    }
    RULE("", "[a-z]{9}", "", "rules.csv:2 wide-rule r\n"),
    RULE("", ".*", "", "rules.csv:2 wide-rule r\n"),
    RULE("", "/abc[a-z]{9}", "", ""),
    RULE("a.example", "[a-z]{9}", "", ""),
    RULE("", "[a-z]{9}", "^[AB]", ""),
#undef RULE
#define APP(country, alternative, expected)                                                        \
    {                                                                                              \
        "x/apps.csv", LIST_HEAD,                                                                   \
            "b,B,,c,," country ",no," alternative ",no,no,no,no,no,no,no,no,\n",                   \
            "apps.csv:2 no-signature b\n" expected, false                                          \
    }
    APP("JP", "", ""),
    APP("ZW", "", ""),
    APP("AD", "", ""),
    APP("UK", "", "apps.csv:2 country b\n"),
    APP("DA", "", "apps.csv:2 country b\n"),
    APP("", "b-2", "apps.csv:2 alternative b\n"),
    APP("", "B 2 Business", ""),
#undef APP
};

static void finds_single_faults(void **state)
{
    (void)state;

    for (size_t i = 0; i < COUNT(single_faults); i++) {
        struct buf text = {0}, out = {0};
        struct signature_file files[] = {{"y/apps.csv", SLICE(APPS)},
                                         {"y/domains.csv", SLICE(DOMAINS)},
                                         {single_faults[i].file, {0}}};

        buf_append_string(&text, single_faults[i].head);
        buf_append_string(&text, single_faults[i].row);
        files[2].bytes = buf_slice(&text);
        find_beside(files, COUNT(files), single_faults[i].built_in ? COUNT(files) : 0, &out);
        assert_string_equal(out.ptr, single_faults[i].expected);
        buf_free(&text);
        buf_free(&out);
    }
}

/* More apps than the notes of their places hold at first. */
static void takes_many_apps(void **state)
{
    struct buf apps = {0}, domains = {0}, out = {0};
    struct signature_file files[2] = {{"x/apps.csv", {0}}, {"x/domains.csv", {0}}};
    (void)state;

    buf_append(&apps, SLICE(APPS));
    buf_append_string(&domains, "domain,app,role\na.example,a,service\n");
    for (int i = 1000; i < 4000; i++) {
        buf_printf(&apps, "b%d,B%d,,c,,,no,,no,no,no,no,no,no,no,no,\n", i, i);
        if (i != 3999)
            buf_printf(&domains, "b%d.example,b%d,service\n", i, i);
    }
    files[0].bytes = buf_slice(&apps);
    files[1].bytes = buf_slice(&domains);
    find_in(files, 2, &out);
    assert_string_equal(out.ptr, "apps.csv:3002 no-signature b3999\n");
    buf_free(&apps);
    buf_free(&domains);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_faults),
        cmocka_unit_test(allows_overlays),
        cmocka_unit_test(finds_wide_networks),
        cmocka_unit_test(finds_single_faults),
        cmocka_unit_test(takes_many_apps),
        cmocka_unit_test(finds_no_fault_beneath_overlays),
        cmocka_unit_test(needs_rows_that_replace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
