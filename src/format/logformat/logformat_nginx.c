/* logformat_nginx.c: the variables of nginx's log_format. */
#include "format/logformat/logformat_internal.h"

#include <string.h>

static const struct logformat_code codes[] = {
    {"remote_addr", "client"},
    {"remote_user", "user:text"},
    {"request", "request:text"},
    {"request_method", "method"},
    {"request_uri", "path:text"},
    {"status", "status:count"},
    {"bytes_sent", "out:count"},
    {"body_bytes_sent", "body:count"},
    {"request_length", "in:count"},
    {"bytes_received", "received:count"},
    {"upstream_bytes_sent", "sent_on"},
    {"http_user_agent", "agent:text"},
    {"http_host", "host_header:text"},
    {"host", "host_name:text"},
    {"host_uri", "host_uri"}, /* one behind the other */
    {"whole_url", "whole_url"},
    {"remote_port", ":count"},
    {"server_port", ":count"},
    {"connection", ":count"},
    {"connection_requests", ":count"},
    {"server_protocol", ":"},
    {"scheme", ":"},
    {"pipe", ":"},
    {"http_x_forwarded_for", "forwarded:list"},
    {"connect_host", "connect_host:text"},
    {"ssl_preread_server_name", "sni:text"},
    {"upstream_addr", "peer:text"},
    {"request_time", "elapsed"},
    {"session_time", "elapsed"},
    {NULL, NULL},
};

static const struct logformat_rule rules[] = {
    {"elapsed = elapsed none \"-\" seconds", NULL},
    {"client = client address", NULL},
    {"client = forwarded none \"-\" before \",\" address", "client"},
    {"user = user none \"-\" @", NULL},
    {"host = request after \" \" before-last \" \" @ url-host", NULL},
    {"host = path @ url-host", NULL},
    {"host = connect_host none \"-\" none \"\" host", NULL},
    {"host = whole_url @ url-host", NULL},
    {"host = host_uri @ url-host", NULL},
    {"host = host_header @ none \"-\" url-host", "request"},
    {"host = host_name @ none \"-\" url-host", "request"},
    {"host = sni none \"-\" host", NULL},
    {"url = request after \" \" before-last \" \" @ whole-url", NULL},
    {"url = whole_url @ whole-url", NULL},
    {"url = path @ whole-url", "request"},
    {"method = request only \"* *\" before \" \"", NULL},
    {"method = method none \"-\"", NULL},
    {"status = status none \"-\"", "sni"},
    {"bytes_up = in none \"-\"", NULL},
    {"bytes_up = sent_on none \"-\"", NULL},
    {"bytes_up = received none \"-\"", NULL},
    {"bytes_down = out none \"-\"", NULL},
    {"bytes_down = body none \"-\"", NULL},
    {"user_agent = agent none \"-\" @", NULL},
    {"action = status map \"403\" blocked \"407\" none \"400\" none \"-\" none \"*\" allowed",
     "sni"},
    {"dest_ip = sni+peer none \"- *\" after \" \" address", NULL},
    {NULL, NULL},
};

/* Where the first string in quotes begins; the end where a variable stands before any quote. */
static size_t find_quote(struct slice line)
{
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] == '\'' || line.ptr[i] == '"')
            return i;
        if (line.ptr[i] == '$')
            break;
    }
    return line.len;
}

/* Does a variable stand in it? */
static bool has_code(struct slice line)
{
    return slice_find(line, '$') < line.len;
}

bool logformat_nginx_goes_on(struct slice line)
{
    return !slice_ends_with(line, SLICE(";")) && (find_quote(line) < line.len || !has_code(line));
}

bool logformat_nginx_is_raw(struct slice line)
{
    struct slice head = slice_of(line.ptr, find_quote(line));

    return head.len < line.len && slice_find_slice(head, SLICE("escape=none")) < head.len;
}

/* The string whose quote begins ${line}, its backslashes undone. Returns: its length with both
 * quotes, 0 where the second is missing. */
