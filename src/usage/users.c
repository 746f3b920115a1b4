/* users.c: users and clients as logs write them, remembered with what they stand for. */
#include "usage/users.h"

#include "base/buf.h"
#include "base/hash.h"
#include "net/address.h"

#include "usage/sharing.h"

#include <stdlib.h>
#include <string.h>

enum { NOTED_PAIRS = 16384 };

struct users {
    const struct identity *identity;    /* may be NULL */
    const struct leases *leases;        /* may be NULL */
    const struct record_filter *filter; /* may be NULL */
    struct usage *usage;
    struct memo names, clients;
    struct sharing *sharing;     /* may be NULL */
    uint32_t noted[NOTED_PAIRS]; /* half a hash of pairs of user and client noted lately */
    struct known_user *owners;   /* of leases, by number; user 0: not met yet */
};

struct users *users_create(const struct users_world *world, const struct record_filter *filter,
                           struct usage *usage, struct error *err)
{
    struct users *u = calloc(1, sizeof *u);

    if (u == NULL) {
        error_set_memory(err);
        return NULL;
    }
    u->identity = world->identity;
    u->leases = identity_leases(world->identity);
    u->sharing = world->sharing;
    u->filter = filter;
    u->usage = usage;
    if (u->leases == NULL)
        return u;
    u->owners = calloc(leases_owner_count(u->leases) + 1, sizeof *u->owners);
    if (u->owners != NULL)
        return u;
    error_set_memory(err);
    users_free(u);
    return NULL;
}

struct slice users_client(const struct record *r)
{
    return record_has(r, FIELD_CLIENT) ? r->client : slice_of(NULL, 0);
}

struct slice users_text(const struct record *r)
{
    return record_has(r, FIELD_USER) ? r->user : users_client(r);
}

void users_prefetch(const struct users *u, const struct record *r, uint64_t hash)
{
    memo_prefetch(record_has(r, FIELD_USER) ? &u->names : &u->clients, hash);
}

/* Whoever is counted as ${name}. */
static bool know(struct users *u, struct slice name, struct known_user *known)
{
    if (!usage_name_id(u->usage, NAME_USER, name, &known->user))
        return false;
    known->kept = u->filter == NULL || filter_passes(&u->filter->user, name);
    return true;
}

static bool learn_name(struct users *u, struct slice raw, struct known_user *known)
{
    struct buf name = {0};
    bool ok;

    if (u->identity == NULL)
        return know(u, raw, known);
    identity_append_user(u->identity, raw, &name);
    ok = !name.failed && know(u, buf_slice(&name), known);
    buf_free(&name);
    return ok;
}

/* "ip:" and the address in its one spelling; the text itself where it is none. */
static bool learn_client(struct users *u, struct slice raw, struct known_user *known)
{
    struct buf name = {0};
    struct address address;
    bool ok;

    buf_append_string(&name, "ip:");
    if (address_parse(raw, &address)) {
        address_append(&name, &address);
        if (u->leases != NULL)
            known->place = leases_find(u->leases, &address);
    } else {
        buf_append(&name, raw.len > 0 ? raw : SLICE("-"));
    }
    known->unnamed = true;
    ok = !name.failed && know(u, buf_slice(&name), known);
    buf_free(&name);
    return ok;
}

/* Whoever had the client's address at ${ts_us}, if anybody. */
static bool find_owner(struct users *u, int64_t ts_us, struct known_user *known)
{
    bool undecided;
    uint32_t owner = leases_owner_at(u->leases, known->place, ts_us, &undecided);

    known->undecided = undecided;
    if (owner == LEASE_NOBODY)
        return true;
    if (u->owners[owner].user == 0 && !know(u, leases_owner(u->leases, owner), &u->owners[owner]))
        return false;
    *known = u->owners[owner];
    return true;
}

/* Was the pair noted lately? */
static bool is_noted(struct users *u, uint64_t client_hash, uint32_t user)
{
    uint64_t pair = hash_fold(client_hash, user | UINT64_C(0x9e3779b900000000));
    uint32_t *noted = &u->noted[pair % NOTED_PAIRS];
    bool known = *noted == pair >> 32;

    *noted = (uint32_t)(pair >> 32);
    return known;
}

/* Somebody's own name with an address: where do many people ask from? */
static bool note_sharing(struct users *u, struct slice client, const struct known_user *known)
{
    struct slice user = usage_name(u->usage, NAME_USER, known->user);
    struct buf text = {0};
    struct address address;
    bool ok;

    if (!identity_is_person(user) || !address_parse(client, &address))
        return true;
    address_append(&text, &address);
    ok = !text.failed && sharing_note(u->sharing, buf_slice(&text), user);
    buf_free(&text);
    return ok;
}

/* A user or client that was not met before; out of the way of the others. */
static __attribute__((noinline)) bool meet(struct users *u, const struct record *r, uint64_t hash,
                                           struct known_user *out)
{
    bool named = record_has(r, FIELD_USER);
    struct slice text = users_text(r);
    union known known = {.user = {0}};

    if (!(named ? learn_name(u, text, &known.user) : learn_client(u, text, &known.user)))
        return false;
    *out = known.user;
    return memo_put(named ? &u->names : &u->clients, text, hash, &known);
}

bool users_find(struct users *u, const struct record *r, uint64_t hash, struct known_user *out)
{
    bool named = record_has(r, FIELD_USER);
    union known *found = memo_find(named ? &u->names : &u->clients, users_text(r), hash);
    uint64_t client_hash = named && u->sharing != NULL ? hash_text(users_client(r)) : 0;

    if (found != NULL) {
        *out = found->user;
        found->user.noted = (uint32_t)client_hash;
    } else if (!meet(u, r, hash, out)) {
        return false;
    }
    if (out->noted != (uint32_t)client_hash && !is_noted(u, client_hash, out->user) &&
        !note_sharing(u, users_client(r), out))
        return false;
    return out->place == LEASE_NO_PLACE || find_owner(u, r->ts_us, out);
}

void users_forget(struct users *u)
{
    memo_free(&u->names);
    memo_free(&u->clients);
    if (u->owners != NULL)
        memset(u->owners, 0, (leases_owner_count(u->leases) + 1) * sizeof *u->owners);
}

void users_free(struct users *u)
{
    if (u == NULL)
        return;
    users_forget(u);
    free(u->owners);
    free(u);
}
