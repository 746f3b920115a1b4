/* csv_test.c: rows and faults of hand-written CSV. */
#include "base/csv.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct csv_column columns[] = {{"user", false}, {"name", false}, {"note", true}};

/* Rows as "LINE:user|name|note;". */
static bool write_row(void *context, const struct csv_row *row, struct error *err)
{
    struct buf *out = context;

    if (slice_is(row->fields[0], "refused"))
        return csv_fail(row, err, "user '%s': refused", row->fields[0].ptr);
    buf_append_uint(out, row->line);
    for (size_t i = 0; i < COUNT(columns); i++) {
        assert_int_equal(row->fields[i].ptr[row->fields[i].len], '\0');
        buf_append_string(out, i == 0 ? ":" : "|");
        buf_append(out, row->fields[i]);
    }
    buf_append_string(out, ";");
    return true;
}

static bool read(struct slice bytes, struct buf *out, struct error *err)
{
    struct csv_file file = {
        .name = "u.csv", .bytes = bytes, .columns = columns, .column_count = COUNT(columns)};

    return csv_read(&file, write_row, out, err);
}

/* The column whose name is longest is the user, the second longest the name. */
static void by_length(const void *context, const struct slice *names, size_t count, int *chosen)
{
    (void)context;
    for (size_t i = 0; i < count; i++) {
        int longer = 0;

        for (size_t k = 0; k < count; k++)
            longer += names[k].len > names[i].len;
        chosen[i] = longer < 2 ? longer : CSV_PASSED_OVER;
    }
}

