/* layout.c: columns of plain lines into their slots. */
#include "format/decoder/layout.h"

#if defined(__x86_64__) && defined(__SSE2__)
#include <immintrin.h>
#endif

#define ALWAYS static inline __attribute__((always_inline))

/* The text without the quotes around it: what begins with one ends with one. */
ALWAYS void put(bool quotes, const char *from, size_t len, struct slice *slots,
                const struct layout_column *w)
{
    size_t quoted = quotes && *from == '"';
    struct slice *slot = (struct slice *)(void *)((char *)slots + w->slot_bytes);

    *slot = slice_of(from + quoted, len - 2 * quoted);
}

ALWAYS void take_words(const struct layout *y, bool quotes, const char *from, const uint16_t *edge,
                       struct slice *slots)
{
    const struct layout_column *end = y->columns + y->count;

    for (const struct layout_column *w = y->columns; w < end; w++) {
        const uint16_t *word = edge + w->edge;

        put(quotes, from + word[0], (size_t)word[1] - word[0], slots, w);
    }
}

/* A column begins behind the separator before it, the first one behind the newline; before the
 * stretch that is at -1. */
ALWAYS void take_columns(const struct layout *y, bool quotes, const char *from,
                         const uint16_t *edge, struct slice *slots)
{
    const struct layout_column *end = y->columns + y->count;

    for (const struct layout_column *w = y->columns; w < end; w++) {
        const uint16_t *until = edge + w->edge;
        ptrdiff_t before = (int16_t)until[-1];

        put(quotes, from + before + 1, (size_t)(*until - before) - 1, slots, w);
    }
}

static void take_plain_words(const struct layout *y, const char *from, const uint16_t *edge,
                             struct slice *slots)
{
    take_words(y, false, from, edge, slots);
}

static void take_quoted_words(const struct layout *y, const char *from, const uint16_t *edge,
                              struct slice *slots)
{
    take_words(y, true, from, edge, slots);
}

static void take_plain_columns(const struct layout *y, const char *from, const uint16_t *edge,
                               struct slice *slots)
{
    take_columns(y, false, from, edge, slots);
}

static void take_quoted_columns(const struct layout *y, const char *from, const uint16_t *edge,
                                struct slice *slots)
{
    take_columns(y, true, from, edge, slots);
}

#if defined(__x86_64__) && defined(__SSE2__)

#define AVX2 __attribute__((target("avx2")))

/* Two slices of the ends of two words, the lowest four of ${edges}: where the first begins, how
 * long it is, and the same of the second. */
AVX2 ALWAYS void put_two(__m128i edges, __m256i from, struct slice *slots)
{
    _mm256_storeu_si256((__m256i *)(void *)slots,
                        _mm256_add_epi64(_mm256_cvtepu16_epi64(edges), from));
}

/* All words, four at a time: their slots follow one another. */
AVX2 static void take_all_words(const struct layout *y, const char *from, const uint16_t *edge,
                                struct slice *slots)
{
    const __m256i begin = _mm256_set_epi64x(0, (int64_t)(intptr_t)from, 0, (int64_t)(intptr_t)from);
    struct slice *slot = slots + y->columns[0].slot_bytes / sizeof *slots, *end = slot + y->count;

    _Static_assert(sizeof(struct slice) == 16, "two are a vector");
    for (; slot < end; slot += 4, edge += 8) {
        __m128i edges = _mm_loadu_si128((const __m128i *)(const void *)edge);

        edges = _mm_sub_epi16(edges, _mm_slli_epi32(edges, 16)); /* for ends, lengths */
        put_two(edges, begin, slot);
        put_two(_mm_unpackhi_epi64(edges, edges), begin, slot + 2);
    }
}

#endif

layout_taker *layout_words_at(size_t n)
{
#if defined(__x86_64__) && defined(__SSE2__)
    if (n == 1)
        return __builtin_cpu_supports("avx2") ? take_all_words : NULL;
#endif
    return n == 0 ? take_plain_words : NULL;
}

/* Are all columns wanted, in the order of their slots, the last in the last? */
static bool is_in_order(const struct layout_columns *columns)
{
    const struct split_column *wanted = columns->wanted;

    for (size_t i = 0; i < columns->wanted_count; i++)
        if (wanted[i].number != i ||
            (size_t)wanted[i].slot + columns->wanted_count != columns->slots + i)
            return false;
    return columns->wanted_count > 0 && columns->wanted_count == columns->count;
}

static layout_taker *taker_of(const struct lines_rules *rules, const struct layout_columns *columns)
{
    if (!rules->runs)
        return rules->quoting == QUOTE_NONE ? take_plain_columns : take_quoted_columns;
    if (rules->quoting != QUOTE_NONE)
        return take_quoted_words;
    if (is_in_order(columns) && layout_words_at(1) != NULL)
        return layout_words_at(1);
    return take_plain_words;
}

bool layout_make(const struct split *how, bool tabs, const struct layout_columns *columns,
                 struct layout *out)
{
    const bool blanks = how->separator == ' ';
    char other = how->separator;

    if (columns->count == 0 || columns->count > LINES_COLUMNS ||
        columns->wanted_count > LAYOUT_COLUMNS || how->separator == '\n' ||
        (how->brackets && !(blanks && how->quoting == QUOTE_CSV)))
        return false;
    if (blanks && tabs)
        other = '\t';
    out->rules = (struct lines_rules){.edges = blanks ? 2 * columns->count : columns->count,
                                      .separator = how->separator,
                                      .other = other,
                                      .runs = blanks,
                                      .brackets = how->brackets,
                                      .quoting = how->quoting};
    out->count = columns->wanted_count;
    for (size_t i = 0; i < out->count; i++) {
        const struct split_column *w = &columns->wanted[i];

        out->columns[i] =
            (struct layout_column){(uint16_t)(blanks ? 2 * w->number : w->number),
                                   (uint16_t)((size_t)w->slot * sizeof(struct slice))};
    }
    out->take = taker_of(&out->rules, columns);
    return true;
}
