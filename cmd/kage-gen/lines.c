/* lines.c: an event as a line of one product's log. */

#include "lines.h"

#include "base/calendar.h"

#include <string.h>

static void append_padded(struct buf *out, uint64_t value, unsigned width, char pad)
{
    char text[20];
    unsigned at = sizeof text;

    do
        text[--at] = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    while (sizeof text - at < width)
        text[--at] = pad;
    buf_append(out, slice_of(text + at, sizeof text - at));
}

static void append_epoch_ms(struct buf *out, int64_t ts_ms)
{
    buf_append_uint(out, (uint64_t)ts_ms / 1000);
    buf_append_byte(out, '.');
    append_padded(out, (uint64_t)ts_ms % 1000, 3, '0');
}

static void append_clock(struct buf *out, const struct civil *c)
{
    append_padded(out, (uint64_t)c->hour, 2, '0');
    buf_append_byte(out, ':');
    append_padded(out, (uint64_t)c->minute, 2, '0');
    buf_append_byte(out, ':');
    append_padded(out, (uint64_t)c->second, 2, '0');
}

static void append_path(struct buf *out, uint64_t noise)
{
    static const char *const heads[] = {"/", "/img/", "/js/app.", "/api/v1/", "/a?id="};
    const size_t head = noise % (sizeof heads / sizeof heads[0]);

    buf_append_string(out, heads[head]);
    if (head != 0)
        buf_append_uint(out, noise >> 48);
}

static void append_url(struct buf *out, const struct event *e)
{
    if (!e->connect)
        buf_append_string(out, "http://");
    buf_append(out, e->host->name);
    if (e->connect)
        buf_append_string(out, ":443");
    else
        append_path(out, e->noise);
}

static unsigned http_status(const struct event *e)
{
    switch (e->outcome) {
    case OUTCOME_DENIED: return 403;
    case OUTCOME_FAILED: return 503;
    case OUTCOME_CHALLENGED: return 407;
    case OUTCOME_PASSED: break;
    }
    if (e->connect || (e->noise & 0xf00) != 0)
        return 200;
    return (e->noise & 0x1000) == 0 ? 304 : 404;
}

static const char *squid_code(const struct event *e)
{
    switch (e->outcome) {
    case OUTCOME_DENIED:
    case OUTCOME_CHALLENGED: return "TCP_DENIED/";
    case OUTCOME_FAILED: return "NONE_NONE/";
    case OUTCOME_PASSED: break;
    }
    if (e->connect)
        return "TCP_TUNNEL/";
    return (e->noise & 0x6000) == 0 ? "TCP_HIT/" : "TCP_MISS/";
}

static void append_squid(struct buf *out, const struct event *e)
{
    const bool refused = e->outcome == OUTCOME_DENIED || e->outcome == OUTCOME_CHALLENGED;

    append_epoch_ms(out, e->ts_ms);
    buf_append_byte(out, ' ');
    append_padded(out, e->elapsed_ms, 6, ' ');
    buf_append_byte(out, ' ');
    world_append_address(out, world_user_address(e->user));
    buf_append_byte(out, ' ');
    buf_append_string(out, squid_code(e));
    buf_append_uint(out, http_status(e));
    buf_append_byte(out, ' ');
    buf_append_uint(out, e->bytes_down);
    buf_append_string(out, e->connect ? " CONNECT " : " GET ");
    append_url(out, e);
    buf_append_byte(out, ' ');
    if (e->outcome == OUTCOME_CHALLENGED)
        buf_append_byte(out, '-');
    else
        world_append_user(out, e->user);
    if (refused || e->outcome == OUTCOME_FAILED) {
        buf_append_string(out, " HIER_NONE/- text/html\n");
        return;
    }
    buf_append_string(out, " HIER_DIRECT/");
    world_append_address(out, e->host->address);
    buf_append_string(out, e->connect ? " -\n" : " text/html\n");
}

