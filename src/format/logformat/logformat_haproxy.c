/* logformat_haproxy.c: the variables of HAProxy's log-format. */
#include "format/logformat/logformat_internal.h"

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

/* %[date], with a unit or written by ltime or utime. */
static void read_date(struct logformat_piece *piece, struct slice e)
{
    struct slice name, rest, before, format;

    slice_cut(e, ',', &name, &rest);
    if (slice_is(e, "date") || slice_is(e, "date()") || slice_is(e, "request_date"))
        piece->time = LOGFORMAT_EPOCH;
    else if (slice_is(e, "date(0,ms)") || slice_is(e, "request_date(ms)"))
        piece->time = LOGFORMAT_EPOCH_MS;
    else if (slice_is(e, "date(0,us)") || slice_is(e, "request_date(us)"))
        piece->time = LOGFORMAT_EPOCH_US;
    else if ((slice_is(name, "date") || slice_is(name, "request_date")) &&
             (slice_starts_with(rest, SLICE("ltime(")) ||
              slice_starts_with(rest, SLICE("utime(")))) {
        slice_cut(rest, '(', &before, &format);
        slice_cut(format, ')', &format, &rest);
        piece->time = LOGFORMAT_STAMP;
        piece->pattern = format;
        piece->utc = slice_starts_with(before, SLICE("utime"));
    }
}

static const struct logformat_time_code times[] = {
    {"t", LOGFORMAT_STAMP, "%d/%b/%Y:%H:%M:%S%f"},
    {"tr", LOGFORMAT_STAMP, "%d/%b/%Y:%H:%M:%S%f"},
    {"T", LOGFORMAT_STAMP, "%d/%b/%Y:%H:%M:%S %z"},
    {"Tl", LOGFORMAT_STAMP, "%d/%b/%Y:%H:%M:%S %z"},
    {"trl", LOGFORMAT_STAMP, "%d/%b/%Y:%H:%M:%S %z"},
    {"trg", LOGFORMAT_STAMP, "%d/%b/%Y:%H:%M:%S %z"},
    {"Ts", LOGFORMAT_EPOCH, ""},
    {"ms", LOGFORMAT_FRACTION, ""},
    {NULL, LOGFORMAT_NO_TIME, NULL},
};

/* Of those in quotes where all are: numbers, times and states are not. */
static bool is_text(const struct logformat_piece *piece)
{
    static const char *const texts[] = {"ci",  "src", "si",   "bi",   "fi",    "r",          "HM",
                                        "HU",  "HV",  "HP",   "HQ",   "f",     "ft",         "b",
                                        "s",   "H",   "ID",   "CC",   "CS",    "hr",         "hs",
                                        "HPO", "sni", "sslc", "sslv", "agent", "host_header"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (slice_is(piece->code, texts[i]))
            return true;
    return slice_find(piece->code, '.') < piece->code.len; /* an expression */
}

/* %{flags}o: flags of all that follows. It stands for nothing, the blank behind it, too. */
static void take_flags(struct logformat_scan *s, struct slice flags)
{
    *s->quotes = holds(flags, "+Q");
    s->piece->is_code = false;
    while (slice_starts_with(s->rest, SLICE(" ")))
        s->rest = slice_from(s->rest, 1);
}

/* %{flags}name or %{flags}[expression]; the flag +Q puts quotes around the value. */
static bool take(struct logformat_scan *s)
{
    struct logformat_piece *piece = s->piece;
    struct slice flags;

    if (!logformat_take_argument(s, &flags))
        return false;
    piece->quoted = holds(flags, "+Q");
    s->why = "expected a variable of HAProxy's behind %";
    if (s->rest.len > 0 && s->rest.ptr[0] == '[') {
        size_t end = slice_find(s->rest, ']');

        if (end == s->rest.len)
            return false;
        piece->code = expression_code(slice_of(s->rest.ptr + 1, end - 1));
        read_date(piece, piece->code);
        s->rest = slice_from(s->rest, end + 1);
        piece->quoted |= *s->quotes && !holds(flags, "-Q") && is_text(piece);
        return true;
    }
    piece->code = logformat_take_word(s, "");
    if (slice_is(piece->code, "o")) {
        take_flags(s, flags);
        return true;
    }
    piece->quoted |= *s->quotes && !holds(flags, "-Q") && is_text(piece);
    piece->vanishes = slice_is(piece->code, "hr") || slice_is(piece->code, "hs");
    logformat_read_time(piece, times);
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
