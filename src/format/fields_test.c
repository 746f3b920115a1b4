/* fields_test.c: what `kage formats` says that a format gives is what its sample logs give, no more
 * and no less. */
#include "base/buf.h"
#include "format/catalog.h"
#include "record/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PATH_BYTES = 256 };

/* Those that records show under their names. */
static const enum field shown[] = {
    FIELD_TS,         FIELD_CLIENT,   FIELD_USER,       FIELD_HOST,   FIELD_URL,   FIELD_METHOD,
    FIELD_STATUS,     FIELD_BYTES_UP, FIELD_BYTES_DOWN, FIELD_ACTION, FIELD_QTYPE, FIELD_DEST_IP,
    FIELD_USER_AGENT, FIELD_EVENT,    FIELD_MAC,        FIELD_NAME,   FIELD_TS_END};

/* The file testdata/formats/${id}/${name}: of every format's samples `stdout` holds the records and
 * `stderr` the archives with the format that each was read as. Nothing where it is not there. */
static void read_file(const char *id, const char *name, struct buf *out)
{
    char path[PATH_BYTES], block[4096];
    FILE *file;
    size_t n;

    (void)snprintf(path, sizeof path, "testdata/formats/%s/%s", id, name);
    file = fopen(path, "rb");
    buf_reset(out);
    if (file == NULL)
        return;
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        buf_append(out, slice_of(block, n));
    assert_int_equal(fclose(file), 0);
}

/* Does the account call the format a twin of one that was found? */
static bool is_twin(struct slice account, const char *id)
{
    struct slice before, twins;

    if (!slice_cut(account, '(', &before, &twins) ||
        !slice_starts_with(twins, SLICE("read alike: ")))
        return false;
    slice_cut(twins, ')', &twins, &before);
    return slice_find_slice(twins, slice_of_string(id)) < twins.len;
}

/* Was the archive that the record names read as the format, or as a twin of it? */
static bool is_read_as(struct slice account, struct slice record, const char *id)
{
    const struct slice key = SLICE("{\"archive\":\"");
    struct slice archive = slice_from(record, key.len), rest;
    struct buf line = {0};
    bool found = is_twin(account, id);

    assert_true(slice_starts_with(record, key));
    slice_cut(archive, '"', &archive, &rest);
    buf_printf(&line, "%.*s: %s, ", SLICE_FMT(archive), id);
    found |= slice_find_slice(account, buf_slice(&line)) < account.len;
    buf_free(&line);
    return found;
}

/* FIELD_BITs of the keys of a record. */
static uint32_t fields_of(struct slice record)
{
    uint32_t fields = 0;

    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        char key[64];

        (void)snprintf(key, sizeof key, ",\"%s\":", field_info(shown[i])->key);
        if (slice_find_slice(record, slice_of_string(key)) < record.len)
            fields |= FIELD_BIT((unsigned)shown[i]);
    }
    return fields;
}

/* What the samples of the format give; ${records}: how many of them are read as it. */
static uint32_t fields_given(const char *id, size_t *records)
{
    struct buf account = {0}, text = {0};
    struct slice rest, record;
    uint32_t fields = 0;

    *records = 0;
    read_file(id, "stderr", &account);
    read_file(id, "stdout", &text);
    for (rest = buf_slice(&text); rest.len > 0;) {
        slice_cut(rest, '\n', &record, &rest);
        if (!is_read_as(buf_slice(&account), record, id))
            continue;
        fields |= fields_of(record);
        ++*records;
    }
    buf_free(&account);
    buf_free(&text);
    return fields;
}

static size_t complain(const char *id, uint32_t fields, const char *what)
{
    size_t count = 0;

    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if ((fields & FIELD_BIT((unsigned)shown[i])) != 0) {
            print_error("%s: %s: %s\n", id, field_info(shown[i])->key, what);
            count++;
        }
    return count;
}

static void test_says_what_samples_give(void **state)
{
    struct error err = {0};
    struct format_catalog *catalog = catalog_create(&err);
    size_t faults = 0;

    (void)state;
    assert_non_null(catalog);
    for (size_t i = 0; i < catalog_count(catalog); i++) {
        const struct format *f = catalog_at(catalog, i);
        size_t records;
        uint32_t given = fields_given(format_id(f), &records), says = format_fields(f);

        if (records == 0) /* it says itself that it gives none: squid-useragent */
            faults += complain(format_id(f), says & FIELD_BIT((unsigned)FIELD_HOST),
                               "no sample log is read as this format");
        else
            faults += complain(format_id(f), says & ~given, "said to be given, in no sample") +
                      complain(format_id(f), given & ~says, "in a sample, not said to be given");
    }
    catalog_free(catalog);
    assert_int_equal(faults, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_says_what_samples_give)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
