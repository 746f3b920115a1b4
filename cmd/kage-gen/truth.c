/* truth.c: what a scan of the generated log must find, per user and app. */

#include "truth.h"

#include "base/calendar.h"
#include "base/room.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTE_WINDOW = 64, FIRST_SLOTS = 1024 };

struct sums {
    uint64_t passed, denied, up, down;
    int64_t first_ms, last_ms;
    uint64_t recent; /* bit i: minute newest - i was active */
    int64_t newest;  /* minute since 1970 */
    uint64_t minutes;
};

/* There may be some ten millions of them. */
struct cell {
    uint32_t user, place; /* app * 2; its embed hosts, apart, at the odd one */
    struct sums sums;
};

/* Open addressing over cell numbers + 1. */
struct truth {
    const struct world *world;
    struct truth_shape shape;
    struct cell *cells;
    size_t count, capacity;
    uint32_t *slots;
    size_t slot_count;
};

struct truth *truth_create(const struct world *world, const struct truth_shape *shape,
                           struct error *err)
{
    struct truth *t = calloc(1, sizeof *t);

    if (t != NULL)
        t->slots = calloc(FIRST_SLOTS, sizeof *t->slots);
    if (t == NULL || t->slots == NULL) {
        truth_free(t);
        (void)error_set_memory(err);
        return NULL;
    }
    t->world = world;
    t->shape = *shape;
    t->slot_count = FIRST_SLOTS;
    return t;
}

static size_t slot_of(const struct truth *t, uint32_t user, uint32_t place)
{
    size_t slot = random_mix((uint64_t)user << 32 | place) & (t->slot_count - 1);

    for (; t->slots[slot] != 0; slot = (slot + 1) & (t->slot_count - 1)) {
        const struct cell *c = &t->cells[t->slots[slot] - 1];

        if (c->user == user && c->place == place)
            break;
    }
    return slot;
}

/* Room for one more cell; the slots stay at most half full. */
static bool grow(struct truth *t)
{
    if (t->count == UINT32_MAX || !ROOM_FOR_ONE(t->cells, t->count, t->capacity))
        return false;
    if (t->count < t->slot_count / 2)
        return true;
    free(t->slots);
    t->slot_count *= 2;
    t->slots = calloc(t->slot_count, sizeof *t->slots);
    for (size_t i = 0; t->slots != NULL && i < t->count; i++)
        t->slots[slot_of(t, t->cells[i].user, t->cells[i].place)] = (uint32_t)i + 1;
    return t->slots != NULL;
}

static struct sums *sums_at(struct truth *t, uint32_t user, uint32_t place)
{
    size_t slot = slot_of(t, user, place);

    if (t->slots[slot] != 0)
        return &t->cells[t->slots[slot] - 1].sums;
    if (!grow(t))
        return NULL;
    slot = slot_of(t, user, place);
    t->cells[t->count] = (struct cell){user, place, {.first_ms = -1}};
    t->slots[slot] = (uint32_t)++t->count;
    return &t->cells[t->count - 1].sums;
}

/* Minutes come nearly in order: none is older than the newest by an hour. */
static void add_minute(struct sums *s, int64_t ts_ms)
{
    const int64_t minute = ts_ms / 60000;

    if (s->minutes == 0 || minute - s->newest >= MINUTE_WINDOW) {
        s->newest = minute;
        s->recent = 0;
    } else if (minute > s->newest) {
        s->recent <<= minute - s->newest;
        s->newest = minute;
    }
    const uint64_t bit = UINT64_C(1) << (s->newest - minute);

    s->minutes += (s->recent & bit) == 0;
    s->recent |= bit;
}

static void add_moment(struct sums *s, int64_t ts_ms)
{
    if (s->first_ms < 0 || ts_ms < s->first_ms)
        s->first_ms = ts_ms;
    if (ts_ms > s->last_ms)
        s->last_ms = ts_ms;
    add_minute(s, ts_ms);
}

