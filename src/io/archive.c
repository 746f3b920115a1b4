/* archive.c: files and folders of a command line as a flat list, each file once. */
#include "io/archive.h"

#include "base/room.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Folders still to be opened; a queue, so that no depth is too deep. */
struct folders {
    const char **paths; /* borrowed from the list's arena */
    size_t count, capacity;
};

/* One more, its name borrowed from the arena. */
static struct archive *append(struct archive_list *list, const char *name, struct error *err)
{
    if (!ROOM_FOR_ONE(list->archives, list->count, list->capacity)) {
        error_set_memory(err);
        return NULL;
    }
    list->archives[list->count] = (struct archive){.name = name};
    return &list->archives[list->count++];
}

static bool append_failure(struct archive_list *list, const char *name, int sys_errno,
                           struct error *err)
{
    struct archive *added = append(list, name, err);

    if (added != NULL)
        error_set_errno(&added->failure, sys_errno, "%s", name);
    return added != NULL;
}

static bool append_file(struct archive_list *list, const char *name, const struct stat *st,
                        struct error *err)
{
    struct archive *added = append(list, name, err);

    if (added == NULL)
        return false;
    if (S_ISREG(st->st_mode))
        added->size_bytes = (uint64_t)st->st_size;
    added->device = st->st_dev;
    added->inode = st->st_ino;
    if (S_ISREG(st->st_mode) && faccessat(AT_FDCWD, name, R_OK, AT_EACCESS) != 0)
        error_set_errno(&added->failure, errno, "%s", name);
    return true;
}

static bool append_stdin(struct archive_list *list, const char *name, struct error *err)
{
    struct archive *added = append(list, name, err);
    struct stat st;

    if (added == NULL)
        return false;
    if (fstat(STDIN_FILENO, &st) != 0) {
        error_set_errno(&added->failure, errno, "standard input");
        return true;
    }
    added->device = st.st_dev;
    added->inode = st.st_ino;
    return true;
}

/* ${folder}, "/", ${name}, in the list's arena. */
static const char *join(struct archive_list *list, const char *folder, const char *name,
                        struct error *err)
{
    const char *slash = slice_ends_with(slice_of_string(folder), SLICE("/")) ? "" : "/";
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = arena_alloc(&list->arena, size);

    if (path == NULL) {
        error_set_memory(err);
        return NULL;
    }
    snprintf(path, size, "%s%s%s", folder, slash, name);
    return path;
}

static bool push_folder(struct folders *f, const char *path, struct error *err)
{
    if (!ROOM_FOR_ONE(f->paths, f->count, f->capacity))
        return error_set_memory(err);
    f->paths[f->count++] = path;
    return true;
}

/* An entry of a folder: files, links to files and folders count; links to folders do not. */
static bool add_entry(struct archive_list *list, struct folders *f, const char *path,
                      struct error *err)
{
    struct stat st;
    bool link;

    if (lstat(path, &st) != 0)
        return append_failure(list, path, errno, err);
    link = S_ISLNK(st.st_mode);
    if (link && stat(path, &st) != 0)
        return append_failure(list, path, errno, err);
    if (S_ISREG(st.st_mode))
        return append_file(list, path, &st, err);
    return !S_ISDIR(st.st_mode) || link || push_folder(f, path, err);
}

static bool add_entries(struct archive_list *list, struct folders *f, const char *folder,
                        struct error *err)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    const char *path;
    bool ok = true;

    if (dir == NULL)
        return append_failure(list, folder, errno, err);
    for (errno = 0; ok && (entry = readdir(dir)) != NULL; errno = 0) {
        if (entry->d_name[0] == '.')
            continue;
        path = join(list, folder, entry->d_name, err);
        ok = path != NULL && add_entry(list, f, path, err);
    }
    if (ok && errno != 0)
        ok = append_failure(list, folder, errno, err);
    closedir(dir);
    return ok;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct archive *)a)->name, ((const struct archive *)b)->name);
}

static bool add_folder(struct archive_list *list, const char *folder, struct error *err)
{
    struct folders folders = {0};
    size_t before = list->count;
    bool ok = push_folder(&folders, folder, err);
    struct archive *none;

    for (size_t i = 0; ok && i < folders.count; i++)
        ok = add_entries(list, &folders, folders.paths[i], err);
    free(folders.paths);
    if (!ok)
        return false;
    if (list->count > before) {
        qsort(list->archives + before, list->count - before, sizeof *list->archives, by_name);
        return true;
    }
    none = append(list, folder, err);
    if (none != NULL)
        error_set(&none->failure, ERROR_IO,
                  "%s: no archives in this folder; expected log files in it or below it", folder);
    return none != NULL;
}

static bool same_file(const struct archive *a, const struct archive *b)
{
    return a->device == b->device && a->inode == b->inode;
}

/* Where in `seen` the file of ${a} stands, or belongs. */
static size_t *find_seen(const struct archive_list *list, const struct archive *a)
{
    size_t i = (size_t)((a->inode ^ a->device << 32) * UINT64_C(0x9e3779b97f4a7c15) >> 32);

    for (;; i++) {
        size_t *slot = &list->seen[i & (list->seen_size - 1)];

        if (*slot == 0 || same_file(&list->archives[*slot - 1], a))
            return slot;
    }
}

/* Make room for all that the list holds, at most half full; refilled with the first ${kept}. */
static bool grow_seen(struct archive_list *list, size_t kept, struct error *err)
{
    size_t size = list->seen_size == 0 ? 64 : list->seen_size;

    while (size / 2 < list->count)
        size *= 2;
    if (size == list->seen_size)
        return true;
    free(list->seen);
    list->seen_size = size;
    list->seen = calloc(size, sizeof *list->seen);
    if (list->seen == NULL)
        return error_set_memory(err);
    for (size_t i = 0; i < kept; i++)
        if (list->archives[i].inode != 0)
            *find_seen(list, &list->archives[i]) = i + 1;
    return true;
}

/* Of those from ${first} on, drop the files that stand before. Failures have no inode and stay. */
static bool drop_seen(struct archive_list *list, size_t first, struct error *err)
{
    size_t kept = first, *slot;

    if (!grow_seen(list, first, err))
        return false;
    for (size_t i = first; i < list->count; i++) {
        const struct archive *a = &list->archives[i];

        slot = a->inode == 0 ? NULL : find_seen(list, a);
        if (slot != NULL && *slot != 0)
            continue;
        list->archives[kept++] = *a;
        if (slot != NULL)
            *slot = kept;
    }
    list->repeated += list->count - kept;
    list->count = kept;
    return true;
}

bool archive_list_add(struct archive_list *list, const char *path, struct error *err)
{
    const char *name = arena_copy(&list->arena, slice_of_string(path)).ptr;
    size_t first = list->count;
    struct stat st;
    bool ok;

    if (name == NULL)
        return error_set_memory(err);
    if (strcmp(name, "-") == 0)
        ok = append_stdin(list, name, err);
    else if (stat(name, &st) != 0)
        ok = append_failure(list, name, errno, err);
    else if (S_ISDIR(st.st_mode))
        ok = add_folder(list, name, err);
    else
        ok = append_file(list, name, &st, err);
    return ok && drop_seen(list, first, err);
}

void archive_list_free(struct archive_list *list)
{
    free(list->archives);
    free(list->seen);
    arena_free(&list->arena);
    memset(list, 0, sizeof *list);
}
