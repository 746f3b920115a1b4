/* printing.c: table, CSV, JSON and where they go. */
#include "printing.h"

#include <stddef.h>
#include <string.h>

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
    {'\0', "excel", NULL, OPTION_LATER, 0, ""},
    {'\0', "encoding", "NAME", OPTION_LATER, 0, ""},
    {'\0', "pseudonymize", "FILE", OPTION_LATER, 0, ""},
    {'\0', "suppress-small", "N", OPTION_LATER, 0, ""},
    {0}};

bool printing_form(const struct printing_arguments *a, enum writer_form *form, struct error *err)
{
    const struct {
        bool chosen;
        enum writer_form form;
    } forms[] = {{a->csv, WRITER_CSV},
                 {a->json, WRITER_JSON},
                 {a->ndjson, WRITER_NDJSON},
                 {a->markdown, WRITER_MARKDOWN}};
    unsigned chosen = 0;

    *form = WRITER_TABLE;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i].chosen) {
            *form = forms[i].form;
            chosen++;
        }
    return chosen <= 1 ||
           error_set(err, ERROR_USAGE,
                     "only one of --csv, --json, --ndjson and --markdown can be had");
}

struct look printing_look(const struct call *call, const struct printing_arguments *a)
{
    bool file = a->output != NULL && strcmp(a->output, "-") != 0;

    return file ? (struct look){0} : call->environment->look;
}
