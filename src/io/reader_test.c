/* reader_test.c: every kind of packing, whole and damaged, from files and pipes. */
#include "io/reader.h"

#include "base/buf.h"

#include <bzlib.h>
#include <errno.h>
#include <fcntl.h>
#include <lzma.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { ROOM = 1 << 21 };

static void pack_plain(struct slice in, struct buf *out)
{
    buf_append(out, in);
}

static void pack_gzip(struct slice in, struct buf *out)
{
    z_stream z = {0};
    struct buf copy = {0}; /* the library's pointer is not const */

    buf_append(&copy, in);
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_true(buf_reserve(out, ROOM));
    z.next_in = (Bytef *)copy.ptr;
    z.avail_in = (uInt)in.len;
    z.next_out = (Bytef *)out->ptr + out->len;
    z.avail_out = ROOM;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->len += ROOM - z.avail_out;
    deflateEnd(&z);
    buf_free(&copy);
}

static void pack_zstd(struct slice in, struct buf *out)
{
    size_t n;

    assert_true(buf_reserve(out, ROOM));
    n = ZSTD_compress(out->ptr + out->len, ROOM, in.ptr, in.len, 3);
    assert_false(ZSTD_isError(n));
    out->len += n;
}

static void pack_xz(struct slice in, struct buf *out)
{
    size_t n = 0;

    assert_true(buf_reserve(out, ROOM));
    assert_int_equal(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, NULL, (const uint8_t *)in.ptr,
                                             in.len, (uint8_t *)out->ptr + out->len, &n, ROOM),
                     LZMA_OK);
    out->len += n;
}

static void pack_bzip2(struct slice in, struct buf *out)
{
    struct buf copy = {0}; /* here too */
    unsigned n = ROOM;

    buf_append(&copy, in);
    buf_append_byte(&copy, '\0'); /* the library wants a pointer even to nothing */
    assert_true(buf_reserve(out, ROOM));
    assert_int_equal(
        BZ2_bzBuffToBuffCompress(out->ptr + out->len, &n, copy.ptr, (unsigned)in.len, 9, 0, 0),
        BZ_OK);
    out->len += n;
    buf_free(&copy);
}

typedef void pack(struct slice in, struct buf *out);

/* A file without a name that goes away by itself; its path is good while it is open. */
static FILE *make_file(struct slice bytes, char path[32])
{
    FILE *file = tmpfile();

    assert_non_null(file);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
    assert_int_equal(fflush(file), 0);
    snprintf(path, 32, "/proc/self/fd/%d", fileno(file));
    return file;
}

/* All that a reader gives, ${cap} bytes at a time. */
static void read_all(struct reader *r, size_t cap, struct buf *out)
{
    struct error err = {0};
    size_t got;

    do {
        assert_true(buf_reserve(out, cap));
        if (!reader_read(r, out->ptr + out->len, cap, &got, &err))
            fail_msg("%s", err.text);
        out->len += got;
    } while (got > 0);
    assert_true(reader_read(r, out->ptr, cap, &got, &err));
    assert_int_equal(got, 0);
}

static void assert_bytes(const struct buf *got, struct slice expected)
{
    assert_int_equal(got->len, expected.len);
    if (expected.len > 0)
        assert_memory_equal(got->ptr, expected.ptr, expected.len);
}

static void assert_damage(const struct reader *r, const char *expected)
{
    if (expected == NULL)
        assert_null(reader_damage(r));
    else if (reader_damage(r) == NULL)
        fail_msg("no damage seen; expected %s", expected);
    else
        assert_string_equal(reader_damage(r), expected);
}

/* Text that packs to a third or so, over several buffers of the caller. */
static void make_text(struct buf *out, size_t lines)
{
    uint64_t random = 88172645463325252u;

    for (size_t i = 0; i < lines; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        buf_printf(out, "%zu 10.0.0.%u GET http://host%u.example/\n", i, (unsigned)random % 250,
                   (unsigned)(random >> 32) % 1000);
    }
}

static const struct {
    const char *name, *piece;
    pack *pack;
} kinds[] = {
    {"plain", NULL, pack_plain}, {"gzip", "member", pack_gzip},   {"zstd", "frame", pack_zstd},
    {"xz", "stream", pack_xz},   {"bzip2", "stream", pack_bzip2},
};

enum { PLAIN, GZIP, ZSTD, XZ, BZIP2 };

