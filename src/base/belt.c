/* belt.c: lots are the places of a handover. */
#include "base/belt.h"

#include "base/handover.h"

struct running {
    const struct belt *belt;
    struct handover handover;
    struct error error; /* of making */
};

static void *make_all(void *argument)
{
    struct running *r = argument;
    const struct belt *belt = r->belt;
    bool more = true;
    size_t place;

    while (more && handover_room(&r->handover, &place)) {
        more = belt->make(belt->context, belt->lots[place], &more, &r->error) && more;
        if (more)
            handover_give(&r->handover);
    }
    handover_end(&r->handover);
    return NULL;
}

static bool use_all(struct running *r, struct error *err)
{
    const struct belt *belt = r->belt;
    size_t place;

    while (handover_take(&r->handover, &place))
        if (!belt->use(belt->context, belt->lots[place], err))
            return false;
    if (r->error.code != ERROR_NONE)
        *err = r->error;
    return r->error.code == ERROR_NONE;
}

static bool run_alone(const struct belt *belt, struct error *err)
{
    bool more = true;

    while (more)
        if (!belt->make(belt->context, belt->lots[0], &more, err) ||
            (more && !belt->use(belt->context, belt->lots[0], err)))
            return false;
    return true;
}

bool belt_run(const struct belt *belt, bool threads, struct error *err)
{
    struct running r = {.belt = belt};
    pthread_t thread;
    bool ok;

    handover_init(&r.handover, BELT_LOTS);
    if (threads && pthread_create(&thread, NULL, make_all, &r) == 0) {
        ok = use_all(&r, err);
        handover_stop(&r.handover);
        pthread_join(thread, NULL);
    } else {
        ok = run_alone(belt, err);
    }
    handover_destroy(&r.handover);
    return ok;
}
