/* decoding.c: line by line through decoder and mapping, envelope and joins as the definition says.
 */
#include "format/decoding.h"

#include "base/buf.h"
#include "base/word.h"
#include "format/envelope.h"
#include "format/explain_shape.h"
#include "format/follow.h"
#include "format/format.h"
#include "format/join.h"
#include "format/map.h"
#include "format/newlines.h"
#include "format/news.h"
#include "format/passed.h"
#include "format/reason.h"
#include "format/stamp.h"
#include "format/strays.h"

#include <stdlib.h>
#include <string.h>

enum {
    LEAST_CUT_BYTES = 1000 /* no product cuts shorter lines */
};

struct decoding {
    const struct format *format;
    struct stamp_clock clock;
    struct mapping mapping;
    uint32_t wanted;       /* FIELD_BITs; others are left out, dest_ip only where there is a host */
    struct screen *screen; /* NULL: nothing is left out for its text */
    struct arena plans;    /* of the mapping's plan, compiled for the first batch */
    struct arena scratch;  /* of the current batch */
    void *state;           /* the decoder's, of this archive */
    struct join *join;     /* NULL where a line is a record, or adds to the one before */
    struct follow follow;
    bool follows;             /* lines add to the record before them */
    struct slice rest;        /* of the block */
    const char *end;          /* of the block */
    struct newlines newlines; /* of the block */
    struct slice piece;       /* second part of a line that held two records; empty: none */
    uint64_t line;            /* number of the next line */
    struct passed passed;     /* lines between records */
    struct strays strays;     /* a line of every kind that was passed over */
    bool overlong;
    bool needs_time;
    bool has_own;   /* the format has lines that are passed over at once */
    bool enveloped; /* the last record had a syslog prefix: tried first */
    struct slice slots[SLOT_LIMIT];
    uint64_t explains; /* so many rejected lines are still to be explained */
    struct template_probes probes;
    struct buf reason; /* of the current line */
};

/* One line on its way. */
struct outcome {
    struct slice text;
    const char *at; /* where it begins */
    enum verdict verdict;
    struct refusal refusal; /* where it is rejected */
    struct record *record;
    size_t shape;
    bool enveloped; /* a syslog prefix was taken for one */
    bool own;       /* of a skip: no other product writes such a line */
};

struct decoding *decoding_create(const struct format *format, const struct zone *zone, int year,
                                 struct error *err)
{
    struct decoding *d = calloc(1, sizeof *d);

    if (d == NULL) {
        error_set_memory(err);
        return NULL;
    }
    d->format = format;
    d->clock.zone = zone;
    d->clock.year = year;
    d->enveloped = format->envelope;
    d->has_own = template_has_own(format) && format->cut_at == 0;
    d->follows = follow_fits(format);
    d->wanted = UINT32_MAX;
    d->mapping = (struct mapping){&d->clock, &d->scratch, recoder_create(format->encoding), NULL};
    d->state = calloc(1, format->decoder->state_size + 1);
    if (d->state == NULL || d->mapping.recoder == NULL)
        error_set_memory(err);
    else if (format->join_count > 0 && !d->follows)
        d->join = join_create(format, err);
    if (err->code == ERROR_NONE)
        return d;
    decoding_free(d);
    return NULL;
}

void decoding_want(struct decoding *d, uint32_t fields)
{
    d->wanted = fields;
    d->mapping.plan = NULL;
    d->needs_time = (fields & FIELD_BIT(FIELD_TS)) != 0;
}

void decoding_screen(struct decoding *d, struct screen *screen)
{
    d->screen = d->join != NULL || d->follows ? NULL : screen;
    d->mapping.plan = NULL;
}

void decoding_say_encoding(struct decoding *d, enum encoding encoding)
{
    recoder_say(d->mapping.recoder, encoding);
}

const struct recoder *decoding_recoder(const struct decoding *d)
{
    return d->mapping.recoder;
}

void decoding_explain(struct decoding *d, uint64_t most)
{
    d->explains = most;
}

