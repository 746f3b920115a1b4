/* suffix_tree.c: the edges are a hash table of (parent, label); a look-up goes from the top-level
 * domain down and ends at the first label that is not there, so an unknown host costs two probes
 * whatever its length. */
#include "signature/suffix_tree.h"

#include "base/pages.h"
#include "base/word.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { FIRST_NODES = 256, CACHE_LINE = 64 };

_Static_assert(sizeof(struct suffix_node) == CACHE_LINE / 2, "two nodes are a cache line");

static uint32_t hash_of(uint32_t parent, struct slice label)
{
    return (uint32_t)(XXH3_64bits_withSeed(label.ptr, label.len, parent) >> 32);
}

static size_t place_of(uint32_t hash, size_t slot_count)
{
    return hash & (slot_count - 1);
}

/* What a slot holds: a node, in the bits that are fewer than there are slots, and of its hash those
 * that do not place it. */
static uint32_t slot_of(uint32_t hash, uint32_t node, size_t slot_count)
{
    return (hash & ~(uint32_t)(slot_count - 1)) | node;
}

static uint32_t node_in(uint32_t slot, size_t slot_count)
{
    return slot & (uint32_t)(slot_count - 1);
}

/* Most labels that are asked for are not there. Eight bits a slot say so of most of them, and stay
 * in the processor's cache where the slots do not. */
static size_t bit_of(uint32_t hash, size_t slot_count)
{
    return hash & (slot_count * 8 - 1);
}

static void set_bit(struct suffix_tree *t, uint32_t hash)
{
    size_t bit = bit_of(hash, t->slot_count);

    t->bits[bit / 8] |= (uint8_t)(1U << bit % 8);
}

static bool may_be_there(const struct suffix_tree *t, uint32_t hash)
{
    size_t bit = bit_of(hash, t->slot_count);

    return (t->bits[bit / 8] >> bit % 8 & 1) != 0;
}

static bool is_node(const struct suffix_tree *t, uint32_t node, uint32_t parent, struct slice label)
{
    const struct suffix_node *n = &t->nodes[node];

    if (n->parent != parent || n->label_len != label.len)
        return false;
    if (label.len <= SUFFIX_LABEL_INLINE)
        return memcmp(n->label, label.ptr, label.len) == 0;
    return memcmp(t->rows[node].name, label.ptr, label.len) == 0;
}

/* The slot of the label below ${parent}, or the free one where it would stand. */
static size_t probe(const struct suffix_tree *t, uint32_t parent, struct slice label, uint32_t hash)
{
    size_t at = place_of(hash, t->slot_count);

    for (;; at = (at + 1) & (t->slot_count - 1)) {
        uint32_t node = node_in(t->slots[at], t->slot_count);

        if (t->slots[at] == 0 ||
            (t->slots[at] == slot_of(hash, node, t->slot_count) && is_node(t, node, parent, label)))
            return at;
    }
}

/* The first free slot for a node of that hash. */
static uint32_t *free_slot(uint32_t *slots, size_t count, uint32_t hash)
{
    size_t at = place_of(hash, count);

    while (slots[at] != 0)
        at = (at + 1) & (count - 1);
    return &slots[at];
}

static bool grow_slots(struct suffix_tree *t, size_t count)
{
    uint32_t *slots = count > UINT32_MAX / 2 ? NULL : calloc(count, sizeof *slots);
    uint8_t *bits = slots == NULL ? NULL : calloc(count, sizeof *bits);

    if (bits == NULL) {
        free(slots);
        return false;
    }
    pages_fill(slots, count * sizeof *slots);
    free(t->slots);
    free(t->bits);
    t->slots = slots;
    t->bits = bits;
    t->slot_count = count;
    for (uint32_t node = SUFFIX_ROOT + 1; node < t->count; node++) {
        uint32_t hash = suffix_tree_hash(t, node);

        *free_slot(slots, count, hash) = slot_of(hash, node, count);
        set_bit(t, hash);
    }
    return true;
}

/* ${capacity} is even: aligned memory comes in whole lines. */
static bool grow_nodes(struct suffix_tree *t, uint32_t capacity)
{
    struct suffix_node *nodes = capacity <= t->capacity
                                    ? NULL
                                    : aligned_alloc(CACHE_LINE, (size_t)capacity * sizeof *nodes);
    struct suffix_rows *rows =
        nodes == NULL ? NULL : realloc(t->rows, (size_t)capacity * sizeof *rows);

    if (rows == NULL) {
        free(nodes);
        return false;
    }
    if (t->count > 0)
        memcpy(nodes, t->nodes, t->count * sizeof *nodes);
    free(t->nodes);
    t->nodes = nodes;
    t->rows = rows;
    t->capacity = capacity;
    return true;
}

