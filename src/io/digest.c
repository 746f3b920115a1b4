/* digest.c: a thin shell around EVP and xxHash. */
#include "io/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

enum { FILE_PIECE = 256 * 1024 };

struct digest {
    EVP_MD_CTX *context;
    XXH3_state_t *quick;
    uint64_t bytes;
};

void digest_free(struct digest *d)
{
    if (d == NULL)
        return;
    EVP_MD_CTX_free(d->context);
    XXH3_freeState(d->quick);
    free(d);
}

static struct content_digest canonical(XXH128_hash_t hash)
{
    struct content_digest digest;
    XXH128_canonical_t bytes;

    XXH128_canonicalFromHash(&bytes, hash);
    memcpy(digest.bytes, bytes.digest, sizeof digest.bytes);
    return digest;
}

struct content_digest digest_bytes(struct slice bytes)
{
    return canonical(XXH3_128bits(bytes.ptr, bytes.len));
}

struct digest *digest_create(struct error *err)
{
    struct digest *d = calloc(1, sizeof *d);

    if (d == NULL) {
        error_set_memory(err);
        return NULL;
    }
    d->context = EVP_MD_CTX_new();
    d->quick = XXH3_createState();
    if (d->context == NULL || d->quick == NULL ||
        EVP_DigestInit_ex(d->context, EVP_sha256(), NULL) != 1) {
        digest_free(d);
        error_set_memory(err);
        return NULL;
    }
    XXH3_128bits_reset(d->quick);
    return d;
}

void digest_tap(void *context, struct slice bytes)
{
    struct digest *d = context;

    EVP_DigestUpdate(d->context, bytes.ptr, bytes.len);
    XXH3_128bits_update(d->quick, bytes.ptr, bytes.len);
    d->bytes += bytes.len;
}

struct content_point digest_content(const struct digest *d)
{
    return (struct content_point){d->bytes, canonical(XXH3_128bits_digest(d->quick))};
}

void digest_hex(struct digest *d, char out[DIGEST_HEX])
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned length = 0;

    EVP_DigestFinal_ex(d->context, bytes, &length);
    out[0] = '\0';
    for (unsigned i = 0; i < length && i < (DIGEST_HEX - 1) / 2; i++)
        snprintf(out + (size_t)i * 2, 3, "%02x", bytes[i]);
}

static bool read_file(int fd, char *piece, XXH3_state_t *state, uint64_t *bytes)
{
    ssize_t got;

    while ((got = read(fd, piece, FILE_PIECE)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        XXH3_128bits_update(state, piece, (size_t)got);
        *bytes += (uint64_t)got;
    }
    return true;
}

bool digest_file(const char *path, struct content_point *out, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *piece = malloc(FILE_PIECE);
    XXH3_state_t *state = XXH3_createState();
    bool ok = false;

    *out = (struct content_point){0};
    if (fd < 0) {
        error_set_errno(err, errno, "%s", path);
    } else if (piece == NULL || state == NULL) {
        error_set_memory(err);
    } else {
        XXH3_128bits_reset(state);
        ok = read_file(fd, piece, state, &out->bytes);
        if (!ok)
            error_set_errno(err, errno, "%s", path);
        out->digest = canonical(XXH3_128bits_digest(state));
    }
    XXH3_freeState(state);
    free(piece);
    if (fd >= 0)
        close(fd);
    return ok;
}

bool digest_file_hex(const char *path, uint64_t *bytes, char out[DIGEST_HEX], struct error *err)
{
    struct digest *d = digest_create(err);
    FILE *in = d == NULL ? NULL : fopen(path, "re");
    char piece[64 * 1024];
    size_t got;

    if (d != NULL && in == NULL)
        error_set_errno(err, errno, "%s", path);
    while (in != NULL && (got = fread(piece, 1, sizeof piece, in)) > 0)
        digest_tap(d, slice_of(piece, got));
    if (in != NULL && ferror(in))
        error_set_errno(err, errno, "%s", path);
    if (in != NULL)
        fclose(in);
    if (err->code == ERROR_NONE) {
        *bytes = d->bytes;
        digest_hex(d, out);
    }
    digest_free(d);
    return err->code == ERROR_NONE;
}
