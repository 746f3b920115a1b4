/* sharing.c: a set of pairs behind a lock, and how many of them each client has. */
#include "usage/sharing.h"

#include "base/text_map.h"

#include <pthread.h>
#include <stdlib.h>
#include <xxhash.h>

enum { PAIR_SLOTS = 2 * SHARING_PAIRS };

struct sharing {
    pthread_mutex_t lock;
    struct text_map clients;
    uint32_t *users; /* by number of the client */
    uint32_t capacity;
    uint64_t *pairs; /* open addressing; 0: free */
    size_t pair_count;
};

struct sharing *sharing_create(struct error *err)
{
    struct sharing *s = calloc(1, sizeof *s);

    if (s == NULL || (s->pairs = calloc(PAIR_SLOTS, sizeof *s->pairs)) == NULL) {
        free(s);
        error_set_memory(err);
        return NULL;
    }
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

/* Is the pair new? */
static bool add_pair(struct sharing *s, uint64_t pair)
{
    size_t at = (size_t)pair % PAIR_SLOTS;

    if (s->pair_count == SHARING_PAIRS)
        return false;
    while (s->pairs[at] != 0 && s->pairs[at] != pair)
        at = (at + 1) % PAIR_SLOTS;
    if (s->pairs[at] == pair)
        return false;
    s->pairs[at] = pair;
    s->pair_count++;
    return true;
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
    bool ok = true;

    pthread_mutex_lock(&s->lock);
    if (add_pair(s, pair))
        ok = count_user(s, client);
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
