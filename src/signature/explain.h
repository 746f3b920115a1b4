/* explain.h: everything a signature set has, row by row, with the place of each row. */
#ifndef SIGNATURE_EXPLAIN_H
#define SIGNATURE_EXPLAIN_H

#include "base/slice.h"
#include "signature/signature.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A row of tenants.csv. Borrowed from the set. */
struct tenant_note {
    uint32_t app;
    struct slice pattern;
    const char *file;
    size_t line;
};

enum { NETWORK_TEXT_BYTES = 64 };

/* A row of networks.csv. */
struct network_note {
    uint32_t app; /* or SIGNATURE_NO_APP: takes it out */
    enum role role;
    char text[NETWORK_TEXT_BYTES]; /* CIDR or ASn */
    const char *file;              /* borrowed from the set */
    size_t line;
};

/* A row of rules.csv. Borrowed from the set; texts as written, "" where empty. */
struct rule_note {
    uint32_t app; /* or SIGNATURE_NO_APP */
    enum role role;
    const char *id, *category, *severity, *method, *port, *host, *path, *user_agent, *detail;
    const char *file;
    size_t line;
};

/* Patterns in force, by app and then as written. */
size_t signature_tenant_count(const struct signature_set *set);
struct tenant_note signature_tenant_at(const struct signature_set *set, size_t index);

/* Networks in force by address, then AS numbers. */
size_t signature_network_count(const struct signature_set *set);
struct network_note signature_network_at(const struct signature_set *set, size_t index);

/* Of the rules that signature_rule_count counts. */
struct rule_note signature_rule_at(const struct signature_set *set, size_t index);

/* The ${n}th network that holds the address ${host}: 0 decides, the others would if those before it
 * were not, the AS number last. Returns: false where there is none. */
bool signature_explain_address(const struct signature_set *set, struct slice host, size_t n,
                               struct network_note *out);

#endif
