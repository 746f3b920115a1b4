/* detect.c: bids of all definitions on the first lines. */
#include "format/detect.h"

#include "base/buf.h"
#include "base/word.h"
#include "format/decoding.h"
#include "format/format.h"
#include "format/news.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum {
    SAMPLE_YEAR = 2000,
    FIRST_SAMPLE_BYTES = 64 * 1024, /* enough for most */
    REJECTS_PER_RECORD = 4,         /* more than that needs */
    CERTAIN_RECORDS = 16            /* so many records */
};

/* What one definition makes of the sample. */
struct bid {
    const struct format *format;
    size_t records, rejected;
    size_t joined;                  /* lines that say more of a record */
    size_t news;                    /* lines of its product that are no records */
    size_t headings;                /* columns that it knows, in headings */
    size_t led;                     /* the same in a line such as #Fields: */
    size_t said;                    /* fields of all records */
    uint64_t readings[FIELD_COUNT]; /* digest of every field over all records */
    uint32_t fields;                /* that any record has */
    bool no_year;
    struct stamp_dates dates;
};

static void read_field(struct bid *b, const struct record *r, enum field field)
{
    const struct field_info *info = field_info(field);
    const char *member = (const char *)r + info->offset;
    struct slice text;

    b->fields |= FIELD_BIT(field);
    b->said++;
    switch (info->type) {
    case TYPE_TEXT:
        memcpy(&text, member, sizeof text);
        b->readings[field] = XXH3_64bits_withSeed(text.ptr, text.len, b->readings[field] + r->line);
        break;
    case TYPE_TIME:
    case TYPE_DURATION:
    case TYPE_NUMBER:
        b->readings[field] =
            XXH3_64bits_withSeed(member, sizeof(int64_t), b->readings[field] + r->line);
        break;
    case TYPE_KIND:
    case TYPE_ACTION:
        b->readings[field] =
            XXH3_64bits_withSeed(member, sizeof(int), b->readings[field] + r->line);
        break;
    }
}

static void read_batch(struct bid *b, const struct batch *batch)
{
    b->rejected += batch->reject_count;
    b->joined += batch->joined;
    for (size_t i = 0; i < batch->record_count && b->records < DETECT_RECORDS; i++, b->records++)
        for (unsigned f = 0; f < FIELD_COUNT; f++)
            if (record_has(&batch->records[i], (enum field)f))
                read_field(b, &batch->records[i], (enum field)f);
}

/* How the sample is looked at. */
struct look {
    const struct zone *zone;
    struct slice sample;
    size_t patience; /* rejected lines after which a definition is given up */
};

/* Lines that end as those of old Macs would all be one heading. */
static bool has_lone_returns(struct slice sample)
{
    size_t at;

    while ((at = slice_find(sample, '\r')) < sample.len) {
        sample = slice_from(sample, at + 1);
        if (sample.len > 0 && sample.ptr[0] != '\n')
            return true;
    }
    return false;
}

/* Lines one by one, so that every definition is judged by the same lines though some skip many. */
static bool make_bid(struct bid *b, const struct look *look, struct batch *batch, struct error *err)
{
    struct decoding *d = decoding_create(b->format, look->zone, SAMPLE_YEAR, err);
    struct slice rest = look->sample, line;
    uint64_t number = 1;

    if (d == NULL)
        return false;
    decoding_leave_strays(d);
    while (rest.len > 0 && b->records < DETECT_RECORDS && b->rejected < look->patience &&
           err->code == ERROR_NONE) {
        slice_cut(rest, '\n', &line, &rest);
        decoding_feed(d, line, number++, false);
        while (decoding_next(d, batch, err)) {
            read_batch(b, batch);
            b->news += batch->skipped > 0 && news_is(b->format, line);
        }
        if (b->format->join_count > 0 && number % DETECT_RECORDS == 0)
            while (decoding_flush(d, batch))
                read_batch(b, batch);
    }
    while (err->code == ERROR_NONE && decoding_flush(d, batch))
        read_batch(b, batch);
    b->headings = has_lone_returns(look->sample) ? 0 : decoding_headings(d);
    b->led = decoding_led(d);
    b->no_year = decoding_clock(d)->running;
    b->dates = decoding_clock(d)->dates;
    decoding_free(d);
    return err->code == ERROR_NONE;
}

/* Do both give the same values for what both give? */
static bool reads_alike(const struct bid *a, const struct bid *b)
{
    uint32_t both = a->fields & b->fields;

    for (unsigned f = 0; f < FIELD_COUNT; f++)
        if ((both & FIELD_BIT(f)) != 0 && a->readings[f] != b->readings[f])
            return false;
    return a->records == b->records;
}

static long long worth(const struct bid *b)
{
    return (long long)(b->records + b->joined) - (long long)b->rejected;
}

