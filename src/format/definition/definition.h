/* definition.h: the text of a format definition into a struct format. */
#ifndef FORMAT_DEFINITION_H
#define FORMAT_DEFINITION_H

#include "base/embedded.h"
#include "base/error.h"
#include "base/slice.h"
#include "format/format.h"

/*
 * definition_parse(file, text, err):
 * Read one definition. ${file} names it in messages; ${text} is copied.
 * Returns: the format, ready to decode, or NULL.
 * Errors:  ERROR_SYNTAX "squid.format:7:14: no transform 'unixtime'; expected one of …".
 * Owns:    the caller frees with definition_free.
 */
struct format *definition_parse(const char *file, struct slice text, struct error *err);

/* The same of a definition that is built in, which is borrowed. */
struct format *definition_parse_embedded(const struct embedded_file *file, struct error *err);

/* Does the definition give what a log is read for: when and where, of an identity log whose
 * address? Not all that are built in do. Errors: ERROR_SYNTAX, as definition_parse. */
bool definition_check_use(const struct format *f, struct error *err);

void definition_free(struct format *f);

#endif
