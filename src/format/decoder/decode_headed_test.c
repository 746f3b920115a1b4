/* decode_headed_test.c: columns that a header names. */
#include "format/testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define SHAPE    "not of the format's shape"
#define FIELDS   "host = h\nuser = u none \"-\"\nmethod = m\n"
#define W3C      TESTING_HEAD("headed") "separator blanks\nheader \"#Fields:\"\n" FIELDS
#define TABS     TESTING_HEAD("headed") "separator tab\nheader \"#fields\"\n" FIELDS
#define CSV      TESTING_HEAD("headed") "separator comma\nquotes csv\n" FIELDS
#define FOREIGN  CSV "heading h \"Host Name\" \"Server\"\nheading u \"Who\"\n"

static const struct {
    const char *definition, *log, *expected;
} rows[] = {
    {W3C, "#Version: 1.0\n#Fields: h u m\nx y z\n", "3 user=y host=x method=z;"},
    {W3C, "#Fields: m a h\nz 1 x\n", "2 host=x method=z;"},
    {W3C, "#Fields: h u\nx y\n#Fields: u h\ny x\n", "2 user=y host=x;4 user=y host=x;"},
    {W3C, "x y z\n#Fields: h u m\nx - z\n", "3 host=x method=z;1 rejected: " SHAPE ";"},
    {W3C, "#Fields: h u\nx\nx y z\nx y\n",
     "4 user=y host=x;2 rejected: " SHAPE ";3 rejected: " SHAPE ";"},
    {TABS, "#fields\th\tu\tm\nx\ty y\tz\n", "2 user=y y host=x method=z;"},
    {TABS, "#fields\th\tu\tm\nx\t\tz\n", "2 host=x method=z;"},
    {TABS, "#separator \\x09\n#fields\th\nx\n#close\t2026\n", "3 host=x;"},
    {CSV, "h,u,m\nx,y,z\n", "2 user=y host=x method=z;"},
    {CSV, "\"h\",\"u\",\"m\"\n\"x\",\"a, \"\"b\"\"\",\"z\"\n", "2 user=a, \"b\" host=x method=z;"},
    {CSV, "h,u,m\nx,\"open,z\nx,y,z\n", "3 user=y host=x method=z;2 rejected: " SHAPE ";"},
    {CSV, "h,u,m\nx,\"y\"y,z\n", "2 rejected: " SHAPE ";"},
    {CSV, "h,u,m\nx,,\n", "2 host=x;"},
    /* a header that is broken: nobody knows what the lines behind it have, up to the next */
    {W3C, "#Fields: h u\nx y\n#Fiel\ny x\n#Fields: u h\ny x\n",
     "2 user=y host=x;6 user=y host=x;4 rejected: " SHAPE ";"},
    {W3C, "#Fields: h u m\nx y z\nlds: u h m\ny x z\n#Fields: u h\ny x\n",
     "2 user=y host=x method=z;6 user=y host=x;3 rejected: " SHAPE ";4 rejected: " SHAPE ";"},
    {W3C, "#Fields: h u m\nx y z\nu h m\ny x z\n",
     "2 user=y host=x method=z;3 rejected: " SHAPE ";4 rejected: " SHAPE ";"},
    {W3C, "#Fields: h u m\nx y z\n#Fjelds: u h m\ny x z\n",
     "2 user=y host=x method=z;4 rejected: " SHAPE ";"},
    {W3C, "#Fields: h u m\nx y z\n#Remark: u\n#F.\nx y z\n",
     "2 user=y host=x method=z;5 user=y host=x method=z;"},
    {W3C, "#Fields: h u m\nx y z\n#Fields: h u\nx y z\nx y\n",
     "2 user=y host=x method=z;5 user=y host=x;4 rejected: " SHAPE ";"},
    {TABS, "#fields\th\tu\nx\ty\n#fie\ny\tx\n#fields\tu\th\ny\tx\n",
     "2 user=y host=x;6 user=y host=x;4 rejected: " SHAPE ";"},
    {CSV, "h,u,m,a\nx,y,z,1\nu,h,\"m,a\ny,x,z,1\nu,h,m,a\ny,x,z,1\n",
     "2 user=y host=x method=z;6 user=y host=x method=z;3 rejected: " SHAPE ";4 rejected: " SHAPE
     ";"},
    {CSV "bytes_up = e\nbytes_down = g\n", "h,u,m,e,g\nx,y,z,1,2\nh,g,\nx,2,z,1,y\n",
     "2 user=y host=x method=z bytes_up=1 bytes_down=2;3 rejected: " SHAPE ";4 rejected: " SHAPE
     ";"},
    /* of the same header, or a line with such values, the lines behind it say nothing else */
    {CSV, "h,u,m\nx,y,z\n\"h,u,m\nx,y,z\n",
     "2 user=y host=x method=z;4 user=y host=x method=z;3 rejected: " SHAPE ";"},
    {CSV, "h,u,m\nx,y,z\nu,1,2,3\nx,y,z\n",
     "2 user=y host=x method=z;4 user=y host=x method=z;3 rejected: " SHAPE ";"},
    /* other names of a column; a header needs half of the columns, however many names they have */
    {CSV "alias h host\nalias u user login\nalias m method\n", "host,login\nx,y\n",
     "2 user=y host=x;"},
    /* before a header the columns that the definition names hold, and no others */
    {TESTING_HEAD("headed") "separator blanks\nheader \"#Fields:\"\ncolumns u h ...\n" FIELDS
                            "alias m method\n",
     "y x z\n#Fields: method h\nz x\n", "1 user=y host=x;3 host=x method=z;"},
    {CSV, "a,b,c\n", "1 rejected: " SHAPE ";"},
    /* headings of others: in any spelling, the one that is named first, and separators of others */
    {FOREIGN, "HOST_NAME,x,who,M\na,b,c,d\n", "2 user=c host=a method=d;"},
    {FOREIGN, "server,h,host-name,who\na,b,c,d\n", "2 user=d host=c;"},
    {FOREIGN, "host name,server,who\na,b,c\n", "2 user=c host=a;"},
    {FOREIGN, "Server;Who;m\na;b,c;d\n", "2 user=b,c host=a method=d;"},
    {FOREIGN, "Server\tWho\na\tb\n\"server\"\tm\twho\n1\tc\t\"d\"\n",
     "2 user=b host=a;4 user=d host=1 method=c;"},
    {FOREIGN, "Server,x\na,b\n", "1 rejected: " SHAPE ";2 rejected: " SHAPE ";"},
};

static void test_rows(void **state)
{
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        testing_decode(rows[i].definition, slice_of_string(rows[i].log), &out);
        if (strcmp(out.ptr, rows[i].expected) != 0)
            fail_msg("%s\nexpected %s\nis       %s", rows[i].log, rows[i].expected, out.ptr);
    }
    buf_free(&out);
}

/* More columns than kage takes in a header: its lines are rejected, the next header helps. */
static void test_wide_header(void **state)
{
    struct buf log = {0}, out = {0};

    (void)state;
    buf_append_string(&log, "#Fields:");
    for (int i = 0; i < 2 * COLUMN_LIMIT; i++)
        buf_append_string(&log, " a");
    buf_append_string(&log, " h\nx\n#Fields: h\nx\n");
    testing_decode(W3C, buf_slice(&log), &out);
    assert_string_equal(out.ptr, "4 host=x;2 rejected: " SHAPE ";");
    buf_free(&log);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_wide_header),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
