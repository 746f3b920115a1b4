/* config.h: the configuration file: options of [kage], and where the logs of each [source] are. */
#ifndef KAGE_CONFIG_H
#define KAGE_CONFIG_H

#include "base/arena.h"
#include "base/error.h"
#include "options.h"

#include <stdbool.h>
#include <stddef.h>

/* A section [source NAME]. */
struct source {
    const char *name;
    const char *path;                                      /* a pattern of the shell, or a folder */
    const char *format, *timezone, *encoding, *date_order; /* NULL where it does not say */
    const char *format_file; /* where format was a definition file; format is its id then */
    const char *file;        /* of the configuration */
    size_t line;             /* of the section's first key */
};

struct sources {
    struct source *sources;
    size_t count, capacity;
};

/* Where values of [kage] stand, for messages about them; three lists of the same length. */
struct config_places {
    struct text_list names;  /* as messages begin: "--threads", "[kage] timezone" */
    struct text_list values; /* the very texts that were set */
    struct text_list places; /* "FILE:LINE" */
};

/* Where the keys of a configuration go. */
struct config {
    const char *path;
    const struct options *options; /* long names are keys of [kage] */
    const char **report_timezone;  /* [kage] timezone: the zone of the report */
    const char **store;            /* [kage] store */
    struct sources *sources;
    struct config_places *places;
};

/*
 * config_read(config, arena, err):
 * Read the INI file. A key of [kage] is the long name of an option, but for `timezone`, which is
 * the zone of the report, and `store`. Errors:  ERROR_IO;
 * ERROR_SYNTAX with file and line: a line longer than inih takes, an unknown section or key, a key
 * given twice, a source without a path; ERROR_MEMORY. Owns:    ${arena} holds all texts.
 */
bool config_read(const struct config *config, struct arena *arena, struct error *err);

/* The source whose path covers the archive ${name}, or NULL. */
const struct source *config_source_of(const struct sources *sources, const char *name);

#endif
