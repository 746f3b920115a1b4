/* sources.c: patterns into files, in the order of their last change. */
#include "sources.h"

#include "io/archive.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct dated {
    const char *name;
    struct timespec changed;
};

/* By time, then by name; for qsort. */
static int compare_dated(const void *left, const void *right)
{
    const struct dated *a = left, *b = right;

    if (a->changed.tv_sec != b->changed.tv_sec)
        return a->changed.tv_sec < b->changed.tv_sec ? -1 : 1;
    if (a->changed.tv_nsec != b->changed.tv_nsec)
        return a->changed.tv_nsec < b->changed.tv_nsec ? -1 : 1;
    return strcmp(a->name, b->name);
}

/* A pattern that fits nothing is fine; a path without one may be a folder. */
static bool add_source(struct archive_list *list, const char *pattern, struct error *err)
{
    glob_t found;
    bool ok = true;
    int code = glob(pattern, 0, NULL, &found);

    if (code == GLOB_NOMATCH)
        return true;
    if (code == GLOB_NOSPACE)
        return error_set_memory(err);
    if (code != 0)
        return archive_list_add(list, pattern, err); /* which says why */
    for (size_t i = 0; ok && i < found.gl_pathc; i++)
        ok = archive_list_add(list, found.gl_pathv[i], err);
    globfree(&found);
    return ok;
}

/* A folder without archives is no failure here. */
static bool is_empty_folder(const struct archive *archive, const struct stat *st)
{
    return archive->failure.code != ERROR_NONE && archive->failure.sys_errno == 0 &&
           S_ISDIR(st->st_mode);
}

static bool add_operands(const struct archive_list *list, struct reading_words *words,
                         struct error *err)
{
    struct dated *dated = calloc(list->count + 1, sizeof *dated);
    size_t count = 0;
    bool ok = dated != NULL;

    for (size_t i = 0; ok && i < list->count; i++) {
        struct stat st = {0};

        if (stat(list->archives[i].name, &st) == 0 && is_empty_folder(&list->archives[i], &st))
            continue;
        dated[count].name = arena_copy(&words->arena, slice_of_string(list->archives[i].name)).ptr;
        dated[count].changed = st.st_mtim;
        ok = dated[count++].name != NULL;
    }
    if (ok && count > 1)
        qsort(dated, count, sizeof *dated, compare_dated);
    for (size_t i = 0; ok && i < count; i++)
        ok = text_list_add(&words->operands, &words->arena, dated[i].name);
    free(dated);
    return ok || error_set_memory(err);
}

bool sources_list(struct reading_words *words, struct error *err)
{
    const struct sources *sources = &words->sources;
    struct archive_list list = {0};
    bool ok = true;

    if (sources->count == 0)
        return error_set(err, ERROR_USAGE,
                         "no archive named and no [source] configured; expected one of them");
    for (size_t i = 0; ok && i < sources->count; i++)
        ok = add_source(&list, sources->sources[i].path, err);
    ok = ok && add_operands(&list, words, err);
    words->may_be_empty = true;
    archive_list_free(&list);
    return ok;
}
