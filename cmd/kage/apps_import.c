/* apps_import.c: kage apps --import: a public list as rows of domains.csv, to be looked through. */
#include "apps.h"
#include "base/buf.h"
#include "io/reader.h"
#include "signature/import/import.h"
#include "signature/load.h"
#include "signature/match.h"

#include <string.h>

enum { PIECE_BYTES = 65536, LIST_LIMIT_BYTES = 256 << 20 };

static bool read_all(const char *path, struct buf *out, struct error *err)
{
    struct reader *reader = reader_open(path, INFLATE_BEST, err);
    size_t got = 1;
    bool ok = reader != NULL;

    while (ok && got > 0) {
        ok = buf_reserve(out, PIECE_BYTES) || error_set_memory(err);
        ok = ok && reader_read(reader, out->ptr + out->len, PIECE_BYTES, &got, err);
        out->len += ok ? got : 0;
        if (ok && out->len > LIST_LIMIT_BYTES)
            ok = error_set(err, ERROR_LIMIT, "%s: a list of more than %d MiB", path,
                           LIST_LIMIT_BYTES >> 20);
    }
    if (ok && reader_damage(reader) != NULL)
        ok = error_set(err, ERROR_IO, "%s: %s", path, reader_damage(reader));
    reader_close(reader);
    if (err->code == ERROR_IO)
        err->code = ERROR_USAGE; /* nothing was done: the call names a file that cannot be read */
    return ok;
}

/* The app's id from the name of the file: its last part up to a dot, in lower case. */
static const char *app_by_name(struct apps_task *t, const char *path)
{
    const char *slash = strrchr(path, '/');
    struct slice name = slice_of_string(slash == NULL ? path : slash + 1);
    char *id;

    name.len = slice_find(name, '.');
    id = ARENA_NEW(&t->words.arena, char, name.len + 1);
    for (size_t i = 0; id != NULL && i < name.len; i++) {
        char c = name.ptr[i];

        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        id[i] = '-';
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            id[i] = c;
    }
    if (id == NULL || id[0] == '\0' || id[0] == '-')
        return "imported";
    return id;
}

/* NULL: the file's name, made one. */
static bool check_app(const char *id, struct error *err)
{
    return id == NULL || load_is_id(slice_of_string(id)) ||
           error_set(err, ERROR_USAGE, "--as: '%s': expected lower-case letters, digits and '-'",
                     id);
}

static bool find_role(const char *name, enum role *role, struct error *err)
{
    *role = ROLE_SERVICE;
    if (name == NULL)
        return true;
    for (unsigned r = 0; r < ROLE_COUNT; r++)
        if (strcmp(name, role_name((enum role)r)) == 0) {
            *role = (enum role)r;
            return true;
        }
    return error_set(err, ERROR_USAGE, "--role: '%s': expected service, content, embed or shared",
                     name);
}

/* Rows are for a file: where no form is asked for, they are CSV. */
static bool write_rows(struct apps_task *t, const struct imported *list, struct error *err)
{
    static const struct column columns[] = {
        {"domain", "domain", false, 1}, {"app", "app", false, 1}, {"role", "role", false, 1}};
    struct writer *writer;
    bool ok;

    if (t->form == WRITER_TABLE)
        t->form = WRITER_CSV;
    writer = apps_open_writer(t, columns, sizeof columns / sizeof *columns, err);
    ok = writer != NULL;
    for (size_t i = 0; ok && i < list->count; i++) {
        const struct import_row *row = &list->rows[i];
        bool none = strcmp(row->app, "-") == 0;

        ok = writer_string(writer, row->domain, err) && writer_string(writer, row->app, err) &&
             writer_string(writer, none ? "" : role_name(row->role), err);
    }
    ok = ok && writer_end(writer, err);
    writer_free(writer);
    return ok;
}

/* Rows whose name belongs to an app already, and those of them to another one. */
static void count_known(const struct apps_task *t, const struct imported *list, size_t *known,
                        size_t *others)
{
    *known = *others = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct import_row *row = &list->rows[i];
        struct slice name = slice_of_string(row->domain);
        struct match match;

        if (row->domain[0] == '=')
            name = slice_from(name, 1);
        match = signature_match(t->signatures, name);
        if (match.app == SIGNATURE_NO_APP)
            continue;
        (*known)++;
        *others += strcmp(signature_app(t->signatures, match.app)->id, row->app) != 0;
    }
}

/* Every line of the list is somewhere in this. */
static void append_account(const struct apps_task *t, const char *path, const struct imported *list)
{
    struct buf *out = t->call->messages;
    size_t skipped = 0, known, others;

    for (unsigned s = 0; s < IMPORT_SKIPS; s++)
        skipped += list->skipped[s];
    count_known(t, list, &known, &others);
    buf_printf(out,
               "kage: apps: %s: %zu lines: %zu rows, %zu repeated, %zu comments and the like, %zu "
               "not carried over\n",
               path, list->lines, list->count, list->repeated, list->remarks, skipped);
    for (unsigned s = 0; s < IMPORT_SKIPS; s++)
        if (list->skipped[s] > 0)
            buf_printf(out, "kage: apps: %s: not carried over: %zu %s\n", path, list->skipped[s],
                       import_skip_words((enum import_skip)s));
    buf_printf(out,
               "kage: apps: %s: the catalogue has %zu of the rows' names, %zu of them as another "
               "app's\n",
               path, known, others);
}

bool apps_import(struct apps_task *t, enum outcome *outcome, struct error *err)
{
    const char *path = t->words.operands.texts[0];
    struct import_source source = {.name = path, .format = t->import, .app = t->import_as};
    struct imported list = {0};
    struct buf bytes = {0};
    bool ok = check_app(t->import_as, err) && find_role(t->import_role, &source.role, err) &&
              read_all(path, &bytes, err);

    (void)outcome;
    if (source.app == NULL)
        source.app = app_by_name(t, path);
    source.bytes = buf_slice(&bytes);
    ok = ok && signature_import(&source, &list, err) && write_rows(t, &list, err);
    if (ok)
        append_account(t, path, &list);
    imported_free(&list);
    buf_free(&bytes);
    return ok;
}
