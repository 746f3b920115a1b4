/* printing.c: table, CSV, JSON and where they go. */
#include "printing.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

const struct option_row printing_rows[] = {
    {'\0', "csv", NULL, OPTION_FLAG, offsetof(struct printing_arguments, csv),
     "comma-separated, exact: LF, quoted only where needed"},
    {'\0', "json", NULL, OPTION_FLAG, offsetof(struct printing_arguments, json),
     "an array of objects"},
    {'\0', "ndjson", NULL, OPTION_FLAG, offsetof(struct printing_arguments, ndjson),
     "an object a line"},
    {'\0', "markdown", NULL, OPTION_FLAG, offsetof(struct printing_arguments, markdown),
     "a table for Markdown; default: an aligned table"},
    {'o', "output", "FILE", OPTION_TEXT, offsetof(struct printing_arguments, output),
     "write there, whole or not at all"},
    {'\0', "excel", NULL, OPTION_FLAG, offsetof(struct printing_arguments, excel),
     "CSV for Excel: byte-order mark, CRLF, formulas\ndisarmed, names kept as text"},
    {'\0', "xlsx", NULL, OPTION_FLAG, offsetof(struct printing_arguments, xlsx),
     "a workbook of Excel: typed columns, filters, a frozen\nheader; with -o"},
    {'\0', "encoding", "NAME", OPTION_TEXT, offsetof(struct printing_arguments, encoding),
     "of CSV: utf-8 or cp932; what it lacks becomes `?`"},
    {0}};

static bool set_style(struct printing_arguments *a, enum writer_form form, struct error *err)
{
    a->sheet = (struct sheet_style){.excel = a->excel};
    if (a->encoding == NULL)
        return true;
    if (form != WRITER_CSV)
        return error_set(err, ERROR_USAGE, "--encoding: only with --csv or --excel");
    a->sheet.cp932 = strcasecmp(a->encoding, "cp932") == 0;
    return a->sheet.cp932 || strcasecmp(a->encoding, "utf-8") == 0 ||
           error_set(err, ERROR_USAGE, "--encoding: '%s': expected utf-8 or cp932", a->encoding);
}

bool printing_form(struct printing_arguments *a, enum writer_form *form, struct error *err)
{
    const struct {
        bool chosen;
        enum writer_form form;
    } forms[] = {{a->csv || a->excel, WRITER_CSV},
                 {a->json, WRITER_JSON},
                 {a->ndjson, WRITER_NDJSON},
                 {a->markdown, WRITER_MARKDOWN},
                 {a->xlsx, WRITER_XLSX}};
    unsigned chosen = 0;

    *form = WRITER_TABLE;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i].chosen) {
            *form = forms[i].form;
            chosen++;
        }
    if (chosen > 1)
        return error_set(err, ERROR_USAGE,
                         "only one of --csv (or --excel), --json, --ndjson, --markdown and --xlsx "
                         "can be had");
    if (a->xlsx && (a->output == NULL || strcmp(a->output, "-") == 0) && isatty(STDOUT_FILENO))
        return error_set(err, ERROR_USAGE, "--xlsx: a workbook is nothing for a terminal: -o FILE");
    return set_style(a, *form, err);
}

struct look printing_look(const struct call *call, struct printing_arguments *a)
{
    bool file = a->output != NULL && strcmp(a->output, "-") != 0;
    struct look look = file ? (struct look){0} : call->environment->look;

    look.sheet = &a->sheet;
    look.temporary = call->environment->temporary;
    return look;
}

void printing_append_problems(struct buf *out, const struct printing_arguments *a)
{
    uint64_t lacking = a->sheet.lacking;

    if (lacking > 0)
        buf_printf(out, "kage: %" PRIu64 " character%s that %s lacks: written as ?\n", lacking,
                   lacking == 1 ? "" : "s", a->encoding);
}