void decoding_keep(struct decoding *d, struct arena *scratch)
{
    d->mapping.scratch = scratch == NULL ? &d->scratch : scratch;
}

uint64_t decoding_line(const struct decoding *d)
{
    return d->line;
}

void decoding_feed(struct decoding *d, struct slice bytes, uint64_t first_line, bool overlong)
{
    d->rest = bytes;
    d->end = bytes.ptr + bytes.len;
    if (bytes.len > 0)
        newlines_start(&d->newlines, bytes.ptr);
    d->line = first_line;
    d->overlong = overlong;
}

/* Cut and map the line itself, or what stands behind its syslog prefix. */
static void try_line(struct decoding *d, struct slice line, bool enveloped, struct outcome *out)
{
    static const struct shape whole = {.role = SHAPE_RECORD};
    const struct format *f = d->format;
    struct slice body = line;
    int shape;

    memset(d->slots, 0, (size_t)f->slot_count * sizeof *d->slots);
    out->verdict = VERDICT_REJECT;
    out->refusal = (struct refusal){.why = REJECT_SHAPE};
    out->shape = 0;
    out->enveloped = enveloped;
    if (enveloped && !envelope_strip(line, d->slots, &body))
        return;
    shape =
        body.len == 0 ? CUT_SKIP : f->decoder->cut(f, d->state, body, d->slots, d->mapping.scratch);
    if (shape == CUT_SKIP || shape == CUT_OWN)
        out->verdict = VERDICT_SKIP;
    out->own = shape == CUT_OWN;
    if (shape < 0)
        return;
    out->shape = (size_t)shape;
    out->verdict = map_record(f, f->shape_count > 0 ? &f->shapes[shape] : &whole, d->slots,
                              &d->mapping, out->record, &out->refusal);
}

size_t decoding_headings(const struct decoding *d)
{
    return d->format->decoder == &decode_headed ? headed_columns(d->format, d->state) : 0;
}

/* The line with what a cut took from it. */
static bool complete(struct decoding *d, struct slice line, struct slice *whole)
{
    struct slice tail = d->format->cut_tail;
    char *text = ARENA_NEW(d->mapping.scratch, char, line.len + tail.len);

    if (text == NULL)
        return false;
    memcpy(text, line.ptr, line.len);
    memcpy(text + line.len, tail.ptr, tail.len);
    *whole = slice_of(text, line.len + tail.len);
    return true;
}

static bool is_blank(struct slice line)
{
    return line.len == 0 || (line.ptr[0] <= ' ' && slice_trim(line).len == 0);
}

/* With and without a syslog prefix, the way of the line before first, unless the line can only have
 * one: what looks for a client's name would find one in the prefix. */
static void try_both(struct decoding *d, struct slice line, struct outcome *out)
{
    bool enveloped = d->enveloped || (d->format->envelope && envelope_is_plain(line));
    struct outcome other;

    try_line(d, line, enveloped, out);
    if (out->verdict == VERDICT_RECORD || out->own)
        return;
    if (!enveloped && out->verdict == VERDICT_SKIP && line.ptr[0] == ' ')
        return; /* no prefix begins so; most lines of a lease file do */
    other = *out;
    try_line(d, line, !enveloped, &other);
    if (other.verdict == VERDICT_RECORD)
        d->enveloped = !enveloped;
    else if (out->verdict == VERDICT_SKIP ||
             (other.verdict == VERDICT_REJECT && out->refusal.why != REJECT_SHAPE))
        return; /* the first way said more */
    *out = other;
}

static enum shape_role role_of(const struct decoding *d, const struct outcome *o)
{
    return d->format->shape_count > 0 ? d->format->shapes[o->shape].role : SHAPE_RECORD;
}

/* One line to a verdict; the record is filled where it is VERDICT_RECORD. Syslog servers cut long
 * lines: what is missing of one is made up as in split_at_cut. */
