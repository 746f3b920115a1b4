/* bundle.c: one function a file, a table of them, and the manifest over all. */
#include "bundle.h"

#include "io/digest.h"
#include "manifest.h"
#include "query_sql.h"
#include "report/json.h"
#include "report/output.h"
#include "report/pseudonym.h"
#include "spared.h"
#include "store/ask.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, FOLDER_MODE = 0700 };

struct bundle {
    struct query *query;
    const char *folder;
    const struct options *options;
};

/* A file of the bundle. */
struct part {
    const char *name;
    /* Dimensions of a summary, or SQL; else `write` does it. */
    const char *by, *sql;
    bool (*write)(struct bundle *b, struct output *out, struct error *err);
};

static struct writer_task task_of(struct bundle *b, struct output *out,
                                  const struct column *columns, size_t count)
{
    struct look look = {.sheet = &b->query->arguments.printing.sheet};

    return (struct writer_task){out, columns, count, look};
}

static bool write_apps(struct bundle *b, struct output *out, struct error *err)
{
    static const struct column columns[] = {{"app", "", false, 1},      {"app_name", "", false, 1},
                                            {"category", "", false, 1}, {"vendor", "", false, 1},
                                            {"country", "", false, 1},  {"managed", "", false, 1}};
    struct writer_task task = task_of(b, out, columns, sizeof columns / sizeof *columns);
    const struct signature_set *set = b->query->signatures;
    struct writer *writer = writer_open(WRITER_CSV, &task, err);
    bool ok = writer != NULL;

    for (uint32_t i = 0; ok && i < signature_app_count(set); i++) {
        const struct app *app = signature_app(set, i);

        ok = writer_string(writer, app->id, err) && writer_string(writer, app->name, err) &&
             writer_string(writer, app->category, err) && writer_string(writer, app->vendor, err) &&
             writer_string(writer, app->country, err) &&
             writer_string(writer, managed_name(app->managed), err);
    }
    ok = ok && writer_end(writer, err);
    writer_free(writer);
    return ok;
}

/* Of a path that may hold names, the file's own, which is one of a few. */
static const char *path_shown(const struct bundle *b, const char *path)
{
    const char *slash = strrchr(path, '/');

    return b->query->privacy.pseudonyms == NULL || slash == NULL ? path : slash + 1;
}

static bool write_signatures(struct bundle *b, struct output *out, struct error *err)
{
    static const struct column columns[] = {{"domain", "", false, 1},
                                            {"app", "", false, 1},
                                            {"role", "", false, 1},
                                            {"file", "", false, 1},
                                            {"line", "", true, 1}};
    struct writer_task task = task_of(b, out, columns, sizeof columns / sizeof *columns);
    const struct signature_set *set = b->query->signatures;
    struct writer *writer = writer_open(WRITER_CSV, &task, err);
    struct buf domain = {0};
    bool ok = writer != NULL;

    for (uint32_t i = 0; ok && i < signature_count(set); i++) {
        const struct signature *s = signature_at(set, i);
        const char *app = s->app == SIGNATURE_NO_APP ? "-" : signature_app(set, s->app)->id;

        buf_reset(&domain);
        buf_printf(&domain, "%s%s%c", s->exact ? "=" : "", s->domain, '\0');
        ok = (!domain.failed || error_set_memory(err)) && writer_string(writer, domain.ptr, err) &&
             writer_string(writer, app, err) && writer_string(writer, role_name(s->role), err) &&
             writer_string(writer, path_shown(b, s->file), err) &&
             writer_number(writer, s->line, err);
    }
    ok = ok && writer_end(writer, err);
    writer_free(writer);
    buf_free(&domain);
    return ok;
}

/* As it is: the lines that people signed. */
static bool copy_policy(const char *path, struct output *out, struct error *err)
{
    FILE *in = fopen(path, "re");
    char piece[65536];
    size_t got;

    if (in == NULL)
        return error_set_errno(err, errno, "%s: cannot read the policy", path);
    while ((got = fread(piece, 1, sizeof piece, in)) > 0)
        buf_append(output_buf(out), slice_of(piece, got));
    if (ferror(in))
        error_set_errno(err, errno, "%s: cannot read the policy", path);
    fclose(in);
    return err->code == ERROR_NONE;
}

