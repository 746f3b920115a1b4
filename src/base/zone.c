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
enum { OFFSET_LIMIT_S = 26 * 3600 }; /* as RFC 9636 recommends */

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

static bool is_offset(int32_t seconds)
{
    return seconds > -OFFSET_LIMIT_S && seconds < OFFSET_LIMIT_S;
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
        if ((i > 0 && z->times[i] <= z->times[i - 1]) || !is_offset(z->offsets[i]))
            return false;
    }
    z->count = h->timecnt;
    return is_offset(z->first_offset);
}

/* The second block, with 64-bit times, and the footer behind it. */
static bool parse(struct zone *z, struct slice bytes)
{
    struct slice before, footer;
    struct header h;
    size_t at;

    if (!read_header(bytes, &h) || h.version < '2')
        return false;
    at = HEADER_BYTES + body_bytes(&h, 4);
    if (at > bytes.len || !read_header(slice_from(bytes, at), &h) || h.leapcnt > 0)
        return false; /* with leap seconds ("right/…") no second would be what others call it */
    bytes = slice_from(bytes, at + HEADER_BYTES);
    if (bytes.len < body_bytes(&h, 8) || !read_body(z, &h, (const unsigned char *)bytes.ptr))
        return false;
    bytes = slice_from(bytes, body_bytes(&h, 8));
    return slice_cut(bytes, '\n', &before, &bytes) && before.len == 0 &&
           slice_cut(bytes, '\n', &footer, &bytes) && zone_rule_parse(footer, &z->rule);
}

struct zone *zone_parse(const char *name, struct slice bytes, struct error *err)
{
    struct zone *z = calloc(1, sizeof *z);

    if (z == NULL) {
        error_set_memory(err);
        return NULL;
    }
    snprintf(z->name, sizeof z->name, "%s", name);
    if (parse(z, bytes))
        return z;
    error_set(err, ERROR_SYNTAX, "time zone %s: its file is broken, or not of this kind", name);
    zone_free(z);
    return NULL;
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

static struct zone *make_utc(struct error *err)
{
    struct zone *z = calloc(1, sizeof *z);

    if (z == NULL)
        error_set_memory(err);
    else
        memcpy(z->name, "UTC", sizeof "UTC");
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
        error_set_errno(err, errno, "time zone %s", name);
    else
        z = zone_parse(name, slice_of(bytes, used), err);
    free(bytes);
    return z;
}

struct zone *zone_load(const char *name, struct error *err)
{
    char path[PATH_MAX];
    struct zone *z = NULL;
    struct stat st;
    int fd = -1;