static void decode_line(struct decoding *d, struct slice line, struct outcome *out)
{
    struct slice whole;
    struct outcome cut;

    out->verdict = VERDICT_SKIP;
    if (is_blank(line))
        return;
    if (format_is_comment(d->format, line)) {
        strays_add(&d->strays, line); /* may be a header of another log */
        return;
    }
    try_both(d, line, out);
    if ((out->verdict == VERDICT_SKIP && !out->own) ||
        (out->verdict == VERDICT_RECORD && role_of(d, out) == SHAPE_END))
        strays_add(&d->strays, line);
    if (out->verdict != VERDICT_REJECT)
        return;
    cut = *out;
    if (line.len >= LEAST_CUT_BYTES && d->format->cut_tail.len > 0 && complete(d, line, &whole))
        try_both(d, whole, &cut);
    if (cut.verdict == VERDICT_RECORD)
        *out = cut;
    else if (out->refusal.why == REJECT_SHAPE && news_is(d->format, line))
        out->verdict = VERDICT_SKIP;
    else if (out->refusal.why == REJECT_SHAPE && news_is_other(d->format, line)) {
        out->verdict = VERDICT_SKIP;
        strays_add(&d->strays, line);
    }
}

/* Where the product cuts long lines and loses the newline, the next record stands behind the cut:
 * both are read. What is missing of the first is made up from the definition, with "-" for every
 * value. */
static struct slice split_at_cut(struct decoding *d, struct slice line)
{
    const struct format *f = d->format;
    struct record record = {0};
    struct outcome second = {.record = &record};
    struct slice tail = slice_from(line, f->cut_at), whole;

    while (tail.len > 0 && (tail.ptr[0] == ' ' || tail.ptr[0] == '\0')) /* the cut text's own NUL */
        tail = slice_from(tail, 1);
    decode_line(d, tail, &second);
    if (second.verdict != VERDICT_RECORD || !complete(d, slice_of(line.ptr, f->cut_at), &whole))
        return line;
    d->piece = tail;
    return whole;
}

/* The line that stands at the beginning of what is left of the block. */
static struct slice first_line(struct decoding *d)
{
    const char *newline = newlines_next(&d->newlines, d->end);
    size_t len = (size_t)(newline - d->rest.ptr);

    return slice_of(d->rest.ptr, len > 0 && newline[-1] == '\r' ? len - 1 : len);
}

/* Go on behind it. */
static void pass_line(struct decoding *d, const struct slice *line)
{
    size_t len = line->len;

    len += len < d->rest.len && d->rest.ptr[len] == '\r';
    len += len < d->rest.len; /* the newline */
    newlines_pass(&d->newlines);
    d->rest = slice_from(d->rest, len);
    d->line++;
}

static bool next_line(struct decoding *d, struct slice *line, uint64_t *number)
{
    if (d->piece.len > 0) {
        *line = d->piece;
        *number = d->line - 1;
        d->piece.len = 0;
    } else if (d->rest.len > 0) {
        *line = first_line(d);
        *number = d->line;
        pass_line(d, line);
    } else {
        return false;
    }
    if (d->format->cut_at > 0 && line->len > d->format->cut_at && !d->overlong)
        *line = split_at_cut(d, *line);
    return true;
}

static void reject(struct batch *out, uint64_t number, enum reject why, struct slice text)
{
    out->rejects[out->reject_count++] = (struct rejected){number, why, text, slice_of(NULL, 0)};
}

/* The slots are those of the line's last try: it is cut once more as the outcome has it. */
static void append_reason(struct decoding *d, const struct outcome *o, struct slice line)
{
    const struct format *f = d->format;
    struct arena *scratch = d->mapping.scratch;
    struct uncut uncut = {f, d->state, line, 0, false};

    memset(d->slots, 0, (size_t)f->slot_count * sizeof *d->slots);
    if (o->refusal.why != REJECT_SHAPE) {
        if (o->enveloped)
            envelope_strip(line, d->slots, &uncut.body);
        f->decoder->cut(f, d->state, uncut.body, d->slots, scratch);
        reason_append_refusal(&d->reason, f, &o->refusal, d->slots, scratch);
        return;
    }
    if (f->envelope || d->enveloped) /* else what begins alike may be columns */
        envelope_strip(line, d->slots, &uncut.body);
    uncut.offset = (size_t)(uncut.body.ptr - line.ptr);
    explain_shape(&uncut, &d->probes, scratch, &d->reason);
}

