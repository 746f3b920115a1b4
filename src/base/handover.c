/* handover.c: numbers of places filled and emptied, under a lock. */
#include "base/handover.h"

void handover_init(struct handover *h, size_t places)
{
    *h = (struct handover){.places = places};
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->changed, NULL);
}

bool handover_room(struct handover *h, size_t *place)
{
    bool stop;

    pthread_mutex_lock(&h->lock);
    while (!h->stop && h->made - h->used == h->places)
        pthread_cond_wait(&h->changed, &h->lock);
    stop = h->stop;
    *place = h->made % h->places;
    pthread_mutex_unlock(&h->lock);
    return !stop;
}

void handover_give(struct handover *h)
{
    pthread_mutex_lock(&h->lock);
    h->made++;
    pthread_cond_signal(&h->changed);
    pthread_mutex_unlock(&h->lock);
}

void handover_end(struct handover *h)
{
    pthread_mutex_lock(&h->lock);
    h->done = true;
    pthread_cond_signal(&h->changed);
    pthread_mutex_unlock(&h->lock);
}

bool handover_take(struct handover *h, size_t *place)
{
    bool taken;

    pthread_mutex_lock(&h->lock);
    if (h->in_use) {
        h->used++;
        pthread_cond_signal(&h->changed);
    }
    while (h->made == h->used && !h->done)
        pthread_cond_wait(&h->changed, &h->lock);
    taken = h->in_use = h->made > h->used;
    *place = h->used % h->places;
    pthread_mutex_unlock(&h->lock);
    return taken;
}

void handover_stop(struct handover *h)
{
    pthread_mutex_lock(&h->lock);
    h->stop = true;
    pthread_cond_signal(&h->changed);
    pthread_mutex_unlock(&h->lock);
}

void handover_destroy(struct handover *h)
{
    pthread_cond_destroy(&h->changed);
    pthread_mutex_destroy(&h->lock);
}
