/* url_fuzz.c: any bytes as a request target. */
#include "net/url.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(struct slice whole, struct slice part)
{
    if (part.len > 0 && (part.ptr < whole.ptr || part.ptr + part.len > whole.ptr + whole.len))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice target = slice_of((const char *)data, size);
    struct slice host = url_authority(target), path = url_path(target);

    check_inside(target, host);
    check_inside(target, path);
    if (url_plain_authority(target).len > 0 && !slice_equal(url_plain_authority(target), host))
        abort();
    for (size_t i = 0; i < host.len; i++)
        if ((unsigned char)host.ptr[i] <= ' ' || host.ptr[i] == '@' || host.ptr[i] == '/')
            abort();
    if (path.len > 0 && path.ptr[0] != '/')
        abort();
    return 0;
}
