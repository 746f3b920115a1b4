/* slice.c: searching and comparing borrowed bytes. */
#include "base/slice.h"

#include <string.h>

size_t slice_find_slice(struct slice s, struct slice what)
{
    const char *hit;

    if (what.len == 0)
        return 0;
    if (what.len == 1)
        return slice_find(s, what.ptr[0]);
    if (s.len < what.len)
        return s.len;
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

/* The first place from ${from} on where what stands behind a star may begin. */
static size_t next_place(struct slice behind, struct slice s, size_t from)
{
    if (behind.len == 0 || behind.ptr[0] == '*' || from == s.len || s.ptr[from] == behind.ptr[0])
        return from;
    return from + slice_find(slice_from(s, from), behind.ptr[0]);
}

bool slice_glob_slow(struct slice pattern, struct slice s)
{
    size_t p = 0, i = 0, star = pattern.len, resume = 0;

    while (i < s.len) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = p++;
            i = resume = next_place(slice_from(pattern, p), s, i);
        } else if (p < pattern.len && pattern.ptr[p] == s.ptr[i]) {
            p++;
            i++;
        } else if (star < pattern.len) { /* let the last star take one byte more */
            p = star + 1;
            i = resume = next_place(slice_from(pattern, p), s, resume + 1);
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*')
        p++;
    return p == pattern.len;
}