static uint32_t add(struct suffix_tree *t, uint32_t parent, struct slice label, const char *name)
{
    struct suffix_node *n;

    if (t->count == t->capacity && !grow_nodes(t, t->capacity * 2))
        return SUFFIX_NONE;
    n = &t->nodes[t->count];
    *n = (struct suffix_node){
        .parent = parent, .nearest = SUFFIX_NONE, .label_len = (uint8_t)label.len};
    t->rows[t->count] =
        (struct suffix_rows){.name = name, .below = SUFFIX_NONE, .exact = SUFFIX_NONE};
    memcpy(n->label, label.ptr, label.len < SUFFIX_LABEL_INLINE ? label.len : SUFFIX_LABEL_INLINE);
    return t->count++;
}

bool suffix_tree_init(struct suffix_tree *t)
{
    return grow_slots(t, (size_t)FIRST_NODES * 2) && grow_nodes(t, FIRST_NODES) &&
           add(t, SUFFIX_ROOT, SLICE(""), "") == SUFFIX_ROOT;
}

bool suffix_tree_reserve(struct suffix_tree *t, size_t more)
{
    size_t wanted = t->count + more, slots = t->slot_count;

    while (slots / 4 * 3 < wanted)
        slots *= 2;
    if (slots > t->slot_count && !grow_slots(t, slots))
        return false;
    wanted += wanted % 2;
    return wanted <= t->capacity || wanted > UINT32_MAX || grow_nodes(t, (uint32_t)wanted);
}

/* The child of that label, a part of ${name}, made where it is new. ${copy} is that of ${name},
 * made for the first new node. */
static uint32_t child_of(struct suffix_tree *t, uint32_t parent, struct slice label,
                         struct slice name, const char **copy)
{
    uint32_t hash = hash_of(parent, label), child;
    size_t at;

    if ((size_t)t->count * 4 >= t->slot_count * 3 && !grow_slots(t, t->slot_count * 2))
        return SUFFIX_NONE;
    at = probe(t, parent, label, hash);
    if (t->slots[at] != 0)
        return node_in(t->slots[at], t->slot_count);
    if (*copy == NULL)
        *copy = arena_copy(&t->names, name).ptr;
    child = *copy == NULL ? SUFFIX_NONE : add(t, parent, label, *copy + (label.ptr - name.ptr));
    if (child == SUFFIX_NONE)
        return SUFFIX_NONE;
    t->slots[at] = slot_of(hash, child, t->slot_count);
    set_bit(t, hash);
    t->nodes[parent].inner = true;
    return child;
}

/* The last label of what stands before ${end}; an end of 0 gives an empty one. */
static struct slice label_before(struct slice name, size_t end)
{
    size_t start = end;

    while (start >= sizeof(uint64_t)) {
        uint64_t dots = word_equal(word_load(name.ptr + start - sizeof(uint64_t)), '.');

        if (dots != 0) {
            start -= (size_t)__builtin_clzll(dots) / 8;
            return slice_of(name.ptr + start, end - start);
        }
        start -= sizeof(uint64_t);
    }
    while (start > 0 && name.ptr[start - 1] != '.')
        start--;
    return slice_of(name.ptr + start, end - start);
}

uint32_t suffix_tree_insert(struct suffix_tree *t, struct slice name)
{
    struct slice label = label_before(name, name.len);
    const char *copy = NULL;
    uint32_t node = child_of(t, SUFFIX_ROOT, label, name, &copy);

    while (node != SUFFIX_NONE && label.ptr > name.ptr) {
        label = label_before(name, (size_t)(label.ptr - name.ptr) - 1);
        node = child_of(t, node, label, name, &copy);
    }
    return node;
}

uint32_t suffix_tree_hash(const struct suffix_tree *t, uint32_t node)
{
    const struct suffix_node *n = &t->nodes[node];

    return hash_of(n->parent, slice_of(t->rows[node].name, n->label_len));
}

uint32_t suffix_tree_append(struct suffix_tree *t, uint32_t parent, struct slice label,
                            uint32_t hash)
{
    uint32_t node = add(t, parent, label, label.ptr);

    *free_slot(t->slots, t->slot_count, hash) = slot_of(hash, node, t->slot_count);
    set_bit(t, hash);
    t->nodes[parent].inner = true;
    return node;
}

uint32_t suffix_tree_find(const struct suffix_tree *t, struct slice host, bool *whole)
{
    uint32_t node = SUFFIX_ROOT;
    struct slice label;

    *whole = false;
    if (host.len == 0)
        return SUFFIX_ROOT;
    label = label_before(host, host.len);
    while (t->nodes[node].inner) {
        uint32_t hash = hash_of(node, label);
        uint32_t child = SUFFIX_ROOT;

        __builtin_prefetch(&t->slots[place_of(hash, t->slot_count)]); /* while the bit comes */
        if (may_be_there(t, hash))
            child = node_in(t->slots[probe(t, node, label, hash)], t->slot_count);

        if (child == SUFFIX_ROOT)
            return node;
        node = child;
        *whole = label.ptr == host.ptr;
        if (*whole)
            return node;
        label = label_before(host, (size_t)(label.ptr - host.ptr) - 1);
    }
    return node;
}

void suffix_tree_free(struct suffix_tree *t)
{
    free(t->nodes);
    free(t->rows);
    free(t->slots);
    free(t->bits);
    arena_free(&t->names);
    memset(t, 0, sizeof *t);
}
