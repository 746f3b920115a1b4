/* lines.c: a bit a byte for newlines, separators and quotes, 64 bytes at a time; quoted stretches
 * by a running exclusive or; the places of bits without a branch a line or a column. */
#include "format/decoder/lines.h"

#include "format/decoder/bits64.h"

#include <string.h>

/* How a processor does the parts of it. */
struct way {
    uint64_t (*equal)(const char *p, char byte); /* which of 64 bytes are ${byte} */
    uint64_t (*running_xor)(uint64_t bits);      /* every bit the exclusive or of all up to it */
    size_t (*lowest)(uint64_t bits);             /* number of a bit; of none whatever */
    size_t (*put)(uint64_t bits, size_t at, size_t most, uint16_t *edges);
    /* the places of all, mostly at most ${most}. Returns: their number */
};

/* What of the rules there is a copy of the code for. */
struct kind {
    bool edges, two, runs, brackets;
    enum quoting quoting;
    size_t most; /* 64 bytes have mostly no more edges; at least four */
};

/* Which of 64 bytes are what. */
struct masks {
    uint64_t newlines, separators, quotes, slashes, brackets;
};

/* What is carried from one step to the next, as its lowest bit or in all bits. */
struct carry {
    uint64_t quoted;  /* all bits: within quotes */
    uint64_t between; /* a separator stood before */
    uint64_t closed;  /* a closing quote did */
    uint64_t slashed; /* a backslash did */
};

BITS64_INLINE struct masks masks_of(const struct way *way, const struct kind *kind,
                                    const struct lines_rules *how, const char *p)
{
    struct masks m = {way->equal(p, '\n'), 0, 0, 0, 0};

    if (!kind->edges)
        return m;
    m.separators = way->equal(p, how->separator) | m.newlines;
    if (kind->two)
        m.separators |= way->equal(p, how->other);
    if (kind->quoting != QUOTE_NONE)
        m.quotes = way->equal(p, '"');
    if (kind->quoting == QUOTE_BACKSLASH)
        m.slashes = way->equal(p, '\\');
    if (kind->brackets)
        m.brackets = way->equal(p, '[');
    return m;
}

/* Quotes that must not stand where they do: all but those that open behind a separator and those
 * that close before one. A newline within quotes is one of them. Separators within quotes are no
 * longer any. */
BITS64_INLINE uint64_t wrong_quotes(const struct way *way, const struct kind *kind, struct masks *m,
                                    struct carry *c)
{
    uint64_t quoted = way->running_xor(m->quotes) ^ c->quoted;
    uint64_t opening = m->quotes & quoted, closing = m->quotes & ~quoted;
    uint64_t behind_closing = closing << 1 | c->closed, before_opening, wrong;

    m->separators &= ~quoted;
    before_opening = m->separators << 1 | c->between;
    wrong = (opening & ~before_opening) | (behind_closing & ~m->separators) |
            (m->newlines & quoted) | (m->brackets & ~quoted);
    if (kind->quoting == QUOTE_BACKSLASH) {
        wrong |= m->quotes & (m->slashes << 1 | c->slashed);
        c->slashed = m->slashes >> (LINES_LOOK - 1);
    }
    c->quoted = (uint64_t)((int64_t)quoted >> (LINES_LOOK - 1));
    c->closed = closing >> (LINES_LOOK - 1);
    return wrong;
}

/* The ends of lines. Mostly there is one or none: which, no branch could foretell. */
BITS64_INLINE size_t put_ends(const struct way *way, uint64_t newlines, size_t at, uint16_t *ends)
{
    size_t n = newlines != 0;

    ends[0] = (uint16_t)(at + way->lowest(newlines));
    for (newlines &= newlines - 1; newlines != 0; newlines &= newlines - 1)
        ends[n++] = (uint16_t)(at + way->lowest(newlines));
    return n;
}

BITS64_INLINE void find_kind(const struct way *way, struct kind kind,
                             const struct lines_rules *rules, const char *p, size_t len,
                             struct lines_places *out)
{
    const struct lines_rules how = *rules; /* known not to change while places are written */
    struct carry c = {.between = 1};
    uint16_t *end = out->end, *edge = out->edge + 1;
    uint64_t wrong = 0;

