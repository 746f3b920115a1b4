/* recoder_fuzz.c: any bytes: within the room, lines kept, UTF-8 untouched, ASCII untouched. */
#include "text/recoder.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count_lines(const char *text, size_t size)
{
    size_t lines = 0;

    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    return lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice in = slice_of((const char *)data, size);

    for (int said = ENCODING_UNKNOWN; said < ENCODING_COUNT; said++) {
        struct recoder *r = recoder_create((enum encoding)said);
        char *out = malloc(RECODER_BYTES(size) + 1);
        size_t n;

        if (r == NULL || out == NULL)
            abort();
        n = recoder_convert(r, in, out);
        if (n > RECODER_BYTES(size) || count_lines(in.ptr, size) != count_lines(out, n))
            abort();
        if ((recoder_is_utf8(in) || said == ENCODING_UTF8) && !slice_equal(in, slice_of(out, n)))
            abort();
        free(out);
        recoder_free(r);
    }
    return 0;
}
