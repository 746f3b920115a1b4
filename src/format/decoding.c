/* decoding.c: line by line through decoder and mapping, envelope and joins as the definition says.
 */
#include "format/decoding.h"

#include "base/buf.h"
#include "base/word.h"
#include "format/envelope.h"
#include "format/explain_shape.h"
#include "format/format.h"
#include "format/join.h"
#include "format/map.h"
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
    uint32_t wanted;      /* FIELD_BITs; others are left out, dest_ip only where there is a host */
    struct arena plans;   /* of the mapping's plan, compiled for the first batch */
    struct arena scratch; /* of the current batch */
    void *state;          /* the decoder's, of this archive */
    struct join *join;    /* NULL where a line is a record */
    struct slice rest;    /* of the block */
    const char *end;      /* of the block */
    struct slice piece;   /* second part of a line that held two records; empty: none */
    uint64_t line;        /* number of the next line */
    struct passed passed; /* lines between records */
    struct strays strays; /* a line of every kind that was passed over */
    bool overlong;
    bool needs_time;
    bool enveloped; /* the last record had a syslog prefix: tried first */
    struct slice slots[SLOT_LIMIT];
    uint64_t explains; /* so many rejected lines are still to be explained */
    struct template_probes probes;
    struct buf reason; /* of the current line */
};

/* One line on its way. */
struct outcome {
    enum verdict verdict;
    struct refusal refusal; /* where it is rejected */
    struct record *record;
    size_t shape;
    bool enveloped; /* a syslog prefix was taken for one */
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
    d->wanted = UINT32_MAX;
    d->mapping = (struct mapping){&d->clock, &d->scratch, recoder_create(format->encoding), NULL};
    d->state = calloc(1, format->decoder->state_size + 1);
    if (d->state == NULL || d->mapping.recoder == NULL)
        error_set_memory(err);
    else if (format->join_count > 0)
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
    d->line = first_line;
    d->overlong = overlong;
}

/* Cut and map the line itself, or what stands behind its syslog prefix. */
static void try_line(struct decoding *d, struct slice line, bool enveloped, struct outcome *out)
{
    const struct shape whole = {.role = SHAPE_RECORD};
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
    if (shape == CUT_SKIP)
        out->verdict = VERDICT_SKIP;
    if (shape < 0)
        return;
    out->shape = (size_t)shape;
    out->verdict = map_record(f, f->shape_count > 0 ? &f->shapes[shape] : &whole, d->slots,
                              &d->mapping, out->record, &out->refusal);
}

/* A line of syslog that is none of the format is another program's, or other news of this one. */
static bool is_other_news(const struct format *f, struct slice line)
{
    struct slice slots[ENVELOPE_SLOTS] = {{NULL, 0}}, body;

    return f->envelope && envelope_strip(line, slots, &body) &&
           !(f->decoder == &decode_template && template_claims(f, body));
}

bool decoding_is_news(const struct format *f, struct slice line)
{
    struct slice slots[ENVELOPE_SLOTS] = {{NULL, 0}}, body = line;

    if (f->news_count == 0)
        return false;
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    if (!envelope_strip(line, slots, &body))
        body = line;
    for (size_t i = 0; i < f->news_count; i++)
        if (slice_glob(f->news[i], body))
            return true;
    return false;
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
    return line.len == 0 || slice_trim(line).len == 0;
}

/* With and without a syslog prefix, the way of the line before first, unless the line can only have
 * one: what looks for a client's name would find one in the prefix. */
static void try_both(struct decoding *d, struct slice line, struct outcome *out)
{
    bool enveloped = d->enveloped || (d->format->envelope && envelope_is_plain(line));
    struct outcome other = {.record = out->record};

    try_line(d, line, enveloped, out);
    if (out->verdict == VERDICT_RECORD)
        return;
    if (!enveloped && out->verdict == VERDICT_SKIP && line.ptr[0] == ' ')
        return; /* no prefix begins so; most lines of a lease file do */
    try_line(d, line, !enveloped, &other);
    if (other.verdict == VERDICT_RECORD)
        d->enveloped = !enveloped;
    else if (out->verdict == VERDICT_SKIP ||
             (other.verdict == VERDICT_REJECT && out->refusal.why != REJECT_SHAPE))
        return; /* the first way said more */
    *out = other;
}

static bool ends_record(const struct format *f, const struct outcome *o)
{
    return f->shape_count > 0 && o->verdict == VERDICT_RECORD &&
           f->shapes[o->shape].role == SHAPE_END;
}

/* One line to a verdict; the record is filled where it is VERDICT_RECORD. Syslog servers cut long
 * lines: what is missing of one is made up as in split_at_cut. */