    for (size_t at = 0; at < len && wrong == 0; at += LINES_LOOK) {
        struct masks m = masks_of(way, &kind, &how, p + at);
        uint64_t edges;

        if (kind.quoting != QUOTE_NONE) {
            wrong = wrong_quotes(way, &kind, &m, &c);
            if (__builtin_expect(wrong != 0, 0))
                m.newlines &= (wrong & -wrong) - 1; /* those before */
        }
        end += put_ends(way, m.newlines, at, end);
        if (!kind.edges)
            continue;
        edges = kind.runs ? m.separators ^ (m.separators << 1 | c.between) : m.separators;
        c.between = m.separators >> (LINES_LOOK - 1);
        edge += way->put(edges, at, kind.most, edge);
    }
    while (end > out->end && end[-1] >= len)
        end--;
    out->ends = (size_t)(end - out->end);
    if (!kind.edges)
        return;
    out->edge[0] = UINT16_MAX;
    memset(edge, 0xff, (how.edges + 1) * sizeof *edge);
}

/* Copies of the above: what is constant costs nothing. Words have two edges. */
BITS64_INLINE void find_words(const struct way *way, const struct lines_rules *how, const char *p,
                              size_t len, struct lines_places *out)
{
    enum { MOST = 12 };

    if (how->quoting == QUOTE_BACKSLASH)
        find_kind(way, (struct kind){true, true, true, false, QUOTE_BACKSLASH, MOST}, how, p, len,
                  out);
    else if (how->quoting == QUOTE_CSV && how->brackets)
        find_kind(way, (struct kind){true, true, true, true, QUOTE_CSV, MOST}, how, p, len, out);
    else if (how->quoting == QUOTE_CSV)
        find_kind(way, (struct kind){true, true, true, false, QUOTE_CSV, MOST}, how, p, len, out);
    else if (how->separator != how->other)
        find_kind(way, (struct kind){true, true, true, false, QUOTE_NONE, MOST}, how, p, len, out);
    else
        find_kind(way, (struct kind){true, false, true, false, QUOTE_NONE, MOST}, how, p, len, out);
}

BITS64_INLINE void find_columns(const struct way *way, const struct lines_rules *how, const char *p,
                                size_t len, struct lines_places *out)
{
    enum { MOST = 8 };

    if (how->quoting == QUOTE_BACKSLASH)
        find_kind(way, (struct kind){true, false, false, false, QUOTE_BACKSLASH, MOST}, how, p, len,
                  out);
    else if (how->quoting == QUOTE_CSV)
        find_kind(way, (struct kind){true, false, false, false, QUOTE_CSV, MOST}, how, p, len, out);
    else
        find_kind(way, (struct kind){true, false, false, false, QUOTE_NONE, MOST}, how, p, len,
                  out);
}

BITS64_INLINE void find(const struct way *way, const struct lines_rules *how, const char *p,
                        size_t len, struct lines_places *out)
{
    if (how->edges == 0)
        find_kind(way, (struct kind){false, false, false, false, QUOTE_NONE, 0}, how, p, len, out);
    else if (how->runs)
        find_words(way, how, p, len, out);
    else
        find_columns(way, how, p, len, out);
}

BITS64_INLINE uint64_t equal_plain(const char *p, char byte)
{
    uint64_t found = 0;

    for (unsigned i = 0; i < LINES_LOOK; i++)
        found |= (uint64_t)(p[i] == byte) << i;
    return found;
}

BITS64_INLINE size_t lowest_plain(uint64_t bits)
{
    return (size_t)__builtin_ctzll(bits | UINT64_C(1) << (LINES_LOOK - 1));
}

BITS64_INLINE size_t put_each(uint64_t bits, size_t at, size_t most, uint16_t *edges)
{
    size_t n = 0;

    (void)most;
    for (; bits != 0; bits &= bits - 1)
        edges[n++] = (uint16_t)(at + (size_t)__builtin_ctzll(bits));
    return n;
}

static const struct way plain = {equal_plain, bits64_xor_by_shifts, lowest_plain, put_each};

static void find_plain(const struct lines_rules *how, const char *p, size_t len,
                       struct lines_places *out)
{
    find(&plain, how, p, len, out);
}

#if defined(__x86_64__) && defined(__SSE2__)

static const struct way sse2 = {bits64_equal_sse2, bits64_xor_by_shifts, lowest_plain, put_each};

static void find_sse2(const struct lines_rules *how, const char *p, size_t len,
                      struct lines_places *out)
{
    find(&sse2, how, p, len, out);
}

