/* key_guess.h: lines of a log mostly have the same keys in the same order: the key that the line
 * before had at this place is compared first. */
#ifndef FORMAT_KEY_GUESS_H
#define FORMAT_KEY_GUESS_H

#include "base/slice.h"
#include "base/word.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GUESS_LIMIT = 96, GUESS_BYTES = 40 };

/* A key with the sign behind it, and what it was found to be. */
struct key_guess {
    uint64_t head, mask;          /* its first eight bytes */
    uint64_t behind, behind_mask; /* and the eight behind them */
    size_t len;                   /* 0: none */
    int parent, value;
    char text[GUESS_BYTES];
};

/* One a place, part of a decoder's state. */
struct key_guesses {
    struct key_guess at[GUESS_LIMIT];
};

/* The guess for place ${n}, NULL beyond the last and where there are none. */
static inline struct key_guess *key_guess_at(struct key_guesses *g, size_t n)
{
    return g != NULL && n < GUESS_LIMIT ? &g->at[n] : NULL;
}

/* Do the bytes at ${p}, with WIDE_SLACK behind them, begin with the key? */
static inline bool key_guess_is(const struct key_guess *g, const char *p)
{
    return g->len > 0 &&
           (((word_load(p) ^ g->head) & g->mask) |
            ((word_load(p + 8) ^ g->behind) & g->behind_mask)) == 0 &&
           (g->len <= 16 || memcmp(p + 16, g->text + 16, g->len - 16) == 0);
}

/* Does the key stand at ${p}, before ${end}? WIDE_SLACK readable bytes stand behind that. */
static inline bool key_guess_fits(const struct key_guess *g, int parent, const char *p,
                                  const char *end)
{
    return g != NULL && g->parent == parent && g->len <= (size_t)(end - p) && key_guess_is(g, p);
}

/* Take ${text}, a key with the sign behind it, for the next line. */
static inline void key_guess_learn(struct key_guess *g, int parent, struct slice text, int value)
{
    if (g == NULL)
        return;
    g->len = text.len <= GUESS_BYTES ? text.len : 0;
    if (g->len == 0)
        return;
    memset(g->text, 0, sizeof g->text);
    memcpy(g->text, text.ptr, text.len);
    g->head = word_load(g->text);
    g->mask = word_mask(text.len);
    g->behind = word_load(g->text + 8);
    g->behind_mask = text.len <= 8 ? 0 : word_mask(text.len - 8);
    g->parent = parent;
    g->value = value;
}

#endif
