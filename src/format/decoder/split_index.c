/* split_index.c: a bit a byte for separators and quotes, 64 bytes at a time; quoted stretches by a
 * running exclusive or. */
#include "format/decoder/split_index.h"

#include "format/decoder/bits64.h"

enum { STRIDE = BITS64_BYTES };

/* A bit for each of 64 bytes. */
struct masks {
    uint64_t separators, quotes, slashes, brackets;
};

/* How a processor does the parts of it. */
struct way {
    struct masks (*masks)(const char *p, const struct index_rules *how);
    uint64_t (*running_xor)(uint64_t bits); /* every bit the exclusive or of all up to it */
    size_t (*put)(uint64_t bits, size_t at, uint16_t *edges); /* Returns: the number of bits */
    size_t (*lowest)(uint64_t bits);                          /* number of a bit; of none STRIDE */
};

/* What is carried from one stretch of bytes to the next, as its lowest bit or in all bits. */
struct carry {
    uint64_t quoted;  /* all bits: within quotes */
    uint64_t starts;  /* a column may begin here */
    uint64_t closed;  /* a closing quote stood before */
    uint64_t slashed; /* a backslash did */
    uint64_t in_word;
    uint64_t wrong, inner;
};

/* What of the rules there is a copy of the code for. */
struct index_kind {
    enum quoting quoting;
    bool runs;
};

/* Separators outside of quotes; notes quotes where none may be. */
BITS64_INLINE uint64_t outside(const struct way *way, const struct index_kind *kind,
                               const struct masks *m, uint64_t valid, struct carry *c)
{
    uint64_t quotes = m->quotes & valid, quoted = way->running_xor(quotes) ^ c->quoted;
    uint64_t opening = quotes & quoted, closing = quotes & ~quoted;
    uint64_t separators = m->separators & ~quoted;
    uint64_t behind_closing = closing << 1 | c->closed, starts = separators << 1 | c->starts;
    uint64_t doubled = opening & behind_closing;

    if (kind->quoting == QUOTE_BACKSLASH) {
        c->wrong |= doubled | (quotes & (m->slashes << 1 | c->slashed));
        c->slashed = m->slashes >> (STRIDE - 1);
    }
    c->wrong |= opening & ~starts & ~doubled;
    c->wrong |= (behind_closing & ~separators & ~doubled & valid) | (m->brackets & ~quoted & valid);
    c->inner |= doubled;
    c->quoted = (uint64_t)((int64_t)quoted >> (STRIDE - 1));
    c->closed = closing >> (STRIDE - 1);
    c->starts = separators >> (STRIDE - 1);
    return separators;
}

/* Which of the stretch's bytes are edges: of words, or the separators and quotes. */
BITS64_INLINE uint64_t edges_of(const struct way *way, const struct index_kind *kind,
                                const struct masks *m, uint64_t valid, struct carry *c)
{
    uint64_t bits = m->separators, words;

    if (kind->quoting == QUOTE_NONE)
        c->wrong |= m->brackets & valid;
    else
        bits = outside(way, kind, m, valid, c);
    if (!kind->runs)
        return bits & valid;
    words = ~bits & valid; /* behind the end is no word */
    bits = words ^ (words << 1 | c->in_word);
    c->in_word = words >> (STRIDE - 1);
    return bits;
}

BITS64_INLINE bool fill_kind(const struct way *way, const struct index_rules *how,
                             struct index_kind kind, struct slice line, struct index *out)
{
    const struct index_rules rules = *how; /* known not to change while edges are written */
    struct carry c = {.starts = 1};
    size_t n = 0;

    for (size_t at = 0; at < line.len; at += STRIDE) {
        size_t left = line.len - at;
        uint64_t valid = left >= STRIDE ? UINT64_MAX : (UINT64_C(1) << left) - 1;
        const struct masks m = way->masks(line.ptr + at, &rules);

        n += way->put(edges_of(way, &kind, &m, valid, &c), at, out->edges + n);
        if (n > INDEX_EDGES)
            return false;
    }
    if (c.in_word != 0)
        out->edges[n++] = (uint16_t)line.len;
    out->count = n;
    out->inner = c.inner != 0;
    return (c.wrong | c.quoted) == 0 && n <= INDEX_EDGES;
}

