/* lint_rows.c: each file's rows as they were written, before a later one replaces them. */
#include "signature/lint/lint_checks.h"

#include "base/buf.h"
#include "base/csv.h"
#include "base/room.h"
#include "net/address.h"
#include "net/domain.h"
#include "signature/load.h"

#include <stdlib.h>

/* How rows of a kind of file are told apart; in the order of load_kinds. */
static const struct {
    size_t key_columns; /* the first ones */
    bool sorted;        /* is the order of rows only for people? */
} kinds[] = {{1, true}, {1, true}, {1, true}, {2, true}, {1, false}};

_Static_assert(sizeof kinds / sizeof *kinds == LOAD_KINDS, "one each");

/* A row that was read. */
struct kept {
    size_t line;
    struct slice rest; /* what it says of its key */
};

/* One file being read. */
struct rows {
    struct lint *lint;
    const char *file;
    size_t kind, column_count;
    bool own; /* of a folder laid over the built-in signatures */
    struct text_map keys;
    struct kept *kept; /* by number of key */
    size_t capacity;
    struct buf key, last_key, rest;
    struct buf written, last_written; /* the key as it stands there */
    struct arena arena;
};

/* Fields from ${from} to before ${until}, apart by ${between}. */
static void join(struct buf *out, const struct csv_row *row, size_t from, size_t until,
                 char between)
{
    buf_reset(out);
    for (size_t i = from; i < until; i++) {
        if (i > from)
            buf_append_byte(out, between);
        buf_append(out, row->fields[i]);
    }
    buf_append_byte(out, '\0');
}

/* The key without its NUL. */
static struct slice shown(const struct buf *key)
{
    return slice_of(key->ptr, key->len == 0 ? 0 : key->len - 1);
}

static bool note_app(struct lint *l, struct slice id, struct lint_place place)
{
    uint32_t number = text_map_add(&l->app_ids, id, NULL);
    size_t needed = ((size_t)l->app_ids.count | 1023) + 1; /* grows by a thousand */
    struct lint_place *places;

    if (number == TEXT_MAP_NONE)
        return false;
    if (l->app_places == NULL || (number & 1023) == 0) {
        places = realloc(l->app_places, needed * sizeof *places);
        if (places == NULL)
            return false;
        l->app_places = places;
    }
    l->app_places[number] = place;
    return true;
}

static bool is_before(const struct buf *left, const struct buf *right)
{
    return slice_compare(shown(left), shown(right)) < 0;
}

/* By bytes as they stand there, which is what sort(1) does, or by those of the one spelling. */
static void compare_with_last(struct rows *r, struct lint_place place)
{
    if (kinds[r->kind].sorted && r->last_key.len > 0 && is_before(&r->written, &r->last_written) &&
        is_before(&r->key, &r->last_key))
        lint_add(r->lint, LINT_UNSORTED, place, r->written.ptr,
                 "belongs before '%s', which stands above it", r->last_written.ptr);
}

static void compare_with_first(struct rows *r, const struct kept *first, struct lint_place place)
{
    if (slice_equal(first->rest, buf_slice(&r->rest)))
        lint_add(r->lint, LINT_DUPLICATE, place, r->key.ptr, "stands in line %zu already",
                 first->line);
    else
        lint_add(r->lint, LINT_CONTRADICTION, place, r->key.ptr, "line %zu says otherwise of it",
                 first->line);
}

static bool is_file_of(const struct rows *r, const char *name)
{
    return slice_is(slice_of_string(load_kinds[r->kind]), name);
}

/* Keys of several files are noted. Returns: false where memory is out. */
static bool note_key(struct rows *r)
{
    bool fresh;

    if (!is_file_of(r, "domains.csv") && !is_file_of(r, "networks.csv"))
        return true;
    if (text_map_add(&r->lint->keys, shown(&r->key), &fresh) == TEXT_MAP_NONE)
        return false;
    return fresh || text_map_add(&r->lint->replacing, shown(&r->key), NULL) != TEXT_MAP_NONE;
}

static void copy(struct buf *to, const struct buf *from)
{
    buf_reset(to);
    buf_append(to, buf_slice(from));
}

