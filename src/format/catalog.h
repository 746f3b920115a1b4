/* catalog.h: all known log formats. */
#ifndef FORMAT_CATALOG_H
#define FORMAT_CATALOG_H

#include "base/error.h"
#include "base/slice.h"
#include "record/record.h"
#include "text/recoder.h"

#include <stdbool.h>
#include <stddef.h>

/* One format as defined; immutable once loaded. Opaque here. */
struct format;

/* All formats, sorted by id. Opaque; immutable, shared by threads once loaded. */
struct format_catalog;

/* The formats built into the program. Errors: ERROR_SYNTAX with file, line and column;
 * ERROR_MEMORY. */
struct format_catalog *catalog_create(struct error *err);

/* Add a definition file; ${id} gets its id, borrowed from the catalogue. A definition of the same
 * id replaces the built-in one. */
bool catalog_add_file(struct format_catalog *c, const char *path, const char **id,
                      struct error *err);

size_t catalog_count(const struct format_catalog *c);
const struct format *catalog_at(const struct format_catalog *c, size_t index);

/* The format with that id, or NULL. */
const struct format *catalog_find(const struct format_catalog *c, const char *id);

/* Forget the formats that give none of these kinds (bits 1 << enum record_kind). */
void catalog_keep_kinds(struct format_catalog *c, unsigned kinds);

/* Is there a format of that family? */
bool catalog_has_family(const struct format_catalog *c, const char *family);

const char *format_id(const struct format *f);
const char *format_family(const struct format *f);
const char *format_title(const struct format *f);

/* Kinds of record it can give: bits 1 << enum record_kind. */
unsigned format_kinds(const struct format *f);

/* FIELD_BITs of what its lines can give. */
uint32_t format_fields(const struct format *f);

/* Is the stamp's zone in the line (or is it an epoch)? */
bool format_has_zone(const struct format *f);

/* Has the stamp a year? */
bool format_has_year(const struct format *f);

/* Is it of a definition file, not built in? */
bool format_is_of_user(const struct format *f);

/* May its dates be read with month or day first? */
bool format_has_orders(const struct format *f);

/* The encoding of text that is no UTF-8; ENCODING_UNKNOWN where it does not say. */
enum encoding format_encoding(const struct format *f);

/* Lines of notes for users, each borrowed; NULL past the last. */
const char *format_note(const struct format *f, size_t index);

/* The text of its definition, as `kage formats ID` prints it. */
struct slice format_source(const struct format *f);

void catalog_free(struct format_catalog *c);

#endif
