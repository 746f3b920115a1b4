/* usage_count_test.c: records counted where their cells stand give the cells that counting step by
 * step gives, whatever a cell holds. */
#include "usage/usage.h"

#include "base/calendar.h"
#include "base/num.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { STEPS = 20000, DAY = 20000 };

static uint64_t draw(uint64_t *seed, uint64_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*seed >> 33) % below;
}

/* Bytes of all sizes, seldom beyond what a narrow cell takes. */
static uint64_t draw_bytes(uint64_t *seed)
{
    static const unsigned shifts[] = {40, 50, 50, 60, 60, 25, 23, 0};

    return draw(seed, 100) > 0 ? draw(seed, 5000) : UINT64_MAX >> shifts[draw(seed, 8)];
}

static struct usage_step draw_step(uint64_t *seed)
{
    bool odd = draw(seed, 40) == 0, denied = draw(seed, 10) == 0;
    int64_t span_s = draw(seed, 200) > 0 ? SECONDS_PER_DAY : 40 * SECONDS_PER_DAY;
    struct usage_step s = {
        .ts_us = ((int64_t)DAY * SECONDS_PER_DAY + (int64_t)draw(seed, (uint64_t)span_s)) *
                 MICROSECONDS_PER_SECOND,
        .line = draw(seed, 1000) > 0 ? draw(seed, 1 << 20) : UINT64_C(1) << 40,
        .archive = (uint32_t)draw(seed, 3),
        .host = (uint32_t)draw(seed, draw(seed, 3) == 0 ? 40 : 2),
        .minute = (uint16_t)draw(seed, draw(seed, 2) == 0 ? 1440 : 3),
        .start_minute = (uint16_t)(draw(seed, 2) == 0 ? USAGE_NO_MINUTE : draw(seed, 1440)),
        .marks = (uint8_t)(odd ? MARK_UP : MARK_DOWN),
        .denied = denied,
        .has_verdict = !odd,
        .has_up = odd && !denied,
        .has_down = !denied && draw(seed, 300) > 0,
    };

    s.bytes_up = s.has_up ? draw_bytes(seed) : 0;
    s.bytes_down = s.has_down ? draw_bytes(seed) : 0;
    return s;
}

/* As usage_count, by the cell's own functions. */
static void count_slowly(struct usage *u, const struct usage_key *key, const struct usage_step *s)
{
    struct usage_cell *cell = usage_cell_at(u, key);

    assert_non_null(cell);
    usage_cell_seen(u, cell, s->ts_us, s->archive, s->line);
    cell->marks |= s->marks;
    cell->counts[s->denied ? COUNT_DENIED : COUNT_PASSED]++;
    cell->counts[COUNT_CARRIED_VERDICT] += s->has_verdict;
    cell->counts[COUNT_CARRIED_UP] += s->has_up;
    cell->counts[COUNT_CARRIED_DOWN] += s->has_down;
    cell->counts[COUNT_BYTES_UP] = num_add(cell->counts[COUNT_BYTES_UP], s->bytes_up);
    cell->counts[COUNT_BYTES_DOWN] = num_add(cell->counts[COUNT_BYTES_DOWN], s->bytes_down);
    assert_true(usage_cell_add_minute(u, cell, s->minute));
    if (s->start_minute != USAGE_NO_MINUTE)
        assert_true(usage_cell_add_minute(u, cell, s->start_minute));
    assert_true(usage_cell_add_host(u, cell, s->host));
}

static struct usage *create(void)
{
    struct error err = {0};
    struct usage *u = usage_create(&err);
    uint32_t id;

    assert_non_null(u);
    assert_true(usage_name_id(u, NAME_ARCHIVE, SLICE("b.log"), &id));
    assert_true(usage_name_id(u, NAME_ARCHIVE, SLICE("a.log"), &id));
    return u;
}

static void check_same(const struct usage *a, const struct usage *b, size_t index)
{
    struct usage_cell one = usage_cell_get(a, index), other = usage_cell_get(b, index);

    assert_memory_equal(&one.key, &other.key, sizeof one.key);
    assert_memory_equal(one.counts, other.counts, sizeof one.counts);
    assert_true(one.first_us == other.first_us && one.last_us == other.last_us);
    assert_true(one.evidence_line == other.evidence_line &&
                one.evidence_archive == other.evidence_archive && one.marks == other.marks);
    for (unsigned m = 0; m < MINUTES_PER_DAY; m++)
        assert_int_equal(minutes_has(&one.minutes, m), minutes_has(&other.minutes, m));
    assert_int_equal(one.hosts.count, other.hosts.count);
    for (uint32_t i = 0; i < one.hosts.count; i++)
        assert_int_equal(host_set_get(&one.hosts, i), host_set_get(&other.hosts, i));
}

/* From one cell, which is visited often, to thousands, which are new. */
static void test_steps(void **state)
{
    (void)state;
    for (uint64_t users = 1; users < STEPS; users *= 7) {
        struct usage *fast = create(), *slow = create();
        uint64_t seed = users;

        for (int i = 0; i < STEPS; i++) {
            struct usage_key key;
            struct usage_step step = draw_step(&seed);

            memset(&key, 0, sizeof key);
            key.user = (uint32_t)draw(&seed, users);
            key.day = DAY;
            assert_true(usage_count(fast, &key, usage_key_hash(&key), &step));
            count_slowly(slow, &key, &step);
        }
        assert_int_equal(usage_cell_count(fast), usage_cell_count(slow));
        for (size_t i = 0; i < usage_cell_count(fast); i++)
            check_same(fast, slow, i);
        usage_free(fast);
        usage_free(slow);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_steps)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
