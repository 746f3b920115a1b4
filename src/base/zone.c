/* zone.c: reads TZif files (RFC 9636) and answers for any instant. */
#include "base/zone.h"

#include "base/calendar.h"
#include "base/zone_internal.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_LIMIT_BYTES = 1 << 20, HEADER_BYTES = 44, NAME_LIMIT = 128 };

/* Numbers of a TZif header, in the order they stand there. */
struct header {
    uint32_t isutcnt, isstdcnt, leapcnt, timecnt, typecnt, charcnt;
    char version;
};

struct zone {
    char name[NAME_LIMIT];
    size_t count;          /* transitions */
    int64_t *times;        /* ascending */
    int32_t *offsets;      /* from each transition on */
    int32_t first_offset;  /* before the first */
    struct zone_rule rule; /* after the last */
};

static uint32_t be32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t be64(const unsigned char *p)
{
    return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

static bool read_header(struct slice bytes, struct header *h)
{
    const unsigned char *p = (const unsigned char *)bytes.ptr;

    if (bytes.len < HEADER_BYTES || memcmp(p, "TZif", 4) != 0)
        return false;
    h->version = (char)p[4];
    h->isutcnt = be32(p + 20);
    h->isstdcnt = be32(p + 24);
    h->leapcnt = be32(p + 28);
    h->timecnt = be32(p + 32);
    h->typecnt = be32(p + 36);
    h->charcnt = be32(p + 40);
    return h->typecnt > 0 && h->typecnt <= 256 && h->timecnt < 100000 && h->charcnt < 100000 &&
           h->leapcnt < 10000 && h->isutcnt <= 256 && h->isstdcnt <= 256;
}

/* Bytes of the data behind a header, times being ${width} bytes wide. */
static size_t body_bytes(const struct header *h, size_t width)
{
    return h->timecnt * (width + 1) + h->typecnt * (size_t)6 + h->charcnt +
           h->leapcnt * (width + 4) + h->isstdcnt + h->isutcnt;
}

static bool read_body(struct zone *z, const struct header *h, const unsigned char *p)
{
    const unsigned char *kinds = p + h->timecnt * (size_t)8, *types = kinds + h->timecnt;

    z->times = calloc(h->timecnt + 1, sizeof *z->times);
    z->offsets = calloc(h->timecnt + 1, sizeof *z->offsets);
    if (z->times == NULL || z->offsets == NULL)
        return false;
    z->first_offset = (int32_t)be32(types);
    for (size_t i = 0; i < h->timecnt; i++) {
        if (kinds[i] >= h->typecnt)
            return false;
        z->times[i] = be64(p + i * 8);
        z->offsets[i] = (int32_t)be32(types + kinds[i] * (size_t)6);
        if ((i > 0 && z->times[i] <= z->times[i - 1]) || abs(z->offsets[i]) > 26 * 3600)
            return false;
    }
    z->count = h->timecnt;
    return abs(z->first_offset) <= 26 * 3600;
}

struct zone *zone_parse(const char *name, struct slice bytes)
{
    struct zone *z = calloc(1, sizeof *z);
    struct header h;
    size_t at;
    bool ok = z != NULL && read_header(bytes, &h) && h.version >= '2';

    if (ok) { /* the first block has 32-bit times; the second is the one to read */
        at = HEADER_BYTES + body_bytes(&h, 4);
        ok = at < bytes.len && read_header(slice_from(bytes, at), &h) &&
             bytes.len - at - HEADER_BYTES >= body_bytes(&h, 8) &&
             read_body(z, &h, (const unsigned char *)bytes.ptr + at + HEADER_BYTES);
    }
    if (ok) {
        struct slice footer = slice_from(bytes, at + HEADER_BYTES + body_bytes(&h, 8));

        if (footer.len > 0 && footer.ptr[0] == '\n')
            footer = slice_from(footer, 1);
        footer.len = slice_find(footer, '\n');
        ok = zone_rule_parse(footer, &z->rule);
    }
    if (!ok) {
        zone_free(z);
        return NULL;
    }
    snprintf(z->name, sizeof z->name, "%s", name);
    return z;
}

/* Is it a name of the database, and not a way to another file? */
static bool is_zone_name(const char *name)
{
    size_t n = strlen(name);

    if (n == 0 || n >= NAME_LIMIT || name[0] == '/' || strstr(name, "..") != NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)name[i]) && strchr("/_+-", name[i]) == NULL)
            return false;
    return true;
}

static struct zone *zone_utc(void)
{
    struct zone *z = calloc(1, sizeof *z);

    if (z != NULL)
        snprintf(z->name, sizeof z->name, "UTC");
    return z;
}

static struct zone *read_zone(const char *name, int fd, struct error *err)
{
    char *bytes = malloc(FILE_LIMIT_BYTES);
    size_t used = 0;
    ssize_t got = 1;
    struct zone *z = NULL;

    if (bytes == NULL) {
        error_set_memory(err);
        return NULL;
    }
    while (used < FILE_LIMIT_BYTES && (got = read(fd, bytes + used, FILE_LIMIT_BYTES - used)) > 0)
        used += (size_t)got;
    if (got < 0)
        error_set_errno(err, errno, "reading the time zone %s", name);
    else if ((z = zone_parse(name, slice_of(bytes, used))) == NULL)
        error_set(err, ERROR_SYNTAX, "the file of the time zone %s is broken", name);
    free(bytes);
    return z;
}

