/* room.c: realloc, and what must be seen to every time. */
#include "base/room.h"

#include "base/pages.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ITEMS = 16 };

bool room_for_one(void *array, size_t size, size_t count, size_t *capacity)
{
    size_t wanted = *capacity == 0 ? FIRST_ITEMS : *capacity * 2;
    void *items;

    if (count < *capacity)
        return true;
    if (wanted <= *capacity)
        return false;
    memcpy(&items, array, sizeof items); /* a pointer of whatever type */
    items = reallocarray(items, wanted, size);
    if (items == NULL)
        return false;
    pages_advise(items, wanted * size);
    memcpy(array, &items, sizeof items);
    *capacity = wanted;
    return true;
}
