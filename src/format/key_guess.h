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
    uint64_t head, mask; /* its first eight bytes */
    size_t len;          /* 0: none */
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

/* Does the key stand at ${p}? WIDE_SLACK readable bytes stand behind ${end}. */
static inline bool key_guess_fits(const struct key_guess *g, int parent, const char *p,
                                  const char *end)
{
    return g != NULL && g->len > 0 && g->parent == parent && g->len <= (size_t)(end - p) &&
           ((word_load(p) ^ g->head) & g->mask) == 0 &&
           (g->len <= 8 || memcmp(p + 8, g->text + 8, g->len - 8) == 0);
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
    g->parent = parent;
    g->value = value;
}

#endif
