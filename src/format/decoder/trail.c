/* trail.c: lines go trails, 32 bytes of a hole at a time. */
#include "format/decoder/trail.h"

#include "base/word.h"
#include "format/format.h"

#include <string.h>

#if defined(__x86_64__) && defined(__SSE2__)
#include <immintrin.h>
#endif

#define ALWAYS static inline __attribute__((always_inline))

enum {
    HOPELESS = 32,   /* lines without a trail: the next are spared the look for one, */
    SOMETIMES = 64,  /* but for two of so many */
    ENDS_LIMIT = 64, /* of a hole that are looked at */
    PROVEN = 64      /* lines on one trail: it was no mistake */
};

/* --- the parts that processors do in ways of their own --- */

/* Does ${byte} stand in the set of the step? */
ALWAYS bool is_in_set(const struct trail_step *step, unsigned char byte)
{
    return byte < 0x80 && ((unsigned char)step->low[byte & 15] >> (byte >> 4) & 1) != 0;
}

ALWAYS bool halts_at(const struct trail_step *step, unsigned char byte)
{
    return is_in_set(step, byte) == (step->flip != 0);
}

/* The first byte from ${p} on at which the hole halts; any place from ${end} on where it does not
 * before. Looks at ${p} in any case: it is not far behind the end. */
typedef const char *find_halt(const struct trail_step *step, const char *p, const char *end);

/* Which bytes of the step's text, a bit each, do not stand at ${p}. */
typedef uint32_t find_others(const struct trail_step *step, const char *p);

struct looks {
    find_halt *halt;
    find_others *others, *unlike; /* unlike: digits may be other digits */
};

ALWAYS const char *find_halt_plain(const struct trail_step *step, const char *p, const char *end)
{
    do {
        if (halts_at(step, (unsigned char)*p))
            return p;
    } while (++p < end);
    return p;
}

ALWAYS uint32_t find_others_plain(const struct trail_step *step, const char *p)
{
    uint32_t others = 0;

    for (unsigned i = 0; i < STEP_TEXT_BYTES; i++)
        others |= (uint32_t)(p[i] != step->text[i]) << i;
    return others & step->full;
}

/* The same of text that is alike but for its digits. */
ALWAYS uint32_t find_unlike_plain(const struct trail_step *step, const char *p)
{
    uint32_t others = 0;

    for (unsigned i = 0; i < STEP_ALIKE_BYTES; i++) {
        bool digits =
            (unsigned char)(p[i] - '0') <= 9 && (unsigned char)(step->alike[i] - '0') <= 9;

        others |= (uint32_t)(p[i] != step->alike[i] && !digits) << i;
    }
    return others & step->full;
}

/* --- the way --- */

/* A line on its way. */
struct going {
    const char *p, *end;
    struct slice *slots;
};

ALWAYS void fill(const struct going *g, const struct trail_step *step, const char *from,
                 const char *to)
{
    if (step->slot >= 0)
        g->slots[step->slot] = slice_of(from, (size_t)(to - from));
}

/* The text of the step does not stand at ${stop}, where the hole halts. Does the hole go on for
 * sure? What is no blank cannot be what the text has a blank for. */
static bool goes_on(const struct trail_step *step, const char *stop, uint32_t others)
{
    unsigned first = (unsigned)__builtin_ctz(others);

    return (step->own >> first & 1) != 0 && (unsigned char)stop[first] > ' ' &&
           (step->halts->bytes[(unsigned char)*stop] & BYTE_HELD) != 0;
}

/* The next place at which the hole ends. NULL: it may be that it ends at none, or elsewhere. Few
 * holes come here. */
static __attribute__((noinline)) const char *find_end(const struct trail_step *step,
                                                      const char *stop, const char *end)
{
    for (int ends = 0; ends < ENDS_LIMIT && stop < end; ends++) {
        uint32_t others = find_others_plain(step, stop);

        if (others == 0)
            return stop;
        if (!goes_on(step, stop, others))
            return NULL;
        stop = find_halt_plain(step, stop + 1, end);
    }
    return NULL;
}

