/* world.c: who is there and where they go: the users and hosts that a generated log is about. */

#include "world.h"

#include <math.h>
#include <stdio.h>

enum { PICK_TRIES = 16 };

static bool choice_create(const struct signature_set *set, struct arena *arena, struct choice *c)
{
    const size_t apps = signature_app_count(set), rows = signature_count(set);

    *c =
        (struct choice){ARENA_NEW(arena, uint32_t, apps + 1), 0,
                        ARENA_NEW(arena, uint32_t, apps + 2), ARENA_NEW(arena, uint32_t, rows + 1)};
    if (c->apps == NULL || c->first == NULL || c->rows == NULL)
        return false;
    for (uint32_t i = 0; i < rows; i++)
        if (signature_at(set, i)->app != SIGNATURE_NO_APP)
            c->first[signature_at(set, i)->app + 2]++;
    for (uint32_t a = 0; a < apps; a++) {
        if (c->first[a + 2] != 0)
            c->apps[c->app_count++] = a;
        c->first[a + 2] += c->first[a + 1];
    }
    /* first[a + 1] runs from the start of the rows of app a to their end, where a + 1 begins */
    for (uint32_t i = 0; i < rows; i++)
        if (signature_at(set, i)->app != SIGNATURE_NO_APP)
            c->rows[c->first[signature_at(set, i)->app + 1]++] = i;
    return true;
}

/* Leaves ${apps} of them, drawn with ${seed}. */
static void choice_limit(struct choice *c, size_t apps, uint64_t seed)
{
    struct random r = random_seeded(seed ^ 2);

    if (apps >= c->app_count)
        return;
    for (size_t i = 0; i < apps; i++) {
        const size_t j = i + random_below(&r, c->app_count - i);
        const uint32_t app = c->apps[i];

        c->apps[i] = c->apps[j];
        c->apps[j] = app;
    }
    c->app_count = apps;
}

/* A label in front keeps the name apart from longer and exact signatures. */
static size_t name_app_host(const struct signature *s, size_t number, char *out)
{
    const int len = s->exact ? snprintf(out, WORLD_NAME_LIMIT, "%s", s->domain)
                             : snprintf(out, WORLD_NAME_LIMIT, "n%zu.%s", number, s->domain);

    return len < WORLD_NAME_LIMIT ? (size_t)len : WORLD_NAME_LIMIT - 1;
}

static size_t name_other_host(uint64_t mix, size_t number, char *out)
{
    static const char *const heads[] = {"www", "img", "cdn", "api", "static", "mail", "news", "m"};
    static const char *const words[] = {"aoi",  "hikari", "mori",   "kawa",   "sora", "yama",
                                        "umi",  "niji",   "tsuki",  "hoshi",  "kaze", "yuki",
                                        "hana", "sakura", "momiji", "tsubame"};
    const int len = snprintf(out, WORLD_NAME_LIMIT, "%s.%s-%s%zu.example", heads[mix & 7],
                             words[mix >> 3 & 15], words[mix >> 7 & 15], number);

    return (size_t)len;
}

/* Documentation networks: 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24. */
static uint32_t some_address(uint64_t mix)
{
    static const uint32_t networks[] = {0xc0000200, 0xc6336400, 0xcb007100};

    return networks[mix % 3] | (uint32_t)(mix >> 8 & 255);
}

static void make_host(const struct world *w, size_t number, struct host_room *room)
{
    const struct choice *c = &w->choice;
    const uint64_t mix = random_mix(w->seed ^ random_mix(number));
    const bool of_app = c->app_count != 0 && (double)(mix >> 40) < w->app_share * (double)(1 << 24);
    struct host *host = &room->host;
    size_t len;

    *host = (struct host){{NULL, 0}, SIGNATURE_NO_APP, ROLE_SERVICE, some_address(mix)};
    if (of_app) {
        const uint64_t draw = random_mix(mix);
        const uint32_t app = c->apps[(draw >> 32) * c->app_count >> 32];
        const uint32_t first = c->first[app], count = c->first[app + 1] - first;
        const uint32_t row = c->rows[first + ((draw & UINT32_MAX) * count >> 32)];
        const struct signature *s = signature_at(w->signatures, row);

        host->app = app;
        host->role = s->role;
        len = name_app_host(s, number, room->name);
    } else {
        len = name_other_host(mix, number, room->name);
    }
    host->name = slice_of(room->name, len);
}

static bool keep_host(struct world *w, size_t number)
{
    struct host_room room;

    make_host(w, number, &room);
    w->hosts[number] = room.host;
    w->hosts[number].name = arena_copy(&w->arena, room.host.name);
    return w->hosts[number].name.ptr != NULL;
}

bool world_create(const struct world_size *size, const struct signature_set *signatures,
                  struct world *out, struct error *err)
{
    const size_t kept = size->hosts < WORLD_HOSTS_KEPT ? size->hosts : WORLD_HOSTS_KEPT;
    bool ok;

    *out = (struct world){.signatures = signatures,
                          .host_count = size->hosts,
                          .user_count = size->users,
                          .app_share = size->app_share,
                          .seed = size->seed,
                          .log_hosts = log((double)size->hosts + 1)};
    out->hosts = ARENA_NEW(&out->arena, struct host, kept);
    ok = out->hosts != NULL && choice_create(signatures, &out->arena, &out->choice);
    if (ok)
        choice_limit(&out->choice, size->apps, size->seed);
    for (size_t i = 0; ok && i < kept; i++)
        ok = keep_host(out, i);
    if (ok)
        return true;
    world_free(out);
    return error_set_memory(err);
}

uint32_t world_pick_user(const struct world *w, struct random *r)
{
    const uint32_t a = random_below(r, w->user_count), b = random_below(r, w->user_count);

    return a < b ? a : b;
}

static bool may_visit(const struct world *w, uint32_t user, const struct host *host)
{
    if (host->app == SIGNATURE_NO_APP || host->role != ROLE_SERVICE)
        return true;
    return random_mix(w->seed + ((uint64_t)user << 32 | host->app)) % 4 == 0;
}

const struct host *world_host(const struct world *w, size_t number, struct host_room *room)
{
    if (number < WORLD_HOSTS_KEPT)
        return &w->hosts[number];
    make_host(w, number, room);
    return &room->host;
}

const struct host *world_pick_host(const struct world *w, struct random *r, uint32_t user,
                                   struct host_room *room)
{
    const struct host *host = w->hosts;

    for (int i = 0; i < PICK_TRIES; i++) {
        /* exp of an even draw: host k has the share log((k + 2) / (k + 1)), Zipf with exponent 1 */
        const double draw = (double)(random_next(r) >> 11) / (double)(UINT64_C(1) << 53);
        const size_t rank = (size_t)exp(draw * w->log_hosts) - 1;

        host = world_host(w, rank < w->host_count ? rank : w->host_count - 1, room);
        if (may_visit(w, user, host))
            break;
    }
    return host;
}

void world_append_user(struct buf *out, uint32_t user)
{
    char text[] = "user0000000";

    for (size_t i = sizeof text - 2; user != 0 && i > 3; user /= 10)
        text[i--] = (char)('0' + user % 10);
    buf_append(out, slice_of(text, sizeof text - 1));
}

uint32_t world_user_address(uint32_t user)
{
    return UINT32_C(10) << 24 | (user + 1);
}

void world_append_address(struct buf *out, uint32_t address)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        buf_append_uint(out, address >> shift & 255);
        if (shift != 0)
            buf_append_byte(out, '.');
    }
}

void world_free(struct world *w)
{
    arena_free(&w->arena);
}
