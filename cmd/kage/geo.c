/* geo.c: loads databases of addresses and says what they bring. */
#include "geo.h"

#include "base/calendar.h"
#include "report/display.h"
#include "signature/geoip.h"

#include <inttypes.h>

bool geo_load(const struct text_list *files, const char *folders, struct signature_set *set,
              struct error *err)
{
    struct geoip *geoip = geoip_create(err);
    bool ok = geoip != NULL;

    if (!ok)
        return false;
    signature_set_use_geoip(set, geoip);
    for (size_t i = 0; ok && i < files->count; i++)
        ok = geoip_add(geoip, files->texts[i], err) || error_context(err, "--geoip");
    if (files->count == 0)
        ok = geoip_add_folders(geoip, folders == NULL ? GEOIP_FOLDERS : folders, err);
    return ok;
}

bool geo_need_countries(const struct signature_set *set, const char *option, struct error *err)
{
    const struct geoip *geoip = signature_geoip(set);

    if (geoip != NULL && (geoip_answers(geoip) & GEOIP_COUNTRY) != 0)
        return true;
    return error_set(err, ERROR_USAGE,
                     "%s: no database of countries; expected --geoip FILE, or one in %s", option,
                     GEOIP_FOLDERS);
}

static void append_database(struct buf *out, const struct geoip_note *note)
{
    struct civil date = calendar_date((int32_t)(note->built_s / SECONDS_PER_DAY));

    display_append(out, slice_of_string(note->type));
    buf_printf(out, " of %04" PRId32 "-%02" PRId32 "-%02" PRId32, date.year, date.month, date.day);
}

void geo_append(struct buf *out, const struct signature_set *set)
{
    const struct geoip *geoip = signature_geoip(set);
    size_t inactive = signature_inactive_networks(set), count;

    count = geoip == NULL ? 0 : geoip_count(geoip);
    for (size_t i = 0; i < count; i++) {
        struct geoip_note note = geoip_at(geoip, i);

        buf_append_string(out, i == 0 ? "" : ", ");
        append_database(out, &note);
    }
    if (inactive == 0)
        return;
    buf_append_string(out, count == 0 ? "" : "; ");
    buf_printf(out, "no AS numbers: %zu networks of the signatures inactive (--geoip FILE)",
               inactive);
}
