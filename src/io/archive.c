/* archive.c: files and folders of a command line as a flat list. */
#include "io/archive.h"

#include "base/buf.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_DEPTH_LIMIT = 64 };

/* Room for one more. */
static struct archive *append(struct archive_list *list, const char *name, struct error *err)
{
    struct archive *archives = list->archives, *added;

    if ((list->count & (list->count - 1)) == 0) { /* full at every power of two */
        archives = ARENA_NEW(&list->arena, struct archive, list->count == 0 ? 1 : list->count * 2);
        if (archives != NULL && list->count > 0)
            memcpy(archives, list->archives, list->count * sizeof *archives);
    }
    if (archives == NULL) {
        error_set_memory(err);
        return NULL;
    }
    list->archives = archives;
    added = &archives[list->count];
    memset(added, 0, sizeof *added);
    added->name = arena_copy(&list->arena, slice_of_string(name)).ptr;
    if (added->name == NULL) {
        error_set_memory(err);
        return NULL;
    }
    list->count++;
    return added;
}

static bool append_failure(struct archive_list *list, const char *name, int sys_errno,
                           struct error *err)
{
    struct archive *added = append(list, name, err);

    if (added != NULL)
        error_set_errno(&added->failure, sys_errno, "%s", name);
    return added != NULL;
}

/* Is that file in the list already? */
static bool has(const struct archive_list *list, const struct stat *st)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->archives[i].device == st->st_dev && list->archives[i].inode == st->st_ino &&
            st->st_ino != 0)
            return true;
    return false;
}

static bool append_file(struct archive_list *list, const char *name, const struct stat *st,
                        struct error *err)
{
    struct archive *added;

    if (has(list, st))
        return true;
    added = append(list, name, err);
    if (added == NULL)
        return false;
    added->size_bytes = S_ISREG(st->st_mode) && st->st_size > 0 ? (uint64_t)st->st_size : 0;
    added->device = st->st_dev;
    added->inode = st->st_ino;
    return true;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool add_folder(struct archive_list *list, const char *path, int depth, struct error *err);

/* One entry of a folder: files, links to files, and folders, but not links to folders. */
static bool add_entry(struct archive_list *list, const char *path, int depth, struct error *err)
{
    struct stat st, link;

    if (stat(path, &st) != 0 || lstat(path, &link) != 0)
        return append_failure(list, path, errno, err);
    if (S_ISREG(st.st_mode))
        return append_file(list, path, &st, err);
    if (S_ISDIR(st.st_mode) && !S_ISLNK(link.st_mode))
        return add_folder(list, path, depth + 1, err);
    return true;
}

static bool add_folder(struct archive_list *list, const char *path, int depth, struct error *err)
{
    struct dirent **entries = NULL;
    struct buf name = {0};
    int count = depth > FOLDER_DEPTH_LIMIT ? -1 : scandir(path, &entries, is_visible, by_bytes);
    bool ok = true;

    if (count < 0)
        return append_failure(list, path, depth > FOLDER_DEPTH_LIMIT ? ELOOP : errno, err);
    for (int i = 0; i < count; i++) {
        size_t length = strlen(path);

        buf_reset(&name);
        buf_append(&name,
                   slice_of(path, length > 1 && path[length - 1] == '/' ? length - 1 : length));
        buf_append_byte(&name, '/');
        buf_append_string(&name, entries[i]->d_name);
        buf_append_byte(&name, '\0');
        ok = ok && !name.failed && add_entry(list, name.ptr, depth, err);
        free(entries[i]);
    }
    free(entries);
    if (name.failed)
        error_set_memory(err);
    buf_free(&name);
    return ok;
}

bool archive_list_add(struct archive_list *list, const char *path, struct error *err)
{
    size_t before = list->count;
    struct archive *added;
    struct stat st;

    if (strcmp(path, "-") == 0)
        return append(list, path, err) != NULL;
    if (stat(path, &st) != 0)
        return append_failure(list, path, errno, err);
    if (!S_ISDIR(st.st_mode))
        return append_file(list, path, &st, err);
    if (!add_folder(list, path, 0, err))
        return false;
    if (list->count > before)
        return true;
    added = append(list, path, err);
    if (added != NULL)
        error_set(&added->failure, ERROR_IO, "%s: a folder without archives", path);
    return added != NULL;
}

void archive_list_free(struct archive_list *list)
{
    arena_free(&list->arena);
    memset(list, 0, sizeof *list);
}
