/* name.h: user names as logs write them, taken apart. */
#ifndef IDENTITY_NAME_H
#define IDENTITY_NAME_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>

/* Whose a name is. */
enum name_kind { KIND_PERSON, KIND_MACHINE, KIND_SERVICE, KIND_COUNT };

/* "person", "machine", "service". */
const char *name_kind_text(enum name_kind kind);

/*
 * name_fold(raw, out):
 * The form in which names are compared: without blanks at the ends, case folded, width and
 * composition of characters made one (Unicode NFKC and case folding); a name that is no UTF-8 is
 * read as CP932 where it is that, else ASCII letters are lowered. ${out} is emptied first.
 * Returns: the text in ${out}; empty where memory is out.
 */
struct slice name_fold(struct slice raw, struct buf *out);

/* ${raw} with every %xx undone in ${out}. Returns: false where there is none, or what comes out is
 * no text. */
bool name_percent(struct slice raw, struct buf *out);

/* A name cut at its domain: DOMAIN\user or user@domain. */
struct name_parts {
    struct slice local, domain; /* domain empty: there is none */
    bool before;                /* DOMAIN\user */
};
struct name_parts name_cut(struct slice name);

/* Does ${name} match one of the comma-separated globs in ${list}? Both are in lower case. */
bool name_in_list(const char *list, struct slice name);

/* The machine of an account: PC01$ and host/PC01.corp.example are PC01's. */
struct slice name_of_machine(struct slice account);

/* What the account DOMAIN\local is, by the conventions of Windows and Kerberos and the globs of
 * ${services}: a trailing `$` or a leading host/ is a machine, the system's own accounts and
 * principals such as HTTP/server are services. */
enum name_kind name_kind_of(const struct name_parts *folded, const char *services);

#endif
