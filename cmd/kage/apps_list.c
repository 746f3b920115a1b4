/* apps_list.c: kage apps: the list of apps, and those that are named in full. */
#include "app.h"
#include "apps.h"
#include "report/output.h"

#include <stdlib.h>
#include <string.h>

/* The apps to list or show, in order. */
struct listing {
    struct apps_task *task;
    uint32_t *chosen;
    size_t count;
};

static bool unknown_app(const struct listing *l, const char *id, struct error *err)
{
    struct nearest nearest = {.word = slice_of_string(id)};

    for (uint32_t i = 0; i < signature_app_count(l->task->signatures); i++)
        nearest_offer(&nearest, signature_app(l->task->signatures, i)->id);
    if (nearest.best == NULL)
        return error_set(err, ERROR_USAGE,
                         "unknown app '%s'; expected an id or a name of `kage apps`", id);
    return error_set(err, ERROR_USAGE, "unknown app '%s'; the nearest is '%s'", id, nearest.best);
}

/* An app on its way to its place in the list. */
struct listed {
    const char *id;
    uint32_t app;
};

static int compare_listed(const void *a, const void *b)
{
    const struct listed *left = a, *right = b;

    return strcmp(left->id, right->id);
}

static bool choose_all(struct listing *l, struct error *err)
{
    size_t count = signature_app_count(l->task->signatures);
    struct listed *listed = calloc(count + 1, sizeof *listed);

    l->chosen = calloc(count + 1, sizeof *l->chosen);
    if (listed == NULL || l->chosen == NULL) {
        free(listed);
        return error_set_memory(err);
    }
    for (uint32_t i = 0; i < count; i++)
        listed[i] = (struct listed){signature_app(l->task->signatures, i)->id, i};
    qsort(listed, count, sizeof *listed, compare_listed);
    for (size_t i = 0; i < count; i++)
        l->chosen[i] = listed[i].app;
    l->count = count;
    free(listed);
    return true;
}

/* Ids go before names: an app may be called what another's id is. Whatever the case of letters. */
static uint32_t find_app(const struct signature_set *signatures, struct slice word)
{
    uint32_t named = SIGNATURE_NO_APP;

    for (uint32_t i = 0; i < signature_app_count(signatures); i++) {
        const struct app *app = signature_app(signatures, i);

        if (slice_equal_nocase(slice_of_string(app->id), word))
            return i;
        if (named == SIGNATURE_NO_APP && (slice_equal_nocase(slice_of_string(app->name), word) ||
                                          slice_equal(slice_of_string(app->name_ja), word)))
            named = i;
    }
    return word.len == 0 ? SIGNATURE_NO_APP : named;
}

static bool choose_named(struct listing *l, struct error *err)
{
    const struct text_list *named = &l->task->words.operands;

    l->chosen = calloc(named->count, sizeof *l->chosen);
    if (l->chosen == NULL)
        return error_set_memory(err);
    for (; l->count < named->count; l->count++) {
        const char *id = named->texts[l->count];

        l->chosen[l->count] = find_app(l->task->signatures, slice_of_string(id));
        if (l->chosen[l->count] == SIGNATURE_NO_APP)
            return unknown_app(l, id, err);
    }
    return true;
}

static bool write_app(struct writer *writer, const struct app *app, struct error *err)
{
    return writer_string(writer, app->id, err) && writer_string(writer, app->name, err) &&
           writer_string(writer, app->category, err) && writer_string(writer, app->vendor, err) &&
           writer_string(writer, app->country, err) &&
           writer_string(writer, managed_name(app->managed), err);
}

static bool list_apps(struct listing *l, struct error *err)
{
    static const struct column columns[] = {
        {"app", "app", false, 1},           {"name", "name", false, 4},
        {"category", "category", false, 2}, {"vendor", "vendor", false, 3},
        {"country", "country", false, 3},   {"managed", "managed", false, 1}};
    struct writer *writer =
        apps_open_writer(l->task, columns, sizeof columns / sizeof *columns, err);
    bool ok = writer != NULL;

    for (size_t i = 0; ok && i < l->count; i++)
        ok = write_app(writer, signature_app(l->task->signatures, l->chosen[i]), err);
    ok = ok && writer_end(writer, err);
    writer_free(writer);
    return ok;
}

static bool show_apps(struct listing *l, struct error *err)
{
    for (size_t i = 0; i < l->count; i++) {
        buf_append_string(output_buf(l->task->out), i == 0 ? "" : "\n");
        app_append_text(output_buf(l->task->out), l->task->signatures, l->chosen[i]);
        if (!output_drain(l->task->out, err))
            return false;
    }
    return true;
}

static bool show_apps_as_json(struct listing *l, struct error *err)
{
    struct buf *out = output_buf(l->task->out);
    bool array = l->task->form == WRITER_JSON;

    buf_append_string(out, array ? "[\n" : "");
    for (size_t i = 0; i < l->count; i++) {
        buf_append_string(out, array && i > 0 ? ",\n" : "");
        app_append_json(out, l->task->signatures, l->chosen[i]);
        buf_append_string(out, array ? "" : "\n");
        if (!output_drain(l->task->out, err))
            return false;
    }
    buf_append_string(out, array ? "\n]\n" : "");
    return output_drain(l->task->out, err);
}

/* Apps that are named are shown in full, but for a form that has rows only. */
static bool answer(struct listing *l, struct error *err)
{
    bool named = l->task->words.operands.count > 0;

    if (named && l->task->form == WRITER_TABLE)
        return show_apps(l, err);
    if (named && (l->task->form == WRITER_JSON || l->task->form == WRITER_NDJSON))
        return show_apps_as_json(l, err);
    return list_apps(l, err);
}

bool apps_list(struct apps_task *t, enum outcome *outcome, struct error *err)
{
    struct listing l = {.task = t};
    bool ok;

    (void)outcome;
    ok = t->words.operands.count > 0 ? choose_named(&l, err) : choose_all(&l, err);
    ok = ok && answer(&l, err);
    free(l.chosen);
    return ok;
}
