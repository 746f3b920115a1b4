/* pieces.c: walking through a line by pieces, 32 bytes at a time; learning them. */
#include "format/decoder/pieces.h"

#include "base/word.h"
#include "format/decoder/scan.h"

#include <string.h>

#if defined(__x86_64__) && defined(__SSE2__)
#include <immintrin.h>
#endif

#define ALWAYS static inline __attribute__((always_inline))

/* How a processor does the parts of it. ${p} may be PIECE_FIRST bytes beyond the end of the line
 * where text is compared, and not beyond where a value begins. */
struct way {
    bool (*same)(const struct piece *piece, const char *p); /* its first PIECE_FIRST bytes */
    /* The first of two bytes before ${end}, or what is less than PIECE_FIRST bytes behind that. */
    const char *(*find)(const char *p, const char *end, const struct piece_stops *stops);
    /* Behind the number, true, false or null at ${p}; NULL where none is, or a long one. */
    const char *(*word)(const char *p, const struct piece_ranges *ranges);
    /* The first of two bytes, or ${end}; NULL where a quote stands at ${p}. */
    const char *(*bare)(const char *p, const char *end, const struct piece_stops *stops);
};

/* Letters and signs that nobody writes are left to the decoder. */
static bool is_word_byte(char c)
{
    return (c >= '-' && c <= '9') || (c >= 'a' && c <= 'z');
}

static const char *word_plain(const char *p, const struct piece_ranges *ranges)
{
    int n = 0;

    (void)ranges;
    while (n < PIECE_FIRST && is_word_byte(p[n]))
        n++;
    return n == 0 || n == PIECE_FIRST ? NULL : p + n;
}

static inline const char *earlier(const char *one, const char *other)
{
    return one < other ? one : other;
}

/* The end of the piece's value, which begins at ${p}; NULL where it is not of that kind. */
static const char *value_end(const struct walk *w, const struct piece *piece, const char *p)
{
    switch ((enum piece_value)piece->value) {
    case VALUE_QUOTED: return scan_either(p, w->end, '"', '\\');
    case VALUE_WORD: return word_plain(p, NULL);
    case VALUE_BARE:
        return *p == '"' ? NULL
                         : scan_either(p, w->end, w->all->bare.one[0], w->all->bare.other[0]);
    case VALUE_ASIDE: return p;
    case VALUE_END: return p == w->end ? p : NULL;
    case VALUE_NONE: break;
    }
    return NULL;
}

/* A value into its slot; of JSON the last one holds, of pairs the first. */
ALWAYS void put(enum piece_family family, struct walk *w, const struct piece *piece,
                struct slice value)
{
    struct slice *slot = &w->slots[piece->slot];

    if (family == PIECES_PAIRS) {
        w->wanted = true;
        if (slot->ptr != NULL)
            return;
    } else if (piece->value == VALUE_WORD && value.len == 4 && memcmp(value.ptr, "null", 4) == 0) {
        value = slice_of(NULL, 0);
    }
    *slot = value;
}

/* Where pieces are kept that begin as ${text} does, to the sign behind their first key. WIDE_SLACK
 * readable bytes stand behind the text, or PIECE_BYTES in all. */
static size_t place_of(struct slice text)
{
    size_t len = text.len < PIECE_BYTES ? text.len : PIECE_BYTES;
    size_t head = (size_t)(scan_either(text.ptr, text.ptr + len, ':', '=') - text.ptr);
    uint64_t hash = (word_load(text.ptr) & word_mask(head)) ^ (uint64_t)head << 32;

    if (head > 8)
        hash ^= word_load(text.ptr + head - 8) * UINT64_C(0xc2b2ae3d27d4eb4f);
    return (hash * UINT64_C(0x9e3779b97f4a7c15) >> 32) % PIECE_LIMIT;
}

