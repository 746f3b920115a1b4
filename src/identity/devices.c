/* devices.c: machines by MAC and by name. */
#include "identity/devices.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/room.h"
#include "base/text_map.h"
#include "identity/name.h"
#include "identity/table.h"
#include "net/mac.h"

#include <stdlib.h>

enum device_column { COLUMN_MAC, COLUMN_NAME, COLUMN_USER, DEVICE_COLUMNS };

struct devices {
    struct arena arena;
    struct text_map keys; /* MAC addresses and folded names */
    struct slice *users;  /* by number of the key */
    size_t capacity;
};

static const struct table_column columns[DEVICE_COLUMNS] = {
    [COLUMN_MAC] = {"mac",
                    "mac|mac address|hwaddr|hardware address|physical address|MACアドレス|"
                    "物理アドレス",
                    true},
    [COLUMN_NAME] =
        {"name",
         "name|host|hostname|device|device name|computer|computer name|machine|"
         "machine name|端末|端末名|ホスト名|コンピュータ名|コンピューター名|PC名|機器名",
         true},
    [COLUMN_USER] = {"user",
                     "user|owner|person|username|samaccountname|account|使用者|利用者|ユーザー|"
                     "ユーザ|所有者",
                     false},
};

/* ${key} belongs to ${user}. */
static bool add_key(struct devices *d, const struct csv_row *row, struct slice key,
                    struct slice user, struct error *err)
{
    bool fresh;
    uint32_t number = text_map_add(&d->keys, key, &fresh);

    if (number == TEXT_MAP_NONE)
        return error_set_memory(err);
    if (!ROOM_FOR_ONE(d->users, number, d->capacity))
        return error_set_memory(err);
    if (!fresh && !slice_equal(d->users[number], user))
        return csv_fail(row, err, "'%.*s' belongs to %.*s in a row before, here to %.*s",
                        SLICE_FMT(key), SLICE_FMT(d->users[number]), SLICE_FMT(user));
    d->users[number] = user;
    return true;
}

static bool add_name(struct devices *d, const struct csv_row *row, struct slice name,
                     struct slice user, struct error *err)
{
    struct buf folded = {0};
    struct slice key = name_fold(name, &folded);
    bool ok = key.len > 0 ? add_key(d, row, key, user, err) : error_set_memory(err);

    buf_free(&folded);
    return ok;
}

static bool take_row(void *context, const struct csv_row *row, struct error *err)
{
    struct devices *d = context;
    struct slice mac = slice_trim(row->fields[COLUMN_MAC]);
    struct slice name = slice_trim(row->fields[COLUMN_NAME]);
    struct slice user = arena_copy(&d->arena, slice_trim(row->fields[COLUMN_USER]));
    char normal[MAC_TEXT_BYTES];

    if (user.ptr == NULL)
        return error_set_memory(err);
    if (user.len == 0)
        return csv_fail(row, err, "no user; expected whose machine it is");
    if (mac.len == 0 && name.len == 0)
        return csv_fail(row, err, "neither a MAC address nor a name; expected one of them");
    if (mac.len > 0 && !mac_normalise(mac, normal))
        return csv_fail(row, err, "'%.*s' is no MAC address such as 02:00:5e:00:53:01",
                        SLICE_FMT(mac));
    if (mac.len > 0 && !add_key(d, row, slice_of(normal, sizeof normal), user, err))
        return false;
    return name.len == 0 || add_name(d, row, name, user, err);
}

struct devices *devices_load(const char *path, struct error *err)
{
    const struct table table = {columns, DEVICE_COLUMNS, NULL};
    struct devices *d = calloc(1, sizeof *d);
    struct arena arena = {0};
    struct slice text;
    bool ok;

    if (d == NULL) {
        error_set_memory(err);
        return NULL;
    }
    ok = table_text(path, &arena, &text, err) && table_read(&table, path, text, take_row, d, err);
    arena_free(&arena);
    if (ok)
        return d;
    devices_free(d);
    return NULL;
}

static bool find(const struct devices *d, struct slice key, struct slice *user)
{
    uint32_t number = key.len == 0 ? TEXT_MAP_NONE : text_map_find(&d->keys, key);

    if (number != TEXT_MAP_NONE)
        *user = d->users[number];
    return number != TEXT_MAP_NONE;
}

bool devices_find(const struct devices *d, struct slice mac, struct slice name, struct slice *user)
{
    struct buf folded = {0};
    struct slice key = name_fold(name, &folded), label, rest;
    bool found;

    slice_cut(key, '.', &label, &rest);
    found = find(d, mac, user) || find(d, key, user) || find(d, label, user);
    buf_free(&folded);
    return found;
}

void devices_free(struct devices *d)
{
    if (d == NULL)
        return;
    text_map_free(&d->keys);
    free(d->users);
    arena_free(&d->arena);
    free(d);
}
