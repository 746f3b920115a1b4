/* silence.h: sources that have delivered nothing for longer than they used to. */
#ifndef STORE_SILENCE_H
#define STORE_SILENCE_H

#include "base/error.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct silence {
    bool is_silent;
    int64_t last_s;  /* when something new of it was last taken in; 0: never */
    int64_t longest; /* days from one delivery to the next, until now */
};

/*
 * silence_of(s, source, now_s, out, err):
 * Is ${source} silent? It is where more days have gone by since something new of it was taken in
 * than ever between two deliveries in the quarter of a year before, and one more for logs that are
 * late; with less than a week to go by, where more than three have. One that never delivered is
 * not.
 */
bool silence_of(struct store *s, const char *source, int64_t now_s, struct silence *out,
                struct error *err);

#endif
