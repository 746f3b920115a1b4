/* pages.h: large pages for large tables. */
#ifndef BASE_PAGES_H
#define BASE_PAGES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

enum { PAGES_LARGE_BYTES = 2 << 20 };

/*
 * pages_advise(p, bytes):
 * Ask the kernel for large pages where the block ${p} (NULL: none) may hold whole ones; what was
 * not written yet may get them. A table that is looked into anywhere costs a walk of the page
 * tables a look else, a twentieth of a scan of 5 M lines. Where the kernel has none, all stays as
 * it is. The pages at both ends are meant, too: a block that is advised in part consists of several
 * mappings to the kernel, and realloc then copies what it could move.
 */
static inline void pages_advise(void *p, size_t bytes)
{
    const uintptr_t page = 4096; /* larger ones: the advice is refused, nothing else */
    uintptr_t from = (uintptr_t)p & ~(page - 1);
    uintptr_t until = ((uintptr_t)p + bytes + page - 1) & ~(page - 1);

#ifdef MADV_HUGEPAGE
    if (p != NULL && bytes >= PAGES_LARGE_BYTES)
        (void)madvise((void *)from, until - from, MADV_HUGEPAGE);
#endif
}

/*
 * pages_fill(p, bytes):
 * Have the pages of the block ${p} (NULL: none), which is about to be written from end to end, at
 * once: that costs the kernel a part of what it costs page by page. Where it cannot, all stays as
 * it is.
 */
static inline void pages_fill(void *p, size_t bytes)
{
    const uintptr_t page = 4096;
    uintptr_t from = ((uintptr_t)p + page - 1) & ~(page - 1);
    uintptr_t until = ((uintptr_t)p + bytes) & ~(page - 1);

#ifdef MADV_POPULATE_WRITE
    if (p != NULL && from < until)
        (void)madvise((void *)from, until - from, MADV_POPULATE_WRITE);
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
    const uintptr_t page = 4096;
    uintptr_t from = ((uintptr_t)p + page - 1) & ~(page - 1);
    uintptr_t until = ((uintptr_t)p + bytes) & ~(page - 1);

    if (from < until)
        (void)madvise((void *)from, until - from, MADV_DONTNEED);
}

#endif
