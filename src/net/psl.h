/* psl.h: the registrable domain of a host, by the Public Suffix List of the system (libpsl). */
#ifndef NET_PSL_H
#define NET_PSL_H

#include "base/slice.h"

#include <stdbool.h>

struct psl;

/* The system's list, or the one built into libpsl. NULL where there is none. The caller frees with
 * psl_close. */
struct psl *psl_open(void);

/* The registrable domain of the normalised ${host} (a slice of it); the whole host for a public
 * suffix; empty for addresses. */
struct slice psl_registrable(const struct psl *p, struct slice host);

/* Is the normalised ${host} a public suffix? Not called psl_is_public_suffix: that name is
 * libpsl's.
 */
bool psl_is_suffix(const struct psl *p, struct slice host);

void psl_close(struct psl *p);

#endif
