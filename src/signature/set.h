/* set.h: what a signature_set is made of; for the files of this folder only. */
#ifndef SIGNATURE_SET_H
#define SIGNATURE_SET_H

#include "base/arena.h"
#include "base/text_map.h"
#include "signature/geoip.h"
#include "signature/network_table.h"
#include "signature/rule/rule.h"
#include "signature/signature.h"
#include "signature/suffix_tree.h"
#include "signature/tenant.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One row of tenants.csv. */
struct tenant_row {
    struct tenant_pattern pattern;
    uint32_t app;
    uint32_t node; /* of the pattern's literal end */
    const char *file;
    size_t line;
};

struct signature_set {
    struct arena arena; /* texts of the rows */

    struct text_map app_ids; /* ids mentioned, by number of app */
    struct app *apps;        /* by number; one whose id is NULL has no row yet */
    size_t app_capacity;

    struct suffix_tree tree; /* over the names of domains and of the ends of tenant patterns */
    struct signature *signatures;
    uint32_t signature_count;
    size_t signature_capacity;

    struct tenant_row *tenants; /* after finish: by node, the better first */
    uint32_t tenant_count;
    size_t tenant_capacity;

    struct network_table networks;
    struct geoip *geoip; /* NULL: none */

    struct text_map rule_ids;
    struct rule *rules; /* by number of rule */
    size_t rule_capacity;
};

/* The row that decides on an address: the longest network around it, else its AS number where a
 * database knows that; NULL: none, or ${address} is no address. */
const struct network_row *signature_find_network(const struct signature_set *set,
                                                 struct slice address);

#endif
