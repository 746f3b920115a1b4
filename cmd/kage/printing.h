/* printing.h: the options that choose how and where rows are printed. */
#ifndef KAGE_PRINTING_H
#define KAGE_PRINTING_H

#include "base/error.h"
#include "command.h"
#include "options.h"
#include "report/writer/sheet.h"
#include "report/writer/writer.h"

#include <stdbool.h>

struct output;

/* As given. */
struct printing_arguments {
    bool csv, json, ndjson, markdown, excel, xlsx;
    const char *encoding, *output;
    struct sheet_style sheet; /* what excel and encoding mean; printing_form fills it */
};

/* Rows with offsets into struct printing_arguments. */
extern const struct option_row printing_rows[];

/* The form asked for. Errors: ERROR_USAGE where there are two, or an encoding of what is no CSV. */
bool printing_form(struct printing_arguments *arguments, enum writer_form *form, struct error *err);

/* What the output is shown on: the terminal, or nothing of the kind where it goes into a file. */
struct look printing_look(const struct call *call, struct printing_arguments *arguments);

/* Say how many characters the encoding lacked; nothing where there were none. */
void printing_append_problems(struct buf *out, const struct printing_arguments *arguments);

#endif
