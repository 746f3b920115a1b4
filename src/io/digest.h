/* digest.h: SHA-256 (libcrypto) and XXH3-128 of bytes as they come. */
#ifndef IO_DIGEST_H
#define IO_DIGEST_H

#include "base/content.h"
#include "base/error.h"
#include "base/slice.h"

enum { DIGEST_HEX = 65 }; /* 64 hexadecimal digits and a NUL */

struct digest;

struct digest *digest_create(struct error *err);

/* Has the shape of a reader_tap; ${context} is a struct digest. */
void digest_tap(void *context, struct slice bytes);

/* Length and XXH3-128 of the bytes so far. */
struct content_point digest_content(const struct digest *d);

/* SHA-256 of all bytes in lower-case hexadecimal; to be called once, last. */
void digest_hex(struct digest *d, char out[DIGEST_HEX]);

void digest_free(struct digest *d);

/* Length and XXH3-128 of the file ${path}. Errors: ERROR_IO naming it, ERROR_MEMORY. */
bool digest_file(const char *path, struct content_point *out, struct error *err);

/* Length and SHA-256 (as digest_hex) of the file ${path}. Errors: ERROR_IO naming it,
 * ERROR_MEMORY. */
bool digest_file_hex(const char *path, uint64_t *bytes, char out[DIGEST_HEX], struct error *err);

/* XXH3-128 of some bytes, in its canonical form. */
struct content_digest digest_bytes(struct slice bytes);

#endif
