/* rule.h: rows of rules.csv: behaviour that no domain shows. */
#ifndef SIGNATURE_RULE_H
#define SIGNATURE_RULE_H

#include "base/csv.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The columns of rules.csv, in the order in which rule_check finds them. */
enum rule_column {
    RULE_ID,
    RULE_APP, /* or `-`: none */
    RULE_CATEGORY,
    RULE_SEVERITY,   /* info, low, medium, high or critical */
    RULE_METHOD,     /* HTTP methods, apart by a blank; empty: any */
    RULE_PORT,       /* port numbers, apart by a blank; empty: any */
    RULE_HOST,       /* as in domains.csv; empty: any */
    RULE_PATH,       /* regular expression on path and query; empty: any */
    RULE_USER_AGENT, /* regular expression; empty: any */
    RULE_DETAIL,     /* words for people */
    RULE_COLUMNS
};

/* A checked row. */
struct rule {
    const char *texts[RULE_COLUMNS];
    uint32_t app; /* or SIGNATURE_NO_APP */
    const char *file;
    size_t line;
};

/*
 * rule_check(row, err):
 * Is every field but the app's what its column may hold, and is there a host, path or user agent?
 * Errors:  ERROR_SYNTAX with file, line, column and, for a regular expression, what is wrong where.
 */
bool rule_check(const struct csv_row *row, struct error *err);

#endif
