/* room.h: arrays that grow. */
#ifndef BASE_ROOM_H
#define BASE_ROOM_H

#include <stdbool.h>
#include <stddef.h>

/*
 * ROOM_FOR_ONE(array, count, capacity):
 * Is there room for one more item behind ${count} in ${array}, a pointer to items from malloc or
 * NULL, of which ${capacity}, a size_t, have room? Made by doubling where there was none; the array
 * may have moved then. False where memory is out: nothing is changed.
 */
#define ROOM_FOR_ONE(array, count, capacity)                                                       \
    room_for_one(&(array), sizeof *(array), (count), &(capacity))

/* As the macro: ${array} is the address of the pointer, an item has ${size} bytes. */
bool room_for_one(void *array, size_t size, size_t count, size_t *capacity);

#endif
