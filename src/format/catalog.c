/* catalog.c: the built-in definitions and the user's own. */
#include "format/catalog.h"

#include "base/buf.h"
#include "base/embedded.h"
#include "format/definition/definition.h"
#include "format/format.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFINITION_LIMIT_BYTES = 1 << 20 };

struct format_catalog {
    struct format **formats; /* by id */
    size_t count;
};

/* Take ${f} over; one of the same id gives way. */
static bool add(struct format_catalog *c, struct format *f, struct error *err)
{
    struct format **grown;
    size_t at = c->count;

    while (at > 0 && strcmp(c->formats[at - 1]->id, f->id) > 0) /* most come in their order */
        at--;
    if (at > 0 && strcmp(c->formats[at - 1]->id, f->id) == 0) {
        definition_free(c->formats[at - 1]);
        c->formats[at - 1] = f;
        return true;
    }
    grown = realloc(c->formats, (c->count + 1) * sizeof(struct format *));
    if (grown == NULL) {
        definition_free(f);
        return error_set_memory(err);
    }
    c->formats = grown;
    for (size_t i = c->count++; i > at; i--)
        c->formats[i] = c->formats[i - 1];
    c->formats[at] = f;
    return true;
}

struct format_catalog *catalog_create(struct error *err)
{
    struct format_catalog *c = calloc(1, sizeof *c);
    bool ok = c != NULL || error_set_memory(err);

    for (size_t i = 0; ok && i < embedded_formats_count; i++) {
        struct format *f = definition_parse_embedded(&embedded_formats[i], err);

        ok = f != NULL && add(c, f, err);
    }
    if (ok)
        return c;
    catalog_free(c);
    return NULL;
}

/* The whole of a small file. */
static bool read_file(const char *path, struct buf *out, struct error *err)
{
    FILE *file = fopen(path, "rbe");
    size_t got = 1;

    if (file == NULL)
        return error_set(err, ERROR_USAGE,
                         "%s: %s; expected a format's id, a family or a definition file", path,
                         strerror(errno));
    while (got > 0 && out->len < DEFINITION_LIMIT_BYTES && buf_reserve(out, 65536)) {
        got = fread(out->ptr + out->len, 1, 65536, file);
        out->len += got;
    }
    if (ferror(file) != 0)
        error_set_errno(err, errno, "%s", path);
    else if (out->failed)
        error_set_memory(err);
    else if (got > 0)
        error_set(err, ERROR_SYNTAX, "%s: larger than 1 MiB: no definition", path);
    fclose(file);
    return err->code == ERROR_NONE;
}

bool catalog_add_file(struct format_catalog *c, const char *path, const char **id,
                      struct error *err)
{
    struct buf text = {0};
    struct format *f =
        read_file(path, &text, err) ? definition_parse(path, buf_slice(&text), err) : NULL;

    buf_free(&text);
    if (f == NULL || !definition_check_use(f, err)) {
        definition_free(f);
        return false;
    }
    f->of_user = true;
    *id = f->id;
    return add(c, f, err);
}

size_t catalog_count(const struct format_catalog *c)
{
    return c->count;
}

const struct format *catalog_at(const struct format_catalog *c, size_t index)
{
    return c->formats[index];
}

const struct format *catalog_find(const struct format_catalog *c, const char *id)
{
    for (size_t i = 0; i < c->count; i++)
        if (strcmp(c->formats[i]->id, id) == 0)
            return c->formats[i];
    return NULL;
}

void catalog_keep_kinds(struct format_catalog *c, unsigned kinds)
{
    size_t kept = 0;

    for (size_t i = 0; i < c->count; i++)
        if ((c->formats[i]->kinds & kinds) != 0)
            c->formats[kept++] = c->formats[i];
        else
            definition_free(c->formats[i]);
    c->count = kept;
}

bool catalog_has_family(const struct format_catalog *c, const char *family)
{
    for (size_t i = 0; i < c->count; i++)
        if (strcmp(c->formats[i]->family, family) == 0)
            return true;
    return false;
}

const char *format_id(const struct format *f)
{
    return f->id;
}

const char *format_family(const struct format *f)
{
    return f->family;
}

const char *format_title(const struct format *f)
{
    return f->title;
}

unsigned format_kinds(const struct format *f)
{
    return f->kinds;
}

uint32_t format_fields(const struct format *f)
{
    return f->fields;
}

bool format_has_zone(const struct format *f)
{
    return f->has_zone;
}

bool format_has_year(const struct format *f)
{
    return f->has_year;
}

bool format_is_of_user(const struct format *f)
{
    return f->of_user;
}

bool format_has_orders(const struct format *f)
{
    return f->has_orders;
}

enum encoding format_encoding(const struct format *f)
{
    return f->encoding;
}

const char *format_note(const struct format *f, size_t index)
{
    return index < f->note_count ? f->notes[index].ptr : NULL;
}

struct slice format_source(const struct format *f)
{
    return f->source;
}

void catalog_free(struct format_catalog *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < c->count; i++)
        definition_free(c->formats[i]);
    free(c->formats);
    free(c);
}
