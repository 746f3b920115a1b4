/* reader_gzip_test.c: gzip members, sound and damaged; both inflaters say the same. */
#include "base/buf.h"
#include "io/reader.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const enum inflate inflaters[] = {INFLATE_ISAL, INFLATE_ZLIB};

/* What came of one archive. */
struct outcome {
    struct buf bytes;
    char damage[300]; /* "" where sound */
    int64_t time;
};

static void append_number(struct buf *out, uint32_t n)
{
    for (int i = 0; i < 4; i++)
        buf_append_byte(out, (char)(unsigned char)(n >> 8 * i));
}

/* Deflate data of ${in}, raw. */
static void deflate_raw(struct slice in, int level, int strategy, struct buf *out)
{
    z_stream z = {0};
    struct buf copy = {0}; /* the library's pointer is not const */
    uLong room = compressBound((uLong)in.len) + 64;

    buf_append(&copy, in);
    assert_int_equal(deflateInit2(&z, level, Z_DEFLATED, -15, 8, strategy), Z_OK);
    assert_true(buf_reserve(out, room));
    z.next_in = (Bytef *)copy.ptr;
    z.avail_in = (uInt)in.len;
    z.next_out = (Bytef *)out->ptr + out->len;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->len += room - z.avail_out;
    deflateEnd(&z);
    buf_free(&copy);
}

/* Data and trailer behind a header that stands in ${out} already. */
static void append_data(struct slice in, int level, int strategy, struct buf *out)
{
    deflate_raw(in, level, strategy, out);
    append_number(out, (uint32_t)crc32_z(0, (const Bytef *)in.ptr, in.len));
    append_number(out, (uint32_t)in.len);
}

static void append_member(struct slice in, struct buf *out)
{
    buf_append(out, SLICE("\x1f\x8b\x08\0\0\0\0\0\0\x03"));
    append_data(in, 6, Z_DEFAULT_STRATEGY, out);
}

/* Read ${packed} with buffers of ${cap} bytes. */
static void read_packed(struct slice packed, enum inflate inflate, size_t cap, struct outcome *out)
{
    struct error err = {0};
    FILE *file = tmpfile();
    struct reader *r;
    char path[32];
    size_t got;

    assert_non_null(file);
    assert_int_equal(fwrite(packed.ptr, 1, packed.len, file), packed.len);
    assert_int_equal(fflush(file), 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file));
    r = reader_open(path, inflate, &err);
    assert_non_null(r);
    buf_reset(&out->bytes);
    do {
        assert_true(buf_reserve(&out->bytes, cap));
        assert_true(reader_read(r, out->bytes.ptr + out->bytes.len, cap, &got, &err));
        out->bytes.len += got;
    } while (got > 0);
    snprintf(out->damage, sizeof out->damage, "%s",
             reader_damage(r) == NULL ? "" : reader_damage(r));
    out->time = reader_gzip_time(r);
    reader_close(r);
    fclose(file);
}

static void assert_outcome(struct slice packed, const char *text, const char *damage)
{
    for (size_t i = 0; i < COUNT(inflaters); i++) {
        struct outcome out = {0};

        read_packed(packed, inflaters[i], 4096, &out);
        assert_string_equal(out.damage, damage);
        assert_int_equal(out.bytes.len, strlen(text));
        assert_memory_equal(out.bytes.ptr, text, out.bytes.len);
        buf_free(&out.bytes);
    }
}

static void reads_all_header_fields(void **state)
{
    static const struct slice rows[] = {
        {"\x1f\x8b\x08\0\x04\x03\x02\x01\0\x03", 10},
        {"\x1f\x8b\x08\x08\0\0\0\0\0\x03log.1\0", 16},
        {"\x1f\x8b\x08\x10\0\0\0\0\0\x03words\0", 16},
        {"\x1f\x8b\x08\x04\0\0\0\0\0\x03\x03\0xyz", 15},
        {"\x1f\x8b\x08\x04\0\0\0\0\0\x03\0\0", 12},
        {"\x1f\x8b\x08\x1d\0\0\0\0\0\x03\x01\0xname\0comment\0", 26},
    };
    struct buf packed = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        buf_reset(&packed);
        buf_append(&packed, rows[i]);
        append_data(SLICE("a line\n"), 6, Z_DEFAULT_STRATEGY, &packed);
        assert_outcome(buf_slice(&packed), "a line\n", "");
    }
    buf_free(&packed);
}

