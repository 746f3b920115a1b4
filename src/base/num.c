/* num.c: strict decimal numbers. */
#include "base/num.h"

enum { CERTAIN_DIGITS = 19 }; /* so many always fit */

bool num_parse(struct slice s, uint64_t max, uint64_t *out)
{
    uint64_t value = 0;

    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned digit = (unsigned)(unsigned char)s.ptr[i] - '0';

        if (digit > 9)
            return false;
        if (i < CERTAIN_DIGITS)
            value = value * 10 + digit;
        else if (__builtin_mul_overflow(value, (uint64_t)10, &value) ||
                 __builtin_add_overflow(value, (uint64_t)digit, &value))
            return false;
    }
    if (value > max)
        return false;
    *out = value;
    return true;
}
