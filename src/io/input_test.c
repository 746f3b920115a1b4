/* input_test.c: the window on a file, going back, and notes of damage. */
#include "io/input.h"

#include "base/buf.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { STEP = 1000, FILE_BYTES = 800 * STEP };

static char byte_at(size_t i)
{
    return (char)('a' + i % 23);
}

static FILE *open_file(struct input *in)
{
    struct error err = {0};
    FILE *file = tmpfile();
    char path[32];

    assert_non_null(file);
    for (size_t i = 0; i < FILE_BYTES; i++)
        assert_int_equal(putc(byte_at(i), file), byte_at(i));
    assert_int_equal(fflush(file), 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file));
    assert_true(input_open(in, path, &err));
    assert_true(in->seekable);
    assert_int_equal(in->size_bytes, FILE_BYTES);
    return file;
}

static void keep_bytes(void *context, struct slice bytes)
{
    buf_append(context, bytes);
}

static void window_moves_over_the_file(void **state)
{
    struct error err = {0};
    struct input in;
    FILE *file = open_file(&in);

    (void)state;
    for (size_t at = 0; at < FILE_BYTES; at += STEP) {
        assert_true(input_need(&in, STEP, &err));
        assert_true(in.avail >= STEP);
        assert_int_equal(in.offset, at);
        assert_int_equal(in.next[0], byte_at(at));
        assert_int_equal(in.next[STEP - 1], byte_at(at + STEP - 1));
        input_take(&in, STEP);
        assert_true(input_need(&in, 1, &err)); /* perhaps a new buffer */
        input_untake(&in, INPUT_KEEP);
        for (size_t i = 0; i < INPUT_KEEP; i++)
            assert_int_equal(in.next[i], byte_at(at + STEP - INPUT_KEEP + i));
        input_take(&in, INPUT_KEEP);
    }
    assert_int_equal(in.avail, 0);
    assert_true(in.at_end);
    input_close(&in);
    fclose(file);
}

/* The tap is set after the first bytes were read, and the file is read twice from its middle. */
static void tap_sees_bytes_once(void **state)
{
    struct error err = {0};
    struct buf seen = {0};
    struct input in;
    FILE *file = open_file(&in);
    char straight[STEP];
    size_t got;

    (void)state;
    assert_true(buf_reserve(&seen, FILE_BYTES));
    assert_true(input_need(&in, 1, &err));
    input_set_tap(&in, keep_bytes, &seen);
    while (in.offset < FILE_BYTES / 2 && input_need(&in, 1, &err))
        input_take(&in, in.avail);
    assert_true(input_seek(&in, FILE_BYTES / 4, &err));
    assert_true(input_read(&in, straight, STEP, &got, &err));
    assert_int_equal(got, STEP);
    assert_int_equal(straight[0], byte_at(FILE_BYTES / 4));
    assert_int_equal(in.offset, FILE_BYTES / 4 + STEP);
    assert_true(input_skip_rest(&in, &err));
    assert_int_equal(in.offset, FILE_BYTES);
    assert_int_equal(in.far, FILE_BYTES);
    assert_int_equal(seen.len, FILE_BYTES);
    for (size_t i = 0; i < seen.len; i++)
        assert_int_equal(seen.ptr[i], byte_at(i));
    buf_free(&seen);
    input_close(&in);
    fclose(file);
}

static void joins_notes_and_drops_what_does_not_fit(void **state)
{
    struct input in = {0};

    (void)state;
    input_note_damage(&in, "gzip: bad %s", "CRC");
    assert_string_equal(in.damage, "gzip: bad CRC");
    input_note_damage(&in, "%d bytes", 5);
    assert_string_equal(in.damage, "gzip: bad CRC; 5 bytes");
    input_note_damage(&in, "%0*d", (int)sizeof in.damage, 1);
    assert_string_equal(in.damage, "gzip: bad CRC; 5 bytes");
    input_note_damage(&in, "%0*d", (int)(sizeof in.damage - sizeof "gzip: bad CRC; 5 bytes; "), 1);
    assert_int_equal(strlen(in.damage), sizeof in.damage - 1);
    input_note_damage(&in, "more");
    assert_int_equal(strlen(in.damage), sizeof in.damage - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(window_moves_over_the_file),
        cmocka_unit_test(tap_sees_bytes_once),
        cmocka_unit_test(joins_notes_and_drops_what_does_not_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
