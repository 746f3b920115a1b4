/* digest.c: a thin shell around EVP. */
#include "io/digest.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

struct digest {
    EVP_MD_CTX *context;
};

struct digest *digest_create(struct error *err)
{
    struct digest *d = calloc(1, sizeof *d);

    if (d != NULL)
        d->context = EVP_MD_CTX_new();
    if (d == NULL || d->context == NULL || EVP_DigestInit_ex(d->context, EVP_sha256(), NULL) != 1) {
        if (d != NULL)
            EVP_MD_CTX_free(d->context);
        free(d);
        error_set_memory(err);
        return NULL;
    }
    return d;
}

void digest_tap(void *context, struct slice bytes)
{
    struct digest *d = context;

    EVP_DigestUpdate(d->context, bytes.ptr, bytes.len);
}

void digest_finish(struct digest *d, char out[DIGEST_HEX])
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned length = 0;

    EVP_DigestFinal_ex(d->context, bytes, &length);
    out[0] = '\0';
    for (unsigned i = 0; i < length && i < (DIGEST_HEX - 1) / 2; i++)
        snprintf(out + (size_t)i * 2, 3, "%02x", bytes[i]);
    EVP_MD_CTX_free(d->context);
    free(d);
}