ALWAYS bool pass_hole(struct going *g, const struct trail_step *step, const struct looks *looks)
{
    const char *from = g->p, *stop = looks->halt(step, from, g->end), *at = stop - step->back;

    if (stop >= g->end || at < from + step->least_len)
        return false;
    if (looks->others(step, at) != 0) {
        at = step->own == 0 ? NULL : find_end(step, stop, g->end);
        if (at == NULL)
            return false;
    }
    fill(g, step, from, at);
    g->p = at + step->len;
    return true;
}

/* A hole that goes on to the text at the end of the line. */
ALWAYS bool pass_last(const struct going *g, const struct trail_step *step,
                      const struct looks *looks)
{
    const char *at = g->end - step->len;

    if (at - g->p < step->least_len || looks->others(step, at) != 0 ||
        (at > g->p && step->kind == STEP_LAST && looks->halt(step, g->p, at) < at))
        return false;
    fill(g, step, g->p, at);
    return true;
}

ALWAYS bool pass_text(struct going *g, const struct trail_step *step, uint32_t others)
{
    g->p += step->len;
    return others == 0;
}

/* A step that is neither a hole nor the last. */
ALWAYS bool pass_other(struct going *g, const struct trail_step *step, const struct looks *looks)
{
    if (step->kind == STEP_FIXED) {
        fill(g, step, g->p - step->back, g->p - step->back + step->len);
        return true;
    }
    if (g->p >= g->end)
        return false;
    if (step->kind == STEP_ALIKE)
        return pass_text(g, step, looks->unlike(step, g->p));
    if (step->kind == STEP_TEXT)
        return pass_text(g, step, looks->others(step, g->p));
    return !is_in_set(step, (unsigned char)*g->p);
}

/* Each step begins before the end of the line, or little behind it: it looks at no more than the
 * slack. */
ALWAYS bool go(const struct trail *trail, struct going *g, const struct looks *looks)
{
    const struct trail_step *step = trail->steps;

    for (; step->kind < STEP_LAST; step++)
        if (step->kind == STEP_HOLE ? !pass_hole(g, step, looks) : !pass_other(g, step, looks))
            return false;
    return step->kind == STEP_END ? g->p == g->end : pass_last(g, step, looks);
}

/* What the trail has filled. */
static void empty_slots(const struct trail *trail, struct slice *slots)
{
    for (const struct trail_step *step = trail->steps;; step++) {
        if (step->slot >= 0)
            slots[step->slot] = slice_of(NULL, 0);
        if (step->kind >= STEP_LAST)
            return;
    }
}

ALWAYS bool follow(const struct trail *trail, const struct slice line, struct slice *slots,
                   const struct looks *looks)
{
    struct going g = {line.ptr, line.ptr + line.len, slots};

    if (go(trail, &g, looks))
        return true;
    empty_slots(trail, slots);
    return false;
}

static bool follow_plain(const struct trail *trail, struct slice line, struct slice *slots)
{
    static const struct looks plain = {find_halt_plain, find_others_plain, find_unlike_plain};

    return follow(trail, line, slots, &plain);
}

#if defined(__x86_64__) && defined(__SSE2__)

#define AVX2 __attribute__((target("avx2,bmi")))

/* A set as two tables of bits, by either half of a byte; bytes from 128 on are in none. */
AVX2 ALWAYS const char *find_halt_avx2(const struct trail_step *step, const char *p,
                                       const char *end)
{
    const __m256i low = _mm256_broadcastsi128_si256(
                      _mm_loadu_si128((const __m128i *)(const void *)step->low)),
                  high = _mm256_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0, 1,
                                          2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0),
                  half = _mm256_set1_epi8(0x0f);

    do {
        __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)p);
        __m256i upper = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half);
        __m256i bits =
            _mm256_and_si256(_mm256_shuffle_epi8(low, bytes), _mm256_shuffle_epi8(high, upper));
        uint32_t halts =
            (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bits, _mm256_setzero_si256())) ^
            step->flip;

        if (halts != 0)
            return p + __builtin_ctz(halts);
        p += 32;
    } while (p < end);
    return p;
}

AVX2 ALWAYS uint32_t find_others_avx2(const struct trail_step *step, const char *p)
{
    __m128i text = _mm_loadu_si128((const __m128i *)(const void *)step->text),
            bytes = _mm_loadu_si128((const __m128i *)(const void *)p);

    return ~(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(text, bytes)) & step->full;
}