/* A tunnel's start is activity of its minute; it shows as first seen only on a day (UTC) of its
 * own. */
static void add_start(struct sums *s, int64_t start_ms, int64_t end_ms)
{
    const int64_t day_ms = INT64_C(86400000);

    if (start_ms / day_ms == end_ms / day_ms)
        add_minute(s, start_ms);
    else
        add_moment(s, start_ms);
}

bool truth_add(struct truth *t, const struct event *e, struct error *err)
{
    if (e->host->app == SIGNATURE_NO_APP || e->outcome == OUTCOME_CHALLENGED)
        return true;
    struct sums *s = sums_at(t, e->user, e->host->app * 2 + (e->host->role == ROLE_EMBED));
    if (s == NULL)
        return error_set_memory(err);

    if (t->shape.durations && e->connect && e->outcome != OUTCOME_DENIED) /* else no tunnel began */
        add_start(s, e->ts_ms - e->elapsed_ms, e->ts_ms);
    add_moment(s, e->ts_ms);
    if (e->outcome == OUTCOME_DENIED) {
        s->denied++;
        return true;
    }
    s->passed++;
    s->up += e->bytes_up;
    s->down += e->bytes_down;
    return true;
}

static void write_count(FILE *out, bool known, uint64_t value)
{
    if (known)
        (void)fprintf(out, ",%llu", (unsigned long long)value);
    else
        (void)putc(',', out);
}

static void write_time(FILE *out, int64_t ts_ms)
{
    const struct civil c = calendar_civil(ts_ms / 1000);

    (void)fprintf(out, ",%04d-%02d-%02dT%02d:%02d:%02d+00:00", c.year, c.month, c.day, c.hour,
                  c.minute, c.second);
}

static void write_row(FILE *out, const struct truth *t, const struct cell *c)
{
    const struct sums *s = &c->sums;
    struct buf user = {0};

    if (t->shape.users) {
        world_append_user(&user, c->user);
    } else {
        buf_append_string(&user, "ip:");
        world_append_address(&user, world_user_address(c->user));
    }
    (void)fprintf(out, "%.*s,%s", SLICE_FMT(user),
                  signature_app(t->world->signatures, c->place / 2)->id);
    buf_free(&user);
    write_count(out, t->shape.dns, s->passed);
    write_count(out, !t->shape.dns, s->passed);
    write_count(out, t->shape.verdicts, s->denied);
    write_count(out, t->shape.up, s->up);
    write_count(out, t->shape.down, s->down);
    write_count(out, true, s->minutes);
    write_time(out, s->first_ms);
    write_time(out, s->last_ms);
    (void)putc('\n', out);
}

/* By user, then in the order of the catalogue; embed hosts behind the others of their app. */
static int compare_cells(const void *a, const void *b)
{
    const struct cell *x = a, *y = b;
    const uint64_t left = (uint64_t)x->user << 32 | x->place,
                   right = (uint64_t)y->user << 32 | y->place;

    return (left > right) - (left < right);
}

static void write_rows(FILE *out, struct truth *t)
{
    (void)fputs("user,app,queries,requests,denied,bytes_up,bytes_down,active_minutes,"
                "first_seen,last_seen\n",
                out);
    if (t->count != 0)
        qsort(t->cells, t->count, sizeof *t->cells, compare_cells);
    for (size_t i = 0; i < t->count; i++) {
        const struct cell *c = &t->cells[i];

        if (i == 0 || c->place % 2 == 0 || c[-1].user != c->user || c[-1].place != c->place - 1)
            write_row(out, t, c);
    }
}

bool truth_write(struct truth *t, FILE *out, struct error *err)
{
    write_rows(out, t);
    if (fflush(out) != 0 || ferror(out))
        return error_set_errno(err, errno, "the truth");
    return true;
}

void truth_free(struct truth *t)
{
    if (t == NULL)
        return;
    free(t->cells);
    free(t->slots);
    free(t);
}
