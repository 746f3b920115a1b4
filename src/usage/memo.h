/* memo.h: what is known of texts that come again and again: a bounded table, a cache line a text.
 */
#ifndef USAGE_MEMO_H
#define USAGE_MEMO_H

#include "base/hash.h"
#include "base/slice.h"
#include "base/word.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* What is known of a host as the log writes it. */
struct known_host {
    uint32_t app;          /* SIGNATURE_NO_APP: none */
    uint32_t tenant, host; /* names of the usage; only where there are cells for such hosts */
    uint8_t role;          /* enum role */
    bool url_tenant : 1;   /* the path may name the tenant */
    bool kept : 1;         /* by the host filter */
    bool app_kept : 1;     /* by those of app, category, vendor, managed */
    bool watched : 1;      /* a rule may fit its records, whatever they hint at */
    bool undecided : 1;    /* no signature says anything: the destination's network may */
    bool by_rule : 1;      /* a rule decided about the app */
    bool by_network : 1;   /* the destination's network did */
    uint16_t country;      /* of an IP literal, see geoip_country; else 0 */
};

/* A user as the log writes one, or an address. */
struct known_user {
    uint32_t user;  /* name of the usage */
    uint32_t place; /* of an address: where to look for who had it (leases_find) */
    bool kept;      /* by the user filter */
    bool undecided; /* several people had the address */
    bool unnamed;   /* it is an address */
    uint32_t noted; /* a hash of the client last noted with it, see sharing.h */
};

/* A destination address. */
struct known_address {
    uint32_t app;     /* by its network; SIGNATURE_NO_APP: none */
    uint32_t network; /* which, as in struct match */
    uint16_t country; /* see geoip_country; 0: unknown */
    uint8_t role;
};

union known {
    struct known_address address;
    struct known_host host;
    struct known_user user;
};

enum {
    MEMO_TEXT_BYTES = 43,         /* longer texts are not remembered */
    MEMO_PROBES = 8,              /* entries that a text may have: the tags of a word */
    MEMO_CAPACITY_LIMIT = 1 << 16 /* generated names must not fill memory: others are forgotten */
};

struct memo_entry {
    uint32_t hash;
    uint8_t len;
    char text[MEMO_TEXT_BYTES];
    union known known;
};

/* Zero-initialise before use. */
struct memo {
    struct memo_entry *entries;
    uint8_t *tags; /* a byte an entry, see memo_tag; 0: free. They stay in the processor's cache, so
                      that a text which is not there costs no look at the entries */
    size_t count, capacity; /* a power of two; below the limit at most half of it is used */
};

/* Get the memory ready in which ${hash} (hash_text of a text) will be looked for. */
static inline void memo_prefetch(const struct memo *m, uint64_t hash)
{
    if (m->capacity > 0)
        __builtin_prefetch(&m->entries[(size_t)hash & (m->capacity - 1)]);
}

/* What a hash says of its entry: bits that do not place it. */
static inline uint8_t memo_tag(uint32_t hash)
{
    return (uint8_t)(hash >> 24 | 0x80);
}

/* Ones where the eight bytes differ. */
static inline uint64_t memo_differ(const char *a, const char *b, size_t at)
{
    return hash_load(a + at, 8) ^ hash_load(b + at, 8);
}

/* Texts of the same length, at most MEMO_TEXT_BYTES: compared by the loads that hash them. */
static inline bool memo_same(const char *a, const char *b, size_t len)
{
    struct hash_loads at = hash_loads(len);

    if (!hash_loads_fit(len))
        return len == 0 || memcmp(a, b, len) == 0;
    return (memo_differ(a, b, 0) | memo_differ(a, b, at.near) | memo_differ(a, b, at.back) |
            memo_differ(a, b, at.far)) == 0;
}

/* Is the entry, which is not free, that of the text? */
static inline bool memo_is(const struct memo_entry *entry, struct slice text, uint32_t hash)
{
    return entry->hash == hash && entry->len == text.len &&
           memo_same(entry->text, text.ptr, text.len);
}

/* The tags of the entries that a text of that hash may have, the first lowest. */
static inline uint64_t memo_tags(const struct memo *m, uint32_t hash)
{
    return word_load((const char *)&m->tags[hash & (m->capacity - 1)]);
}

/* What is known of ${text}, or NULL. Borrowed until the next memo_put. */
static inline union known *memo_find(const struct memo *m, struct slice text, uint64_t hash)
{
    uint32_t low = (uint32_t)hash;
    struct memo_entry *first;

    if (m->count == 0 || text.len > MEMO_TEXT_BYTES)
        return NULL;
    first = &m->entries[low & (m->capacity - 1)];
    for (uint64_t same = word_equal(memo_tags(m, low), memo_tag(low)); same != 0;
         same &= same - 1) {
        struct memo_entry *entry = &first[(unsigned)__builtin_ctzll(same) / 8];

        if (memo_is(entry, text, low))
            return &entry->known;
    }
    return NULL;
}

/* Remember it of a text that memo_find did not find; another may be forgotten for it. Returns:
 * false where memory is out. */
bool memo_put(struct memo *m, struct slice text, uint64_t hash, const union known *known);

void memo_free(struct memo *m);

#endif
