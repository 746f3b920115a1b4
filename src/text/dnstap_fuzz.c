/* dnstap_fuzz.c: any bytes behind the begin of a dnstap stream: the same text whatever the pieces,
 * whole lines only. */
#include "text/transcoder_fuzz.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice in = slice_of((const char *)data, size);
    struct buf whole = {0}, pieces = {0};

    transcoder_fuzz_convert(&dnstap_transcoder, in, size + 1, &whole, &whole);
    transcoder_fuzz_convert(&dnstap_transcoder, in, 5, &pieces, &pieces);
    if (!slice_equal(buf_slice(&whole), buf_slice(&pieces)))
        abort();
    for (size_t i = 0; i < whole.len; i++)
        if ((unsigned char)whole.ptr[i] >= 0x7f || whole.ptr[i] == '\0')
            abort();
    buf_free(&whole);
    buf_free(&pieces);
    return 0;
}
