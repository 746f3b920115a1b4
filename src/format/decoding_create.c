/* decoding_create.c: a decoding made, told what is wanted of it, asked what it came upon, freed. */
#include "format/decoding.h"

#include "base/word.h"
#include "format/decoding_internal.h"

#include <stdlib.h>

/* Do tabs stand between the values of its lines? */
static bool has_tabs(const struct format *f)
{
    bool tabs = f->separator == '\t';

    for (size_t i = 0; i < f->shape_count; i++)
        tabs |= slice_find(f->shapes[i].text, '\t') < f->shapes[i].text.len;
    return tabs;
}

struct decoding *decoding_create(const struct format *format, const struct zone *zone, int year,
                                 struct error *err)
{
    struct decoding *d = calloc(1, sizeof *d);

    if (d == NULL) {
        error_set_memory(err);
        return NULL;
    }
    d->format = format;
    d->clock.zone = zone;
    d->clock.year = year;
    d->lines.find = lines_finder_best();
    plain_prepare(&d->plain, format);
    d->enveloped = format->envelope;
    d->has_tabs = has_tabs(format);
    d->has_own = template_has_own(format) && format->cut_at == 0;
    d->follows = follow_fits(format);
    d->several = d->follows || format->join_count > 0;
    d->wanted = UINT32_MAX;
    d->mapping = (struct mapping){&d->clock, &d->scratch, recoder_create(format->encoding), NULL};
    d->state = calloc(1, format->decoder->state_size + 1);
    if (d->state == NULL || d->mapping.recoder == NULL)
        error_set_memory(err);
    else if (format->join_count > 0 && !d->follows)
        d->join = join_create(format, err);
    if (err->code == ERROR_NONE) {
        plain_choose(d, false);
        return d;
    }
    decoding_free(d);
    return NULL;
}

void decoding_want(struct decoding *d, uint32_t fields)
{
    d->wanted = fields;
    d->mapping.plan = NULL;
    d->needs_time = (fields & FIELD_BIT(FIELD_TS)) != 0;
}

void decoding_screen(struct decoding *d, struct screen *screen)
{
    d->screen = d->several ? NULL : screen;
    d->mapping.plan = NULL;
}

void decoding_say_encoding(struct decoding *d, enum encoding encoding)
{
    recoder_say(d->mapping.recoder, encoding);
}

const struct recoder *decoding_recoder(const struct decoding *d)
{
    return d->mapping.recoder;
}

void decoding_leave_strays(struct decoding *d)
{
    d->no_strays = true;
}

void decoding_explain(struct decoding *d, uint64_t most)
{
    d->explains = most;
}

void decoding_keep(struct decoding *d, struct arena *scratch)
{
    d->mapping.scratch = scratch == NULL ? &d->scratch : scratch;
}

uint64_t decoding_line(const struct decoding *d)
{
    return d->line;
}

/* The text with WIDE_SLACK bytes behind it. */
static struct slice with_slack(struct buf *text)
{
    size_t len = text->len;

    for (int i = 0; i < WIDE_SLACK; i++)
        buf_append_byte(text, '\0');
    if (text->failed)
        return slice_of("", 0);
    text->len = len;
    return slice_of(text->ptr, len);
}

struct slice decoding_passed(struct decoding *d)
{
    return with_slack(passed_longest(&d->passed));
}

struct slice decoding_strays(struct decoding *d)
{
    return with_slack(&d->strays.lines);
}

const struct stamp_clock *decoding_clock(const struct decoding *d)
{
    return &d->clock;
}

void decoding_say_order(struct decoding *d, enum stamp_order order)
{
    d->clock.order = order;
}

void decoding_count_years(struct decoding *d)
{
    d->clock.years_unknown = true;
}

void decoding_free(struct decoding *d)
{
    if (d == NULL)
        return;
    join_free(d->join);
    follow_free(&d->follow);
    recoder_free(d->mapping.recoder);
    free(d->state);
    arena_free(&d->scratch);
    arena_free(&d->plans);
    passed_free(&d->passed);
    buf_free(&d->strays.lines);
    buf_free(&d->reason);
    template_probes_free(&d->probes);
    free(d);
}
