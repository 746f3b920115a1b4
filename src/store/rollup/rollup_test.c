/* rollup_test.c: sums of a day are those of its cells, and are given up when these change. */
#include "store/rollup/rollup.h"

#include "store/rollup/rollup_read.h"
#include "store/store_fixture.h"
#include "store/store_internal.h"
#include "store/upkeep.h"
#include "usage/random_cells.h"

enum { CELLS = 400, ARCHIVES = 3, DAYS = 3, APPS = 2, USERS = 6 };

/* One record of an archive, in one of few cells. */
static void add_record(struct usage *u, uint64_t *seed, uint32_t archive, uint64_t line)
{
    struct usage_key key = {.user = name(u, NAME_USER, "u", 1 + draw(seed, USERS)),
                            .tenant = name(u, NAME_TENANT, "t", draw(seed, 3)),
                            .app = draw(seed, APPS),
                            .day = 100 + (int32_t)draw(seed, DAYS),
                            .role = (uint8_t)draw(seed, ROLE_COUNT),
                            .kind = (uint8_t)draw(seed, 2)};
    struct usage_cell *cell = usage_cell_at(u, &key);
    unsigned minute = draw(seed, 4);

    assert_non_null(cell);
    cell->counts[draw(seed, 3) == 0 ? COUNT_DENIED : COUNT_PASSED] += 1 + draw(seed, 3);
    cell->counts[COUNT_BYTES_UP] += draw(seed, 9000);
    cell->marks |= (uint8_t)(1U << draw(seed, 3));
    usage_cell_seen(u, cell, ((int64_t)key.day * 1440 + minute) * 60000000, archive, line);
    assert_true(usage_cell_add_minute(u, cell, minute));
    assert_true(usage_cell_add_host(u, cell, name(u, NAME_HOST, "h", 1 + draw(seed, 9))));
    if (key.kind == RECORD_PROXY && draw(seed, 2) == 0)
        assert_true(usage_add_proxy_day(u, key.day));
}

static void add_archive(struct store_world *w, unsigned number, uint64_t *seed)
{
    char text[] = {(char)('a' + number), '\0'};
    struct usage *usage = create();
    struct ledger_entry entry = store_entry(text, (unsigned char)text[0], 10);
    struct cells_archive archive = {0, text, INT32_MAX, true};
    uint32_t id;

    assert_true(usage_name_id(usage, NAME_ARCHIVE, slice_of_string(text), &id));
    for (unsigned i = 0; i < CELLS; i++)
        add_record(usage, seed, id, 1 + i);
    assert_true(store_begin(w->store, &w->err));
    assert_true(ledger_add(w->store, &entry, &archive.id, &w->err));
    assert_true(cells_add(w->store, usage, w->signatures, &archive, &w->err));
    assert_true(store_commit(w->store, &w->err));
    usage_free(usage);
}

/* What the cells of an app and a day come to, counted here. */
struct expected {
    uint64_t counts[2][COUNTERS], minutes, days;
    unsigned kinds, marks;
    int64_t first_us;
    size_t users, tenants, hosts;
};

/* The union of the user's minutes; 0 where he has no cell. */
static unsigned minutes_of(const struct usage *u, const struct usage_key *like, uint32_t user,
                           bool embedded, bool *there)
{
    uint8_t minutes[MINUTES_BITMAP_BYTES] = {0};

    *there = false;
    for (size_t i = 0; i < usage_cell_count(u); i++) {
        struct usage_cell cell = usage_cell_get(u, i);

        if (cell.key.user != user || cell.key.day != like->day || cell.key.app != like->app ||
            (cell.key.role == ROLE_EMBED) != embedded)
            continue;
        *there = true;
        minutes_or_into(&cell.minutes, minutes);
    }
    return minutes_count_bitmap(minutes);
}

/* Distinct names among the cells. */
struct seen {
    bool tenants[16], hosts[32];
};

static void see_cell(struct expected *e, struct seen *seen, const struct usage_cell *cell)
{
    for (int c = 0; c < COUNTERS; c++)
        e->counts[cell->key.kind][c] += cell->counts[c];
    e->kinds |= 1U << cell->key.kind;
    e->marks |= cell->key.kind == RECORD_PROXY ? cell->marks : 0U;
    if (cell->first_us < e->first_us)
        e->first_us = cell->first_us;
    e->tenants += cell->key.tenant != 0 && !seen->tenants[cell->key.tenant];
    seen->tenants[cell->key.tenant] = true;
    for (uint32_t i = 0; i < cell->hosts.count; i++) {
        uint32_t host = host_set_get(&cell->hosts, i);

        e->hosts += !seen->hosts[host];
        seen->hosts[host] = true;
    }
}

