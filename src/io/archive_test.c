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

static char *folder; /* replaced below */
