/* decode_kv_test.c: key=value pairs. */
#include "format/decoder/pieces.h"
#include "format/decoder/pieces_fixture.h"
#include "format/testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define REJECTED "1 rejected: not of the format's shape;"
#define BLANKS   TESTING_HEAD("kv") "separator blanks\nhost = h\nuser = u\nmethod = m\n"
#define TABS     TESTING_HEAD("kv") "separator tab\nhost = h\nuser = u\nmethod = m\n"
#define COMMA    TESTING_HEAD("kv") "separator comma\nhost = h\nuser = u\nmethod = m\n"
#define COLON    TESTING_HEAD("kv") "separator comma\nassign \":\"\nhost = h\nuser = u\nmethod = m\n"
#define OPEN     BLANKS "open-values yes\n"
#define LIST     COMMA "assign \": \"\nopen-values yes\n"
#define ALIAS    BLANKS "alias h host dst-host\nalias u user\n"
#define HEAD     BLANKS "url = @head\n"

static const struct {
    const char *definition, *line, *expected;
} rows[] = {
    /* LEEF 2.0 names its separator */
    {TABS, "LEEF:2.0|V|P|1|id|^|h=x^u=a b^m=GET", "1 user=a b host=x method=GET;"},
    {TABS, "LEEF:2.0|V|P|1|id|x5e|h=x^m=GET", "1 host=x method=GET;"},
    {TABS, "LEEF:2.0|V|P|1|id|0x7C|h=x|m=GET", "1 host=x method=GET;"},
    {TABS, "LEEF:2.0|V|P|1|id||h=x\tm=GET", "1 host=x method=GET;"},
    {TABS, "LEEF:2.0|V|P|1|id|h=x\tm=G^T", "1 host=x method=G^T;"},
    {TABS, "LEEF:1.0|V|P|1|id|h=x\tm=GET", "1 host=x method=GET;"},
    {TABS, "LEEF:1.0|V|P|1|id|h=x||u=a b|m=GET|", "1 user=a b host=x method=GET;"},
    {TABS, "LEEF:1.0|V|P|1|id|h=x\tu=a|b\tm=GET", "1 user=a|b host=x method=GET;"},
    {TABS, "LEEF:1.0|V|P|1|h", "1 rejected: not of the format's shape;"},
    {TABS, "LEEF:2.0|V|P|1", "1 rejected: not of the format's shape;"},
    /* pairs that were made cells of CSV */
    {COMMA, "\"h=x\",\"\",\"u=\"\"a, b\"\"\",\"m=GET\"", "1 user=a, b host=x method=GET;"},
    {COMMA, "\"h=x\",u=y,\"m=\"\"GET\"\"\"", "1 user=y host=x method=GET;"},
    {COMMA, "\"h=\"\"x\"\"\",\"u=\"\"\"\"\",\"m=GET\"", "1 host=x method=GET;"},
    {BLANKS, "h=x u=y m=z", "1 user=y host=x method=z;"},
    {BLANKS, "m=z  h=x\tu=y", "1 user=y host=x method=z;"},
    {BLANKS, "a=1 h=x b=2", "1 host=x;"},
    {BLANKS, "words before h=x", "1 host=x;"},
    {BLANKS, "h= u=y m=", ""}, /* without a host it is passed over */
    {BLANKS, "h=\"x\" u=\"sato hanako\"", "1 user=sato hanako host=x;"},
    {BLANKS, "h=x u=\"a \\\"b\\\" \\\\c\"", "1 user=a \"b\" \\c host=x;"},
    {BLANKS, "h=x u=\"\"", "1 host=x;"},
    {BLANKS, "h=x u=a=b", "1 user=a=b host=x;"},
    {BLANKS, "h=x h=y", "1 host=x;"},
    {BLANKS, "h=x u=\"open", REJECTED},
    {BLANKS, "hh=x", REJECTED},
    {BLANKS, "no pairs at all", REJECTED},
    {COMMA, "h=x,u=sato hanako,m=z", "1 user=sato hanako host=x method=z;"},
    {COMMA, "h=x, u=\"a,b\", m=z", "1 user=a,b host=x method=z;"},
    {BLANKS, "<30>h=x u=y", "1 user=y host=x;"},
    {BLANKS, "u=\"y\"h=x", "1 user=y host=x;"},
    {BLANKS, "0|Vendor|h=x", "1 host=x;"},
    {BLANKS, "- [h=x u=y", "1 user=y host=x;"},
    {HEAD, "<30>Sep 30  gw h=x u=y", "1 user=y host=x url=Sep 30  gw;"},
    {HEAD, "h=x u=y", "1 user=y host=x;"},
    /* values that end where the next key begins */
    {OPEN, "h=x u=sato hanako m=z", "1 user=sato hanako host=x method=z;"},
    {OPEN, "h=x u=a/b?c=d m=z", "1 user=a/b?c=d host=x method=z;"},
    {OPEN, "h=x u=OU\\=a\\|b m=z", "1 user=OU=a|b host=x method=z;"},
    {OPEN, "h=x u==SUM(A1) m=z", "1 user==SUM(A1) host=x method=z;"},
    {OPEN, "h=x u=\"a b=c\" m=z", "1 user=a b=c host=x method=z;"},
    {OPEN, "h=x u=\"a\"b m=z", "1 user=\"a\"b host=x method=z;"},
    {OPEN, "h=x u= m=z", "1 host=x method=z;"},
    {OPEN, "h=x u=a==b m=z", "1 user=a==b host=x method=z;"},
    {OPEN, "h=x u=m=z", "1 user=m=z host=x;"},
    {OPEN, "CEF:0|a|b|h=x u=", "1 host=x;"},
    /* other names of a column */
    {ALIAS, "host=x user=y", "1 user=y host=x;"},
    {ALIAS, "h=x dst-host=z u=y", "1 user=y host=x;"},
    {ALIAS, "dst-host=z", "1 host=z;"},
    {LIST, "h: x, u: sato, hanako, m: z", "1 user=sato, hanako host=x method=z;"},
    {LIST, "h: x, some key: y, m: http://z", "1 host=x method=http://z;"},
    {COLON, "h:x,u:y,m:z", "1 user=y host=x method=z;"},
};

