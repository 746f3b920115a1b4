/* store_test.c: making, opening, locking and refusing stores. */
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_made_and_opened),
        cmocka_unit_test(test_locked),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_foreign_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
