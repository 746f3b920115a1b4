/* archive_test.c: a folder tree of every kind of entry, flattened. */
#include "io/archive.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* Made inside a new folder that the tests work in; `target` is what a link leads to. */
static const struct {
    char kind; /* d folder, f file of as many bytes as its name has, l link, h hard link, p pipe */
    const char *name, *target;
} entries[] = {
    {'d', "logs", NULL},
    {'f', "logs/b.gz", NULL},
    {'f', "logs/a.log", NULL},
    {'f', "logs/.hidden", NULL},
    {'d', "logs/.git", NULL},
    {'f', "logs/.git/config", NULL},
    {'d', "logs/a", NULL},
    {'f', "logs/a/z", NULL},
    {'d', "logs/a/deep", NULL},
    {'f', "logs/a/deep/x", NULL},
    {'l', "logs/current", "b.gz"},
    {'h', "logs/0-twin", "logs/a.log"},
    {'l', "logs/elsewhere", "../other/o.log"},
    {'l', "logs/loop", "."},
    {'p', "logs/pipe", NULL},
    {'d', "other", NULL},
    {'f', "other/o.log", NULL},
    {'d', "dangling", NULL},
    {'l', "dangling/gone", "nowhere"},
    {'d', "empty", NULL},
    {'d', "empty/also", NULL},
};

static void make_entry(size_t i)
{
    const char *name = entries[i].name, *target = entries[i].target;
    FILE *file;

    switch (entries[i].kind) {
    case 'd': assert_int_equal(mkdir(name, 0700), 0); break;
    case 'l': assert_int_equal(symlink(target, name), 0); break;
    case 'h': assert_int_equal(link(target, name), 0); break;
    case 'p': assert_int_equal(mkfifo(name, 0600), 0); break;
    default:
        file = fopen(name, "w");
        assert_non_null(file);
        assert_true(fputs(name, file) >= 0);
        fclose(file);
    }
}

/* The names in the list, joined by blanks; those with a failure have a `!` behind. */
static void assert_names(const struct archive_list *list, const char *expected)
{
    struct buf names = {0};

    for (size_t i = 0; i < list->count; i++) {
        buf_append_string(&names, i == 0 ? "" : " ");
        buf_append_string(&names, list->archives[i].name);
        buf_append_string(&names, list->archives[i].failure.code == ERROR_NONE ? "" : "!");
    }
    buf_append_byte(&names, '\0');
    assert_string_equal(names.ptr, expected);
    buf_free(&names);
}

static void flattens_what_is_named(void **state)
{
    static const struct {
        const char *paths[4];
        const char *expected;
    } rows[] = {
        {{"other/o.log", "logs/a.log"}, "other/o.log logs/a.log"},
        {{"logs"}, "logs/0-twin logs/a/deep/x logs/a/z logs/b.gz logs/elsewhere"},
        {{"logs/"}, "logs/0-twin logs/a/deep/x logs/a/z logs/b.gz logs/elsewhere"},
        {{"logs/a/z", "logs/a", "./logs/a/z"}, "logs/a/z logs/a/deep/x"},
        {{"logs/current", "logs"},
         "logs/current logs/0-twin logs/a/deep/x logs/a/z logs/elsewhere"},
        {{"logs/loop/a"}, "logs/loop/a/deep/x logs/loop/a/z"},
        {{"logs/.hidden", "logs/.git"}, "logs/.hidden logs/.git/config"},
        {{"logs/pipe", "other"}, "logs/pipe other/o.log"},
        {{"missing", "other", "missing"}, "missing! other/o.log missing!"},
        {{"other/o.log/x"}, "other/o.log/x!"},
        {{"dangling"}, "dangling/gone!"},
        {{"empty"}, "empty!"},
        {{"other", "other"}, "other/o.log"},
    };
    size_t repeated = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct archive_list list = {0};
        struct error err = {0};

        for (size_t k = 0; k < COUNT(rows[i].paths) && rows[i].paths[k] != NULL; k++)
            assert_true(archive_list_add(&list, rows[i].paths[k], &err));
        assert_names(&list, rows[i].expected);
        repeated = list.repeated;
        archive_list_free(&list);
    }
    assert_int_equal(repeated, 1); /* of the last row */
}

