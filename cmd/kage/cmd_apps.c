/* cmd_apps.c: kage apps: the catalogue of apps, one app in full, and how much there is. */
#include "app.h"
#include "command.h"
#include "printing.h"
#include "reading.h"
#include "report/output.h"

#include <stdlib.h>
#include <string.h>

struct own_arguments {
    bool stats;
};

struct apps_arguments {
    struct reading_arguments reading;
    struct own_arguments own;
    struct printing_arguments printing;
};

struct listing {
    const struct call *call;
    struct apps_arguments arguments;
    struct reading_words words;
    enum writer_form form;
    struct signature_set *signatures;
    struct output *out;
    uint32_t *chosen; /* apps to list or show, in order */
    size_t count;
};

static const struct option_row own_rows[] = {
    {'\0', "stats", NULL, OPTION_FLAG, offsetof(struct own_arguments, stats),
     "how many apps and domains there are, and of which kind"},
    {'\0', "lint", NULL, OPTION_LATER, 0, ""},
    {'\0', "import", "FILE", OPTION_LATER, 0, ""},
    {'\0', "diff", "DIR", OPTION_LATER, 0, ""},
    {'\0', "dead", NULL, OPTION_LATER, 0, ""},
    {0}};

static const struct option_group groups[] = {
    {"signatures", reading_catalogue_rows, offsetof(struct apps_arguments, reading)},
    {"catalogue", own_rows, offsetof(struct apps_arguments, own)},
    {"printing", printing_rows, offsetof(struct apps_arguments, printing)},
};

static bool unknown_app(const struct listing *l, const char *id, struct error *err)
{
    struct nearest nearest = {.word = slice_of_string(id)};

    for (uint32_t i = 0; i < signature_app_count(l->signatures); i++)
        nearest_offer(&nearest, signature_app(l->signatures, i)->id);
    if (nearest.best == NULL)
        return error_set(err, ERROR_USAGE, "unknown app '%s'; expected an id of `kage apps`", id);
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
    size_t count = signature_app_count(l->signatures);
    struct listed *listed = calloc(count + 1, sizeof *listed);

    l->chosen = calloc(count + 1, sizeof *l->chosen);
    if (listed == NULL || l->chosen == NULL) {
        free(listed);
        return error_set_memory(err);
    }
    for (uint32_t i = 0; i < count; i++)
        listed[i] = (struct listed){signature_app(l->signatures, i)->id, i};
    qsort(listed, count, sizeof *listed, compare_listed);
    for (size_t i = 0; i < count; i++)
        l->chosen[i] = listed[i].app;
    l->count = count;
    free(listed);
    return true;
}

/* Whatever the case of letters. */
static uint32_t find_app(const struct signature_set *signatures, struct slice id)
{
    for (uint32_t i = 0; i < signature_app_count(signatures); i++)
        if (slice_equal_nocase(slice_of_string(signature_app(signatures, i)->id), id))
            return i;
    return SIGNATURE_NO_APP;
}

