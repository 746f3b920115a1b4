/* heap.c: glibc's malloc, told how this program asks for memory. See mallopt(3). */
#include "heap.h"

#include "base/pages.h"

#include <malloc.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef M_MMAP_THRESHOLD

enum {
    LARGE_BLOCK_BYTES = 1 << 20,
    START_BYTES = 12 << 20, /* about what signatures and formats take */
    PAD_BYTES = 128 << 10   /* as it is by itself */
};

/* The C library would keep larger and larger blocks for itself once one was freed; tables that grow
 * by doubling leave holes there, a sixth of what a large scan takes. */
static void give_large_blocks_back(void)
{
    mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK_BYTES);
}

/* What every run writes before it reads anything comes in large pages: one by one, three thousand
 * small ones cost 20 to 35 ms in a virtual machine. They lie in front of all other small blocks and
 * stay there. */
static void take_start_in_large_pages(void)
{
    char *before = sbrk(0), *end;
    void *volatile block; /* else compilers leave out a block that nobody uses */

    mallopt(M_TOP_PAD, START_BYTES);
    mallopt(M_TRIM_THRESHOLD, START_BYTES + LARGE_BLOCK_BYTES);
    block = malloc(LARGE_BLOCK_BYTES / 2);
    free(block);
    mallopt(M_TOP_PAD, PAD_BYTES);
    end = sbrk(0);
    if (end - before >= START_BYTES) /* else it is another malloc, as sanitizers have theirs */
        pages_advise(end - START_BYTES, START_BYTES);
}

#endif

void heap_prepare(void)
{
#ifdef M_MMAP_THRESHOLD
    give_large_blocks_back();
    take_start_in_large_pages();
#endif
}
