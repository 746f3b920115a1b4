/* directory.h: the company's people, as an HR system or a directory service exports them. */
#ifndef IDENTITY_DIRECTORY_H
#define IDENTITY_DIRECTORY_H

#include "base/error.h"
#include "base/slice.h"
#include "identity/name.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NOBODY UINT32_MAX

/* One entry. Text is the directory's. */
struct person {
    struct slice user; /* the one name under which the person is counted */
    struct slice name, department, email;
    enum name_kind kind;
    bool has_left;
    int64_t left_on; /* the last day, days from 1970 */
};

/* Opaque; immutable once loaded, shared by threads. */
struct directory;

/*
 * directory_load(path, renamed, err):
 * Read a CSV file (user,name,department,email,aliases,left_on,kind; the headings of common exports
 * are known, other columns are passed over) or LDIF as ldapsearch prints it (RFC 2849), told by
 * their first line; UTF-8 or CP932.
 * ${renamed}: "user:Login,…" names the file's own headings or attributes; may be NULL. Aliases
 * are separated by `;` or `,`.
 * Rows without a user name are passed over, those of groups too.
 * Errors:  ERROR_SYNTAX "FILE:LINE: …" (a user twice, a date that is none, no row with a user),
 *          ERROR_IO,
 *          ERROR_USAGE for ${renamed}, ERROR_MEMORY.
 * Owns:    the caller frees with directory_free.
 */
struct directory *directory_load(const char *path, const char *renamed, struct error *err);

/* The number of the person who has the folded name as user name, e-mail address or alias, or
 * NOBODY; so also where two have it. */
uint32_t directory_find(const struct directory *d, struct slice folded);

/* Is it the domain of an e-mail address of the directory? */
bool directory_has_domain(const struct directory *d, struct slice folded);

/* Does it know any domain? */
bool directory_knows_domains(const struct directory *d);

size_t directory_count(const struct directory *d);
const struct person *directory_person(const struct directory *d, uint32_t number);

/* The ${index}th of the names, folded, by which its people are found. Returns: false past the last.
 */
bool directory_name(const struct directory *d, uint32_t index, struct slice *name);

/* Rows without a user name that were passed over; the line of the first of them. */
size_t directory_nameless(const struct directory *d, size_t *line);

/* Aliases and addresses that two people share: they resolve to neither. The first of them, or
 * empty. */
size_t directory_ambiguous(const struct directory *d, struct slice *first);

void directory_free(struct directory *d);

#endif
