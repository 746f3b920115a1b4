/* writer_fixture.h: for tests: a writer's text for some cells. */
#ifndef REPORT_WRITER_FIXTURE_H
#define REPORT_WRITER_FIXTURE_H

#include "report/output.h"
#include "report/writer/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Columns and cells, row by row. */
struct written_case {
    const struct column *columns;
    size_t column_count;
    const struct value *cells;
    size_t cell_count;
    struct look look;
};

/* Compare what ${form} makes of ${c} with ${expected}. It stays in the output's buffer. */
static inline void assert_written(enum writer_form form, const struct written_case *c,
                                  const char *expected)
{
    struct error err = {0};
    struct output *out = output_open(NULL, NULL, &err);
    struct writer_task task = {out, c->columns, c->column_count, c->look};
    struct writer *writer = writer_open(form, &task, &err);

    assert_non_null(writer);
    for (size_t i = 0; i < c->cell_count; i++)
        assert_true(writer_cell(writer, &c->cells[i], &err));
    assert_true(writer_end(writer, &err));
    buf_append_byte(output_buf(out), '\0');
    assert_string_equal(output_buf(out)->ptr, expected);
    writer_free(writer);
    output_close(out);
}

#define TEXT_CELL(literal)                                                                         \
    {                                                                                              \
        .type = VALUE_TEXT, .text = { literal, sizeof(literal) - 1 }                               \
    }
#define NUMBER_CELL(n)                                                                             \
    {                                                                                              \
        .type = VALUE_NUMBER, .number = (n)                                                        \
    }
#define EMPTY_CELL                                                                                 \
    {                                                                                              \
        .type = VALUE_EMPTY                                                                        \
    }

#endif
