/* reject.c: reasons in words. */
#include "record/reject.h"

const char *reject_text(enum reject why)
{
    static const char *const texts[REJECT_COUNT] = {
        [REJECT_NONE] = "none",
        [REJECT_SHAPE] = "not of the format's shape",
        [REJECT_TIME] = "time not readable",
        [REJECT_HOST] = "host not readable",
        [REJECT_NUMBER] = "number not readable",
        [REJECT_TOO_LONG] = "line longer than 1 MiB",
        [REJECT_CLIENT] = "neither user nor client",
        [REJECT_VALUE] = "unexpected value",
    };

    return texts[why];
}
