/* zone_fuzz.c: any bytes as a TZif file; what it says must hold together. */
#include "base/zone_internal.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_instant(const struct zone *z, int64_t utc_s)
{
    struct zone_span span = zone_span_at(z, utc_s);
    struct buf out = {0};

    if (span.from_s > utc_s || span.until_s <= utc_s)
        abort();
    zone_utc_of_local(z, utc_s);
    zone_day(z, zone_day_start(z, utc_s / 86400));
    zone_append_rfc3339(&out, z, utc_s * 1000);
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = {0};
    struct zone *z = zone_parse("fuzz", slice_of((const char *)data, size), &err);

    if ((z == NULL) != (err.code != ERROR_NONE))
        abort();
    for (int64_t t = -8000000000; z != NULL && t < 8000000000; t += 12345678)
        check_instant(z, t);
    zone_free(z);
    return 0;
}