static const char *some_qtype(uint64_t noise)
{
    static const char *const types[] = {"A", "A", "AAAA", "HTTPS"};

    return types[noise >> 40 & 3];
}

static void append_bind(struct buf *out, const struct event *e)
{
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const struct civil c = calendar_civil(e->ts_ms / 1000);

    append_padded(out, (uint64_t)c.day, 2, '0');
    buf_append_byte(out, '-');
    buf_append_string(out, months[c.month - 1]);
    buf_append_byte(out, '-');
    append_padded(out, (uint64_t)c.year, 4, '0');
    buf_append_byte(out, ' ');
    append_clock(out, &c);
    buf_append_byte(out, '.');
    append_padded(out, (uint64_t)e->ts_ms % 1000, 3, '0');
    buf_append_string(out, " queries: info: client @0x7f6c4");
    append_padded(out, e->noise & 63, 2, '0'); /* few clients are in memory at a time */
    buf_append_string(out, "a5168 ");
    world_append_address(out, world_user_address(e->user));
    buf_append_byte(out, '#');
    append_padded(out, 32768 + (e->noise >> 16 & 0x3fff), 5, '0');
    buf_append_string(out, " (");
    buf_append(out, e->host->name);
    buf_append_string(out, "): query: ");
    buf_append(out, e->host->name);
    buf_append_string(out, " IN ");
    buf_append_string(out, some_qtype(e->noise));
    buf_append_string(out, " +E(0)K (10.0.0.53)\n");
}

static const char *some_agent(uint32_t user)
{
    static const char *const agents[] = {
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/128.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
        "Gecko) Version/17.6 Mobile/15E148 Safari/604.1"};

    return agents[user % 3];
}

/* Columns of a secure web gateway's export, all quoted. */
#define CSV_HEADER                                                                                 \
    "\"datetime\",\"reason\",\"event_id\",\"protocol\",\"action\",\"transactionsize\","            \
    "\"responsesize\",\"requestsize\",\"urlcategory\",\"serverip\",\"requestmethod\","             \
    "\"refererURL\",\"useragent\",\"product\",\"location\",\"ClientIP\",\"status\",\"user\","      \
    "\"url\",\"vendor\",\"hostname\",\"clientpublicIP\",\"threatcategory\",\"threatname\","        \
    "\"filetype\",\"appname\",\"pagerisk\",\"department\",\"urlsupercategory\","                   \
    "\"dlpengine\"\n"

/* "2026-09-01", ${between}, "09:02:42". */
static void append_stamp(struct buf *out, int64_t ts_ms, const char *between)
{
    const struct civil c = calendar_civil(ts_ms / 1000);

    append_padded(out, (uint64_t)c.year, 4, '0');
    buf_append_byte(out, '-');
    append_padded(out, (uint64_t)c.month, 2, '0');
    buf_append_byte(out, '-');
    append_padded(out, (uint64_t)c.day, 2, '0');
    buf_append_string(out, between);
    append_clock(out, &c);
}

static void append_csv_result(struct buf *out, const struct event *e)
{
    const bool passed = e->outcome == OUTCOME_PASSED || e->outcome == OUTCOME_FAILED;

    buf_append_string(out, passed ? "\",\"Allowed\",\"" : "\",\"Not allowed\",\"");
    append_padded(out, e->noise >> 20, 13, '0');
    buf_append_string(out, e->connect ? "\",\"SSL\",\"" : "\",\"HTTP\",\"");
    buf_append_string(out, passed ? "Allowed\",\"" : "Blocked\",\"");
    buf_append_uint(out, e->bytes_up + e->bytes_down);
    buf_append_string(out, "\",\"");
    buf_append_uint(out, e->bytes_down);
    buf_append_string(out, "\",\"");
    buf_append_uint(out, e->bytes_up);
    buf_append_string(out, "\",\"Professional Services\",\"");
    world_append_address(out, e->host->address);
    buf_append_string(out, e->connect ? "\",\"CONNECT\"" : "\",\"GET\"");
}

