/* packing.c: known first bytes. */
#include "io/packing.h"

#include <stddef.h>

const char *packing_unread(struct slice head)
{
    const struct {
        struct slice magic;
        const char *name;
    } known[] = {
        {SLICE("PK\x03\x04"), "a zip archive"},
        {SLICE("\x1f\x8b\x08"), "gzip once more"},
        {SLICE("\x28\xb5\x2f\xfd"), "zstd once more"},
        {SLICE("\xfd\x37\x7a\x58\x5a\0"), "xz once more"},
        {SLICE("BZh"), "bzip2 once more"},
        {SLICE("7z\xbc\xaf\x27\x1c"), "a 7-Zip archive"},
        {SLICE("Rar!\x1a\x07"), "a RAR archive"},
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (slice_starts_with(head, known[i].magic))
            return known[i].name;
    return NULL;
}