/* It follows ${before} from now on. */
static void link_first(struct piece *before, struct piece *piece)
{
    int i = 0;

    while (i < PIECE_LINKS - 1 && before->next[i] != piece)
        i++;
    for (; i > 0; i--)
        before->next[i] = before->next[i - 1];
    before->next[0] = piece;
}

/* The end of its value where the piece stands here, else NULL. It becomes the first of those that
 * follow the last one. */
static const char *try_piece(const struct walk *w, struct piece *piece)
{
    const char *stop;

    if ((size_t)(w->end - w->p) < piece->len ||
        ((word_load(w->p) ^ word_load(piece->text)) & word_mask(piece->len)) != 0 ||
        memcmp(w->p, piece->text, piece->len) != 0)
        return NULL;
    stop = value_end(w, piece, w->p + piece->len);
    if (stop != NULL && w->at->next[0] != piece)
        link_first(w->at, piece);
    return stop;
}

/* Look for any piece that is known here. Returns: the end of its value; NULL where there is none.
 */
static const char *find_any(const struct walk *w)
{
    const struct piece *before = w->at;
    const char *stop = NULL;
    size_t i;

    if (w->p > w->end)
        return NULL;
    for (i = 0; i < PIECE_LINKS && stop == NULL; i++)
        stop = try_piece(w, before->next[i]);
    if (stop != NULL)
        return stop;
    i = w->all->heads[place_of(slice_of(w->p, (size_t)(w->end - w->p)))];
    for (; i != 0 && stop == NULL; i = w->all->at[i].chain) {
        struct piece *piece = &w->all->at[i];

        if (piece->from_state == before->state && piece->from_value == before->value)
            stop = try_piece(w, piece);
    }
    return stop;
}

/* One piece of any kind. */
ALWAYS enum walked step(enum piece_family family, struct walk *w)
{
    const char *stop = find_any(w);

    if (stop == NULL) /* nobody asked yet whether it is a value that ends here */
        return w->value == NULL ? WALKED_BEFORE_TEXT : WALKED_BEFORE_VALUE;
    w->at = w->at->next[0];
    w->value = w->p + w->at->len;
    w->p = stop;
    if (w->at->value >= VALUE_ASIDE)
        return w->at->value == VALUE_END ? WALKED_LINE : WALKED_BEFORE_VALUE;
    if (w->at->slot >= 0)
        put(family, w, w->at, slice_of(w->value, (size_t)(stop - w->value)));
    return WALKING;
}

static __attribute__((noinline)) enum walked step_json(struct walk *w)
{
    return step(PIECES_JSON, w);
}

static __attribute__((noinline)) enum walked step_pairs(struct walk *w)
{
    return step(PIECES_PAIRS, w);
}

/* As it is, but the compiler does not know that. */
ALWAYS const char *unknown(const char *p)
{
    __asm__("" : "+r"(p));
    return p;
}

/*
 * Where the next piece begins. Many values are as long as those before them: what is behind them is
 * looked at without waiting for their end, which else takes the processor as long as all the rest.
 */
ALWAYS const char *next_begin(struct piece *piece, const char *from, const char *stop)
{
    const char *expected = unknown(from + piece->span);

    if (stop == from + piece->span)
        return expected;
    piece->span = (uint32_t)(stop - from);
    return stop;
}

/* Pieces as long as each is what mostly followed the one before, and its value of a usual kind. */
ALWAYS void run(const struct way *way, enum piece_family family, struct walk *w)
{
    const struct pieces *const all = w->all; /* known not to change while slots are written */
    const char *const end = w->end;
    const char *p = w->p, *value = w->value;
    struct piece *at = w->at;

    for (;;) {
        struct piece *piece = at->next[0];
        const char *from = p + piece->len, *stop;

        if (!way->same(piece, p) || from > end)
            break;
        if (piece->quick == VALUE_QUOTED)
            stop = way->find(from, end, &all->quoted);
        else if (family == PIECES_JSON && piece->quick == VALUE_WORD)
            stop = way->word(from, &all->ranges);
        else if (family == PIECES_PAIRS && piece->quick == VALUE_BARE)
            stop = way->bare(from, end, &all->bare);
        else
            break;
        if (stop == NULL)
            break;
        at = piece;
        value = from;
        p = next_begin(piece, from, stop);
        if (piece->slot >= 0)
            put(family, w, piece, slice_of(from, (size_t)(stop - from)));
    }
    w->at = at;
    w->value = value;
    w->p = p;
}

