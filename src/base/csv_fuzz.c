/* csv_fuzz.c: any bytes as a CSV file. */
#include "base/csv.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct csv_column columns[] = {{"a", false}, {"b", true}};

static bool check_row(void *context, const struct csv_row *row, struct error *err)
{
    size_t *last = context;

    (void)err;
    if (row->line <= *last)
        abort();
    *last = row->line;
    for (size_t i = 0; i < 2; i++)
        if (row->fields[i].ptr[row->fields[i].len] != '\0')
            abort();
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct csv_file file = {.name = "fuzz",
                            .bytes = slice_of((const char *)data, size),
                            .columns = columns,
                            .column_count = 2};
    struct error err = {0};
    size_t last = 0;

    if (csv_read(&file, check_row, &last, &err) == (err.code != ERROR_NONE))
        abort();
    return 0;
}
