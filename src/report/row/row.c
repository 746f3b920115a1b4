/* row.c: rows as bytes: a head, numbers as short as they are small, texts. */
#include "report/row/row.h"

#include "base/word.h"
#include "sort/pack.h"

#include <stddef.h>
#include <string.h>

/* Is it a number? A letter says so. */
#define LETTER_OF_COUNT   "c"
#define LETTER_OF_BYTES   "b"
#define LETTER_OF_MINUTES "m"
#define LETTER_OF_DAYS    "d"
#define LETTER_OF_TIME    ""
#define LETTER_OF_TEXT    ""

enum {
#define MEASURE(id, name, heading, unit, weight) COUNTS_##id = sizeof LETTER_OF_##unit > 1,
#include "report/columns.def"
#undef MEASURE
    OTHER_NUMBERS = 6, /* the day, the app, the first time, how long after it the last is modulo
                          2^64, line and archive of the evidence */
    NUMBERS = OTHER_NUMBERS - 1 +
              sizeof(""
#define MEASURE(id, name, heading, unit, weight) LETTER_OF_##unit
#include "report/columns.def"
#undef MEASURE
                     ),
    LENGTH_BITS = 4,
    NUMBERS_ROOM = 8 * (NUMBERS + 1), /* eight bytes of each are read and written */
    TEXT_DEPARTMENT = NAME_KINDS,
    TEXT_TENANTS,
    TEXTS
};

/* What all rows have. */
struct head {
    uint64_t lengths; /* bytes of each number, LENGTH_BITS each, the last lowest */
    uint16_t texts;   /* a bit for each that is not empty */
    uint16_t blank, partial;
    uint8_t hour, workhours, left, use, status, managed, sources;
};

enum { HEAD = offsetof(struct head, sources) + 1 };

_Static_assert(NUMBERS *LENGTH_BITS <= 64, "each has a length");
_Static_assert(TEXTS <= 16 && MEASURES <= 16, "each has a bit");
_Static_assert(RECORD_IDENTITY < 8, "each source has a bit");

static struct head head_of(const struct row *row)
{
    return (struct head){.blank = (uint16_t)row->blank,
                         .partial = (uint16_t)row->partial,
                         .hour = row->hour,
                         .workhours = row->workhours,
                         .left = row->left,
                         .use = (uint8_t)row->use,
                         .status = (uint8_t)row->status,
                         .managed = (uint8_t)row->managed,
                         .sources = (uint8_t)row->sources};
}

static bool take_head(const struct head *head, struct row *row)
{
    row->blank = head->blank;
    row->partial = head->partial;
    row->hour = head->hour;
    row->workhours = head->workhours;
    row->left = head->left != 0;
    row->use = (enum use)head->use;
    row->status = (enum app_status)head->status;
    row->managed = (enum managed)head->managed;
    row->sources = head->sources;
    return head->hour < 24 && head->left < 2 && head->use < USES && head->status < STATUSES &&
           head->managed < MANAGED_COUNT;
}

/* Numbers being written or read, one behind the other. */
struct numbers {
    char *to;
    const char *from;
    uint64_t lengths; /* written: of those so far; read: of those to come, from the highest bits */
};

/* Eight bytes are written, of which the next number leaves what is needed. */
static inline void put(struct numbers *n, uint64_t number)
{
    unsigned bytes = pack_bytes_of(number);

    word_store(n->to, number);
    n->to += bytes;
    n->lengths = n->lengths << LENGTH_BITS | bytes;
}

