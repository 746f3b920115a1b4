/* table_test.c: encodings, headings and dates of lists that people keep. */
#include "identity/table.h"

#include "base/buf.h"
#include "identity/testing.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct table_column columns[] = {{"user", "user|login name|ユーザー", false},
                                              {"mail", "mail|e-mail", true}};

static bool write_row(void *context, const struct csv_row *row, struct error *err)
{
    struct buf *out = context;

    (void)err;
    buf_printf(out, "%zu:%s|%s;", row->line, row->fields[0].ptr, row->fields[1].ptr);
    return true;
}

/* Rows as "LINE:user|mail;", or the message behind the file's name. */
static void read_file(struct slice bytes, const char *renamed, struct buf *out)
{
    const struct table table = {columns, COUNT(columns), renamed};
    struct arena arena = {0};
    struct error err = {0};
    struct slice text;
    char path[TESTING_PATH];

    testing_file(bytes, path);
    buf_reset(out);
    if (!table_text(path, &arena, &text, &err) ||
        !table_read(&table, path, text, write_row, out, &err)) {
        buf_reset(out);
        buf_append_string(out, err.text + strlen(path));
    }
    unlink(path);
    arena_free(&arena);
}

static void test_headings(void **state)
{
    static const struct {
        const char *renamed, *csv, *expected;
    } rows[] = {
        {NULL, "user,mail\nann,a@x\n", "2:ann|a@x;"},
        {NULL,
         "\xef\xbb\xbf"
         "Login_Name,Dept,E-MAIL\r\nann,HR,a@x\r\n",
         "2:ann|a@x;"},
        {NULL, "login name,user\nx,ann\n", "2:ann|;"}, /* the preferred one */
        {"user:Kennung", "user,kennung\nx,ann\n", "2:ann|;"},
        {"user:Kennung, mail:post", "POST,kennung\na@x,ann\n", "2:ann|a@x;"},
        {NULL, "\x83\x86\x81\x5b\x83\x55\x81\x5b,mail\n\x93\x63\x92\x86,\n",
         "2:田中|;"}, /* CP932 */
        {NULL, "name,mail\nann,a@x\n", ":1: no column 'user'; expected the columns user,mail"},
        {"user:Kennung", "user,mail\nann,a@x\n",
         ":1: no column 'Kennung'; expected the columns Kennung,mail"},
        {"mail:post", "user,mail\nann,a@x\n",
         ":1: no column 'post'; expected the columns user,post"},
        {NULL, "#TYPE Selected.ADUser\r\n\"mail\",\"user\"\r\n\"a@x\",\"ann\"\r\n", "3:ann|a@x;"},
        {NULL, "mail;user\na@x;\"a;b\"\n", "2:a;b|a@x;"},
        {NULL, "\nuser\tmail\nann,x\ta@x\n", "3:ann,x|a@x;"},
        {NULL, "user\n\xff\xff\n", ":2: neither UTF-8 nor CP932 text; save the file as UTF-8"},
        {NULL, "", ":1: no header line; expected the columns user,mail"},
    };
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        read_file(slice_of_string(rows[i].csv), rows[i].renamed, &out);
        if (!slice_is(buf_slice(&out), rows[i].expected))
            fail_msg("%s\nexpected %s\nis       %.*s", rows[i].csv, rows[i].expected,
                     SLICE_FMT(buf_slice(&out)));
    }
    buf_free(&out);
}

static void test_utf16(void **state)
{
    static const char bytes[] = "\xff\xfeu\0s\0e\0r\0\n\0\x30\x75\n\0";
    static const char odd[] = "\xfe\xff\0u\0";
    struct buf out = {0};

    (void)state;
    read_file(slice_of(bytes, sizeof bytes - 1), NULL, &out);
    if (!slice_is(buf_slice(&out), "2:\xe7\x94\xb0|;"))
        fail_msg("%.*s", SLICE_FMT(buf_slice(&out)));
    read_file(slice_of(odd, sizeof odd - 1), NULL, &out);
    if (!slice_is(buf_slice(&out), ":1: neither UTF-8 nor UTF-16 text; save the file as UTF-8"))
        fail_msg("%.*s", SLICE_FMT(buf_slice(&out)));
    buf_free(&out);
}

static void test_renamed(void **state)
{
    static const char *const wrong[] = {"person:x", "user", "user:"};
    struct table table = {columns, COUNT(columns), "user:x,mail:y z"};

    (void)state;
    for (size_t i = 0; i <= COUNT(wrong); i++) {
        struct error err = {0};

        assert_int_equal(table_check_renamed(&table, &err), i == 0);
        table.renamed = wrong[i < COUNT(wrong) ? i : 0];
    }
}

static void test_days(void **state)
{
    static const struct {
        const char *text;
        int64_t day; /* -1: none */
    } rows[] = {
        {"2026-09-30", 20726},
        {"2026/9/30", 20726},
        {"20260930", 20726},
        {"2026.09.30", 20726},
        {" 2026/09/30 00:00:00 ", 20726},
        {"2026-09-30T12:00:00Z", 20726},
        {"1970-01-01", 0},
        {"2026年9月30日", 20726},
        {"令和8年9月30日 9時", 20726},
        {"令和元年5月1日", 18017},
        {"20260930000000Z", 20726},
        {"2026年9月", -1},
        {"令和8.9.30", -1},
        {"2026-09-301", -1},
        {"2026-02-29", -1},
        {"2026-13-01", -1},
        {"30/09/2026", 20726},
        {"09/30/2026", 20726},
        {"9/30/2026 9:25:05 AM", 20726},
        {"30.9.2026", 20726},
        {"06/06/2026", 20610},
        {"05/06/2026", -1}, /* in May or in June? */
        {"13/13/2026", -1},
        {"09/31/2026", -1},
        {"09/30/26", -1},
        {"09/30/20260", -1},
        {"2026-09", -1},
        {"2026-09-30x", -1},
        {"", -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t day = -1;

        if (table_day(slice_of_string(rows[i].text), &day) != (rows[i].day >= 0) ||
            day != rows[i].day)
            fail_msg("%s: %lld", rows[i].text, (long long)day);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_headings),
                                       cmocka_unit_test(test_utf16), cmocka_unit_test(test_renamed),
                                       cmocka_unit_test(test_days)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
