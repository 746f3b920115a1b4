/* bundle_policy.c: the policy with pseudonyms for the people in it. */
#include "base/buf.h"
#include "base/csv.h"
#include "bundle.h"
#include "identity/table.h"
#include "report/pseudonym.h"
#include "report/writer/writer.h"

enum { SUBJECT, STATUS, SCOPE, UNTIL, APPROVER, REASON, COLUMNS };

struct masking {
    const struct pseudonyms *pseudonyms;
    struct writer *writer;
};

/* What stands behind the colon of a scope or subject; the tenant is what it is in the usage. */
static void append_behind(const struct pseudonyms *p, struct slice text, struct buf *out)
{
    size_t at = slice_find(text, ':') + 1;
    struct slice name;

    if (slice_starts_with(text, SLICE("user:"))) {
        buf_append(out, slice_of(text.ptr, at));
        pseudonym_append_user(p, slice_trim(slice_from(text, at)), out);
    } else if (slice_starts_with(text, SLICE("tenant:")) && slice_find(text, '/') < text.len) {
        at = slice_find(text, '/') + 1;
        name = slice_from(text, at);
        buf_append(out, slice_of(text.ptr, at));
        pseudonym_append_text(p, name, out);
    } else {
        buf_append(out, text);
    }
}

static void append_field(const struct pseudonyms *p, size_t column, struct slice text,
                         struct buf *out)
{
    if (column == SUBJECT || column == SCOPE)
        append_behind(p, text, out);
    else if (text.len > 0 && column == APPROVER)
        pseudonym_append_user(p, text, out);
    else if (text.len > 0 && column == REASON)
        pseudonym_append(p, PSEUDONYM_TEXT, text, out);
    else
        buf_append(out, text);
}

static bool take(void *context, const struct csv_row *row, struct error *err)
{
    const struct masking *m = context;
    struct buf shown = {0};
    bool ok = true;

    for (size_t i = 0; ok && i < COLUMNS; i++) {
        struct value value;

        buf_reset(&shown);
        append_field(m->pseudonyms, i, row->fields[i], &shown);
        value = value_text(buf_slice(&shown));
        value.name = true;
        ok = (!shown.failed || error_set_memory(err)) && writer_cell(m->writer, &value, err);
    }
    buf_free(&shown);
    return ok;
}

bool bundle_mask_policy(struct query *q, struct output *out, struct error *err)
{
    static const struct csv_column known[COLUMNS] = {{"subject", false}, {"status", false},
                                                     {"scope", false},   {"until", false},
                                                     {"approver", true}, {"reason", true}};
    static const struct column columns[COLUMNS] = {
        {"subject", "", false, 1}, {"status", "", false, 1},   {"scope", "", false, 1},
        {"until", "", false, 1},   {"approver", "", false, 1}, {"reason", "", false, 1}};
    const char *path = q->arguments.reading.policy;
    struct writer_task task = {out, columns, COLUMNS, {.sheet = &q->arguments.printing.sheet}};
    struct masking m = {q->privacy.pseudonyms, writer_open(WRITER_CSV, &task, err)};
    struct arena arena = {0};
    struct slice text;
    bool ok =
        m.writer != NULL && table_text(path, &arena, &text, err) &&
        csv_read(&(struct csv_file){path, text, known, COLUMNS, 0, NULL, NULL}, take, &m, err) &&
        writer_end(m.writer, err);

    writer_free(m.writer);
    arena_free(&arena);
    return ok;
}