/* One copy of the above a way and kind: what is constant costs nothing. */
BITS64_INLINE bool fill(const struct way *way, const struct index_rules *how, struct slice line,
                        struct index *out)
{
    if (line.len > INDEX_BYTES)
        return false;
    switch (how->quoting) {
    case QUOTE_NONE:
        return how->runs ? fill_kind(way, how, (struct index_kind){QUOTE_NONE, true}, line, out)
                         : fill_kind(way, how, (struct index_kind){QUOTE_NONE, false}, line, out);
    case QUOTE_CSV:
        return fill_kind(way, how, (struct index_kind){QUOTE_CSV, how->runs}, line, out);
    case QUOTE_BACKSLASH:
        return fill_kind(way, how, (struct index_kind){QUOTE_BACKSLASH, how->runs}, line, out);
    }
    return false;
}

/*
 * Words between blanks into their slots; as few steps a word as there can be. Where they begin and
 * where they end are bits of their own: at an end its beginning is known, and the next one follows.
 */
BITS64_INLINE bool words(const struct way *way, struct slice line, const struct words_target *to)
{
    static const struct index_rules blanks = {' ', ' ', true, QUOTE_NONE, false};
    const int *slot_of = to->slot_of;
    struct slice *slots = to->slots;
    const char *word = line.ptr;
    uint64_t within = 0; /* a word goes on from the stretch before */
    size_t n = 0;

    for (size_t at = 0; at < line.len; at += STRIDE) {
        const char *p = line.ptr + at;
        size_t left = line.len - at;
        uint64_t valid = left >= STRIDE ? UINT64_MAX : (UINT64_C(1) << left) - 1;
        uint64_t bytes = ~way->masks(p, &blanks).separators & valid;
        uint64_t before = bytes << 1 | within, starts = bytes & ~before, ends = ~bytes & before;

        word = within != 0 ? word : p + way->lowest(starts);
        starts = within != 0 ? starts : starts & (starts - 1);
        within = bytes >> (STRIDE - 1);
        for (; ends != 0; ends &= ends - 1, n++) {
            if (n == to->count)
                return false;
            if (slot_of[n] >= 0)
                slots[slot_of[n]] = slice_of(word, (size_t)(p + way->lowest(ends) - word));
            word = p + way->lowest(starts);
            starts &= starts - 1;
        }
    }
    if (within != 0 && n < to->count && slot_of[n] >= 0)
        slots[slot_of[n]] = slice_of(word, (size_t)(line.ptr + line.len - word));
    return n + (within != 0) == to->count;
}

BITS64_INLINE size_t put_each(uint64_t bits, size_t at, uint16_t *edges)
{
    size_t n = 0;

    for (; bits != 0; bits &= bits - 1)
        edges[n++] = (uint16_t)(at + (size_t)__builtin_ctzll(bits));
    return n;
}

BITS64_INLINE size_t lowest_if_any(uint64_t bits)
{
    return bits == 0 ? STRIDE : (size_t)__builtin_ctzll(bits);
}

static struct masks masks_plain(const char *p, const struct index_rules *how)
{
    struct masks m = {0, 0, 0, 0};

    for (unsigned i = 0; i < STRIDE; i++) {
        m.separators |= (uint64_t)(p[i] == how->separator || p[i] == how->other) << i;
        m.quotes |= (uint64_t)(p[i] == '"') << i;
        m.slashes |= (uint64_t)(p[i] == '\\') << i;
        m.brackets |= (uint64_t)(how->no_brackets && p[i] == '[') << i;
    }
    return m;
}

static const struct way plain = {masks_plain, bits64_xor_by_shifts, put_each, lowest_if_any};

static bool fill_plain(const struct index_rules *how, struct slice line, struct index *out)
{
    return fill(&plain, how, line, out);
}

static bool words_plain(struct slice line, const struct words_target *to)
{
    return words(&plain, line, to);
}

