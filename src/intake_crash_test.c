/* intake_crash_test.c: a process that stops at any of its writes leaves the store as before or
 * after an archive. */
#include "intake_fixture.h"
#include "store/reclassify.h"

#include <sqlite3.h>
#include <sys/wait.h>

enum { STOPPED = 77, MOST_WRITES = 500 };

/* Writes left to this process; half of the last one reaches the disk. */
static unsigned writes_left;

static ssize_t write_or_stop(int fd, const void *bytes, size_t count, off_t offset)
{
    if (--writes_left == 0) {
        ssize_t ignored = pwrite(fd, bytes, count / 2, offset);

        (void)ignored;
        _exit(STOPPED);
    }
    return pwrite(fd, bytes, count, offset);
}

/* Files of so many lines each; ${size} times a user and an app. */
static void make_logs(const struct intake_world *w)
{
    static const unsigned lines[] = {40, 7, 90};

    for (unsigned f = 0; f < 3; f++) {
        char path[128];
        FILE *out;

        (void)snprintf(path, sizeof path, "%s/%u.log", w->folder, f);
        out = fopen(path, "w");
        assert_non_null(out);
        for (unsigned i = 0; i < lines[f]; i++)
            (void)fprintf(out,
                          "%u.%03u    50 10.0.0.1 TCP_MISS/200 900 GET http://chat.example/x "
                          "user%u-%u DIRECT/192.0.2.1 text/html\n",
                          1790726400 + i * 60, f, f, i % 20);
        assert_int_equal(fclose(out), 0);
    }
}

/* What the store holds, one number. Asked with SQLite alone: it must be sound. */
static int64_t ask(const struct intake_world *w, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    sqlite3 *db = NULL;
    int64_t number;

    assert_int_equal(sqlite3_open(w->store, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return number;
}

static bool ingest(const struct intake_world *w, struct error *err)
{
    return intake_run(w, err);
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

typedef bool doing(const struct intake_world *w, struct error *err);

static int run_until(const struct intake_world *w, unsigned writes, doing *what)
{
    pid_t child = fork();
    int status;

    assert_true(child >= 0);
    if (child == 0) {
        sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
        struct error err = {0};

        writes_left = writes;
        if (vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)write_or_stop) != SQLITE_OK)
            _exit(3);
        _exit(what(w, &err) ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* Whole archives, or nothing of them; and none twice. */
static void assert_whole(const struct intake_world *w)
{
    if (access(w->store, F_OK) != 0 || ask(w, "SELECT count(*) FROM sqlite_schema") == 0)
        return;
    assert_int_equal(ask(w, "SELECT count(*) FROM pragma_integrity_check WHERE "
                            "integrity_check <> 'ok'"),
                     0);
    assert_int_equal(ask(w, "SELECT count(*) FROM archive WHERE lines NOT IN (40, 7, 90)"), 0);
    assert_int_equal(ask(w, "SELECT count(*) - count(DISTINCT content_digest) FROM archive"), 0);
    assert_int_equal(ask(w, "SELECT coalesce((SELECT sum(passed) FROM cell), 0) - "
                            "coalesce((SELECT sum(lines) FROM archive), 0)"),
                     0);
}

static void test_every_write(void **state)
{
    struct intake_world w;
    unsigned writes = 1;
    int status;

    (void)state;
    intake_enter(&w);
    for (;; writes += 1 + writes / 24) {
        struct error err = {0};

        assert_true(writes < MOST_WRITES);
        make_logs(&w);
        status = run_until(&w, writes, ingest);
        assert_whole(&w);
        if (status != STOPPED)
            break;
        assert_true(intake_run(&w, &err)); /* the next night */
        assert_whole(&w);
        assert_int_equal(ask(&w, "SELECT sum(passed) FROM cell"), 137);
        intake_clear(&w);
    }
    assert_int_equal(status, 0);
    assert_true(writes > 20); /* there was something to stop */
    intake_leave(&w);
}

/* All cells are the old app's, or all are the new one's. */
static void test_reclassify(void **state)
{
    static const char moved[] =
        "SELECT (SELECT app FROM app WHERE id = (SELECT max(app) FROM cell)) = 'drive'";
    struct intake_world w;
    unsigned writes = 1;
    int status;

    (void)state;
    intake_enter(&w);
    for (;; writes += 1 + writes / 24) {
        struct error err = {0};

        assert_true(writes < MOST_WRITES);
        make_logs(&w);
        assert_true(intake_run(&w, &err));
        status = run_until(&w, writes, change_catalogue);
        assert_whole(&w);
        assert_int_equal(ask(&w, "SELECT count(DISTINCT app) FROM cell"), 1);
        assert_int_equal(ask(&w, "SELECT count(DISTINCT app) FROM detail"), 1);
        assert_int_equal(ask(&w, "SELECT count(*) FROM event"), ask(&w, moved));
        if (status != STOPPED)
            break;
        assert_true(change_catalogue(&w, &err));
        assert_int_equal(ask(&w, moved), 1);
        assert_int_equal(ask(&w, "SELECT sum(passed) FROM cell"), 137);
        intake_clear(&w);
    }
    assert_int_equal(status, 0);
    assert_int_equal(ask(&w, moved), 1);
    assert_true(writes > 3); /* there was something to stop */
    intake_leave(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_write),
                                       cmocka_unit_test(test_reclassify)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
