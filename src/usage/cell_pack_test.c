/* cell_pack_test.c: a cell comes back as it went; other bytes are refused. */
#include "usage/cell_pack.h"

#include "usage/random_cells.h"

#include <string.h>

static void pack_cell(struct buf *out, unsigned minutes, struct arena *a)
{
    struct usage_cell cell = {.counts = {1, 0, UINT64_MAX, 300, 1, 1, 1},
                              .first_us = -5,
                              .last_us = INT64_MAX - 5,
                              .evidence_line = 70000,
                              .evidence_archive = 2,
                              .marks = MARK_DOWN};

    for (unsigned i = 0; i < minutes; i++)
        assert_true(minutes_add(&cell.minutes, 1439 - i, a));
    cell_pack_value(out, &cell);
}

static void test_values(void **state)
{
    static const unsigned minutes[] = {0, 1, 6, 7, 90, 91, 1440};
    struct arena a = {0};

    (void)state;
    for (size_t i = 0; i < sizeof minutes / sizeof *minutes; i++) {
        struct usage_cell cell = {.first_us = INT64_MAX, .last_us = INT64_MIN};
        struct buf packed = {0};

        pack_cell(&packed, minutes[i], &a);
        assert_true(cell_unpack_value(buf_slice(&packed), &cell, &a));
        assert_true(cell.counts[COUNT_BYTES_UP] == UINT64_MAX && cell.counts[COUNT_PASSED] == 1);
        assert_true(cell.first_us == -5 && cell.last_us == INT64_MAX - 5);
        assert_int_equal(cell.evidence_line, 70000);
        assert_int_equal(cell.evidence_archive, 2);
        assert_int_equal(cell.marks, MARK_DOWN);
        assert_int_equal(cell.minutes.count, minutes[i]);
        assert_int_equal(minutes_has(&cell.minutes, 1439), minutes[i] > 0);
        for (size_t len = 0; len < packed.len; len++) {
            struct usage_cell cut = {.first_us = INT64_MAX, .last_us = INT64_MIN};

            assert_false(cell_unpack_value(slice_of(packed.ptr, len), &cut, &a));
        }
        buf_free(&packed);
    }
    arena_free(&a);
}

/* A cell into which no record fell, only a tunnel's minute. */
static void test_unseen(void **state)
{
    struct usage_cell cell = {.first_us = INT64_MAX, .last_us = INT64_MIN}, back = cell;
    struct arena a = {0};
    struct buf packed = {0};

    (void)state;
    assert_true(minutes_add(&cell.minutes, 3, &a));
    cell_pack_value(&packed, &cell);
    assert_true(cell_unpack_value(buf_slice(&packed), &back, &a));
    assert_true(back.first_us == INT64_MAX && back.last_us == INT64_MIN);
    assert_int_equal(back.minutes.count, 1);
    buf_free(&packed);
    arena_free(&a);
}

static void test_documents(void **state)
{
    struct usage *u = create(), *other = create();
    struct usage_key key = {.user = name(u, NAME_USER, "u", 1),
                            .host = name(u, NAME_HOST, "h", 7),
                            .app = SIGNATURE_NO_APP,
                            .day = -3,
                            .hour = 5},
                     back = {0};
    struct cell_order order = {0};
    struct buf packed = {0}, scratch = {0};
    struct slice in, host;
    struct error err = {0};
    size_t ends[2 * KEY_PARTS];

    (void)state;
    cell_order_add(&order, PART_HOST, NULL);
    cell_order_finish(&order);
    cell_pack_document(&packed, &order, u, &key);
    in = buf_slice(&packed);
    assert_true(cell_unpack_document(&in, &order, other, &back, ends, &err));
    assert_int_equal(in.len, 0);
    assert_int_equal(ends[order.document - 1], packed.len);
    assert_true(slice_is(usage_name(other, NAME_USER, back.user), "u1"));
    assert_true(slice_is(usage_name(other, NAME_HOST, back.host), "h7"));
    assert_true(back.app == SIGNATURE_NO_APP && back.day == -3 && back.hour == 5);
    for (size_t len = 0; len < packed.len; len++) {
        in = slice_of(packed.ptr, len);
        error_clear(&err);
        assert_false(cell_unpack_document(&in, &order, other, &back, ends, &err));
        assert_int_equal(err.code, ERROR_IO);
    }
    in = SLICE("\0\1");
    assert_false(cell_unpack_kind(&in, &back));
    in = SLICE("\1");
    assert_false(cell_unpack_host(&in, &scratch, &host));
    buf_free(&packed);
    buf_free(&scratch);
    usage_free(u);
    usage_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_unseen),
        cmocka_unit_test(test_documents),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
