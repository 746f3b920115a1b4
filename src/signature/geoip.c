/* geoip.c: look-ups in MaxMind DB files through libmaxminddb. */
#include "signature/geoip.h"

#include "base/num.h"

#include <errno.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LAST_SECOND UINT64_C(253402300799) /* of the year 9999: whatever a file says */

struct database {
    MMDB_s file;
    char *path;
    unsigned answers;
};

struct geoip {
    struct database *databases;
    size_t count;
};

struct geoip *geoip_create(struct error *err)
{
    struct geoip *g = calloc(1, sizeof *g);

    if (g == NULL)
        error_set_memory(err);
    return g;
}

/* --- look-ups --- */

/* Returns: a status of libmaxminddb; ${found} only where that is MMDB_SUCCESS. */
static int look_up(const MMDB_s *file, const struct address *a, MMDB_entry_s *entry, bool *found)
{
    struct sockaddr_storage storage = {.ss_family = AF_INET6};
    MMDB_lookup_result_s result;
    int status = MMDB_SUCCESS;

    *found = false;
    if (address_is_v4(a)) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)&storage;

        v4->sin_family = AF_INET;
        memcpy(&v4->sin_addr, a->bytes + 12, 4);
    } else if (file->metadata.ip_version == 4) {
        return MMDB_SUCCESS;
    } else {
        memcpy(&((struct sockaddr_in6 *)&storage)->sin6_addr, a->bytes, 16);
    }
    result = MMDB_lookup_sockaddr(file, (const struct sockaddr *)&storage, &status);
    *found = status == MMDB_SUCCESS && result.found_entry;
    *entry = result.entry;
    return status;
}

/* The value at the first of the paths, ending in NULL, where there is one. */
static int read_value(MMDB_entry_s *entry, const char *const *const *paths, MMDB_entry_data_s *out)
{
    int status = MMDB_SUCCESS;

    memset(out, 0, sizeof *out);
    for (; *paths != NULL && !out->has_data; paths++) {
        status = MMDB_aget_value(entry, out, *paths);
        if (status == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR)
            status = MMDB_SUCCESS;
        else if (status != MMDB_SUCCESS)
            break;
        if (out->has_data && out->type == MMDB_DATA_TYPE_MAP) /* "country" of a nested one */
            out->has_data = false;
    }
    return status;
}

static const char *const *const country_paths[] = {
    (const char *const[]){"country", "iso_code", NULL},
    (const char *const[]){"registered_country", "iso_code", NULL},
    (const char *const[]){"country_code", NULL}, (const char *const[]){"country", NULL}, NULL};

static const char *const *const as_paths[] = {
    (const char *const[]){"autonomous_system_number", NULL}, (const char *const[]){"asn", NULL},
    (const char *const[]){"as_number", NULL}, NULL};

static uint16_t country_of(const MMDB_entry_data_s *value)
{
    const char *text;

    if (!value->has_data || value->type != MMDB_DATA_TYPE_UTF8_STRING || value->data_size != 2)
        return 0;
    text = value->utf8_string;
    if (text[0] < 'A' || text[0] > 'Z' || text[1] < 'A' || text[1] > 'Z')
        return 0;
    return (uint16_t)(text[0] << 8 | text[1]);
}

/* A number, or text with or without "AS". */
static uint32_t as_number_of(const MMDB_entry_data_s *value)
{
    struct slice text;
    uint64_t number;

    if (!value->has_data)
        return 0;
    if (value->type == MMDB_DATA_TYPE_UINT32)
        return value->uint32;
    if (value->type == MMDB_DATA_TYPE_UINT16)
        return value->uint16;
    if (value->type != MMDB_DATA_TYPE_UTF8_STRING)
        return 0;
    text = slice_of(value->utf8_string, value->data_size);
    if (slice_starts_with(text, SLICE("AS")))
        text = slice_from(text, 2);
    return num_parse(text, UINT32_MAX, &number) ? (uint32_t)number : 0;
}

/* What the database says of the address, as a number; 0: nothing. */
static int answer(const struct database *d, const struct address *a, unsigned what, uint32_t *out)
{
    MMDB_entry_data_s value;
    MMDB_entry_s entry;
    bool found;
    int status = look_up(&d->file, a, &entry, &found);

    *out = 0;
    if (!found)
        return status;
    status = read_value(&entry, what == GEOIP_AS ? as_paths : country_paths, &value);
    if (status == MMDB_SUCCESS)
        *out = what == GEOIP_AS ? as_number_of(&value) : country_of(&value);
    return status;
}

/* The first database that knows it. */
static uint32_t ask(const struct geoip *g, const struct address *a, unsigned what)
{
    uint32_t number = 0;

    for (size_t i = 0; number == 0 && i < g->count; i++)
        if ((g->databases[i].answers & what) != 0)
            (void)answer(&g->databases[i], a, what, &number); /* damage: it does not know */
    return number;
}

