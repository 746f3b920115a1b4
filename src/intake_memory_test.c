/* intake_memory_test.c: the same store whatever the memory: what it has no room for goes there in
 * parts. */
#include "intake_fixture.h"
#include "store/ask.h"
#include "store/upkeep.h"

enum { FILES = 3, LINES = 6000, FROM_S = 1790726400, SPAN_S = 3 * 86400 };

static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)(*seed >> 32) % below;
}

/* Apps, others, more names of a domain than are noted one by one. */
static void draw_host(uint64_t *seed, char *out, size_t size)
{
    switch (draw(seed, 5)) {
    case 0: (void)snprintf(out, size, "chat.example"); return;
    case 1: (void)snprintf(out, size, "eu%u.drive.example", draw(seed, 9)); return;
    case 2: (void)snprintf(out, size, "www.other%u.test", draw(seed, 50)); return;
    default: (void)snprintf(out, size, "%x.generated.test", draw(seed, 1 << 20)); return;
    }
}

/* Tunnels over midnight, refused ones, users without a name. */
static void write_log(const struct intake_world *w, unsigned number)
{
    uint64_t seed = 88172645463325252U + number;
    char path[128], host[64];
    FILE *out;

    (void)snprintf(path, sizeof path, "%s/%u.log", w->folder, number);
    out = fopen(path, "w");
    assert_non_null(out);
    for (unsigned i = 0; i < LINES; i++) {
        draw_host(&seed, host, sizeof host);
        (void)fprintf(out, "%u.%03u %u 10.1.0.%u %s %u CONNECT %s:443 ",
                      FROM_S + draw(&seed, SPAN_S), draw(&seed, 10), draw(&seed, 7200000),
                      draw(&seed, 30), draw(&seed, 9) == 0 ? "TCP_DENIED/403" : "TCP_TUNNEL/200",
                      draw(&seed, 30000), host);
        if (draw(&seed, 3) == 0)
            (void)fputs("- HIER_DIRECT/192.0.2.7 -\n", out);
        else
            (void)fprintf(out, "user%u HIER_DIRECT/192.0.2.7 -\n", draw(&seed, 20));
    }
    assert_int_equal(fclose(out), 0);
}

/* All rows that the question gives, as text. */
static void append_answer(struct store *store, const char *sql, struct buf *out)
{
    struct error err = {0};
    struct ask *ask = ask_create(store, sql, &err);
    bool row = true;

    assert_non_null(ask);
    while (ask_next(ask, &row, &err) && row) {
        for (size_t i = 0; i < ask_column_count(ask); i++) {
            struct ask_value value = ask_value(ask, i);

            if (value.type == ASK_NUMBER)
                buf_append_uint(out, value.number);
            buf_append(out, value.type == ASK_TEXT ? value.text : SLICE("-"));
            buf_append_byte(out, ' ');
        }
        buf_append_byte(out, '\n');
    }
    assert_int_equal(err.code, ERROR_NONE);
    ask_free(ask);
}

/* All that the views say. */
static struct buf contents(const struct intake_world *w)
{
    static const char *const questions[] = {
        "SELECT * FROM usage ORDER BY day, user, app, tenant, kind, role",
        "SELECT * FROM users ORDER BY user",
        "SELECT * FROM apps ORDER BY app",
        "SELECT archive, lines, records, matched, unmatched FROM archives ORDER BY archive",
        "SELECT * FROM coverage ORDER BY source, day, hour, kind",
        "SELECT * FROM unknown ORDER BY day, domain, kind",
        "SELECT * FROM hosts ORDER BY day, host, kind, app, tenant"};
    struct error err = {0};
    struct store *store = store_open(w->store, STORE_READ, NULL, &err);
    struct buf out = {0}, faults = {0};

    assert_non_null(store);
    assert_true(upkeep_verify(store, &faults, &err));
    assert_int_equal(faults.len, 0);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        append_answer(store, questions[i], &out);
    store_close(store);
    assert_false(out.failed);
    return out;
}

static struct buf ingest(struct intake_world *w, uint64_t max_memory)
{
    struct error err = {0};

    for (unsigned i = 0; i < FILES; i++)
        write_log(w, i);
    w->max_memory = max_memory;
    assert_true(intake_run(w, &err));
    return contents(w);
}

static void test_same_store(void **state)
{
    static const uint64_t memories[] = {1, 200 << 20};
    struct intake_world w = {.max_memory = 0};
    struct buf whole;

    (void)state;
    intake_enter(&w);
    whole = ingest(&w, 0);
    assert_true(whole.len > 100000);
    for (size_t i = 0; i < sizeof memories / sizeof *memories; i++) {
        struct buf other;

        intake_clear(&w);
        other = ingest(&w, memories[i]);
        assert_int_equal(other.len, whole.len);
        assert_memory_equal(other.ptr, whole.ptr, whole.len);
        buf_free(&other);
    }
    buf_free(&whole);
    intake_leave(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_store)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
