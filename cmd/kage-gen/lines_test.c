/* lines_test.c: one event as every format writes it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lines.h"

static const struct host chat = {{"chat.test", 9}, 0, ROLE_SERVICE, 0xc0000207};

/* 2026-09-01T09:02:42.701Z */
#define EVENT(...)                                                                                 \
    {                                                                                              \
        .ts_ms = 1788253362701, .user = 7, .host = &chat, __VA_ARGS__                              \
    }

static const struct {
    const char *format;
    struct event event;
    const char *line;
} rows[] = {
    {"squid", EVENT(.connect = true, .elapsed_ms = 250, .bytes_down = 4711),
     "1788253362.701    250 10.0.0.8 TCP_TUNNEL/200 4711 CONNECT chat.test:443 user0000007 "
     "HIER_DIRECT/192.0.2.7 -\n"},
    {"squid", EVENT(.elapsed_ms = 1234567, .bytes_down = 9, .noise = 0x7ffe),
     "1788253362.701 1234567 10.0.0.8 TCP_MISS/200 9 GET http://chat.test/img/0 user0000007 "
     "HIER_DIRECT/192.0.2.7 text/html\n"},
    {"squid", EVENT(.connect = true, .outcome = OUTCOME_DENIED, .bytes_down = 3900),
     "1788253362.701      0 10.0.0.8 TCP_DENIED/403 3900 CONNECT chat.test:443 user0000007 "
     "HIER_NONE/- text/html\n"},
    {"squid", EVENT(.connect = true, .outcome = OUTCOME_CHALLENGED, .bytes_down = 3900),
     "1788253362.701      0 10.0.0.8 TCP_DENIED/407 3900 CONNECT chat.test:443 - "
     "HIER_NONE/- text/html\n"},
    {"squid", EVENT(.connect = true, .outcome = OUTCOME_FAILED),
     "1788253362.701      0 10.0.0.8 NONE_NONE/503 0 CONNECT chat.test:443 user0000007 "
     "HIER_NONE/- text/html\n"},
    {"bind", EVENT(.noise = 5),
     "01-Sep-2026 09:02:42.701 queries: info: client @0x7f6c405a5168 10.0.0.8#32768 (chat.test): "
     "query: chat.test IN A +E(0)K (10.0.0.53)\n"},
    {"csv", EVENT(.connect = true, .bytes_up = 30, .bytes_down = 12),
     "\"2026-09-01 09:02:42\",\"Allowed\",\"0000000000000\",\"SSL\",\"Allowed\",\"42\",\"12\","
     "\"30\",\"Professional Services\",\"192.0.2.7\",\"CONNECT\",\"None\",\"Mozilla/5.0 (Windows "
     "NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0\",\"NSS\",\"Tokyo HQ\","
     "\"10.0.0.8\",\"200\",\"user0000007\",\"chat.test:443\",\"Zscaler\",\"chat.test\","
     "\"192.0.2.1\",\"None\",\"None\",\"None\",\"General Browsing\",\"0\",\"Sales\",\"Business and "
     "Economy\",\"None\"\n"},
    {"zeek-http-json", EVENT(.outcome = OUTCOME_DENIED, .bytes_up = 30, .bytes_down = 12),
     "{\"ts\":1788253362.701000,\"uid\":\"C00000000000\",\"id.orig_h\":\"10.0.0.8\","
     "\"id.orig_p\":32768,\"id.resp_h\":\"10.0.0.80\",\"id.resp_p\":3128,\"trans_depth\":1,"
     "\"method\":\"GET\",\"host\":\"chat.test\",\"uri\":\"http://chat.test/\",\"version\":\"1.1\","
     "\"user_agent\":\"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 "
     "Firefox/130.0\",\"request_body_len\":30,\"response_body_len\":12,\"status_code\":403,"
     "\"status_msg\":\"Forbidden\",\"tags\":[]}\n"},
    {"bluecoat-w3c", EVENT(.connect = true, .bytes_up = 30, .bytes_down = 12),
     "2026-09-01 09:02:42 10.0.0.8 user0000007 200 TCP_TUNNELED 12 30 CONNECT chat.test 443 "
     "\"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0\" "
     "OBSERVED -\n"},
    {"bluecoat-w3c", EVENT(.outcome = OUTCOME_CHALLENGED, .bytes_up = 30, .bytes_down = 12),
     "2026-09-01 09:02:42 10.0.0.8 - 407 TCP_DENIED 12 30 GET chat.test 80 \"Mozilla/5.0 (Windows "
     "NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0\" DENIED policy_denied\n"},
    {"fortigate-kv", EVENT(.outcome = OUTCOME_DENIED, .bytes_up = 30, .bytes_down = 12),
     "<189>date=2026-09-01 time=09:02:42 devname=\"fw1\" devid=\"FPX0000000000000\" "
     "eventtime=1788253362701000000 tz=\"+0000\" logid=\"0010000099\" type=\"traffic\" "
     "subtype=\"http-transaction\" level=\"notice\" vd=\"root\" srcip=10.0.0.8 srcport=32768 "
     "user=\"user0000007\" dstip=192.0.2.7 dstport=443 service=\"HTTPS\" hostname=\"chat.test\" "
     "action=\"blocked\" httpmethod=\"GET\" statuscode=\"403\" sentbyte=30 rcvdbyte=12 "
     "agent=\"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 "
     "Firefox/130.0\"\n"},
};

static void test_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct line_format *format = line_format_find(rows[i].format);
        struct buf out = {0};

        assert_non_null(format);
        format->append(&out, &rows[i].event);
        buf_append_byte(&out, '\0');
        assert_string_equal(out.ptr, rows[i].line);
        buf_free(&out);
    }
}

static void test_header_has_as_many_columns_as_a_line(void **state)
{
    const struct line_format *format = line_format_find("csv");
    struct buf out = {0};
    size_t header = 0, line = 0;

    (void)state;
    format->append(&out, &rows[6].event);
    for (const char *c = format->header; *c != '\0'; c++)
        header += *c == ',';
    for (size_t i = 0; i < out.len; i++)
        line += out.ptr[i] == ',';
    assert_int_equal(header, 29);
    assert_int_equal(line, header);
    buf_free(&out);
}

static void test_unknown_format(void **state)
{
    (void)state;
    assert_null(line_format_find("squids"));
    assert_null(line_format_find(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_header_has_as_many_columns_as_a_line),
        cmocka_unit_test(test_unknown_format),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
