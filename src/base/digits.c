/* digits.c: large numbers, eight digits at a time. */
#include "base/digits.h"

char *digits_put_large(char *p, uint64_t number)
{
    p = digits_put(p, number / 100000000);
    word_store(p, digits_word((uint32_t)(number % 100000000)) | UINT64_C(0x3030303030303030));
    return p + 8;
}
