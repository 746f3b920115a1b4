/* load.h: rows of the signature files into a set; for the files of this folder only. */
#ifndef SIGNATURE_LOAD_H
#define SIGNATURE_LOAD_H

#include "base/csv.h"
#include "base/error.h"
#include "base/slice.h"
#include "signature/signature.h"

#include <stdbool.h>
#include <stdint.h>

enum { LOAD_KINDS = 5 };

/* The names of the five kinds of file, in the order of loading; NULL behind the last. */
extern const char *const load_kinds[LOAD_KINDS + 1];

/* The place in load_kinds of the last part of ${path}; LOAD_KINDS where it is none of them. */
size_t load_kind_of(const char *path);

/* The columns of the files of that kind, keys first. */
const struct csv_column *load_columns(size_t kind, size_t *count);

/* Lay the rows of ${file} over ${set}. See signature_set_add. */
bool load_file(struct signature_set *set, const struct signature_file *file, struct error *err);

/* One file being laid over a set: what a csv_take gets. */
struct loading {
    struct signature_set *set;
    const char *file; /* the name's copy in the set */
};

/* Columns of apps.csv, and what takes its rows. */
enum { LOAD_APP_COLUMNS = 9 + TRAIT_COUNT };
extern const struct csv_column load_app_columns[LOAD_APP_COLUMNS];
bool load_app_take(void *context, const struct csv_row *row, struct error *err);

/* Is it a name of lower-case letters, digits and `-`, not at its start? */
bool load_is_id(struct slice s);

/* A copy that lives as long as the set; NULL where memory is out. */
const char *load_keep(struct signature_set *set, struct slice text);

/* The number of the app with that id, given now where it is new. */
bool load_app_number(struct signature_set *set, struct slice id, uint32_t *out, struct error *err);

#endif
