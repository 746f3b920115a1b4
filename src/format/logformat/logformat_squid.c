/* logformat_squid.c: the codes of Squid's logformat. */
#include "format/logformat/logformat_internal.h"

#include <string.h>

static const struct logformat_code codes[] = {
    {">a", "client"},
    {">A", "client_name"},
    {"ul", "ul:text"},
    {"un", "un:text"},
    {"ue", "ue:text"},
    {"us", "us:text"},
    {"ui", "ui:text"},
    {"ru", "url"},
    {">ru", "url"},
    {"<ru", "url_sent"},
    {"rd", "domain"},
    {">rd", "domain"},
    {"<rd", "domain"},
    {"ssl::>sni", "sni"},
    {"rm", "method"},
    {">rm", "method"},
    {"<rm", "method_sent"},
    {">Hs", "status:count"},
    {"Hs", "status:count"},
    {"<Hs", "status_received:count"},
    {">st", "up:count"},
    {"<st", "down:count"},
    {"Ss", "result"},
    {"Sh", "hierarchy"},
    {"<a", "peer"},
    {"tr", "elapsed:count"},
    {">h", ":text"},
    {"agent", "agent:text"},
    {"host_header", "host_header:text"},
    {"forwarded", "forwarded:list"},
    {"mt", ":"},
    {"st", ":count"},
    {"dt", ":count"},
    {"<pt", ":count"},
    {"<tt", ":count"},
    {"<A", ":"},
    {">p", ":count"},
    {"<p", ":count"},
    {">la", ":"},
    {">lp", ":count"},
    {"<la", ":"},
    {"<lp", ":count"},
    {">eui", ":"},
    {">rs", ":"},
    {">rP", ":"},
    {">rp", ":"},
    {">rv", ":"},
    {"rs", ":"},
    {"rP", ":"},
    {"rp", ":"},
    {"rv", ":"},
    {">sh", ":count"},
    {"<sh", ":count"},
    {"<bs", ":count"},
    {"<h", ":text"},
    {"et", ":text"},
    {"ea", ":text"},
    {"sn", ":count"},
    {"lp", ":count"},
    {"la", ":"},
    {"err_code", ":"},
    {"ssl::bump_mode", ":"},
    {"ts", ""},
    {"tu", ""},
    {"tl", ""},
    {"tg", ""},
    {"tS", ":text"},
    {NULL, NULL},
};

static const struct logformat_rule rules[] = {
    {"elapsed = elapsed none \"-*\" milliseconds", NULL},
    {"client = client address", NULL},
    {"client = client none \"-\" none \"*:*\" host", NULL},
    {"client = client_name none \"-\" host", NULL},
    {"client = forwarded none \"-\" before \",\" address", "client"},
    {"user = ul none \"-\" @", NULL},
    {"user = un none \"-\" @", NULL},
    {"user = ue none \"-\" @", NULL},
    {"user = us none \"-\" @", NULL},
    {"user = ui none \"-\" @", NULL},
    {"host = method+sni only \"CONNECT *\" after \" \" none \"-\"", NULL},
    {"host = url @ none \"error:*\" none \"cache_object:*\" none \"urn:*\" url-host", NULL},
    {"host = domain @ none \"-\" host", NULL},
    {"host = url_sent @ none \"error:*\" url-host", NULL},
    {"host = host_header @ none \"-\" url-host", NULL},
    {"host = sni none \"-\" host", NULL},
    {"url = url @ whole-url", NULL},
    {"method = method none \"-\" none \"NONE\"", NULL},
    {"method = method_sent none \"-\" none \"NONE\"", NULL},
    {"status = status none \"-\"", NULL},
    {"bytes_up = up none \"-\"", NULL},
    {"bytes_down = down none \"-\"", NULL},
    {"action = result map \"TCP_DENIED*\" blocked \"ERR_PROXY_DENIED*\" blocked \"NONE*\" none "
     "\"TAG_NONE*\" none \"*\" allowed",
     NULL},
    {"action = status map \"403\" blocked \"407\" none \"400\" none \"-\" none \"*\" allowed",
     "result"},
    {"user_agent = agent @ none \"-\"", NULL},
    {"dest_ip = hierarchy+peer none \"*PARENT*\" none \"* -\" after \" \" address", NULL},
    {"dest_ip = peer none \"-\" address", "hierarchy"},
    {NULL, NULL},
};