static void chooses_columns(void **state)
{
    static const struct {
        const char *csv, *expected, *message;
    } rows[] = {
        {"x,the name,the user's id,y\n1,Ann,ann,2\n", "2:ann|Ann|;", ""},
        {"x\n", "", "u.csv:1: no column 'name'; expected the columns user,name,note"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct csv_file file = {.name = "u.csv",
                                .bytes = slice_of_string(rows[i].csv),
                                .columns = columns,
                                .column_count = COUNT(columns),
                                .choose = by_length};
        struct error err = {0};
        struct buf out = {0};

        assert_int_equal(csv_read(&file, write_row, &out, &err), rows[i].message[0] == '\0');
        assert_string_equal(err.text, rows[i].message);
        assert_true(slice_is(buf_slice(&out), rows[i].expected));
        buf_free(&out);
    }
}

static void reads_rows(void **state)
{
    static const struct {
        const char *csv, *expected;
    } rows[] = {
        {"user,name\n", ""},
        {"user,name", ""},
        {"user,name\nann,Ann\n", "2:ann|Ann|;"},
        {"user,name\nann,Ann", "2:ann|Ann|;"},
        {"user,name\r\nann,Ann\r\nbob,Bob\r\n", "2:ann|Ann|;3:bob|Bob|;"},
        {"user,name\rann,Ann\rbob,Bob", "2:ann|Ann|;3:bob|Bob|;"},
        {"\xef\xbb\xbfuser,name\nann,Ann\n", "2:ann|Ann|;"},
        {"note,name,user\nx,Ann,ann\n", "2:ann|Ann|x;"},
        {"\"user\",\"name\"\nann,Ann\n", "2:ann|Ann|;"},
        {"user,name\n\n  \nann,Ann\n\nbob,Bob\n\n", "4:ann|Ann|;6:bob|Bob|;"},
        {"\n\nuser,name\nann,Ann\n", "4:ann|Ann|;"},
        {"user,name\nann,\nbob,Bob\n", "2:ann||;3:bob|Bob|;"},
        {"user,name\n,\n", "2:||;"},
        {"user,name\n ann ,\tAnn A \n", "2:ann|Ann A|;"},
        {"user,name\nann,\" Ann \"\n", "2:ann| Ann |;"},
        {"user,name\nann,\"Ann, \"\"the\"\" A\"\n", "2:ann|Ann, \"the\" A|;"},
        {"user,name\nann,\"two\nlines\"\nbob,Bob\n", "2:ann|two\nlines|;4:bob|Bob|;"},
        {"user,name\n\"a\n\nb\",x\nbob,Bob\n", "2:a\n\nb|x|;5:bob|Bob|;"},
        {"user,name\n#ann,Ann\n", "2:#ann|Ann|;"},
        {"user,name\nann,安藤\n", "2:ann|安藤|;"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf out = {0};
        struct error err = {0};

        if (!read(slice_of_string(rows[i].csv), &out, &err))
            fail_msg("%zu: %s", i, err.text);
        if (!slice_is(buf_slice(&out), rows[i].expected))
            fail_msg("%zu: %.*s, expected %s", i, SLICE_FMT(out), rows[i].expected);
        buf_free(&out);
    }
}

#define EXPECTED "; expected the columns user,name,note"
#define NEAR(n)                                                                                    \
    ": stray quote near byte " n                                                                   \
    "; a field that holds a quote stands in quotes, with the quote doubled"

static void names_faults(void **state)
{
    static const struct {
        const char *csv, *message;
    } rows[] = {
        {"", "u.csv:1: no header line" EXPECTED},
        {"\n\n", "u.csv:1: no header line" EXPECTED},
        {"user\n", "u.csv:1: no column 'name'" EXPECTED},
        {"\nuser,nam\n", "u.csv:2: unknown column 'nam'" EXPECTED},
        {"user,name,\n", "u.csv:1: unknown column ''" EXPECTED},
        {"user,name,user\n", "u.csv:1: twice the column 'user'" EXPECTED},
        {"User,name\n", "u.csv:1: unknown column 'User'" EXPECTED},
        {"user;name\n", "u.csv:1: unknown column 'user;name'" EXPECTED},
        {"user,name\nann\n", "u.csv:2: 1 fields; the header has 2"},
        {"user,name\nann,Ann,x\n", "u.csv:2: 3 fields; the header has 2"},
        {"user,name\nann,\"A\n\nB\",x\n", "u.csv:2: 3 fields; the header has 2"},
        {"user,name\nann,A\"nn\n", "u.csv:2" NEAR("6")},
        {"user,name\nann,Ann\nbob,\"Bob\"x\n", "u.csv:3" NEAR("10")},
        {"user,name\nann,\"x\ny\"z\n", "u.csv:3" NEAR("3")},
        {"user,name\nbob,Bob\nann,\"Ann\nx,y\n",
         "u.csv:3: a quote is opened in this row and never closed"},
        {"user,name\nann,\"Ann", "u.csv:2: a quote is opened in this row and never closed"},
        {"user,name\nann,Ann\nbob,\x96\xbc\n", "u.csv:3: not UTF-8 text; save the file as UTF-8"},
        {"user,name\nann,Ann\xe5\xae\n", "u.csv:2: not UTF-8 text; save the file as UTF-8"},
        {"user,name\nann,\xed\xa0\x80\n", "u.csv:2: not UTF-8 text; save the file as UTF-8"},
        {"user,name\nann,\xc0\xaf\n", "u.csv:2: not UTF-8 text; save the file as UTF-8"},
        {"\xff\xfeu", "u.csv:1: not UTF-8 text; save the file as UTF-8"},
        {"user,name\nann,Ann\n\nrefused,x\nbob,Bob\n", "u.csv:4: user 'refused': refused"},
        {"user,name\nann,Ann\nrefused,x", "u.csv:3: user 'refused': refused"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf out = {0};
        struct error err = {0};

        if (read(slice_of_string(rows[i].csv), &out, &err))
            fail_msg("%zu: accepted", i);
        assert_int_equal(err.code, ERROR_SYNTAX);
        assert_string_equal(err.text, rows[i].message);
        buf_free(&out);
    }
}

static void refuses_a_nul(void **state)
{
    struct buf out = {0};
    struct error err = {0};
    (void)state;

    assert_false(read(SLICE("user,name\nann,A\0n and more\n"), &out, &err));
    assert_string_equal(err.text, "u.csv:2: not UTF-8 text; save the file as UTF-8");
    buf_free(&out);
}

static void bounds_columns(void **state)
{
    struct buf csv = {0}, out = {0};
    struct error err = {0};
    (void)state;

    for (int i = 0; i < 300; i++)
        buf_append_string(&csv, "user,");
    assert_false(read(buf_slice(&csv), &out, &err));
    assert_string_equal(err.text, "u.csv:1: too many columns" EXPECTED);
    error_clear(&err);
    buf_reset(&csv);
    buf_append_string(&csv, "user,name\n");
    for (int i = 0; i < 300; i++)
        buf_append_string(&csv, "x,");
    assert_false(read(buf_slice(&csv), &out, &err));
    assert_string_equal(err.text, "u.csv:2: 301 fields; the header has 2");
    buf_free(&csv);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_rows),     cmocka_unit_test(chooses_columns),
        cmocka_unit_test(names_faults),   cmocka_unit_test(refuses_a_nul),
        cmocka_unit_test(bounds_columns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
