/* leases.c: how long it takes to load leases and to look one up. */

#include "identity/leases.h"
#include "base/buf.h"
#include "base/num.h"
#include "base/text_map.h"
#include "measure.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    USERS = 20000,
    LOOKUPS = 2000000,
    MOST_ADDRESSES = 1 << 24,
    EXIT_USAGE = 2,
    EXIT_FAILED = 4
};

#define HOUR_US (INT64_C(3600) * 1000000)
#define DAY_US  (24 * HOUR_US)

static struct address numbered(uint64_t number)
{
    struct address address = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10,
                               (unsigned char)(number >> 16), (unsigned char)(number >> 8),
                               (unsigned char)number}};

    return address;
}

/* How many of each. */
struct size {
    uint64_t intervals, addresses;
};

/* What it took: seconds, and nanoseconds of a look-up. */
struct figures {
    double load_s, known, search, probe;
    uint64_t found; /* so that nothing is optimised away */
};

/* Eight hours of each day for one of the users. */
static bool add(struct leases *l, const struct size *size, uint64_t number, uint64_t *random,
                struct error *err)
{
    char user[24];
    struct lease_event e = {.claim = LEASE_LISTED, .has_network = true};

    e.network = (struct network){numbered(number % size->addresses), 128};
    e.user =
        slice_of(user, (size_t)snprintf(user, sizeof user, "user%05" PRIu64, next(random) % USERS));
    e.from_us = (int64_t)(number / size->addresses) * DAY_US + 9 * HOUR_US;
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

static struct question *make_questions(const struct leases *l, const struct size *size)
{
    struct question *questions = calloc(LOOKUPS, sizeof *questions);
    uint64_t random = 88172645463325252U, days = size->intervals / size->addresses + 1;

    for (size_t i = 0; questions != NULL && i < LOOKUPS; i++) {
        struct question *q = &questions[i];

        q->address = numbered(next(&random) % size->addresses);
        q->place = leases_find(l, &q->address);
        q->ts_us = (int64_t)(next(&random) % days) * DAY_US + 10 * HOUR_US;
    }
    return questions;
}

/* An address that is known, as one that comes again, and one that is searched for. */
static void look_up(const struct leases *l, const struct question *questions, struct figures *f)
{
    double start = now_ns();

    for (const struct question *q = questions; q < questions + LOOKUPS; q++)
        f->found += leases_owner_at(l, q->place, q->ts_us, NULL) != LEASE_NOBODY;
    f->known = (now_ns() - start) / LOOKUPS;
    start = now_ns();
    for (const struct question *q = questions; q < questions + LOOKUPS; q++)
        f->found += leases_owner_at(l, leases_find(l, &q->address), q->ts_us, NULL) != LEASE_NOBODY;
    f->search = (now_ns() - start) / LOOKUPS;
}

/* The yardstick: one probe of a hash table that has the same addresses and nothing else. */
static bool probe(const struct question *questions, const struct size *size, struct figures *f)
{
    struct text_map map = {0};
    bool ok = true;
    double start;

    for (uint64_t i = 0; ok && i < size->addresses; i++) {
        struct address address = numbered(i);

        ok = text_map_add(&map, slice_of((const char *)address.bytes, sizeof address.bytes),
                          NULL) != TEXT_MAP_NONE;
    }
    start = now_ns();
    for (const struct question *q = questions; q < questions + LOOKUPS; q++)
        f->found += text_map_find(&map, slice_of((const char *)q->address.bytes,
                                                 sizeof q->address.bytes)) != TEXT_MAP_NONE;
    f->probe = (now_ns() - start) / LOOKUPS;
    text_map_free(&map);
    return ok;
}

static bool ask(const struct leases *l, const struct size *size, struct figures *f)
{
    struct question *questions = make_questions(l, size);
    bool ok = questions != NULL && probe(questions, size, f);

    if (ok)
        look_up(l, questions, f);
    free(questions);
    return ok;
}

static bool run(const struct size *size, struct error *err)
{
    const struct lease_resolver resolver = {no_machines, NULL};
    struct leases *l = leases_create(DAY_US, 4, err);
    struct figures f = {0};
    struct lease_stats stats;
    uint64_t random = 362436069;
    double start = now_ns();
    bool ok = l != NULL;

    for (uint64_t i = 0; ok && i < size->intervals; i++)
        ok = add(l, size, i, &random, err);
    ok = ok && leases_finish(l, &resolver, err);
    f.load_s = (now_ns() - start) / 1e9;
    ok = ok && (ask(l, size, &f) || error_set_memory(err));
    if (ok) {
        leases_stats(l, &stats);
        printf("%.3f,%zu,%.1f,%.1f,%.1f,%" PRIu64 "\n", f.load_s, stats.bytes / stats.claims,
               f.known, f.search, f.probe, f.found);
    }
    leases_free(l);
    return ok;
}

int main(int argc, char **argv)
{
    struct error err = {0};
    struct size size;

    if (argc != 3 || !num_parse(slice_of_string(argv[1]), UINT32_MAX, &size.intervals) ||
        !num_parse(slice_of_string(argv[2]), MOST_ADDRESSES, &size.addresses) ||
        size.addresses == 0 || size.intervals < size.addresses) {
        fprintf(stderr, "bench-leases INTERVALS ADDRESSES: prints seconds to load, bytes an "
                        "interval, ns of a look-up, with the search for the address, of a probe of "
                        "a hash table, look-ups that hit\n");
        return EXIT_USAGE;
    }
    if (run(&size, &err))
        return 0;
    fprintf(stderr, "bench-leases: %s\n", err.text);
    return EXIT_FAILED;
}
