/* row.c: rows as bytes. */
#include "report/row.h"

#include "sort/pack.h"

#include <string.h>

void row_pack(struct buf *out, const struct row *row)
{
    pack_signed(out, row->day);
    pack_number(out, row->hour);
    pack_number(out, row->app);
    pack_number(out, row->workhours);
    pack_number(out, row->left);
    pack_text(out, row->department);
    for (int kind = 0; kind < NAME_KINDS; kind++)
        pack_text(out, row->names[kind]);
    pack_number(out, row->use);
    pack_number(out, row->status);
    pack_number(out, row->managed);
    for (int m = 0; m < MEASURES; m++)
        pack_number(out, row->numbers[m]);
    pack_number(out, row->blank);
    pack_number(out, row->partial);
    pack_number(out, row->sources);
    pack_signed(out, row->first_us);
    pack_signed(out, row->last_us);
    pack_number(out, row->evidence_archive);
    pack_number(out, row->evidence_line);
    pack_text(out, row->tenants);
}

/* A number below ${limit}; ${ok} stays false once one is not. */
static uint64_t number_below(struct slice *in, uint64_t limit, bool *ok)
{
    uint64_t number = 0;

    *ok = *ok && unpack_number(in, &number) && number < limit;
    return *ok ? number : 0;
}

static bool unpack_dimensions(struct slice *in, struct row *row)
{
    bool ok = true;
    int64_t day = 0;

    ok = unpack_signed(in, &day) && day >= INT32_MIN && day <= INT32_MAX;
    row->day = (int32_t)day;
    row->hour = (uint8_t)number_below(in, 24, &ok);
    row->app = (uint32_t)number_below(in, UINT64_C(1) << 32, &ok);
    row->workhours = (uint8_t)number_below(in, UINT8_MAX, &ok);
    row->left = number_below(in, 2, &ok) != 0;
    ok = ok && unpack_text(in, &row->department);
    for (int kind = 0; ok && kind < NAME_KINDS; kind++)
        ok = unpack_text(in, &row->names[kind]);
    return ok;
}

bool row_unpack(struct slice in, struct row *row)
{
    const uint64_t word = UINT64_C(1) << 32;
    bool ok;

    memset(row, 0, sizeof *row);
    ok = unpack_dimensions(&in, row);
    row->use = (enum use)number_below(&in, USES, &ok);
    row->status = (enum app_status)number_below(&in, STATUSES, &ok);
    row->managed = (enum managed)number_below(&in, MANAGED_COUNT, &ok);
    for (int m = 0; ok && m < MEASURES; m++)
        ok = unpack_number(&in, &row->numbers[m]);
    row->blank = (uint32_t)number_below(&in, word, &ok);
    row->partial = (uint32_t)number_below(&in, word, &ok);
    row->sources = (unsigned)number_below(&in, word, &ok);
    ok = ok && unpack_signed(&in, &row->first_us) && unpack_signed(&in, &row->last_us);
    row->evidence_archive = (uint32_t)number_below(&in, word, &ok);
    return ok && unpack_number(&in, &row->evidence_line) && unpack_text(&in, &row->tenants);
}
