/* spared.c: no output takes the place of a file that the same command reads. */
#include "spared.h"

#include "base/slice.h"
#include "signature/load.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* A file that an option names. */
struct named {
    const char *option, *path;
};

/* What is no regular file is written as it stands: nothing is lost. */
static bool is_same_file(const char *written, const char *read)
{
    struct stat a, b;

    return read != NULL && stat(written, &a) == 0 && S_ISREG(a.st_mode) && stat(read, &b) == 0 &&
           a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* Is ${written} a file that SQLite keeps beside the store ${read}, or would? */
static bool is_beside(const char *written, const char *read)
{
    static const char *const tails[] = {"-wal", "-shm", "-journal"};
    struct slice name = slice_of_string(written);
    char path[PATH_MAX];

    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        struct slice tail = slice_of_string(tails[i]);

        if (!slice_ends_with(name, tail) || name.len - tail.len >= sizeof path)
            continue;
        snprintf(path, sizeof path, "%.*s", (int)(name.len - tail.len), written);
        if (is_same_file(path, read))
            return true;
    }
    return false;
}

/* Is ${written} the file ${read}, or one of the files of signatures in that folder? */
static bool is_read(const char *written, const char *read)
{
    char path[PATH_MAX];

    if (is_same_file(written, read) || is_beside(written, read))
        return true;
    for (size_t k = 0; read != NULL && load_kinds[k] != NULL; k++) {
        int length = snprintf(path, sizeof path, "%s/%s", read, load_kinds[k]);

        if (length > 0 && (size_t)length < sizeof path && is_same_file(written, path))
            return true;
    }
    return false;
}

static bool is_output(const struct option_row *row)
{
    static const char *const names[] = {"output", "rejects", "manifest", "bundle"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(row->name, names[i]) == 0)
            return true;
    return false;
}

static bool is_input(const struct option_row *row)
{
    static const char *const arguments[] = {"FILE", "KEYFILE", "STORE", "DIR", "ID", "DEF"};

    for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++)
        if (row->argument != NULL && strcmp(row->argument, arguments[i]) == 0)
            return !is_output(row);
    return false;
}

static bool check_pair(const char *written, struct named read, struct error *err)
{
    return !is_read(written, read.path) ||
           error_set(err, ERROR_USAGE, "%s: is read, as --%s; expected another file to write",
                     written, read.option);
}

/* One output against all that is read. */
static bool check_output(const struct options *o, const char *written, const struct named *others,
                         size_t count, struct error *err)
{
    const char *path;

    for (size_t g = 0; g < o->group_count; g++)
        for (const struct option_row *row = o->groups[g].rows; row->name != NULL; row++)
            for (size_t i = 0; is_input(row) && options_value(o, &o->groups[g], row, i, &path); i++)
                if (!check_pair(written, (struct named){row->name, path}, err))
                    return false;
    for (size_t i = 0; i < count; i++)
        if (!check_pair(written, others[i], err))
            return false;
    return true;
}

bool spared_check(const struct options *o, const char *config, const char *store, struct error *err)
{
    const struct named others[] = {{"config", config}, {"store", store}};
    const char *path;

    for (size_t g = 0; g < o->group_count; g++)
        for (const struct option_row *row = o->groups[g].rows; row->name != NULL; row++)
            for (size_t i = 0; is_output(row) && options_value(o, &o->groups[g], row, i, &path);
                 i++)
                if (!check_output(o, path, others, sizeof others / sizeof *others, err))
                    return false;
    return true;
}

bool spared_check_output(const struct options *o, const char *written, struct error *err)
{
    return check_output(o, written, NULL, 0, err);
}

bool spared_check_operands(const char *written, const struct text_list *operands, struct error *err)
{
    for (size_t i = 0; written != NULL && i < operands->count; i++)
        if (is_read(written, operands->texts[i]))
            return error_set(err, ERROR_USAGE, "%s: is read; expected another file to write",
                             written);
    return true;
}
