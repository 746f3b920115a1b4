/* query_sql.c: rows of a question into a writer. */
#include "query_sql.h"

#include "store/ask.h"

#include <stdlib.h>

static struct value value_of(struct ask_value v)
{
    switch (v.type) {
    case ASK_NULL: break;
    case ASK_NUMBER: return value_number(v.number);
    case ASK_TEXT: return (struct value){.type = VALUE_TEXT, .text = v.text, .name = true};
    }
    return (struct value){.type = VALUE_EMPTY};
}

static bool print_rows(struct ask *ask, struct writer *writer, struct error *err)
{
    bool row = true;

    while (ask_next(ask, &row, err) && row)
        for (size_t i = 0; i < ask_column_count(ask); i++) {
            struct value value = value_of(ask_value(ask, i));

            if (!writer_cell(writer, &value, err))
                return false;
        }
    return err->code == ERROR_NONE && writer_end(writer, err);
}

bool query_sql_print(const struct query_sql *q, struct output *out, struct error *err)
{
    struct ask *ask = ask_create(q->store, q->text, err);
    size_t count = ask == NULL ? 0 : ask_column_count(ask);
    struct column *columns = calloc(count + 1, sizeof *columns);
    struct writer_task task = {out, columns, count, q->look};
    struct writer *writer = NULL;
    bool ok;

    if (columns == NULL)
        error_set_memory(err);
    for (size_t i = 0; columns != NULL && i < count; i++)
        columns[i] = (struct column){
            .name = ask_column_name(ask, i), .heading = ask_column_name(ask, i), .weight = 1};
    if (err->code == ERROR_NONE)
        writer = writer_open(q->form, &task, err);
    ok = writer != NULL && print_rows(ask, writer, err);
    writer_free(writer);
    free(columns);
    ask_free(ask);
    return ok;
}
