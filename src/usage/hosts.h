/* hosts.h: what a record was asked for: app, role, whose instance; by rule, host and URL. */
#ifndef USAGE_HOSTS_H
#define USAGE_HOSTS_H

#include "base/error.h"
#include "record/record.h"
#include "signature/signature.h"
#include "usage/counting.h"
#include "usage/memo.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stdint.h>

/* The hosts met so far and the rules. Opaque. Not thread-safe. */
struct hosts;

/* Owns: borrows ${options} and ${usage}; the caller frees with hosts_free. */
struct hosts *hosts_create(const struct counting_options *options, struct usage *usage,
                           struct error *err);

/* FIELD_BITs of what hosts_find looks at. */
uint32_t hosts_fields(const struct hosts *h);

/* The text by which a record's host is known, as the log writes it. */
struct slice hosts_text(const struct record *r);

/* Hashes (hash_text) of the host's text and of the destination's address, where that may matter. */
struct hosts_key {
    uint64_t host, address;
};

/* The key of ${r}; the memory is made ready in which it will be looked for. */
struct hosts_key hosts_key_of(const struct hosts *h, const struct record *r);

/*
 * hosts_find(h, r, key, out):
 * The app of ${r}: that of a rule, else that of its host, else that of its destination's network;
 * and what is kept of it. ${out}.tenant is that of the rule's detail, of the host or of the URL,
 * ${out}.country that of an IP-literal host, else of the destination, where countries are asked
 * for. Names of hosts and tenants are made where there is an app; with `psl` where there is none,
 * too, the tenant being the psl_group. Returns: false where memory is out.
 */
bool hosts_find(struct hosts *h, const struct record *r, struct hosts_key key,
                struct known_host *out);

/* Forget the hosts met so far: the usage is about to be cleared. NULL is fine. */
void hosts_forget(struct hosts *h);

void hosts_free(struct hosts *h);

#endif
