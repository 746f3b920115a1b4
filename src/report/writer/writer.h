/* writer.h: rows of cells in one of the forms of writers.def. */
#ifndef REPORT_WRITER_H
#define REPORT_WRITER_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct output;
struct sheet_style;

enum writer_form {
#define WRITER(id, brief, ops) WRITER_##id,
#include "report/writer/writers.def"
#undef WRITER
    WRITER_FORMS
};

/* How a cell may be dressed on a terminal. */
enum tone { TONE_PLAIN, TONE_ALERT, TONE_FAINT };

enum value_type { VALUE_EMPTY, VALUE_TEXT, VALUE_NUMBER };

/* One cell. Text is borrowed for the call. */
struct value {
    enum value_type type;
    enum tone tone;
    uint64_t number;
    struct slice text; /* any bytes: each writer escapes */
    bool name;         /* no number or date, even where it looks like one */
    bool partial;      /* a sum to which only some of the records have added */
    bool plain;        /* letters, digits and -+:._ and blanks alone: nothing to escape or quote */
};

static inline struct value value_text(struct slice text)
{
    return (struct value){.type = VALUE_TEXT, .text = text};
}

static inline struct value value_string(const char *text)
{
    return value_text(slice_of_string(text));
}

/* Of what is ours, not a log's. */
static inline struct value value_plain(struct slice text)
{
    return (struct value){.type = VALUE_TEXT, .text = text, .plain = true};
}

static inline struct value value_number(uint64_t number)
{
    return (struct value){.type = VALUE_NUMBER, .number = number};
}

/* What a writer knows of a column. */
struct column {
    const char *name;    /* in CSV and JSON */
    const char *heading; /* for people */
    bool number;         /* set right */
    uint8_t weight;      /* 0: not in brief forms; 1: always; above: the larger, the sooner it is
                            left out where the terminal is too narrow */
};

/* What the output is shown on. */
struct look {
    bool colour;
    unsigned width;            /* columns of the terminal; 0: no limit */
    struct sheet_style *sheet; /* of CSV; NULL: exact data */
    const char *temporary;     /* folder for forms that need one; NULL: /tmp */
};

/* What a writer gets. Borrowed until it is freed. */
struct writer_task {
    struct output *out;
    const struct column *columns;
    size_t count;
    struct look look;
};

/* A form of output. `begin` makes the object that is the first argument of the others (NULL where
 * it fails); cells come column by column, row by row; `end` closes the last row's output.
 * `begin_rows` is `begin` without what stands before the first row; NULL: what a row looks like
 * depends on those before it. `texts` takes a whole row (writer_texts) where `takes_texts` says
 * that nothing but its text matters; NULL both: never. */
struct writer_ops {
    void *(*begin)(const struct writer_task *task, struct error *err);
    void *(*begin_rows)(const struct writer_task *task, struct error *err);
    bool (*cell)(void *self, size_t column, const struct value *value, struct error *err);
    bool (*takes_texts)(const void *self);
    bool (*texts)(void *self, struct slice text, const uint32_t *ends, struct error *err);
    bool (*end)(void *self, struct error *err);
    void (*free)(void *self);
};

extern const struct writer_ops write_table_ops, write_csv_ops, write_json_ops, write_json_lines_ops,
    write_markdown_ops, write_xlsx_ops;

/* Opaque. */
struct writer;

/*
 * writer_open(form, task, err):
 * Begin a table of ${task}->count columns.
 * Owns: copies ${task}; its columns and output are borrowed. The caller frees with writer_free.
 */
struct writer *writer_open(enum writer_form form, const struct writer_task *task,
                           struct error *err);

/* Does a row of the form look the same whatever stands before it? Then several writers may share
 * the rows of a table: one has what stands before and behind them, the others are opened with
 * writer_open_rows, which is else as writer_open, and are not ended. */
bool writer_splits(enum writer_form form);
struct writer *writer_open_rows(enum writer_form form, const struct writer_task *task,
                                struct error *err);

/* The next cell; a row ends by itself after the last column. Errors: ERROR_IO, ERROR_MEMORY. */
bool writer_cell(struct writer *w, const struct value *value, struct error *err);

/* May rows come as texts alone? */
bool writer_takes_texts(const struct writer *w);

enum { WRITER_SLACK = 16 };

/*
 * writer_texts(w, text, ends, err):
 * The cells of a whole row, one behind the other in ${text} with a comma behind each, up to
 * ${ends}; WRITER_SLACK bytes behind it are NUL. Where writer_takes_texts. Errors as writer_cell.
 */
bool writer_texts(struct writer *w, struct slice text, const uint32_t *ends, struct error *err);

/* As writer_cell for the common kinds of cells; NULL or a text of no bytes is an empty cell. */
bool writer_string(struct writer *w, const char *text, struct error *err);
bool writer_number(struct writer *w, uint64_t number, struct error *err);

/* After the last row. The output is not committed. */
bool writer_end(struct writer *w, struct error *err);

void writer_free(struct writer *w);

#endif
