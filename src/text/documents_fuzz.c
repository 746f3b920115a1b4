/* documents_fuzz.c: any bytes as a text of JSON: the same lines whatever the pieces. */
#include "text/transcoder_fuzz.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice in = slice_of((const char *)data, size);
    struct buf whole = {0}, pieces = {0};

    transcoder_fuzz_convert(&documents_transcoder, in, size + 1, &whole, &whole);
    transcoder_fuzz_convert(&documents_transcoder, in, 3, &pieces, &pieces);
    if (!slice_equal(buf_slice(&whole), buf_slice(&pieces)))
        abort();
    documents_transcoder.match(in);
    buf_free(&whole);
    buf_free(&pieces);
    return 0;
}
