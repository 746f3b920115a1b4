/* devices.h: which person a machine belongs to. */
#ifndef IDENTITY_DEVICES_H
#define IDENTITY_DEVICES_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>

/* Opaque; immutable once loaded. */
struct devices;

/*
 * devices_load(path, err):
 * Read a CSV file mac,name,user (the headings of common exports are known, other columns are
 * passed over; UTF-8 or CP932): each row a MAC address, a host name or both, and a user.
 * Errors:  ERROR_SYNTAX "FILE:LINE: …" (neither MAC nor name, no user, a machine of two users),
 *          ERROR_IO, ERROR_MEMORY.
 * Owns:    the caller frees with devices_free.
 */
struct devices *devices_load(const char *path, struct error *err);

/* The user, as the file says, of the machine with that MAC (as mac_normalise writes it) or that
 * name, without regard to case; a name with a domain also by its first label. Either may be
 * empty. The MAC goes before the name. Returns: false where the machine is in no row. */
bool devices_find(const struct devices *d, struct slice mac, struct slice name, struct slice *user);

void devices_free(struct devices *d);

#endif