static void decode_line(struct decoding *d, struct slice line, struct outcome *out)
{
    struct outcome cut = {.record = out->record};
    struct slice whole;

    out->verdict = VERDICT_SKIP;
    if (is_blank(line))
        return;
    if (format_is_comment(d->format, line)) {
        strays_add(&d->strays, line); /* may be a header of another log */
        return;
    }
    try_both(d, line, out);
    if (out->verdict == VERDICT_SKIP || ends_record(d->format, out))
        strays_add(&d->strays, line);
    if (out->verdict != VERDICT_REJECT)
        return;
    if (line.len >= LEAST_CUT_BYTES && d->format->cut_tail.len > 0 && complete(d, line, &whole))
        try_both(d, whole, &cut);
    if (cut.verdict == VERDICT_RECORD)
        *out = cut;
    else if (out->refusal.why == REJECT_SHAPE && decoding_is_news(d->format, line))
        out->verdict = VERDICT_SKIP;
    else if (out->refusal.why == REJECT_SHAPE && is_other_news(d->format, line)) {
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

static bool next_line(struct decoding *d, struct slice *line, uint64_t *number)
{
    if (d->piece.len > 0) {
        *line = d->piece;
        *number = d->line - 1;
        d->piece.len = 0;
    } else if (d->rest.len > 0) {
        slice_cut(d->rest, '\n', line, &d->rest);
        *number = d->line++;
        if (line->len > 0 && line->ptr[line->len - 1] == '\r')
            line->len--;
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
static void reject_line(struct decoding *d, struct batch *out, const struct outcome *o,
                        uint64_t number, struct slice line)
{
    reject(out, number, o->refusal.why, line);
    if (d->explains == 0 || o->refusal.why == REJECT_TOO_LONG)
        return;
    d->explains--;
    buf_reset(&d->reason);
    append_reason(d, o, line);
    out->rejects[out->reject_count - 1].detail =
        arena_copy(d->mapping.scratch, buf_slice(&d->reason));
}

static void skip(struct decoding *d, struct batch *out, const char *at)
{
    out->skipped++;
    passed_line(&d->passed, at);
}

/* The record stands at the end of the batch already; keep it there, hold it back, or add it to an
 * earlier one. */
static bool place(struct decoding *d, struct batch *out, const struct outcome *o, size_t *held,
                  struct error *err)
{
    enum shape_role role =
        d->format->shape_count > 0 ? d->format->shapes[o->shape].role : SHAPE_RECORD;
    bool amended = false;

    if (d->join == NULL) {
        out->record_count++;
        return true;
    }
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

static bool lacks_time(const struct decoding *d, const struct record *record)
{
    return d->needs_time && record->kind != RECORD_IDENTITY && !record_has(record, FIELD_TS);
}

/* Records that were put together of several lines, into the batch. */
static void release(struct decoding *d, bool all, struct batch *out)
{
    size_t released = join_release(d->join, all, out->records, BATCH_RECORDS, &out->skipped);

    out->record_count = 0;
    for (size_t i = 0; i < released; i++)
        if (lacks_time(d, &out->records[i]))
            reject(out, out->records[i].line, REJECT_TIME, slice_of(NULL, 0));
        else
            out->records[out->record_count++] = out->records[i];
}

/* Records of several lines own their text no longer than the next of them. */
static bool keep_released(struct decoding *d, struct batch *out, struct error *err)
{
    for (size_t i = 0; d->mapping.scratch != &d->scratch && i < out->record_count; i++)
        if (!join_keep_texts(&out->records[i], out->records[i].has, d->mapping.scratch))
            return error_set_memory(err);
    return true;
}

bool decoding_next(struct decoding *d, struct batch *out, struct error *err)
{
    struct slice line;
    size_t held = 0;

    out->record_count = out->reject_count = 0;
    out->lines = out->skipped = out->joined = 0;
    if (d->mapping.scratch == &d->scratch)
        arena_reset(&d->scratch);
    if (d->mapping.plan == NULL)
        d->mapping.plan = plan_compile(d->format, d->wanted, &d->plans);
    if (d->mapping.plan == NULL)
        return error_set_memory(err);
    while (out->record_count < BATCH_RECORDS && out->reject_count < BATCH_RECORDS &&
           held < BATCH_RECORDS) {
        struct outcome o = {.record = &out->records[out->record_count]};
        const char *at = d->piece.len > 0 ? d->piece.ptr : d->rest.ptr;
        uint64_t number;

        if (!next_line(d, &line, &number)) {
            passed_end(&d->passed, d->end);
            break;
        }
        out->lines++;
        o.record->line = number;
        if (d->overlong) {
            o.verdict = VERDICT_REJECT;
            o.refusal.why = REJECT_TOO_LONG;
        } else {
            decode_line(d, line, &o);
        }
        if (o.verdict == VERDICT_RECORD)
            passed_end(&d->passed, at);
        if (o.verdict == VERDICT_SKIP)
            skip(d, out, at);
        else if (o.verdict == VERDICT_REJECT) {
            reject_line(d, out, &o, number, line);
            passed_line(&d->passed, at);
        } else if (d->join == NULL && lacks_time(d, o.record)) {
            o.refusal = (struct refusal){.why = REJECT_TIME};
            reject_line(d, out, &o, number, line);
        } else if (!place(d, out, &o, &held, err))
            return false;
    }
    if (d->join != NULL) {
        release(d, false, out);
        if (!keep_released(d, out, err))
            return false;
    }
    return out->lines > 0;
}

bool decoding_flush(struct decoding *d, struct batch *out)
{
    out->record_count = out->reject_count = 0;
    out->lines = out->skipped = out->joined = 0;
    if (d->join != NULL)
        release(d, true, out);
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
