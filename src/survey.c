/* survey.c: counts the years that an archive runs through, and looks which of month and day comes
 * first, before it is read for good. */
#include "survey.h"

#include "format/decoding.h"
#include "io/blocks.h"

#include <stdlib.h>

enum { SURVEY_YEAR = 2000 };

/* All of it, unless what is asked for is known before. */
static bool read_through(const struct survey *s, struct blocks *blocks, struct decoding *decoding,
                         struct error *err)
{
    struct batch *batch = malloc(sizeof *batch);
    struct block block;

    if (batch == NULL)
        return error_set_memory(err);
    while ((s->years || decoding_clock(decoding)->dates.shown == ORDER_OPEN) &&
           blocks_next(blocks, &block, err)) {
        decoding_feed(decoding, block.bytes, block.first_line, block.overlong);
        while (decoding_next(decoding, batch, err))
            continue;
        blocks_say_line(blocks, decoding_line(decoding));
    }
    free(batch);
    return err->code == ERROR_NONE;
}

static void choose_years(const struct survey *s, const struct stamp_clock *clock,
                         struct surveyed *out)
{
    struct year_hints hints = s->hints;
    int passed = clock->year - SURVEY_YEAR;

    hints.has_leap_day = clock->leap_year != 0;
    hints.leap_years_back = clock->year - clock->leap_year;
    out->last_year =
        year_of_last(&hints, clock->running ? clock->last_local_s : s->hints.file_time_s);
    out->first_year = out->last_year - passed;
}

static void choose_order(const struct survey *s, const struct stamp_dates *dates,
                         struct surveyed *out)
{
    out->order = dates->shown;
    out->order_shown = dates->shown != ORDER_OPEN;
    if (out->order_shown || !dates->any)
        return;
    out->order = year_choose_order(&s->hints, dates);
    out->order_guessed = out->order != ORDER_OPEN;
    if (!out->order_guessed)
        out->order = dates->read;
}

bool survey_archive(const struct survey *s, struct surveyed *out, struct error *err)
{
    struct reader *reader;
    struct blocks *blocks = NULL;
    struct decoding *decoding = NULL;
    bool ok;

    *out = (struct surveyed){0};
    reader = reader_open(s->path, s->inflate, err);
    if (reader != NULL)
        blocks = blocks_create(reader, err);
    if (blocks != NULL)
        decoding = decoding_create(s->format, s->zone, SURVEY_YEAR, err);
    if (decoding != NULL)
        decoding_count_years(decoding);
    ok = decoding != NULL && read_through(s, blocks, decoding, err);
    if (ok && s->years)
        choose_years(s, decoding_clock(decoding), out);
    if (ok)
        choose_order(s, &decoding_clock(decoding)->dates, out);
    decoding_free(decoding);
    blocks_free(blocks);
    reader_close(reader);
    return ok;
}
