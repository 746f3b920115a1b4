/* pages.h: large pages for large tables. */
#ifndef BASE_PAGES_H
#define BASE_PAGES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

enum { PAGES_LARGE_BYTES = 2 << 20 };

/*
 * pages_advise(p, bytes):
 * Ask the kernel for large pages where the block ${p} (NULL: none) holds whole ones; what was not
 * written yet may get them. A table that is looked into anywhere costs a walk of the page tables a
 * look else, a twentieth of a scan of 5 M lines. Where the kernel has none, all stays as it is.
 */
static inline void pages_advise(void *p, size_t bytes)
{
    uintptr_t mask = PAGES_LARGE_BYTES - 1, from = ((uintptr_t)p + mask) & ~mask;
    uintptr_t until = ((uintptr_t)p + bytes) & ~mask;

#ifdef MADV_HUGEPAGE
    if (p != NULL && from < until)
        (void)madvise((void *)from, until - from, MADV_HUGEPAGE);
#endif
}

#endif
