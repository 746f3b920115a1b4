/* survey.c: counts the years that an archive runs through, before it is read for good. */
#include "survey.h"

#include "format/decoding.h"
#include "io/blocks.h"

#include <stdlib.h>

enum { SURVEY_YEAR = 2000 };

static bool read_through(struct blocks *blocks, struct decoding *decoding, struct error *err)
{
    struct batch *batch = malloc(sizeof *batch);
    struct block block;

    if (batch == NULL)
        return error_set_memory(err);
    while (blocks_next(blocks, &block, err)) {
        decoding_feed(decoding, block.bytes, block.first_line, block.overlong);
        while (decoding_next(decoding, batch, err))
            continue;
    }
    free(batch);
    return err->code == ERROR_NONE;
}

bool survey_years(const struct survey *s, int *first, int *last, struct error *err)
{
    struct reader *reader;
    struct blocks *blocks = NULL;
    struct decoding *decoding = NULL;
    int64_t last_local_s = s->hints.file_time_s;
    int year_passed = SURVEY_YEAR;
    bool ok;

    reader = reader_open(s->path, s->inflate, err);
    if (reader != NULL)
        blocks = blocks_create(reader, err);
    if (blocks != NULL)
        decoding = decoding_create(s->format, s->zone, SURVEY_YEAR, err);
    ok = decoding != NULL && read_through(blocks, decoding, err);
    if (ok)
        decoding_year(decoding, &year_passed, &last_local_s);
    *last = year_of_last(&s->hints, last_local_s);
    *first = *last - (year_passed - SURVEY_YEAR);
    decoding_free(decoding);
    blocks_free(blocks);
    reader_close(reader);
    return ok;
}
