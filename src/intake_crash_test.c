/* intake_crash_test.c: a process that stops at any of its writes, or finds the disk full there,
 * leaves the store as before or after an archive. */
#include "base/embedded.h"
#include "identity/leases.h"
#include "intake_fixture.h"
#include "store/reattribute.h"
#include "store/reclassify.h"
#include "store/rollup/rollup.h"
#include "store/upkeep.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/wait.h>

enum { STOPPED = 77, FULL = 78, MOST_WRITES = 500, FIRST_DAY = 20726, TEXT_BYTES = 1 << 16 };

/* What happens at the last write that is left: half of it reaches the disk, and the process stops,
 * or goes on without room for more. */
enum trouble { TROUBLE_STOP, TROUBLE_FULL, TROUBLES };

/* Writes left to this process; where it stops, cuts and removals of files are among them. */
static enum trouble trouble;
static unsigned writes_left;

static void count_write(void)
{
    if (trouble == TROUBLE_STOP && --writes_left == 0)
        _exit(STOPPED);
}

static ssize_t write_or_stop(int fd, const void *bytes, size_t count, off_t offset)
{
    ssize_t ignored;

    if (writes_left > 1) {
        writes_left--;
        return pwrite(fd, bytes, count, offset);
    }
    ignored = pwrite(fd, bytes, count / 2, offset);
    (void)ignored;
    if (trouble == TROUBLE_STOP)
        _exit(STOPPED);
    errno = ENOSPC;
    return -1;
}

static int cut_or_stop(int fd, off_t length)
{
    count_write();
    return ftruncate(fd, length);
}

static int remove_or_stop(const char *path)
{
    count_write();
    return unlink(path);
}

/* Lines of a log, told by their numbers: the second log is of the next day; every twentieth line
 * names no user. */
struct lines {
    unsigned log, from, count;
};

static void write_lines(const struct intake_world *w, const char *name, const char *mode,
                        struct lines lines)
{
    char path[128], user[32];
    FILE *out;

    (void)snprintf(path, sizeof path, "%s/%s", w->folder, name);
    out = fopen(path, mode);
    assert_non_null(out);
    for (unsigned i = lines.from; i < lines.from + lines.count; i++) {
        (void)snprintf(user, sizeof user, "user%u-%u", lines.log, i % 20);
        (void)fprintf(out,
                      "%u.%03u    50 10.0.0.1 TCP_MISS/200 900 GET http://chat.example/x "
                      "%s DIRECT/192.0.2.1 text/html\n",
                      (FIRST_DAY + (lines.log == 1 ? 1U : 0U)) * 86400 + i * 60, lines.log,
                      i % 20 == 9 ? "-" : user);
    }
    assert_int_equal(fclose(out), 0);
}

static void make_logs(const struct intake_world *w)
{
    write_lines(w, "0.log", "w", (struct lines){0, 0, 40});
    write_lines(w, "1.log", "w", (struct lines){1, 0, 7});
    write_lines(w, "2.log", "w", (struct lines){2, 0, 90});
}