/* Which one's records say more, as strcmp: a record of joined lines is one. */
static int compare_said(const struct bid *x, const struct bid *y)
{
    size_t a = x->said * y->records, b = y->said * x->records;

    return (a > b) - (a < b);
}

/* Best first. */
static int by_worth(const void *a, const void *b)
{
    const struct bid *x = a, *y = b;

    if ((x->records == 0) != (y->records == 0))
        return x->records == 0 ? 1 : -1;
    if (worth(x) != worth(y))
        return worth(x) > worth(y) ? -1 : 1;
    if (compare_said(x, y) != 0)
        return -compare_said(x, y);
    if (x->format->precedence != y->format->precedence)
        return x->format->precedence > y->format->precedence ? -1 : 1;
    return strcmp(x->format->id, y->format->id);
}

static void add_twin(struct detection *out, const char *id)
{
    size_t used = strlen(out->twins), more = strlen(id);

    if (used + more + 3 > sizeof out->twins)
        return;
    if (used > 0) {
        memcpy(out->twins + used, ", ", 2);
        used += 2;
    }
    memcpy(out->twins + used, id, more + 1);
}

/* Does it know the lines for its own, though none is a record? */
static bool is_quiet(const struct bid *b)
{
    return b->news > b->rejected || (b->headings > 0 && b->rejected == 0);
}

/* A quiet night: no definition has records worth the name, but one knows the lines for its own. */
static void choose_quiet(const struct bid *bids, size_t count, struct detection *out)
{
    const struct bid *best = NULL;

    for (size_t i = 0; i < count; i++)
        if (is_quiet(&bids[i]) &&
            (best == NULL || bids[i].news > best->news ||
             (bids[i].news == best->news && bids[i].headings > best->headings)))
            best = &bids[i];
    if (best == NULL || best->format == NULL)
        return;
    out->format = best->format;
    out->quiet = true;
    out->no_year = !best->format->has_year; /* there may be stamps behind the sample */
    out->open_dates = best->format->has_orders;
}

static bool is_convincing(const struct bid *b)
{
    return b->records >= CERTAIN_RECORDS ||
           (b->records > 0 && b->records * REJECTS_PER_RECORD >= b->rejected);
}

static bool gives_requests(const struct format *f)
{
    return (format_kinds(f) & (1U << RECORD_PROXY | 1U << RECORD_DNS)) != 0;
}

/* Do the requests that ${b} reads go before the leases and logons of ${best}? Not where it only
 * takes more lines amiss; where it reads more lines than it takes amiss, and as many, all the same.
 */
static bool goes_before(const struct bid *b, const struct bid *best)
{
    return gives_requests(b->format) &&
           (b->rejected <= best->rejected || (b->records >= best->records && worth(b) > 0));
}

/*
 * Which of the ${bids}, best first, it is. Where a device writes its requests and its leases and
 * logons into one log, these may be more: what reads the requests is it.
 */
static size_t choose(const struct bid *bids, size_t count)
{
    for (size_t i = 0; i < count && bids[i].records > 0; i++)
        if (goes_before(&bids[i], &bids[0]))
            return i;
    return 0;
}

/* Does ${b} know the columns that the log itself names, which ${best} passes over as a comment?
 * Then it is to say what stands in them, as long as it takes no more lines amiss. */
static bool is_named(const struct bid *b, const struct bid *best)
{
    return b->led > 0 && best->led == 0 && b->rejected <= best->rejected &&
           b->records * 2 > best->records &&
           gives_requests(b->format) == gives_requests(best->format);
}

/* Which of them it is where one is named by the log. */
static size_t choose_named(const struct bid *bids, size_t count)
{
    size_t at = choose(bids, count);

    for (size_t i = 0; i < count && bids[i].records > 0; i++)
        if (is_named(&bids[i], &bids[at]))
            return i;
    return at;
}

/* The best bid, its twins, or the complaint that two are equally good. */
static bool decide(struct bid *bids, size_t count, struct detection *out, struct error *err)
{
    const struct bid *best;
    size_t at;

    qsort(bids, count, sizeof *bids, by_worth);
    at = choose_named(bids, count);
    best = &bids[at];
    if (count == 0 || !is_convincing(best))
        return true;
    for (size_t i = at + 1; i < count && bids[i].records > 0 && worth(&bids[i]) == worth(best);
         i++) {
        if (reads_alike(best, &bids[i]))
            add_twin(out, bids[i].format->id);
        else if (compare_said(&bids[i], best) == 0 &&
                 bids[i].format->precedence == best->format->precedence)
            return error_set(err, ERROR_DATA,
                             "fits the formats %s and %s equally well, which read it differently; "
                             "say which with -f",
                             best->format->id, bids[i].format->id);
    }
    out->format = best->format;
    out->no_year = best->no_year;
    out->order = best->dates.shown;
    out->open_dates = best->dates.any && best->dates.shown == ORDER_OPEN;
    return true;
}

