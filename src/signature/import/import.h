/* import.h: public lists of domains into rows of domains.csv, for review. */
#ifndef SIGNATURE_IMPORT_H
#define SIGNATURE_IMPORT_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"
#include "base/text_map.h"
#include "signature/signature.h"

#include <stdbool.h>
#include <stddef.h>

enum import_skip {
#define IMPORT_SKIP(id, words) IMPORT_SKIP_##id,
#include "signature/import/import.def"
#undef IMPORT_SKIP
    IMPORT_SKIPS
};

/* One row to be. */
struct import_row {
    const char *domain; /* normalised, with `=` where it stands for that host alone */
    const char *app;    /* "-": an exception */
    enum role role;
};

/* What is read, and as what. */
struct import_source {
    const char *name; /* of the file, for messages */
    struct slice bytes;
    const char *format; /* a name of import.def, or "csv" */
    const char *app;    /* of rows that name none */
    enum role role;     /* of rows that say nothing of it */
};

/* Zero-initialise before use. */
struct imported {
    struct import_row *rows; /* sorted by domain, each once */
    size_t count, capacity;
    size_t lines;    /* of the list */
    size_t remarks;  /* comments, blank lines, heads */
    size_t repeated; /* rows that stood there before, or below a domain that has the same */
    size_t skipped[IMPORT_SKIPS];
    struct text_map domains; /* numbers of rows while reading */
    struct arena arena;
};

/*
 * signature_import(source, out, err):
 * Read the list. `v2fly`: v2fly/domain-list-community; `adguard`: AdGuard's DNS filtering syntax
 * and the network rules of Adblock Plus; `hosts`: hosts(5); `squidguard`: domains files; `rpz`:
 * draft-vixie-dnsop-dns-rpz; `csv`: a column domain, host, hostname or fqdn, and perhaps app and
 * role. An exception wins over a row of the same name.
 * Errors:  ERROR_USAGE for an unknown format; of csv ERROR_SYNTAX; ERROR_MEMORY.
 * Owns:    the caller frees with imported_free, also after a failure.
 */
bool signature_import(const struct import_source *source, struct imported *out, struct error *err);

void imported_free(struct imported *imported);

const char *import_skip_words(enum import_skip skip);

/* The ${index}th format: name and help; NULL past the last. */
const char *import_format_name(size_t index);
const char *import_format_help(size_t index);

#endif
