/* pseudonym.h: names and addresses by keyed pseudonyms: the same in every run with the same key. */
#ifndef REPORT_PSEUDONYM_H
#define REPORT_PSEUDONYM_H

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>

/* What a text is: equal texts of different classes get different pseudonyms. */
enum pseudonym_class { PSEUDONYM_USER, PSEUDONYM_ADDRESS, PSEUDONYM_MACHINE, PSEUDONYM_TEXT };

enum { PSEUDONYM_DIGITS = 32, PSEUDONYM_LEAST_KEY = 16, PSEUDONYM_LARGEST_KEY = 4096 };

/* The key, and the words that must not be shown. Opaque. */
struct pseudonyms;

/*
 * pseudonym_open(path, err):
 * Read the key: all bytes of the file, PSEUDONYM_LEAST_KEY to PSEUDONYM_LARGEST_KEY.
 * Errors:  ERROR_USAGE (too short, too long), ERROR_IO, ERROR_MEMORY.
 * Owns:    the caller frees with pseudonym_free, which wipes the key.
 */
struct pseudonyms *pseudonym_open(const char *path, struct error *err);

/* May every user of the machine read the file of the key? */
bool pseudonym_key_is_exposed(const struct pseudonyms *p);

/* ${text} names a machine: texts that hold one of its words are replaced by pseudonym_append_text.
 * Returns: false where memory is out. */
bool pseudonym_hide(struct pseudonyms *p, struct slice text);

/* ${text} is a person's name: likewise, its longer words (five bytes) also as part of a word. */
bool pseudonym_hide_person(struct pseudonyms *p, struct slice text);

/* Append 128 bits of HMAC-SHA-256 over class and text, as 32 hex digits. */
void pseudonym_append(const struct pseudonyms *p, enum pseudonym_class class, struct slice text,
                      struct buf *out);

/* For messages: the pseudonym; where ${p} is NULL the text, as display_append shows it. */
void pseudonym_show(const struct pseudonyms *p, enum pseudonym_class class, struct slice text,
                    struct buf *out);

/* A user as counted: what stands before the colon of ip:, host:, mac:, machine: and service: stays.
 * The address of ip: has the pseudonym that it has as a client. */
void pseudonym_append_user(const struct pseudonyms *p, struct slice user, struct buf *out);

/* A host, tenant or domain: as it is, unless it is or holds an address (ip-10-0-0-1,
 * 1.0.0.10.in-addr.arpa) or a word that is hidden; then its pseudonym. */
void pseudonym_append_text(const struct pseudonyms *p, struct slice text, struct buf *out);

void pseudonym_free(struct pseudonyms *p);

#endif
