/* plan.h: the mapping lines of a definition, compiled for the fields that are wanted. */
#ifndef FORMAT_PLAN_H
#define FORMAT_PLAN_H

#include "base/arena.h"
#include "format/format.h"
#include "format/mapping/glob.h"
#include "format/mapping/screen.h"
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
    struct glob_set globs;
    const struct slice *values; /* of PLAN_MAP, one a pattern; empty: none */
    const int *codes;           /* of a map that ends in an action or kind: its number */
};

/* The way of most values through a rule, without a look at its steps. */
enum plan_way {
    WAY_STEPS,  /* none: step by step */
    WAY_DIGITS, /* a number or a duration of up to eight digits, which no step changes */
    WAY_EPOCH,  /* a time in seconds with a fraction */
    WAY_TEXT,   /* text that steps may only take for no value */
    WAY_TEXT_WITHOUT_SIGNS, /* text without the signs that steps undo */
    WAY_ADDRESS,            /* an IPv4 address */
    WAY_ADDRESS_AFTER,      /* the same behind a byte */
    WAY_ADDRESS_BESIDE,     /* the same of the second of two columns, behind the blank between */
    WAY_ONLY,               /* a value that its first step lets not through */
    WAY_SPREAD,             /* over several columns, of which one is empty */
    WAY_MAC,                /* a hardware address, already as it is to be */
    WAY_URL_HOST,           /* a host in plain letters */
    WAY_WHOLE_URL,          /* no URL */
    WAY_MEMO,               /* a value that came before */
    WAY_SCREEN              /* a text that the screen knows not to matter */
};

/* A value of at most 16 bytes, as a glob_text has it, and what its rule made of it. */
struct plan_memo_entry {
    uint64_t head, tail;
    uint64_t number; /* into the record, where that is no text */
    uint32_t len;    /* 0: free */
    uint16_t from;   /* of a text: what of the value it is */
    uint16_t size;
    bool has;
    bool has_twin; /* so is what the rule's twin made of it: an action */
    enum record_action twin;
};

enum { PLAN_MEMO_BITS = 6, PLAN_MEMO_BYTES = 16 };

/* Values of columns like a method or a result are few. Grows while lines are mapped: of one
 * archive's decoding alone. */
struct plan_memo {
    struct plan_memo_entry entries[1 << PLAN_MEMO_BITS];
    uint32_t hits, misses; /* lately */
    bool off;              /* they are not few: no more are kept */
};

/* What its way looks at comes first: all of it stands in one or two lines of memory. */
struct plan_rule {
    uint32_t bit;  /* of its field */
    uint32_t once; /* not for records that have this */
    int slot;
    enum plan_way way;
    int beside;                    /* slot of the first column, of WAY_ADDRESS_BESIDE */
    size_t offset;                 /* of the field's member */
    int64_t unit;                  /* of WAY_DIGITS: what a number is multiplied by */
    const struct glob_set *nones;  /* all that its steps take for no value */
    const struct glob_set *onlies; /* all that its first step lets through */
    struct plan_memo *memo;        /* where values may come again, else NULL */
    struct plan_memo *leader;      /* of the rule before this twin: its memo, else NULL */
    struct screen *screen;         /* of the field, else NULL */
    enum field_type type;
    char after;    /* of WAY_ADDRESS_AFTER */
    char signs[2]; /* that its steps undo; one twice where there is only one */

    const struct rule *rule;
    const struct plan_step *steps;
    size_t step_count;
    const struct stamp_pattern *stamp; /* of a time */
    double unit_us;                    /* of a duration */
    uint32_t reader;                   /* its number with the screen */
    bool holds_place;                  /* an empty text for what that leaves out */
    bool keeps_heads;                  /* of long texts its steps see to single bytes alone */
    bool spread;                       /* over several columns */
};

struct plan_condition {
    int slot;
    bool negated, rejects;
    const struct condition *condition; /* as the definition has it */
    struct glob_set globs;
    size_t *last; /* the pattern that let the line before through: tried first */
};

/* The rules, in their order, for lines of one shape: those whose column can be filled there. */
struct plan_list {
    const struct plan_rule *rules;
    size_t count;
};

struct plan {
    const struct plan_condition *conditions;
    size_t condition_count;
    const struct plan_list *lists;  /* by number of a shape; the one before the first has all */
    const struct plan_rule *places; /* of dest_ip, for records without a host */
    size_t place_count;
};

/*
 * plan_compile(f, wanted, screen, arena):
 * The rules of ${f} for the fields in ${wanted} (FIELD_BITs), in their order; what ${screen} knows
 * not to matter is left out of records (NULL: nothing is). Returns: NULL where memory is out. Owns:
 * ${arena}; borrows ${f} and ${screen}.
 */
const struct plan *plan_compile(const struct format *f, uint32_t wanted, struct screen *screen,
                                struct arena *arena);

/* Give ${rule}, whose steps are compiled, the shortest way there is for it (plan_way.c). Returns:
 * false where memory is out. */
bool plan_choose_way(struct plan_rule *rule, struct arena *arena);

#endif
