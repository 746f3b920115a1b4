/* packing.c: known first bytes. */
#include "io/packing.h"

#include <stdbool.h>
#include <stddef.h>

#define PACKED ", which is not read; unpack it first"
#define TWICE  " once more" PACKED
#define NO_LOG ", which is no log"

/* What a file begins with, or has at a fixed place. Each has bytes that no text has, or so many
 * that no log begins with them. */
struct mark {
    size_t at;
    struct slice bytes;
    const char *name;
};

#define MARK(at, bytes, name)                                                                      \
    {                                                                                              \
        (at), {(bytes), sizeof(bytes) - 1}, (name)                                                 \
    }

static bool has_mark(struct slice head, const struct mark *mark)
{
    return head.len >= mark->at && slice_starts_with(slice_from(head, mark->at), mark->bytes);
}

/* "BZh", the size of its blocks, and the first one, or the end where there is none. */
static bool is_bzip2(struct slice head)
{
    return slice_starts_with(head, SLICE("BZh")) && head.len > 4 &&
           (slice_starts_with(slice_from(head, 4), SLICE("1AY&SY")) ||
            slice_starts_with(slice_from(head, 4), SLICE("\x17\x72\x45\x38\x50\x90")));
}

const char *packing_unread(struct slice head)
{
    static const unsigned char gzip_reserved = 0xe0;
    static const struct mark marks[] = {
        MARK(0, "PK\x03\x04", "a zip archive" PACKED),
        MARK(0, "PK\x05\x06", "a zip archive, an empty one"),
        MARK(0, "\x1f\x8b\x08", "gzip" TWICE),
        MARK(0, "\x28\xb5\x2f\xfd", "zstd" TWICE),
        MARK(0, "\xfd\x37\x7a\x58\x5a\0", "xz" TWICE),
        MARK(5, "\xff\xff\xff\xff\xff\xff\xff\xff", "lzma" PACKED),
        MARK(0, "\x04\x22\x4d\x18", "lz4" PACKED),
        MARK(0, "\x02\x21\x4c\x18", "lz4" PACKED),
        MARK(0, "\x89LZO\0\r\n\x1a\n", "lzop" PACKED),
        MARK(0, "LZIP\x01", "lzip" PACKED),
        MARK(0, "\x1f\x9d", "compress (.Z)" PACKED),
        MARK(0, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive" PACKED),
        MARK(0, "Rar!\x1a\x07", "a RAR archive" PACKED),
        MARK(0, "MSCF\0\0\0\0", "a cabinet archive" PACKED),
        MARK(257, "ustar\0", "a tar archive" PACKED),
        MARK(257, "ustar  \0", "a tar archive" PACKED),
        MARK(0, "\xd4\xc3\xb2\xa1", "a packet capture" NO_LOG),
        MARK(0, "\xa1\xb2\xc3\xd4", "a packet capture" NO_LOG),
        MARK(0, "\x4d\x3c\xb2\xa1", "a packet capture" NO_LOG),
        MARK(8, "\x4d\x3c\x2b\x1a", "a packet capture" NO_LOG),
        MARK(0, "SQLite format 3\0", "an SQLite database" NO_LOG),
        MARK(0, "ElfFile\0", "an event log of Windows, which is not read; export it as text"),
        MARK(0, "LPKSHHRH", "a journal of systemd, which is not read; print it by journalctl"),
    };

    if (is_bzip2(head))
        return "bzip2" TWICE;
    if (slice_starts_with(head, SLICE("\x1f\x8b\x08")) && head.len > 3 &&
        ((unsigned char)head.ptr[3] & gzip_reserved) != 0)
        return "gzip with flags in its header that nobody has defined";
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (has_mark(head, &marks[i]))
            return marks[i].name;
    return NULL;
}