/* `NAME STRING`, or the string alone, whose first word holds a code then. */
static const char *unwrap(struct slice line, struct buf *out)
{
    struct slice name, rest;

    if (slice_cut(line, ' ', &name, &rest) && slice_find(name, '%') == name.len)
        line = slice_trim(rest);
    buf_append(out, line);
    return NULL;
}

/* Signs for how a value is quoted; then width and precision. */
static void take_modifiers(struct logformat_scan *s)
{
    static const struct {
        char sign;
        const char *undo;
    } quotings[] = {{'"', "hex-escapes"},
                    {'[', "percent backslash"},
                    {'#', "percent"},
                    {'/', "quoted backslash"},
                    {'\'', ""}};

    for (; s->rest.len > 0; s->rest = slice_from(s->rest, 1)) {
        char c = s->rest.ptr[0];
        bool known = (c >= '0' && c <= '9') || c == '-' || c == '.';

        s->piece->padded |= known && c != '0';
        for (size_t i = 0; i < sizeof quotings / sizeof *quotings; i++)
            if (c == quotings[i].sign) {
                s->piece->undo = quotings[i].undo;
                s->piece->escaped = c == '"' && s->piece->open == '"';
                s->piece->open = c;
                known = true;
            }
        if (!known)
            return;
    }
}

/* The longest code of the table that stands there, else all that looks like one. */
static struct slice take_code(struct logformat_scan *s)
{
    struct slice code = slice_of(s->rest.ptr, 0);

    for (const struct logformat_code *c = codes; c->code != NULL; c++)
        if (strlen(c->code) > code.len && slice_starts_with(s->rest, slice_of_string(c->code)))
            code.len = strlen(c->code);
    if (code.len > 0) {
        s->rest = slice_from(s->rest, code.len);
        return code;
    }
    if (s->rest.len > 0 && (s->rest.ptr[0] == '>' || s->rest.ptr[0] == '<'))
        s->rest = slice_from(s->rest, 1);
    logformat_take_word(s, "_<>");
    while (slice_starts_with(s->rest, SLICE("::"))) { /* a colon alone stands behind the code */
        s->rest = slice_from(s->rest, 2);
        logformat_take_word(s, "_<>");
    }
    code.len = (size_t)(s->rest.ptr - code.ptr);
    return code;
}

static void read_time(struct logformat_piece *piece)
{
    if (slice_is(piece->code, "ts"))
        piece->time = LOGFORMAT_EPOCH;
    else if (slice_is(piece->code, "tu"))
        piece->time = LOGFORMAT_FRACTION;
    else if (slice_is(piece->code, "tl") || slice_is(piece->code, "tg"))
        piece->time = LOGFORMAT_STAMP;
    piece->utc = slice_is(piece->code, "tg");
    piece->pattern = piece->argument;
    piece->zone_may_follow = piece->utc && piece->argument.len == 0; /* old versions write it */
    if (piece->argument.len == 0)
        piece->pattern = slice_of_string(piece->utc ? "%d/%b/%Y:%H:%M:%S" : "%d/%b/%Y:%H:%M:%S %z");
}

/* Outside of quotes and brackets blanks in headers are %20. */
static void read_header(struct logformat_piece *piece)
{
    if (piece->open == '\0' && piece->argument.len > 0 &&
        (slice_is(piece->code, ">h") || slice_is(piece->code, "<h") ||
         slice_is(piece->code, ">ha"))) {
        piece->undo = "percent";
        piece->class = "";
    }
    if (slice_is(piece->code, ">h") || slice_is(piece->code, ">ha"))
        logformat_name_header(piece);
}

static bool take(struct logformat_scan *s)
{
    struct logformat_piece *piece = s->piece;

    take_modifiers(s);
    if (!logformat_take_argument(s, &piece->argument))
        return false;
    take_modifiers(s);
    piece->code = take_code(s);
    if (piece->argument.len == 0 && !logformat_take_argument(s, &piece->argument))
        return false;
    if (slice_starts_with(piece->code, SLICE("http::")))
        piece->code = slice_from(piece->code, strlen("http::"));
    read_time(piece);
    read_header(piece);
    s->why = "expected a code of Squid's behind %";
    return piece->code.len > 0;
}

const struct logformat_dialect logformat_squid = {
    .keyword = "logformat",
    .undo = "",
    .undo_in_quotes = "hex-escapes",
    .undo_in_brackets = "percent backslash",
    .escapes_quotes = true,
    .sign = '%',
    .unwrap = unwrap,
    .take = take,
    .codes = codes,
    .rules = rules,
};
