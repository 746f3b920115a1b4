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

bool psl_is_registry_suffix(const struct psl *p, struct slice host)
{
    char name[HOST_LIMIT + 1];

    return !domain_is_address(host) && to_name(host, name) &&
           psl_is_public_suffix2(p->list, name, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) != 0;
}

enum host_kind host_kind_of(struct slice host)
{
    static const char *const local[] = {".arpa", ".corp",  ".home",        ".internal", ".intranet",
                                        ".lan",  ".local", ".localdomain", ".localhost"};

    if (domain_is_address(host))
        return HOST_ADDRESS;
    for (size_t i = 0; i < sizeof local / sizeof *local; i++)
        if (slice_ends_with(host, slice_of_string(local[i])))
            return HOST_LOCAL;
    return slice_find(host, '.') == host.len ? HOST_LOCAL : HOST_DOMAIN;
}

const char *host_kind_name(enum host_kind kind)
{
    static const char *const names[] = {
        [HOST_DOMAIN] = "domain", [HOST_ADDRESS] = "address", [HOST_LOCAL] = "local"};

    return names[kind];
}

static struct slice last_two_labels(struct slice host)
{
    size_t at = host.len;

    for (unsigned dots = 0; at > 0; at--)
        if (host.ptr[at - 1] == '.' && ++dots == 2)
            break;
    return slice_from(host, at);
}

struct slice psl_group(const struct psl *p, struct slice host)
{
    switch (host_kind_of(host)) {
    case HOST_DOMAIN: return psl_registrable(p, host);
    case HOST_LOCAL: return last_two_labels(host);
    case HOST_ADDRESS: break;
    }
    return host;
}

void psl_close(struct psl *p)
{
    if (p == NULL)
        return;
    psl_free(p->list);
    free(p);
}
