/* sharing.c: a set of pairs behind a lock, and how many of them each client has. */
#include "usage/sharing.h"

#include "base/text_map.h"

#include <pthread.h>
#include <stdlib.h>
#include <xxhash.h>

enum { FIRST_SLOTS = 1024 };

struct sharing {
    pthread_mutex_t lock;
    struct text_map clients;
    uint32_t *users; /* by number of the client */
    uint32_t capacity;
    uint64_t *pairs; /* open addressing, at most half full; 0: free */
    size_t pair_count, slots;
};

struct sharing *sharing_create(struct error *err)
{
    struct sharing *s = calloc(1, sizeof *s);

    if (s == NULL || (s->pairs = calloc(FIRST_SLOTS, sizeof *s->pairs)) == NULL) {
        free(s);
        error_set_memory(err);
        return NULL;
    }
    s->slots = FIRST_SLOTS;
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

/* Where the pair stands, or the free slot for it. */
static size_t slot_of(const uint64_t *pairs, size_t slots, uint64_t pair)
{
    size_t at = (size_t)pair % slots;

    while (pairs[at] != 0 && pairs[at] != pair)
        at = (at + 1) % slots;
    return at;
}

static bool grow(struct sharing *s)
{
    size_t slots = s->slots * 2;
    uint64_t *pairs = calloc(slots, sizeof *pairs);

    if (pairs == NULL)
        return false;
    for (size_t i = 0; i < s->slots; i++)
        if (s->pairs[i] != 0)
            pairs[slot_of(pairs, slots, s->pairs[i])] = s->pairs[i];
    free(s->pairs);
    s->pairs = pairs;
    s->slots = slots;
    return true;
}

/* Sets ${is_new}. Returns: false where memory is out. */
static bool add_pair(struct sharing *s, uint64_t pair, bool *is_new)
{
    size_t at = slot_of(s->pairs, s->slots, pair);

    *is_new = s->pairs[at] == 0 && s->pair_count < SHARING_PAIRS;
    if (!*is_new)
        return true;
    s->pairs[at] = pair;
    s->pair_count++;
    return s->pair_count < s->slots / 2 || s->pair_count == SHARING_PAIRS || grow(s);
}

static bool count_user(struct sharing *s, struct slice client)
{
    uint32_t number = text_map_add(&s->clients, client, NULL);

    if (number == TEXT_MAP_NONE)
        return false;
    if (number >= s->capacity) {
        uint32_t capacity = s->capacity == 0 ? 256 : s->capacity * 2;
        uint32_t *users = realloc(s->users, capacity * sizeof *users);

        if (users == NULL)
            return false;
        for (uint32_t i = s->capacity; i < capacity; i++)
            users[i] = 0;
        s->users = users;
        s->capacity = capacity;
    }
    s->users[number]++;
    return true;
}

bool sharing_note(struct sharing *s, struct slice client, struct slice user)
{
    XXH64_hash_t of_client = XXH3_64bits(client.ptr, client.len);
    uint64_t pair = XXH3_64bits_withSeed(user.ptr, user.len, of_client) | 1; /* never 0 */
    bool is_new, ok;

    pthread_mutex_lock(&s->lock);
    ok = add_pair(s, pair, &is_new) && (!is_new || count_user(s, client));
    pthread_mutex_unlock(&s->lock);
    return ok;
}

static int by_users(const void *a, const void *b)
{
    const struct shared_client *x = a, *y = b;

    if (x->users != y->users)
        return x->users > y->users ? -1 : 1;
    return slice_compare(x->client, y->client);
}

bool sharing_list(const struct sharing *s, uint32_t threshold, struct shared_client **out,
                  size_t *count, struct error *err)
{
    *count = 0;
    *out = calloc((size_t)s->clients.count + 1, sizeof **out);
    if (*out == NULL)
        return error_set_memory(err);
    for (uint32_t i = 0; i < s->clients.count; i++)
        if (s->users[i] > threshold)
            (*out)[(*count)++] = (struct shared_client){s->clients.texts[i], s->users[i]};
    qsort(*out, *count, sizeof **out, by_users);
    return true;
}

void sharing_free(struct sharing *s)
{
    if (s == NULL)
        return;
    pthread_mutex_destroy(&s->lock);
    text_map_free(&s->clients);
    free(s->users);
    free(s->pairs);
    free(s);
}
