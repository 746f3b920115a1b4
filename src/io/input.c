/* input.c: reads an archive as it is on disk, in large pieces. */
#include "io/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool open_file(struct input *in, const char *path, struct error *err)
{
    struct stat st;

    in->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (in->fd < 0 || fstat(in->fd, &st) != 0)
        return error_set_errno(err, errno, "%s", path);
    if (S_ISDIR(st.st_mode))
        return error_set_errno(err, EISDIR, "%s", path);
    if (!S_ISREG(st.st_mode))
        return true;
    in->start = lseek(in->fd, 0, SEEK_CUR);
    in->seekable = in->start >= 0;
    if (in->seekable && st.st_size > in->start)
        in->size_bytes = (uint64_t)(st.st_size - in->start);
    in->changed_s = st.st_mtime;
    posix_fadvise(in->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return true;
}

bool input_open(struct input *in, const char *path, struct error *err)
{
    size_t path_size = strlen(path) + 1;
    char *name;

    memset(in, 0, sizeof *in);
    in->fd = -1;
    in->buffer = malloc(INPUT_KEEP + INPUT_BYTES + path_size);
    if (in->buffer == NULL)
        return error_set_memory(err);
    memset(in->buffer, 0, INPUT_KEEP);
    name = in->buffer + INPUT_KEEP + INPUT_BYTES;
    memcpy(name, path, path_size);
    in->path = name;
    in->next = in->buffer + INPUT_KEEP;
    return open_file(in, path, err);
}

void input_set_tap(struct input *in, reader_tap *tap, void *context)
{
    in->tap = tap;
    in->tap_context = context;
    if (in->avail > 0)
        tap(context, slice_of(in->next, in->avail));
}

/* Bytes that end at ${end} were read: those never seen before go to the tap. */
static void show(struct input *in, struct slice bytes, uint64_t end)
{
    uint64_t far = atomic_load_explicit(&in->far, memory_order_relaxed);

    if (end <= far)
        return;
    if (end - far < bytes.len)
        bytes = slice_from(bytes, bytes.len - (size_t)(end - far));
    if (in->tap != NULL)
        in->tap(in->tap_context, bytes);
    atomic_store_explicit(&in->far, end, memory_order_relaxed);
}

static bool read_some(struct input *in, char *out, size_t cap, size_t *got, struct error *err)
{
    ssize_t n;

    *got = 0;
    if (in->at_end || cap == 0)
        return true;
    do
        n = read(in->fd, out, cap);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return error_set_errno(err, errno, "%s", in->path);
    *got = (size_t)n;
    in->at_end = n == 0;
    show(in, slice_of(out, *got), in->offset + in->avail + *got);
    return true;
}

/* Move the window, and the bytes that input_untake may want, to the front of the buffer. */
static void move_to_front(struct input *in)
{
    memmove(in->buffer, in->next - INPUT_KEEP, INPUT_KEEP + in->avail);
    in->next = in->buffer + INPUT_KEEP;
}

bool input_need(struct input *in, size_t want, struct error *err)
{
    size_t got;

    while (in->avail < want && !in->at_end) {
        move_to_front(in);
        if (!read_some(in, in->next + in->avail, INPUT_BYTES - in->avail, &got, err))
            return false;
        in->avail += got;
    }
    return true;
}

bool input_read(struct input *in, char *out, size_t cap, size_t *got, struct error *err)
{
    bool ok = read_some(in, out, cap, got, err);

    in->offset += *got;
    return ok;
}

void input_take(struct input *in, size_t n)
{
    in->next += n;
    in->avail -= n;
    in->offset += n;
}

void input_untake(struct input *in, size_t n)
{
    in->next -= n;
    in->avail += n;
    in->offset -= n;
}

bool input_seek(struct input *in, uint64_t offset, struct error *err)
{
    if (lseek(in->fd, in->start + (int64_t)offset, SEEK_SET) < 0)
        return error_set_errno(err, errno, "%s", in->path);
    in->next = in->buffer + INPUT_KEEP;
    in->avail = 0;
    in->offset = offset;
    in->at_end = false;
    return true;
}

bool input_skip_nuls(struct input *in, struct error *err)
{
    size_t n;

    do {
        if (!input_need(in, 1, err))
            return false;
        for (n = 0; n < in->avail && in->next[n] == '\0'; n++)
            ;
        input_take(in, n);
    } while (n > 0 && in->avail == 0);
    return true;
}

bool input_skip_rest(struct input *in, struct error *err)
{
    do {
        input_take(in, in->avail);
        if (!input_need(in, 1, err))
            return false;
    } while (in->avail > 0);
    return true;
}

void input_note_damage(struct input *in, const char *format, ...)
{
    size_t used = strlen(in->damage), room = sizeof in->damage - used;
    char *at = in->damage + used;
    va_list args;
    int n, sep = used == 0 ? 0 : snprintf(at, room, "; ");

    if (sep < 0 || (size_t)sep >= room) {
        *at = '\0';
        return;
    }
    va_start(args, format);
    n = vsnprintf(at + sep, room - (size_t)sep, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= room - (size_t)sep)
        *at = '\0';
}

void input_close(struct input *in)
{
    if (in->fd > STDIN_FILENO)
        close(in->fd);
    free(in->buffer);
    memset(in, 0, sizeof *in);
    in->fd = -1;
}