static void each_packing_gives_its_bytes(void **state)
{
    static const size_t caps[] = {1, 7, 4096, 300000};
    struct buf text = {0}, packed = {0}, got = {0};
    struct error err = {0};
    char path[32];

    (void)state;
    make_text(&text, 500);
    for (size_t i = 0; i < COUNT(kinds) * COUNT(caps); i++) {
        size_t kind = i % COUNT(kinds);
        struct reader *r;
        FILE *file;

        buf_reset(&packed);
        buf_reset(&got);
        kinds[kind].pack(buf_slice(&text), &packed);
        file = make_file(buf_slice(&packed), path);
        r = reader_open(path, INFLATE_BEST, &err);
        assert_non_null(r);
        assert_string_equal(reader_packing(r), kinds[kind].name);
        assert_int_equal(reader_size_bytes(r), packed.len);
        read_all(r, caps[i / COUNT(kinds)], &got);
        assert_bytes(&got, buf_slice(&text));
        assert_null(reader_damage(r));
        assert_int_equal(reader_done_bytes(r), packed.len);
        assert_true(reader_file_time(r) > 1700000000);
        reader_close(r);
        fclose(file);
    }
    buf_free(&text);
    buf_free(&packed);
    buf_free(&got);
}

/* What stands behind two pieces, and how many of its bytes are garbage. */
static const struct {
    size_t kind;
    struct slice tail;
    size_t garbage;
} tails[] = {
    {GZIP, {"", 0}, 0},
    {GZIP, {"\0\0\0\0\0", 5}, 0},
    {GZIP, {"\0junk", 5}, 5},
    {GZIP, {"\x1f", 1}, 1},
    {GZIP, {"\x1f\x8b\x07\0zzzzzz", 10}, 10},
    {GZIP, {"\x1f\x8b\x08\xe0zzzzzz", 10}, 10},
    {ZSTD, {"", 0}, 0},
    {ZSTD, {"\0\0", 2}, 0},
    {ZSTD, {"\x50\x2a\x4d\x18\x03\0\0\0abc", 11}, 0}, /* a skippable frame */
    {ZSTD, {"junk", 4}, 4},
    {XZ, {"", 0}, 0},
    {XZ, {"\0\0\0\0", 4}, 0},
    {XZ, {"junk", 4}, 4},
    {BZIP2, {"", 0}, 0},
    {BZIP2, {"\0", 1}, 0},
    {BZIP2, {"BZh", 3}, 3},
};

static void reads_pieces_and_names_garbage_behind(void **state)
{
    struct buf packed = {0}, got = {0};
    struct error err = {0};
    char path[32], damage[100];

    (void)state;
    for (size_t i = 0; i < COUNT(tails); i++) {
        size_t kind = tails[i].kind;
        struct reader *r;
        FILE *file;

        buf_reset(&packed);
        buf_reset(&got);
        kinds[kind].pack(SLICE("one\n"), &packed);
        kinds[kind].pack(SLICE(""), &packed);
        kinds[kind].pack(SLICE("two\n"), &packed);
        buf_append(&packed, tails[i].tail);
        snprintf(damage, sizeof damage, "%s: %zu bytes of garbage after the last %s",
                 kinds[kind].name, tails[i].garbage, kinds[kind].piece);
        file = make_file(buf_slice(&packed), path);
        r = reader_open(path, INFLATE_BEST, &err);
        assert_non_null(r);
        read_all(r, 4096, &got);
        assert_damage(r, tails[i].garbage == 0 ? NULL : damage);
        assert_bytes(&got, SLICE("one\ntwo\n"));
        assert_int_equal(reader_done_bytes(r), packed.len);
        reader_close(r);
        fclose(file);
    }
    buf_free(&packed);
    buf_free(&got);
}

/* Cut anywhere, an archive gives the beginning of its bytes, and says that it is cut off. */
static void reads_what_is_left_of_a_cut_archive(void **state)
{
    struct buf text = {0}, packed = {0}, got = {0};
    struct error err = {0};
    char path[32], damage[100];

    (void)state;
    make_text(&text, 100);
    for (size_t kind = GZIP; kind <= BZIP2; kind++) {
        buf_reset(&packed);
        kinds[kind].pack(buf_slice(&text), &packed);
        for (size_t keep = 16; keep < packed.len; keep += 1 + packed.len / 97) {
            FILE *file = make_file(slice_of(packed.ptr, keep), path);
            struct reader *r = reader_open(path, INFLATE_BEST, &err);

            assert_non_null(r);
            buf_reset(&got);
            read_all(r, 4096, &got);
            snprintf(damage, sizeof damage, "%s: cut off after %zu bytes", kinds[kind].name, keep);
            assert_damage(r, damage);
            assert_true(got.len <= text.len);
            if (got.len > 0)
                assert_memory_equal(got.ptr, text.ptr, got.len);
            reader_close(r);
            fclose(file);
        }
        if (kind == GZIP) /* bzip2, xz and zstd may hold all in one block */
            assert_true(got.len > text.len / 2);
    }
    buf_free(&text);
    buf_free(&packed);
    buf_free(&got);
}