static bool keep(struct rows *r, const struct csv_row *row)
{
    const struct lint_place place = {r->file, row->line};
    uint32_t number;
    bool fresh;

    if (!ROOM_FOR_ONE(r->kept, r->keys.count, r->capacity))
        return false;
    number = text_map_add(&r->keys, shown(&r->key), &fresh);
    if (number == TEXT_MAP_NONE || (fresh && !note_key(r)))
        return false;
    compare_with_last(r, place);
    if (!fresh)
        compare_with_first(r, &r->kept[number], place);
    r->kept[number] = (struct kept){row->line, arena_copy(&r->arena, buf_slice(&r->rest))};
    copy(&r->last_key, &r->key);
    copy(&r->last_written, &r->written);
    return r->kept[number].rest.ptr != NULL && !r->last_key.failed && !r->last_written.failed &&
           (r->kind != 0 || note_app(r->lint, row->fields[0], place));
}

/* A domain in the one form, so that each spelling of it is the same. */
static void normalise_domain(struct buf *key)
{
    char normal[HOST_LIMIT];
    bool exact = key->len > 0 && key->ptr[0] == '=';
    struct slice name = domain_normalise(slice_from(shown(key), exact ? 1 : 0), normal);

    buf_reset(key);
    buf_append_string(key, exact ? "=" : "");
    buf_append(key, name);
    buf_append_byte(key, '\0');
}

/* CIDR likewise; AS numbers have but one spelling. */
static void normalise_network(struct buf *key)
{
    struct network network;
    const char *why;

    if (!network_parse(shown(key), &network, &why))
        return;
    buf_reset(key);
    address_append(key, &network.base);
    buf_printf(key, "/%d", network.bits - (address_is_v4(&network.base) ? 96 : 0));
    buf_append_byte(key, '\0');
}

bool lint_replaces(const struct lint *l, const char *key)
{
    return text_map_find(&l->replacing, slice_of_string(key)) != TEXT_MAP_NONE;
}

/* The columns of networks.csv: network, app, role. */
static void check_network(struct rows *r, const struct csv_row *row)
{
    struct lint_network network = {.place = {r->file, row->line},
                                   .own = r->own,
                                   .service = slice_is(row->fields[2], role_name(ROLE_SERVICE))};

    normalise_network(&r->key);
    network.text = r->key.ptr;
    if (!r->key.failed && !slice_is(row->fields[1], "-"))
        lint_private(r->lint, &network);
}

static bool take(void *context, const struct csv_row *row, struct error *err)
{
    struct rows *r = context;
    size_t key_columns = kinds[r->kind].key_columns;

    join(&r->written, row, 0, key_columns, ' '); /* ids have no blank */
    join(&r->key, row, 0, key_columns, ' ');
    join(&r->rest, row, key_columns, r->column_count, '\t');
    if (r->written.failed || r->key.failed || r->rest.failed)
        return error_set_memory(err);
    if (is_file_of(r, "domains.csv"))
        normalise_domain(&r->key);
    else if (is_file_of(r, "networks.csv"))
        check_network(r, row);
    return (!r->key.failed && keep(r, row)) || error_set_memory(err);
}

static bool read_rows(struct lint *l, size_t index, struct error *err)
{
    const struct signature_file *file = &l->input->files[index];
    struct rows r = {.lint = l,
                     .file = file->name,
                     .kind = load_kind_of(file->name),
                     .own = index >= l->input->built_in_count};
    struct csv_file csv = {.name = file->name, .bytes = file->bytes};
    bool ok;

    csv.columns = load_columns(r.kind, &csv.column_count);
    r.column_count = csv.column_count;
    ok = csv_read(&csv, take, &r, err);
    text_map_free(&r.keys);
    free(r.kept);
    buf_free(&r.key);
    buf_free(&r.rest);
    buf_free(&r.last_key);
    buf_free(&r.written);
    buf_free(&r.last_written);
    arena_free(&r.arena);
    return ok;
}

bool lint_rows(struct lint *l, struct error *err)
{
    for (size_t i = 0; i < l->input->file_count; i++)
        if (!read_rows(l, i, err))
            return false;
    return true;
}
