/* psl.c: registrable domains by libpsl, which wants NUL-terminated names. */
#include "net/psl.h"

#include "net/domain.h"

#include <libpsl.h>
#include <stdlib.h>

struct psl {
    psl_ctx_t *list;
};

struct psl *psl_open(void)
{
    struct psl *p = malloc(sizeof *p);

    if (p == NULL)
        return NULL;
    p->list = psl_latest(NULL);
    if (p->list == NULL) {
        free(p);
        return NULL;
    }
    return p;
}

/* A name that libpsl can read, in ${out} of HOST_LIMIT + 1 bytes. */
static bool to_name(struct slice host, char *out)
{
    if (host.len == 0 || host.len > HOST_LIMIT || slice_find(host, '\0') != host.len)
        return false;
    memcpy(out, host.ptr, host.len);
    out[host.len] = '\0';
    return true;
}

struct slice psl_registrable(const struct psl *p, struct slice host)
{
    char name[HOST_LIMIT + 1];
    const char *domain;

    if (domain_is_address(host))
        return slice_of(host.ptr, 0);
    if (!to_name(host, name))
        return host;
    domain = psl_registrable_domain(p->list, name);
    return domain == NULL ? host : slice_from(host, (size_t)(domain - name));
}

bool psl_is_suffix(const struct psl *p, struct slice host)
{
    char name[HOST_LIMIT + 1];

    return !domain_is_address(host) && to_name(host, name) &&
           psl_is_public_suffix(p->list, name) != 0;
}

void psl_close(struct psl *p)
{
    if (p == NULL)
        return;
    psl_free(p->list);
    free(p);
}
