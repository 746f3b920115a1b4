/* explain.h: how a definition reads a line, field by field, and why it does not. */
#ifndef FORMAT_EXPLAIN_H
#define FORMAT_EXPLAIN_H

#include "base/error.h"
#include "base/slice.h"
#include "base/zone.h"
#include "format/catalog.h"
#include "format/mapping/map.h"
#include "record/record.h"

#include <stdbool.h>
#include <stddef.h>

enum { EXPLAINED_LIMIT = 96 };

/* One mapping line of the definition, held against a line of a log. Borrowed until the next. */
struct explained {
    size_t definition_line;
    enum field field;
    struct slice column; /* several joined by + */
    struct slice text;   /* what stands in it */
    struct slice value;  /* what became of it, as `kage decode` has it; empty: no value */
    bool refused;        /* it cannot be what the field is: `expected` says what can */
    struct slice expected;
};

struct explanation {
    enum verdict verdict;
    struct slice problem; /* why it is no record; empty where it is, or where a row says it */
    bool adds;            /* … or adds to an earlier line of its key, where there is one */
    struct explained rows[EXPLAINED_LIMIT];
    size_t count;
};

/* The state of explaining one archive. Opaque. */
struct explainer;

/* As decoding_create. Requests over several lines are not joined here. */
struct explainer *explainer_create(const struct format *format, const struct zone *zone, int year,
                                   struct error *err);

/* Lines in their order, for a header holds for those behind it. NULL where memory is out. */
const struct explanation *explainer_line(struct explainer *e, struct slice line);

void explainer_free(struct explainer *e);

#endif