struct zone *zone_load(const char *name, struct error *err)
{
    static const char folder[] = "/usr/share/zoneinfo";
    char path[PATH_MAX];
    struct zone *z = NULL;
    struct stat st;
    int fd = -1;

    if (strcmp(name, "UTC") == 0) {
        z = zone_utc();
        if (z == NULL)
            error_set_memory(err);
        return z;
    }
    if (is_zone_name(name)) {
        snprintf(path, sizeof path, "%s/%s", folder, name);
        fd = open(path, O_RDONLY | O_CLOEXEC);
    }
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        error_set(err, ERROR_USAGE,
                  "unknown time zone '%s'; expected an IANA name such as Asia/Tokyo", name);
    else
        z = read_zone(name, fd, err);
    if (fd >= 0)
        close(fd);
    return z;
}

/* The part of a path behind the folder of the database. */
static const char *name_in_path(const char *path)
{
    const char *found = strstr(path, "zoneinfo/");

    return found == NULL ? NULL : found + strlen("zoneinfo/");
}

void zone_system_name(const char *tz, char *out, size_t cap)
{
    char link[PATH_MAX];
    ssize_t n;
    const char *name = NULL;
    FILE *file;

    if (tz != NULL && tz[0] == ':')
        tz++;
    if (tz != NULL && tz[0] != '\0') {
        name = name_in_path(tz);
        snprintf(out, cap, "%s", name == NULL ? tz : name);
        return;
    }
    n = readlink("/etc/localtime", link, sizeof link - 1);
    if (n > 0) {
        link[n] = '\0';
        name = name_in_path(link);
    }
    if (name != NULL && strcmp(name, "Etc/UTC") != 0) {
        snprintf(out, cap, "%s", name);
        return;
    }
    snprintf(out, cap, "UTC");
    file = name == NULL ? fopen("/etc/timezone", "re") : NULL;
    if (file == NULL)
        return;
    if (fgets(link, sizeof link, file) != NULL) {
        link[strcspn(link, " \n")] = '\0';
        if (link[0] != '\0')
            snprintf(out, cap, "%s", link);
    }
    fclose(file);
}

const char *zone_name(const struct zone *z)
{
    return z->name;
}

struct zone_span zone_span_at(const struct zone *z, int64_t utc_s)
{
    size_t low = 0, high = z->count; /* the first transition after the instant */
    struct zone_span span = {INT64_MIN, INT64_MAX, z->first_offset};

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (z->times[middle] <= utc_s)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == z->count)
        return zone_rule_span(&z->rule, z->count > 0 ? z->times[z->count - 1] : INT64_MIN,
                              z->count > 0 ? z->offsets[z->count - 1] : z->first_offset, utc_s);
    span.until_s = z->times[low];
    if (low > 0) {
        span.from_s = z->times[low - 1];
        span.offset_s = z->offsets[low - 1];
    }
    return span;
}

int64_t zone_utc_of_local(const struct zone *z, int64_t local_s)
{
    /* offsets a day before and after: one of them is that of the local time, whatever jump is near
     */
    int32_t before = zone_span_at(z, local_s - SECONDS_PER_DAY).offset_s;
    int32_t after = zone_span_at(z, local_s + SECONDS_PER_DAY).offset_s;
    int64_t first = local_s - before, second = local_s - after;

    if (before == after)
        return first;
    if (zone_span_at(z, first).offset_s ==
        before) /* the earlier of two readings, or the only one */
        return first;
    if (zone_span_at(z, second).offset_s == after)
        return second;
    return first; /* never shown: the offset before the jump */
}

int64_t zone_day(const struct zone *z, int64_t utc_s)
{
    int64_t local_s = utc_s + zone_span_at(z, utc_s).offset_s;

    return local_s / SECONDS_PER_DAY - (local_s % SECONDS_PER_DAY < 0);
}

int64_t zone_day_start(const struct zone *z, int64_t day)
{
    return zone_utc_of_local(z, day * SECONDS_PER_DAY);
}

void zone_append_rfc3339(struct buf *out, const struct zone *z, int64_t ts_us)
{
    int64_t utc_s = ts_us / MICROSECONDS_PER_SECOND - (ts_us % MICROSECONDS_PER_SECOND < 0);
    int32_t offset = z == NULL ? 0 : zone_span_at(z, utc_s).offset_s;
    struct civil c = calendar_civil(utc_s + offset);
    int micros = (int)(ts_us - utc_s * MICROSECONDS_PER_SECOND), digits = 6;

    buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d", c.year, c.month, c.day, c.hour, c.minute,
               c.second);
    if (z != NULL) {
        int minutes = abs(offset) / 60;

        buf_printf(out, "%c%02d:%02d", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
        return;
    }
    for (; micros != 0 && micros % 10 == 0; digits--)
        micros /= 10;
    if (micros != 0)
        buf_printf(out, ".%0*d", digits, micros);
    buf_append_byte(out, 'Z');
}

void zone_free(struct zone *z)
{
    if (z == NULL)
        return;
    free(z->times);
    free(z->offsets);
    free(z);
}
