/* url_fuzz.c: any bytes as a request target. */
#include "base/word.h"
#include "net/url.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(struct slice whole, struct slice part)
{
    if (part.len > 0 && (part.ptr < whole.ptr || part.ptr + part.len > whole.ptr + whole.len))
        abort();
}

/* The quick way needs slack behind the text. */
static void check_plain(struct slice target, struct slice host)
{
    char *copy = calloc(1, target.len + WIDE_SLACK);
    struct slice plain;

    if (copy == NULL)
        return;
    if (target.len > 0)
        memcpy(copy, target.ptr, target.len);
    plain = url_plain_authority(slice_of(copy, target.len));
    if (plain.len > 0 && !slice_equal(plain, host))
        abort();
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice target = slice_of((const char *)data, size);
    struct slice host = url_authority(target), path = url_path(target);

    check_inside(target, host);
    check_inside(target, path);
    check_plain(target, host);
    for (size_t i = 0; i < host.len; i++)
        if ((unsigned char)host.ptr[i] <= ' ' || host.ptr[i] == '@' || host.ptr[i] == '/')
            abort();
    if (path.len > 0 && path.ptr[0] != '/')
        abort();
    return 0;
}