static void names_bad_data(void **state)
{
    struct buf text = {0}, packed = {0}, got = {0};
    struct error err = {0};
    char path[32], damage[100];

    (void)state;
    make_text(&text, 100);
    for (size_t kind = ZSTD; kind <= BZIP2; kind++) {
        struct reader *r;
        FILE *file;

        buf_reset(&packed);
        buf_reset(&got);
        kinds[kind].pack(SLICE("one\n"), &packed);
        kinds[kind].pack(buf_slice(&text), &packed);
        memset(packed.ptr + packed.len / 2, 0x55, 40);
        file = make_file(buf_slice(&packed), path);
        r = reader_open(path, INFLATE_BEST, &err);
        assert_non_null(r);
        read_all(r, 4096, &got);
        snprintf(damage, sizeof damage, "%s: bad data in %s 2 after %zu unpacked bytes",
                 kinds[kind].name, kinds[kind].piece, got.len);
        assert_damage(r, damage);
        assert_true(got.len >= 4);
        assert_memory_equal(got.ptr, "one\n", 4);
        reader_close(r);
        fclose(file);
    }
    buf_free(&text);
    buf_free(&packed);
    buf_free(&got);
}

/* A frame of a few bytes that asks for 1 GiB; what stands before it is read. */
static void refuses_large_windows(void **state)
{
    static const char asks[] = "\x28\xb5\x2f\xfd\xb5\x00\x00\x28\x00\x40\x01";
    char path[32];
    struct buf packed = {0}, got = {0};
    struct error err = {0};
    struct reader *r;
    FILE *file;

    (void)state;
    pack_zstd(SLICE("one\n"), &packed);
    buf_append(&packed, SLICE(asks));
    buf_append(&packed, SLICE("rest of the frame"));
    file = make_file(buf_slice(&packed), path);
    r = reader_open(path, INFLATE_BEST, &err);
    assert_non_null(r);
    read_all(r, 4096, &got);
    assert_bytes(&got, SLICE("one\n"));
    assert_damage(r, "zstd: a frame asks for more than 512 MiB of memory; pack the archive again "
                     "with --long=29 or less");
    reader_close(r);
    fclose(file);
    buf_free(&packed);
    buf_free(&got);
}

static void recognises_by_content(void **state)
{
    static const struct {
        struct slice bytes;
        const char *packing;
    } rows[] = {
        {{"", 0}, "plain"},
        {{"a", 1}, "plain"},
        {{"\x1f\x8b", 2}, "plain"},
        {{"\x1f\x8b\x08", 3}, "gzip"},
        {{"\x1f\x8b\x08\x1f", 4}, "gzip"},
        {{"\x1f\x8b\x08\x20", 4}, "plain"},
        {{"\x1f\x8bis not a gzip file\n", 21}, "plain"},
        {{"\x28\xb5\x2f\xfd", 4}, "zstd"},
        {{"\x28\xb5\x2f\xfe", 4}, "plain"},
        {{"\x5f\x2a\x4d\x18", 4}, "zstd"},
        {{"\x60\x2a\x4d\x18", 4}, "plain"},
        {{"\xfd\x37zXZ\0", 6}, "xz"},
        {{"\xfd\x37zXZ\1", 6}, "plain"},
        {{"BZh9", 4}, "bzip2"},
        {{"BZh0", 4}, "plain"},
        {{"BZh is my host\n", 15}, "plain"},
        {{"BZh91AY&SY", 10}, "bzip2"},
        {{"BZh9 1AY&SY", 11}, "plain"},
    };
    struct error err = {0};
    char path[32];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        FILE *file = make_file(rows[i].bytes, path);
        struct reader *r = reader_open(path, INFLATE_BEST, &err);

        assert_non_null(r);
        assert_string_equal(reader_packing(r), rows[i].packing);
        reader_close(r);
        fclose(file);
    }
}

