/* map.h: the raw columns of a line into a record, as the definition says. */
#ifndef FORMAT_MAP_H
#define FORMAT_MAP_H

#include "base/arena.h"
#include "format/format.h"
#include "format/mapping/plan.h"
#include "format/stamp/stamp.h"
#include "record/record.h"
#include "record/reject.h"
#include "text/recoder.h"

#include <stdbool.h>

enum verdict { VERDICT_SKIP, VERDICT_REJECT, VERDICT_RECORD };

/* What lines of one archive are mapped with. */
struct mapping {
    struct stamp_clock *clock;
    struct arena *scratch;   /* for converted text */
    struct recoder *recoder; /* for text that transforms uncover; NULL: left as it is */
    const struct plan *plan;
};

/* Why a line is rejected, and by what of the definition. */
struct refusal {
    enum reject why;
    const struct rule *rule;           /* whose columns hold what they cannot, else NULL */
    const struct condition *condition; /* that does not let it through, else NULL */
};

/*
 * map_record(f, shape, slots, m, record, refusal):
 * ${record} keeps its line, everything else counts only by its bit. A column that is absent, empty
 * or mapped to none gives no field; text that cannot be what its field is rejects the line, and
 * ${refusal} says so. A proxy or DNS record without a host and without a destination address is
 * passed over, an addition (SHAPE_REPLY, SHAPE_NOTE) is not. Owns:    nothing; text borrows from
 * the slots or from ${m}'s scratch.
 */
enum verdict map_record(const struct format *f, const struct shape *shape,
                        const struct slice *slots, const struct mapping *m, struct record *record,
                        struct refusal *refusal);

/* Does it say where the request went? Others, but for identity records, are no use. */
bool map_names_place(const struct record *record);

#endif