static struct expected expect(const struct usage *u, const struct usage_key *like, bool embedded)
{
    struct expected e = {.first_us = INT64_MAX};
    struct seen seen = {{false}, {false}};

    for (size_t i = 0; i < usage_cell_count(u); i++) {
        struct usage_cell cell = usage_cell_get(u, i);

        if (cell.key.day == like->day && cell.key.app == like->app &&
            (cell.key.role == ROLE_EMBED) == embedded)
            see_cell(&e, &seen, &cell);
    }
    for (uint32_t user = 1; user < usage_name_count(u, NAME_USER); user++) {
        bool there;

        e.minutes += minutes_of(u, like, user, embedded, &there);
        e.users += there;
    }
    return e;
}

static void compare(const struct document *d, struct documents *documents, const struct usage *u)
{
    const struct usage_cell *first = d->cells[0];
    struct expected e = expect(u, &first->key, first->key.role == ROLE_EMBED);
    struct error err = {0};
    unsigned kinds = 0;
    size_t hosts = 0;
    uint32_t host;

    for (size_t i = 0; i < d->count; i++) {
        kinds |= 1U << d->cells[i]->key.kind;
        assert_memory_equal(d->cells[i]->counts, e.counts[d->cells[i]->key.kind],
                            sizeof d->cells[i]->counts);
    }
    while (documents_next_host(documents, &host, &err))
        hosts++;
    assert_int_equal(kinds, e.kinds);
    assert_int_equal(first->first_us, e.first_us);
    assert_int_equal(first->marks, e.marks);
    assert_int_equal(d->crowd->minutes, e.minutes);
    assert_int_equal(d->crowd->days, e.users);
    assert_int_equal(d->crowd->user_count, e.users);
    assert_int_equal(d->crowd->tenant_count, e.tenants);
    assert_int_equal(hosts, e.hosts);
}

/* All cells of the store, and how many of app, day, embedded or not there are. */
static struct usage *load(struct store_world *w, const struct cells_wanted *wanted)
{
    struct usage *usage = create();

    assert_true(cells_load(w->store, wanted, w->signatures, usage, &w->err));
    return usage;
}

static void test_sums(void **state)
{
    struct record_filter filter = {.since_us = INT64_MIN, .until_us = INT64_MAX};
    struct cells_wanted wanted = {.from_day = INT32_MIN, .until_day = INT32_MAX, .filter = &filter};
    struct usage *cells, *names = create();
    struct documents_source source;
    struct documents *documents;
    struct rollup_reader *reader;
    struct document document;
    struct store_world w;
    uint64_t seed = 88172645463325252U;
    size_t rows = 0, count = 0;

    (void)state;
    store_enter(&w);
    for (unsigned i = 0; i < ARCHIVES; i++)
        add_archive(&w, i, &seed);
    assert_true(rollup_refresh(w.store, &w.err));
    cells = load(&w, &wanted);
    reader = rollup_read(w.store, &wanted, w.signatures, names, &w.err);
    assert_non_null(reader);
    source = rollup_documents(reader, false);
    documents = documents_of_source(&source, &w.err);
    for (; documents_next(documents, &document, &w.err); count++) {
        rows += document.new_row;
        compare(&document, documents, cells);
    }
    assert_int_equal(w.err.code, ERROR_NONE);
    assert_int_equal(rows, APPS);
    assert_int_equal(count, DAYS * APPS * 2);
    documents_free(documents);
    rollup_reader_free(reader);
    usage_free(cells);
    usage_free(names);
    store_leave(&w);
}

static void assert_covers(struct store_world *w, int32_t from, int32_t until, bool expected)
{
    bool covers;

    assert_true(rollup_covers(w->store, from, until, &covers, &w->err));
    assert_int_equal(covers, expected);
}

static void assert_sound(struct store_world *w)
{
    struct buf faults = {0};

    assert_true(rollup_verify(w->store, &faults, &w->err));
    assert_int_equal(faults.len, 0);
    buf_free(&faults);
}

