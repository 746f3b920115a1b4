/* logformat_pieces.c: a server's format string, cut into codes and what stands between them. */
#include "base/arena.h"
#include "format/definition/definition_parser.h"
#include "format/logformat/logformat_internal.h"

#include <string.h>

bool logformat_take_argument(struct logformat_scan *scan, struct slice *out)
{
    size_t end;

    *out = slice_of(scan->rest.ptr, 0);
    if (scan->rest.len == 0 || scan->rest.ptr[0] != '{')
        return true;
    end = slice_find(scan->rest, '}');
    scan->why = "this brace is not closed";
    if (end == scan->rest.len)
        return false;
    *out = slice_of(scan->rest.ptr + 1, end - 1);
    scan->rest = slice_from(scan->rest, end + 1);
    return true;
}

struct slice logformat_take_word(struct logformat_scan *scan, const char *more)
{
    struct slice word = slice_of(scan->rest.ptr, 0);

    while (word.len < scan->rest.len) {
        char c = word.ptr[word.len];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              (c != '\0' && strchr(more, c) != NULL)))
            break;
        word.len++;
    }
    scan->rest = slice_from(scan->rest, word.len);
    return word;
}

void logformat_name_header(struct logformat_piece *piece)
{
    static const struct {
        const char *header, *code;
    } headers[] = {
        {"User-Agent", "agent"},
        {"Host", "host_header"},
        {"X-Forwarded-For", "forwarded"},
    };

    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (slice_equal_nocase(piece->argument, slice_of_string(headers[i].header)))
            piece->code = slice_of_string(headers[i].code);
}

void logformat_read_time(struct logformat_piece *piece, const struct logformat_time_code *times)
{
    for (; times->code != NULL; times++)
        if (slice_is(piece->code, times->code)) {
            piece->time = times->time;
            piece->pattern = slice_of_string(times->pattern);
        }
}

/* How a value is quoted that stands behind ${text}: quotes and brackets of the string itself may
 * tell. ${open} is the one that is open, or NUL. */
static void follow_quotes(struct slice text, char *open)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (*open == '\0' && (c == '"' || c == '['))
            *open = c;
        else if ((*open == '"' && c == '"') || (*open == '[' && c == ']'))
            *open = '\0';
    }
}

static const char *usual_undo(const struct logformat_dialect *d, char open)
{
    if (open == '"' && d->undo_in_quotes != NULL)
        return d->undo_in_quotes;
    return open == '[' && d->undo_in_brackets != NULL ? d->undo_in_brackets : d->undo;
}

/* The code that begins ${text}, into ${piece}. Returns: what is left of it. */
static bool take_code(struct logformat_builder *b, struct logformat_piece *piece,
                      struct slice *text, bool *quotes)
{
    struct logformat_scan scan = {.piece = piece, .rest = slice_from(*text, 1), .quotes = quotes};

    piece->is_code = true;
    if (!b->dialect->take(&scan))
        return logformat_fail(b, scan.why, text->len > 24 ? slice_of(text->ptr, 24) : *text);
    if (piece->is_code)
        piece->text = slice_of(text->ptr, (size_t)(scan.rest.ptr - text->ptr));
    *text = scan.rest;
    return true;
}

static bool cut(struct logformat_builder *b, struct slice text)
{
    const struct logformat_dialect *d = b->dialect;
    bool quotes = false;
    char open = '\0';

    while (text.len > 0) {
        struct logformat_piece *piece = &b->pieces[b->count];
        size_t end = slice_find(text, d->sign);

        if (b->count == LOGFORMAT_PIECES)
            return logformat_fail(b, "a format string longer than kage takes", slice_of("", 0));
        *piece = (struct logformat_piece){
            .undo = usual_undo(d, open), .open = open, .escaped = open == '"' && d->escapes_quotes};
        b->count++;
        if (text.len > 1 && text.ptr[0] == '%' && text.ptr[1] == '%') {
            piece->text = slice_of(text.ptr, 1);
            text = slice_from(text, 2);
        } else if (end > 0) {
            piece->text = slice_of(text.ptr, end);
            follow_quotes(piece->text, &open);
            text = slice_from(text, end);
        } else if (!take_code(b, piece, &text, &quotes)) {
            return false;
        }
        if (piece->text.len == 0) /* a code that stands for nothing */
            b->count--;
    }
    return true;
}

