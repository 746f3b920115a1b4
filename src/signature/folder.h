/* folder.h: the signature files of a folder, read into memory. */
#ifndef SIGNATURE_FOLDER_H
#define SIGNATURE_FOLDER_H

#include "base/arena.h"
#include "base/error.h"
#include "signature/signature.h"

#include <stdbool.h>
#include <stddef.h>

enum { SIGNATURE_FOLDER_FILES = 5 };

/* Zero-initialise before use. */
struct signature_folder {
    struct signature_file files[SIGNATURE_FOLDER_FILES]; /* those that are there, in load order */
    size_t count;
    struct arena arena; /* names and bytes */
};

/*
 * signature_folder_read(dir, out, err):
 * Read apps.csv, domains.csv, networks.csv, tenants.csv and rules.csv of ${dir}, as far as they are
 * there. Errors:  ERROR_USAGE for a folder that holds none of them; ERROR_IO, ERROR_MEMORY.
 * Owns:    the caller frees with signature_folder_free, also after a failure.
 */
bool signature_folder_read(const char *dir, struct signature_folder *out, struct error *err);

void signature_folder_free(struct signature_folder *folder);

#endif
