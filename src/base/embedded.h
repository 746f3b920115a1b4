/* embedded.h: the data files that are built into the program. */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include <stddef.h>

enum { EMBEDDED_SLACK = 64 };

/* One built-in file; ${bytes} has EMBEDDED_SLACK NULs behind its ${len} bytes, and one more. */
struct embedded_file {
    const char *name; /* "signatures/apps.csv", "formats/squid-native.format" */
    const char *bytes;
    size_t len;
};

/* The files of signatures/, sorted by name. */
extern const struct embedded_file embedded_signatures[];
extern const size_t embedded_signatures_count;

/* The log format definitions, sorted by name. */
extern const struct embedded_file embedded_formats[];
extern const size_t embedded_formats_count;

/* The store's schema, a step of its migration a file, sorted by name. */
extern const struct embedded_file embedded_schema[];
extern const size_t embedded_schema_count;

/* Pages for people: "guides/formats-guide.txt". */
extern const struct embedded_file embedded_guides[];
extern const size_t embedded_guides_count;

#endif
