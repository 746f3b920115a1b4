/* match.h: which app a host belongs to, and whose instance of it. */
#ifndef SIGNATURE_MATCH_H
#define SIGNATURE_MATCH_H

#include "base/slice.h"
#include "signature/signature.h"

#include <stdbool.h>
#include <stdint.h>

#define MATCH_NO_SIGNATURE UINT32_MAX

/* What the catalogue says of one host. */
struct match {
    uint32_t app; /* SIGNATURE_NO_APP: unknown */
    uint32_t
        signature; /* the winning row, MATCH_NO_SIGNATURE where none or where a network decided */
    enum role role;
    struct slice tenant; /* whose instance by the host name; empty where it does not say. Borrowed
                            from the host */
    uint32_t tenant_row; /* the pattern that says so, MATCH_NO_SIGNATURE where none */
    uint32_t network;    /* the row of networks.csv that decided, MATCH_NO_SIGNATURE where none */
    bool url_tenant; /* the host names no tenant and a pattern of this app looks at the path: ask
                        signature_url_tenant with the URL */
};

/*
 * signature_match(set, host):
 * The longest signature that is the normalised ${host} or a parent of it, on label borders; `=host`
 * only for the host itself; a signature of app `-` ends the search with no app. A host that is an
 * IP literal is looked up in the networks. Cost: from the last label on, one hash look-up a label
 * as long as there are signatures below; two for an unknown host. Thread-safe.
 */
struct match signature_match(const struct signature_set *set, struct slice host);

/* The n-th signature that also covers ${host} (0 the winner, 1 the next shorter …), or
 * MATCH_NO_SIGNATURE. For explanations. */
uint32_t signature_covering(const struct signature_set *set, struct slice host, size_t n);

/* The tenant in the path of ${url} (absolute, host/path or a path) by the patterns of ${app}, where
 * ${host} fits the pattern's host; empty where none. In the spelling of ${url} and borrowed from
 * it, or where that has escapes, without them in ${text} of TENANT_LIMIT_BYTES. ${row}, where not
 * NULL: the pattern that says so, MATCH_NO_SIGNATURE where none. */
struct slice signature_url_tenant(const struct signature_set *set, uint32_t app, struct slice host,
                                  struct slice url, char *text, uint32_t *row);

/* The app of a connection's destination address text, by networks.csv: the longest network, else
 * the AS number that a database gives. SIGNATURE_NO_APP: none. ${network}, where not NULL: the
 * row that decides, MATCH_NO_SIGNATURE where none. */
uint32_t signature_match_address(const struct signature_set *set, struct slice address,
                                 enum role *role, uint32_t *network);

#endif
