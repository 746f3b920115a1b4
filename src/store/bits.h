/* bits.h: a set of small numbers. */
#ifndef STORE_BITS_H
#define STORE_BITS_H

#include <stdbool.h>
#include <stdint.h>

/* Zero-initialise. */
struct bits {
    uint8_t *bytes;
    uint64_t count; /* of bits there is room for */
};

/* Returns: false where memory is out. */
bool bits_add(struct bits *b, uint32_t number);

bool bits_has(const struct bits *b, uint32_t number);

/* How many there are; then none any more. */
uint64_t bits_count(const struct bits *b);
void bits_clear(struct bits *b);

void bits_free(struct bits *b);

#endif