static void put_numbers(struct numbers *n, const struct row *row)
{
#define MEASURE(id, name, heading, unit, weight)                                                   \
    if (COUNTS_##id)                                                                               \
        put(n, row->numbers[MEASURE_##id]);
#include "report/columns.def"
#undef MEASURE
    put(n, (uint32_t)row->day);
    put(n, row->app);
    put(n, (uint64_t)row->first_us);
    put(n, (uint64_t)row->last_us - (uint64_t)row->first_us);
    put(n, row->evidence_line);
    put(n, row->evidence_archive);
}

static inline uint64_t get(struct numbers *n)
{
    static const uint64_t masks[1 << LENGTH_BITS] = {0,
                                                     UINT64_MAX >> 56,
                                                     UINT64_MAX >> 48,
                                                     UINT64_MAX >> 40,
                                                     UINT64_MAX >> 32,
                                                     UINT64_MAX >> 24,
                                                     UINT64_MAX >> 16,
                                                     UINT64_MAX >> 8,
                                                     UINT64_MAX};
    unsigned bytes = (unsigned)(n->lengths >> (64 - LENGTH_BITS));
    uint64_t number = word_load(n->from) & masks[bytes];

    n->from += bytes;
    n->lengths <<= LENGTH_BITS;
    return number;
}

static bool get_numbers(struct numbers *n, struct row *row)
{
    uint64_t day, app, archive;

#define MEASURE(id, name, heading, unit, weight)                                                   \
    if (COUNTS_##id)                                                                               \
        row->numbers[MEASURE_##id] = get(n);                                                       \
    else                                                                                           \
        row->numbers[MEASURE_##id] = 0;
#include "report/columns.def"
#undef MEASURE
    day = get(n);
    app = get(n);
    row->first_us = (int64_t)get(n);
    row->last_us = (int64_t)((uint64_t)row->first_us + get(n));
    row->evidence_line = get(n);
    archive = get(n);
    row->day = (int32_t)(uint32_t)day;
    row->app = (uint32_t)app;
    row->evidence_archive = (uint32_t)archive;
    return (day | app | archive) <= UINT32_MAX;
}

/* All lengths together. */
static size_t sum_of(uint64_t lengths)
{
    const uint64_t every_other = UINT64_C(0x0f0f0f0f0f0f0f0f);
    uint64_t pairs = (lengths & every_other) + (lengths >> LENGTH_BITS & every_other);

    return (size_t)(pairs * UINT64_C(0x0101010101010101) >> 56);
}

/* Take them off the front of ${in}. */
static bool take_numbers(struct slice *in, uint64_t lengths, struct row *row)
{
    char ends[NUMBERS_ROOM]; /* of a row without texts */
    size_t bytes = sum_of(lengths);
    struct numbers n = {.from = in->ptr, .lengths = lengths << (64 - NUMBERS * LENGTH_BITS)};

    if (bytes > in->len || bytes > NUMBERS_ROOM - sizeof(uint64_t))
        return false;
    if (in->len - bytes < sizeof(uint64_t)) {
        memset(ends, 0, sizeof ends);
        memcpy(ends, n.from, bytes);
        n.from = ends;
    }
    *in = slice_from(*in, bytes);
    return get_numbers(&n, row);
}

/* By its number among the TEXTS. */
static const struct slice *text_at(const struct row *row, unsigned number)
{
    if (number < NAME_KINDS)
        return &row->names[number];
    return number == TEXT_TENANTS ? &row->tenants : &row->department;
}

/* The bits of the texts that are not empty. */
static unsigned texts_of(const struct row *row)
{
    unsigned texts = (unsigned)(row->department.len > 0) << TEXT_DEPARTMENT |
                     (unsigned)(row->tenants.len > 0) << TEXT_TENANTS;

    for (unsigned kind = 0; kind < NAME_KINDS; kind++)
        texts |= (unsigned)(row->names[kind].len > 0) << kind;
    return texts;
}

void row_pack(struct buf *out, const struct row *row)
{
    struct head head = head_of(row);
    unsigned texts = texts_of(row);
    struct numbers n = {.lengths = 0};
    char *p;

    if (!buf_reserve(out, HEAD + NUMBERS_ROOM))
        return;
    p = out->ptr + out->len;
    n.to = p + HEAD;
    put_numbers(&n, row);
    head.lengths = n.lengths;
    head.texts = (uint16_t)texts;
    memcpy(p, &head, HEAD);
    out->len = (size_t)(n.to - out->ptr);
    for (; texts != 0; texts &= texts - 1)
        pack_text(out, *text_at(row, (unsigned)__builtin_ctz(texts)));
}

/* The text with that number off the front of ${in}; where ${texts} has no bit for it, it is empty.
 */
static inline bool take_text(struct slice *in, unsigned texts, unsigned number, struct slice *text)
{
    *text = slice_of(NULL, 0);
    return (texts >> number & 1) == 0 || unpack_text(in, text);
}

static bool take_texts(struct slice *in, unsigned texts, struct row *row)
{
    for (unsigned kind = 0; kind < NAME_KINDS; kind++)
        if (!take_text(in, texts, kind, &row->names[kind]))
            return false;
    return take_text(in, texts, TEXT_DEPARTMENT, &row->department) &&
           take_text(in, texts, TEXT_TENANTS, &row->tenants) && texts >> TEXTS == 0;
}

/* All members of the row are set one by one: to clear it first would take as long. */
bool row_unpack(struct slice in, struct row *row)
{
    struct head head = {0};

    if (in.len < HEAD)
        return false;
    memcpy(&head, in.ptr, HEAD);
    in = slice_from(in, HEAD);
    return take_head(&head, row) && take_numbers(&in, head.lengths, row) &&
           take_texts(&in, head.texts, row) && in.len == 0;
}
