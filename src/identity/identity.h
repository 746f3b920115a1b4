/* identity.h: who a record is about: user names, machines and addresses into the one name under
 * which somebody is counted. */
#ifndef IDENTITY_IDENTITY_H
#define IDENTITY_IDENTITY_H

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"
#include "identity/directory.h"
#include "identity/leases.h"
#include "net/address.h"
#include "record/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Names. Without a directory a name is counted as it is written. With one, the first of these that
 * the directory has as user name, e-mail address or alias is that person: the name folded
 * (name_fold); with %xx undone; without its DOMAIN\ or @domain. A domain is taken off where it is
 * the company's: one of the list of domains where there is such a list; else, before a backslash,
 * any; behind an @, a domain (or below one) of the directory's e-mail addresses, and where it has
 * none any domain if the directory has what is left. A name that the directory does not have is
 * counted folded and without a domain of the company's. What is no person is counted apart, as
 * machine:NAME (accounts that end in `$`) and service:NAME (by the list of services, the accounts
 * of Windows itself, or the directory's kind).
 */
struct identity_rules {
    const char *domains;  /* comma-separated globs in lower case; NULL: as above */
    const char *services; /* likewise; NULL: IDENTITY_SERVICES */
    int64_t hold_us;      /* a lease or logon without an end holds so long; 0: twelve hours */
    size_t shared;        /* an address of more people at once is a shared one; 0: 3 */
};

#define IDENTITY_SERVICES                                                                          \
    "svc-*,svc_*,*-svc,*_svc,sa-*,service-*,healthcheck*,health-check*,*-healthcheck,monitor*,"    \
    "nagios*,zabbix*"

/* Opaque; after identity_finish immutable and shared by threads. */
struct identity;

/* Owns: ${rules} are borrowed; the caller frees with identity_free. */
struct identity *identity_create(const struct identity_rules *rules, struct error *err);

/* See directory_load and devices_load. Before the first identity_add. */
bool identity_load_users(struct identity *i, const char *path, const char *renamed,
                         struct error *err);
bool identity_load_devices(struct identity *i, const char *path, struct error *err);

/*
 * identity_add(i, record, why, err):
 * Take up a record of an identity log (kind identity). Where it makes no sense it is passed over
 * and ${why} says so ("ends before it starts"); NULL: all is well.
 * Errors: ERROR_MEMORY.
 */
bool identity_add(struct identity *i, const struct record *record, const char **why,
                  struct error *err);

/* After the last record; to be called once, also where there was none. */
bool identity_finish(struct identity *i, struct error *err);

/* The name under which the user ${raw} is counted, appended to ${out}. */
void identity_append_user(const struct identity *i, struct slice raw, struct buf *out);

/* Is it somebody, not a machine or service? */
bool identity_is_person(struct slice counted);

/* The person that is counted as ${counted}, or NULL. */
const struct person *identity_person(const struct identity *i, struct slice counted);

/* NULL where no leases were given. */
const struct leases *identity_leases(const struct identity *i);
const struct directory *identity_directory(const struct identity *i);

void identity_free(struct identity *i);

#endif
