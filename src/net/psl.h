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

/* Is the normalised ${host} a public suffix by rules of a registry (co.jp), not of a company that
 * hands out names (github.io) and not for want of any rule? */
bool psl_is_registry_suffix(const struct psl *p, struct slice host);

/* What a host is, as far as its name tells. The order is that of `--unknown`. */
enum host_kind {
    HOST_DOMAIN,  /* below a public suffix */
    HOST_ADDRESS, /* an IP literal */
    HOST_LOCAL    /* of one label, or below a name that stays inside: `.local` (RFC 6762),
                     `.localhost` (RFC 6761), `.arpa` with its reverse names, `.internal` and what
                     companies call theirs: `.corp`, `.home`, `.lan` … */
};

enum host_kind host_kind_of(struct slice host);

/* "domain", "address" or "local". */
const char *host_kind_name(enum host_kind kind);

/* The name under which the normalised ${host} is counted where no signature knows it: its
 * registrable domain, the address, or the last two labels of a local name. A slice of ${host}. */
struct slice psl_group(const struct psl *p, struct slice host);

void psl_close(struct psl *p);

#endif
