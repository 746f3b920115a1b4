/* decoding.c: line by line through decoder and mapping, envelope and joins as the definition says.
 */
#include "format/decoding.h"

#include "format/decoding_internal.h"
#include "format/envelope/envelope.h"
#include "format/news.h"

#include <string.h>

enum {
    LEAST_CUT_BYTES = 1000 /* no product cuts shorter lines */
};

void decoding_feed(struct decoding *d, struct slice bytes, uint64_t first_line, bool overlong)
{
    d->next = bytes.ptr;
    d->end = bytes.ptr + bytes.len;
    d->line = first_line;
    d->overlong = overlong;
    lines_start(&d->lines, plain_rules(&d->plain), d->next, d->end);
}

/* Of decoders that know only one. */
static const struct shape only_shape = {.role = SHAPE_RECORD};

static inline enum verdict map_line(struct decoding *d, const struct shape *shape,
                                    struct record *record, struct refusal *refusal)
{
    return map_record(d->format, shape, d->slots, &d->mapping, record, refusal);
}

/* Cut and map the line itself, or what stands behind its syslog prefix. */
static inline __attribute__((always_inline)) void try_here(struct decoding *d, struct slice line,
                                                           bool enveloped, struct outcome *out)
{
    const struct format *f = d->format;
    struct slice body = line;
    int shape;

    d->plain.clean = false;
    if (f->decoder->clears)
        memset(d->slots, 0, ENVELOPE_SLOTS * sizeof *d->slots);
    else
        memset(d->slots, 0, (size_t)f->slot_count * sizeof *d->slots);
    out->verdict = VERDICT_REJECT;
    out->refusal = (struct refusal){.why = REJECT_SHAPE};
    out->shape = 0;
    out->enveloped = enveloped;
    out->own = false;
    if (enveloped && !envelope_strip_of(f, line, d->slots, &body))
        return;
    shape =
        body.len == 0 ? CUT_SKIP : f->decoder->cut(f, d->state, body, d->slots, d->mapping.scratch);
    if (shape == CUT_SKIP || shape == CUT_OWN)
        out->verdict = VERDICT_SKIP;
    out->own = shape == CUT_OWN;
    if (shape < 0)
        return;
    out->shape = (size_t)shape;
    out->verdict = map_line(d, f->shape_count > 0 ? &f->shapes[shape] : &only_shape, out->record,
                            &out->refusal);
}

/* The same for lines of which there are few. */
static void try_line(struct decoding *d, struct slice line, bool enveloped, struct outcome *out)
{
    try_here(d, line, enveloped, out);
}

size_t decoding_headings(const struct decoding *d)
{
    return d->format->decoder == &decode_headed ? headed_columns(d->format, d->state) : 0;
}

size_t decoding_led(const struct decoding *d)
{
    return d->format->decoder == &decode_headed ? headed_led(d->format, d->state) : 0;
}

static bool is_blank(struct slice line)
{
    return line.len == 0 || (line.ptr[0] <= ' ' && slice_trim(line).len == 0);
}

/* Is the line looked at behind its syslog prefix first? The way of the line before, unless it can
 * only have one: what looks for a client's name would find one in the prefix. */
static inline bool begins_enveloped(const struct decoding *d, struct slice line)
{
    return d->enveloped || (d->format->envelope && envelope_is_plain(line));
}

/* The first try gave no record: the other way. */
static void try_other(struct decoding *d, struct slice line, struct outcome *out)
{
    bool enveloped = out->enveloped;
    struct outcome other = *out;

    if (out->own)
        return;
    if (!enveloped && out->verdict == VERDICT_SKIP && line.ptr[0] == ' ')
        return; /* no prefix begins so; most lines of a lease file do */
    if (enveloped && out->verdict == VERDICT_SKIP && d->format->untagged)
        return; /* a heading: the line as it stands would pass for a broken one */
    try_line(d, line, !enveloped, &other);
    if (other.verdict == VERDICT_RECORD)
        d->enveloped = !enveloped;
    else if (out->verdict == VERDICT_SKIP ||
             (other.verdict == VERDICT_REJECT && out->refusal.why != REJECT_SHAPE))
        return; /* the first way said more */
    *out = other;
}

