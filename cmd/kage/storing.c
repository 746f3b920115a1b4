/* storing.c: --store, or the configuration's. */
#include "storing.h"

#include <stddef.h>

#define STORE_ROW                                                                                  \
    {                                                                                              \
        '\0', "store", "FILE", OPTION_TEXT, offsetof(struct storing_arguments, store),             \
            "the store; default: [kage] store of the configuration"                                \
    }

const struct option_row storing_rows[] = {STORE_ROW, {0}};

const struct option_row storing_ingest_rows[] = {STORE_ROW,
                                                 {'\0', "rehash", NULL, OPTION_FLAG,
                                                  offsetof(struct storing_arguments, rehash),
                                                  "look into files that seem unchanged, too"},
                                                 {0}};

const char *storing_path(const struct storing_arguments *a, const struct reading_arguments *reading,
                         struct error *err)
{
    const char *path = a->store != NULL ? a->store : reading->config_store;

    if (path == NULL)
        error_set(err, ERROR_USAGE,
                  "no store named; expected --store FILE, or `store` in [kage] of a configuration");
    return path;
}
