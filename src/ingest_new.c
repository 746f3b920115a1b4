/* ingest_new.c: which lines of an archive are new, and only these into the counts. */
#include "ingest_reading.h"

#include <string.h>

/* All so far was counted before: cells and account begin anew. */
static bool forget(struct reading *r, struct decoding *decoding, struct error *err)
{
    while (decoding != NULL && decoding_flush(decoding, r->worker->batch))
        continue;
    ingest_keep_nothing(r);
    r->result->tally = tally_empty();
    r->result->first_reject.line = 0;
    return ingest_worker_renew(r->worker, err) && ingest_take_begin(r, err);
}

/* Lines that are known to be counted already: they only say how to read those behind them. */
static bool pass_over(struct reading *r, struct decoding *decoding, const struct block *block,
                      struct error *err)
{
    struct batch *batch = r->worker->batch;

    if (decoding == NULL)
        return true;
    while (decoding_flush(decoding, batch))
        if (!ingest_take_batch(r, err))
            return false;
    decoding_feed(decoding, block->bytes, block->first_line, block->overlong);
    while (decoding_next(decoding, batch, err))
        continue;
    while (decoding_flush(decoding, batch))
        continue;
    return err->code == ERROR_NONE;
}

/* Lines from ${line} on, counted from 0, up to where those begin or end that are not to be counted.
 * ${skip}: are these such? */
static uint64_t alike(const struct line_ranges *skipped, uint64_t line, bool *skip)
{
    size_t i = 0;

    while (i < skipped->count && skipped->ranges[i].to <= line)
        i++;
    *skip = i < skipped->count && skipped->ranges[i].from <= line;
    if (i == skipped->count)
        return UINT64_MAX;
    return (*skip ? skipped->ranges[i].to : skipped->ranges[i].from) - line;
}

static size_t length_of_lines(struct slice bytes, uint64_t lines)
{
    size_t length = 0;

    for (; lines > 0 && length < bytes.len; lines--) {
        length += slice_find(slice_from(bytes, length), '\n');
        length += length < bytes.len;
    }
    return length;
}

/* Lines of an archive some of which are not to be counted. */
static bool take_new_lines(struct reading *r, struct decoding *decoding, struct block block,
                           struct error *err)
{
    if (r->skipped == NULL)
        return ingest_take_lines(r, decoding, &block, err);
    while (block.bytes.len > 0) {
        struct block part = block;
        bool skip;
        uint64_t lines = alike(r->skipped, block.first_line - 1, &skip);

        part.bytes.len = length_of_lines(block.bytes, lines);
        if (!(skip ? pass_over : ingest_take_lines)(r, decoding, &part, err))
            return false;
        block.bytes = slice_from(block.bytes, part.bytes.len);
        block.first_line += lines;
    }
    return true;
}

/* Has the last line no end? */
static void note_open_line(struct reading *r, const struct block *part)
{
    if (!part->overlong && part->bytes.ptr[part->bytes.len - 1] != '\n')
        r->open_line = part->first_line + slice_count_lines(part->bytes) - 1;
}

bool ingest_new_lines(struct reading *r, struct decoding *decoding, struct block block,
                      struct error *err)
{
    while (block.bytes.len > 0) {
        struct block part = block;
        bool known;

        if (!trail_take(r->trail, block.bytes, &part.bytes.len, &known, err) ||
            !take_new_lines(r, decoding, part, err))
            return false;
        note_open_line(r, &part);
        if (known && !forget(r, decoding, err))
            return false;
        block.first_line += part.bytes.len < block.bytes.len ? slice_count_lines(part.bytes) : 0;
        block.bytes = slice_from(block.bytes, part.bytes.len);
    }
    return true;
}

void ingest_new_hold_back(const struct reading *r, struct block *block)
{
    if (block->overlong || block->bytes.len == 0 || block->bytes.ptr[block->bytes.len - 1] == '\n')
        return;
    if (reader_damage(r->reader) == NULL &&
        (strcmp(reader_packing(r->reader), "plain") != 0 || r->is_pipe))
        return;
    while (block->bytes.len > 0 && block->bytes.ptr[block->bytes.len - 1] != '\n')
        block->bytes.len--;
}

bool ingest_new_all(struct reading *r, const struct block *text, struct error *err)
{
    size_t taken;
    bool known;

    note_open_line(r, text);
    return trail_take(r->trail, text->bytes, &taken, &known, err) &&
           trail_take(r->trail, slice_from(text->bytes, taken), &taken, &known, err);
}
