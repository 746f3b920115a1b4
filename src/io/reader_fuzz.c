/* reader_fuzz.c: any bytes as an archive; both inflaters give the same bytes and the same damage.
 */
#include "io/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CAP = 1 << 20 };

struct outcome {
    char *bytes; /* CAP of them */
    size_t count;
    char damage[300];
};

static void read_archive(const char *path, enum inflate inflate, struct outcome *out)
{
    struct error err = {0};
    struct reader *r = reader_open(path, inflate, &err);

    if (r == NULL || !reader_read(r, out->bytes, CAP, &out->count, &err))
        abort();
    snprintf(out->damage, sizeof out->damage, "%s",
             reader_damage(r) == NULL ? "" : reader_damage(r));
    reader_close(r);
}

/* The same, but that ISA-L may read on where zlib refuses a Huffman code with gaps. */
static bool agree(const struct outcome *isal, const struct outcome *zlib)
{
    if (isal->count < zlib->count || memcmp(isal->bytes, zlib->bytes, zlib->count) != 0)
        return false;
    if (strstr(zlib->damage, "bad data") != NULL)
        return true;
    return isal->count == zlib->count && strcmp(isal->damage, zlib->damage) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct outcome isal = {malloc(CAP), 0, ""}, zlib = {malloc(CAP), 0, ""};
    FILE *file = tmpfile();
    char path[32];

    if (isal.bytes == NULL || zlib.bytes == NULL || file == NULL ||
        fwrite(data, 1, size, file) != size || fflush(file) != 0)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file));
    read_archive(path, INFLATE_ISAL, &isal);
    read_archive(path, INFLATE_ZLIB, &zlib);
    if (zlib.count < CAP && !agree(&isal, &zlib))
        abort();
    fclose(file);
    free(isal.bytes);
    free(zlib.bytes);
    return 0;
}