static bool write_policy(struct bundle *b, struct output *out, struct error *err)
{
    const char *path = b->query->arguments.reading.policy;

    if (path == NULL) {
        buf_append_string(output_buf(out), "subject,status,scope,until,approver,reason\n");
        return true;
    }
    return b->query->privacy.pseudonyms == NULL ? copy_policy(path, out, err)
                                                : bundle_mask_policy(b->query, out, err);
}

#define ARCHIVES_SQL "SELECT * FROM archives ORDER BY source, archive, from_bytes"
#define COVERAGE_SQL "SELECT * FROM coverage ORDER BY source, day, hour, kind"

static const struct part parts[] = {
    {"usage-by-user-app.csv", "user,app", NULL, NULL},
    {"usage-by-app.csv", "app", NULL, NULL},
    {"usage-by-department.csv", "department", NULL, NULL},
    {"archives.csv", NULL, ARCHIVES_SQL, NULL},
    {"coverage.csv", NULL, COVERAGE_SQL, NULL},
    {"apps.csv", NULL, NULL, write_apps},
    {"signatures.csv", NULL, NULL, write_signatures},
    {"policy.csv", NULL, NULL, write_policy},
};

enum { PARTS = sizeof parts / sizeof *parts };

static bool write_summary(struct bundle *b, const char *by, struct output *out, struct error *err)
{
    struct query *q = b->query;
    struct query_answer answer = {0};
    bool ok;

    q->plan = (struct plan){0};
    q->form = WRITER_CSV;
    ok = plan_set_by(&q->plan, by, err) && query_load(q, query_period(q), &answer, err);
    if (ok) {
        struct report report = query_report(q, &answer);

        ok = report_print(&report, out, err);
    }
    query_answer_free(&answer);
    return ok;
}

static bool write_part(struct bundle *b, const struct part *part, struct output *out,
                       struct error *err)
{
    struct query_sql sql = {b->query->store,
                            part->sql,
                            WRITER_CSV,
                            {.sheet = &b->query->arguments.printing.sheet},
                            b->query->privacy.pseudonyms};

    if (part->by != NULL)
        return write_summary(b, part->by, out, err);
    return part->sql != NULL ? query_sql_print(&sql, out, err) : part->write(b, out, err);
}

static bool path_of(const struct bundle *b, const char *name, char *path, struct error *err)
{
    int length = snprintf(path, PATH_BYTES, "%s/%s", b->folder, name);

    return length < PATH_BYTES ||
           error_set(err, ERROR_USAGE, "%s: the path is too long", b->folder);
}

/* Every part finished before the first takes its place. */
static bool write_parts(struct bundle *b, struct output **outputs, struct error *err)
{
    char path[PATH_BYTES];

    for (size_t i = 0; i < PARTS; i++) {
        if (!path_of(b, parts[i].name, path, err) || !spared_check_output(b->options, path, err))
            return false;
        outputs[i] = output_open(path, b->query->call->guard, err);
        if (outputs[i] == NULL || !write_part(b, &parts[i], outputs[i], err) ||
            !output_finish(outputs[i], err))
            return false;
    }
    for (size_t i = 0; i < PARTS; i++)
        if (!output_commit(outputs[i], err))
            return false;
    return true;
}

/* Size and SHA-256 of a file as it lies there now. */
static bool append_file(struct bundle *b, const char *name, struct json *j, struct error *err)
{
    char path[PATH_BYTES], hex[DIGEST_HEX];
    uint64_t bytes;

    if (!path_of(b, name, path, err) || !digest_file_hex(path, &bytes, hex, err))
        return false;
    json_open(j, '{');
    json_key_string(j, "name", name);
    json_key_number(j, "bytes", bytes);
    json_key_string(j, "sha256", hex);
    json_close(j, '}');
    return true;
}

