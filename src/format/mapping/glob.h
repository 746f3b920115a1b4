/* glob.h: a pattern with `*`, compiled; most are decided by the first and last eight bytes. */
#ifndef FORMAT_GLOB_H
#define FORMAT_GLOB_H

#include "base/slice.h"
#include "base/word.h"
#include "format/decoder/scan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct glob {
    uint64_t head, head_mask; /* what the first eight bytes must be */
    uint64_t tail, tail_mask; /* and the last eight */
    size_t least, most;       /* length of what can match */
    bool decided;             /* by the above alone */
    struct slice middle;      /* else by this, from `skip` on; empty: by the whole pattern */
    size_t skip;
    struct slice pattern;
};

/* A text that is held against several patterns. */
struct glob_text {
    struct slice text;
    uint64_t head, tail;
};

/* Patterns that a text is held against one after the other, and the bytes that some of them can
 * begin and end with: most texts match none, which these tell. */
struct glob_set {
    const struct glob *globs;
    size_t count;
    uint64_t first[4], last[4];
    size_t most; /* length of what any of them can match */
};

/* Compile ${pattern}, which must outlive ${out}. */
void glob_compile(struct slice pattern, struct glob *out);

/* ${text} has WIDE_SLACK readable bytes from its beginning on. */
static inline struct glob_text glob_text_of(struct slice text)
{
    struct glob_text t = {text, 0, 0};

    if (text.len >= 8) {
        t.head = word_load(text.ptr);
        t.tail = word_load(text.ptr + text.len - 8);
    } else if (text.len > 0) {
        t.head = word_load(text.ptr) & word_mask(text.len);
        t.tail = t.head << 8 * (8 - text.len);
    }
    return t;
}

/* What glob_match does where the ends do not decide. */
bool glob_match_inner(const struct glob *g, struct slice text);

/* The end of where the middle may begin: what the tail takes is none of it. */
static inline const char *glob_middle_end(const struct glob *g, struct slice text)
{
    return text.ptr + text.len - (g->least - g->skip - 1);
}

/* Does the middle's first byte stand where it may? */
static inline bool glob_has_middle(const struct glob *g, struct slice text)
{
    const char *end = glob_middle_end(g, text);

    return scan_slack(text.ptr + g->skip, end, g->middle.ptr[0]) < end;
}

/* The set of ${globs}, borrowed. */
void glob_set_of(const struct glob *globs, size_t count, struct glob_set *out);

/* Do the ends of the text, and the byte its middle begins with, go with the pattern? ${sure}: then
 * all of it does. */
static inline bool glob_may_match(const struct glob *g, const struct glob_text *t, bool *sure)
{
    *sure = g->decided || g->middle.len == 1;
    return t->text.len >= g->least && t->text.len <= g->most &&
           ((t->head ^ g->head) & g->head_mask) == 0 && ((t->tail ^ g->tail) & g->tail_mask) == 0 &&
           (g->decided || g->middle.len == 0 || glob_has_middle(g, t->text));
}

/* As slice_glob. */
static inline bool glob_match(const struct glob *g, const struct glob_text *t)
{
    bool sure;

    return glob_may_match(g, t, &sure) && (sure || glob_match_inner(g, t->text));
}

static inline bool glob_has_byte(const uint64_t bits[4], char byte)
{
    return (bits[(unsigned char)byte / 64] >> (unsigned char)byte % 64 & 1) != 0;
}

/* The index of the first pattern that ${text} matches, or the count. Slack as for glob_text_of. */
size_t glob_set_search(const struct glob_set *set, struct slice text);

/* The same; where the ends tell, without a call. */
static inline size_t glob_set_find(const struct glob_set *set, struct slice text)
{
    if (text.len > set->most)
        return set->count;
    if (text.len > 0 && !(glob_has_byte(set->first, text.ptr[0]) &&
                          glob_has_byte(set->last, text.ptr[text.len - 1])))
        return set->count;
    return glob_set_search(set, text);
}

static inline bool glob_set_has(const struct glob_set *set, struct slice text)
{
    return glob_set_find(set, text) < set->count;
}

#endif