uint32_t geoip_as_number(const struct geoip *g, const struct address *a)
{
    return ask(g, a, GEOIP_AS);
}

uint16_t geoip_country(const struct geoip *g, const struct address *a)
{
    return (uint16_t)ask(g, a, GEOIP_COUNTRY);
}

/* --- opening --- */

/* Is ${word}, in lower case, in ${text}? */
static bool has_word(const char *text, const char *word)
{
    size_t len = strlen(word);

    for (; *text != '\0'; text++)
        if (slice_equal_nocase(slice_of(text, strnlen(text, len)), slice_of(word, len)))
            return true;
    return false;
}

/* What a database of that type answers: "GeoLite2-ASN", "DBIP-Country-Lite", "GeoIP2-City" … */
static unsigned answers_of(const char *type)
{
    static const struct {
        const char *word;
        unsigned answers;
    } words[] = {{"asn", GEOIP_AS},           {"-isp", GEOIP_AS},
                 {"country", GEOIP_COUNTRY},  {"city", GEOIP_COUNTRY},
                 {"location", GEOIP_COUNTRY}, {"enterprise", GEOIP_COUNTRY | GEOIP_AS}};
    unsigned answers = 0;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (has_word(type, words[i].word))
            answers |= words[i].answers;
    return answers;
}

enum { PROBES = 256 };

/* The format has no checksum: addresses from all over are looked up. */
static int probe(const struct database *d)
{
    int status = MMDB_SUCCESS;

    for (unsigned i = 0; i < PROBES && status == MMDB_SUCCESS; i++) {
        struct address v4 = {{[10] = 0xff, [11] = 0xff, [12] = (unsigned char)i, [15] = 1}};
        struct address v6 = {{[0] = 0x20, [1] = (unsigned char)i, [15] = 1}};
        uint32_t number;

        for (unsigned what = GEOIP_COUNTRY; what <= GEOIP_AS && status == MMDB_SUCCESS; what *= 2) {
            status = answer(d, &v4, what, &number);
            if (status == MMDB_SUCCESS)
                status = answer(d, &v6, what, &number);
        }
    }
    return status;
}

static bool open_database(struct database *d, const char *path, struct error *err)
{
    struct stat st;
    int status;

    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
        return error_set(err, ERROR_IO, "%s: not a file; expected a MaxMind DB", path);
    if (stat(path, &st) == 0 && st.st_size == 0) /* nothing to map: the library blames the system */
        return error_set(err, ERROR_SYNTAX, "%s: not a MaxMind DB: empty", path);
    status = MMDB_open(path, MMDB_MODE_MMAP, &d->file);
    if (status == MMDB_FILE_OPEN_ERROR || status == MMDB_IO_ERROR)
        return error_set_errno(err, errno, "%s", path);
    if (status != MMDB_SUCCESS)
        return error_set(err, ERROR_SYNTAX, "%s: not a MaxMind DB: %s", path,
                         MMDB_strerror(status));
    d->answers = answers_of(d->file.metadata.database_type);
    status = probe(d);
    if (status != MMDB_SUCCESS)
        error_set(err, ERROR_SYNTAX, "%s: damaged: %s", path, MMDB_strerror(status));
    else if (d->answers == 0)
        error_set(err, ERROR_SYNTAX,
                  "%s: database of type '%s': expected one of countries, cities or AS numbers",
                  path, d->file.metadata.database_type);
    if (err->code == ERROR_NONE)
        return true;
    MMDB_close(&d->file);
    return false;
}

bool geoip_add(struct geoip *g, const char *path, struct error *err)
{
    struct database *databases = realloc(g->databases, (g->count + 1) * sizeof *databases);
    struct database *d;

    if (databases == NULL)
        return error_set_memory(err);
    g->databases = databases;
    d = &databases[g->count];
    memset(d, 0, sizeof *d);
    if (!open_database(d, path, err))
        return false;
    d->path = strdup(path);
    if (d->path == NULL) {
        MMDB_close(&d->file);
        return error_set_memory(err);
    }
    g->count++;
    return true;
}

unsigned geoip_answers(const struct geoip *g)
{
    unsigned answers = 0;

    for (size_t i = 0; i < g->count; i++)
        answers |= g->databases[i].answers;
    return answers;
}

size_t geoip_count(const struct geoip *g)
{
    return g->count;
}

struct geoip_note geoip_at(const struct geoip *g, size_t index)
{
    const MMDB_metadata_s *metadata = &g->databases[index].file.metadata;
    uint64_t built_s = metadata->build_epoch < LAST_SECOND ? metadata->build_epoch : LAST_SECOND;

    return (struct geoip_note){g->databases[index].path, metadata->database_type, (int64_t)built_s};
}

void geoip_free(struct geoip *g)
{
    if (g == NULL)
        return;
    for (size_t i = 0; i < g->count; i++) {
        MMDB_close(&g->databases[i].file);
        free(g->databases[i].path);
    }
    free(g->databases);
    free(g);
}
