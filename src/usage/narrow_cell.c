/* narrow_cell.c: counts and times of a cell in as few bits as most need. */
#include "usage/narrow_cell.h"

/* Is ${some} of ${all} all or none? */
static bool is_whole(uint64_t some, uint64_t all)
{
    return some == 0 || some == all;
}

bool narrow_pack(struct narrow_cell *n, const struct usage_cell *cell, unsigned *flags)
{
    const uint64_t *counts = cell->counts;
    uint64_t passed = counts[COUNT_PASSED], denied = counts[COUNT_DENIED];
    uint64_t first = (uint64_t)cell->first_us - narrow_start(cell->key.day);
    uint64_t span = (uint64_t)cell->last_us - (uint64_t)cell->first_us;

    if (cell->first_us == INT64_MAX && cell->last_us == INT64_MIN) {
        *flags |= FLAG_UNSEEN;
        first = span = 0;
    }
    if (!narrow_fits(passed, PASSED_BITS) || !narrow_fits(denied, DENIED_BITS) ||
        !narrow_fits(counts[COUNT_BYTES_UP], BYTES_BITS) ||
        !narrow_fits(counts[COUNT_BYTES_DOWN], BYTES_BITS) ||
        !is_whole(counts[COUNT_CARRIED_UP], passed) ||
        !is_whole(counts[COUNT_CARRIED_DOWN], passed) ||
        !is_whole(counts[COUNT_CARRIED_VERDICT], passed + denied) || counts[COUNT_BARE] > 0 ||
        !narrow_fits(first, TIME_BITS) || !narrow_fits(span, TIME_BITS) ||
        cell->evidence_line > UINT32_MAX || !narrow_fits(cell->evidence_archive, ARCHIVE_BITS))
        return false;
    *flags |= (counts[COUNT_CARRIED_UP] > 0 ? FLAG_CARRIED_UP : 0U) |
              (counts[COUNT_CARRIED_DOWN] > 0 ? FLAG_CARRIED_DOWN : 0U) |
              (counts[COUNT_CARRIED_VERDICT] > 0 ? FLAG_CARRIED_VERDICT : 0U);
    n->line = (uint32_t)cell->evidence_line;
    n->down_low = (uint32_t)counts[COUNT_BYTES_DOWN];
    n->up_passed = counts[COUNT_BYTES_UP] | passed << BYTES_BITS;
    n->span_denied_flags = span | denied << TIME_BITS;
    n->first_archive_down = first | (uint64_t)cell->evidence_archive << TIME_BITS |
                            counts[COUNT_BYTES_DOWN] >> 32 << (TIME_BITS + ARCHIVE_BITS);
    return true;
}

void narrow_unpack(const struct narrow_cell *n, unsigned flags, struct usage_cell *out)
{
    uint64_t passed = n->up_passed >> BYTES_BITS;
    uint64_t denied = narrow_low(n->span_denied_flags >> TIME_BITS, DENIED_BITS);
    uint64_t first = narrow_start(out->key.day) + narrow_low(n->first_archive_down, TIME_BITS);
    uint64_t last = first + narrow_low(n->span_denied_flags, TIME_BITS);

    out->counts[COUNT_PASSED] = passed;
    out->counts[COUNT_DENIED] = denied;
    out->counts[COUNT_BYTES_UP] = narrow_low(n->up_passed, BYTES_BITS);
    out->counts[COUNT_BYTES_DOWN] =
        n->down_low | n->first_archive_down >> (TIME_BITS + ARCHIVE_BITS) << 32;
    out->counts[COUNT_CARRIED_UP] = (flags & FLAG_CARRIED_UP) != 0 ? passed : 0;
    out->counts[COUNT_CARRIED_DOWN] = (flags & FLAG_CARRIED_DOWN) != 0 ? passed : 0;
    out->counts[COUNT_CARRIED_VERDICT] = (flags & FLAG_CARRIED_VERDICT) != 0 ? passed + denied : 0;
    out->first_us = (flags & FLAG_UNSEEN) != 0 ? INT64_MAX : (int64_t)first;
    out->last_us = (flags & FLAG_UNSEEN) != 0 ? INT64_MIN : (int64_t)last;
    out->evidence_line = n->line;
    out->evidence_archive = (uint32_t)narrow_low(n->first_archive_down >> TIME_BITS, ARCHIVE_BITS);
}
