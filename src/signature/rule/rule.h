/* rule.h: rows of rules.csv: behaviour that no domain shows. */
#ifndef SIGNATURE_RULE_H
#define SIGNATURE_RULE_H

#include "base/csv.h"
#include "base/error.h"
#include "signature/signature.h"

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
    RULE_DETAIL,     /* the parameter of the query that is kept as tenant, or words for people */
    RULE_ROLE,       /* what it proves, as in domains.csv; empty, or no such column: service */
    RULE_COLUMNS
};

/* How grave it is; where several rules fit a record, the gravest decides. */
enum severity {
    SEVERITY_INFO,
    SEVERITY_LOW,
    SEVERITY_MEDIUM,
    SEVERITY_HIGH,
    SEVERITY_CRITICAL,
    SEVERITY_COUNT
};

/* A checked row. */
struct rule {
    const char *texts[RULE_COLUMNS];
    enum severity severity;
    uint32_t app; /* or SIGNATURE_NO_APP: what fits counts for no app */
    enum role role;
    const char *file;
    size_t line;
};

/*
 * rule_check(row, err):
 * Is every field but the app's what its column may hold, and is there a host, path or user agent?
 * Errors:  ERROR_SYNTAX with file, line, column and, for a regular expression, what is wrong where.
 */
bool rule_check(const struct csv_row *row, struct error *err);

/* The severity of that name, SEVERITY_COUNT where there is none. */
enum severity rule_severity(struct slice name);

/* Does ${a} decide where both fit a record: as the graver one, of equals as the one read first?
 * Both stand in the rules of one set. */
bool rule_goes_before(const struct rule *a, const struct rule *b);

#endif
