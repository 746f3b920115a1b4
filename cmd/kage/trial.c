/* trial.c: kage formats --test: how a definition reads the first lines of a log. */
#include "trial.h"

#include "base/buf.h"
#include "format/explain/explain.h"
#include "format/stamp/year.h"
#include "io/blocks.h"

#include <string.h>

enum { TRIAL_BYTES = 1 << 20, SHOWN_RECORDS = 3, SHOWN_PROBLEMS = 10, SHOWN_TEXT = 120 };

const struct column trial_columns[] = {
    {"line", "line", true, 1},        {"verdict", "verdict", false, 1},
    {"field", "field", false, 1},     {"value", "value", false, 1},
    {"column", "column", false, 1},   {"text", "text", false, 2},
    {"problem", "problem", false, 1}, {"definition_line", "def", true, 3},
};
const size_t trial_column_count = sizeof trial_columns / sizeof *trial_columns;

/* One log being tried. */
struct run {
    const struct trial *t;
    struct trial_result *out;
    struct explainer *explainer;
    uint64_t problems;
};

static const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {
        [VERDICT_SKIP] = "skipped", [VERDICT_REJECT] = "rejected", [VERDICT_RECORD] = "record"};

    return names[verdict];
}

static bool write_text(struct writer *w, struct slice text, struct error *err)
{
    struct value value = value_text(text);

    if (text.len == 0)
        value.type = VALUE_EMPTY;
    return writer_cell(w, &value, err);
}

/* A long line is shown by its begin. */
static bool write_begin(struct writer *w, struct slice text, struct error *err)
{
    struct buf begin = {0};
    bool ok;

    if (text.len <= SHOWN_TEXT)
        return write_text(w, text, err);
    while (text.len > SHOWN_TEXT || ((unsigned char)text.ptr[text.len] & 0xc0) == 0x80)
        text.len--;
    buf_append(&begin, text);
    buf_append_string(&begin, "…");
    ok = begin.failed ? error_set_memory(err) : write_text(w, buf_slice(&begin), err);
    buf_free(&begin);
    return ok;
}

/* What is wrong with the line as a whole. */
static bool write_problem(struct run *r, const struct explanation *e, struct slice line,
                          struct error *err)
{
    struct writer *w = r->t->writer;

    return writer_number(w, r->out->lines, err) &&
           writer_string(w, verdict_name(e->verdict), err) && writer_string(w, NULL, err) &&
           writer_string(w, NULL, err) && writer_string(w, NULL, err) &&
           write_begin(w, line, err) && write_text(w, e->problem, err) &&
           writer_string(w, NULL, err);
}

static bool write_row(struct run *r, const struct explanation *e, const struct explained *row,
                      struct error *err)
{
    struct writer *w = r->t->writer;

    return writer_number(w, r->out->lines, err) &&
           writer_string(w, verdict_name(e->verdict), err) &&
           writer_string(w, field_info(row->field)->key, err) && write_begin(w, row->value, err) &&
           write_text(w, row->column, err) && write_begin(w, row->text, err) &&
           write_text(w, row->expected, err) && writer_number(w, row->definition_line, err);
}

/* Of a rejected line the fields that are wrong are enough. */
static bool write_line(struct run *r, const struct explanation *e, struct slice line,
                       struct error *err)
{
    bool ok = true;

    if (e->problem.len > 0 && !write_problem(r, e, line, err))
        return false;
    for (size_t i = 0; ok && i < e->count; i++)
        if (e->verdict == VERDICT_RECORD || e->rows[i].refused)
            ok = write_row(r, e, &e->rows[i], err);
    return ok;
}

static bool try_line(struct run *r, struct slice line, struct error *err)
{
    const struct explanation *e = explainer_line(r->explainer, line);
    uint64_t shown;

    r->out->lines++;
    switch (e->verdict) {
    case VERDICT_RECORD:
        shown = r->out->records++;
        r->out->adding += e->adds;
        break;
    case VERDICT_SKIP:
        r->out->skipped++;
        shown = r->problems++;
        break;
    case VERDICT_REJECT:
        r->out->rejected++;
        shown = r->problems++;
        break;
    default: return true;
    }
    if (shown >= (e->verdict == VERDICT_RECORD ? SHOWN_RECORDS : SHOWN_PROBLEMS))
        return true;
    return write_line(r, e, line, err);
}

static bool try_lines(struct run *r, struct slice sample, struct error *err)
{
    struct slice line, rest = sample;

    while (rest.len > 0) {
        if (!slice_cut(rest, '\n', &line, &rest) && sample.len >= TRIAL_BYTES)
            break; /* cut by us */
        if (line.len > 0 && line.ptr[line.len - 1] == '\r')
            line.len--;
        if (!try_line(r, line, err))
            return false;
    }
    return true;
}

/* The year of stamps that carry none: that of the file, as far as it is known. */
static int year_of(const struct reader *reader, const char *path)
{
    struct year_hints hints = {.gzip_time_s = reader_gzip_time(reader),
                               .name = path,
                               .file_time_s = reader_file_time(reader)};

    return year_of_last(&hints, hints.gzip_time_s > 0 ? hints.gzip_time_s : hints.file_time_s);
}

bool trial_run(const struct trial *t, struct trial_result *out, struct error *err)
{
    struct run r = {.t = t, .out = out};
    struct reader *reader = reader_open(t->path, INFLATE_BEST, err);
    struct blocks *blocks = reader == NULL ? NULL : blocks_create(reader, err);
    struct slice sample;
    bool ok = blocks != NULL;

    if (ok)
        blocks_say_encoding(blocks, format_encoding(t->format));
    ok = ok && blocks_peek(blocks, TRIAL_BYTES, &sample, err);
    if (ok)
        r.explainer = explainer_create(t->format, t->zone, year_of(reader, t->path), err);
    ok = r.explainer != NULL && try_lines(&r, sample, err);
    explainer_free(r.explainer);
    blocks_free(blocks);
    reader_close(reader);
    return ok;
}
