/* use.c: the rules of the column `use`. */
#include "report/use.h"

#include "base/num.h"
#include "record/record.h"
#include "usage/minutes.h"

#include <string.h>

enum { USED_MINUTES = 3, USED_BYTES_UP = 16 * 1024, LIKELY_LOOKUP_MINUTES = 5 };

/* What the records of one documented cell say together. */
struct signs {
    uint64_t service_requests, other_requests; /* let through */
    uint64_t refused_requests, refused_lookups, lookups;
    uint64_t bytes_up;
    uint8_t active[MINUTES_BITMAP_BYTES];
    uint8_t looked_up[MINUTES_BITMAP_BYTES]; /* service hosts */
};

bool use_is_embed(const struct usage_cell *cell)
{
    return cell->key.role == ROLE_EMBED;
}

/* The key of the documented cell: of all kinds and, but for embed, of all roles. */
static struct usage_key whole_key(const struct usage_cell *cell)
{
    struct usage_key key = cell->key;

    key.kind = 0;
    key.role = use_is_embed(cell) ? 0 : 1;
    return key;
}

int use_compare_parts(const void *a, const void *b)
{
    const struct part *left = a, *right = b;
    struct usage_key left_key = whole_key(left->cell), right_key = whole_key(right->cell);

    return memcmp(&left_key, &right_key, sizeof left_key);
}

/* A tunnel that ends on the next day leaves only its first minute in this day's cell. */
static bool is_tunnel_start(const struct usage_cell *cell)
{
    return cell->counts[COUNT_PASSED] == 0 && cell->counts[COUNT_DENIED] == 0 &&
           cell->minutes.count > 0;
}

static void add_requests(struct signs *signs, const struct usage_cell *cell)
{
    uint64_t passed = is_tunnel_start(cell) ? 1 : cell->counts[COUNT_PASSED];
    uint64_t *requests =
        cell->key.role == ROLE_SERVICE ? &signs->service_requests : &signs->other_requests;

    *requests = num_add(*requests, passed);
    signs->refused_requests = num_add(signs->refused_requests, cell->counts[COUNT_DENIED]);
    signs->bytes_up = num_add(signs->bytes_up, cell->counts[COUNT_BYTES_UP]);
}

static void add_lookups(struct signs *signs, const struct usage_cell *cell)
{
    signs->lookups = num_add(signs->lookups, cell->counts[COUNT_PASSED]);
    signs->refused_lookups = num_add(signs->refused_lookups, cell->counts[COUNT_DENIED]);
    if (cell->key.role == ROLE_SERVICE && cell->counts[COUNT_PASSED] > 0)
        minutes_or_into(&cell->minutes, signs->looked_up);
}

static enum use judge_signs(const struct signs *signs, bool proxy_day)
{
    if (signs->service_requests > 0)
        return minutes_count_bitmap(signs->active) >= USED_MINUTES ||
                       signs->bytes_up >= USED_BYTES_UP
                   ? USE_USED
                   : USE_LIKELY;
    if (!proxy_day && minutes_count_bitmap(signs->looked_up) >= LIKELY_LOOKUP_MINUTES)
        return USE_LIKELY;
    if (signs->other_requests > 0)
        return USE_BACKGROUND;
    if (signs->refused_requests > 0 || (signs->lookups == 0 && signs->refused_lookups > 0))
        return USE_DENIED;
    return USE_RESOLVED;
}

static enum use judge_cell(const struct part *parts, size_t count, const struct usage *usage)
{
    struct signs signs = {0};

    if (use_is_embed(parts[0].cell))
        return USE_EMBEDDED;
    for (size_t i = 0; i < count; i++) {
        const struct usage_cell *cell = parts[i].cell;

        minutes_or_into(&cell->minutes, signs.active);
        if (cell->key.kind == RECORD_PROXY)
            add_requests(&signs, cell);
        else
            add_lookups(&signs, cell);
    }
    return judge_signs(&signs, usage_has_proxy_day(usage, parts[0].cell->key.day));
}

void use_judge(struct part *parts, size_t count, const struct usage *usage)
{
    for (size_t from = 0, until; from < count; from = until) {
        enum use use;

        for (until = from + 1; until < count; until++)
            if (use_compare_parts(&parts[from], &parts[until]) != 0)
                break;
        use = judge_cell(parts + from, until - from, usage);
        for (size_t i = from; i < until; i++)
            parts[i].use = use;
    }
}