/* What the line is taken to have been, both ways; it counts where it gives a record. */
static void try_mended(struct decoding *d, struct slice text, struct outcome *out)
{
    struct outcome mended = *out;

    try_line(d, text, begins_enveloped(d, text), &mended);
    if (mended.verdict != VERDICT_RECORD)
        try_other(d, text, &mended);
    if (mended.verdict == VERDICT_RECORD)
        *out = mended;
}

/* A line that was cut, with what is missing of it made up as in split_at_cut: syslog servers cut
 * long ones. */
static void try_completed(struct decoding *d, struct slice line, struct outcome *out)
{
    struct slice text;

    if (line.len >= LEAST_CUT_BYTES && d->format->cut_tail.len > 0 && mend_cut(d, line, &text))
        try_mended(d, text, out);
}

/* A line that has tabs where it was sent. */
static void try_retabbed(struct decoding *d, struct slice line, struct outcome *out)
{
    struct slice text;

    if (d->has_tabs && mend_tabs(d, line, &text))
        try_mended(d, text, out);
}

static void keep_stray(struct decoding *d, struct slice line)
{
    if (!d->no_strays)
        strays_add(&d->strays, line);
}

/* What the first try took for no record. */
static __attribute__((noinline)) void decode_odd(struct decoding *d, struct slice line,
                                                 struct outcome *out)
{
    try_other(d, line, out);
    if (out->verdict == VERDICT_REJECT)
        try_completed(d, line, out);
    if (out->verdict != VERDICT_RECORD)
        try_retabbed(d, line, out);
    if (out->verdict == VERDICT_REJECT && out->refusal.why == REJECT_SHAPE) {
        if (news_is(d->format, line)) {
            out->verdict = VERDICT_SKIP;
            return;
        }
        if (news_is_other(d->format, line))
            out->verdict = VERDICT_SKIP;
    }
    if (out->verdict == VERDICT_SKIP && !out->own)
        keep_stray(d, line);
}

/* One line to a verdict; the record is filled where it is VERDICT_RECORD. */
static inline __attribute__((always_inline)) void decode_line(struct decoding *d, struct slice line,
                                                              struct outcome *out)
{
    out->verdict = VERDICT_SKIP;
    if (is_blank(line))
        return;
    if (format_is_comment(d->format, line)) {
        keep_stray(d, line); /* may be a header of another log */
        return;
    }
    try_here(d, line, begins_enveloped(d, line), out);
    if (out->verdict != VERDICT_RECORD)
        decode_odd(d, line, out);
    if (out->verdict == VERDICT_RECORD && decoding_role(d, out) == SHAPE_END)
        keep_stray(d, line);
}

/* Where the product cuts long lines and loses the newline, the next record stands behind the cut:
 * both are read. What is missing of the first is made up from the definition, with "-" for every
 * value. */
static __attribute__((noinline)) struct slice split_at_cut(struct decoding *d, struct slice line)
{
    const struct format *f = d->format;
    struct record record = {0};
    struct outcome second = {.record = &record};
    struct slice tail = slice_from(line, f->cut_at), whole;

    while (tail.len > 0 && (tail.ptr[0] == ' ' || tail.ptr[0] == '\0')) /* the cut text's own NUL */
        tail = slice_from(tail, 1);
    decode_line(d, tail, &second);
    if (second.verdict != VERDICT_RECORD || !mend_cut(d, slice_of(line.ptr, f->cut_at), &whole))
        return line;
    d->piece = tail;
    return whole;
}

/* The line that stands at the beginning of what is left of the block, and the newline behind it, or
 * the end. */