/* A pipe that another thread fills, in pieces. */
struct feed {
    int fd;
    struct slice bytes;
};

static void *feed_pipe(void *argument)
{
    struct feed *feed = argument;

    for (struct slice left = feed->bytes; left.len > 0;) {
        ssize_t n = write(feed->fd, left.ptr, left.len < 1000 ? left.len : 1000);

        if (n <= 0)
            break;
        left = slice_from(left, (size_t)n);
    }
    close(feed->fd);
    return NULL;
}

static void reads_pipes(void **state)
{
    struct buf text = {0}, packed = {0}, got = {0};
    struct error err = {0};

    (void)state;
    make_text(&text, 500);
    for (size_t kind = PLAIN; kind <= BZIP2; kind++) {
        struct feed feed;
        struct reader *r;
        char path[32];
        int ends[2];
        pthread_t thread;

        buf_reset(&packed);
        buf_reset(&got);
        kinds[kind].pack(buf_slice(&text), &packed);
        assert_int_equal(pipe(ends), 0);
        feed = (struct feed){ends[1], buf_slice(&packed)};
        assert_int_equal(pthread_create(&thread, NULL, feed_pipe, &feed), 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
        r = reader_open(path, INFLATE_ISAL, &err);
        assert_non_null(r);
        read_all(r, 5000, &got);
        assert_bytes(&got, buf_slice(&text));
        assert_null(reader_damage(r));
        assert_int_equal(reader_size_bytes(r), 0);
        assert_int_equal(reader_file_time(r), 0);
        assert_int_equal(reader_done_bytes(r), packed.len);
        pthread_join(thread, NULL);
        reader_close(r);
        close(ends[0]);
    }
    buf_free(&text);
    buf_free(&packed);
    buf_free(&got);
}

static void keep_bytes(void *context, struct slice bytes)
{
    buf_append(context, bytes);
}

/* The tap sees the file as it is, once, whatever is wrong with it and however it is read. */
static void tap_sees_all_bytes(void **state)
{
    struct buf text = {0}, packed = {0}, got = {0}, seen = {0};
    struct error err = {0};
    char path[32];

    (void)state;
    make_text(&text, 8000);
    for (size_t i = 0; i < 3 * COUNT(kinds); i++) {
        size_t kind = i % COUNT(kinds);
        struct reader *r;
        FILE *file;

        buf_reset(&packed);
        buf_reset(&got);
        buf_reset(&seen);
        kinds[kind].pack(buf_slice(&text), &packed);
        if (i >= COUNT(kinds))
            memset(packed.ptr + packed.len / 3, 0xff, 30);
        if (i >= 2 * COUNT(kinds))
            kinds[kind].pack(buf_slice(&text), &packed);
        file = make_file(buf_slice(&packed), path);
        r = reader_open(path, INFLATE_BEST, &err);
        assert_non_null(r);
        reader_set_tap(r, keep_bytes, &seen);
        read_all(r, 100000, &got);
        assert_bytes(&seen, buf_slice(&packed));
        assert_true(kind == PLAIN || (reader_damage(r) != NULL) == (i >= COUNT(kinds)));
        reader_close(r);
        fclose(file);
    }
    buf_free(&text);
    buf_free(&packed);
    buf_free(&got);
    buf_free(&seen);
}

static void refuses_what_cannot_be_opened(void **state)
{
    struct error missing = {0}, folder = {0};

    (void)state;
    assert_null(reader_open("/nonexistent/a.gz", INFLATE_BEST, &missing));
    assert_int_equal(missing.code, ERROR_IO);
    assert_int_equal(missing.sys_errno, ENOENT);
    assert_string_equal(missing.text, "/nonexistent/a.gz: No such file or directory");
    assert_null(reader_open("/", INFLATE_BEST, &folder));
    assert_int_equal(folder.sys_errno, EISDIR);
    reader_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_packing_gives_its_bytes),
        cmocka_unit_test(reads_pieces_and_names_garbage_behind),
        cmocka_unit_test(reads_what_is_left_of_a_cut_archive),
        cmocka_unit_test(names_bad_data),
        cmocka_unit_test(refuses_large_windows),
        cmocka_unit_test(recognises_by_content),
        cmocka_unit_test(reads_pipes),
        cmocka_unit_test(tap_sees_all_bytes),
        cmocka_unit_test(refuses_what_cannot_be_opened),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
