/* write_csv.c: RFC 4180, quoted only where needed; the data exactly as it is, or as a spreadsheet
 * wants it. */
#include "base/digits.h"
#include "report/output.h"
#include "report/writer/sheet.h"
#include "report/writer/writer.h"

#include <csv.h>
#include <limits.h>
#include <stdlib.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

struct csv {
    struct output *out;
    struct buf *text; /* the output's */
    size_t count;
    struct sheet *sheet;
    bool exact;       /* the sheet leaves texts as they are */
    struct buf field; /* before it is quoted */
};

enum {
    SLACK = 16,                     /* bytes that may be read and written behind a text */
    CELL_ROOM = DIGITS_ROOM + SLACK /* of a cell, beside its text */
};

/* Must the ${len} bytes at ${p} be quoted? SLACK bytes behind them are readable. */
static bool needs_quotes(const char *p, size_t len)
{
#if defined(__SSE2__)
    const __m128i comma = _mm_set1_epi8(','), quote = _mm_set1_epi8('"');
    const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');

    for (size_t i = 0; i < len; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        __m128i separators =
            _mm_or_si128(_mm_cmpeq_epi8(bytes, comma), _mm_cmpeq_epi8(bytes, quote));
        __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(bytes, lf), _mm_cmpeq_epi8(bytes, cr));
        unsigned hits = (unsigned)_mm_movemask_epi8(_mm_or_si128(separators, ends));

        if (len - i < 16)
            hits &= (1U << (len - i)) - 1;
        if (hits != 0)
            return true;
    }
    return false;
#else
    static const bool quoted[UCHAR_MAX + 1] = {
        [','] = true, ['"'] = true, ['\n'] = true, ['\r'] = true};
    bool any = false;

    for (size_t i = 0; i < len; i++)
        any |= quoted[(unsigned char)p[i]];
    return any;
#endif
}

/* Room for ${text}, every byte of it a quote. */
static size_t room_of(struct slice text)
{
    return 2 * text.len + CELL_ROOM;
}

/* The text where there is room_of it. Returns: its end. */
static inline char *put_text(char *p, struct slice text, bool plain)
{
    if (text.len == 0)
        return p;
    memcpy(p, text.ptr, text.len);
    if (plain || !needs_quotes(p, text.len))
        return p + text.len;
    return p + csv_write(p, room_of(text), text.ptr, text.len);
}

/* Exactly. */
static inline char *put_value(char *p, const struct value *value)
{
    if (value->type == VALUE_TEXT)
        return put_text(p, value->text, value->plain);
    return value->type == VALUE_NUMBER ? digits_put(p, value->number) : p;
}

static void append_quoted(struct buf *out, struct slice text)
{
    if (buf_reserve(out, room_of(text)))
        out->len = (size_t)(put_text(out->ptr + out->len, text, false) - out->ptr);
}

static void append_text(struct csv *c, const struct value *value)
{
    buf_reset(&c->field);
    sheet_field(c->sheet, value->text, value->name, &c->field);
    append_quoted(c->text, buf_slice(&c->field));
    c->text->failed = c->text->failed || c->field.failed;
}

static void append_value(struct csv *c, const struct value *value)
{
    if (value->type == VALUE_TEXT && !c->exact)
        append_text(c, value);
    else if (buf_reserve(c->text, room_of(value->text)))
        c->text->len = (size_t)(put_value(c->text->ptr + c->text->len, value) - c->text->ptr);
}

static void end_cell(struct csv *c, size_t column)
{
    if (column + 1 == c->count)
        sheet_end_row(c->sheet, c->text);
    else
        buf_append_byte(c->text, ',');
}

static bool write_cell(void *self, size_t column, const struct value *value, struct error *err)
{
    struct csv *c = self;

    append_value(c, value);
    end_cell(c, column);
    return column + 1 < c->count || output_drain(c->out, err); /* rows are handed on whole */
}

static bool takes_texts(const void *self)
{
    const struct csv *c = self;

    return c->exact;
}

/* Cells with a comma behind each: is there no byte that must be quoted, and no other comma? */
static bool is_ready(struct slice text, size_t count)
{
    size_t commas = 0, i = 0;
#if defined(__SSE2__)
    const __m128i comma = _mm_set1_epi8(','), quote = _mm_set1_epi8('"');
    const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
    __m128i found = _mm_setzero_si128(), sums = _mm_setzero_si128();
    uint64_t halves[2];

    for (; i < text.len && i < 255 * sizeof comma; i += sizeof comma) { /* as a byte can count */
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(text.ptr + i));

        sums = _mm_sub_epi8(sums, _mm_cmpeq_epi8(bytes, comma));
        found = _mm_or_si128(found, _mm_cmpeq_epi8(bytes, quote));
        found =
            _mm_or_si128(found, _mm_or_si128(_mm_cmpeq_epi8(bytes, lf), _mm_cmpeq_epi8(bytes, cr)));
    }
    if (_mm_movemask_epi8(found) != 0)
        return false;
    sums = _mm_sad_epu8(sums, _mm_setzero_si128());
    memcpy(halves, &sums, sizeof halves);
    commas = halves[0] + halves[1];
#endif
    for (; i < text.len; i++) {
        commas += text.ptr[i] == ',';
        if (text.ptr[i] == '"' || text.ptr[i] == '\n' || text.ptr[i] == '\r')
            return false;
    }
    return commas == count;
}

static void append_cells(struct csv *c, struct slice text, const uint32_t *ends)
{
    size_t from = 0;

    for (size_t i = 0; i < c->count; i++) {
        append_quoted(c->text, slice_of(text.ptr + from, ends[i] - from));
        end_cell(c, i);
        from = ends[i] + 1;
    }
}

static bool write_texts(void *self, struct slice text, const uint32_t *ends, struct error *err)
{
    struct csv *c = self;

    if (!is_ready(text, c->count)) {
        append_cells(c, text, ends);
    } else if (buf_reserve(c->text, text.len)) {
        buf_append(c->text, text);
        c->text->ptr[c->text->len - 1] = '\n';
    }
    return output_drain(c->out, err);
}

static void *begin_rows(const struct writer_task *task, struct error *err)
{
    struct csv *c = calloc(1, sizeof *c);

    if (c == NULL) {
        error_set_memory(err);
        return NULL;
    }
    c->sheet = sheet_create(task->look.sheet, err);
    if (c->sheet == NULL) {
        free(c);
        return NULL;
    }
    c->exact = sheet_is_exact(c->sheet);
    c->out = task->out;
    c->text = output_buf(task->out);
    c->count = task->count;
    return c;
}

static void *begin(const struct writer_task *task, struct error *err)
{
    struct csv *c = begin_rows(task, err);

    if (c == NULL)
        return NULL;
    sheet_begin(c->sheet, c->text);
    for (size_t i = 0; i < task->count; i++) {
        struct value name = value_string(task->columns[i].name);

        append_value(c, &name);
        end_cell(c, i);
    }
    return c;
}

static bool end(void *self, struct error *err)
{
    const struct csv *c = self;

    return output_drain(c->out, err);
}

static void free_csv(void *self)
{
    struct csv *c = self;

    sheet_free(c->sheet);
    buf_free(&c->field);
    free(c);
}

const struct writer_ops write_csv_ops = {begin,       begin_rows, write_cell, takes_texts,
                                         write_texts, end,        free_csv};
