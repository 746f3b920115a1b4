/* reading.h: the options for reading, and everything they name, loaded and checked. */
#ifndef KAGE_READING_H
#define KAGE_READING_H

#include "base/arena.h"
#include "base/error.h"
#include "base/zone.h"
#include "command.h"
#include "config.h"
#include "format/catalog.h"
#include "format/stamp/stamp.h"
#include "hints.h"
#include "io/archive.h"
#include "io/reader.h"
#include "options.h"
#include "signature/signature.h"

#include <stdbool.h>
#include <stdint.h>

struct output;

/* As given. Texts are NULL where not given. */
struct reading_arguments {
    const char *config;
    bool no_config;
    const char *format, *timezone, *report_timezone, *year, *date_order;
    const char *policy;
    const char *rejects, *max_rejects, *threads, *max_memory, *manifest;
    const char *config_timezone, *config_store;                      /* [kage] timezone and store */
    const char *users, *user_columns, *user_domains, *service_users; /* see people.h */
    const char *devices, *lease_hours, *shared_users, *exclude;
    const char *work_hours, *holidays;
    const char *keep, *keep_detail; /* days, of ingest */
    struct text_list signatures, geoip, leases;
    bool quiet, verbose;
};

/* Rows with offsets into struct reading_arguments. */
extern const struct option_row reading_rows[];           /* all of them */
extern const struct option_row reading_catalogue_rows[]; /* configuration and signatures only */
extern const struct option_row reading_policy_rows[];    /* and the policy */
extern const struct option_row reading_users_rows[];     /* the directory only */
extern const struct option_row reading_identity_rows[];  /* all about people */
extern const struct option_row reading_workhours_rows[]; /* working hours and holidays */
extern const struct option_row reading_keep_rows[];      /* how long the store keeps what */

/*
 * reading_parse(call, command, arguments, work, err):
 * Fill the command's ${arguments} (their first member is a struct reading_arguments) from the
 * configuration and then from the command line, which wins. ${operands} and ${sources} are
 * filled along.
 * Errors: ERROR_USAGE, ERROR_SYNTAX, ERROR_IO (a configuration that cannot be read), ERROR_MEMORY.
 */
struct reading_words {
    struct text_list operands;
    bool may_be_empty; /* no operand is fine */
    struct sources sources;
    struct config_places places;
    struct arena arena; /* the caller frees with arena_free */
};
bool reading_parse(const struct call *call, const struct command *command, void *arguments,
                   struct reading_words *words, struct error *err);

/* Everything ready to read. */
struct reading {
    struct format_catalog *formats;
    const char *format; /* id or family; NULL: detect */
    struct zone *report_zone;
    struct zone *own_stamp_zone; /* NULL where stamps are of the report zone */
    struct hints hints;          /* of the [source] sections */
    enum inflate inflate;
    int year;
    enum stamp_order date_order;
    unsigned threads;
    uint64_t max_memory;
    uint32_t max_rejects_ppm; /* share of the lines, in millionths */
    struct archive_list archives;
    struct output *rejects, *manifest; /* NULL where not asked for */
};

/*
 * reading_open(r, call, arguments, words, err):
 * Check and load all that the options name. ${r} is zeroed before; after a failure, too, it is to
 * be closed. Needs at least one archive among the operands. Errors:  ERROR_USAGE, ERROR_SYNTAX,
 * ERROR_IO, ERROR_MEMORY. Owns:    the caller closes with reading_close. Texts are borrowed from
 * ${words}.
 */
bool reading_open(struct reading *r, const struct call *call,
                  const struct reading_arguments *arguments, const struct reading_words *words,
                  struct error *err);

const struct zone *reading_stamp_zone(const struct reading *r);

/* Another report zone, by the name that zone_name gave. Before anything borrows the old one. */
bool reading_set_report_zone(struct reading *r, const char *name, struct error *err);

void reading_close(struct reading *r);

/* Lay the built-in signatures and then the folders of --signatures over ${set}; the caller finishes
 * it. */
bool reading_lay_signatures(struct signature_set *set, const struct text_list *folders,
                            struct error *err);

/* The same, and finish it. */
bool reading_add_signatures(struct signature_set *set, const struct text_list *folders,
                            struct error *err);

/* The built-in signatures with the folders of --signatures laid over them and the databases of
 * --geoip or of the system; the caller frees. */
struct signature_set *reading_load_signatures(const struct call *call,
                                              const struct reading_arguments *arguments,
                                              struct error *err);

/* Sizes such as 512M or 1G, powers of 1024. */
bool reading_parse_size(const char *text, uint64_t *bytes);

/* Shares such as 1%, 0.5 % or 0.01, in millionths. */
bool reading_parse_share(const char *text, uint32_t *ppm);

#endif
