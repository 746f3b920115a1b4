/* temporary_test.c: nothing of a temporary file can be seen. */
#include "sort/temporary.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static size_t entries_of(const char *folder)
{
    DIR *dir = opendir(folder);
    size_t count = 0;

    assert_non_null(dir);
    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count;
}

static void test_unnamed(void **state)
{
    char folder[] = "/tmp/kage-temporary-XXXXXX", bytes[8] = "";
    struct error err = {0};
    struct stat status;
    int fd;

    (void)state;
    assert_non_null(mkdtemp(folder));
    fd = temporary_open(folder, &err);
    assert_true(fd >= 0);
    assert_int_equal(entries_of(folder), 2);
    assert_int_equal(fstat(fd, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_true(temporary_write(fd, SLICE("ab"), folder, &err));
    assert_true(temporary_write(fd, SLICE("cd"), folder, &err));
    assert_int_equal(pread(fd, bytes, sizeof bytes, 0), 4);
    assert_string_equal(bytes, "abcd");
    close(fd);
    rmdir(folder);
}

static void test_failures(void **state)
{
    struct error err = {0};
    char path[5000];

    (void)state;
    assert_int_equal(temporary_open("/nonexistent", &err), -1);
    assert_int_equal(err.code, ERROR_IO);
    assert_non_null(strstr(err.text, "a temporary file in /nonexistent (TMPDIR"));
    memset(path, 'x', sizeof path);
    path[sizeof path - 1] = '\0';
    error_clear(&err);
    assert_int_equal(temporary_open(path, &err), -1);
    error_clear(&err);
    assert_false(temporary_write(-1, SLICE("x"), "/f", &err));
    assert_non_null(strstr(err.text, "writing a temporary file in /f (TMPDIR"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unnamed),
        cmocka_unit_test(test_failures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
