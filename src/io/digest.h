/* digest.h: SHA-256 of bytes as they come (libcrypto). */
#ifndef IO_DIGEST_H
#define IO_DIGEST_H

#include "base/error.h"
#include "base/slice.h"

enum { DIGEST_HEX = 65 }; /* 64 hexadecimal digits and a NUL */

struct digest;

struct digest *digest_create(struct error *err);

/* Has the shape of a reader_tap; ${context} is a struct digest. */
void digest_tap(void *context, struct slice bytes);

/* The digest of all bytes in lower-case hexadecimal; frees ${d}. */
void digest_finish(struct digest *d, char out[DIGEST_HEX]);

#endif
