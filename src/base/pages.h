/* pages.h: large pages for large tables. */
#ifndef BASE_PAGES_H
#define BASE_PAGES_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

enum {
    PAGES_LARGE_BYTES = 2 << 20,
    PAGES_BYTES = 4096 /* where pages are larger, the kernel refuses, and all stays as it is */
};

/*
 * pages_advise(p, bytes):
 * Ask the kernel for large pages where the block ${p} (NULL: none) may hold whole ones; what was
 * not written yet may get them. A table that is looked into anywhere costs a walk of the page
 * tables a look else, a twentieth of a scan of 5 M lines; what grows page by page costs a fault
 * each, ten microseconds in some virtual machines. Where the kernel has none, all stays as it is.
 * The pages at both ends are meant, too: a block that is advised in part consists of several
 * mappings to the kernel, and realloc then copies what it could move.
 */
static inline void pages_advise(void *p, size_t bytes)
{
    uintptr_t from = (uintptr_t)p / PAGES_BYTES * PAGES_BYTES;
    uintptr_t until = ((uintptr_t)p + bytes + PAGES_BYTES - 1) / PAGES_BYTES * PAGES_BYTES;

#ifdef MADV_HUGEPAGE
    if (p != NULL && bytes >= PAGES_LARGE_BYTES)
        (void)madvise((void *)from, until - from, MADV_HUGEPAGE);
#endif
}

/*
 * pages_take(bytes):
 * A block of whole large pages where there are any, to be given back with free. Written from its
 * beginning on it takes no more of them than it needs. Returns: NULL where memory is out.
 */
static inline void *pages_take(size_t bytes)
{
    void *block;

    if (posix_memalign(&block, PAGES_LARGE_BYTES, bytes) != 0)
        return NULL;
    pages_advise(block, bytes);
    return block;
}

/* madvise for the pages that lie whole in the block ${p} (NULL: none). */
static inline void pages_tell(const void *p, size_t bytes, int advice)
{
    uintptr_t from = ((uintptr_t)p + PAGES_BYTES - 1) / PAGES_BYTES * PAGES_BYTES;
    uintptr_t until = ((uintptr_t)p + bytes) / PAGES_BYTES * PAGES_BYTES;

    if (p != NULL && from < until)
        (void)madvise((void *)from, until - from, advice);
}

/*
 * pages_fill(p, bytes):
 * Have the pages of the block ${p} (NULL: none), which is about to be written from end to end, at
 * once: that costs the kernel a part of what it costs page by page. Where it cannot, all stays as
 * it is.
 */
static inline void pages_fill(void *p, size_t bytes)
{
#ifdef MADV_POPULATE_WRITE
    pages_tell(p, bytes, MADV_POPULATE_WRITE);
#else
    (void)p;
    (void)bytes;
#endif
}

/*
 * pages_drop(p, bytes):
 * Give back the memory of a constant block ${p} that holds no pointers, which is a part of the
 * program's file: whoever looks at it again has it read from there. Where the kernel cannot, all
 * stays as it is.
 */
static inline void pages_drop(const void *p, size_t bytes)
{
    pages_tell(p, bytes, MADV_DONTNEED);
}

#endif
