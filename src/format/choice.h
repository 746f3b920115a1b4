/* choice.h: which of a format's shapes a line may have, by its first and last bytes and the
 * beginning of its second word. */
#ifndef FORMAT_CHOICE_H
#define FORMAT_CHOICE_H

#include "base/slice.h"
#include "format/format.h"

#include <stdbool.h>
#include <stdint.h>

enum { CHOICE_BYTES = 256 };

/* One bit a shape, in each table where it admits the byte. */
struct choice {
    uint32_t first[CHOICE_BYTES];  /* of the line */
    uint32_t last[CHOICE_BYTES];   /* of the line */
    uint32_t second[CHOICE_BYTES]; /* of the second word, */
    uint32_t alone[CHOICE_BYTES];  /* or first of the line, where that may be missing */
    bool looks;                    /* at the second word: some shape has one */
    uint32_t own;                  /* shapes that are SHAPE_OWN */
};

/* Work out the choice of ${f}, whose shapes are compiled. */
void choice_make(const struct format *f, struct choice *out);

/* The shapes, one bit each, that ${line} may have, which is not empty; ${second}: where its second
 * word begins (template_second_word), asked for only where the choice looks there. */
static inline uint32_t choice_of(const struct choice *c, struct slice line, const char *second)
{
    unsigned char first = (unsigned char)line.ptr[0];
    unsigned char last = (unsigned char)line.ptr[line.len - 1];
    uint32_t shapes = c->first[first] & c->last[last];

    return c->looks ? shapes & (c->second[(unsigned char)*second] | c->alone[first]) : shapes;
}

#endif
