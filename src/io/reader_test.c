/* reader_test.c: every kind of packing, whole and damaged, from files and pipes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "io/reader.h"

#include <bzlib.h>
#include <lzma.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { ROOM = 1 << 16 };

static void pack_plain(struct slice in, struct buf *out)
{
    buf_append(out, in);
}

static void pack_gzip(struct slice in, struct buf *out)
{
    z_stream z = {0};

    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_true(buf_reserve(out, ROOM));
    z.next_in = (const Bytef *)in.ptr;
    z.avail_in = (uInt)in.len;
    z.next_out = (Bytef *)out->ptr + out->len;
    z.avail_out = ROOM;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->len += ROOM - z.avail_out;
    deflateEnd(&z);
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
    struct buf copy = {0};
    unsigned n = ROOM;

    buf_append(&copy, in);
    buf_append_byte(&copy, '\0'); /* the library wants a pointer even to nothing */
    assert_true(buf_reserve(out, ROOM));
    assert_int_equal(BZ2_bzBuffToBuffCompress(out->ptr + out->len, &n, copy.ptr, (unsigned)in.len,
                                              9, 0, 0),
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

static pack *const packs[] = {pack_plain, pack_gzip, pack_zstd, pack_xz, pack_bzip2};
static const char *const names[] = {"plain", "gzip", "zstd", "xz", "bzip2"};

enum { PACKS = sizeof packs / sizeof packs[0] };

static void test_each_packing_gives_its_bytes(void **state)
{
    static const size_t caps[] = {1, 7, 4096, 300000};
    struct buf text = {0}, packed = {0}, got = {0};
    struct error err = {0};
    char path[32];

    (void)state;
    make_text(&text, 500);
    for (size_t i = 0; i < PACKS * sizeof caps / sizeof caps[0]; i++) {
        size_t kind = i % PACKS;
        struct reader *r;
        FILE *file;

        buf_reset(&packed);
        buf_reset(&got);
        packs[kind](buf_slice(&text), &packed);
        file = make_file(buf_slice(&packed), path);
        r = reader_open(path, INFLATE_BEST, &err);
        assert_non_null(r);
        assert_string_equal(reader_packing(r), names[kind]);
        assert_int_equal(reader_size_bytes(r), packed.len);
        read_all(r, caps[i / PACKS], &got);
        assert_bytes(&got, buf_slice(&text));
        assert_damage(r, NULL);
        assert_int_equal(reader_done_bytes(r), packed.len);
        assert_true(reader_file_time(r) > 1700000000);
        reader_close(r);
        fclose(file);
    }
    buf_free(&text);
    buf_free(&packed);
    buf_free(&got);
}

/* Two pieces, the second without its last ${cut} bytes, then ${tail}. */
static const struct {
    size_t kind, cut;
    const char *tail;
    size_t tail_length;
    bool both; /* are the bytes of both pieces given? */
    const char *damage;
} pieces[] = {
    {1, 0, "", 0, true, NULL},
    {1, 0, "\0\0\0\0\0", 5, true, NULL},
    {1, 0, "\0junk", 5, true, "gzip: 5 bytes of garbage after the last member"},
    {1, 0, "\x1f", 1, true, "gzip: 1 bytes of garbage after the last member"},
    {1, 0, "\x1f\x8b\x08", 3, true, "gzip: cut off after 69 bytes"},
    {1, 0, "\x1f\x8b\x08\xe0zzzzzz", 10, true, "gzip: 10 bytes of garbage after the last member"},
    {1, 8, "", 0, true, "gzip: cut off after 58 bytes"},
    {1, 1, "", 0, true, "gzip: cut off after 65 bytes"},
    {1, 33, "", 0, false, "gzip: cut off after 33 bytes"},
    {1, 32, "", 0, false, "gzip: 1 bytes of garbage after the last member"},
    {2, 0, "", 0, true, NULL},
    {2, 0, "\0\0", 2, true, NULL},
    {2, 0, "\x50\x2a\x4d\x18\x03\0\0\0abc", 11, true, NULL}, /* a skippable frame */
    {2, 0, "junk", 4, true, "zstd: 4 bytes of garbage after the last frame"},
    {2, 10, "", 0, false, "zstd: cut off after 46 bytes"},
    {3, 0, "", 0, true, NULL},
    {3, 0, "\0\0\0\0", 4, true, NULL},
    {3, 0, "junk", 4, true, "xz: 4 bytes of garbage after the last stream"},
    {3, 60, "", 0, false, "xz: cut off after 84 bytes"},
    {4, 0, "", 0, true, NULL},
    {4, 0, "\0", 1, true, NULL},
    {4, 0, "BZh", 3, true, "bzip2: 3 bytes of garbage after the last stream"},
    {4, 20, "", 0, false, "bzip2: cut off after 92 bytes"},
};

static void test_pieces_and_what_follows(void **state)
{
    static const char first[] = "first line\n", second[] = "second one\n";
    struct buf packed = {0}, got = {0};
    struct error err = {0};
    char path[32];

    (void)state;
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct reader *r;
        FILE *file;

        buf_reset(&packed);
        buf_reset(&got);
        packs[pieces[i].kind](SLICE(first), &packed);
        packs[pieces[i].kind](SLICE(second), &packed);
        packed.len -= pieces[i].cut;
        buf_append(&packed, slice_of(pieces[i].tail, pieces[i].tail_length));
        file = make_file(buf_slice(&packed), path);
        r = reader_open(path, INFLATE_BEST, &err);
        assert_non_null(r);
        read_all(r, 4096, &got);
        print_message("row %zu: %s\n", i, reader_damage(r) == NULL ? "-" : reader_damage(r));
        assert_damage(r, pieces[i].damage);
        assert_bytes(&got, pieces[i].both ? SLICE("first line\nsecond one\n") : SLICE(first));
        reader_close(r);
        fclose(file);
    }
    buf_free(&packed);
    buf_free(&got);
}
