/* logformat_apache.c: the codes of Apache's LogFormat. */
#include "format/logformat/logformat_internal.h"

#include <string.h>

static const struct logformat_code codes[] = {
    {"h", "client"},
    {"a", "address"},
    {"c:a", "peer"}, /* of the connection, where a is what a header said */
    {"u", "user:text"},
    {"r", "request:text"},
    {"m", "method"},
    {"U", "path:text"},
    {"Uq", "path_query:text"},
    {">s", "status:count"},
    {"s", "first_status:count"},
    {"<s", "first_status:count"},
    {"O", "out:count"},
    {"b", "body:count"},
    {"B", "body:count"},
    {"I", "in:count"},
    {"agent", "agent:text"},
    {"host_header", "host_header:text"},
    {"forwarded", "forwarded:list"},
    {"D", ":count"},
    {"k", ":count"},
    {"p", ":count"},
    {"S", ":count"},
    {"T", ":count"},
    {"l", ":"},
    {"v", ":"},
    {"V", ":"},
    {"A", ":"},
    {"H", ":"},
    {"L", ":"},
    {"P", ":"},
    {"X", ":"},
    {"q", ":"},
    {NULL, NULL},
};

static const struct logformat_rule rules[] = {
    {"client = client address", NULL},
    {"client = client none \"-\" none \"*:*\" host", NULL},
    {"client = address address", NULL},
    {"client = peer address", NULL},
    {"client = forwarded none \"-\" before \",\" address", "client"},
    {"user = user none \"-\" none \"\\\"\\\"\" @", NULL},
    {"host = request after \" \" before-last \" \" @ url-host", NULL},
    {"host = path @ url-host", NULL},
    {"host = path_query @ url-host", NULL},
    {"host = host_header @ none \"-\" url-host", "request"},
    {"url = request after \" \" before-last \" \" @ whole-url", NULL},
    {"url = path_query only \"*?*?*\" before-last \"?\" @ whole-url", "request"},
    {"url = path_query @ whole-url", "request"},
    {"url = path @ whole-url", "request"},
    {"method = request only \"* *\" before \" \"", NULL},
    {"method = method none \"-\"", NULL},
    {"status = status none \"-\"", NULL},
    {"status = first_status none \"-\"", NULL},
    {"bytes_up = in none \"-\"", NULL},
    {"bytes_down = out none \"-\"", NULL},
    {"bytes_down = body none \"-\"", NULL},
    {"user_agent = agent none \"-\" @", NULL},
    {"action = status map \"403\" blocked \"407\" none \"400\" none \"-\" none \"*\" allowed",
     NULL},
    {"action = first_status map \"403\" blocked \"407\" none \"400\" none \"-\" none \"*\" allowed",
     "status:count"},
    {NULL, NULL},
};

/* "STRING" NAME, with \" and \\ in it; or the string alone, without quotes. */
static const char *unwrap(struct slice line, struct buf *out)
{
    if (line.len == 0 || (line.ptr[0] != '"' && line.ptr[0] != '\'')) {
        buf_append(out, line);
        return NULL;
    }
    for (size_t i = 1; i < line.len; i++) {
        if (line.ptr[i] == line.ptr[0])
            return NULL;
        if (line.ptr[i] == '\\' && i + 1 < line.len) {
            char c = line.ptr[++i];

            if (c == 't')
                c = '\t';
            if (c != line.ptr[0] && c != '\\' && c != '\t' && c != '"')
                buf_append_byte(out, '\\');
            buf_append_byte(out, c);
            continue;
        }
        buf_append_byte(out, line.ptr[i]);
    }
    return "this quote is not closed";
}

/* FILE "STRING" …: a format that has no name. */
static const char *unwrap_custom(struct slice line, struct buf *out)
{
    struct slice rest = line.len > 0 && line.ptr[0] == '"' ? slice_from(line, 1) : line;
    size_t end = slice_find(rest, rest.ptr == line.ptr ? ' ' : '"');

    rest = slice_trim(slice_from(rest, end < rest.len ? end + 1 : end));
    if (rest.len == 0 || rest.ptr[0] != '"')
        return "expected a format in quotes behind the file";
    return unwrap(rest, out);
}

/* The argument of %{…}t. */
static void read_time(struct logformat_piece *piece)
{
    struct slice format = piece->argument;

    piece->bracketed = format.len == 0;
    if (slice_starts_with(format, SLICE("begin:")))
        format = slice_from(format, strlen("begin:"));
    else if (slice_starts_with(format, SLICE("end:")))
        format = slice_from(format, strlen("end:"));
    piece->time = slice_is(format, "sec")    ? LOGFORMAT_EPOCH
                  : slice_is(format, "msec") ? LOGFORMAT_EPOCH_MS
                  : slice_is(format, "usec") ? LOGFORMAT_EPOCH_US
                  : slice_is(format, "msec_frac") || slice_is(format, "usec_frac")
                      ? LOGFORMAT_FRACTION
                      : LOGFORMAT_STAMP;
    piece->pattern = format.len == 0 ? slice_of_string("%d/%b/%Y:%H:%M:%S %z") : format;
}

static void read_argument(struct logformat_piece *piece)
{
    if (slice_is(piece->code, "t"))
        read_time(piece);
    if (slice_is(piece->code, "a") && slice_is(piece->argument, "c"))
        piece->code = slice_of_string("c:a");
    if (slice_is(piece->code, "i"))
        logformat_name_header(piece);
}

/* %[!]200,304[<>]{argument}X, where X may be ^ti or ^to. */
static bool take(struct logformat_scan *s)
{
    struct logformat_piece *piece = s->piece;
    bool first = false;

    for (; s->rest.len > 0 && strchr("!,0123456789<>", s->rest.ptr[0]) != NULL;
         s->rest = slice_from(s->rest, 1))
        first |= s->rest.ptr[0] == '<';
    if (!logformat_take_argument(s, &piece->argument))
        return false;
    while (s->rest.len > 0 && (s->rest.ptr[0] == '<' || s->rest.ptr[0] == '>'))
        s->rest = slice_from(s->rest, 1);
    piece->code = slice_of(s->rest.ptr, s->rest.len > 0 && s->rest.ptr[0] == '^' ? 3 : 1);
    s->why = "expected a letter of LogFormat behind %";
    if (piece->code.len > s->rest.len)
        return false;
    s->rest = slice_from(s->rest, piece->code.len);
    if (slice_is(piece->code, "U") && slice_starts_with(s->rest, SLICE("%q"))) {
        s->rest = slice_from(s->rest, 2); /* of a whole URL the first has the query, too */
        piece->code = slice_of_string("Uq");
    }
    if (slice_is(piece->code, "s"))
        piece->code = slice_of_string(first ? "<s" : ">s");
    piece->vanishes = slice_is(piece->code, "q");
    read_argument(piece);
    return true;
}

const struct logformat_dialect logformat_apache = {
    .keyword = "LogFormat",
    .undo = "hex-escapes",
    .escapes_quotes = true,
    .sign = '%',
    .unwrap = unwrap,
    .take = take,
    .codes = codes,
    .rules = rules,
};

const struct logformat_dialect logformat_apache_custom = {
    .keyword = "CustomLog",
    .undo = "hex-escapes",
    .escapes_quotes = true,
    .sign = '%',
    .unwrap = unwrap_custom,
    .take = take,
    .codes = codes,
    .rules = rules,
};
