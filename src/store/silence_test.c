/* silence_test.c: which sources are silent, by when they delivered. */
#include "store/silence.h"

#include "base/calendar.h"
#include "store/store_fixture.h"

#define NOW_S INT64_C(1790800000)

enum { MOST_DAYS = 12 };

/* An archive of the source, taken in so many days ago. */
static void deliver(struct store_world *w, const char *source, int ago)
{
    struct ledger_entry entry = store_entry(source, (unsigned char)source[0], (uint64_t)ago + 1000);
    int64_t id;

    entry.source = source;
    entry.taken_s = NOW_S - (int64_t)ago * SECONDS_PER_DAY;
    assert_true(store_begin(w->store, &w->err));
    assert_true(ledger_add(w->store, &entry, &id, &w->err));
    assert_true(store_commit(w->store, &w->err));
}

static void test_sources(void **state)
{
    static const struct {
        const char *what;
        int ago[MOST_DAYS]; /* days before now */
        size_t count;
        bool silent;
        int longest;
    } cases[] = {
        {"never delivered", {0}, 0, false, 0},
        {"one day, just now", {1}, 1, false, 0},
        {"one day, three ago", {3}, 1, false, 0},
        {"one day, four ago", {4}, 1, true, 0},
        {"every day", {9, 8, 7, 6, 5, 4, 3, 2, 1}, 9, false, 1},
        {"every day, late", {10, 9, 8, 7, 6, 5, 4, 3, 2}, 9, false, 1},
        {"every day, until three ago", {11, 10, 9, 8, 7, 6, 5, 4, 3}, 9, true, 1},
        {"weekdays, on a Monday", {14, 13, 12, 11, 10, 7, 6, 5, 4, 3}, 10, false, 3},
        {"weekdays, and then none", {16, 15, 14, 13, 12, 9, 8, 7, 6, 5}, 10, true, 3},
        {"once long ago", {500, 9, 8, 7, 6, 5, 4, 3, 2, 1}, 10, false, 1},
        {"once long ago, and then none", {500, 12, 11, 10, 9, 8, 7, 6, 5, 4}, 10, true, 1},
        {"taken in by a clock that was wrong", {12, 11, 10, 9, 8, 7, 6, 5, 4, -90}, 10, true, 1},
    };
    struct store_world w;

    (void)state;
    store_enter(&w);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char name[] = {(char)('a' + (int)i), '\0'};
        struct silence silence;

        for (size_t k = 0; k < cases[i].count; k++)
            deliver(&w, name, cases[i].ago[k]);
        assert_true(silence_of(w.store, name, NOW_S, &silence, &w.err));
        if (silence.is_silent != cases[i].silent || silence.longest != cases[i].longest)
            fail_msg("%s: silent %d, longest %d", cases[i].what, silence.is_silent,
                     (int)silence.longest);
    }
    store_leave(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sources)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