static void append_csv(struct buf *out, const struct event *e)
{
    buf_append_byte(out, '"');
    append_stamp(out, e->ts_ms, " ");
    append_csv_result(out, e);
    buf_append_string(out, ",\"None\",\"");
    buf_append_string(out, some_agent(e->user));
    buf_append_string(out, "\",\"NSS\",\"Tokyo HQ\",\"");
    world_append_address(out, world_user_address(e->user));
    buf_append_string(out, "\",\"");
    buf_append_uint(out, http_status(e));
    buf_append_string(out, "\",\"");
    if (e->outcome != OUTCOME_CHALLENGED)
        world_append_user(out, e->user);
    buf_append_string(out, "\",\"");
    append_url(out, e);
    buf_append_string(out, "\",\"Zscaler\",\"");
    buf_append(out, e->host->name);
    buf_append_string(out, "\",\"192.0.2.1\",\"None\",\"None\",\"None\",\"General Browsing\",\"");
    buf_append_uint(out, e->noise >> 8 & 63);
    buf_append_string(out, "\",\"Sales\",\"Business and Economy\",\"None\"\n");
}

static void append_uid(struct buf *out, uint64_t noise)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    char uid[12] = "C";

    for (unsigned i = 1; i < sizeof uid; i++, noise /= 62)
        uid[i] = digits[noise % 62];
    buf_append(out, slice_of(uid, sizeof uid));
}

static void append_zeek_result(struct buf *out, const struct event *e)
{
    const unsigned status = http_status(e);

    buf_append_string(out, "\",\"version\":\"1.1\",\"user_agent\":\"");
    buf_append_string(out, some_agent(e->user));
    buf_append_string(out, "\",\"request_body_len\":");
    buf_append_uint(out, e->bytes_up);
    buf_append_string(out, ",\"response_body_len\":");
    buf_append_uint(out, e->bytes_down);
    buf_append_string(out, ",\"status_code\":");
    buf_append_uint(out, status);
    buf_append_string(out, status == 200   ? ",\"status_msg\":\"OK\",\"tags\":[]}\n"
                           : status == 403 ? ",\"status_msg\":\"Forbidden\",\"tags\":[]}\n"
                                           : ",\"status_msg\":\"-\",\"tags\":[]}\n");
}

static void append_zeek(struct buf *out, const struct event *e)
{
    buf_append_string(out, "{\"ts\":");
    append_epoch_ms(out, e->ts_ms);
    append_padded(out, e->noise & 255, 3, '0');
    buf_append_string(out, ",\"uid\":\"");
    append_uid(out, e->noise);
    buf_append_string(out, "\",\"id.orig_h\":\"");
    world_append_address(out, world_user_address(e->user));
    buf_append_string(out, "\",\"id.orig_p\":");
    append_padded(out, 32768 + (e->noise >> 16 & 0x3fff), 5, '0');
    buf_append_string(out, ",\"id.resp_h\":\"10.0.0.80\",\"id.resp_p\":3128,\"trans_depth\":1,"
                           "\"method\":\"");
    buf_append_string(out, e->connect ? "CONNECT" : "GET");
    buf_append_string(out, "\",\"host\":\"");
    buf_append(out, e->host->name);
    buf_append_string(out, "\",\"uri\":\"");
    append_url(out, e);
    append_zeek_result(out, e);
}

/* A proxy's W3C log. */
#define W3C_HEADER                                                                                 \
    "#Software: SGOS 7.3.6.1\n#Version: 1.0\n"                                                     \
    "#Fields: date time c-ip cs-username sc-status s-action sc-bytes cs-bytes cs-method cs-host "  \
    "cs-uri-port cs(User-Agent) sc-filter-result x-exception-id\n"