AVX2 ALWAYS __m256i is_digit(__m256i bytes)
{
    __m256i number = _mm256_sub_epi8(bytes, _mm256_set1_epi8('0'));

    return _mm256_cmpeq_epi8(_mm256_min_epu8(number, _mm256_set1_epi8(9)), number);
}

AVX2 ALWAYS uint32_t find_unlike_avx2(const struct trail_step *step, const char *p)
{
    __m256i text = _mm256_loadu_si256((const __m256i *)(const void *)step->alike),
            bytes = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i digits = _mm256_and_si256(is_digit(text), is_digit(bytes));

    return ~(uint32_t)_mm256_movemask_epi8(
               _mm256_or_si256(digits, _mm256_cmpeq_epi8(text, bytes))) &
           step->full;
}

AVX2 static bool follow_avx2(const struct trail *trail, struct slice line, struct slice *slots)
{
    static const struct looks avx2 = {find_halt_avx2, find_others_avx2, find_unlike_avx2};

    return follow(trail, line, slots, &avx2);
}

#endif

trail_follower *trail_follower_at(size_t n)
{
    switch (n) {
    case 0: return follow_plain;
#if defined(__x86_64__) && defined(__SSE2__)
    case 1:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") ? follow_avx2 : NULL;
#endif
    default: return NULL;
    }
}

/* --- the trails of a template --- */

/* Are there lines of that template, but hardly any on a trail? */
static bool is_hopeless(const struct trails *t)
{
    return t->misses >= HOPELESS && t->misses % SOMETIMES > 1;
}

bool trails_follow_other(struct trails *t, const struct template_item *item, struct slice line,
                         struct slice *slots)
{
    for (unsigned i = 1; i < TRAIL_WAYS && line.len <= TRAIL_LINE_BYTES; i++) {
        unsigned way = (t->recent + i) % TRAIL_WAYS;

        if (t->ways[way].from == item && t->follow(&t->ways[way], line, slots)) {
            t->recent = way;
            t->ways[way].hits++;
            t->misses = 0;
            return true;
        }
    }
    return false;
}

/* Does the line that it was made of go it, and so as it was found? */
static bool is_true(const struct trails *t, const struct trail *trail,
                    const struct trail_line *line)
{
    struct slice slots[SLOT_LIMIT];

    if (!t->follow(trail, slice_of(line->p, (size_t)(line->end - line->p)), slots))
        return false;
    for (const struct trail_mark *mark = line->marks_end; mark-- > line->marks;) {
        const int slot = mark->item->slot;
        bool first = slot >= 0;

        for (const struct trail_mark *before = line->marks; first && before < mark; before++)
            first = before->item->slot != slot;
        if (first && (slots[slot].ptr != mark->text.ptr || slots[slot].len != mark->text.len))
            return false;
    }
    return true;
}

static struct trail *replace_oldest(struct trails *t, unsigned way, const struct trail_line *line)
{
    struct trail *trail = &t->ways[way];

    if (trail->from == line->from && trail->hits < PROVEN)
        trail->care = trail->care < CARE_TIMES ? trail->care + 1 : CARE_TIMES;
    else
        trail->care = CARE_NONE;
    trail->hits = 0;
    trail->from = NULL;
    return trail;
}

void trails_learn(struct trails *t, const struct trail_line *line)
{
    unsigned way = (t->recent + TRAIL_WAYS - 1) % TRAIL_WAYS;
    struct trail *trail;

    if (is_hopeless(t) || line->end - line->p > TRAIL_LINE_BYTES) {
        t->misses++;
        return;
    }
    if (++t->misses >= HOPELESS) /* this one may be gone by the next line, those before are not */
        for (unsigned i = 0; i < TRAIL_WAYS; i++)
            t->ways[i].from = NULL;
    for (size_t n = 0; t->follow == NULL || trail_follower_at(n) != NULL; n++)
        t->follow = trail_follower_at(n);
    trail = replace_oldest(t, way, line);
    if (!trail_make(trail, line, trail->care) || !is_true(t, trail, line))
        return;
    trail->from = line->from;
    t->recent = way;
}
