/* name_test.c: user names folded and cut. */
#include "identity/name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void test_fold(void **state)
{
    static const struct {
        const char *raw, *expected;
    } rows[] = {
        {"Tanaka", "tanaka"},
        {"  CORP\\Tanaka ", "corp\\tanaka"},
        {"", ""},
        {"ＴＡＮＡＫＡ", "tanaka"},
        {"田中ｶﾅ", "田中カナ"},
        {"M\xc3\x9cLLER", "m\xc3\xbcller"},
        {"Mu\xcc\x88ller", "m\xc3\xbcller"},              /* u and a combining mark */
        {"\x92\x86\x91\xba\x89\xdb\x92\xb7", "中村課長"}, /* CP932 */
        {"\xff\xfe"
         "A",
         "\xff\xfe"
         "a"}, /* no text at all */
    };
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        if (!slice_is(name_fold(slice_of_string(rows[i].raw), &out), rows[i].expected))
            fail_msg("%s: expected %s, is %.*s", rows[i].raw, rows[i].expected,
                     SLICE_FMT(buf_slice(&out)));
    buf_free(&out);
}

static void test_percent(void **state)
{
    static const struct {
        const char *raw, *expected; /* NULL: nothing to undo */
    } rows[] = {
        {"CORP%5Cito", "CORP\\ito"},
        {"%e7%94%b0%e4%b8%ad", "田中"},
        {"100%", NULL},
        {"%zz", NULL},
        {"%4", NULL},
        {"a%00b", NULL},
        {"plain", NULL},
    };
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool any = name_percent(slice_of_string(rows[i].raw), &out);

        if (any != (rows[i].expected != NULL) ||
            (any && !slice_is(buf_slice(&out), rows[i].expected)))
            fail_msg("%s: is %.*s", rows[i].raw, SLICE_FMT(buf_slice(&out)));
    }
    buf_free(&out);
}

static void test_cut(void **state)
{
    static const struct {
        const char *name, *local, *domain;
    } rows[] = {
        {"tanaka", "tanaka", ""},
        {"corp\\tanaka", "tanaka", "corp"},
        {"tanaka@corp.example", "tanaka", "corp.example"},
        {"a@b@corp.example", "a@b", "corp.example"},
        {"corp\\a@b", "a@b", "corp"},
        {"\\tanaka", "\\tanaka", ""},
        {"corp\\", "corp\\", ""},
        {"@corp", "@corp", ""},
        {"tanaka@", "tanaka@", ""},
        {"", "", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct name_parts parts = name_cut(slice_of_string(rows[i].name));

        if (!slice_is(parts.local, rows[i].local) || !slice_is(parts.domain, rows[i].domain))
            fail_msg("%s: %.*s of %.*s", rows[i].name, SLICE_FMT(parts.local),
                     SLICE_FMT(parts.domain));
    }
}

static void test_kinds(void **state)
{
    static const struct {
        const char *name;
        enum name_kind kind;
    } rows[] = {
        {"tanaka", KIND_PERSON},
        {"corp\\pc01$", KIND_MACHINE},
        {"pc01$@corp.example", KIND_MACHINE},
        {"$", KIND_PERSON},
        {"nt authority\\system", KIND_SERVICE},
        {"font driver host\\umfd-1", KIND_SERVICE},
        {"anonymous logon", KIND_SERVICE},
        {"corp\\svc-backup", KIND_SERVICE},
        {"svc-backup$", KIND_MACHINE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct name_parts parts = name_cut(slice_of_string(rows[i].name));

        if (name_kind_of(&parts, "svc-*, probe") != rows[i].kind)
            fail_msg("%s is no %s", rows[i].name, name_kind_text(rows[i].kind));
    }
    assert_true(name_in_list("svc-*, probe", SLICE("probe")));
    assert_false(name_in_list("", SLICE("")));
    assert_false(name_in_list(",", SLICE("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fold),
        cmocka_unit_test(test_percent),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_kinds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
