/* folder.c: five names are tried; a file that is not there is none. */
#include "signature/folder.h"

#include "base/buf.h"
#include "signature/load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Pipes and devices may have no end. Returns: false with ${err} clear where there is nothing. */
static bool is_file(const char *path, struct error *err)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return errno == ENOENT ? false
                               : error_set(err, ERROR_USAGE, "%s: %s", path, strerror(errno));
    return S_ISREG(st.st_mode) || error_set(err, ERROR_USAGE, "%s: not a file", path);
}

/* All bytes of ${path}. Returns: false with ${err} clear where there is no such file. */
static bool read_file(const char *path, struct buf *out, struct error *err)
{
    FILE *f;
    size_t got = 1;
    int sys_errno;

    if (!is_file(path, err))
        return false;
    f = fopen(path, "rb");
    if (f == NULL)
        return error_set_errno(err, errno, "%s", path);
    while (got > 0 && buf_reserve(out, BUFSIZ)) {
        got = fread(out->ptr + out->len, 1, BUFSIZ, f);
        out->len += got;
    }
    sys_errno = errno;
    if (ferror(f) != 0)
        error_set_errno(err, sys_errno, "%s", path);
    fclose(f);
    if (out->failed)
        error_set_memory(err);
    return err->code == ERROR_NONE;
}

static bool add_file(struct signature_folder *folder, const char *path, struct error *err)
{
    struct buf bytes = {0};
    struct slice name, copy;

    if (read_file(path, &bytes, err)) {
        name = arena_copy(&folder->arena, slice_of_string(path));
        copy = arena_copy(&folder->arena, buf_slice(&bytes));
        folder->files[folder->count++] = (struct signature_file){name.ptr, copy};
        if (name.ptr == NULL || copy.ptr == NULL)
            error_set_memory(err);
    }
    buf_free(&bytes);
    return err->code == ERROR_NONE;
}

bool signature_folder_read(const char *dir, struct signature_folder *out, struct error *err)
{
    struct buf path = {0};

    for (size_t k = 0; load_kinds[k] != NULL && err->code == ERROR_NONE; k++) {
        buf_reset(&path);
        buf_printf(&path, "%s/%s", dir, load_kinds[k]);
        buf_append_byte(&path, '\0');
        if (path.failed)
            error_set_memory(err);
        else
            add_file(out, path.ptr, err);
    }
    buf_free(&path);
    if (err->code == ERROR_NONE && out->count == 0 && access(dir, F_OK) != 0)
        error_set(err, ERROR_USAGE, "signatures folder '%s': %s", dir, strerror(errno));
    if (err->code == ERROR_NONE && out->count == 0)
        error_set(err, ERROR_USAGE,
                  "signatures folder '%s': holds none of apps.csv, domains.csv, networks.csv, "
                  "tenants.csv and rules.csv",
                  dir);
    return err->code == ERROR_NONE;
}

void signature_folder_free(struct signature_folder *folder)
{
    arena_free(&folder->arena);
    *folder = (struct signature_folder){0};
}