static void checks_the_crc_of_a_header(void **state)
{
    static const char header[] = "\x1f\x8b\x08\x12\0\0\0\0\0\x03note";
    uLong crc = crc32_z(0, (const Bytef *)header, sizeof header);
    struct buf packed = {0};

    (void)state;
    for (unsigned wrong = 0; wrong < 2; wrong++) {
        buf_reset(&packed);
        buf_append(&packed, slice_of(header, sizeof header)); /* its NUL ends the comment */
        buf_append_byte(&packed, (char)(unsigned char)(crc ^ wrong));
        buf_append_byte(&packed, (char)(unsigned char)(crc >> 8));
        append_data(SLICE("a line\n"), 6, Z_DEFAULT_STRATEGY, &packed);
        assert_outcome(buf_slice(&packed), "a line\n",
                       wrong ? "gzip: bad header CRC in member 1 at byte 15" : "");
    }
    buf_free(&packed);
}

static void cut_headers_are_cut_off(void **state)
{
    static const char header[] = "\x1f\x8b\x08\x1e\0\0\0\0\0\x03\x01\0xname\0comment\0\0";
    struct buf packed = {0};
    char damage[100];

    (void)state;
    for (size_t keep = 3; keep < sizeof header; keep++) {
        buf_reset(&packed);
        append_member(SLICE("a line\n"), &packed);
        buf_append(&packed, slice_of(header, keep));
        snprintf(damage, sizeof damage, "gzip: cut off after %zu bytes", packed.len);
        assert_outcome(buf_slice(&packed), "a line\n", damage);
    }
    buf_free(&packed);
}

static void takes_the_time_of_the_first_member(void **state)
{
    struct outcome out = {0};
    struct buf packed = {0};

    (void)state;
    buf_append(&packed, SLICE("\x1f\x8b\x08\0\x78\x56\x34\xf2\0\x03"));
    append_data(SLICE("x"), 6, Z_DEFAULT_STRATEGY, &packed);
    append_member(SLICE("y"), &packed);
    read_packed(buf_slice(&packed), INFLATE_BEST, 100, &out);
    assert_int_equal(out.time, 0xf2345678);
    read_packed(SLICE("plain text\n"), INFLATE_BEST, 100, &out);
    assert_int_equal(out.time, 0);
    buf_free(&packed);
    buf_free(&out.bytes);
}

/* Members "one", "two" and "three", with a bit of the second's trailer flipped. */
static void goes_on_after_a_bad_trailer(void **state)
{
    static const struct {
        size_t from_end; /* 0: nothing is flipped */
        const char *what;
    } rows[] = {{0, NULL}, {8, "CRC"}, {5, "CRC"}, {4, "length"}, {1, "length"}};
    struct buf packed = {0};
    char damage[100] = "";

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        buf_reset(&packed);
        append_member(SLICE("one\n"), &packed);
        append_member(SLICE("two\nii\n"), &packed);
        if (rows[i].what != NULL) {
            packed.ptr[packed.len - rows[i].from_end] ^= 1;
            snprintf(damage, sizeof damage, "gzip: bad %s in member 2 at byte %zu", rows[i].what,
                     packed.len - 8);
        }
        append_member(SLICE(""), &packed);
        append_member(SLICE("three\n"), &packed);
        assert_outcome(buf_slice(&packed), "one\ntwo\nii\nthree\n", damage);
    }
    buf_free(&packed);
}

static void names_all_damage(void **state)
{
    struct buf packed = {0}, expected = {0};

    (void)state;
    for (unsigned i = 1; i <= 2; i++) {
        append_member(SLICE("x\n"), &packed);
        packed.ptr[packed.len - 8] ^= 1;
        buf_printf(&expected, "gzip: bad CRC in member %u at byte %zu; ", i, packed.len - 8);
    }
    buf_append(&packed, SLICE("?"));
    buf_printf(&expected, "gzip: 1 bytes of garbage after the last member");
    buf_append_byte(&expected, '\0');
    assert_outcome(buf_slice(&packed), "x\nx\n", expected.ptr);
    buf_free(&packed);
    buf_free(&expected);
}

static void stops_at_bad_data(void **state)
{
    struct buf packed = {0};

    (void)state;
    append_member(SLICE("one\n"), &packed);
    buf_append(&packed, SLICE("\x1f\x8b\x08\0\0\0\0\0\0\x03"));
    buf_append(&packed, SLICE("\0\x04\0\xfb\xfftwo\n\x07")); /* stored, then a kind there is not */
    append_member(SLICE("three\n"), &packed);
    assert_outcome(buf_slice(&packed), "one\ntwo\n",
                   "gzip: bad data in member 2 after 8 unpacked bytes");
    buf_free(&packed);
}

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed >> 11;
}

