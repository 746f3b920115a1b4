/* explain_shape.h: why a decoder cannot cut a line. */
#ifndef FORMAT_EXPLAIN_SHAPE_H
#define FORMAT_EXPLAIN_SHAPE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"
#include "format/format.h"

#include <stddef.h>

/* The begins of the templates of a format, compiled when first asked for. Zero-initialise; free
 * with template_probes_free. */
struct template_probes {
    struct template_probe *probes;
    size_t count;
    struct format *compiled; /* owns what the probes are made of; NULL: not yet */
};

/* A line that no decoder could cut, or what stands behind its syslog prefix. */
struct uncut {
    const struct format *format;
    const void *state; /* the decoder's */
    struct slice body; /* with WIDE_SLACK readable bytes behind it */
    size_t offset;     /* of its first byte in the line */
    bool name_line;    /* of the definition: whose author asks */
};

/* What was expected of the line: the byte from which on it does not fit, or the column. ${scratch}
 * is for conversions. */
void explain_shape(const struct uncut *line, struct template_probes *probes, struct arena *scratch,
                   struct buf *out);

/* The same of a template's (explain_template.c). */
void explain_template(const struct uncut *line, struct template_probes *probes, struct buf *out);

void template_probes_free(struct template_probes *probes);

#endif