/* What step() does where the line ends here, as it mostly did behind that piece. Returns: it does.
 */
ALWAYS bool take_end(const struct way *way, struct walk *w)
{
    struct piece *piece = w->at->next[0];

    if (piece->quick != VALUE_END || w->p + piece->len != w->end || !way->same(piece, w->p))
        return false;
    w->at = piece;
    w->value = w->p = w->end;
    return true;
}

/* The walks of a way. */
ALWAYS enum walked walk_json(const struct way *way, struct walk *w)
{
    enum walked walked;

    do
        run(way, PIECES_JSON, w);
    while ((walked = take_end(way, w) ? WALKED_LINE : step_json(w)) == WALKING);
    return walked;
}

ALWAYS enum walked walk_pairs(const struct way *way, struct walk *w)
{
    enum walked walked;

    do
        run(way, PIECES_PAIRS, w);
    while ((walked = take_end(way, w) ? WALKED_LINE : step_pairs(w)) == WALKING);
    return walked;
}

ALWAYS bool same_plain(const struct piece *piece, const char *p)
{
    return memcmp(piece->text, p, piece->len < PIECE_FIRST ? piece->len : PIECE_FIRST) == 0;
}

ALWAYS const char *find_plain(const char *p, const char *end, const struct piece_stops *stops)
{
    while (p < end && *p != stops->one[0] && *p != stops->other[0])
        p++;
    return p;
}

ALWAYS const char *bare_plain(const char *p, const char *end, const struct piece_stops *stops)
{
    return *p == '"' ? NULL : earlier(find_plain(p, end, stops), end);
}

static const struct way plain = {same_plain, find_plain, word_plain, bare_plain};

static enum walked json_plain(struct walk *w)
{
    return walk_json(&plain, w);
}

static enum walked pairs_plain(struct walk *w)
{
    return walk_pairs(&plain, w);
}

#if defined(__x86_64__) && defined(__SSE2__)

ALWAYS __m128i load_16(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* A bit for each of 32 bytes, of two times 16. */
ALWAYS uint32_t bits_16(__m128i low, __m128i high)
{
    return (uint32_t)_mm_movemask_epi8(low) | (uint32_t)_mm_movemask_epi8(high) << 16;
}

ALWAYS bool same_sse2(const struct piece *piece, const char *p)
{
    uint32_t equal = bits_16(_mm_cmpeq_epi8(load_16(p), load_16(piece->text)),
                             _mm_cmpeq_epi8(load_16(p + 16), load_16(piece->text + 16)));

    return (~equal & piece->mask) == 0;
}

ALWAYS __m128i stops_16(const char *p, const struct piece_stops *stops)
{
    __m128i bytes = load_16(p);

    return _mm_or_si128(_mm_cmpeq_epi8(bytes, load_16(stops->one)),
                        _mm_cmpeq_epi8(bytes, load_16(stops->other)));
}

ALWAYS const char *find_sse2(const char *p, const char *end, const struct piece_stops *stops)
{
    do {
        uint32_t hits = bits_16(stops_16(p, stops), stops_16(p + 16, stops));

        if (hits != 0)
            return p + __builtin_ctz(hits);
        p += 32;
    } while (p < end);
    return end;
}

/* Which of 16 bytes are in one of the ranges. */
ALWAYS __m128i words_16(const char *p, const struct piece_ranges *ranges)
{
    __m128i bytes = load_16(p), digit = _mm_add_epi8(bytes, load_16(ranges->to_digits)),
            letter = _mm_add_epi8(bytes, load_16(ranges->to_letters));

    return _mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(digit, load_16(ranges->last_digit)), digit),
                        _mm_cmpeq_epi8(_mm_min_epu8(letter, load_16(ranges->last_letter)), letter));
}