/* All definitions on one look. */
static bool detect_once(const struct format_catalog *catalog, const char *only,
                        const struct look *look, struct detection *out, struct error *err)
{
    size_t count = 0, all = catalog_count(catalog);
    struct bid *bids = calloc(all + 1, sizeof *bids);
    struct batch *batch = malloc(sizeof *batch);
    bool ok = true;

    memset(out, 0, sizeof *out);
    if (bids == NULL || batch == NULL) {
        free(bids);
        free(batch);
        return error_set_memory(err);
    }
    for (size_t i = 0; ok && i < all; i++) {
        const struct format *f = catalog_at(catalog, i);

        if (only != NULL && strcmp(only, f->id) != 0 && strcmp(only, f->family) != 0)
            continue;
        bids[count].format = f;
        ok = make_bid(&bids[count++], look, batch, err);
    }
    ok = ok && decide(bids, count, out, err);
    if (ok && out->format == NULL && look->patience == SIZE_MAX)
        choose_quiet(bids, count, out);
    free(bids);
    free(batch);
    return ok;
}

/* May requests of the product that wrote a log of leases or logons follow further on? */
static bool may_be_aside(const struct format_catalog *catalog, const struct format *f)
{
    for (size_t i = 0; !gives_requests(f) && i < catalog_count(catalog); i++)
        if (gives_requests(catalog_at(catalog, i)) &&
            strcmp(catalog_at(catalog, i)->family, f->family) == 0)
            return true;
    return false;
}

/* Look further on for them. The product's own definitions do so alone: all of them would take
 * several times as long as the log takes to be read. */
static bool look_aside(const struct format_catalog *catalog, const struct look *look,
                       struct detection *out, struct error *err)
{
    struct detection further;

    if (!detect_once(catalog, out->format->family, look, &further, err))
        return false;
    if (further.format != NULL && gives_requests(further.format) && !further.quiet)
        *out = further;
    return true;
}

bool detect_format(const struct format_catalog *catalog, const char *only, const struct zone *zone,
                   struct slice sample, struct detection *out, struct error *err)
{
    struct look quick = {zone, sample, DETECT_RECORDS}, thorough = {zone, sample, SIZE_MAX};

    if (quick.sample.len > FIRST_SAMPLE_BYTES) /* whole lines only */
        for (quick.sample.len = FIRST_SAMPLE_BYTES;
             quick.sample.len > 0 && sample.ptr[quick.sample.len - 1] != '\n';)
            quick.sample.len--;
    if (!detect_once(catalog, only, &quick, out, err))
        return false;
    if (out->format == NULL)
        return detect_once(catalog, only, &thorough, out, err);
    if ((only != NULL && strcmp(only, out->format->family) != 0) ||
        !may_be_aside(catalog, out->format))
        return true;
    return look_aside(catalog, &thorough, out, err);
}

/* More records of lines that another definition passed over, then more fields, then by rank. */
static bool is_better_stray(const struct bid *a, const struct bid *b)
{
    if (b->format == NULL || a->records != b->records)
        return b->format == NULL || a->records > b->records;
    if (a->said != b->said)
        return a->said > b->said;
    return a->format->precedence > b->format->precedence;
}

/* Does the definition read what ${own} is for? Then the two differ in what they leave out. */
static bool reads_samples(const struct format *f, const struct format *own, const struct look *look,
                          struct batch *batch, struct error *err)
{
    struct bid bid = {.format = f};
    struct buf lines = {0};

    for (size_t i = 0; i < own->sample_count; i++) {
        buf_append(&lines, own->samples[i].line);
        buf_append_byte(&lines, '\n');
    }
    if (lines.failed || !buf_reserve(&lines, WIDE_SLACK))
        error_set_memory(err);
    else
        make_bid(&bid, &(struct look){look->zone, buf_slice(&lines), SIZE_MAX}, batch, err);
    buf_free(&lines);
    return bid.records > 0;
}

bool detect_stray(const struct format_catalog *catalog, const struct format *own,
                  const struct zone *zone, struct slice lines, const struct format **out,
                  struct error *err)
{
    const struct look look = {zone, lines, SIZE_MAX};
    struct batch *batch = malloc(sizeof *batch);
    struct bid best = {0};

    *out = NULL;
    if (batch == NULL)
        return error_set_memory(err);
    for (size_t i = 0; err->code == ERROR_NONE && i < catalog_count(catalog); i++) {
        struct bid bid = {.format = catalog_at(catalog, i)};

        if (bid.format == own || !gives_requests(bid.format))
            continue;
        if (make_bid(&bid, &look, batch, err) && bid.records > 0 && is_better_stray(&bid, &best) &&
            !reads_samples(bid.format, own, &look, batch, err))
            best = bid;
    }
    free(batch);
    *out = best.format;
    return err->code == ERROR_NONE;
}
