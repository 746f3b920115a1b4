/* ahead.c: a ring of buffers; its lock is taken once a buffer. */
#include "io/ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFERS = 4, BUFFER_BYTES = 256 * 1024 };

struct ahead {
    ahead_source *source;
    void *context;
    pthread_t thread;
    pthread_mutex_t lock; /* over `made`, `used` and `stop` */
    pthread_cond_t changed;
    size_t made, used; /* buffers filled, and buffers done with, so far */
    bool stop;
    char *bytes;             /* of all buffers */
    size_t lengths[BUFFERS]; /* 0: the end, or the error */
    struct error error;
    size_t taken; /* of the buffer in use */
};

/* Wait until a buffer is free. Returns: false where the user has gone. */
static bool wait_for_room(struct ahead *a)
{
    bool go;

    pthread_mutex_lock(&a->lock);
    while (!a->stop && a->made - a->used == BUFFERS)
        pthread_cond_wait(&a->changed, &a->lock);
    go = !a->stop;
    pthread_mutex_unlock(&a->lock);
    return go;
}

static void *make(void *argument)
{
    struct ahead *a = argument;
    size_t got = 1;

    while (got > 0 && wait_for_room(a)) {
        size_t slot = a->made % BUFFERS;

        if (!a->source(a->context, a->bytes + slot * BUFFER_BYTES, BUFFER_BYTES, &got, &a->error))
            got = 0;
        a->lengths[slot] = got;
        pthread_mutex_lock(&a->lock);
        a->made++;
        pthread_cond_signal(&a->changed);
        pthread_mutex_unlock(&a->lock);
    }
    return NULL;
}

struct ahead *ahead_create(ahead_source *source, void *context, struct error *err)
{
    struct ahead *a = calloc(1, sizeof *a);

    if (a != NULL)
        a->bytes = malloc((size_t)BUFFERS * BUFFER_BYTES);
    if (a == NULL || a->bytes == NULL) {
        free(a);
        error_set_memory(err);
        return NULL;
    }
    a->source = source;
    a->context = context;
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->changed, NULL);
    if (pthread_create(&a->thread, NULL, make, a) == 0)
        return a;
    error_set_memory(err);
    free(a->bytes);
    free(a);
    return NULL;
}

/* The buffer in use: the next one once it is there. */
static size_t wait_for_bytes(struct ahead *a)
{
    pthread_mutex_lock(&a->lock);
    while (a->made == a->used)
        pthread_cond_wait(&a->changed, &a->lock);
    pthread_mutex_unlock(&a->lock);
    return a->used % BUFFERS;
}

static void give_back(struct ahead *a)
{
    pthread_mutex_lock(&a->lock);
    a->used++;
    pthread_cond_signal(&a->changed);
    pthread_mutex_unlock(&a->lock);
    a->taken = 0;
}

bool ahead_read(struct ahead *a, char *out, size_t cap, size_t *got, struct error *err)
{
    size_t slot = wait_for_bytes(a), left = a->lengths[slot] - a->taken;

    *got = left < cap ? left : cap;
    if (a->lengths[slot] == 0) { /* stays in use: so it is at the end again and again */
        if (a->error.code != ERROR_NONE)
            *err = a->error;
        return a->error.code == ERROR_NONE;
    }
    memcpy(out, a->bytes + slot * BUFFER_BYTES + a->taken, *got);
    a->taken += *got;
    if (a->taken == a->lengths[slot])
        give_back(a);
    return true;
}

void ahead_free(struct ahead *a)
{
    if (a == NULL)
        return;
    pthread_mutex_lock(&a->lock);
    a->stop = true;
    pthread_cond_signal(&a->changed);
    pthread_mutex_unlock(&a->lock);
    pthread_join(a->thread, NULL);
    pthread_cond_destroy(&a->changed);
    pthread_mutex_destroy(&a->lock);
    free(a->bytes);
    free(a);
}