static void append_w3c(struct buf *out, const struct event *e)
{
    const bool refused = e->outcome == OUTCOME_DENIED || e->outcome == OUTCOME_CHALLENGED;

    append_stamp(out, e->ts_ms, " ");
    buf_append_byte(out, ' ');
    world_append_address(out, world_user_address(e->user));
    buf_append_byte(out, ' ');
    if (e->outcome == OUTCOME_CHALLENGED)
        buf_append_byte(out, '-');
    else
        world_append_user(out, e->user);
    buf_append_byte(out, ' ');
    buf_append_uint(out, http_status(e));
    buf_append_string(out, refused ? " TCP_DENIED " : " TCP_TUNNELED ");
    buf_append_uint(out, e->bytes_down);
    buf_append_byte(out, ' ');
    buf_append_uint(out, e->bytes_up);
    buf_append_string(out, e->connect ? " CONNECT " : " GET ");
    buf_append(out, e->host->name);
    buf_append_string(out, e->connect ? " 443 \"" : " 80 \"");
    buf_append_string(out, some_agent(e->user));
    buf_append_string(out, refused ? "\" DENIED policy_denied\n" : "\" OBSERVED -\n");
}

static void append_kv_result(struct buf *out, const struct event *e)
{
    const bool refused = e->outcome == OUTCOME_DENIED || e->outcome == OUTCOME_CHALLENGED;

    buf_append_string(out, " dstip=");
    world_append_address(out, e->host->address);
    buf_append_string(out, " dstport=443 service=\"HTTPS\" hostname=\"");
    buf_append(out, e->host->name);
    buf_append_string(out, refused ? "\" action=\"blocked\" httpmethod=\""
                                   : "\" action=\"accept\" httpmethod=\"");
    buf_append_string(out, e->connect ? "CONNECT\" statuscode=\"" : "GET\" statuscode=\"");
    buf_append_uint(out, http_status(e));
    buf_append_string(out, "\" sentbyte=");
    buf_append_uint(out, e->bytes_up);
    buf_append_string(out, " rcvdbyte=");
    buf_append_uint(out, e->bytes_down);
    buf_append_string(out, " agent=\"");
    buf_append_string(out, some_agent(e->user));
    buf_append_string(out, "\"\n");
}

/* A firewall's transactions, key=value behind a syslog priority. */
static void append_kv(struct buf *out, const struct event *e)
{
    buf_append_string(out, "<189>date=");
    append_stamp(out, e->ts_ms, " time=");
    buf_append_string(out, " devname=\"fw1\" devid=\"FPX0000000000000\" eventtime=");
    buf_append_uint(out, (uint64_t)e->ts_ms);
    append_padded(out, e->noise % 1000000, 6, '0');
    buf_append_string(out, " tz=\"+0000\" logid=\"0010000099\" type=\"traffic\" "
                           "subtype=\"http-transaction\" level=\"notice\" vd=\"root\" srcip=");
    world_append_address(out, world_user_address(e->user));
    buf_append_string(out, " srcport=");
    append_padded(out, 32768 + (e->noise >> 16 & 0x3fff), 5, '0');
    if (e->outcome != OUTCOME_CHALLENGED) {
        buf_append_string(out, " user=\"");
        world_append_user(out, e->user);
        buf_append_byte(out, '"');
    }
    append_kv_result(out, e);
}

static const struct line_format formats[] = {
    {"squid", "", append_squid, {.users = true, .verdicts = true, .down = true, .durations = true}},
    {"bind", "", append_bind, {.dns = true, .verdicts = true}},
    {"csv", CSV_HEADER, append_csv, {.users = true, .verdicts = true, .up = true, .down = true}},
    {"zeek-http-json", "", append_zeek, {.verdicts = true, .up = true, .down = true}},
    {"bluecoat-w3c",
     W3C_HEADER,
     append_w3c,
     {.users = true, .verdicts = true, .up = true, .down = true}},
    {"fortigate-kv", "", append_kv, {.users = true, .verdicts = true, .up = true, .down = true}},
};

const char line_format_names[] = "squid, bind, csv, zeek-http-json, bluecoat-w3c or fortigate-kv";

const struct line_format *line_format_find(const char *name)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}
