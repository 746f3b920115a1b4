/* geoip_folders.c: the databases that packages and updaters put into the system's folders. */
#include "base/buf.h"
#include "signature/geoip.h"

#include <dirent.h>

/* Beginnings of file names, the best first; a date may follow. */
static const char *const country_names[] = {"GeoIP2-Country",
                                            "GeoLite2-Country",
                                            "dbip-country",
                                            "GeoIP2-City",
                                            "GeoLite2-City",
                                            "dbip-city",
                                            NULL};
static const char *const as_names[] = {"GeoIP2-ISP", "GeoLite2-ASN", "dbip-asn", NULL};

/* The last file of ${folder} by name whose name begins so, into ${path}. */
static void find_last(const char *folder, const char *beginning, struct buf *path)
{
    DIR *dir = opendir(folder);
    struct buf last = {0};
    struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        struct slice name = slice_of_string(entry->d_name);

        if (!slice_starts_with(name, slice_of_string(beginning)) ||
            !slice_ends_with(name, SLICE(".mmdb")) || slice_compare(name, buf_slice(&last)) < 0)
            continue;
        buf_reset(&last);
        buf_append(&last, name);
    }
    if (dir != NULL)
        closedir(dir);
    if (last.len > 0) {
        buf_printf(path, "%s/%.*s", folder, SLICE_FMT(buf_slice(&last)));
        buf_append_byte(path, '\0');
    }
    path->failed = path->failed || last.failed;
    buf_free(&last);
}

/* The best of the names in the first folder that has any. */
static bool add_best(struct geoip *g, const char *folders, const char *const *names,
                     struct error *err)
{
    struct slice rest = slice_of_string(folders), folder;
    struct buf path = {0}, name = {0};
    bool ok;

    while (rest.len > 0 && path.len == 0) {
        slice_cut(rest, ':', &folder, &rest);
        buf_reset(&name);
        buf_append(&name, folder);
        buf_append_byte(&name, '\0');
        for (size_t i = 0; !name.failed && names[i] != NULL && path.len == 0; i++)
            find_last(name.ptr, names[i], &path);
    }
    if (path.failed || name.failed)
        ok = error_set_memory(err);
    else
        ok = path.len == 0 || geoip_add(g, path.ptr, err);
    buf_free(&path);
    buf_free(&name);
    return ok;
}

bool geoip_add_folders(struct geoip *g, const char *folders, struct error *err)
{
    return add_best(g, folders, country_names, err) && add_best(g, folders, as_names, err);
}
