/* heap.h: where the C library takes memory from. */
#ifndef KAGE_HEAP_H
#define KAGE_HEAP_H

/* Called first of all. Without effect where the C library is not glibc. */
void heap_prepare(void);

#endif