    if (strcmp(name, "UTC") == 0)
        return make_utc(err);
    if (is_zone_name(name)) {
        snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
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

/* The first word of a file. */
static bool read_word(const char *path, char *out, size_t cap)
{
    FILE *file = fopen(path, "re");
    bool ok;

    if (file == NULL)
        return false;
    ok = fgets(out, (int)cap, file) != NULL;
    fclose(file);
    out[ok ? strcspn(out, " \t\r\n") : 0] = '\0';
    return out[0] != '\0';
}

void zone_system_name_in(const char *etc, const char *tz, char *out, size_t cap)
{
    char path[PATH_MAX], found[PATH_MAX];
    const char *name = NULL;
    ssize_t n;

    if (tz != NULL) {
        name = name_in_path(tz);
        snprintf(out, cap, "%s", name != NULL ? name : tz + (tz[0] == ':'));
        if (out[0] != '\0')
            return;
        snprintf(out, cap, "UTC"); /* as POSIX has it of an empty TZ */
        return;
    }
    snprintf(path, sizeof path, "%s/localtime", etc);
    n = readlink(path, found, sizeof found - 1);
    if (n > 0) {
        found[n] = '\0';
        name = name_in_path(found);
    }
    snprintf(path, sizeof path, "%s/timezone", etc);
    if (name == NULL && read_word(path, found, sizeof found))
        name = found;
    snprintf(out, cap, "%s", name == NULL || strcmp(name, "Etc/UTC") == 0 ? "UTC" : name);
}

void zone_system_name(const char *tz, char *out, size_t cap)
{
    zone_system_name_in("/etc", tz, out, cap);
}

/* A zone that is nothing but a POSIX rule. */
static struct zone *zone_of_rule(const char *text)
{
    struct zone *z = calloc(1, sizeof *z);

    if (z != NULL && (text[0] == '\0' || !zone_rule_parse(slice_of_string(text), &z->rule))) {
        free(z);
        return NULL;
    }
    if (z != NULL) {
        z->first_offset = z->rule.standard_s;
        snprintf(z->name, sizeof z->name, "%s", text);
    }
    return z;
}

struct zone *zone_load_tz(const char *tz, struct error *err)
{
    char name[NAME_LIMIT];
    struct error unknown = {0};
    struct zone *z, *rule;

    zone_system_name(tz, name, sizeof name);
    z = zone_load(name, &unknown);
    rule = z == NULL && unknown.code == ERROR_USAGE ? zone_of_rule(name) : NULL;
    if (z == NULL && rule == NULL)
        *err = unknown;
    return z != NULL ? z : rule;
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

/*
 * From the span two days before, where the clock surely had not shown it yet, on to the first span
 * in which it did. Where none did, ${gap} decides: the moment of the jump, or what the clock would
 * have shown without it.
 */
static int64_t find_local(const struct zone *z, int64_t local_s, bool gap)
{
    struct zone_span span = zone_span_at(z, local_s - 2 * (int64_t)SECONDS_PER_DAY), next;

    while (local_s - span.offset_s >= span.until_s) {
        next = zone_span_at(z, span.until_s);
        if (local_s - next.offset_s < next.from_s)
            return gap ? next.from_s : local_s - span.offset_s;
        span = next;
    }
    return local_s - span.offset_s;
}

int64_t zone_utc_of_local(const struct zone *z, int64_t local_s)
{
    return find_local(z, local_s, false);
}

int64_t zone_day(const struct zone *z, int64_t utc_s)
{
    int64_t local_s = utc_s + zone_span_at(z, utc_s).offset_s;

    return local_s / SECONDS_PER_DAY - (local_s % SECONDS_PER_DAY < 0);
}

int64_t zone_day_start(const struct zone *z, int64_t day)
{
    return find_local(z, day * SECONDS_PER_DAY, true);
}

/* Two digits of ${value}, and ${behind}. */
static char *put_pair(char *p, unsigned value, char behind)
{
    p[0] = (char)('0' + value / 10);
    p[1] = (char)('0' + value % 10);
    p[2] = behind;
    return p + 3;
}

/* ${value} with at least ${digits} digits, and ${behind} where it is not NUL. */
static char *put_number(char *p, unsigned value, size_t digits, char behind)
{
    for (size_t i = digits; i-- > 0; value /= 10)
        p[i] = (char)('0' + value % 10);
    p[digits] = behind;
    return p + digits + 1;
}

static void append_civil(struct buf *out, const struct civil *c)
{
    char text[sizeof "2026-09-30T09:00:00"], *p = text;

    if (c->year < 0 || c->year > 9999) { /* beyond RFC 3339 */
        buf_printf(out, "%+05d", c->year);
        p = put_number(p, 0, 0, '-');
    } else {
        p = put_pair(p, (unsigned)c->year / 100, '0') - 1;
        p = put_pair(p, (unsigned)c->year % 100, '-');
    }
    p = put_pair(p, (unsigned)c->month, '-');
    p = put_pair(p, (unsigned)c->day, 'T');
    p = put_pair(p, (unsigned)c->hour, ':');
    p = put_pair(p, (unsigned)c->minute, ':');
    p = put_pair(p, (unsigned)c->second, '\0');
    buf_append(out, slice_of(text, (size_t)(p - text) - 1));
}

void zone_append_rfc3339(struct buf *out, const struct zone *z, int64_t ts_us)
{
    int64_t utc_s = ts_us / MICROSECONDS_PER_SECOND - (ts_us % MICROSECONDS_PER_SECOND < 0);
    int32_t minutes = z == NULL ? 0 : zone_span_at(z, utc_s).offset_s / 60; /* no place for more */
    struct civil c = calendar_civil(utc_s + (int64_t)minutes * 60);
    unsigned micros = (unsigned)(ts_us - utc_s * MICROSECONDS_PER_SECOND);
    char text[8], *p = text;
    size_t digits = 6;

    append_civil(out, &c);
    if (z != NULL) {
        *p++ = minutes < 0 ? '-' : '+';
        p = put_pair(p, (unsigned)abs(minutes) / 60, ':');
        p = put_pair(p, (unsigned)abs(minutes) % 60, '\0');
        buf_append(out, slice_of(text, (size_t)(p - text) - 1));
        return;
    }
    if (micros != 0) {
        for (; micros % 10 == 0; digits--)
            micros /= 10;
        *p++ = '.';
        put_number(p, micros, digits, '\0');
        buf_append(out, slice_of(text, digits + 1));
    }
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
