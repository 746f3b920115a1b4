/* inflate.c: unpacks a gzip file with zlib and does nothing else; what a scan by zlib is held
 * against. */

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum { IN_BYTES = 1 << 16, OUT_BYTES = 1 << 18, WINDOW_BITS_GZIP = 15 + 32 };

/* All members. Returns: false where the file is no whole gzip. */
static int inflate_file(FILE *in, unsigned char *from, unsigned char *to, unsigned long long *bytes)
{
    z_stream z = {.next_in = from};
    int status;

    if (inflateInit2(&z, WINDOW_BITS_GZIP) != Z_OK)
        return 0;
    do {
        if (z.avail_in == 0) {
            z.next_in = from;
            z.avail_in = (unsigned)fread(from, 1, IN_BYTES, in);
        }
        z.next_out = to;
        z.avail_out = OUT_BYTES;
        status = inflate(&z, Z_NO_FLUSH);
        *bytes += OUT_BYTES - z.avail_out;
        if (status == Z_STREAM_END && (z.avail_in > 0 || !feof(in)))
            status = inflateReset(&z);
    } while (status == Z_OK && (z.avail_in > 0 || z.avail_out == 0 || !feof(in)));
    inflateEnd(&z);
    return status == Z_OK || status == Z_STREAM_END;
}

int main(int argc, char **argv)
{
    FILE *in = argc == 2 ? fopen(argv[1], "rb") : NULL;
    unsigned char *from = malloc(IN_BYTES), *to = malloc(OUT_BYTES);
    unsigned long long bytes = 0;
    int ok = in != NULL && from != NULL && to != NULL && inflate_file(in, from, to, &bytes);

    free(from);
    free(to);
    if (in != NULL)
        fclose(in);
    if (!ok)
        fprintf(stderr, "usage: bench-inflate FILE.gz\n");
    else
        printf("%llu\n", bytes);
    return !ok;
}