BITS64_AVX2 BITS64_INLINE void put_four(uint64_t *bits, size_t at, uint16_t *edges)
{
    bits64_put_lowest_avx2(bits, at, &edges[0]);
    bits64_put_lowest_avx2(bits, at, &edges[1]);
    bits64_put_lowest_avx2(bits, at, &edges[2]);
    bits64_put_lowest_avx2(bits, at, &edges[3]);
}

/* Always ${most}, then four at a time, also where there are fewer: what is too much is written
 * over. */
BITS64_AVX2 BITS64_INLINE size_t put_fours(uint64_t bits, size_t at, size_t most, uint16_t *edges)
{
    size_t count = (size_t)__builtin_popcountll(bits), n;

    put_four(&bits, at, edges);
    if (most > 4)
        put_four(&bits, at, edges + 4);
    if (most > 8)
        put_four(&bits, at, edges + 8);
    for (n = most; __builtin_expect(n < count, 0); n += 4)
        put_four(&bits, at, edges + n);
    return count;
}

static const struct way avx2 = {bits64_equal_avx2, bits64_xor_by_product, bits64_lowest_avx2,
                                put_fours};

BITS64_AVX2 static void find_avx2(const struct lines_rules *how, const char *p, size_t len,
                                  struct lines_places *out)
{
    find(&avx2, how, p, len, out);
}

BITS64_AVX512 BITS64_INLINE size_t put_all(uint64_t bits, size_t at, size_t most, uint16_t *edges)
{
    (void)most;
    return bits64_put_all_avx512(bits, at, edges);
}

static const struct way avx512 = {bits64_equal_avx512, bits64_xor_by_product, bits64_lowest_avx2,
                                  put_all};

BITS64_AVX512 static void find_avx512(const struct lines_rules *how, const char *p, size_t len,
                                      struct lines_places *out)
{
    find(&avx512, how, p, len, out);
}

#endif

lines_finder *lines_finder_at(size_t n)
{
    switch (n) {
    case 0: return find_plain;
#if defined(__x86_64__) && defined(__SSE2__)
    case 1: return find_sse2;
    case 2: return bits64_has_avx2() ? find_avx2 : NULL;
    case 3: return bits64_has_avx512() ? find_avx512 : NULL;
#endif
    default: return NULL;
    }
}

lines_finder *lines_finder_best(void)
{
    size_t n = 0;

    while (lines_finder_at(n + 1) != NULL)
        n++;
    return lines_finder_at(n);
}

void lines_start(struct lines *l, const struct lines_rules *how, const char *p, const char *end)
{
    l->rules = *how;
    l->from = l->behind = p;
    l->end = end;
    l->next = l->places.ends = 0;
    l->edge = l->places.edge + 1;
}

static void look(struct lines *l, const char *from)
{
    size_t left = (size_t)(l->end - from);

    l->from = from;
    l->find(&l->rules, from, left < LINES_STRETCH ? left : LINES_STRETCH, &l->places);
    l->next = 0;
    l->edge = l->places.edge + 1;
}

/* With edges a stretch begins where a line does; else the stretches follow one another. */
bool lines_look(struct lines *l, const char *line)
{
    size_t left;

    if (l->rules.edges > 0) {
        if (line < l->behind)
            return false; /* it was looked at already */
        look(l, line);
        l->behind = l->from + 1;
        if (l->places.ends > 0)
            l->behind = l->from + l->places.end[l->places.ends - 1] + 1;
        return l->places.ends > 0;
    }
    while (l->next == l->places.ends) {
        left = (size_t)(l->end - l->behind);
        if (left == 0)
            return false;
        look(l, l->behind);
        l->behind += left < LINES_STRETCH ? left : LINES_STRETCH;
    }
    return true;
}

const char *lines_next(struct lines *l, const char *line)
{
    const char *hit;

    if (lines_known(l, line))
        return l->from + l->places.end[l->next];
    if (l->rules.edges == 0)
        return l->end;
    hit = memchr(line, '\n', (size_t)(l->end - line));
    return hit == NULL ? l->end : hit;
}

void lines_pass(struct lines *l, const char *newline)
{
    size_t at = (size_t)(newline - l->from);

    if (l->next == l->places.ends)
        return;
    l->next++;
    if (l->rules.edges > 0)
        while (*l->edge <= at)
            l->edge++;
}