/* Days whose cells have changed have no sums until they are made anew. */
static void test_changes(void **state)
{
    struct upkeep_purged purged;
    struct store_world w;

    (void)state;
    store_enter(&w);
    store_add(&w, "a", 10, "ann", 5, "h");
    store_add(&w, "b", 11, "ann", 5, "h");
    assert_covers(&w, INT32_MIN, INT32_MAX, true); /* nothing stood there before */
    assert_sound(&w);
    store_add(&w, "c", 11, "bob", 7, "h");
    assert_covers(&w, 10, 11, true);
    assert_covers(&w, 10, 12, false);
    assert_sound(&w);
    assert_true(rollup_refresh(w.store, &w.err));
    assert_covers(&w, 10, 12, true);
    assert_sound(&w);
    assert_true(upkeep_purge(w.store, 11, 0, &purged, &w.err));
    assert_covers(&w, INT32_MIN, INT32_MAX, true);
    assert_sound(&w);
    store_leave(&w);
}

/* Sums that are not those of the cells are found. */
static void test_verify(void **state)
{
    static const char *const changes[] = {
        "DELETE FROM rollup WHERE day = 10", "UPDATE rollup SET users = x'0102'",
        "UPDATE rollup SET sums = x'00'", "UPDATE cell SET passed = passed + 1",
        "INSERT INTO rollup VALUES(1, 77, 0, x'', x'', x'', x'')"};

    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct buf faults = {0};
        struct store_world w;

        store_enter(&w);
        store_add(&w, "a", 10, "ann", 5, "h");
        assert_true(rollup_refresh(w.store, &w.err));
        assert_int_equal(sqlite3_exec(w.store->sql.db, changes[i], NULL, NULL, NULL), SQLITE_OK);
        assert_true(rollup_verify(w.store, &faults, &w.err));
        assert_true(faults.len > 0);
        buf_free(&faults);
        store_leave(&w);
    }
}

/* What is no row is refused; what was packed comes back. */
static void test_pack(void **state)
{
    struct rollup_row row = {.day = 20000,
                             .kinds = 2,
                             .counts = {{0}, {5, 6, 0, 0, 0, 0, UINT64_MAX, 1}},
                             .first_us = INT64_C(20000) * 86400000000 + 7,
                             .last_us = INT64_C(20000) * 86400000000 + 9,
                             .archive = 3,
                             .line = 400,
                             .uses = {16, 2},
                             .marks = MARK_DOWN,
                             .minutes = 9,
                             .days = 2};
    struct rollup_row back = {.day = 20000};
    struct buf out = {0};

    (void)state;
    rollup_pack(&out, &row);
    assert_true(rollup_unpack(buf_slice(&out), &back));
    assert_memory_equal(&back, &row, sizeof row);
    for (size_t len = 0; len < out.len; len++)
        assert_false(rollup_unpack(slice_of(out.ptr, len), &back));
    buf_append_byte(&out, 0);
    assert_false(rollup_unpack(buf_slice(&out), &back));
    buf_free(&out);
}

static int64_t number_of(struct store *s, enum statement id)
{
    struct error err = {0};
    sqlite3_stmt *statement = sql_statement(&s->sql, id, &err);
    bool row = false;
    int64_t number;

    assert_non_null(statement);
    assert_true(sql_step(&s->sql, statement, &row, &err) && row);
    number = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return number;
}

/* Days that no archive had before have their sums with their cells; what comes later is summed up
 * at the end. */
static void test_new_days(void **state)
{
    struct buf faults = {0};
    struct store_world w;
    uint64_t seed = 5;

    (void)state;
    store_enter(&w);
    add_archive(&w, 0, &seed);
    assert_true(number_of(w.store, STATEMENT_ROLLUP_COUNT) > 0);
    assert_true(rollup_verify(w.store, &faults, &w.err));
    assert_int_equal(faults.len, 0);
    add_archive(&w, 1, &seed);
    assert_int_equal(number_of(w.store, STATEMENT_ROLLUP_COUNT), 0);
    assert_true(rollup_refresh(w.store, &w.err));
    assert_true(number_of(w.store, STATEMENT_ROLLUP_COUNT) > 0);
    assert_true(rollup_verify(w.store, &faults, &w.err));
    assert_int_equal(faults.len, 0);
    buf_free(&faults);
    store_leave(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sums), cmocka_unit_test(test_changes),
                                       cmocka_unit_test(test_verify), cmocka_unit_test(test_pack),
                                       cmocka_unit_test(test_new_days)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
