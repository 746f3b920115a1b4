/* slice.h: borrowed bytes with a length; log text is never NUL-terminated. */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes that somebody else owns. May hold NUL and invalid UTF-8; ptr may be NULL where len is 0. */
struct slice {
    const char *ptr;
    size_t len;
};

/* For printf's "%.*s". */
#define SLICE_FMT(s) ((int)(s).len), ((s).ptr)

/* A slice of a string literal. */
#define SLICE(literal) ((struct slice){(literal), sizeof(literal) - 1})

static inline struct slice slice_of(const char *ptr, size_t len)
{
    return (struct slice){ptr, len};
}

static inline struct slice slice_of_string(const char *s)
{
    return (struct slice){s, s == NULL ? 0 : strlen(s)};
}

/* The bytes from ${from} on, which must not exceed the length. */
static inline struct slice slice_from(struct slice s, size_t from)
{
    return from == 0 ? s : (struct slice){s.ptr + from, s.len - from}; /* NULL + 0 is undefined */
}

static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool slice_is(struct slice s, const char *literal)
{
    return slice_equal(s, slice_of_string(literal));
}

static inline bool slice_starts_with(struct slice s, struct slice head)
{
    return s.len >= head.len &&
           (head.len == 0 || (s.ptr[0] == head.ptr[0] && memcmp(s.ptr, head.ptr, head.len) == 0));
}

static inline bool slice_ends_with(struct slice s, struct slice tail)
{
    return s.len >= tail.len &&
           (tail.len == 0 || memcmp(s.ptr + s.len - tail.len, tail.ptr, tail.len) == 0);
}

/*
 * slice_find(s, byte):
 * Returns: the index of the first ${byte} in ${s}, or ${s}.len where there is none.
 */
static inline size_t slice_find(struct slice s, char byte)
{
    const char *hit = s.len == 0 ? NULL : memchr(s.ptr, byte, s.len);

    return hit == NULL ? s.len : (size_t)(hit - s.ptr);
}

/*
 * slice_find_slice(s, what):
 * Returns: the index of the first ${what} in ${s}, or ${s}.len where there is none.
 */
size_t slice_find_slice(struct slice s, struct slice what);

/*
 * slice_cut(s, sep, head, tail):
 * Split ${s} at its first ${sep} into ${head} and ${tail}, neither holding it.
 * Returns: true where ${sep} was found; else ${head} is ${s} and ${tail} empty.
 */
bool slice_cut(struct slice s, char sep, struct slice *head, struct slice *tail);

/* Lines in ${s}: ends of lines, and what stands behind the last. */
size_t slice_count_lines(struct slice s);

/* ${s} without blanks and tabs at both ends. */
struct slice slice_trim(struct slice s);

/* Order of bytes as memcmp, the shorter first: <0, 0, >0. */
int slice_compare(struct slice a, struct slice b);

/* Equal but for the case of ASCII letters. */
bool slice_equal_nocase(struct slice a, struct slice b);

/* Equal as headings of a table: but for the case of ASCII letters, blanks, tabs, `_` and `-`. */
bool slice_equal_heading(struct slice a, struct slice b);

/* The same for headings that are equal so. */
uint32_t slice_hash_heading(struct slice s);

/* What slice_glob does once first and last bytes fit. */
bool slice_glob_slow(struct slice pattern, struct slice s);

/*
 * slice_glob(pattern, s):
 * Does ${s} match ${pattern}, in which `*` stands for any bytes, none too, and all else for itself?
 */
static inline bool slice_glob(struct slice pattern, struct slice s)
{
    if (pattern.len == 0)
        return s.len == 0;
    if (pattern.ptr[0] != '*' && (s.len == 0 || s.ptr[0] != pattern.ptr[0]))
        return false;
    if (pattern.ptr[pattern.len - 1] != '*' &&
        (s.len == 0 || s.ptr[s.len - 1] != pattern.ptr[pattern.len - 1]))
        return false;
    return (pattern.len == 1 && pattern.ptr[0] == '*') || slice_glob_slow(pattern, s);
}

#endif