#if defined(__x86_64__) && defined(__SSE2__)

BITS64_INLINE struct masks masks_sse2(const char *p, const struct index_rules *how)
{
    struct masks m = {0, 0, 0, 0};

    m.separators = bits64_equal_sse2(p, how->separator);
    if (how->other != how->separator)
        m.separators |= bits64_equal_sse2(p, how->other);
    if (how->quoting != QUOTE_NONE)
        m.quotes = bits64_equal_sse2(p, '"');
    if (how->quoting == QUOTE_BACKSLASH)
        m.slashes = bits64_equal_sse2(p, '\\');
    if (how->no_brackets)
        m.brackets = bits64_equal_sse2(p, '[');
    return m;
}

static const struct way sse2 = {masks_sse2, bits64_xor_by_shifts, put_each, lowest_if_any};

static bool fill_sse2(const struct index_rules *how, struct slice line, struct index *out)
{
    return fill(&sse2, how, line, out);
}

static bool words_sse2(struct slice line, const struct words_target *to)
{
    return words(&sse2, line, to);
}

BITS64_AVX2 BITS64_INLINE struct masks masks_avx2(const char *p, const struct index_rules *how)
{
    struct masks m = {0, 0, 0, 0};

    m.separators = bits64_equal_avx2(p, how->separator);
    if (how->other != how->separator)
        m.separators |= bits64_equal_avx2(p, how->other);
    if (how->quoting != QUOTE_NONE)
        m.quotes = bits64_equal_avx2(p, '"');
    if (how->quoting == QUOTE_BACKSLASH)
        m.slashes = bits64_equal_avx2(p, '\\');
    if (how->no_brackets)
        m.brackets = bits64_equal_avx2(p, '[');
    return m;
}

/* Four at a time, also where there are fewer: what is too much is written over. */
BITS64_AVX2 BITS64_INLINE size_t put_fours(uint64_t bits, size_t at, uint16_t *edges)
{
    size_t count = (size_t)__builtin_popcountll(bits);

    for (size_t n = 0; n < count; n += 4) {
        bits64_put_lowest_avx2(&bits, at, &edges[n]);
        bits64_put_lowest_avx2(&bits, at, &edges[n + 1]);
        bits64_put_lowest_avx2(&bits, at, &edges[n + 2]);
        bits64_put_lowest_avx2(&bits, at, &edges[n + 3]);
    }
    return count;
}

static const struct way avx2 = {masks_avx2, bits64_xor_by_product, put_fours, bits64_lowest_avx2};

BITS64_AVX2 static bool fill_avx2(const struct index_rules *how, struct slice line,
                                  struct index *out)
{
    return fill(&avx2, how, line, out);
}

BITS64_AVX2 static bool words_avx2(struct slice line, const struct words_target *to)
{
    return words(&avx2, line, to);
}

#endif

/* How well this machine can do it. */
enum { WAY_PLAIN, WAY_SSE2, WAY_AVX2, WAYS };

static size_t best_way(void)
{
#if defined(__x86_64__) && defined(__SSE2__)
    return bits64_has_avx2() ? WAY_AVX2 : WAY_SSE2;
#else
    return WAY_PLAIN;
#endif
}

index_filler *index_filler_at(size_t n)
{
    static index_filler *const ways[WAYS] = {
        fill_plain,
#if defined(__x86_64__) && defined(__SSE2__)
        fill_sse2,
        fill_avx2,
#endif
    };

    return n <= best_way() ? ways[n] : NULL;
}

words_filler *words_filler_at(size_t n)
{
    static words_filler *const ways[WAYS] = {
        words_plain,
#if defined(__x86_64__) && defined(__SSE2__)
        words_sse2,
        words_avx2,
#endif
    };

    return n <= best_way() ? ways[n] : NULL;
}

words_filler *words_filler_best(void)
{
    return words_filler_at(best_way());
}

bool index_fill(const struct index_rules *how, struct slice line, struct index *out)
{
    return index_filler_at(best_way())(how, line, out);
}