static bool choose_named(struct listing *l, struct error *err)
{
    const struct text_list *named = &l->words.operands;

    l->chosen = calloc(named->count, sizeof *l->chosen);
    if (l->chosen == NULL)
        return error_set_memory(err);
    for (; l->count < named->count; l->count++) {
        const char *id = named->texts[l->count];

        l->chosen[l->count] = find_app(l->signatures, slice_of_string(id));
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

static struct writer *open_writer(struct listing *l, const struct column *columns, size_t count,
                                  struct error *err)
{
    struct writer_task task = {l->out, columns, count,
                               printing_look(l->call, &l->arguments.printing)};

    return writer_open(l->form, &task, err);
}

static bool list_apps(struct listing *l, struct error *err)
{
    static const struct column columns[] = {
        {"app", "app", false, 1},           {"name", "name", false, 4},
        {"category", "category", false, 2}, {"vendor", "vendor", false, 3},
        {"country", "country", false, 3},   {"managed", "managed", false, 1}};
    struct writer *writer = open_writer(l, columns, sizeof columns / sizeof *columns, err);
    bool ok = writer != NULL;

    for (size_t i = 0; ok && i < l->count; i++)
        ok = write_app(writer, signature_app(l->signatures, l->chosen[i]), err);
    ok = ok && writer_end(writer, err);
    writer_free(writer);
    return ok;
}

static bool show_apps(struct listing *l, struct error *err)
{
    for (size_t i = 0; i < l->count; i++) {
        buf_append_string(output_buf(l->out), i == 0 ? "" : "\n");
        app_append_text(output_buf(l->out), l->signatures, l->chosen[i]);
        if (!output_drain(l->out, err))
            return false;
    }
    return true;
}

static bool show_apps_as_json(struct listing *l, struct error *err)
{
    struct buf *out = output_buf(l->out);
    bool array = l->form == WRITER_JSON;

    buf_append_string(out, array ? "[\n" : "");
    for (size_t i = 0; i < l->count; i++) {
        buf_append_string(out, array && i > 0 ? ",\n" : "");
        app_append_json(out, l->signatures, l->chosen[i]);
        buf_append_string(out, array ? "" : "\n");
        if (!output_drain(l->out, err))
            return false;
    }
    buf_append_string(out, array ? "\n]\n" : "");
    return output_drain(l->out, err);
}

static bool write_count(struct writer *writer, const char *what, const char *kind, uint64_t count,
                        struct error *err)
{
    return writer_string(writer, what, err) && writer_string(writer, kind, err) &&
           writer_number(writer, count, err);
}

static uint64_t count_managed(const struct signature_set *signatures, enum managed managed)
{
    uint64_t count = 0;

    for (uint32_t i = 0; i < signature_app_count(signatures); i++)
        count += signature_app(signatures, i)->managed == managed;
    return count;
}

static uint64_t count_role(const struct signature_set *signatures, enum role role)
{
    uint64_t count = 0;

    for (uint32_t i = 0; i < signature_count(signatures); i++) {
        const struct signature *s = signature_at(signatures, i);

        count += s->app != SIGNATURE_NO_APP && s->role == role;
    }
    return count;
}

static int compare_texts(const void *a, const void *b)
{
    const char *const *left = a, *const *right = b;

    return strcmp(*left, *right);
}

static bool write_categories(struct writer *writer, const struct signature_set *signatures,
                             struct error *err)
{
    size_t count = signature_app_count(signatures);
    const char **categories = calloc(count + 1, sizeof *categories);
    bool ok = true;

    if (categories == NULL)
        return error_set_memory(err);
    for (uint32_t i = 0; i < count; i++)
        categories[i] = signature_app(signatures, i)->category;
    qsort(categories, count, sizeof *categories, compare_texts);
    for (size_t from = 0, until; ok && from < count; from = until) {
        for (until = from + 1; until < count; until++)
            if (strcmp(categories[from], categories[until]) != 0)
                break;
        ok = write_count(writer, "apps of category", categories[from], until - from, err);
    }
    free(categories);
    return ok;
}

static bool write_stats(struct listing *l, struct error *err)
{
    static const struct column columns[] = {
        {"what", "what", false, 1}, {"kind", "kind", false, 1}, {"count", "count", true, 1}};
    const struct signature_set *signatures = l->signatures;
    struct writer *writer = open_writer(l, columns, sizeof columns / sizeof *columns, err);
    bool ok = writer != NULL &&
              write_count(writer, "apps", NULL, signature_app_count(signatures), err) &&
              write_count(writer, "domains", NULL, signature_count(signatures), err);

    for (unsigned m = 0; ok && m < MANAGED_COUNT; m++)
        ok = write_count(writer, "apps managed", managed_name((enum managed)m),
                         count_managed(signatures, (enum managed)m), err);
    for (unsigned r = 0; ok && r < ROLE_COUNT; r++)
        ok = write_count(writer, "domains of role", role_name((enum role)r),
                         count_role(signatures, (enum role)r), err);
    ok = ok && write_categories(writer, signatures, err) && writer_end(writer, err);
    writer_free(writer);
    return ok;
}

static bool prepare(struct listing *l, struct error *err)
{
    if (!reading_parse(l->call, &cmd_apps, &l->arguments, &l->words, err) ||
        !printing_form(&l->arguments.printing, &l->form, err))
        return false;
    l->signatures = reading_load_signatures(&l->arguments.reading.signatures, err);
    if (l->signatures == NULL)
        return false;
    if (!(l->words.operands.count > 0 ? choose_named(l, err) : choose_all(l, err)))
        return false;
    l->out = output_open(l->arguments.printing.output, l->call->guard, err);
    return l->out != NULL;
}

/* Apps that are named are shown in full, but for a form that has rows only. */
static bool answer(struct listing *l, struct error *err)
{
    bool named = l->words.operands.count > 0;

    if (l->arguments.own.stats)
        return write_stats(l, err);
    if (named && l->form == WRITER_TABLE)
        return show_apps(l, err);
    if (named && (l->form == WRITER_JSON || l->form == WRITER_NDJSON))
        return show_apps_as_json(l, err);
    return list_apps(l, err);
}

static enum outcome run(const struct call *call, struct error *err)
{
    struct listing l = {.call = call};
    enum outcome outcome = OUTCOME_DONE;

    if (!prepare(&l, err))
        outcome = command_outcome_of_start(err);
    else if (!answer(&l, err) || !output_commit(l.out, err))
        outcome = command_outcome(err);
    output_close(l.out);
    signature_set_free(l.signatures);
    free(l.chosen);
    arena_free(&l.words.arena);
    return outcome;
}

const struct command cmd_apps = {
    .operands = "[options] [APP...]",
    .about =
        "Lists the catalogue. With APP, an id: shows each in full, with what an administrator can\n"
        "do, its domains and their roles; with --json and --ndjson, too. --csv and --markdown "
        "give\n"
        "the columns of the list.",
    .examples = "  kage apps --csv -o apps.csv\n"
                "  kage apps line discord\n"
                "  kage apps --stats\n",
    .groups = groups,
    .group_count = sizeof groups / sizeof *groups,
    .arguments_size = sizeof(struct apps_arguments),
    .run = run,
};
