/* signature.h: the catalogue of apps and of what betrays them in a log. */
#ifndef SIGNATURE_SIGNATURE_H
#define SIGNATURE_SIGNATURE_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a host is to its app; the order is from the weakest proof to the strongest. */
enum role { ROLE_EMBED, ROLE_SHARED, ROLE_CONTENT, ROLE_SERVICE, ROLE_COUNT };

/* Can a company administer the app? The order is that of the first screen. */
enum managed { MANAGED_NO, MANAGED_BOTH, MANAGED_YES, MANAGED_COUNT };

enum trait { TRAIT_UNKNOWN, TRAIT_NO, TRAIT_YES }; /* a yes/no attribute */

enum { TRAIT_COUNT = 8 }; /* rows of attributes.def */

/* One app of apps.csv. Text is NUL-terminated, never NULL; borrowed from the set. */
struct app {
    const char *id, *name, *name_ja, *category, *vendor, *country, *alternative, *note;
    enum managed managed;
    enum trait traits[TRAIT_COUNT]; /* in the order of attributes.def */
};

/* One row of domains.csv. */
struct signature {
    const char *domain; /* normalised, without the leading `=` */
    bool exact;         /* written with `=`: that host alone */
    uint32_t app;       /* index into the apps, or SIGNATURE_NO_APP for `-` */
    enum role role;
    const char *file; /* "signatures/domains.csv" for the built-in set, else the path */
    size_t line;
};

#define SIGNATURE_NO_APP UINT32_MAX

struct geoip;

/* A loaded catalogue; immutable, shared by threads. Opaque. */
struct signature_set;

/* One embedded or read file. */
struct signature_file {
    const char *name; /* as shown in messages */
    struct slice bytes;
};

/*
 * signature_set_create(err) / signature_set_add(set, file, err):
 * Lay the rows of one CSV over what is there: its kind is the last part of its name (apps.csv,
 * domains.csv, networks.csv, tenants.csv, rules.csv; another name is ERROR_SYNTAX naming the five).
 * A row with the same key (app; domain, with or without `=`; network; rule) replaces the older one.
 * Patterns of tenants.csv: signature/tenant.h. Columns are found by header name; a missing or
 * unknown column is an error. Parsed by libcsv with CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL.
 * Errors:  ERROR_SYNTAX "signatures/domains.csv:12: role 'svc': expected service, content, embed or
 * shared".
 */
struct signature_set *signature_set_create(struct error *err);
bool signature_set_add(struct signature_set *set, const struct signature_file *file,
                       struct error *err);

/* Lay all of the five files that stand in the folder ${dir} over the set. Errors as
 * signature_set_add; ERROR_USAGE for a folder that holds none of them. */
bool signature_set_add_dir(struct signature_set *set, const char *dir, struct error *err);

/*
 * signature_set_finish(set, err):
 * After the last file: check that every app named exists and build the look-up tables. Nothing can
 * be added later. Errors:  ERROR_SYNTAX with file and line of the first row that names an unknown
 * app.
 */
bool signature_set_finish(struct signature_set *set, struct error *err);

size_t signature_app_count(const struct signature_set *set);
const struct app *signature_app(const struct signature_set *set, uint32_t app);

/* The index of the app with that id, or SIGNATURE_NO_APP. */
uint32_t signature_find_app(const struct signature_set *set, struct slice id);

size_t signature_count(const struct signature_set *set);
const struct signature *signature_at(const struct signature_set *set, uint32_t index);

/*
 * signature_set_use_geoip(set, geoip) / signature_geoip(set):
 * ${geoip} says the AS numbers of addresses, which rows of networks.csv may name, and countries.
 * Call before the set is shared. Owns: the set, which frees it; replaces the one before.
 */
void signature_set_use_geoip(struct signature_set *set, struct geoip *geoip);
const struct geoip *signature_geoip(const struct signature_set *set); /* NULL: none */

/* Rows of networks.csv that name an AS number and match nothing for want of a database; 0 where
 * there is one. */
size_t signature_inactive_networks(const struct signature_set *set);

/* Rows of rules.csv in force. */
size_t signature_rule_count(const struct signature_set *set);

/* XXH3-128 of all rows in force, whatever their order, as 32 hexadecimal digits with a NUL: names
 * the version of the signatures. */
void signature_digest(const struct signature_set *set, char out[33]);

void signature_set_free(struct signature_set *set);

const char *role_name(enum role role);
const char *managed_name(enum managed managed);

#endif
