/* store_test.c: making, opening, locking and refusing stores. */
#include "store/store.h"

#include "base/embedded.h"
#include "store/store_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct place {
    char folder[32], path[64];
};

static void enter(struct place *p)
{
    strcpy(p->folder, "/tmp/kage-store-XXXXXX");
    assert_non_null(mkdtemp(p->folder));
    (void)snprintf(p->path, sizeof p->path, "%s/u.db", p->folder);
}

static void leave(const struct place *p)
{
    (void)unlink(p->path);
    assert_int_equal(rmdir(p->folder), 0); /* nothing else lies there */
}

static void run_sql(const char *path, const char *text)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void test_made_and_opened(void **state)
{
    static const enum store_access accesses[] = {STORE_MAKE, STORE_WRITE, STORE_READ, STORE_MAKE};
    struct error err = {0};
    struct place p;
    struct stat st;

    (void)state;
    enter(&p);
    for (size_t i = 0; i < sizeof accesses / sizeof *accesses; i++) {
        struct store *s = store_open(p.path, accesses[i], i == 0 ? "Asia/Tokyo" : "UTC", &err);

        assert_non_null(s);
        assert_string_equal(store_zone(s), "Asia/Tokyo");
        assert_int_equal(stat(p.path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        store_close(s);
    }
    leave(&p);
}

static void assert_refused(const char *path, enum store_access access, enum error_code code,
                           const char *text)
{
    struct error err = {0};

    assert_null(store_open(path, access, "UTC", &err));
    assert_int_equal(err.code, code);
    if (strstr(err.text, text) == NULL)
        fail_msg("'%s' does not say '%s'", err.text, text);
}

static void test_locked(void **state)
{
    struct error err = {0};
    struct place p;
    struct store *s, *reader;

    (void)state;
    enter(&p);
    s = store_open(p.path, STORE_MAKE, "UTC", &err);
    assert_non_null(s);
    assert_refused(p.path, STORE_MAKE, ERROR_IO, "locked by another run");
    assert_refused(p.path, STORE_WRITE, ERROR_IO, "locked by another run");
    assert_true(store_begin(s, &err));
    reader = store_open(p.path, STORE_READ, NULL, &err); /* not held up */
    assert_non_null(reader);
    assert_false(store_note(reader, 0, "x", &err));
    store_close(reader);
    store_rollback(s);
    store_close(s);
    leave(&p);
}

static void test_refused(void **state)
{
    static const struct {
        const char *sql;
        const char *text;
    } cases[] = {
        {"PRAGMA user_version = 99", "made by a newer kage"},
        {"PRAGMA application_id = 7", "is no store of kage"},
    };
    struct error err = {0};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct place p;

        enter(&p);
        assert_refused(p.path, STORE_READ, ERROR_USAGE, "No such file");
        assert_refused(p.path, STORE_WRITE, ERROR_USAGE, "No such file");
        store_close(store_open(p.path, STORE_MAKE, "UTC", &err));
        run_sql(p.path, cases[i].sql);
        assert_refused(p.path, STORE_MAKE, ERROR_USAGE, cases[i].text);
        assert_refused(p.path, STORE_READ, ERROR_USAGE, cases[i].text);
        leave(&p);
    }
}

/* A store of schema 8 with refusals of two logs, of which one counts the bytes sent. */
static void make_old(const char *path)
{
    for (size_t i = 0; i < 8; i++)
        run_sql(path, embedded_schema[i].bytes);
    run_sql(path, "PRAGMA application_id = 1801545573; PRAGMA user_version = 8;"
                  "INSERT INTO setting VALUES('report_zone', 'UTC');"
                  "INSERT INTO source VALUES(1, 's'); INSERT INTO tenant VALUES(1, '');"
                  "INSERT INTO app VALUES(1, 'chat', 'Chat', '', '', 'no');"
                  "INSERT INTO user VALUES(1, 'up', ''); INSERT INTO user VALUES(2, 'down', '');");
    for (unsigned i = 1; i <= 2; i++) {
        char text[640];

        (void)snprintf(
            text, sizeof text,
            "INSERT INTO archive VALUES(%u, 'a%u', 1, 'f', 'ts %s', 'plain', '', 0, 1, "
            "x'', 1, x'', x'', 1, '', 1, 1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 1, '', '', '');"
            "INSERT INTO cell VALUES(20726, %u, 1, 1, 3, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, %u, "
            "1, 0, x'', 0, x'')",
            i, i, i == 1 ? "bytes_up" : "bytes_down", i, i);
        run_sql(path, text);
    }
}

static int check_old(void *context, int count, char **values, char **names)
{
    unsigned *rows = context;
    bool up = values[0] != NULL && strcmp(values[0], "up") == 0;

    (void)names;
    assert_int_equal(count, 3);
    assert_int_equal(values[1] != NULL, up); /* bytes_up: 0, or not known */
    assert_int_equal(values[2] != NULL, !up);
    ++*rows;
    return 0;
}

/* Cells that were counted before learn from their archives what could have been counted. */
static void test_older_schema(void **state)
{
    struct error err = {0};
    struct place p;
    struct store *s;
    sqlite3 *db = NULL;
    unsigned rows = 0;

    (void)state;
    enter(&p);
    make_old(p.path);
    assert_refused(p.path, STORE_READ, ERROR_USAGE, "brings it up to date");
    s = store_open(p.path, STORE_WRITE, NULL, &err);
    assert_non_null(s);
    store_close(s);
    assert_int_equal(sqlite3_open(p.path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "SELECT user, bytes_up, bytes_down FROM usage", check_old, &rows, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_int_equal(rows, 2);
    leave(&p);
}

static void test_foreign_file(void **state)
{
    struct place p;
    FILE *out;

    (void)state;
    enter(&p);
    out = fopen(p.path, "w");
    assert_non_null(out);
    fputs("not a database, but long enough to look at: some text that goes on and on and on", out);
    assert_int_equal(fclose(out), 0);
    assert_refused(p.path, STORE_MAKE, ERROR_USAGE, "is no store of kage");
    assert_refused(p.path, STORE_READ, ERROR_USAGE, "is no store of kage");
    assert_int_equal(unlink(p.path), 0);
    run_sql(p.path, "CREATE TABLE t(x)");
    assert_refused(p.path, STORE_MAKE, ERROR_USAGE, "is no store of kage");
    leave(&p);
}

/* What a child that may not write says of the store in a folder where it may make no file. */
static int read_as_guest(const struct store_world *w)
{
    pid_t child;
    int status;

    assert_int_equal(chmod(w->path, 0444), 0);
    assert_int_equal(chmod(w->folder, 0555), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct error err = {0};
        struct store *store;

        if (geteuid() == 0 && setuid(65534) != 0) /* root may write everywhere */
            _exit(3);
        store = store_open(w->path, STORE_READ, NULL, &err);
        if (store == NULL)
            _exit(1);
        _exit(slice_is(slice_of_string(store_zone(store)), "UTC") ? 0 : 2);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(chmod(w->folder, 0700), 0);
    assert_int_equal(chmod(w->path, 0600), 0);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_medium(void **state)
{
    struct store_world w;

    (void)state;
    store_enter(&w);
    store_add(&w, "a", 20726, "ann", 1, "x.example");
    store_close(w.store);
    assert_int_equal(read_as_guest(&w), 0);
    w.store = store_open(w.path, STORE_WRITE, NULL, &w.err);
    assert_non_null(w.store);
    store_leave(&w);
}

static ssize_t write_nothing(int fd, const void *bytes, size_t count, off_t offset)
{
    (void)fd;
    (void)bytes;
    (void)count;
    (void)offset;
    errno = ENOSPC;
    return -1;
}

/* What a child says of the store where SQLite finds no room for the files beside it. */
static int read_without_room(const struct store_world *w)
{
    pid_t child = fork();
    int status;

    assert_true(child >= 0);
    if (child == 0) {
        sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
        struct error err = {0};
        struct store *store;

        if (vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)write_nothing) != SQLITE_OK ||
            vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)write_nothing) != SQLITE_OK)
            _exit(3);
        store = store_open(w->path, STORE_READ, NULL, &err);
        if (store == NULL)
            _exit(strstr(err.text, "no space left") != NULL ? 1 : 4);
        _exit(slice_is(slice_of_string(store_zone(store)), "UTC") ? 0 : 2);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* On a full disk a store is read as it stands. */
static void test_full_disk(void **state)
{
    struct store_world w;

    (void)state;
    store_enter(&w);
    store_add(&w, "a", 20726, "ann", 1, "x.example");
    store_close(w.store);
    assert_int_equal(read_without_room(&w), 0);
    assert_int_equal(read_without_room(&w), 0); /* with what the first left beside it */
    w.store = store_open(w.path, STORE_WRITE, NULL, &w.err);
    assert_non_null(w.store);
    store_leave(&w);
}

/* What a run has made and has nothing for is gone; what was there stays. */
static void test_discard(void **state)
{
    struct store_world w;

    (void)state;
    store_enter(&w);
    store_discard(w.store);
    assert_int_not_equal(access(w.path, F_OK), 0);
    w.store = store_open(w.path, STORE_MAKE, "UTC", &w.err);
    store_close(w.store);
    store_discard(store_open(w.path, STORE_MAKE, "UTC", &w.err));
    assert_int_equal(access(w.path, F_OK), 0);
    store_discard(NULL);
    w.store = NULL;
    store_leave(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_made_and_opened), cmocka_unit_test(test_locked),
        cmocka_unit_test(test_refused),         cmocka_unit_test(test_older_schema),
        cmocka_unit_test(test_foreign_file),    cmocka_unit_test(test_medium),
        cmocka_unit_test(test_full_disk),       cmocka_unit_test(test_discard),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
