/* wrapped_fuzz.c: any bytes as lines of containers: the same text whatever the pieces, a line for a
 * line.
 */
#include "text/transcoder_fuzz.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice in = slice_of((const char *)data, size);
    struct buf whole = {0}, pieces = {0};

    transcoder_fuzz_convert(&wrapped_transcoder, in, size + 1, &whole, NULL);
    transcoder_fuzz_convert(&wrapped_transcoder, in, 5, &pieces, NULL);
    if (!slice_equal(buf_slice(&whole), buf_slice(&pieces)) ||
        slice_count_lines(in) != slice_count_lines(buf_slice(&whole)))
        abort();
    buf_free(&whole);
    buf_free(&pieces);
    return 0;
}
