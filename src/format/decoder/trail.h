/* trail.h: the way that the line before went through a template, as a list of steps without a
 * choice: most lines go the same one, and a step costs a tenth of finding it. */
#ifndef FORMAT_TRAIL_H
#define FORMAT_TRAIL_H

#include "base/slice.h"
#include "format/decoder/template.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A line that goes a trail to its end fits the template in that very way: each choice that the
 * template leaves was made as template_match makes it. What it would have tried before stands
 * disproved, by the steps themselves or by text that is the same. A line that does not go the trail
 * may fit all the same.
 */
enum trail_kind {
    STEP_ALIKE, /* text as it was, but for its digits: whatever stood in it stands there again */
    STEP_FIXED, /* a hole in such text */
    STEP_TEXT,
    STEP_BAR,  /* a byte that an optional part does not begin with */
    STEP_HOLE, /* and the text behind it */
    STEP_LAST, /* a hole before the end of the line, and the text that ends it */
    STEP_REST, /* the same of a hole that may hold anything */
    STEP_END
};

enum {
    TRAIL_STEPS = 32,
    TRAIL_WAYS = 2,
    STEP_TEXT_BYTES = 16,
    STEP_ALIKE_BYTES = 32,
    TRAIL_LINE_BYTES = 8192 /* longer lines go none: their bytes count as tries */
};

struct trail_step {
    union {
        struct {
            char low[16]; /* a bit for each higher half of a byte below 128, by its lower half */
            char text[STEP_TEXT_BYTES];
        };
        char alike[STEP_ALIKE_BYTES];
    };
    const struct hole_halts *halts; /* of a hole */
    uint32_t flip;      /* all ones: it halts at bytes that `low` has; 0: at all others */
    uint32_t full, own; /* a bit a byte: of the text; of what tells by itself that a hole that may
                           end later does not end here */
    uint16_t back;      /* the text begins so far before the byte that the hole halts at; of
                           STEP_FIXED, the hole before the end of the text */
    uint8_t kind;       /* enum trail_kind */
    uint8_t len;        /* of the text; of a fixed hole, its own */
    uint8_t least_len;  /* of the hole */
    int8_t slot;        /* NO_SLOT: nobody wants it */
};

/* Holes that are taken to hold the same text in every line, but for its digits: at the beginning
 * all that nobody wants, of them those with no digits, or times alone. */
enum trail_care { CARE_NONE, CARE_NAMES, CARE_TIMES };

struct trail {
    const struct template_item *from; /* it begins with this item; NULL: there is no trail */
    unsigned hits;                    /* lines that went it */
    enum trail_care care;
    struct trail_step steps[TRAIL_STEPS];
};

struct trails;

/* Does ${line}, from where the trail begins, go it? Fills slots as template_match does; where it
 * returns false, those of the trail are empty. */
typedef bool trail_follower(const struct trail *trail, struct slice line, struct slice *slots);

/* Ways to do that, from number 0, the plain one, on: NULL where this processor has no more. */
trail_follower *trail_follower_at(size_t n);

/* The last ways through one template; zero-initialise. */
struct trails {
    struct trail ways[TRAIL_WAYS];
    unsigned recent;        /* the one that was gone last */
    unsigned misses;        /* lines without a trail, since the last that had one */
    trail_follower *follow; /* NULL: not chosen yet */
};

/* As trails_follow, by another than the recent one. */
bool trails_follow_other(struct trails *t, const struct template_item *item, struct slice line,
                         struct slice *slots);

/* Does ${line}, all from ${item} on, go one of the trails, as template_match would find? Slots it
 * fills are empty before, and again where it returns false. */
static inline bool trails_follow(struct trails *t, const struct template_item *item,
                                 struct slice line, struct slice *slots)
{
    struct trail *recent = &t->ways[t->recent];

    if (recent->from != item || line.len > TRAIL_LINE_BYTES || !t->follow(recent, line, slots))
        return trails_follow_other(t, item, line, slots);
    recent->hits++;
    t->misses = 0;
    return true;
}

/* A hole and what it took, or an optional part that is there and where it begins. */
struct trail_mark {
    const struct template_item *item;
    struct slice text;
};

/* A line and how it fits: all its marks in their order. */
struct trail_line {
    const struct template_item *from;
    const char *p, *end;
    const struct trail_mark *marks, *marks_end;
};

/* A line that went none of the trails, but fits: the next may go the same way. */
void trails_learn(struct trails *t, const struct trail_line *line);

/* --- trail_learn.c --- */

/* The way of the line into ${trail}. Returns: false where it cannot be told without trying. */
bool trail_make(struct trail *trail, const struct trail_line *line, enum trail_care care);

#endif
