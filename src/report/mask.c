/* mask.c: names and addresses in the summary's columns. */
#include "report/mask.h"

#include "identity/identity.h"
#include "identity/name.h"
#include "net/address.h"
#include "report/plan.h"

/* What stands before the colon of users that are no people. */
static bool is_machine(struct slice kind)
{
    return slice_is(kind, "host") || slice_is(kind, "mac") || slice_is(kind, "machine");
}

/* A name without what stands before its colon and without its domain: those are many people's. */
static bool hide_name(struct pseudonyms *p, struct slice name)
{
    struct slice kind, rest;
    struct address address;
    bool machine = false;

    if (slice_cut(name, ':', &kind, &rest) && !address_parse(rest, &address)) {
        machine = is_machine(kind);
        name = rest;
    }
    if (address_parse(name, &address) || address_parse(rest, &address))
        return true;
    name = name_cut(name).local;
    return machine ? pseudonym_hide(p, name) : pseudonym_hide_person(p, name);
}

static bool hide_directory(struct pseudonyms *p, const struct directory *d)
{
    struct slice name;

    for (uint32_t i = 0; d != NULL && i < directory_count(d); i++)
        if (!hide_name(p, directory_person(d, i)->user) ||
            !pseudonym_hide_person(p, directory_person(d, i)->name))
            return false;
    for (uint32_t i = 0; d != NULL && directory_name(d, i, &name); i++)
        if (!hide_name(p, name))
            return false;
    return true;
}

bool mask_learn_user(void *pseudonyms, struct slice user)
{
    return hide_name(pseudonyms, user);
}

bool mask_learn(struct pseudonyms *p, const struct identity *identity)
{
    const struct leases *leases = identity_leases(identity);
    bool ok = hide_directory(p, identity_directory(identity));

    for (uint32_t i = 1; ok && leases != NULL && i <= leases_owner_count(leases); i++)
        ok = hide_name(p, leases_owner(leases, i));
    return ok;
}

/* An address in its one spelling, as users are counted by it. */
static void append_client(const struct pseudonyms *p, struct slice text, struct buf *out)
{
    struct buf normal = {0};
    struct address address;

    if (address_parse(text, &address))
        address_append(&normal, &address);
    else
        buf_append(&normal, text);
    out->failed |= normal.failed;
    pseudonym_append(p, PSEUDONYM_ADDRESS, buf_slice(&normal), out);
    buf_free(&normal);
}

/* ARCHIVE:LINE */
static void append_evidence(const struct pseudonyms *p, struct slice text, struct buf *out)
{
    size_t colon = text.len;

    while (colon > 0 && text.ptr[colon - 1] != ':')
        colon--;
    pseudonym_append(p, PSEUDONYM_TEXT, slice_of(text.ptr, colon > 0 ? colon - 1 : 0), out);
    buf_append_byte(out, ':');
    buf_append(out, slice_from(text, colon));
}

/* Tenants joined by blanks. */
static void append_words(const struct pseudonyms *p, struct slice rest, struct buf *out)
{
    struct slice word;

    while (rest.len > 0) {
        slice_cut(rest, ' ', &word, &rest);
        pseudonym_append_text(p, word, out);
        if (rest.len > 0)
            buf_append_byte(out, ' ');
    }
}

bool mask_append(const struct pseudonyms *p, unsigned column, struct slice text, struct buf *out)
{
    switch (column) {
    case DIMENSION_USER: pseudonym_append_user(p, text, out); return true;
    case DIMENSION_CLIENT: append_client(p, text, out); return true;
    case DIMENSION_SOURCE: pseudonym_append(p, PSEUDONYM_TEXT, text, out); return true;
    case DIMENSION_HOST:
    case DIMENSION_TENANT:
    case DIMENSION_DOMAIN: pseudonym_append_text(p, text, out); return true;
    case DIMENSIONS + MEASURE_TENANTS: append_words(p, text, out); return true;
    case DIMENSIONS + MEASURE_EVIDENCE: append_evidence(p, text, out); return true;
    default: return false;
    }
}