static inline struct slice first_line(struct decoding *d, const char **newline)
{
    const char *end = lines_next(&d->lines, d->next);

    *newline = end;
    if (end > d->next && end[-1] == '\r')
        end--;
    return slice_of(d->next, (size_t)(end - d->next));
}

/* Go on behind it. */
static inline void pass_line(struct decoding *d, const char *newline)
{
    lines_pass(&d->lines, newline);
    d->next = newline < d->end ? newline + 1 : newline;
    d->line++;
}

static inline bool next_line(struct decoding *d, struct slice *line, uint64_t *number)
{
    const char *newline;

    if (d->piece.len > 0) {
        *line = d->piece;
        *number = d->line - 1;
        d->piece.len = 0;
    } else if (d->next < d->end) {
        *line = first_line(d, &newline);
        *number = d->line;
        pass_line(d, newline);
    } else {
        return false;
    }
    if (d->format->cut_at > 0 && line->len > d->format->cut_at && !d->overlong)
        *line = split_at_cut(d, *line);
    return true;
}

static void skip(struct decoding *d, struct batch *out, const char *at)
{
    out->skipped++;
    passed_line(&d->passed, at);
}

/* Lines that only this product writes, and which are no request: most of a lease file. */
static void skip_own(struct decoding *d, struct batch *out)
{
    while (d->next < d->end) {
        const char *at = d->next, *newline;
        struct slice line = first_line(d, &newline);

        if (line.len == 0 || !template_is_own(d->format, line))
            return;
        pass_line(d, newline);
        out->lines++;
        skip(d, out, at);
    }
}

/* An empty batch, begun with what is still open where there are lines for it. */
static bool begin_batch(struct decoding *d, struct batch *out, struct error *err)
{
    out->record_count = out->reject_count = 0;
    out->lines = out->skipped = out->joined = 0;
    if (d->mapping.scratch == &d->scratch)
        arena_reset(&d->scratch);
    if (d->mapping.plan == NULL)
        d->mapping.plan = plan_compile(d->format, d->wanted, d->screen, &d->plans);
    return (d->mapping.plan != NULL && several_begin(d, out)) || error_set_memory(err);
}

/* What became of a line that is not simply the next record. */
static __attribute__((noinline)) bool take_odd(struct decoding *d, struct batch *out,
                                               struct outcome *o, size_t *held, struct error *err)
{
    if (o->verdict == VERDICT_SKIP) {
        skip(d, out, o->at);
        return true;
    }
    if (o->verdict == VERDICT_REJECT) {
        decoding_reject_line(d, out, o);
        passed_line(&d->passed, o->at);
        return true;
    }
    passed_end(&d->passed, o->at);
    if (d->several)
        return several_place(d, out, o, held, err);
    o->refusal = (struct refusal){.why = REJECT_TIME};
    decoding_reject_line(d, out, o);
    return true;
}

/* A plain line whose columns give no record, or one without the time. */
static __attribute__((noinline)) void take_plain_odd(struct decoding *d, struct batch *out,
                                                     struct outcome *o, struct error *err)
{
    size_t held = 0; /* it stays so: no plain lines belong together */

    o->record = &out->records[out->record_count];
    o->text = slice_of(o->at, (size_t)(d->next - 1 - o->at));
    if (o->verdict != VERDICT_RECORD)
        decode_odd(d, o->text, o);
    if (o->verdict == VERDICT_RECORD && !decoding_lacks_time(d, o->record)) {
        passed_end(&d->passed, o->at);
        out->record_count++;
    } else {
        take_odd(d, out, o, &held, err);
    }
    plain_choose(d, false);
}

/* Is the line at ${line} plain, which ends at ${end} of the stretch? */
static inline bool is_plain(const struct decoding *d, const struct layout *layout, const char *line,
                            size_t end)
{
    const struct lines *l = &d->lines;

    return layout_is_plain(layout, l->edge, end) &&
           plain_begins(&d->plain, line, l->from + end) && /* so it is not empty */
           l->from[end - 1] != '\r';
}

