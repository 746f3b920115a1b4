/* testing.h: what the tests of this folder share: a definition and a log in, what was read as text
 * out. Included by *_test.c only. */
#ifndef FORMAT_TESTING_H
#define FORMAT_TESTING_H

#include "base/buf.h"
#include "base/error.h"
#include "base/word.h"
#include "base/zone.h"
#include "format/decoding.h"
#include "format/definition/definition.h"
#include "format/format.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* What every definition must say, for the rest to follow. */
#define TESTING_HEAD(decoder)                                                                      \
    "format test\nfamily test\ntitle A test\nkind proxy\ndecoder " decoder "\n"

/* `key=value` of a field the record has. */
static inline void testing_append_field(struct buf *out, const struct record *r, enum field field)
{
    const struct field_info *info = field_info(field);
    const void *member = (const char *)r + info->offset;

    buf_printf(out, " %s=", info->key);
    switch (info->type) {
    case TYPE_TIME: zone_append_rfc3339(out, NULL, *(const int64_t *)member); break;
    case TYPE_DURATION: buf_printf(out, "%lld", (long long)*(const int64_t *)member); break;
    case TYPE_NUMBER: buf_append_uint(out, *(const uint64_t *)member); break;
    case TYPE_TEXT: buf_append(out, *(const struct slice *)member); break;
    case TYPE_KIND: buf_append_string(out, record_kind_name(r->kind)); break;
    case TYPE_ACTION: buf_append_string(out, record_action_name(r->action)); break;
    }
}

/* "3 host=line.me action=blocked;" for records (kind only where it is not proxy), "4 rejected:
 * why;" for rejected lines. */
static inline void testing_append_batch(struct buf *out, const struct batch *batch)
{
    for (size_t i = 0; i < batch->record_count; i++) {
        const struct record *r = &batch->records[i];

        buf_append_uint(out, r->line);
        for (unsigned f = 0; f < FIELD_COUNT; f++)
            if (record_has(r, (enum field)f) && (f != FIELD_KIND || r->kind != RECORD_PROXY))
                testing_append_field(out, r, (enum field)f);
        buf_append_byte(out, ';');
    }
    for (size_t i = 0; i < batch->reject_count; i++) {
        buf_append_uint(out, batch->rejects[i].line);
        buf_printf(out, " rejected: %s;", reject_text(batch->rejects[i].why));
    }
}

/* A copy of ${bytes} with slack behind it and nothing more, so that a read beyond is seen. The
 * caller frees. */
static inline char *testing_pad(struct slice bytes)
{
    char *copy = calloc(1, bytes.len + WIDE_SLACK);

    if (copy == NULL)
        abort();
    if (bytes.len > 0)
        memcpy(copy, bytes.ptr, bytes.len);
    return copy;
}

/* All of one block, and what is still open at its end. Appends to ${out}; "broken account;" where
 * lines are not records, skipped and rejected. */
static inline void testing_decode_block(const struct format *f, struct slice bytes, bool overlong,
                                        struct buf *out, struct error *err)
{
    struct zone *zone = zone_load("UTC", err);
    struct decoding *d = zone == NULL ? NULL : decoding_create(f, zone, 2026, err);
    struct batch *batch = calloc(1, sizeof *batch);
    char *padded = testing_pad(bytes);
    uint64_t lines = 0, told = 0;

    if (d != NULL && batch != NULL) {
        decoding_feed(d, slice_of(padded, bytes.len), 1, overlong);
        while (decoding_next(d, batch, err) || decoding_flush(d, batch)) {
            lines += batch->lines;
            told += batch->record_count + batch->skipped + batch->reject_count;
            testing_append_batch(out, batch);
        }
    }
    if (lines != told)
        buf_append_string(out, "broken account;");
    free(batch);
    free(padded);
    decoding_free(d);
    zone_free(zone);
}

/*
 * testing_decode(definition, log, out):
 * Replace ${out} by what ${definition} reads in ${log}, or by the message of a failure; with a NUL
 * behind it.
 */
static inline void testing_decode(const char *definition, struct slice log, struct buf *out)
{
    struct error err = {0};
    struct format *f = definition_parse("test.format", slice_of_string(definition), &err);

    buf_reset(out);
    if (f != NULL)
        testing_decode_block(f, log, false, out, &err);
    buf_append_string(out, err.text);
    buf_append_byte(out, '\0');
    definition_free(f);
}

/* Does ${second} give the same behind ${first} as behind an empty line? */
static inline bool testing_is_independent(const char *definition, const char *first,
                                          const char *second)
{
    struct buf log = {0}, alone = {0}, together = {0};
    bool same;

    buf_printf(&log, "\n%s", second);
    testing_decode(definition, buf_slice(&log), &alone);
    buf_reset(&log);
    buf_printf(&log, "%s\n%s", first, second);
    testing_decode(definition, buf_slice(&log), &together);
    same = strstr(together.ptr, alone.ptr) != NULL;
    buf_free(&log);
    buf_free(&alone);
    buf_free(&together);
    return same;
}

/* As testing_decode for a definition in parts, the last of them NULL. */
static inline void testing_decode_parts(const char *const *parts, struct slice log, struct buf *out)
{
    struct buf definition = {0};

    for (size_t i = 0; parts[i] != NULL; i++)
        buf_append_string(&definition, parts[i]);
    buf_append_byte(&definition, '\0');
    testing_decode(definition.ptr, log, out);
    buf_free(&definition);
}

#endif
