/* devices_fuzz.c: any bytes as a list of machines: refused with a message, or asked. */
#include "identity/devices.h"

#include "identity/fuzzing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = {0};
    char path[FUZZING_PATH];
    struct slice text = slice_of((const char *)data, size), none = {NULL, 0}, user = {NULL, 0};
    int fd = fuzzing_file(data, size, path);
    struct devices *d = devices_load(path, &err);

    if ((d == NULL) != (err.code != ERROR_NONE) || (d == NULL && err.text[0] == '\0'))
        abort();
    if (d != NULL && devices_find(d, text, text, &user) && user.len == 0)
        abort();
    if (d != NULL && devices_find(d, none, none, &user))
        abort();
    devices_free(d);
    close(fd);
    return 0;
}
