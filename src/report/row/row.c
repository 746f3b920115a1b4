/* row.c: rows as bytes. */
#include "report/row/row.h"

#include "sort/pack.h"

#include <string.h>

/* Fields that are numbers below a limit. */
enum small {
    SMALL_HOUR,
    SMALL_APP,
    SMALL_WORKHOURS,
    SMALL_LEFT,
    SMALL_USE,
    SMALL_STATUS,
    SMALL_MANAGED,
    SMALL_BLANK,
    SMALL_PARTIAL,
    SMALL_SOURCES,
    SMALL_ARCHIVE,
    SMALLS
};

#define WORD (UINT64_C(1) << 32)

static const uint64_t limits[SMALLS] = {[SMALL_HOUR] = 24,
                                        [SMALL_APP] = WORD,
                                        [SMALL_WORKHOURS] = UINT8_MAX,
                                        [SMALL_LEFT] = 2,
                                        [SMALL_USE] = USES,
                                        [SMALL_STATUS] = STATUSES,
                                        [SMALL_MANAGED] = MANAGED_COUNT,
                                        [SMALL_BLANK] = WORD,
                                        [SMALL_PARTIAL] = WORD,
                                        [SMALL_SOURCES] = WORD,
                                        [SMALL_ARCHIVE] = WORD};

/* Most names are none, and many numbers 0: a bit says which are not, names in front. */
_Static_assert(NAME_KINDS + MEASURES <= 64, "each has a bit");

static uint64_t filled_of(const struct row *row)
{
    uint64_t filled = 0;

    for (int kind = 0; kind < NAME_KINDS; kind++)
        filled |= (uint64_t)(row->names[kind].len > 0) << kind;
    for (int m = 0; m < MEASURES; m++)
        filled |= (uint64_t)(row->numbers[m] > 0) << (NAME_KINDS + m);
    return filled;
}

void row_pack(struct buf *out, const struct row *row)
{
    const uint64_t smalls[SMALLS] = {[SMALL_HOUR] = row->hour,
                                     [SMALL_APP] = row->app,
                                     [SMALL_WORKHOURS] = row->workhours,
                                     [SMALL_LEFT] = row->left,
                                     [SMALL_USE] = (uint64_t)row->use,
                                     [SMALL_STATUS] = (uint64_t)row->status,
                                     [SMALL_MANAGED] = (uint64_t)row->managed,
                                     [SMALL_BLANK] = row->blank,
                                     [SMALL_PARTIAL] = row->partial,
                                     [SMALL_SOURCES] = row->sources,
                                     [SMALL_ARCHIVE] = row->evidence_archive};
    uint64_t filled = filled_of(row);

    for (int i = 0; i < SMALLS; i++)
        pack_number(out, smalls[i]);
    pack_number(out, filled);
    for (; filled != 0; filled &= filled - 1) {
        int at = __builtin_ctzll(filled);

        if (at < NAME_KINDS)
            pack_text(out, row->names[at]);
        else
            pack_number(out, row->numbers[at - NAME_KINDS]);
    }
    pack_signed(out, row->day);
    pack_text(out, row->department);
    pack_signed(out, row->first_us);
    pack_signed(out, row->last_us);
    pack_number(out, row->evidence_line);
    pack_text(out, row->tenants);
}

static bool unpack_smalls(struct slice *in, struct row *row)
{
    uint64_t smalls[SMALLS];

    for (int i = 0; i < SMALLS; i++)
        if (!unpack_number(in, &smalls[i]) || smalls[i] >= limits[i])
            return false;
    row->hour = (uint8_t)smalls[SMALL_HOUR];
    row->app = (uint32_t)smalls[SMALL_APP];
    row->workhours = (uint8_t)smalls[SMALL_WORKHOURS];
    row->left = smalls[SMALL_LEFT] != 0;
    row->use = (enum use)smalls[SMALL_USE];
    row->status = (enum app_status)smalls[SMALL_STATUS];
    row->managed = (enum managed)smalls[SMALL_MANAGED];
    row->blank = (uint32_t)smalls[SMALL_BLANK];
    row->partial = (uint32_t)smalls[SMALL_PARTIAL];
    row->sources = (unsigned)smalls[SMALL_SOURCES];
    row->evidence_archive = (uint32_t)smalls[SMALL_ARCHIVE];
    return true;
}

static bool unpack_filled(struct slice *in, struct row *row)
{
    uint64_t filled;

    if (!unpack_number(in, &filled) || filled >> (NAME_KINDS + MEASURES) != 0)
        return false;
    for (; filled != 0; filled &= filled - 1) {
        int at = __builtin_ctzll(filled);

        if (at < NAME_KINDS ? !unpack_text(in, &row->names[at])
                            : !unpack_number(in, &row->numbers[at - NAME_KINDS]))
            return false;
    }
    return true;
}

bool row_unpack(struct slice in, struct row *row)
{
    int64_t day;

    memset(row, 0, sizeof *row);
    if (!unpack_smalls(&in, row) || !unpack_filled(&in, row) || !unpack_signed(&in, &day) ||
        day < INT32_MIN || day > INT32_MAX)
        return false;
    row->day = (int32_t)day;
    return unpack_text(&in, &row->department) && unpack_signed(&in, &row->first_us) &&
           unpack_signed(&in, &row->last_us) && unpack_number(&in, &row->evidence_line) &&
           unpack_text(&in, &row->tenants);
}