/* A line that is rejected, and where that is asked for the reason in words. */
static void reject_line(struct decoding *d, struct batch *out, const struct outcome *o)
{
    reject(out, o->record->line, o->refusal.why, o->text);
    if (d->explains == 0 || o->refusal.why == REJECT_TOO_LONG)
        return;
    d->explains--;
    buf_reset(&d->reason);
    append_reason(d, o, o->text);
    out->rejects[out->reject_count - 1].detail =
        arena_copy(d->mapping.scratch, buf_slice(&d->reason));
}

static void skip(struct decoding *d, struct batch *out, const char *at)
{
    out->skipped++;
    passed_line(&d->passed, at);
}

/* Lines that only this product writes, and which are no request: most of a lease file. */
static void skip_own(struct decoding *d, struct batch *out)
{
    while (d->rest.len > 0) {
        const char *at = d->rest.ptr;
        struct slice line = first_line(d);

        if (line.len == 0 || !template_is_own(d->format, line))
            return;
        pass_line(d, &line);
        out->lines++;
        skip(d, out, at);
    }
}

/* The record stands at the end of the batch already; hold it back, or add it to an earlier one. */
static bool place_joined(struct decoding *d, struct batch *out, const struct outcome *o,
                         size_t *held, struct error *err)
{
    enum shape_role role = role_of(d, o);
    bool amended = false;

    if (role == SHAPE_END) {
        join_end(d->join);
        out->skipped++;
        return true;
    }
    if (role != SHAPE_RECORD && role != SHAPE_OPEN &&
        !join_amend(d->join, o->record, o->shape, d->slots, &amended, err))
        return false;
    if (amended || role == SHAPE_NOTE || (role != SHAPE_OPEN && !map_names_place(o->record))) {
        out->skipped++;
        out->joined += amended;
        return true;
    }
    ++*held;
    return join_add(d->join, o->record, o->shape, d->slots, err);
}

/* The same where lines add to the one before. */
static void place_following(struct decoding *d, struct batch *out, const struct outcome *o)
{
    enum shape_role role = role_of(d, o);

    if (role == SHAPE_RECORD || role == SHAPE_OPEN) {
        out->record_count++;
        d->follow.open = true;
        return;
    }
    out->skipped++;
    if (role == SHAPE_END)
        d->follow.open = false;
    else
        out->joined += follow_add(&d->follow, out, o->record);
}

static bool lacks_time(const struct decoding *d, const struct record *record)
{
    return d->needs_time && record->kind != RECORD_IDENTITY && !record_has(record, FIELD_TS);
}

/* Of the records of several lines those that are some: they stand in the batch. */
static void sift(struct decoding *d, struct batch *out)
{
    size_t count = out->record_count;

    out->record_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct record *record = &out->records[i];

        if (!map_names_place(record))
            out->skipped++;
        else if (lacks_time(d, record))
            reject(out, record->line, REJECT_TIME, slice_of(NULL, 0));
        else if (out->record_count++ < i)
            out->records[out->record_count - 1] = *record;
    }
}

/* Records that were put together of several lines, into the batch. */
static void release(struct decoding *d, bool all, struct batch *out)
{
    out->record_count = join_release(d->join, all, out->records, BATCH_RECORDS, &out->skipped);
    sift(d, out);
}

/* Records of several lines own their text no longer than the next of them. */
static bool keep_released(struct decoding *d, struct batch *out, struct error *err)
{
    for (size_t i = 0; d->mapping.scratch != &d->scratch && i < out->record_count; i++)
        if (!join_keep_texts(&out->records[i], out->records[i].has, d->mapping.scratch))
            return error_set_memory(err);
    return true;
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
    if (d->mapping.plan == NULL || (d->follows && d->rest.len + d->piece.len > 0 &&
                                    !follow_begin(&d->follow, out, d->mapping.scratch)))
        return error_set_memory(err);
    return true;
}

