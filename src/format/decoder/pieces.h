/* pieces.h: lines of a log mostly have the same keys in the same order: what stood between the
 * values of lines before is looked for in a line, instead of reading it. */
#ifndef FORMAT_PIECES_H
#define FORMAT_PIECES_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PIECE_BYTES = 64, /* longer text is not learnt */
    PIECE_FIRST = 32, /* of it are compared at first */
    PIECE_LINKS = 4,
    PIECE_LIMIT = 256
};

/* What stands behind a piece. */
enum piece_value {
    VALUE_NONE,   /* it is the start of all lines, and no text */
    VALUE_QUOTED, /* text, of which the quote that ends it is left to the next piece */
    VALUE_WORD,   /* a number or literal of JSON */
    VALUE_BARE,   /* text up to a separator, not a quote at first */
    VALUE_ASIDE,  /* what the decoder reads each time */
    VALUE_END     /* the end of the line */
};

/*
 * Text from the end of a value to the beginning of the next: signs, keys, an opening quote. Pieces
 * are learnt as the decoder reads: the text led it from one state to another and to a slot. State
 * is all that its reading depends on, so the same text does it again wherever the state is the
 * same.
 */
struct piece {
    char text[PIECE_BYTES];
    uint32_t mask; /* of PIECE_FIRST bytes, those that are text */
    uint32_t len;
    uint32_t span; /* of the value in the line before */
    int16_t slot;  /* of the value; -1: nobody wants it */
    uint8_t value;
    uint8_t quick; /* the same, of text of up to PIECE_FIRST bytes; else, and aside, VALUE_NONE */
    uint8_t state; /* behind the value, the decoder's own */
    uint8_t from_value, from_state;  /* what it was read behind */
    uint16_t chain;                  /* further piece of the same hash; 0: none */
    struct piece *next[PIECE_LINKS]; /* those that followed, the latest first */
};

/* A line on the way. */
struct walk {
    struct pieces *all;
    const char *p, *end; /* WIDE_SLACK readable bytes behind that */
    struct piece *at;    /* the last that was found */
    const char *value;   /* where the value behind it begins; NULL: the decoder says that it ends at
                            ${p} */
    struct slice *slots; /* all NULL at first, where the first value of a slot holds */
    bool wanted;         /* was any pair? */
};

enum walked {
    WALKING,
    WALKED_LINE,         /* to its end */
    WALKED_BEFORE_VALUE, /* the decoder has to read it, from ${value} on; what stands in its slot
                            may be wrong */
    WALKED_BEFORE_TEXT   /* at ${p}: no piece that is known */
};

/* Take values into their slots as long as pieces follow that are known. */
typedef enum walked piece_walker(struct walk *w);

/* Values of JSON, of which the last of a slot holds, or pairs, of which the first does. */
enum piece_family { PIECES_JSON, PIECES_PAIRS, PIECE_FAMILIES };

/* What text ends before, each byte as often as it is compared at once. */
struct piece_stops {
    char one[PIECE_FIRST], other[PIECE_FIRST];
};

/* What makes a number or a letter of a word: to what is added for the first to be zero, and the
 * last. */
struct piece_ranges {
    char to_digits[PIECE_FIRST], last_digit[PIECE_FIRST];
    char to_letters[PIECE_FIRST], last_letter[PIECE_FIRST];
};

/* Part of a decoder's state: zeroed, it knows none. */
struct pieces {
    piece_walker *walker;
    struct piece_stops quoted, bare;
    struct piece_ranges ranges;
    uint16_t count;
    bool full;
    uint16_t heads[PIECE_LIMIT]; /* by hash */
    struct piece at[PIECE_LIMIT];
};

enum { PIECE_OF_NONE, PIECE_START }; /* one that fits nowhere, and the first of all */

/* Forget all. Bare text ends before ${separator} and ${other}. */
void pieces_clear(struct pieces *all, enum piece_family family, char separator, char other);

/* Does it know none, or had no room for all? It has to be cleared before the next line. */
static inline bool pieces_are_spent(const struct pieces *all)
{
    return all->count == 0 || all->full;
}

/*
 * pieces_learn(all, before, text, what):
 * ${text} stood behind the value of ${before}, and reading it came to ${what}: value, slot, state.
 * Returns: the piece; NULL where the text is too long or there is no room.
 */
struct piece *pieces_learn(struct pieces *all, struct piece *before, struct slice text,
                           struct piece what);

/* The way ${n} to walk, 0 the plainest, then those that this machine can do; NULL past the last. */
piece_walker *pieces_walker_at(enum piece_family family, size_t n);

#endif
