/* leases.c: how long it takes to load leases and to look one up. */

#include "identity/leases.h"
#include "base/buf.h"
#include "base/num.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ADDRESSES = 50000, USERS = 20000, LOOKUPS = 2000000, EXIT_USAGE = 2, EXIT_FAILED = 4 };

#define HOUR_US (INT64_C(3600) * 1000000)
#define DAY_US  (24 * HOUR_US)

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Numbers that look random and are the same in every run (xorshift64). */
static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static struct address numbered(uint64_t number)
{
    struct address address = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10,
                               (unsigned char)(number >> 16), (unsigned char)(number >> 8),
                               (unsigned char)number}};

    return address;
}

/* Eight hours of each day for one of the users. */
static bool add(struct leases *l, uint64_t number, uint64_t *random, struct error *err)
{
    char user[24];
    struct lease_event e = {.claim = LEASE_LISTED, .has_network = true};

    e.network = (struct network){numbered(number % ADDRESSES), 128};
    e.user =
        slice_of(user, (size_t)snprintf(user, sizeof user, "user%05" PRIu64, next(random) % USERS));
    e.from_us = (int64_t)(number / ADDRESSES) * DAY_US + 9 * HOUR_US;
    e.until_us = e.from_us + 8 * HOUR_US;
    return leases_add(l, &e, err);
}

static void no_machines(void *context, const struct lease_machine *machine, struct buf *out,
                        bool *person)
{
    (void)context;
    (void)machine;
    (void)out;
    *person = false;
}

/* What is asked, made before the clock runs. */
struct question {
    struct address address;
    uint32_t place;
    int64_t ts_us;
};

static struct question *make_questions(const struct leases *l, uint64_t intervals)
{
    struct question *questions = calloc(LOOKUPS, sizeof *questions);
    uint64_t random = 88172645463325252U, days = intervals / ADDRESSES + 1;

    for (size_t i = 0; questions != NULL && i < LOOKUPS; i++) {
        struct question *q = &questions[i];

        q->address = numbered(next(&random) % ADDRESSES);
        q->place = leases_find(l, &q->address);
        q->ts_us = (int64_t)(next(&random) % days) * DAY_US + 10 * HOUR_US;
    }
    return questions;
}

/* Nanoseconds of a look-up of an address that is known, as for one that comes again, and with the
 * search for it; ${found} counts what was found, so that nothing is optimised away. */
static bool look_up(const struct leases *l, uint64_t intervals, double ns[2], uint64_t *found)
{
    struct question *questions = make_questions(l, intervals);

    if (questions == NULL)
        return false;
    for (int search = 0; search < 2; search++) {
        double start = now_ns();

        for (size_t i = 0; i < LOOKUPS; i++) {
            const struct question *q = &questions[i];
            uint32_t place = search == 0 ? q->place : leases_find(l, &q->address);

            *found += leases_owner_at(l, place, q->ts_us, NULL) != LEASE_NOBODY;
        }
        ns[search] = (now_ns() - start) / LOOKUPS;
    }
    free(questions);
    return true;
}

static bool run(uint64_t intervals, struct error *err)
{
    const struct lease_resolver resolver = {no_machines, NULL};
    struct leases *l = leases_create(DAY_US, 4, err);
    struct lease_stats stats;
    uint64_t random = 362436069, found = 0;
    double start = now_ns(), load_ns, ns[2] = {0, 0};
    bool ok = l != NULL;

    for (uint64_t i = 0; ok && i < intervals; i++)
        ok = add(l, i, &random, err);
    ok = ok && leases_finish(l, &resolver, err);
    load_ns = now_ns() - start;
    ok = ok && (look_up(l, intervals, ns, &found) || error_set_memory(err));
    if (ok) {
        leases_stats(l, &stats);
        printf("%" PRIu64 ",%.3f,%zu,%.1f,%.1f,%" PRIu64 "\n", intervals, load_ns / 1e9,
               stats.bytes / stats.claims, ns[0], ns[1], found);
    }
    leases_free(l);
    return ok;
}

int main(int argc, char **argv)
{
    struct error err = {0};
    uint64_t intervals;

    if (argc != 2 || !num_parse(slice_of_string(argv[1]), UINT32_MAX, &intervals) ||
        intervals == 0) {
        fprintf(stderr, "bench-leases INTERVALS: prints intervals, seconds to load, bytes each, ns "
                        "of a look-up, ns with the search for the address, look-ups that hit\n");
        return EXIT_USAGE;
    }
    if (run(intervals, &err))
        return 0;
    fprintf(stderr, "bench-leases: %s\n", err.text);
    return EXIT_FAILED;
}
