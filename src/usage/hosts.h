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

/* Get the memory ready in which the host of that hash (hash_text of hosts_text) will be looked for.
 */
void hosts_prefetch(const struct hosts *h, uint64_t hash);

/*
 * hosts_find(h, r, hash, out):
 * The app of ${r}: that of a rule, else that of its host, else that of its destination's network;
 * and what is kept of it. ${out}.tenant is that of the rule's detail, of the host or of the URL,
 * ${out}.country that of an IP-literal host, else of the destination, where countries are asked
 * for. Names of hosts and tenants are made where there is an app; with `psl` where there is none,
 * too, the tenant being the psl_group. Returns: false where memory is out.
 */
bool hosts_find(struct hosts *h, const struct record *r, uint64_t hash, struct known_host *out);

/* Forget the hosts met so far: the usage is about to be cleared. NULL is fine. */
void hosts_forget(struct hosts *h);

void hosts_free(struct hosts *h);

#endif
