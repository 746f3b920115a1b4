/* logformat_haproxy.c: the variables of HAProxy's log-format. */
#include "format/logformat_internal.h"

#include <string.h>

static const struct logformat_code codes[] = {
    {"ci", "client"},
    {"src", "client"},
    {"r", "request:text"},
    {"HM", "method"},
    {"HU", "path:text"},
    {"ST", "status:count"},
    {"B", "out:count"},
    {"U", "up:count"},
    {"sni", "sni:text"},
    {"agent", "agent:text"},
    {"host_header", "host_header:text"},
    {"cp", ":count"},
    {"fp", ":count"},
    {"bp", ":count"},
    {"sp", ":count"},
    {"bi", ":"},
    {"fi", ":"},
    {"si", ":"},
    {"ft", ":"},
    {"b", ":"},
    {"s", ":"},
    {"tsc", ":"},
    {NULL, NULL},
};

static const struct logformat_rule rules[] = {
    {"client = client address", NULL},
    {"host = request after \" \" before-last \" \" url-host", NULL},
    {"host = path url-host", NULL},
    {"host = host_header none \"-\" url-host", "request"},
    {"host = sni none \"-\" host", NULL},
    {"url = request after \" \" before-last \" \" whole-url", NULL},
    {"url = path whole-url", "request"},
    {"method = request only \"* *\" before \" \"", NULL},
    {"method = method none \"-\"", NULL},
    {"status = status none \"-1\" none \"-\"", NULL},
    {"bytes_up = up none \"-\"", NULL},
    {"bytes_down = out none \"-\"", NULL},
    {"user_agent = agent none \"-\"", NULL},
    {"action = status map \"403\" blocked \"407\" none \"400\" none \"-1\" none \"*\" allowed",
     NULL},
    {NULL, NULL},
};

/* "STRING", or the string with a backslash before each blank and quote. */
static const char *unwrap(struct slice line, struct buf *out)
{
    bool quoted = line.len > 0 && line.ptr[0] == '"';

    for (size_t i = quoted ? 1 : 0; i < line.len; i++) {
        if (quoted && line.ptr[i] == '"')
            return NULL;
        if (line.ptr[i] == '\\' && i + 1 < line.len)
            i++;
        buf_append_byte(out, line.ptr[i]);
    }
    return quoted ? "this quote is not closed" : NULL;
}

static bool holds(struct slice expression, const char *what)
{
    return slice_find_slice(expression, slice_of_string(what)) < expression.len;
}

/* %[expression]: a few say which field they are; the others are columns under their own text. */
static struct slice expression_code(struct slice e)
{
    if (holds(e, "ssl_sni") || holds(e, "ssl_fc_sni"))
        return slice_of_string("sni");
    if (holds(e, "hdr(host)") || holds(e, "hdr(Host)"))
        return slice_of_string("host_header");
    if (holds(e, "(user-agent)") || holds(e, "(User-Agent)"))
        return slice_of_string("agent");
    return e;
}

static void read_time(struct logformat_piece *piece)
{
    static const struct {
        const char *name;
        enum logformat_time time;
        const char *pattern;
    } times[] = {
        {"t", LOGFORMAT_STAMP, "%d/%b/%Y:%H:%M:%S%f"},
        {"tr", LOGFORMAT_STAMP, "%d/%b/%Y:%H:%M:%S%f"},
        {"T", LOGFORMAT_STAMP, "%d/%b/%Y:%H:%M:%S %z"},
        {"Tl", LOGFORMAT_STAMP, "%d/%b/%Y:%H:%M:%S %z"},
        {"trl", LOGFORMAT_STAMP, "%d/%b/%Y:%H:%M:%S %z"},
        {"trg", LOGFORMAT_STAMP, "%d/%b/%Y:%H:%M:%S %z"},
        {"Ts", LOGFORMAT_EPOCH, ""},
        {"ms", LOGFORMAT_FRACTION, ""},
    };

    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (slice_is(piece->code, times[i].name)) {
            piece->time = times[i].time;
            piece->pattern = slice_of_string(times[i].pattern);
        }
}

/* %{flags}name or %{flags}[expression]; the flag +Q puts quotes around the value. */
static bool take(struct logformat_scan *s)
{
    struct logformat_piece *piece = s->piece;

    if (!logformat_take_argument(s, &piece->argument))
        return false;
    piece->quoted = holds(piece->argument, "+Q");
    piece->argument.len = 0;
    s->why = "expected a variable of HAProxy's behind %";
    if (s->rest.len > 0 && s->rest.ptr[0] == '[') {
        size_t end = slice_find(s->rest, ']');

        if (end == s->rest.len)
            return false;
        piece->code = expression_code(slice_of(s->rest.ptr + 1, end - 1));
        s->rest = slice_from(s->rest, end + 1);
        return true;
    }
    piece->code = logformat_take_word(s, "");
    piece->vanishes = slice_is(piece->code, "hr") || slice_is(piece->code, "hs");
    read_time(piece);
    return piece->code.len > 0;
}

const struct logformat_dialect logformat_haproxy = {
    .keyword = "log-format",
    .undo = "",
    .sign = '%',
    .unwrap = unwrap,
    .take = take,
    .codes = codes,
    .rules = rules,
};
