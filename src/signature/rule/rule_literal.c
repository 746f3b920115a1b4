/* rule_literal.c: the literal prefilter of rules. */
#include "signature/rule/rule_literal.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { STEP = 16 };

/* Upper and lower case alike. Other bytes fold too (`@` and backquote): the first look may err that
 * way. */
static char fold(char c)
{
    return (char)(c | 0x20);
}

/* Walks over an expression, outside of groups. */
struct walk {
    struct slice rest;
    struct rule_literal run, best;
    bool lost; /* something that is not understood, or an alternative */
};

static void end_run(struct walk *w)
{
    if (w->run.len > w->best.len)
        w->best = w->run;
    w->run.len = 0;
}

static void add(struct walk *w, char c)
{
    if (w->run.len < RULE_LITERAL_LIMIT)
        w->run.text[w->run.len++] = fold(c);
}

/* Takes `[...]` off. */
static void skip_class(struct walk *w)
{
    size_t i = 1;

    i += i < w->rest.len && w->rest.ptr[i] == '^';
    i += i < w->rest.len && w->rest.ptr[i] == ']'; /* the first one stands for itself */
    for (; i < w->rest.len && w->rest.ptr[i] != ']'; i++) {
        i += w->rest.ptr[i] == '\\';
        /* [:alpha:] has a bracket of its own */
        if (i + 1 < w->rest.len && w->rest.ptr[i] == '[' && w->rest.ptr[i + 1] == ':')
            i += slice_find(slice_from(w->rest, i), ']');
    }
    w->rest = i < w->rest.len ? slice_from(w->rest, i + 1) : slice_of(NULL, 0);
}

/* Takes `(...)` off, with the groups in it. Options, verbs and comments change the meaning of what
 * follows. */
static void skip_group(struct walk *w)
{
    size_t depth = 0;

    if (slice_starts_with(w->rest, SLICE("(?i)"))) { /* case does not count here anyway */
        w->rest = slice_from(w->rest, 4);
        return;
    }
    do {
        char c = w->rest.ptr[0];
        bool plain = w->rest.len < 2 || c != '(' ||
                     (w->rest.ptr[1] != '*' &&
                      (w->rest.ptr[1] != '?' || slice_starts_with(w->rest, SLICE("(?:")) ||
                       slice_starts_with(w->rest, SLICE("(?=")) ||
                       slice_starts_with(w->rest, SLICE("(?!"))));

        w->lost = w->lost || !plain;
        if (c == '[') {
            skip_class(w);
            continue;
        }
        depth += c == '(';
        depth -= c == ')';
        w->rest = slice_from(w->rest, c == '\\' && w->rest.len > 1 ? 2 : 1);
    } while (depth > 0 && w->rest.len > 0 && !w->lost);
}

/* A backslash and what it escapes. */
static void take_escape(struct walk *w)
{
    static const char known[] = "dDwWsSbBAzZhHvVRXntrfea"; /* one byte, and no letter of the text */
    char c = '\0';
    bool alnum;

    if (w->rest.len > 1)
        c = w->rest.ptr[1];
    alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (!alnum && c != '\0') {
        add(w, c);
    } else {
        w->lost = w->lost || c == '\0' || strchr(known, c) == NULL;
        end_run(w);
    }
    w->rest = slice_from(w->rest, w->rest.len > 1 ? 2 : 1);
}

/* What came last need not be there. */
static void take_optional(struct walk *w)
{
    size_t len = w->rest.ptr[0] == '{' ? slice_find(w->rest, '}') + 1 : 1;

    if (w->run.len > 0)
        w->run.len--;
    end_run(w);
    w->rest = slice_from(w->rest, len < w->rest.len ? len : w->rest.len);
}

static void take_one(struct walk *w)
{
    switch (w->rest.ptr[0]) {
    case '|': w->lost = true; return;
    case '\\': take_escape(w); return;
    case '[':
        end_run(w);
        skip_class(w);
        return;
    case '(':
        end_run(w);
        skip_group(w);
        return;
    case '*':
    case '?':
    case '{': take_optional(w); return;
    case '.':
    case '^':
    case '$':
    case '+': end_run(w); break;
    default: add(w, w->rest.ptr[0]);
    }
    w->rest = slice_from(w->rest, 1);
}

static void spread_bytes(struct rule_literal *l)
{
    memset(l->first, l->text[0], sizeof l->first);
    memset(l->middle, l->text[l->len / 2], sizeof l->middle);
    memset(l->last, l->text[l->len - 1], sizeof l->last);
}

struct rule_literal rule_literal_of(struct slice regex)
{
    struct walk w = {.rest = regex};

    /* Quoting would let any byte stand for itself. */
    w.lost = slice_find_slice(regex, SLICE("\\Q")) < regex.len;
    while (w.rest.len > 0 && !w.lost)
        take_one(&w);
    end_run(&w);
    if (w.lost)
        w.best.len = 0;
    if (w.best.len > 0)
        spread_bytes(&w.best);
    return w.best;
}

static bool stands_at(const struct rule_literal *l, const char *p)
{
    for (size_t i = 0; i < l->len; i++)
        if (fold(p[i]) != l->text[i])
            return false;
    return true;
}

#if defined(__SSE2__)

/* Which of 16 bytes, their letters made lower case, are those of ${wanted}? */
static inline __m128i equal_16(const char *p, const char wanted[16])
{
    __m128i bytes, others;

    memcpy(&bytes, p, sizeof bytes);
    memcpy(&others, wanted, sizeof others);
    return _mm_cmpeq_epi8(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), others);
}

/* At which of the 16 places from ${p} on may the literal stand, by its first byte, its last and
 * one between? */
static inline __m128i may_stand(const struct rule_literal *l, const char *p)
{
    return _mm_and_si128(equal_16(p, l->first), _mm_and_si128(equal_16(p + l->len / 2U, l->middle),
                                                              equal_16(p + l->len - 1, l->last)));
}

/* The same for ${places} places, whichever: at least STEP of them. Nothing depends on what stands
 * there, for texts differ too much to be foreseen. */
static bool may_stand_among(const struct rule_literal *l, const char *p, size_t places)
{
    __m128i any = may_stand(l, p + places - STEP); /* some of them twice */

    for (size_t i = 0; i + STEP < places; i += STEP)
        any = _mm_or_si128(any, may_stand(l, p + i));
    return _mm_movemask_epi8(any) != 0;
}

#endif

bool rule_literal_in(const struct rule_literal *literal, struct slice text)
{
    size_t places;

    if (text.len < literal->len)
        return false;
    if (literal->len == 0)
        return true;
    places = text.len - literal->len + 1;
#if defined(__SSE2__)
    if (places >= STEP && !may_stand_among(literal, text.ptr, places))
        return false;
#endif
    for (size_t i = 0; i < places; i++)
        if (stands_at(literal, text.ptr + i))
            return true;
    return false;
}
