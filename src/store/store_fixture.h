/* store_fixture.h: for tests: a store in a folder of its own, and a small catalogue. */
#ifndef STORE_STORE_FIXTURE_H
#define STORE_STORE_FIXTURE_H

#include "base/buf.h"
#include "signature/signature.h"
#include "store/ask.h"
#include "store/cells/cells.h"
#include "store/ledger.h"
#include "store/store.h"
#include "usage/usage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct store_world {
    char folder[32], path[64];
    struct store *store;
    struct signature_set *signatures; /* apps 0 chat and 1 drive */
    struct error err;
};

static inline void store_enter(struct store_world *w)
{
    static const char apps[] =
        "app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,"
        "remote_wipe,password_reset,audit_log,sso,licence_management,business_terms,"
        "age_verification,note\n"
        "chat,\"Chat, \"\"x\"\"\",,messaging,Acme,JP,no,,no,no,no,no,no,no,no,no,\n"
        "drive,Drive,,file-sharing,Acme,JP,both,,no,no,no,no,no,no,no,no,\n";
    const struct signature_file file = {"apps.csv", {apps, sizeof apps - 1}};

    memset(w, 0, sizeof *w);
    strcpy(w->folder, "/tmp/kage-store-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    (void)snprintf(w->path, sizeof w->path, "%s/u.db", w->folder);
    w->store = store_open(w->path, STORE_MAKE, "UTC", &w->err);
    assert_non_null(w->store);
    w->signatures = signature_set_create(&w->err);
    assert_true(signature_set_add(w->signatures, &file, &w->err));
    assert_true(signature_set_finish(w->signatures, &w->err));
}

static inline void store_leave(struct store_world *w)
{
    store_close(w->store);
    signature_set_free(w->signatures);
    (void)unlink(w->path);
    assert_int_equal(rmdir(w->folder), 0);
}

/* An entry whose content begins with the line ${first} and has ${bytes} bytes. */
static inline struct ledger_entry store_entry(const char *name, unsigned char first, uint64_t bytes)
{
    struct ledger_entry e = {.name = name,
                             .source = "s",
                             .format = "f",
                             .fields = "ts bytes_up",
                             .packing = "plain",
                             .damage = "",
                             .sha256 = "x",
                             .signatures = "y",
                             .version = "z",
                             .content = {bytes, {{first, (unsigned char)bytes}}},
                             .whole = {bytes, {{first, (unsigned char)bytes, 1}}},
                             .first_line = {{first}},
                             .tally = {.lines = 3, .records = 3, .matched = 3}};

    e.tally.first_us = 5;
    e.tally.last_us = 9;
    return e;
}

/* A cell of three requests, two minutes and a host. */
static inline void store_add_cell(struct usage *u, int32_t day, const char *user, unsigned minute,
                                  const char *host, uint64_t line)
{
    struct usage_key key = {.day = day, .kind = RECORD_PROXY, .role = ROLE_SERVICE};
    int64_t first_us = ((int64_t)day * 1440 + minute) * 60000000;
    struct usage_cell *cell;
    uint32_t archive, id;

    assert_true(usage_name_id(u, NAME_USER, slice_of_string(user), &key.user));
    assert_true(usage_name_id(u, NAME_ARCHIVE, SLICE("a"), &archive));
    assert_true(usage_name_id(u, NAME_HOST, slice_of_string(host), &id));
    cell = usage_cell_at(u, &key);
    assert_non_null(cell);
    cell->counts[COUNT_PASSED] += 3;
    cell->counts[COUNT_BYTES_UP] += 100;
    cell->counts[COUNT_CARRIED_UP] += 3;
    cell->marks |= MARK_UP;
    usage_cell_seen(u, cell, first_us, archive, line);
    usage_cell_seen(u, cell, first_us + 60000000, archive, line + 1);
    assert_true(usage_cell_add_minute(u, cell, minute));
    assert_true(usage_cell_add_minute(u, cell, minute + 1));
    assert_true(usage_cell_add_host(u, cell, id));
    assert_true(usage_add_proxy_day(u, day));
}

/* One archive with that cell into the store. */
static inline void store_add(struct store_world *w, const char *name, int32_t day, const char *user,
                             unsigned minute, const char *host)
{
    struct usage *usage = usage_create(&w->err);
    struct ledger_entry entry = store_entry(name, (unsigned char)name[0], 10);
    struct cells_archive archive = {0, name, INT32_MAX, false};

    store_add_cell(usage, day, user, minute, host, 7);
    assert_true(store_begin(w->store, &w->err));
    assert_true(ledger_add(w->store, &entry, &archive.id, &w->err));
    assert_true(cells_add(w->store, usage, w->signatures, &archive, &w->err));
    assert_true(store_commit(w->store, &w->err));
    usage_free(usage);
}

/* The answer's rows, fields joined by | and rows by a blank. */
static inline void store_assert_answer(struct store_world *w, const char *sql, const char *expected)
{
    struct ask *ask = ask_create(w->store, sql, &w->err);
    struct buf out = {0};
    bool row = true;

    assert_non_null(ask);
    while (ask_next(ask, &row, &w->err) && row) {
        buf_append_string(&out, out.len > 0 ? " " : "");
        for (size_t i = 0; i < ask_column_count(ask); i++) {
            struct ask_value value = ask_value(ask, i);

            buf_append_string(&out, i > 0 ? "|" : "");
            if (value.type == ASK_NUMBER)
                buf_append_uint(&out, value.number);
            else
                buf_append(&out, value.type == ASK_NULL ? SLICE("-") : value.text);
        }
    }
    ask_free(ask);
    buf_append_byte(&out, '\0');
    assert_string_equal(out.ptr, expected);
    buf_free(&out);
}

#endif
