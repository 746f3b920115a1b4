/* output_test.c: files that appear whole or not at all. */
#include "report/output.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder of its own for every test. */
struct place {
    char folder[32];
    char file[48];
};

static struct place make_place(void)
{
    struct place p = {.folder = "/tmp/kage-output-XXXXXX"};

    assert_non_null(mkdtemp(p.folder));
    (void)snprintf(p.file, sizeof p.file, "%s/out.csv", p.folder);
    return p;
}

static size_t count_files(const char *folder)
{
    DIR *dir = opendir(folder);
    size_t count = 0;

    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(dir);
    return count;
}

static void assert_content(const char *path, const char *expected)
{
    char content[64] = "";
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    content[fread(content, 1, sizeof content - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(content, expected);
}

static void write_file(const char *path, const char *content)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    fclose(file);
}

static void leave(const struct place *p)
{
    unlink(p->file);
    assert_int_equal(rmdir(p->folder), 0);
}

static void test_commit(void **state)
{
    struct place p = make_place();
    struct error err = {0};
    struct output *out = output_open(p.file, NULL, &err);
    struct stat st;

    (void)state;
    assert_non_null(out);
    buf_append_string(output_buf(out), "a,b\n");
    assert_true(output_drain(out, &err));
    assert_int_not_equal(access(p.file, F_OK), 0); /* not before it is whole */
    assert_true(output_commit(out, &err));
    output_close(out);
    assert_content(p.file, "a,b\n");
    assert_int_equal(count_files(p.folder), 1);
    assert_int_equal(stat(p.file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0666 & ~umask(022));
    leave(&p);
}

static void test_abandon(void **state)
{
    struct place p = make_place();
    struct error err = {0};
    struct output *out;

    (void)state;
    write_file(p.file, "old\n");
    assert_int_equal(chmod(p.file, 0640), 0);
    out = output_open(p.file, NULL, &err);
    assert_non_null(out);
    buf_append_string(output_buf(out), "new\n");
    output_close(out);
    assert_content(p.file, "old\n");
    assert_int_equal(count_files(p.folder), 1);
    leave(&p);
}

static void test_replace(void **state)
{
    struct place p = make_place();
    struct error err = {0};
    struct output *out;
    struct stat st;
    char link[64];

    (void)state;
    write_file(p.file, "old\n");
    assert_int_equal(chmod(p.file, 0640), 0);
    (void)snprintf(link, sizeof link, "%s/link", p.folder);
    assert_int_equal(symlink("out.csv", link), 0);
    out = output_open(link, NULL, &err);
    assert_non_null(out);
    buf_append_string(output_buf(out), "new\n");
    assert_true(output_commit(out, &err));
    output_close(out);
    assert_content(p.file, "new\n");
    assert_int_equal(stat(p.file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_int_equal(lstat(link, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    unlink(link);
    leave(&p);
}

static void test_guard(void **state)
{
    struct place p = make_place();
    struct output_guard guard = OUTPUT_GUARD_EMPTY;
    struct error err = {0};
    struct output *out = output_open(p.file, &guard, &err), *other;
    char second[64];

    (void)state;
    (void)snprintf(second, sizeof second, "%s/other", p.folder);
    other = output_open(second, &guard, &err);
    assert_int_equal(count_files(p.folder), 2);
    output_close(other);
    assert_int_equal(count_files(p.folder), 1);
    output_guard_remove(&guard);
    assert_int_equal(count_files(p.folder), 0);
    output_close(out);
    assert_null(guard.first);
    leave(&p);
}

/* However the place is written. */
static void test_same_place(void **state)
{
    struct place p = make_place();
    struct error err = {0};
    char around[64], other[64];
    struct stat st;

    (void)state;
    (void)snprintf(around, sizeof around, "%s/../%s/out.csv", p.folder, strrchr(p.folder, '/') + 1);
    (void)snprintf(other, sizeof other, "%s/other", p.folder);
    for (int exists = 0; exists < 2; exists++) {
        struct output *out = output_open(p.file, NULL, &err);
        struct output *same = output_open(around, NULL, &err);
        struct output *second = output_open(other, NULL, &err);

        assert_true(output_same_place(out, same));
        assert_false(output_same_place(out, second));
        assert_string_equal(output_name(out), p.file);
        if (exists == 1) {
            assert_int_equal(stat(p.file, &st), 0);
            assert_true(output_replaces(out, st.st_dev, st.st_ino));
            assert_false(output_replaces(out, st.st_dev, st.st_ino + 1));
        } else {
            assert_false(output_replaces(out, 0, 0));
        }
        output_close(out);
        output_close(same);
        output_close(second);
        write_file(p.file, "old\n");
    }
    leave(&p);
}

/* Devices and standard output may be named as often as one likes. */
static void test_shared_place(void **state)
{
    static const char *const paths[] = {"/dev/null", "-", NULL};

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct error err = {0};
        struct output *a = output_open(paths[i], NULL, &err);
        struct output *b = output_open(paths[i], NULL, &err);

        assert_false(output_same_place(a, b));
        output_close(a);
        output_close(b);
    }
}

static void test_failures(void **state)
{
    struct error err = {0};
    struct output *out;

    (void)state;
    assert_null(output_open("/nonexistent-folder/x", NULL, &err));
    assert_int_equal(err.code, ERROR_IO);
    assert_int_equal(err.sys_errno, ENOENT);
    error_clear(&err);
    assert_null(output_open("/tmp", NULL, &err));
    assert_int_equal(err.code, ERROR_IO);
    error_clear(&err);
    out = output_open("/dev/full", NULL, &err); /* a device is written directly */
    assert_non_null(out);
    buf_append_string(output_buf(out), "x");
    assert_false(output_commit(out, &err));
    assert_int_equal(err.sys_errno, ENOSPC);
    assert_false(output_reader_is_gone(&err));
    output_close(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commit),       cmocka_unit_test(test_abandon),
        cmocka_unit_test(test_replace),      cmocka_unit_test(test_guard),
        cmocka_unit_test(test_failures),     cmocka_unit_test(test_same_place),
        cmocka_unit_test(test_shared_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