static size_t unquote(struct slice line, struct buf *out)
{
    for (size_t i = 1; i < line.len; i++) {
        if (line.ptr[i] == line.ptr[0])
            return i + 1;
        if (line.ptr[i] == '\\' && i + 1 < line.len) {
            char next = line.ptr[++i];

            if (next == 't')
                next = '\t';
            else if (next != '\\' && next != '"' && next != '\'')
                buf_append_byte(out, '\\');
            buf_append_byte(out, next);
            continue;
        }
        buf_append_byte(out, line.ptr[i]);
    }
    return 0;
}

/* NAME [escape=…] 'STRING' 'STRING' … ; or the string alone, without quotes. */
static const char *unwrap(struct slice line, struct buf *out)
{
    size_t first = find_quote(line);

    if (first == line.len) {
        buf_append(out, line);
        return NULL;
    }
    for (line = slice_from(line, first); line.len > 0 && line.ptr[0] != ';';) {
        size_t len = line.ptr[0] == '\'' || line.ptr[0] == '"' ? unquote(line, out) : line.len + 1;

        if (len > line.len)
            return "expected a string in quotes, or ;";
        if (len == 0)
            return "this quote is not closed";
        line = slice_trim(slice_from(line, len));
    }
    return NULL;
}

static const struct logformat_time_code times[] = {
    {"time_local", LOGFORMAT_STAMP, "%d/%b/%Y:%H:%M:%S %z"},
    {"time_iso8601", LOGFORMAT_STAMP, "%Y-%m-%dT%H:%M:%S%z"},
    {"msec", LOGFORMAT_EPOCH, ""},
    {NULL, LOGFORMAT_NO_TIME, NULL},
};

/* $NAME at the begin of the rest, if it stands there. */
static bool take_name(struct logformat_scan *s, const char *name)
{
    struct logformat_scan ahead = {.rest = s->rest};

    if (!slice_starts_with(s->rest, SLICE("$")))
        return false;
    ahead.rest = slice_from(ahead.rest, 1);
    if (!slice_is(logformat_take_word(&ahead, "_"), name))
        return false;
    s->rest = ahead.rest;
    return true;
}

static bool take_one_of(struct logformat_scan *s, const char *const names[])
{
    for (size_t i = 0; names[i] != NULL; i++)
        if (take_name(s, names[i]))
            return true;
    return false;
}

/* Host and path, with nothing between them or $scheme:// before them, are one value. */
static void take_url(struct logformat_scan *s)
{
    static const char *const hosts[] = {"host", "http_host", "proxy_host", "server_name", NULL};
    static const char *const paths[] = {"request_uri", "uri", "document_uri", NULL};
    struct slice *code = &s->piece->code;
    struct logformat_scan ahead = {
        .rest = slice_from(s->rest, slice_starts_with(s->rest, SLICE("://")) ? 3 : 0)};

    if (slice_is(*code, "scheme") && ahead.rest.len < s->rest.len && take_one_of(&ahead, hosts)) {
        s->rest = ahead.rest;
        take_one_of(s, paths);
        *code = slice_of_string("whole_url");
        return;
    }
    for (size_t i = 0; hosts[i] != NULL; i++)
        if (slice_is(*code, hosts[i]) && take_one_of(s, paths)) {
            *code = slice_of_string("host_uri");
            return;
        }
}

/* $name or ${name}. */
static bool take(struct logformat_scan *s)
{
    struct logformat_piece *piece = s->piece;

    if (!logformat_take_argument(s, &piece->code))
        return false;
    if (piece->code.len == 0)
        piece->code = logformat_take_word(s, "_");
    take_url(s);
    logformat_read_time(piece, times);
    s->why = "expected the name of a variable behind $";
    return piece->code.len > 0;
}

const struct logformat_dialect logformat_nginx = {
    .keyword = "log_format",
    .undo = "hex-escapes",
    .escapes_quotes = true,
    .sign = '$',
    .unwrap = unwrap,
    .take = take,
    .codes = codes,
    .rules = rules,
};

/* With escape=none. */
const struct logformat_dialect logformat_nginx_raw = {
    .keyword = "log_format",
    .undo = "",
    .sign = '$',
    .unwrap = unwrap,
    .take = take,
    .codes = codes,
    .rules = rules,
};
