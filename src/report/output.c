/* output.c: a file that takes its place only when it is complete. */
#include "report/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DRAIN_BYTES = 64 * 1024 };

struct output {
    int fd;
    const char *shown; /* its name in messages; borrowed */
    char *target;      /* NULL where it is written directly */
    dev_t device;      /* of the file that stands there now */
    ino_t inode;       /* 0: there is none */
    char *temporary;   /* NULL once in place */
    struct buf text;
    bool kept; /* the text is: nothing is written */
    struct output_guard *guard;
    struct output *next; /* in the guard */
};

static void guard_add(struct output *o)
{
    if (o->guard == NULL)
        return;
    pthread_mutex_lock(&o->guard->mutex);
    o->next = o->guard->first;
    o->guard->first = o;
    pthread_mutex_unlock(&o->guard->mutex);
}

static void guard_drop(struct output *o)
{
    struct output **at;

    if (o->guard == NULL)
        return;
    pthread_mutex_lock(&o->guard->mutex);
    for (at = &o->guard->first; *at != NULL && *at != o; at = &(*at)->next)
        ;
    if (*at == o)
        *at = o->next;
    pthread_mutex_unlock(&o->guard->mutex);
}

void output_guard_remove(const struct output_guard *guard)
{
    for (const struct output *o = guard->first; o != NULL; o = o->next)
        if (o->temporary != NULL)
            unlink(o->temporary);
}

static mode_t mode_by_umask(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0666 & ~mask;
}

static const char *base_name(const char *target)
{
    const char *slash = strrchr(target, '/');

    return slash == NULL ? target : slash + 1;
}

/* "folder/.name.XXXXXX" for the target "folder/name". */
static char *temporary_name(const char *target)
{
    const char *base = base_name(target);
    struct buf name = {0};

    buf_append(&name, slice_of(target, (size_t)(base - target)));
    buf_append_byte(&name, '.');
    buf_append_string(&name, base);
    buf_append(&name, slice_of(".XXXXXX", sizeof ".XXXXXX"));
    if (!name.failed)
        return name.ptr;
    buf_free(&name);
    return NULL;
}

static bool open_temporary(struct output *o, mode_t mode, struct error *err)
{
    o->temporary = o->target == NULL ? NULL : temporary_name(o->target);
    if (o->temporary == NULL)
        return error_set_memory(err);
    o->fd = mkstemp(o->temporary);
    if (o->fd < 0) {
        int why = errno;

        free(o->temporary);
        o->temporary = NULL;
        return error_set_errno(err, why, "%s: cannot write", o->shown);
    }
    guard_add(o);
    if (fchmod(o->fd, mode) != 0)
        return error_set_errno(err, errno, "%s: cannot set its permissions", o->shown);
    return true;
}

static bool open_file(struct output *o, const char *path, struct error *err)
{
    struct stat st;
    bool exists = stat(path, &st) == 0;

    if (exists && S_ISDIR(st.st_mode))
        return error_set(err, ERROR_IO, "%s: is a folder; expected a file to write", path);
    if (exists && !S_ISREG(st.st_mode)) {
        o->fd = open(path, O_WRONLY | O_CLOEXEC);
        return o->fd >= 0 || error_set_errno(err, errno, "%s: cannot write", path);
    }
    if (exists && access(path, W_OK) != 0)
        return error_set_errno(err, errno, "%s: cannot write", path);
    if (exists) {
        o->device = st.st_dev;
        o->inode = st.st_ino;
    }
    o->target = exists ? realpath(path, NULL) : strdup(path);
    return open_temporary(o, exists ? st.st_mode & 0777 : mode_by_umask(), err);
}

struct output *output_open(const char *path, struct output_guard *guard, struct error *err)
{
    struct output *o = calloc(1, sizeof *o);

    if (o == NULL) {
        error_set_memory(err);
        return NULL;
    }
    o->guard = guard;
    o->fd = STDOUT_FILENO;
    o->shown = path;
    if (path == NULL || strcmp(path, "-") == 0) {
        o->shown = "standard output";
        return o;
    }
    o->fd = -1;
    if (open_file(o, path, err))
        return o;
    output_close(o);
    return NULL;
}

struct output *output_open_memory(struct error *err)
{
    struct output *o = calloc(1, sizeof *o);

    if (o == NULL) {
        error_set_memory(err);
        return NULL;
    }
    o->fd = -1;
    o->shown = "memory";
    o->kept = true;
    return o;
}

const char *output_name(const struct output *o)
{
    return o->shown;
}

/* Of the folder that ${o} is written in. */
static bool stat_folder(const struct output *o, struct stat *st)
{
    struct buf folder = {0};
    bool ok;

    buf_append(&folder, slice_of(o->target, (size_t)(base_name(o->target) - o->target)));
    buf_append(&folder, slice_of(".", sizeof "."));
    ok = !folder.failed && stat(folder.ptr, st) == 0;
    buf_free(&folder);
    return ok;
}

bool output_same_place(const struct output *a, const struct output *b)
{
    struct stat of_a, of_b;

    return a->target != NULL && b->target != NULL &&
           strcmp(base_name(a->target), base_name(b->target)) == 0 && stat_folder(a, &of_a) &&
           stat_folder(b, &of_b) && of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

bool output_replaces(const struct output *o, uint64_t device, uint64_t inode)
{
    return o->inode != 0 && o->device == device && o->inode == inode;
}

struct buf *output_buf(struct output *o)
{
    return &o->text;
}

bool output_flush(struct output *o, struct error *err)
{
    struct slice rest = buf_slice(&o->text);

    if (o->text.failed)
        return error_set_memory(err);
    if (o->kept)
        return true;
    while (rest.len > 0) {
        ssize_t written = write(o->fd, rest.ptr, rest.len);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return error_set_errno(err, errno, "%s: cannot write", o->shown);
        rest = slice_from(rest, (size_t)written);
    }
    buf_reset(&o->text);
    return true;
}

bool output_drain(struct output *o, struct error *err)
{
    return (o->text.len < DRAIN_BYTES && !o->text.failed) || output_flush(o, err);
}

bool output_finish(struct output *o, struct error *err)
{
    bool synced, closed;
    int why;

    if (!output_flush(o, err))
        return false;
    if (o->temporary == NULL || o->fd < 0)
        return true;
    synced = fsync(o->fd) == 0;
    why = errno;
    closed = close(o->fd) == 0; /* a full disk may show only now */
    o->fd = -1;
    if (!synced || !closed)
        return error_set_errno(err, synced ? errno : why, "%s: cannot write", o->shown);
    return true;
}

bool output_commit(struct output *o, struct error *err)
{
    if (!output_finish(o, err))
        return false;
    if (o->temporary == NULL)
        return true;
    if (rename(o->temporary, o->target) != 0)
        return error_set_errno(err, errno, "%s: cannot write", o->shown);
    guard_drop(o);
    free(o->temporary);
    o->temporary = NULL;
    return true;
}

bool output_reader_is_gone(const struct error *err)
{
    return err->code == ERROR_IO && err->sys_errno == EPIPE;
}

void output_close(struct output *o)
{
    if (o == NULL)
        return;
    guard_drop(o);
    if (o->fd >= 0 && o->fd != STDOUT_FILENO)
        close(o->fd);
    if (o->temporary != NULL)
        unlink(o->temporary);
    free(o->temporary);
    free(o->target);
    buf_free(&o->text);
    free(o);
}
