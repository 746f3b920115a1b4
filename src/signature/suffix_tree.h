/* suffix_tree.h: domain names as a tree, from the last label to the first, with what hangs on each.
 */
#ifndef SIGNATURE_SUFFIX_TREE_H
#define SIGNATURE_SUFFIX_TREE_H

#include "base/arena.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUFFIX_NONE UINT32_MAX

enum {
    SUFFIX_ROOT = 0,         /* the node of the empty name, above all */
    SUFFIX_LABEL_INLINE = 16 /* bytes of a label that stand in its node */
};

/* One name: a label below a parent. Half a cache line, with all that most look-ups want. */
struct suffix_node {
    uint32_t parent;
    uint32_t nearest;     /* row of domains.csv of it or of its closest parent that has one */
    uint32_t nearest_app; /* of that row, or SIGNATURE_NO_APP */
    uint8_t nearest_role;
    uint8_t label_len;
    bool inner;   /* are there longer names? */
    bool special; /* has it an exact row or tenants? */
    char label[SUFFIX_LABEL_INLINE];
};

/* What else hangs on a name. */
struct suffix_rows {
    const char *name; /* NUL-terminated */
    uint32_t below;   /* row of domains.csv for it and all names below it, or SUFFIX_NONE */
    uint32_t exact;   /* row for the name alone, or SUFFIX_NONE */
    uint32_t first_tenant, tenant_count; /* tenant patterns whose literal end it is */
};

/* Zero-initialise before suffix_tree_init. */
struct suffix_tree {
    struct suffix_node *nodes;
    struct suffix_rows *rows; /* by number of node */
    uint32_t count, capacity;
    uint32_t *slots;   /* a node's number and a part of its hash; 0: free */
    uint8_t *bits;     /* slot_count bytes: which hashes stand in slots, as far as bits tell */
    size_t slot_count; /* a power of two */
    struct arena names;
};

/* Returns: false where memory is out. */
bool suffix_tree_init(struct suffix_tree *t);

/* Room for ${more} new names at once, which saves moving. Returns: false where memory is out. */
bool suffix_tree_reserve(struct suffix_tree *t, size_t more);

/* The node of ${name}, of labels of 1-63 bytes, made with all its parents where it is new;
 * SUFFIX_NONE where memory is out. */
uint32_t suffix_tree_insert(struct suffix_tree *t, struct slice name);

/* What places a node among its parent's: for suffix_tree_append of a later run. */
uint32_t suffix_tree_hash(const struct suffix_tree *t, uint32_t node);

/*
 * suffix_tree_append(t, parent, label, hash):
 * The node of a new name whose parent is there, with the hash that suffix_tree_hash told; there is
 * room (suffix_tree_reserve). ${label}: the first label, where the NUL-terminated name begins that
 * lives longer than the tree.
 */
uint32_t suffix_tree_append(struct suffix_tree *t, uint32_t parent, struct slice label,
                            uint32_t hash);

/* The node of the longest name that is ${host} or a parent of it; ${whole}: is it ${host} itself?
 */
uint32_t suffix_tree_find(const struct suffix_tree *t, struct slice host, bool *whole);

void suffix_tree_free(struct suffix_tree *t);

#endif
