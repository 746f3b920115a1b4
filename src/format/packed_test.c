/* packed_test.c: what is unpacked is what was packed, whatever a record has. */
#include "format/packed.h"

#include "base/word.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { RECORDS = 2000, TEXT_BYTES = 70 };

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* A record with some of the fields. */
static struct record make_record(const char *text, uint32_t *random)
{
    struct record r = {.line = (uint64_t)next_random(random) << 20};

    for (int field = 0; field < FIELD_COUNT; field++) {
        void *into = (char *)&r + field_info((enum field)field)->offset;
        size_t len = next_random(random) % TEXT_BYTES;

        if (next_random(random) % 2 == 0)
            continue;
        r.has |= FIELD_BIT(field);
        switch (field_info((enum field)field)->type) {
        case TYPE_TEXT:
            *(struct slice *)into = slice_of(text + next_random(random) % TEXT_BYTES, len);
            break;
        case TYPE_KIND: r.kind = (enum record_kind)(next_random(random) % 3); break;
        case TYPE_ACTION: r.action = (enum record_action)(next_random(random) % 3); break;
        case TYPE_TIME:
        case TYPE_NUMBER:
        case TYPE_DURATION: *(uint64_t *)into = (uint64_t)next_random(random) << 30; break;
        }
    }
    return r;
}

static void check_field(const struct record *got, const struct record *expected, enum field field)
{
    const struct field_info *info = field_info(field);
    const void *a = (const char *)got + info->offset, *b = (const char *)expected + info->offset;

    switch (info->type) {
    case TYPE_TEXT:
        assert_true(slice_equal(*(const struct slice *)a, *(const struct slice *)b));
        break;
    case TYPE_KIND: assert_int_equal(got->kind, expected->kind); break;
    case TYPE_ACTION: assert_int_equal(got->action, expected->action); break;
    case TYPE_TIME:
    case TYPE_NUMBER:
    case TYPE_DURATION: assert_int_equal(*(const uint64_t *)a, *(const uint64_t *)b); break;
    }
}

/* With less room nothing beyond is written either; what does not fit is not packed. */
static void check_room(const struct record *r, size_t size, size_t most)
{
    for (size_t room = 0; room < most; room += 1 + most / 9) {
        char *packed = malloc(room + WIDE_SLACK);
        const char *end = packed_put(r, packed, packed + room);

        assert_true(end == NULL || (end == packed + size && size <= room));
        assert_true(end != NULL || room < most);
        free(packed);
    }
}

static void test_random(void **state)
{
    char text[2 * TEXT_BYTES + WIDE_SLACK];
    uint32_t random = 1;

    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(' ' + i % 90);
    for (int i = 0; i < RECORDS; i++) {
        const struct record expected = make_record(text, &random);
        struct record got;
        size_t room = packed_room(&expected), size;
        char *packed = malloc(room + WIDE_SLACK); /* nothing beyond is written */

        assert_non_null(packed);
        size = (size_t)(packed_put(&expected, packed, packed + room) - packed);
        assert_in_range(size, 1, room);
        check_room(&expected, size, room);
        packed_get(packed, &got);
        assert_int_equal(got.line, expected.line);
        assert_int_equal(got.has, expected.has);
        for (int field = 0; field < FIELD_COUNT; field++)
            if (record_has(&expected, (enum field)field))
                check_field(&got, &expected, (enum field)field);
        free(packed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
