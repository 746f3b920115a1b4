/* noted.h: which hosts that no signature knows are noted by their names, however often what was
 * noted is put away. */
#ifndef USAGE_NOTED_H
#define USAGE_NOTED_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Names that somebody generates must not fill memory and store. */
enum { NOTED_OF_DOMAIN = 4096, NOTED_OF_ALL = 1 << 20 };

enum noted_as {
    NOTED_NOT,
    NOTED_BY_NAME,
    NOTED_TOGETHER /* with others of its domain */
};

/* Hosts and domains by their hashes. Zero-initialise before use. */
struct noted {
    uint64_t *slots;         /* hash, with how many hosts in its lowest bits; 0: free */
    size_t used, slot_count; /* a power of two, at most half of it used */
    uint32_t hosts;
};

/*
 * noted_add(n, host, domain, as):
 * How ${host} of ${domain} ("" where it has none) is noted; the same whenever it is asked again,
 * but for hosts of a domain that has reached its limit meanwhile and were not noted by name.
 * Returns: false where memory is out.
 */
bool noted_add(struct noted *n, struct slice host, struct slice domain, enum noted_as *as);

void noted_free(struct noted *n);

#endif
