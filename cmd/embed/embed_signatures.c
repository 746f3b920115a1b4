/* embed_signatures.c: build tool: apps.csv, domains.csv and tenants.csv into the tables that are
 * built in. */

#include "signature/image.h"

#include <stdio.h>
#include <stdlib.h>

/* Lay the file over the set under the name that messages are to show. */
static bool add_file(struct signature_set *set, const char *folder, const char *kind,
                     struct error *err)
{
    struct buf path = {0}, bytes = {0};
    struct signature_file file;
    FILE *in;
    bool ok = false;

    buf_printf(&path, "%s/%s", folder, kind);
    buf_append_byte(&path, '\0');
    in = path.failed ? NULL : fopen(path.ptr, "rb");
    if (in != NULL) {
        for (size_t got = 1; got > 0 && buf_reserve(&bytes, BUFSIZ); bytes.len += got)
            got = fread(bytes.ptr + bytes.len, 1, BUFSIZ, in);
        ok = ferror(in) == 0 && !bytes.failed;
        fclose(in);
    }
    if (!ok)
        error_set(err, ERROR_IO, "%s/%s: cannot be read", folder, kind);
    file = (struct signature_file){path.ptr, buf_slice(&bytes)};
    ok = ok && signature_set_add(set, &file, err);
    buf_free(&path);
    buf_free(&bytes);
    return ok;
}

int main(int argc, char **argv)
{
    const char *folder = argc == 2 ? argv[1] : "signatures";
    struct error err = {0};
    struct buf out = {0};
    struct signature_set *set = signature_set_create(&err);
    bool ok = set != NULL && add_file(set, folder, "apps.csv", &err) &&
              add_file(set, folder, "domains.csv", &err) &&
              add_file(set, folder, "tenants.csv", &err) && signature_set_finish(set, &err) &&
              signature_image_write(set, &out, &err);

    signature_set_free(set);
    if (ok)
        ok = fwrite(out.ptr, 1, out.len, stdout) == out.len && fflush(stdout) == 0;
    else
        fprintf(stderr, "%s\n", err.text);
    buf_free(&out);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