/* Log lines in members of many sizes, made by several kinds of blocks. */
static void make_archive(struct buf *text, struct buf *packed, uint64_t *seed)
{
    static const size_t lines[] = {3000, 1, 0, 9000, 200, 40, 12000};
    static const int strategies[] = {Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY};

    assert_true(buf_reserve(text, 2000000));
    for (size_t i = 0; i < COUNT(lines); i++) {
        size_t from = text->len;

        for (size_t k = 0; k < lines[i]; k++)
            buf_printf(text, "%u.%03u 10.0.%u.%u GET http://www%u.example/%u\n",
                       1700000000 + (unsigned)k, (unsigned)(next_random(seed) % 1000),
                       (unsigned)(next_random(seed) % 4), (unsigned)(next_random(seed) % 250),
                       (unsigned)(next_random(seed) % 3000), (unsigned)(next_random(seed) % 90));
        buf_append(packed, SLICE("\x1f\x8b\x08\0\0\0\0\0\0\x03"));
        append_data(slice_from(buf_slice(text), from), i % 4 == 3 ? 9 : 6,
                    strategies[i % COUNT(strategies)], packed);
    }
}

static void both_inflaters_read_large_archives(void **state)
{
    static const size_t caps[] = {1, 3000, 65536, 262144, 4000000};
    struct buf text = {0}, packed = {0};
    struct outcome out = {0};
    uint64_t seed = 20260930;

    (void)state;
    make_archive(&text, &packed, &seed);
    assert_true(packed.len > 262144);
    for (size_t i = 0; i < COUNT(caps) * COUNT(inflaters); i++) {
        struct slice some = buf_slice(&packed);

        if (caps[i / 2] == 1) /* slow; the first members will do */
            some.len = packed.len / 20;
        read_packed(some, inflaters[i % 2], caps[i / 2], &out);
        assert_true(out.bytes.len == text.len || some.len < packed.len);
        assert_memory_equal(out.bytes.ptr, text.ptr, out.bytes.len);
        assert_int_equal(out.damage[0] != '\0', some.len < packed.len);
    }
    buf_free(&text);
    buf_free(&packed);
    buf_free(&out.bytes);
}

static void flip_bit(char *byte, uint64_t *seed)
{
    unsigned bits = (unsigned char)*byte;

    *byte = (char)(unsigned char)(bits ^ 1u << next_random(seed) % 8);
}

/* Cut the end, drop bytes, write others over them, flip bits. */
static void damage(struct buf *packed, uint64_t *seed)
{
    size_t len = packed->len > 0 ? packed->len : 1; /* it is not empty */
    size_t at = next_random(seed) % len, n = 1 + next_random(seed) % 20;

    if (n > packed->len - at)
        n = packed->len - at;
    switch (next_random(seed) % 8) {
    case 0: packed->len = at; break;
    case 1:
        memmove(packed->ptr + at, packed->ptr + at + n, packed->len - at - n);
        packed->len -= n;
        break;
    case 2: memset(packed->ptr + at, (int)(next_random(seed) % 256), n); break;
    case 3: flip_bit(packed->ptr + at % 100, seed); break;
    default: flip_bit(packed->ptr + at, seed); break;
    }
}

static void both_inflaters_agree_on_damage(void **state)
{
    struct buf text = {0}, sound = {0}, packed = {0};
    struct outcome isal = {0}, zlib = {0};
    uint64_t seed = 4711;
    size_t damaged = 0;

    (void)state;
    make_archive(&text, &sound, &seed);
    for (int round = 0; round < 150; round++) {
        buf_reset(&packed);
        if (round % 3 == 0) /* a small one is damaged in its headers more often */
            append_member(slice_of(text.ptr, 1000 + next_random(&seed) % 5000), &packed);
        else
            buf_append(&packed, buf_slice(&sound));
        damage(&packed, &seed);
        if (packed.len == 0)
            continue;
        read_packed(buf_slice(&packed), INFLATE_ISAL, 262144, &isal);
        read_packed(buf_slice(&packed), INFLATE_ZLIB, 262144, &zlib);
        assert_string_equal(isal.damage, zlib.damage);
        assert_int_equal(isal.bytes.len, zlib.bytes.len);
        assert_memory_equal(isal.bytes.ptr, zlib.bytes.ptr, zlib.bytes.len);
        damaged += zlib.damage[0] != '\0';
    }
    assert_true(damaged > 130); /* a changed byte of a header may change nothing */
    buf_free(&text);
    buf_free(&sound);
    buf_free(&packed);
    buf_free(&isal.bytes);
    buf_free(&zlib.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_all_header_fields),
        cmocka_unit_test(checks_the_crc_of_a_header),
        cmocka_unit_test(cut_headers_are_cut_off),
        cmocka_unit_test(takes_the_time_of_the_first_member),
        cmocka_unit_test(goes_on_after_a_bad_trailer),
        cmocka_unit_test(names_all_damage),
        cmocka_unit_test(stops_at_bad_data),
        cmocka_unit_test(both_inflaters_read_large_archives),
        cmocka_unit_test(both_inflaters_agree_on_damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
