/* tenant_fuzz.c: any bytes as a pattern, a host and a path, apart by newlines. */
#include "signature/tenant.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(struct slice whole, struct slice part)
{
    if (part.len == 0 || part.ptr < whole.ptr || part.ptr + part.len > whole.ptr + whole.len)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_of((const char *)data, size), pattern, host, path;
    struct slice tenant = {NULL, 0};
    struct tenant_pattern p;
    const char *why = NULL;

    slice_cut(rest, '\n', &pattern, &rest);
    slice_cut(rest, '\n', &host, &path);
    if (tenant_compile(pattern, &p, &why) == (why != NULL))
        abort();
    if (why != NULL)
        return 0;
    check_inside(p.host, tenant_tail(&p));
    if (slice_ends_with(host, tenant_tail(&p)) && tenant_fits_host(&p, host, &tenant) &&
        tenant.ptr != NULL)
        check_inside(host, tenant);
    tenant = slice_of(NULL, 0);
    if (p.has_path && tenant_fits_path(&p, path, &tenant) && tenant.ptr != NULL)
        check_inside(path, tenant);
    return 0;
}
