/* plan.h: the mapping lines of a definition, compiled for the fields that are wanted. */
#ifndef FORMAT_PLAN_H
#define FORMAT_PLAN_H

#include "base/arena.h"
#include "format/format.h"
#include "format/glob.h"
#include "record/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a conversion is done by: the common ones in place, the others by their transform. */
enum plan_op {
    PLAN_CALL,
    PLAN_BLANK,   /* `none` of one byte, mostly "-" */
    PLAN_NONE,    /* `none`: no value where a pattern matches */
    PLAN_ONLY,    /* `only`: no value where none does */
    PLAN_MAP,     /* `map` */
    PLAN_ADDRESS, /* `address`: IPv4 in place */
    PLAN_UNDO,    /* percent, backslash, hex-escapes: nothing to do where the sign does not occur */
    PLAN_AFTER    /* `after` one byte */
};

struct plan_step {
    enum plan_op op;
    char byte;               /* of PLAN_BLANK, PLAN_UNDO and PLAN_AFTER */
    const struct step *step; /* as the definition has it */
    const struct glob *globs;
    size_t glob_count;
    const struct slice *values; /* of PLAN_MAP, one a pattern; empty: none */
    const int *codes;           /* of a map that ends in an action or kind: its number */
};

struct plan_rule {
    const struct rule *rule;
    uint32_t bit; /* of its field */
    enum field_type type;
    size_t offset; /* of the field's member */
    int slot;
    const struct plan_step *steps;
    size_t step_count;
    const struct stamp_pattern *stamp; /* of a time */
    double unit_us;                    /* of a duration */
};

struct plan_condition {
    int slot;
    bool negated, rejects;
    const struct glob *globs;
    size_t glob_count;
};

struct plan {
    const struct plan_condition *conditions;
    size_t condition_count;
    const struct plan_rule *rules;
    size_t rule_count;
    const struct plan_rule *places; /* of dest_ip, for records without a host */
    size_t place_count;
};

/*
 * plan_compile(f, wanted, arena):
 * The rules of ${f} for the fields in ${wanted} (FIELD_BITs), in their order. Returns: NULL where
 * memory is out. Owns:    ${arena}; borrows ${f}.
 */
const struct plan *plan_compile(const struct format *f, uint32_t wanted, struct arena *arena);

#endif
