/* import_test.c: lists of every kind into rows, and what is counted instead. */
#include "signature/import/import.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* "domain app role;" for every row, then "reason number;" for what was not carried over. */
static void describe(const struct imported *list, struct buf *out)
{
    for (size_t i = 0; i < list->count; i++)
        buf_printf(out, "%s %s %s;", list->rows[i].domain, list->rows[i].app,
                   role_name(list->rows[i].role));
    for (unsigned s = 0; s < IMPORT_SKIPS; s++)
        if (list->skipped[s] > 0)
            buf_printf(out, "%s %zu;", import_skip_words((enum import_skip)s), list->skipped[s]);
    buf_append_byte(out, '\0');
}

static void assert_imported(const char *format, struct slice text, const char *expected)
{
    const struct import_source source = {"list", text, format, "app", ROLE_SERVICE};
    struct imported list = {0};
    struct error err = {0};
    struct buf out = {0};

    if (!signature_import(&source, &list, &err))
        fail_msg("%s", err.text);
    describe(&list, &out);
    assert_string_equal(out.ptr, expected);
    buf_free(&out);
    imported_free(&list);
}

static void reads_lines(void **state)
{
    static const struct {
        const char *format, *text, *expected;
    } rows[] = {
        {"v2fly", "", ""},
        {"v2fly", "# x\n\n", ""},
        {"v2fly", "A.Example\r\n", "a.example app service;"},
        {"v2fly",
         "\xef\xbb\xbf"
         "a.example",
         "a.example app service;"},
        {"v2fly", "full:a.example @cn", "=a.example app service;"},
        {"v2fly", "domain:a.example @ads", "a.example app embed;"},
        {"v2fly", "a.example @adsx", "a.example app service;"},
        {"v2fly", "keyword:a\nregexp:^a$\ninclude:b\nother:c\n",
         "regular expressions 1;keywords and wildcards inside a name 1;"
         "references to other lists 1;texts that are no host name 1;"},
        {"v2fly", "a.example:443\nexample\n192.0.2.1\n",
         "addresses (those belong into networks.csv) 1;local names 1;"
         "texts that are no host name 1;"},
        {"adguard", "||a.example^", "a.example app service;"},
        {"adguard", "||a.example", "a.example app service;"},
        {"adguard", "||a.example^$3p", "a.example app embed;"},
        {"adguard", "||a.example^$dnsrewrite=1.2.3.4", "rules with conditions 1;"},
        {"adguard", "@@||x.a.example^\n||a.example^",
         "a.example app service;x.a.example - service;"},
        {"adguard", "@@||a.example^\n||a.example^", "exceptions to nothing that the list has 1;"},
        {"adguard", "||a.example^\n@@||a.example^$important",
         "exceptions to nothing that the list has 1;"},
        {"adguard", "@@||b.example^\n@@||x.b.example^",
         "exceptions to nothing that the list has 1;"},
        {"adguard", "a.example", "=a.example app service;"},
        {"adguard", "||a.example^path", "paths: only part of a host 1;"},
        {"adguard", "##.x\n#@#.y\n", "rules for elements of a page 2;"},
        {"hosts", "0.0.0.0 a.example b.example", "=a.example app service;=b.example app service;"},
        {"hosts", "fe80::1%lo0 localhost", "local names 1;"},
        {"hosts", "a.example", "texts that are no host name 1;"},
        {"squidguard", ".a.example\nb.a.example", "a.example app service;"},
        {"squidguard", "a.example\na.example", "a.example app service;"},
        {"squidguard", "server=/a.example/192.0.2.1", "a.example app service;"},
        {"squidguard", "local=/a.example/", "a.example app service;"},
        {"squidguard", "address=/a.example/b.example/0.0.0.0",
         "a.example app service;b.example app service;"},
        {"squidguard", "address=/#/0.0.0.0", "texts that are no host name 1;"},
        {"squidguard", "192.0.2.0/24\n192.0.2.1", "addresses (those belong into networks.csv) 2;"},
        {"csv", "domain,app\na.example,-\n", "a.example - service;"},
        {"csv", "rank;domain\n1;a.example\n", "a.example app service;"},
        {"csv", "rank\tdomain\n1\ta.example\n", "a.example app service;"},
        {"rpz", "a.example CNAME .", "=a.example app service;"},
        {"rpz", "*.a.example CNAME .", "a.example app service;"},
        {"rpz", "a.example CNAME .\n*.a.example CNAME .", "a.example app service;"},
        {"rpz", "$ORIGIN z.\na.example.z. CNAME .", "=a.example app service;"},
        {"rpz", "*.b.example CNAME .\na.b.example 1h IN CNAME rpz-passthru.",
         "=a.b.example - service;b.example app service;"},
        {"rpz", "a.example\nb.example NS c.", "texts that are no host name 1;"},
        {"rpz", " CNAME .", "texts that are no host name 1;"},
        {"rpz", "z. SOA a. b. ( 1\n2 3\n4 5 )\nx.example.z. A 192.0.2.1",
         "=x.example app service;"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++)
        assert_imported(rows[i].format, slice_of_string(rows[i].text), rows[i].expected);
}

/* A narrower row that says otherwise stays. */
static void keeps_differences(void **state)
{
    (void)state;
    assert_imported("csv",
                    SLICE("domain,app,role\na.example,app,service\nx.a.example,app,service\n"
                          "y.a.example,app,content\nz.y.a.example,app,service\n=a.example,app,\n"),
                    "a.example app service;y.a.example app content;z.y.a.example app service;");
    assert_imported("csv", SLICE("Host,other\n*.a.example,1\n=b.example,2\n"),
                    "=b.example app service;a.example app service;");
}

static void refuses(void **state)
{
    static const struct {
        const char *format, *text, *why;
    } rows[] = {
        {"abp", "", "--import: 'abp': expected v2fly, adguard, hosts, squidguard, rpz or csv"},
        {"csv", "a,b\n1,2\n",
         "list: no host name in any row; expected a column domain, host, hostname or fqdn"},
        {"csv", "domain\na\"b\n",
         "list:2: stray quote near byte 2; a field that holds a quote stands in quotes, with the "
         "quote doubled"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct import_source source = {"list", slice_of_string(rows[i].text), rows[i].format,
                                             "app", ROLE_SERVICE};
        struct imported list = {0};
        struct error err = {0};

        assert_false(signature_import(&source, &list, &err));
        assert_string_equal(err.text, rows[i].why);
        imported_free(&list);
    }
}

/* Bytes of any kind. */
static void takes_hostile_lines(void **state)
{
    static const struct slice texts[] = {
        {"\0\0\n\0", 4},          {"||\0^\n", 5},      {"full:\0a.example", 15},
        {"\xff\xfe.example", 10}, {"@@||^$$$,,,", 11}, {" \t ; x", 6},
        {"$\n$ORIGIN\n", 10},     {"( SOA (", 7},      {":::::", 5},
        {"= / = //", 8},          {"*.", 2},           {"||*.^", 5},
    };
    (void)state;

    for (size_t f = 0; import_format_name(f) != NULL; f++)
        for (size_t i = 0; i < COUNT(texts); i++) {
            const struct import_source source = {"list", texts[i], import_format_name(f), "app",
                                                 ROLE_SERVICE};
            struct imported list = {0};
            struct error err = {0};

            if (signature_import(&source, &list, &err))
                assert_int_equal(list.count, 0);
            else
                assert_int_equal(err.code, ERROR_SYNTAX);
            imported_free(&list);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_lines),
        cmocka_unit_test(keeps_differences),
        cmocka_unit_test(refuses),
        cmocka_unit_test(takes_hostile_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
