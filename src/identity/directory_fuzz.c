/* directory_fuzz.c: any bytes as a directory, CSV or LDIF: it is refused with a message, or every
 * person in it is found under the own name. */
#include "identity/directory.h"

#include "base/buf.h"
#include "identity/fuzzing.h"
#include "identity/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_up_all(const struct directory *d)
{
    struct slice first = {NULL, 0};
    size_t ambiguous = directory_ambiguous(d, &first);

    if (ambiguous > 0 && directory_find(d, first) != NOBODY)
        abort();
    for (uint32_t i = 0; i < directory_count(d); i++) {
        struct buf folded = {0};
        uint32_t found = directory_find(d, name_fold(directory_person(d, i)->user, &folded));

        if (found != i && !folded.failed)
            abort();
        buf_free(&folded);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const renamed[] = {NULL, "user:cn,name:Login Name", "user:,x", ""};
    struct error err = {0};
    char path[FUZZING_PATH];
    size_t which = size > 0 ? data[0] % 4U : 0;
    int fd = fuzzing_file(data, size, path);
    struct directory *d = directory_load(path, which == 0 ? NULL : renamed[which], &err);

    if ((d == NULL) != (err.code != ERROR_NONE) || (d == NULL && err.text[0] == '\0'))
        abort();
    if (d != NULL)
        look_up_all(d);
    directory_free(d);
    close(fd);
    return 0;
}