static bool is_mark(struct slice s)
{
    return slice_is(s, ".") || slice_is(s, ",");
}

/* Take ${n} pieces at ${at} out. */
static void take_out(struct logformat_builder *b, size_t at, size_t n)
{
    memmove(&b->pieces[at], &b->pieces[at + n], (b->count - at - n) * sizeof *b->pieces);
    b->count -= n;
}

static enum logformat_time time_at(const struct logformat_builder *b, size_t at)
{
    return at < b->count ? b->pieces[at].time : LOGFORMAT_NO_TIME;
}

/* ${head} and ${tail} as one pattern. Returns: false where memory is out. */
static bool join_patterns(struct logformat_builder *b, struct slice *head, struct slice tail)
{
    char *whole = ARENA_NEW(&b->p->f->arena, char, head->len + tail.len);

    if (whole == NULL)
        return parser_fail_memory(b->p);
    memcpy(whole, head->ptr, head->len);
    memcpy(whole + head->len, tail.ptr, tail.len);
    *head = slice_of(whole, head->len + tail.len);
    return true;
}

/* The fraction of its second behind a time: 1790730012.049 is one number. */
static bool join_fraction(struct logformat_builder *b, size_t at)
{
    struct logformat_piece *piece = &b->pieces[at];
    struct slice last =
        slice_from(piece->pattern, piece->pattern.len > 0 ? piece->pattern.len - 1 : 0);

    if (at + 2 < b->count && is_mark(b->pieces[at + 1].text) &&
        time_at(b, at + 2) == LOGFORMAT_FRACTION) {
        take_out(b, at + 1, 2);
        return piece->time == LOGFORMAT_EPOCH || join_patterns(b, &piece->pattern, SLICE("%f"));
    }
    if (time_at(b, at + 1) != LOGFORMAT_FRACTION)
        return true;
    if (piece->time == LOGFORMAT_EPOCH) {
        piece->time = LOGFORMAT_EPOCH_MS;
        take_out(b, at + 1, 1);
    } else if (is_mark(last)) {
        piece->pattern.len--;
        take_out(b, at + 1, 1);
        return join_patterns(b, &piece->pattern, SLICE("%f"));
    }
    return true;
}

/* Codes of one time with nothing between them are one time: date, fraction, offset. */
static bool join_times(struct logformat_builder *b)
{
    for (size_t i = 0; i < b->count; i++) {
        struct logformat_piece *piece = &b->pieces[i];

        if (piece->time != LOGFORMAT_EPOCH && piece->time != LOGFORMAT_STAMP)
            continue;
        if (!join_fraction(b, i))
            return false;
        while (piece->time == LOGFORMAT_STAMP && time_at(b, i + 1) == LOGFORMAT_STAMP &&
               !piece->bracketed && !b->pieces[i + 1].bracketed) {
            if (!join_patterns(b, &piece->pattern, b->pieces[i + 1].pattern))
                return false;
            take_out(b, i + 1, 1);
            if (!join_fraction(b, i))
                return false;
        }
    }
    return true;
}

/* A Z behind a time says what zone it is of. */
static void find_zones(struct logformat_builder *b)
{
    for (size_t i = 0; i + 1 < b->count; i++) {
        struct slice next = b->pieces[i + 1].text;

        if (b->pieces[i].time == LOGFORMAT_STAMP && !b->pieces[i + 1].is_code &&
            next.ptr[0] == 'Z' && (next.len == 1 || next.ptr[1] < 'A'))
            b->pieces[i].utc = true;
    }
}

bool logformat_split(struct logformat_builder *b, struct slice text)
{
    if (!cut(b, text) || !join_times(b))
        return false;
    find_zones(b);
    return true;
}
