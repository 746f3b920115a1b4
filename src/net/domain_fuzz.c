/* domain_fuzz.c: any bytes as a host. */
#include "net/domain.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char out[HOST_LIMIT];
    struct slice raw = slice_of((const char *)data, size), host = domain_normalise(raw, out);
    const char *why = NULL;

    if (host.len > HOST_LIMIT || (size > HOST_LIMIT && host.len > 0))
        abort();
    if (domain_is_normal(raw) && !slice_equal(raw, host))
        abort();
    for (size_t i = 0; i < host.len; i++)
        if (host.ptr[i] >= 'A' && host.ptr[i] <= 'Z')
            abort();
    if (domain_valid(host, &why) == (why != NULL))
        abort();
    if (domain_is_address(host) && slice_find(host, '[') != host.len)
        abort();
    return 0;
}