static bool end_batch(struct decoding *d, struct batch *out, struct error *err)
{
    if (d->follows) {
        if (!follow_end(&d->follow, out))
            return error_set_memory(err);
        sift(d, out);
    }
    if (d->join == NULL)
        return true;
    release(d, false, out);
    return keep_released(d, out, err);
}

/* What became of a line. */
static bool take_outcome(struct decoding *d, struct batch *out, struct outcome *o, size_t *held,
                         struct error *err)
{
    if (o->verdict == VERDICT_SKIP) {
        skip(d, out, o->at);
        return true;
    }
    if (o->verdict == VERDICT_REJECT) {
        reject_line(d, out, o);
        passed_line(&d->passed, o->at);
        return true;
    }
    passed_end(&d->passed, o->at);
    if (d->join != NULL)
        return place_joined(d, out, o, held, err);
    if (d->follows) {
        place_following(d, out, o);
    } else if (lacks_time(d, o->record)) {
        o->refusal = (struct refusal){.why = REJECT_TIME};
        reject_line(d, out, o);
    } else {
        out->record_count++;
    }
    return true;
}

bool decoding_next(struct decoding *d, struct batch *out, struct error *err)
{
    size_t held = 0;

    if (!begin_batch(d, out, err))
        return false;
    while (out->record_count < BATCH_RECORDS && out->reject_count < BATCH_RECORDS &&
           held < BATCH_RECORDS) {
        struct outcome o = {.record = &out->records[out->record_count]};

        if (d->has_own && !d->overlong)
            skip_own(d, out);
        o.at = d->piece.len > 0 ? d->piece.ptr : d->rest.ptr;
        if (!next_line(d, &o.text, &o.record->line)) {
            passed_end(&d->passed, d->end);
            break;
        }
        out->lines++;
        if (d->overlong) {
            o.verdict = VERDICT_REJECT;
            o.refusal.why = REJECT_TOO_LONG;
        } else {
            decode_line(d, o.text, &o);
        }
        if (!take_outcome(d, out, &o, &held, err))
            return false;
    }
    return end_batch(d, out, err) && out->lines > 0;
}

bool decoding_flush(struct decoding *d, struct batch *out)
{
    out->record_count = out->reject_count = 0;
    out->lines = out->skipped = out->joined = 0;
    if (d->join != NULL)
        release(d, true, out);
    if (d->follows && follow_begin(&d->follow, out, d->mapping.scratch)) {
        d->follow.open = false;
        sift(d, out);
    }
    return out->record_count + out->reject_count > 0 || out->skipped > 0;
}

/* The text with WIDE_SLACK bytes behind it. */
static struct slice with_slack(struct buf *text)
{
    size_t len = text->len;

    for (int i = 0; i < WIDE_SLACK; i++)
        buf_append_byte(text, '\0');
    if (text->failed)
        return slice_of("", 0);
    text->len = len;
    return slice_of(text->ptr, len);
}

struct slice decoding_passed(struct decoding *d)
{
    return with_slack(&d->passed.longest);
}

struct slice decoding_strays(struct decoding *d)
{
    return with_slack(&d->strays.lines);
}

const struct stamp_clock *decoding_clock(const struct decoding *d)
{
    return &d->clock;
}

void decoding_say_order(struct decoding *d, enum stamp_order order)
{
    d->clock.order = order;
}

void decoding_count_years(struct decoding *d)
{
    d->clock.years_unknown = true;
}

void decoding_free(struct decoding *d)
{
    if (d == NULL)
        return;
    join_free(d->join);
    follow_free(&d->follow);
    recoder_free(d->mapping.recoder);
    free(d->state);
    arena_free(&d->scratch);
    arena_free(&d->plans);
    buf_free(&d->passed.longest);
    buf_free(&d->strays.lines);
    buf_free(&d->reason);
    template_probes_free(&d->probes);
    free(d);
}
