/* pieces_fixture.h: lines that are cut with and without what is known of the lines before. Included
 * by *_test.c only. */
#ifndef FORMAT_PIECES_FIXTURE_H
#define FORMAT_PIECES_FIXTURE_H

#include "base/arena.h"
#include "base/word.h"
#include "format/format.h"
#include "format/testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static inline uint32_t next_random(uint32_t *random)
{
    *random = *random * 1664525 + 1013904223;
    return *random >> 8;
}

/* A line is cut alike behind others, whose pieces ${state} knows, and alone. Returns: is it? */
static inline bool cuts_alike(const struct format *f, void *state, struct slice line)
{
    struct slice got[SLOT_LIMIT] = {{NULL, 0}}, expected[SLOT_LIMIT] = {{NULL, 0}};
    struct arena scratch = {0};
    int shape = f->decoder->cut(f, NULL, line, expected, &scratch);

    assert_int_equal(f->decoder->cut(f, state, line, got, &scratch), shape);
    for (int slot = 0; shape == 0 && slot < f->slot_count; slot++)
        if (!slice_equal(got[slot], expected[slot]) ||
            (got[slot].ptr == NULL) != (expected[slot].ptr == NULL))
            fail_msg("%.*s:\nslot %d '%.*s', expected '%.*s'", SLICE_FMT(line), slot,
                     SLICE_FMT(got[slot]), SLICE_FMT(expected[slot]));
    arena_free(&scratch);
    return shape == 0;
}

/* The same, and for the line cut short: what stands behind must not matter. */
static inline bool check_alike(const struct format *f, void *state, struct slice line,
                               uint32_t *random)
{
    char *padded = testing_pad(line);
    bool alike;

    memset(padded + line.len, next_random(random) % 2 == 0 ? '"' : 'x', WIDE_SLACK);
    padded[line.len + next_random(random) % WIDE_SLACK] = '"';
    alike = cuts_alike(f, state, slice_of(padded, line.len));
    if (next_random(random) % 4 == 0)
        cuts_alike(f, state, slice_of(padded, next_random(random) % (line.len + 1)));
    free(padded);
    return alike;
}

#endif
