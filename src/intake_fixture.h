/* intake_fixture.h: for tests: archives of a folder into a store, with a small catalogue. */
#ifndef INTAKE_FIXTURE_H
#define INTAKE_FIXTURE_H

#include "format/catalog.h"
#include "intake.h"
#include "net/psl.h"
#include "usage/usage_fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What every run needs; made once. */
struct intake_world {
    char folder[48], store[64]; /* the logs; the store beside them */
    struct format_catalog *formats;
    struct signature_set *signatures;
    struct zone *zone;
    struct psl *psl;
    uint64_t max_memory; /* as of ingest_options */
};

/* The apps alone; the set is not finished. */
static inline struct signature_set *intake_apps(void)
{
    static const char apps[] =
        "app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,"
        "remote_wipe,password_reset,audit_log,sso,licence_management,business_terms,"
        "age_verification,note\n"
        "chat,Chat,,messaging,Acme,JP,no,,no,no,no,no,no,no,no,no,\n"
        "drive,Drive,,file-sharing,Acme,JP,both,,no,no,no,no,no,no,no,no,\n";
    const struct signature_file file = {"apps.csv", {apps, sizeof apps - 1}};
    struct error err = {0};
    struct signature_set *set = signature_set_create(&err);

    assert_true(signature_set_add(set, &file, &err));
    return set;
}

static inline struct signature_set *intake_signatures(void)
{
    static const char domains[] = "domain,app,role\n"
                                  "chat.example,chat,service\n"
                                  "drive.example,drive,content\n";
    const struct signature_file file = {"domains.csv", {domains, sizeof domains - 1}};
    struct signature_set *set = intake_apps();
    struct error err = {0};

    assert_true(signature_set_add(set, &file, &err));
    assert_true(signature_set_finish(set, &err));
    return set;
}

static inline void intake_enter(struct intake_world *w)
{
    struct error err = {0};

    (void)snprintf(w->folder, sizeof w->folder, "%s/kage-intake-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"); /* no disk to wait for */
    assert_non_null(mkdtemp(w->folder));
    (void)snprintf(w->store, sizeof w->store, "%s.db", w->folder);
    w->formats = catalog_create(&err);
    w->signatures = intake_signatures();
    w->zone = zone_load("UTC", &err);
    assert_non_null(w->formats);
    w->psl = psl_open();
    assert_non_null(w->zone);
    assert_non_null(w->psl);
}

/* Take away all files, the store too. */
static inline void intake_clear(const struct intake_world *w)
{
    DIR *dir = opendir(w->folder);
    const struct dirent *entry;
    char path[512];

    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        (void)snprintf(path, sizeof path, "%s/%s", w->folder, entry->d_name);
        (void)unlink(path);
    }
    closedir(dir);
    (void)unlink(w->store);
    (void)snprintf(path, sizeof path, "%s-wal", w->store);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s-shm", w->store);
    (void)unlink(path);
}

static inline void intake_leave(struct intake_world *w)
{
    intake_clear(w);
    assert_int_equal(rmdir(w->folder), 0);
    catalog_free(w->formats);
    signature_set_free(w->signatures);
    zone_free(w->zone);
    psl_close(w->psl);
}

/* Ingest all of the folder. Returns: false with ${err} where the store could not take it. */
static inline bool intake_run(const struct intake_world *w, struct error *err)
{
    struct archive_list archives = {0};
    struct store *store = store_open(w->store, STORE_MAKE, "UTC", err);
    struct archive_hint hints[64];
    struct ingest_result result = {0};
    bool ok = store != NULL && archive_list_add(&archives, w->folder, err);

    if (ok) {
        struct ingest_options options = {.formats = w->formats,
                                         .hints = hints,
                                         .signatures = w->signatures,
                                         .stamp_zone = w->zone,
                                         .report_zone = w->zone,
                                         .detail = w->psl,
                                         .max_memory = w->max_memory,
                                         .threads = 2};
        struct intake_options intake_options = {.store = store,
                                                .archives = &archives,
                                                .hints = hints,
                                                .signatures = w->signatures,
                                                .signature_digest = "d",
                                                .detail = {INT32_MAX, 4},
                                                .version = "v"};
        struct intake *intake = intake_create(&intake_options, err);
        struct archive_keeper keeper = intake_keeper(intake);
        struct ingest_sinks sinks = {.digests = true, .keeper = &keeper};

        assert_true(archives.count <= sizeof hints / sizeof *hints);
        for (size_t i = 0; i < archives.count; i++)
            hints[i] = (struct archive_hint){.source = "source", .format = "squid-native"};
        ok = ingest_run(&options, &archives, &sinks, &result, err);
        intake_free(intake);
    }
    ingest_result_free(&result);
    archive_list_free(&archives);
    store_close(store);
    return ok;
}

#endif