ALWAYS const char *word_sse2(const char *p, const struct piece_ranges *ranges)
{
    uint32_t others = ~bits_16(words_16(p, ranges), words_16(p + 16, ranges));

    return others == 0 || (others & 1) != 0 ? NULL : p + __builtin_ctz(others);
}

ALWAYS const char *bare_sse2(const char *p, const char *end, const struct piece_stops *stops)
{
    return *p == '"' ? NULL : earlier(find_sse2(p, end, stops), end);
}

static const struct way sse2 = {same_sse2, find_sse2, word_sse2, bare_sse2};

static enum walked json_sse2(struct walk *w)
{
    return walk_json(&sse2, w);
}

static enum walked pairs_sse2(struct walk *w)
{
    return walk_pairs(&sse2, w);
}

#define AVX2 __attribute__((target("avx2,bmi")))

AVX2 ALWAYS __m256i load_32(const char *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

AVX2 ALWAYS bool same_avx2(const struct piece *piece, const char *p)
{
    __m256i equal = _mm256_cmpeq_epi8(load_32(p), load_32(piece->text));

    return (~(uint32_t)_mm256_movemask_epi8(equal) & piece->mask) == 0;
}

AVX2 ALWAYS uint32_t stops_32(const char *p, const struct piece_stops *stops)
{
    __m256i bytes = load_32(p);

    return (uint32_t)_mm256_movemask_epi8(
        _mm256_or_si256(_mm256_cmpeq_epi8(bytes, load_32(stops->one)),
                        _mm256_cmpeq_epi8(bytes, load_32(stops->other))));
}

/* The few long values; as scan_either. */
AVX2 static __attribute__((noinline)) const char *find_far(const char *p, const char *end,
                                                           const struct piece_stops *stops)
{
    for (; p < end; p += 64) {
        uint64_t hits = stops_32(p, stops) | (uint64_t)stops_32(p + 32, stops) << 32;

        if (hits != 0)
            return earlier(p + _tzcnt_u64(hits), end);
    }
    return end;
}

AVX2 ALWAYS const char *find_avx2(const char *p, const char *end, const struct piece_stops *stops)
{
    uint32_t hits = stops_32(p, stops);

    return hits != 0 ? p + _tzcnt_u32(hits) : find_far(p + 32, end, stops);
}

AVX2 ALWAYS const char *word_avx2(const char *p, const struct piece_ranges *ranges)
{
    __m256i bytes = load_32(p), digit = _mm256_add_epi8(bytes, load_32(ranges->to_digits)),
            letter = _mm256_add_epi8(bytes, load_32(ranges->to_letters));
    uint32_t others = ~(uint32_t)_mm256_movemask_epi8(_mm256_or_si256(
        _mm256_cmpeq_epi8(_mm256_min_epu8(digit, load_32(ranges->last_digit)), digit),
        _mm256_cmpeq_epi8(_mm256_min_epu8(letter, load_32(ranges->last_letter)), letter)));

    return others == 0 || (others & 1) != 0 ? NULL : p + _tzcnt_u32(others);
}

AVX2 ALWAYS const char *bare_avx2(const char *p, const char *end, const struct piece_stops *stops)
{
    return *p == '"' ? NULL : earlier(find_avx2(p, end, stops), end);
}

static const struct way avx2 = {same_avx2, find_avx2, word_avx2, bare_avx2};

AVX2 static enum walked json_avx2(struct walk *w)
{
    return walk_json(&avx2, w);
}

AVX2 static enum walked pairs_avx2(struct walk *w)
{
    return walk_pairs(&avx2, w);
}

#endif

piece_walker *pieces_walker_at(enum piece_family family, size_t n)
{
    static piece_walker *const ways[][PIECE_FAMILIES] = {
        {json_plain, pairs_plain},
#if defined(__x86_64__) && defined(__SSE2__)
        {json_sse2, pairs_sse2},
        {json_avx2, pairs_avx2},
#endif
    };
    size_t count = sizeof ways / sizeof *ways;

#if defined(__x86_64__) && defined(__SSE2__)
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi"))
        count--;
#endif
    return n < count ? ways[n][family] : NULL;
}

static piece_walker *best_walker(enum piece_family family)
{
    size_t n = 0;

    while (pieces_walker_at(family, n + 1) != NULL)
        n++;
    return pieces_walker_at(family, n);
}

static void follow_by_none(struct pieces *all, struct piece *piece)
{
    for (int i = 0; i < PIECE_LINKS; i++)
        piece->next[i] = &all->at[PIECE_OF_NONE];
}

static void set_stops(struct piece_stops *stops, char one, char other)
{
    memset(stops->one, one, sizeof stops->one);
    memset(stops->other, other, sizeof stops->other);
}

void pieces_clear(struct pieces *all, enum piece_family family, char separator, char other)
{
    if (all->walker == NULL)
        all->walker = best_walker(family);
    set_stops(&all->quoted, '"', '\\');
    set_stops(&all->bare, separator, other);
    memset(all->ranges.to_digits, -'-', PIECE_FIRST);
    memset(all->ranges.last_digit, '9' - '-', PIECE_FIRST);
    memset(all->ranges.to_letters, -'a', PIECE_FIRST);
    memset(all->ranges.last_letter, 'z' - 'a', PIECE_FIRST);
    memset(all->heads, 0, sizeof all->heads);
    all->at[PIECE_OF_NONE] = (struct piece){.value = VALUE_NONE};
    all->at[PIECE_START] = (struct piece){.value = VALUE_NONE};
    follow_by_none(all, &all->at[PIECE_START]);
    all->count = PIECE_START + 1;
    all->full = false;
}

static bool is_same(const struct piece *a, const struct piece *b)
{
    return a->len == b->len && a->value == b->value && a->from_value == b->from_value &&
           a->from_state == b->from_state && memcmp(a->text, b->text, PIECE_BYTES) == 0;
}

/* The one that is known and the same, or a copy. */
static struct piece *keep(struct pieces *all, const struct piece *piece)
{
    uint16_t *head = &all->heads[place_of(slice_of(piece->text, piece->len))];
    struct piece *kept;

    for (size_t i = *head; i != 0; i = all->at[i].chain)
        if (is_same(&all->at[i], piece))
            return &all->at[i];
    all->full |= all->count == PIECE_LIMIT;
    if (all->full)
        return NULL;
    kept = &all->at[all->count];
    *kept = *piece;
    kept->chain = *head;
    follow_by_none(all, kept);
    *head = all->count++;
    return kept;
}

struct piece *pieces_learn(struct pieces *all, struct piece *before, struct slice text,
                           struct piece what)
{
    struct piece *piece;

    if (text.len > PIECE_BYTES)
        return NULL;
    memset(what.text, 0, sizeof what.text);
    memcpy(what.text, text.ptr, text.len);
    what.len = (uint32_t)text.len;
    what.quick = text.len <= PIECE_FIRST && what.value != VALUE_ASIDE ? what.value : VALUE_NONE;
    what.mask = text.len >= PIECE_FIRST ? UINT32_MAX : (UINT32_C(1) << text.len) - 1;
    what.from_value = before->value;
    what.from_state = before->state;
    piece = keep(all, &what);
    if (piece != NULL)
        link_first(before, piece);
    return piece;
}
