/* tenant.h: patterns of tenants.csv: where in a host or path an app shows whose instance it is. */
#ifndef SIGNATURE_TENANT_H
#define SIGNATURE_TENANT_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * HOST or HOST/PATH. In both:
 *   {tenant}     one label (of the path: one segment), or a part of one as in {tenant}-my; at least
 *                one byte, as few as fit
 *   {tenant...}  as a host's first label only: one or more labels, as bucket names may hold dots
 *   *            one label or segment of any text where it stands alone, else any text within one;
 *                before {tenant}, as in *--{tenant}, as many bytes as fit; not directly beside it,
 *                where it would be ambiguous
 * HOST fits the whole host and ends in at least one literal label. PATH fits the first segments of
 * the path. A pattern without {tenant} says that what it fits names no tenant. Where several fit,
 * the one with more literal bytes wins, of equals one without {tenant}.
 */
struct tenant_pattern {
    struct slice text; /* as written, the host in lower case */
    struct slice host;
    struct slice path;  /* without the slashes at its ends */
    bool has_path;      /* looks at the path */
    bool many_labels;   /* {tenant...} */
    size_t tail_len;    /* bytes of the host's literal end, whole labels */
    struct slice front; /* the labels before it, but for {tenant...} */
    size_t front_labels;
    uint32_t rank; /* the higher wins */
};

enum {
    TENANT_LIMIT_BYTES = 255,         /* a longer label or segment names no tenant */
    TENANT_PATTERN_LIMIT_BYTES = 1024 /* of a pattern */
};

/* What compiling finds in a pattern, for tables that are made when the program is built. */
struct tenant_shape {
    uint32_t rank;
    uint16_t text_len, host_len, path_len, tail_len;
    uint8_t front_labels, many_labels;
};

/*
 * tenant_compile(text, out, why):
 * ${text} holds a pattern with its host in lower case, and outlives ${out}.
 * Returns: false with a literal reason in ${why} where it is none.
 */
bool tenant_compile(struct slice text, struct tenant_pattern *out, const char **why);

/* The shape of a compiled pattern, and the pattern of that shape again. ${text} outlives it. */
struct tenant_shape tenant_shape_of(const struct tenant_pattern *p);
struct tenant_pattern tenant_of_shape(const char *text, const struct tenant_shape *shape);

/* The literal end of the host. */
struct slice tenant_tail(const struct tenant_pattern *p);

/* Does the pattern's host fit ${host}, which ends in its literal end? ${tenant} is set where it
 * does and {tenant} stands in the host; its content is undefined where it does not. */
bool tenant_fits_host(const struct tenant_pattern *p, struct slice host, struct slice *tenant);

/* Does the pattern's path fit ${path}, which begins with its "/" and has no query? */
bool tenant_fits_path(const struct tenant_pattern *p, struct slice path, struct slice *tenant);

/*
 * tenant_decode(segment, text):
 * ${segment} of a path, or a part of one, with its percent-escapes undone but for those of blanks
 * and control bytes. ${segment} itself where it has none, else in ${text} of TENANT_LIMIT_BYTES.
 */
struct slice tenant_decode(struct slice segment, char *text);

#endif
