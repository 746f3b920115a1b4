/* slice.c: searching and comparing borrowed bytes. */
#include "base/slice.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum {
    SHORT_WORD = 32, /* longer texts, of which much may be alike, are memmem's */
    SHORT_BLOCK = 16
};

#if defined(__SSE2__)

/* Where the text stands that begins in the sixteen bytes from ${at} on; the length: nowhere. */
static size_t find_in_16(struct slice s, size_t at, struct slice what)
{
    const __m128i first = _mm_set1_epi8(what.ptr[0]);
    const __m128i last = _mm_set1_epi8(what.ptr[what.len - 1]);
    __m128i begins, ends;
    unsigned hits;

    memcpy(&begins, s.ptr + at, sizeof begins);
    memcpy(&ends, s.ptr + at + what.len - 1, sizeof ends);
    hits = (unsigned)_mm_movemask_epi8(
        _mm_and_si128(_mm_cmpeq_epi8(begins, first), _mm_cmpeq_epi8(ends, last)));
    for (; hits != 0; hits &= hits - 1) {
        size_t hit = at + (size_t)__builtin_ctz(hits);

        if (memcmp(s.ptr + hit, what.ptr, what.len) == 0)
            return hit;
    }
    return s.len;
}

/* Words in lines, the usual case, by their first and last bytes; memmem makes a table first. */
static size_t find_short(struct slice s, struct slice what)
{
    size_t end = s.len - what.len - (SHORT_BLOCK - 1), hit = s.len;

    for (size_t at = 0; at < end && hit == s.len; at += SHORT_BLOCK)
        hit = find_in_16(s, at, what);
    return hit < s.len ? hit : find_in_16(s, end, what);
}

#endif

size_t slice_find_slice(struct slice s, struct slice what)
{
    const char *hit;

    if (what.len == 0)
        return 0;
    if (what.len == 1)
        return slice_find(s, what.ptr[0]);
    if (s.len < what.len)
        return s.len;
#if defined(__SSE2__)
    if (what.len <= SHORT_WORD && s.len >= what.len + SHORT_BLOCK - 1)
        return find_short(s, what);
#endif
    hit = memmem(s.ptr, s.len, what.ptr, what.len);
    return hit == NULL ? s.len : (size_t)(hit - s.ptr);
}

bool slice_cut(struct slice s, char sep, struct slice *head, struct slice *tail)
{
    size_t at = slice_find(s, sep);

    *head = slice_of(s.ptr, at);
    if (at == s.len) {
        *tail = slice_of(NULL, 0);
        return false;
    }
    *tail = slice_from(s, at + 1);
    return true;
}

size_t slice_count_lines(struct slice s)
{
    size_t lines = 0;
    struct slice line;

    for (; s.len > 0; lines++)
        slice_cut(s, '\n', &line, &s);
    return lines;
}

struct slice slice_trim(struct slice s)
{
    while (s.len > 0 && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
        s = slice_from(s, 1);
    while (s.len > 0 && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t'))
        s.len--;
    return s;
}

int slice_compare(struct slice a, struct slice b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n == 0 ? 0 : memcmp(a.ptr, b.ptr, n);

    if (order != 0)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}

static bool is_heading_filler(char c)
{
    return c == ' ' || c == '\t' || c == '_' || c == '-';
}

bool slice_equal_heading(struct slice a, struct slice b)
{
    for (;;) {
        while (a.len > 0 && is_heading_filler(a.ptr[0]))
            a = slice_from(a, 1);
        while (b.len > 0 && is_heading_filler(b.ptr[0]))
            b = slice_from(b, 1);
        if (a.len == 0 || b.len == 0)
            return a.len == b.len;
        if (!slice_equal_nocase(slice_of(a.ptr, 1), slice_of(b.ptr, 1)))
            return false;
        a = slice_from(a, 1);
        b = slice_from(b, 1);
    }
}

uint32_t slice_hash_heading(struct slice s)
{
    uint32_t hash = 2166136261; /* FNV-1a */

    for (size_t i = 0; i < s.len; i++)
        if (!is_heading_filler(s.ptr[i]))
            hash = (hash ^ (unsigned char)lower(s.ptr[i])) * 16777619;
    return hash ^ hash >> 15;
}

bool slice_glob_slow(struct slice pattern, struct slice s)
{
    struct slice part;

    if (!slice_cut(pattern, '*', &part, &pattern))
        return slice_equal(part, s);
    if (!slice_starts_with(s, part))
        return false;
    s = slice_from(s, part.len);
    while (
        slice_cut(pattern, '*', &part, &pattern)) { /* the first place leaves most for the rest */
        size_t at = slice_find_slice(s, part);

        if (at == s.len && part.len > 0)
            return false;
        s = slice_from(s, at + part.len);
    }
    return slice_ends_with(s, part);
}
