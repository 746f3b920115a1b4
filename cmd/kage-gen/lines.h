/* lines.h: an event as a line of one product's log. */
#ifndef KAGE_GEN_LINES_H
#define KAGE_GEN_LINES_H

#include "base/buf.h"
#include "traffic.h"
#include "truth.h"

/* One format; a row a format. */
struct line_format {
    const char *name;   /* of --format */
    const char *header; /* the first line, or "" */
    void (*append)(struct buf *out, const struct event *e);
    struct truth_shape shape;
};

/* The format of that name, or NULL. */
const struct line_format *line_format_find(const char *name);

/* Names of all formats, for a message: "squid, bind, …". */
extern const char line_format_names[];

#endif