static void test_rows(void **state)
{
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {

        testing_decode(rows[i].definition, slice_of_string(rows[i].line), &out);
        if (strcmp(out.ptr, rows[i].expected) != 0)
            fail_msg("%s:\nexpected %s\nis       %s", rows[i].line, rows[i].expected, out.ptr);
    }
    buf_free(&out);
}

/* What a line gives does not depend on the keys of the line before. */
static void test_pairs(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows) * COUNT(rows); i++) {
        size_t first = i / COUNT(rows), second = i % COUNT(rows);

        if (!testing_is_independent(rows[second].definition, rows[first].line, rows[second].line))
            fail_msg("%s\n%s", rows[first].line, rows[second].line);
    }
}

/* Pairs whose keys mostly come in one order, with all that may be odd about them. */
static void append_pairs(struct buf *out, uint32_t *random)
{
    static const char *const keys[] = {
        "h=",  "u=", "eight__=", "nine____=", "sixteen________=", "seventeen_____ ______=",
        "hh=", "h=", "m="};
    static const char *const values[] = {"x",          "",
                                         "\"x y\"",    "\"\"",
                                         "\"a\\\"b\"", "a\"b",
                                         "\"a\"b",     "a=b",
                                         "\"a=b\"",    "\"a\\\\\\\\b\"",
                                         "\"open",     "\"a\\b\"",
                                         "a\\b",       "[a]",
                                         "x",          "a text of some length that goes on"};
    static const char *const before[] = {
        "<30>", "words ", " ", ",", "a|b|[", "LEEF:1.0|a|b|c|d|", "\"", "LEEF:2.0|a|b|c|d|"};
    static const char *const between[] = {" ",  " ", " ",  " ", " ",     "  ",
                                          "\t", ",", ", ", "",  " word "};

    if (next_random(random) % 4 == 0)
        buf_append_string(out, before[next_random(random) % COUNT(before)]);
    for (size_t i = 0; i < COUNT(keys); i++) {
        if (next_random(random) % 16 != 0) /* else a key is missing */
            buf_append_string(out, keys[i]);
        buf_append_string(out,
                          values[next_random(random) % 12 == 0 ? next_random(random) % COUNT(values)
                                                               : next_random(random) % 3]);
        if (next_random(random) % 8 == 0)
            buf_append_string(out, between[next_random(random) % COUNT(between)]);
        else if (i + 1 < COUNT(keys))
            buf_append_byte(out, ' ');
    }
}

/* One way to walk by pieces. Returns: so many lines are cut. */
static size_t check_way(const struct format *f, piece_walker *walker, uint32_t *random)
{
    struct pieces *behind = calloc(1, f->decoder->state_size);
    struct buf line = {0};
    size_t cut = 0;

    assert_non_null(behind);
    behind->walker = walker;
    for (int round = 0; round < 40000; round++) {
        buf_reset(&line);
        append_pairs(&line, random);
        cut += check_alike(f, behind, buf_slice(&line), random);
    }
    free(behind);
    buf_free(&line);
    return cut;
}

static void test_ways_agree(void **state)
{
    static const char *const definitions[] = {BLANKS, TABS "url = @head\n", COMMA "url = @head\n",
                                              HEAD,   HEAD "quotes csv\n",  COLON};
    uint32_t random = 1;
    size_t cut = 0, ways = 0;

    (void)state;
    while (pieces_walker_at(PIECES_PAIRS, ways) != NULL)
        ways++;
    for (size_t d = 0; d < COUNT(definitions); d++) {
        struct error err = {0};
        struct format *f = definition_parse("test.format", slice_of_string(definitions[d]), &err);

        assert_non_null(f);
        for (size_t n = 0; n < ways; n++)
            cut += check_way(f, pieces_walker_at(PIECES_PAIRS, n), &random);
        definition_free(f);
    }
    assert_true(cut > 50000 * ways);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_pairs),
                                       cmocka_unit_test(test_ways_agree)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
