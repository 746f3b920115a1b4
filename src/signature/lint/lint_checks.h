/* lint_checks.h: the groups of checks behind lint.h; for the files of this folder only. */
#ifndef SIGNATURE_LINT_CHECKS_H
#define SIGNATURE_LINT_CHECKS_H

#include "base/text_map.h"
#include "signature/lint/lint.h"

#include <stddef.h>

/* Where a row stands. */
struct lint_place {
    const char *file;
    size_t line;
};

/* One call of signature_lint. */
struct lint {
    const struct lint_input *input;
    struct lint_findings *out;
    struct text_map app_ids; /* apps.csv: ids, and where the row in force stands, by number */
    struct lint_place *app_places;
    struct text_map keys, replacing; /* see lint_replaces */
    bool failed;                     /* memory is out */
};

/* Note a finding; the texts are copied. */
void lint_add(struct lint *l, enum lint_check check, struct lint_place place, const char *entry,
              const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Rows of each file by themselves: order, repetitions; notes where apps stand. */
bool lint_rows(struct lint *l, struct error *err);

/* A row of networks.csv that names an app. */
struct lint_network {
    struct lint_place place;
    const char *text; /* a network in its one spelling, or ASn */
    bool own;         /* of a folder laid over the built-in signatures */
    bool service;     /* its role */
};

/* Is the network nobody's, or the company's as a whole? Called for each row by lint_rows. */
void lint_private(struct lint *l, const struct lint_network *network);

/* Does the row in force of domains.csv or networks.csv, its key in the one spelling, stand in place
 * of an earlier file's? Without it that one would be in force: it is no row too many. */
bool lint_replaces(const struct lint *l, const char *key);

/* Apps: names, attributes, alternatives, and whether anything finds them. */
void lint_apps(struct lint *l);

/* Domains, networks and rules in force. */
void lint_signatures(struct lint *l);

/* Patterns of tenants.csv. */
void lint_tenants(struct lint *l);

#endif