static void says_why_and_how_large(void **state)
{
    struct archive_list list = {0};
    struct error err = {0};

    (void)state;
    assert_true(archive_list_add(&list, "missing", &err));
    assert_true(archive_list_add(&list, "empty", &err));
    assert_true(archive_list_add(&list, "other/o.log", &err));
    assert_int_equal(list.archives[0].failure.sys_errno, ENOENT);
    assert_string_equal(list.archives[0].failure.text, "missing: No such file or directory");
    assert_int_equal(list.archives[1].failure.code, ERROR_IO);
    assert_string_equal(list.archives[1].failure.text,
                        "empty: no archives in this folder; expected log files in it or below it");
    assert_int_equal(list.archives[2].size_bytes, strlen("other/o.log"));
    archive_list_free(&list);
}

static void standard_input_is_a_file_too(void **state)
{
    int kept = dup(STDIN_FILENO), fd = open("other/o.log", O_RDONLY);
    struct archive_list list = {0};
    struct error err = {0};

    (void)state;
    assert_true(kept >= 0 && fd >= 0);
    assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
    assert_true(archive_list_add(&list, "-", &err));
    assert_true(archive_list_add(&list, "other", &err));
    assert_true(archive_list_add(&list, "-", &err));
    assert_names(&list, "-");
    assert_int_equal(list.archives[0].size_bytes, 0);
    archive_list_free(&list);
    close(STDIN_FILENO);
    assert_true(archive_list_add(&list, "-", &err));
    assert_names(&list, "-!");
    archive_list_free(&list);
    assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
    close(kept);
    close(fd);
}

static void holds_many(void **state)
{
    struct archive_list list = {0};
    struct error err = {0};
    char name[32];

    (void)state;
    assert_int_equal(mkdir("many", 0700), 0);
    for (int i = 0; i < 500; i++) {
        snprintf(name, sizeof name, "many/%03d", i);
        assert_int_equal(close(open(name, O_CREAT | O_WRONLY, 0600)), 0);
    }
    for (int i = 499; i >= 0; i -= 2) {
        snprintf(name, sizeof name, "many/%03d", i);
        assert_true(archive_list_add(&list, name, &err));
    }
    assert_true(archive_list_add(&list, "many", &err));
    assert_int_equal(list.count, 500);
    assert_string_equal(list.archives[0].name, "many/499");
    assert_string_equal(list.archives[249].name, "many/001");
    assert_string_equal(list.archives[250].name, "many/000");
    assert_string_equal(list.archives[499].name, "many/498");
    archive_list_free(&list);
    for (int i = 0; i < 500; i++) {
        snprintf(name, sizeof name, "many/%03d", i);
        assert_int_equal(remove(name), 0);
    }
    assert_int_equal(remove("many"), 0);
}

static int make_tree(void **state)
{
    static const char form[] = "/kage-archive-test-XXXXXX";
    const char *base = getenv("TMPDIR");
    struct buf path = {0};

    buf_append_string(&path, base == NULL ? "/tmp" : base);
    buf_append(&path, slice_of(form, sizeof form));
    if (path.failed || mkdtemp(path.ptr) == NULL || chdir(path.ptr) != 0)
        return -1;
    for (size_t i = 0; i < COUNT(entries); i++)
        make_entry(i);
    *state = path.ptr;
    return 0;
}

static int remove_tree(void **state)
{
    for (size_t i = COUNT(entries); i-- > 0;)
        remove(entries[i].name);
    if (chdir("/") != 0 || remove(*state) != 0)
        return -1;
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flattens_what_is_named),
        cmocka_unit_test(says_why_and_how_large),
        cmocka_unit_test(standard_input_is_a_file_too),
        cmocka_unit_test(holds_many),
    };

    return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