/* A plain line into ${record}, and go on behind it. */
static inline enum verdict take_plain(struct decoding *d, const struct layout *layout, size_t end,
                                      struct record *record, struct refusal *refusal)
{
    struct lines *l = &d->lines;

    layout->take(layout, l->from, l->edge, d->slots);
    l->edge += layout->rules.edges;
    l->next++;
    d->next = l->from + end + 1;
    record->line = d->line++;
    return map_line(d, &only_shape, record, refusal);
}

/* Records of plain lines, one after the other. Returns: true where another line comes, or none;
 * false where the batch may be full, or memory is out. */
static __attribute__((noinline)) bool take_plain_lines(struct decoding *d, struct batch *out,
                                                       struct error *err)
{
    const struct layout *layout = d->plain.layout;
    const uint32_t needed = d->needs_time ? FIELD_BIT(FIELD_TS) : 0;
    struct record *begin = out->records + out->record_count, *record = begin,
                  *behind = out->records + BATCH_RECORDS;
    struct outcome o = {.refusal.why = REJECT_SHAPE, .verdict = VERDICT_RECORD};
    struct lines *l = &d->lines;
    bool odd = false;

    plain_clean(d);
    for (o.at = d->next; record < behind && lines_known(l, o.at); o.at = d->next, record++) {
        size_t end = l->places.end[l->next];

        if (!is_plain(d, layout, o.at, end))
            break;
        o.verdict = take_plain(d, layout, end, record, &o.refusal);
        odd = o.verdict != VERDICT_RECORD || (record->has & needed) != needed;
        if (odd)
            break;
        passed_end(&d->passed, o.at);
    }
    out->record_count += (size_t)(record - begin);
    out->lines += (size_t)(record - begin) + odd;
    if (odd)
        take_plain_odd(d, out, &o, err);
    return !odd && record < behind;
}

/* The next line to a verdict. Returns: false where there is none. */
static inline bool next_outcome(struct decoding *d, struct batch *out, struct outcome *o)
{
    if (d->has_own && !d->overlong)
        skip_own(d, out);
    o->record = &out->records[out->record_count];
    o->at = d->piece.len > 0 ? d->piece.ptr : d->next;
    if (!next_line(d, &o->text, &o->record->line)) {
        passed_block_end(&d->passed, d->end);
        return false;
    }
    out->lines++;
    if (d->overlong) {
        o->verdict = VERDICT_REJECT;
        o->refusal.why = REJECT_TOO_LONG;
    } else {
        decode_line(d, o->text, o);
        plain_choose(d, true);
    }
    return true;
}

static inline bool has_room(const struct batch *out, size_t held)
{
    return out->record_count < BATCH_RECORDS && out->reject_count < BATCH_RECORDS &&
           held < BATCH_RECORDS;
}

bool decoding_next(struct decoding *d, struct batch *out, struct error *err)
{
    struct outcome o = {.verdict = VERDICT_SKIP};
    size_t held = 0;

    if (!begin_batch(d, out, err))
        return false;
    while (has_room(out, held)) {
        if (d->plain.layout != NULL && d->piece.len == 0 && !take_plain_lines(d, out, err)) {
            if (err->code != ERROR_NONE)
                return false;
            continue;
        }
        if (!next_outcome(d, out, &o))
            break;
        if (o.verdict == VERDICT_RECORD && !d->several && !decoding_lacks_time(d, o.record)) {
            passed_end(&d->passed, o.at);
            out->record_count++;
        } else if (!take_odd(d, out, &o, &held, err)) {
            return false;
        }
    }
    return several_end(d, out, err) && out->lines > 0;
}

bool decoding_flush(struct decoding *d, struct batch *out)
{
    out->record_count = out->reject_count = 0;
    out->lines = out->skipped = out->joined = 0;
    several_flush(d, out);
    return out->record_count + out->reject_count > 0 || out->skipped > 0;
}
