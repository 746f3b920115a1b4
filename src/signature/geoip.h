/* geoip.h: countries and AS numbers of addresses, from MaxMind DB files. */
#ifndef SIGNATURE_GEOIP_H
#define SIGNATURE_GEOIP_H

#include "base/error.h"
#include "net/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a database answers; one may answer both. */
enum { GEOIP_COUNTRY = 1, GEOIP_AS = 2 };

/* Where databases are looked for unless one is named: folders, apart by colons. */
#define GEOIP_FOLDERS "/usr/share/GeoIP:/var/lib/GeoIP"

/* Open databases. Opaque; once filled immutable and shared by threads. */
struct geoip;

/* Without databases: all addresses are unknown. The caller frees with geoip_free. */
struct geoip *geoip_create(struct error *err);

/*
 * geoip_add(g, path, err):
 * Open the database ${path} behind those already there: the first that knows an address answers.
 * Understood are the fields of GeoIP2, GeoLite2 and DB-IP (country.iso_code,
 * autonomous_system_number) and the flat ones of others (country or country_code, asn); which of
 * them to expect is read in the database's type.
 * Errors:  ERROR_IO where it cannot be read; ERROR_SYNTAX where it is no database, a damaged one,
 * or one of other things; both name the file.
 */
bool geoip_add(struct geoip *g, const char *path, struct error *err);

/* Of the ${folders} (apart by colons) the best database of countries and that of AS numbers, by the
 * names that MaxMind and DB-IP give them; of several the last by name. None there is no error. */
bool geoip_add_folders(struct geoip *g, const char *folders, struct error *err);

/* GEOIP_COUNTRY and GEOIP_AS, as far as there is a database. */
unsigned geoip_answers(const struct geoip *g);

/* The AS number of the address, 0 where it is unknown. */
uint32_t geoip_as_number(const struct geoip *g, const struct address *a);

/* The country as its two capital letters (ISO 3166), the first in the upper byte; 0: unknown. */
uint16_t geoip_country(const struct geoip *g, const struct address *a);

/* One database. Borrowed. */
struct geoip_note {
    const char *path, *type;
    int64_t built_s; /* seconds since 1970 */
};

size_t geoip_count(const struct geoip *g);
struct geoip_note geoip_at(const struct geoip *g, size_t index);

void geoip_free(struct geoip *g);

#endif
