/* store.h: the SQLite file that keeps usage cells and the ledger of archives. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* An open store. Opaque; one thread at a time. */
struct store;

enum store_access {
    STORE_READ,  /* it must be there; nothing can be changed */
    STORE_WRITE, /* it must be there */
    STORE_MAKE   /* made where it is not there */
};

/*
 * store_open(path, access, zone, err):
 * Open the store and bring its schema up to date in one transaction. Who may write holds a lock of
 * the kernel until store_close, so that there is one at a time; readers are not held up. A new
 * store has mode 0600 (less what the umask takes) and keeps the name of the report zone ${zone},
 * which may be NULL but for STORE_MAKE. Errors:  ERROR_USAGE: not there, cannot be made, no store
 * of kage, of a newer schema; ERROR_IO: locked by another run, no space; ERROR_DATA: damaged;
 * ERROR_MEMORY. Owns:    the caller closes with store_close (NULL is fine).
 */
struct store *store_open(const char *path, enum store_access access, const char *zone,
                         struct error *err);
void store_close(struct store *s);

/* The same, and take the store away that this run has made: nobody else gets at it before. NULL is
 * fine, and so is a store that was there before: it is closed. */
void store_discard(struct store *s);

/* The name of its report zone. */
const char *store_zone(const struct store *s);

/* Was anything counted for a user of that name, in whatever department? */
bool store_knows_user(struct store *s, struct slice name, bool *known, struct error *err);

const char *store_path(const struct store *s);

/* What is written between them appears whole or not at all. store_rollback never fails. */
bool store_begin(struct store *s, struct error *err);
bool store_commit(struct store *s, struct error *err);
void store_rollback(struct store *s);

/* What is read from now on is of one moment, whatever others write, until store_rollback. */
bool store_begin_reading(struct store *s, struct error *err);

/* Note in the store what was done to it, for people. */
bool store_note(struct store *s, int64_t now_s, const char *what, struct error *err);

#endif
