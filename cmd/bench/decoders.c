/* decoders.c: how long a decoder takes for a log in memory, against finding its line ends. */

#include "base/num.h"
#include "base/zone.h"
#include "format/catalog.h"
#include "format/decoding.h"
#include "format/detect.h"
#include "io/blocks.h"
#include "measure.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAIRS_MAX = 101, EXIT_USAGE = 2, EXIT_FAILED = 4 };
#define FILE_MAX_BYTES ((size_t)1 << 28)

/* Nanoseconds of one pass each. */
struct times {
    double split[PAIRS_MAX], scan[PAIRS_MAX], decode[PAIRS_MAX];
    double scan_ratio[PAIRS_MAX], decode_ratio[PAIRS_MAX];
};

/* A log in memory, and what reads it. */
struct subject {
    struct slice log; /* slack behind it, as behind a block */
    char *bytes;
    const struct format *format;
    const struct zone *zone;
    uint64_t lines, records;
    struct batch batch;
    struct times times;
};

static bool read_log(const char *path, struct subject *s, struct error *err)
{
    FILE *in = fopen(path, "rb");
    size_t got;

    if (in == NULL)
        return error_set_errno(err, errno, "%s", path);
    s->bytes = malloc(FILE_MAX_BYTES + BLOCK_SLACK);
    if (s->bytes == NULL) {
        fclose(in);
        return error_set_memory(err);
    }
    got = fread(s->bytes, 1, FILE_MAX_BYTES, in);
    fclose(in);
    while (got > 0 && s->bytes[got - 1] != '\n')
        got--;
    memset(s->bytes + got, 0, BLOCK_SLACK);
    s->log = slice_of(s->bytes, got);
    return got > 0 || error_set(err, ERROR_DATA, "%s: expected whole lines", path);
}

/* What the ratio is to: memchr from line to line. */
static uint64_t split_lines(struct slice log)
{
    const char *p = log.ptr, *end = log.ptr + log.len, *hit;
    uint64_t lines = 0;

    for (; p < end && (hit = memchr(p, '\n', (size_t)(end - p))) != NULL; p = hit + 1)
        lines++;
    return lines;
}

/* The next block as blocks.c cuts them. */
static struct slice next_block(struct slice rest)
{
    size_t n = rest.len < BLOCK_BYTES ? rest.len : BLOCK_BYTES;

    while (n > 0 && rest.ptr[n - 1] != '\n')
        n--;
    return slice_of(rest.ptr, n > 0 ? n : rest.len);
}

static bool decode(struct subject *s, uint32_t fields, struct error *err)
{
    struct decoding *d = decoding_create(s->format, s->zone, 2026, err);
    uint64_t line = 1;

    s->records = 0;
    if (d == NULL)
        return false;
    decoding_want(d, fields);
    for (struct slice rest = s->log, block; rest.len > 0; rest = slice_from(rest, block.len)) {
        block = next_block(rest);
        decoding_feed(d, block, line, false);
        while (decoding_next(d, &s->batch, err)) {
            line += s->batch.lines;
            s->records += s->batch.record_count;
        }
    }
    while (decoding_flush(d, &s->batch))
        s->records += s->batch.record_count;
    decoding_free(d);
    s->lines = line - 1;
    return err->code == ERROR_NONE;
}

static bool measure(struct subject *s, size_t pair, struct error *err)
{
    struct times *t = &s->times;
    double start = now_ns(), split, scan;
    uint64_t lines = split_lines(s->log);

    split = now_ns();
    if (!decode(s, ~FIELD_BIT(FIELD_QTYPE), err)) /* what the built-in signatures ask for */
        return false;
    scan = now_ns();
    if (!decode(s, UINT32_MAX, err))
        return false;
    t->decode[pair] = now_ns() - scan;
    t->scan[pair] = scan - split;
    t->split[pair] = split - start;
    t->scan_ratio[pair] = t->scan[pair] / t->split[pair];
    t->decode_ratio[pair] = t->decode[pair] / t->split[pair];
    return lines == s->lines || error_set(err, ERROR_BUG, "%llu lines decoded, expected %llu",
                                          (unsigned long long)s->lines, (unsigned long long)lines);
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare);
    return values[n / 2];
}

static void print(struct subject *s, size_t pairs)
{
    struct times *t = &s->times;
    double lines = (double)s->lines;

    printf("%s,%llu,%zu,%llu,%.1f,%.1f,%.1f,%.2f,%.2f\n", format_id(s->format),
           (unsigned long long)s->lines, s->log.len, (unsigned long long)s->records,
           median(t->split, pairs) / lines, median(t->scan, pairs) / lines,
           median(t->decode, pairs) / lines, median(t->scan_ratio, pairs),
           median(t->decode_ratio, pairs));
}

/* ${id}: NULL where the log itself must tell. */
static bool find_format(struct subject *s, const struct format_catalog *catalog, const char *path,
                        const char *id, struct error *err)
{
    struct detection detection = {0};

    if (id != NULL)
        s->format = catalog_find(catalog, id);
    else if (!detect_format(catalog, NULL, s->zone, next_block(s->log), &detection, err))
        return false;
    else
        s->format = detection.format;
    return s->format != NULL || error_set(err, ERROR_USAGE, "%s: expected a known format", path);
}

static bool run(const struct format_catalog *catalog, const char *path, const char *id,
                size_t pairs, struct error *err)
{
    struct subject *s = calloc(1, sizeof *s);
    struct zone *zone = zone_load("UTC", err);
    bool ok = zone != NULL;

    if (s == NULL) {
        zone_free(zone);
        return error_set_memory(err);
    }
    s->zone = zone;
    ok = ok && read_log(path, s, err) && find_format(s, catalog, path, id, err);
    for (size_t i = 0; ok && i < pairs; i++)
        ok = measure(s, i, err);
    if (ok)
        print(s, pairs);
    free(s->bytes);
    free(s);
    zone_free(zone);
    return ok;
}

int main(int argc, char **argv)
{
    struct error err = {0};
    struct format_catalog *catalog;
    uint64_t pairs;
    bool ok;

    if (argc < 3 || argc > 4 || !num_parse(slice_of_string(argv[1]), PAIRS_MAX, &pairs) ||
        pairs == 0) {
        fprintf(stderr,
                "usage: bench-decoders PAIRS LOG [FORMAT]\n"
                "Prints format, lines, bytes, records; nanoseconds a line of splitting with\n"
                "memchr, of decoding what a scan wants, of decoding all; both as ratios to\n"
                "splitting. Medians of PAIRS (1 to %d).\n",
                PAIRS_MAX);
        return EXIT_USAGE;
    }
    catalog = catalog_create(&err);
    ok = catalog != NULL && run(catalog, argv[2], argv[3], (size_t)pairs, &err);
    catalog_free(catalog);
    if (!ok)
        fprintf(stderr, "bench-decoders: %s\n", err.text);
    return ok ? 0 : EXIT_FAILED;
}
