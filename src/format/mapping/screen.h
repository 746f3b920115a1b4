/* screen.h: texts of a field that nothing hangs on, known again as the log writes them, so that
 * records leave them out at the price of a comparison. */
#ifndef FORMAT_SCREEN_H
#define FORMAT_SCREEN_H

#include "base/error.h"
#include "base/slice.h"
#include "base/word.h"
#include "record/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum {
    SCREEN_BITS = 10,        /* so many texts are remembered, as powers of two */
    SCREEN_TEXT_BYTES = 505, /* longer ones are not; an entry has 512 */
    SCREEN_HEAD_BITS = 6,    /* and so many beginnings */
    SCREEN_HEAD_BYTES = 32
};

enum screen_verdict { SCREEN_ABSENT, SCREEN_IDLE, SCREEN_MATTERS };

/* Does anything hang on ${text}, the field as a record would have it? */
typedef bool screen_judge(void *judge, struct slice text);

/* Does nothing hang on any text that begins with the SCREEN_HEAD_BYTES of ${head}? */
typedef bool screen_head_judge(void *judge, struct slice head);

struct screen_entry {
    uint32_t reader; /* 0: free */
    uint16_t len;
    uint8_t verdict;
    char text[SCREEN_TEXT_BYTES]; /* of the column */
};

/* A beginning that settles it: any text of the reader that begins so is idle. */
struct screen_head {
    uint32_t reader; /* 0: free */
    char text[SCREEN_HEAD_BYTES];
};

/* Who is asked, and with what. */
struct screen_judges {
    screen_judge *matters;
    screen_head_judge *head_is_idle; /* NULL: no beginning settles anything */
    void *judge;
};

/* For one decoding at a time. */
struct screen {
    enum field field;
    struct screen_judges judges;
    uint32_t readers; /* so many so far */
    struct screen_entry *entries;
    struct screen_head heads[1 << SCREEN_HEAD_BITS];
};

/* Owns: borrows what ${judges} points to; the caller frees with screen_free. Returns: NULL with
 * ${err} set where memory is out. */
struct screen *screen_create(enum field field, const struct screen_judges *judges,
                             struct error *err);

/* Where what is known of ${raw}, which is not empty, stands, or would. User agents, for which this
 * is, differ in the names and versions behind their middle: three looks tell most apart. ${raw} has
 * WIDE_SLACK readable bytes from its beginning on. */
static inline struct screen_entry *screen_entry_of(const struct screen *s, struct slice raw)
{
    static const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t hash = raw.len;

    if (raw.len < 8) {
        hash ^= word_load(raw.ptr) & word_mask(raw.len);
    } else {
        hash = (hash ^ word_load(raw.ptr + (raw.len - 8) / 4)) * odd;
        hash = (hash ^ word_load(raw.ptr + (raw.len - 8) / 2)) * odd;
        hash ^= word_load(raw.ptr + raw.len - 8);
    }
    return &s->entries[hash * odd >> (64 - SCREEN_BITS)];
}

/* A number, not 0, for one who makes texts of columns: another may make others of the same. */
uint32_t screen_add_reader(struct screen *s);

#if defined(__SSE2__)

/* Which of 16 bytes are the same; of 64, whichever. */
static inline __m128i screen_16(const char *a, const char *b)
{
    __m128i x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return _mm_cmpeq_epi8(x, y);
}

static inline __m128i screen_64(const char *a, const char *b)
{
    return _mm_and_si128(_mm_and_si128(screen_16(a, b), screen_16(a + 16, b + 16)),
                         _mm_and_si128(screen_16(a + 32, b + 32), screen_16(a + 48, b + 48)));
}

#endif

/* Where a beginning stands that all of ${raw}, of SCREEN_HEAD_BYTES or more, may have. Browsers
 * begin alike in their first eight bytes. */
static inline struct screen_head *screen_head_of(struct screen *s, struct slice raw)
{
    uint64_t hash = word_load(raw.ptr + 8) ^ word_load(raw.ptr + 16) ^ word_load(raw.ptr + 24);

    return &s->heads[hash * UINT64_C(0x9e3779b97f4a7c15) >> (64 - SCREEN_HEAD_BITS)];
}

/* Is ${raw} idle by its beginning? Most user agents are. */
static inline bool screen_knows_head(struct screen *s, uint32_t reader, struct slice raw)
{
    const struct screen_head *head = screen_head_of(s, raw);

    return raw.len >= SCREEN_HEAD_BYTES && head->reader == reader &&
           memcmp(head->text, raw.ptr, SCREEN_HEAD_BYTES) == 0;
}

/* Are ${len} bytes the same? User agents have 64 to 192 mostly: beginning, middle and end, one over
 * the other, without a branch on their length, as scan_lacks does. */
static inline bool screen_same(const char *a, const char *b, size_t len)
{
#if defined(__SSE2__)
    if (len >= 64 && len <= 192) {
        size_t middle = len / 2 - 32;
        __m128i same = _mm_and_si128(screen_64(a, b), screen_64(a + len - 64, b + len - 64));

        same = _mm_and_si128(same, screen_64(a + middle, b + middle));
        return _mm_movemask_epi8(same) == 0xffff;
    }
#endif
    return memcmp(a, b, len) == 0;
}

/* Is ${entry} what ${reader} makes of ${raw}? All of it is compared: who names himself falsely
 * cannot hide behind another's answer. */
static inline bool screen_knows(const struct screen_entry *entry, uint32_t reader, struct slice raw)
{
    return entry->len == raw.len && entry->reader == reader &&
           screen_same(entry->text, raw.ptr, raw.len);
}

/* Learn that ${reader} makes ${text} of ${raw}, empty: none. */
enum screen_verdict screen_learn(struct screen *s, uint32_t reader, struct slice raw,
                                 struct slice text);

/* Learn from ${raw}, of which the reader makes the same text, whether its beginning settles it. The
 * reader lets the beginning stand whatever is behind it. */
void screen_learn_head(struct screen *s, uint32_t reader, struct slice raw);

/* NULL is allowed. */
void screen_free(struct screen *s);

#endif