/* What a store says, as text. Asked with SQLite alone: it must be sound. */
static void ask_text(const char *path, const char *sql, char *out)
{
    sqlite3_stmt *statement = NULL;
    sqlite3 *db = NULL;
    const char *text;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    text = (const char *)sqlite3_column_text(statement, 0);
    assert_true((size_t)snprintf(out, TEXT_BYTES, "%s", text == NULL ? "" : text) < TEXT_BYTES);
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static int64_t ask(const struct intake_world *w, const char *sql)
{
    char text[TEXT_BYTES];

    ask_text(w->store, sql, text);
    return strtoll(text, NULL, 10);
}

typedef bool doing(const struct intake_world *w, struct error *err);

/* Returns: 0 where it was done before that write; else how it ended: STOPPED or FULL. */
static int run_until(const struct intake_world *w, unsigned writes, enum trouble then, doing *what)
{
    pid_t child = fork();
    int status;

    assert_true(child >= 0);
    if (child == 0) {
        sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
        struct error err = {0};

        trouble = then;
        writes_left = writes;
        if (vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)write_or_stop) != SQLITE_OK ||
            vfs->xSetSystemCall(vfs, "ftruncate", (sqlite3_syscall_ptr)cut_or_stop) != SQLITE_OK ||
            vfs->xSetSystemCall(vfs, "unlink", (sqlite3_syscall_ptr)remove_or_stop) != SQLITE_OK)
            _exit(3);
        if (what(w, &err))
            _exit(0);
        if (strstr(err.text, "no space left") != NULL)
            _exit(FULL);
        (void)fprintf(stderr, "at write %u: %s\n", writes, err.text);
        _exit(1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    status = WEXITSTATUS(status);
    assert_true(status == 0 || status == (then == TROUBLE_STOP ? STOPPED : FULL));
    return status;
}

/* Whole archives, or nothing of them; and none twice. Of the lengths that there are, some are of
 * what was new in the second night or in the third. */
static void assert_whole(const struct intake_world *w)
{
    if (access(w->store, F_OK) != 0 || ask(w, "SELECT count(*) FROM sqlite_schema") == 0)
        return;
    assert_int_equal(ask(w, "SELECT count(*) FROM pragma_integrity_check WHERE "
                            "integrity_check <> 'ok'"),
                     0);
    assert_int_equal(
        ask(w, "SELECT count(*) FROM archive WHERE lines NOT IN (40, 7, 90, 15, 16, 31, 1)"), 0);
    assert_int_equal(ask(w, "SELECT count(*) - count(DISTINCT content_digest) FROM archive"), 0);
    assert_int_equal(ask(w, "SELECT coalesce((SELECT sum(passed) FROM cell), 0) - "
                            "coalesce((SELECT sum(lines) FROM archive), 0)"),
                     0);
}

static bool ingest(const struct intake_world *w, struct error *err)
{
    return intake_run(w, err);
}

/* Of all archives, at every write. Returns: how many writes there were. */
static unsigned ingest_everywhere(struct intake_world *w, enum trouble then)
{
    unsigned writes = 1;
    int status;

    do {
        struct error err = {0};

        assert_true(writes < MOST_WRITES);
        intake_clear(w);
        make_logs(w);
        status = run_until(w, writes++, then, ingest);
        assert_whole(w);
        assert_true(intake_run(w, &err)); /* the next night */
        assert_whole(w);
        assert_int_equal(ask(w, "SELECT sum(passed) FROM cell"), 137);
    } while (status != 0);
    return writes;
}

static void test_ingest(void **state)
{
    struct intake_world w;

    (void)state;
    intake_enter(&w);
    for (enum trouble then = 0; then < TROUBLES; then++)
        assert_true(ingest_everywhere(&w, then) > 20); /* there was something to stop */
    intake_leave(&w);
}

/* The second night: one log has grown, one has another name, and some of its lines stand in a new
 * file, with new ones behind them. */
static void make_second_night(const struct intake_world *w)
{
    char from[128], to[128];

    write_lines(w, "0.log", "a", (struct lines){0, 40, 15});
    (void)snprintf(from, sizeof from, "%s/2.log", w->folder);
    (void)snprintf(to, sizeof to, "%s/2.log.1", w->folder);
    assert_int_equal(rename(from, to), 0);
    write_lines(w, "3.log", "w", (struct lines){2, 30, 60});
    write_lines(w, "3.log", "a", (struct lines){2, 90, 15});
}

/* Whatever was left of it, the third finds one of its files grown, and the other longer than its
 * copy was. */
static void make_third_night(const struct intake_world *w)
{
    write_lines(w, "0.log", "a", (struct lines){0, 55, 16});
    write_lines(w, "3.log", "a", (struct lines){2, 105, 1});
}

static void test_second_night(void **state)
{
    struct intake_world w;

    (void)state;
    intake_enter(&w);
    for (enum trouble then = 0; then < TROUBLES; then++) {
        unsigned writes = 1;
        int status;

        do {
            struct error err = {0};

            assert_true(writes < MOST_WRITES);
            intake_clear(&w);
            make_logs(&w);
            assert_true(intake_run(&w, &err));
            make_second_night(&w);
            status = run_until(&w, writes++, then, ingest);
            assert_whole(&w);
            make_third_night(&w);
            assert_true(intake_run(&w, &err));
            assert_whole(&w);
            assert_int_equal(ask(&w, "SELECT sum(passed) FROM cell"), 137 + 15 + 15 + 16 + 1);
        } while (status != 0);
        assert_true(writes > 10);
    }
    intake_leave(&w);
}

/* Another app for the only host. */
static bool change_catalogue(const struct intake_world *w, struct error *err)
{
    static const char domains[] = "domain,app,role\nchat.example,drive,service\n";
    const struct signature_file file = {"domains.csv", {domains, sizeof domains - 1}};
    struct signature_set *signatures = intake_apps();
    struct reclassify_options options = {signatures, "d", w->psl, 0};
    struct reclassified done;
    struct store *store = store_open(w->store, STORE_WRITE, NULL, err);
    bool ok = store != NULL && signature_set_add(signatures, &file, err) &&
              signature_set_finish(signatures, err) && reclassify(store, &options, &done, err);

    store_close(store);
    signature_set_free(signatures);
    return ok;
}

/* The address of those without a name was somebody's. */
static bool give_to_owner(const struct intake_world *w, struct error *err)
{
    struct lease_event event = {.claim = LEASE_LISTED,
                                .has_network = true,
                                .user = SLICE("owner"),
                                .from_us = LEASE_ALWAYS,
                                .until_us = LEASE_OPEN};
    struct store *store = store_open(w->store, STORE_WRITE, NULL, err);
    struct leases *leases = leases_create(0, 0, err);
    struct reattribute_options options = {leases, w->zone, 0, NULL};
    struct reattributed done;
    const char *why = NULL;
    bool ok = store != NULL && leases != NULL &&
              network_parse(SLICE("10.0.0.1"), &event.network, &why) &&
              leases_add(leases, &event, err) && leases_finish(leases, NULL, err) &&
              reattribute(store, &options, &done, err);

    leases_free(leases);
    store_close(store);
    return ok;
}

static bool purge(const struct intake_world *w, struct error *err)
{
    struct store *store = store_open(w->store, STORE_WRITE, NULL, err);
    struct upkeep_purged purged;
    bool ok = store != NULL && upkeep_purge(store, FIRST_DAY + 1, 0, &purged, err);

    store_close(store);
    return ok;
}

static bool compact(const struct intake_world *w, struct error *err)
{
    struct store *store = store_open(w->store, STORE_WRITE, NULL, err);
    bool ok = store != NULL && upkeep_compact(store, err);

    store_close(store);
    return ok;
}

/* All days are two, of which each is a transaction. */
static bool roll_up(const struct intake_world *w, struct error *err)
{
    struct store *store = store_open(w->store, STORE_WRITE, NULL, err);
    bool ok = store != NULL && rollup_refresh(store, err);

    store_close(store);
    return ok;
}

static bool backup(const struct intake_world *w, struct error *err)
{
    struct store *store = store_open(w->store, STORE_READ, NULL, err);
    char path[80];
    bool ok;

    (void)snprintf(path, sizeof path, "%s/backup", w->folder);
    ok = store != NULL && upkeep_backup(store, path, err);
    store_close(store);
    return ok;
}

/* Everything of it that may change, as text. */
static void picture(const struct intake_world *w, char *out)
{
    ask_text(w->store,
             "SELECT (SELECT group_concat(format('%s %s %s %s', day, user, app, requests)) FROM "
             "(SELECT * FROM usage ORDER BY day, user, app)) || "
             "(SELECT group_concat(format('%s %s %s %s', day, host, app, users)) FROM "
             "(SELECT * FROM hosts ORDER BY day, app)) || "
             "(SELECT format(' hours %d, owners %d, events %d, purges %d', count(*), "
             "(SELECT count(*) FROM users WHERE user = 'owner'), (SELECT count(*) FROM event), "
             "(SELECT count(*) FROM purge)) FROM hourly)",
             out);
}

static void assert_sound(const struct intake_world *w)
{
    struct error err = {0};
    struct buf faults = {0};
    struct store *store = store_open(w->store, STORE_READ, NULL, &err);

    assert_non_null(store);
    assert_true(upkeep_verify(store, &faults, &err));
    assert_int_equal(faults.len, 0);
    store_close(store);
}

/* A copy of that name is whole, or not there. */
static void assert_backup(const struct intake_world *w, const char *before)
{
    char path[64], text[TEXT_BYTES];
    struct intake_world copy = *w;

    (void)snprintf(path, sizeof path, "%s/backup", w->folder);
    if (access(path, F_OK) != 0)
        return;
    (void)snprintf(copy.store, sizeof copy.store, "%s", path);
    assert_sound(&copy);
    picture(&copy, text);
    assert_string_equal(text, before);
}

static void copy_file(const char *from, const char *to)
{
    char bytes[8192];
    FILE *in = fopen(from, "r"), *out = fopen(to, "w");
    size_t got;

    assert_non_null(in);
    assert_non_null(out);
    while ((got = fread(bytes, 1, sizeof bytes, in)) > 0)
        assert_int_equal(fwrite(bytes, 1, got, out), got);
    assert_int_equal(fclose(in), 0);
    assert_int_equal(fclose(out), 0);
}

/* A store of three archives, put aside. */
static void make_store(const struct intake_world *w, const char *aside)
{
    struct error err = {0};

    make_logs(w);
    assert_true(intake_run(w, &err));
    copy_file(w->store, aside);
}

/* What is to be done with a store. */
struct task {
    doing *what;
    bool changes;          /* it, so that people see it */
    unsigned least_writes; /* so that there is something to stop */
};

/* After trouble at any write the store is as before, or as after; and it can be done again. */
static void trouble_everywhere(struct intake_world *w, const struct task *task, enum trouble then)
{
    static char before[TEXT_BYTES], after[TEXT_BYTES], now[TEXT_BYTES];
    struct error err = {0};
    unsigned writes = 1;
    char aside[80];
    int status;

    (void)snprintf(aside, sizeof aside, "%s.aside", w->folder);
    make_store(w, aside);
    picture(w, before);
    assert_true(task->what(w, &err));
    picture(w, after);
    assert_int_equal(strcmp(before, after) != 0, task->changes);
    do {
        assert_true(writes < MOST_WRITES);
        intake_clear(w);
        copy_file(aside, w->store);
        status = run_until(w, writes++, then, task->what);
        assert_sound(w);
        picture(w, now);
        assert_true(strcmp(now, before) == 0 || strcmp(now, after) == 0);
        assert_backup(w, before);
    } while (status != 0 && task->what(w, &err));
    assert_int_equal(status, 0);
    assert_string_equal(now, after);
    assert_true(writes > task->least_writes);
    assert_int_equal(unlink(aside), 0);
    intake_clear(w);
}

static void stop_everywhere(doing *what, bool changes, unsigned least_writes)
{
    const struct task task = {what, changes, least_writes};
    struct intake_world w;

    intake_enter(&w);
    for (enum trouble then = 0; then < TROUBLES; then++)
        trouble_everywhere(&w, &task, then);
    intake_leave(&w);
}

static void test_reclassify(void **state)
{
    (void)state;
    stop_everywhere(change_catalogue, true, 4);
}

static void test_reattribute(void **state)
{
    (void)state;
    stop_everywhere(give_to_owner, true, 4);
}

static void test_purge(void **state)
{
    (void)state;
    stop_everywhere(purge, true, 4);
}

static void test_compact(void **state)
{
    (void)state;
    stop_everywhere(compact, false, 10);
}

static void test_roll_up(void **state)
{
    (void)state;
    stop_everywhere(roll_up, false, 4);
}

static void test_backup(void **state)
{
    (void)state;
    stop_everywhere(backup, false, 10);
}

/* A store as an older kage made it. */
static void make_old(const struct intake_world *w)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(w->store, &db), SQLITE_OK);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(sqlite3_exec(db, embedded_schema[i].bytes, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "PRAGMA user_version = 2; PRAGMA application_id = 1801545573; "
                                  "INSERT INTO setting VALUES('report_zone', 'UTC')",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static bool migrate(const struct intake_world *w, struct error *err)
{
    struct store *store = store_open(w->store, STORE_WRITE, NULL, err);

    store_close(store);
    return store != NULL;
}

/* All steps of the schema, or none. */
static void migrate_everywhere(struct intake_world *w, enum trouble then)
{
    static const char steps[] = "SELECT user_version FROM pragma_user_version";
    unsigned writes = 1;
    int status;

    do {
        struct error err = {0};

        assert_true(writes < MOST_WRITES);
        intake_clear(w);
        make_old(w);
        status = run_until(w, writes++, then, migrate);
        assert_true(ask(w, steps) == 2 || ask(w, steps) == (int64_t)embedded_schema_count);
        assert_int_equal(ask(w, "SELECT count(*) FROM sqlite_schema WHERE name = 'detail'"),
                         ask(w, steps) > 2);
        assert_true(migrate(w, &err));
        assert_sound(w);
    } while (status != 0);
    assert_true(writes > 10);
}

static void test_migrate(void **state)
{
    struct intake_world w;

    (void)state;
    intake_enter(&w);
    for (enum trouble then = 0; then < TROUBLES; then++)
        migrate_everywhere(&w, then);
    intake_leave(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ingest),     cmocka_unit_test(test_second_night),
        cmocka_unit_test(test_reclassify), cmocka_unit_test(test_reattribute),
        cmocka_unit_test(test_purge),      cmocka_unit_test(test_compact),
        cmocka_unit_test(test_roll_up),    cmocka_unit_test(test_backup),
        cmocka_unit_test(test_migrate)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