static void append_value(struct bundle *b, struct ask *ask, size_t column, struct json *j)
{
    const struct pseudonyms *p = b->query->privacy.pseudonyms;
    struct ask_value value = ask_value(ask, column);
    struct buf masked = {0};

    json_key(j, ask_column_name(ask, column));
    if (value.type == ASK_NUMBER) {
        json_number(j, value.number);
        return;
    }
    if (p != NULL && strcmp(ask_column_name(ask, column), "archive") == 0) {
        pseudonym_append(p, PSEUDONYM_TEXT, value.text, &masked);
        j->out->failed |= masked.failed;
        value.text = buf_slice(&masked);
    }
    json_text(j, value.text);
    buf_free(&masked);
}

/* Of every archive what is needed to find it again. */
static bool append_archives(struct bundle *b, struct json *j, struct error *err)
{
    struct ask *ask = ask_create(b->query->store,
                                 "SELECT archive, sha256, file_bytes, from_bytes, content_bytes, "
                                 "lines, records, signatures, version FROM archives "
                                 "ORDER BY source, archive, from_bytes",
                                 err);
    bool row = true;

    if (ask == NULL)
        return false;
    json_key(j, "archives");
    json_open(j, '[');
    while (ask_next(ask, &row, err) && row) {
        json_open(j, '{');
        for (size_t i = 0; i < ask_column_count(ask); i++)
            append_value(b, ask, i, j);
        json_close(j, '}');
    }
    json_close(j, ']');
    ask_free(ask);
    return err->code == ERROR_NONE;
}

static bool append_manifest(struct bundle *b, struct json *j, struct error *err)
{
    const struct query_arguments *a = &b->query->arguments;
    const struct pseudonyms *p = b->query->privacy.pseudonyms;
    char signatures[33];
    bool ok = true;

    signature_digest(b->query->signatures, signatures);
    json_open(j, '{');
    json_key_string(j, "kage", KAGE_VERSION);
    json_key_string(j, "timezone", store_zone(b->query->store));
    json_key_string(j, "since", a->filter.since);
    json_key_string(j, "until", a->filter.until);
    json_key_string(j, "signatures", signatures);
    manifest_key_text(j, "policy", a->reading.policy, p);
    manifest_append_options(j, b->options, "bundle", p); /* the same bytes in whatever folder */
    manifest_append_files(j, "inputs", b->options, p);
    json_key(j, "files");
    json_open(j, '[');
    for (size_t i = 0; ok && i < PARTS; i++)
        ok = append_file(b, parts[i].name, j, err);
    json_close(j, ']');
    ok = ok && append_archives(b, j, err);
    json_close(j, '}');
    return ok;
}

static bool write_manifest(struct bundle *b, struct error *err)
{
    char path[PATH_BYTES];
    struct output *out = NULL;
    struct json j = {.pretty = true};
    bool ok;

    if (!path_of(b, "manifest.json", path, err))
        return false;
    out = output_open(path, b->query->call->guard, err);
    if (out == NULL)
        return false;
    j.out = output_buf(out);
    ok = append_manifest(b, &j, err);
    buf_append_byte(j.out, '\n');
    ok = ok && output_commit(out, err);
    output_close(out);
    return ok;
}

bool bundle_write(struct query *q, const char *folder, const struct options *options,
                  struct error *err)
{
    struct bundle b = {q, folder, options};
    struct output *outputs[PARTS] = {NULL};
    bool made = mkdir(folder, FOLDER_MODE) == 0, ok;

    if (!made && errno != EEXIST)
        return error_set(err, ERROR_USAGE, "--bundle %s: %s", folder, strerror(errno));
    ok = write_parts(&b, outputs, err);
    for (size_t i = 0; i < PARTS; i++)
        output_close(outputs[i]);
    ok = ok && write_manifest(&b, err);
    store_rollback(q->store);
    if (made && !ok)
        (void)rmdir(folder); /* where nothing is in it */
    return ok;
}
