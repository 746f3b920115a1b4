/* handover.h: a ring of places that one thread fills and another empties, in order. */
#ifndef BASE_HANDOVER_H
#define BASE_HANDOVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* What stands at the places is the caller's: here are only their numbers. The lock is taken once a
 * place. */
struct handover {
    pthread_mutex_t lock; /* over all that follows */
    pthread_cond_t changed;
    size_t places;
    size_t made, used; /* places filled, and done with, so far */
    bool stop;         /* the user has gone */
    bool done;         /* no more are made */
    bool in_use;       /* the user has the place number `used` */
};

/* ${places}: how many may be filled and not yet done with. The caller ends with handover_destroy.
 */
void handover_init(struct handover *h, size_t places);

/* The maker waits for a free ${place}, below the count. Returns: false where the user has gone. */
bool handover_room(struct handover *h, size_t *place);

/* The maker has filled the place that handover_room gave. */
void handover_give(struct handover *h);

/* The maker gives no more. What it wrote before is seen by the user after the last place. */
void handover_end(struct handover *h);

/* The user is done with the place before and waits for the next ${place}. Returns: false at the
 * end. */
bool handover_take(struct handover *h, size_t *place);

/* The user takes no more: the maker is not kept waiting. */
void handover_stop(struct handover *h);

/* Once the maker's thread has been joined. */
void handover_destroy(struct handover *h);

#endif
