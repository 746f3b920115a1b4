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

/* The same again from what the built-in tables keep of it. */
static void check_shape(const struct tenant_pattern *p)
{
    struct tenant_shape shape = tenant_shape_of(p);
    struct tenant_pattern q = tenant_of_shape(p->text.ptr, &shape);

    if (!slice_equal(q.host, p->host) || !slice_equal(q.path, p->path) ||
        !slice_equal(q.front, p->front) || q.front_labels != p->front_labels || q.rank != p->rank)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_of((const char *)data, size), pattern, host, path;
    struct slice tenant = {NULL, 0};
    struct tenant_pattern p;
    const char *why = NULL;
    char text[TENANT_LIMIT_BYTES];

    slice_cut(rest, '\n', &pattern, &rest);
    slice_cut(rest, '\n', &host, &path);
    if (tenant_compile(pattern, &p, &why) == (why != NULL))
        abort();
    if (why != NULL)
        return 0;
    check_shape(&p);
    check_inside(p.host, tenant_tail(&p));
    if (slice_ends_with(host, tenant_tail(&p)) && tenant_fits_host(&p, host, &tenant) &&
        tenant.ptr != NULL)
        check_inside(host, tenant);
    tenant = slice_of(NULL, 0);
    if (p.has_path && tenant_fits_path(&p, path, &tenant) && tenant.ptr != NULL) {
        check_inside(path, tenant);
        if (tenant_decode(tenant, text).len > tenant.len)
            abort();
    }
    return 0;
}
