/* apps_diff.c: kage apps --diff: what one folder of signatures changes against another. */
#include "apps.h"
#include "base/buf.h"
#include "signature/diff.h"

/* The signatures of ${dir} alone. Returns: NULL where they cannot be loaded. */
static struct signature_set *load_folder(const char *dir, struct error *err)
{
    struct signature_set *set = signature_set_create(err);

    if (set != NULL && signature_set_add_dir(set, dir, err) && signature_set_finish(set, err))
        return set;
    signature_set_free(set);
    return NULL;
}

/* The built-in signatures with ${dir} laid over them. */
static struct signature_set *load_over(const struct apps_task *t, const char *dir,
                                       struct error *err)
{
    struct text_list folders = {0};
    struct arena arena = {0};
    struct signature_set *set = signature_set_create(err);
    bool ok = set != NULL;

    for (size_t i = 0; ok && i < t->folders->count; i++)
        ok = text_list_add(&folders, &arena, t->folders->texts[i]) || error_set_memory(err);
    ok = ok && (text_list_add(&folders, &arena, dir) || error_set_memory(err)) &&
         reading_add_signatures(set, &folders, err);
    arena_free(&arena);
    if (ok)
        return set;
    signature_set_free(set);
    return NULL;
}

static bool write_rows(struct apps_task *t, const struct diff *diff, struct error *err)
{
    static const struct column columns[] = {
        {"change", "change", false, 1}, {"kind", "kind", false, 1},
        {"entry", "entry", false, 1},   {"field", "field", false, 1},
        {"before", "before", false, 1}, {"after", "after", false, 1}};
    struct writer *writer = apps_open_writer(t, columns, sizeof columns / sizeof *columns, err);
    bool ok = writer != NULL;

    for (size_t i = 0; ok && i < diff->count; i++) {
        const struct diff_row *row = &diff->rows[i];

        ok = writer_string(writer, row->change, err) && writer_string(writer, row->kind, err) &&
             writer_string(writer, row->entry, err) && writer_string(writer, row->field, err) &&
             writer_string(writer, row->before, err) && writer_string(writer, row->after, err);
    }
    ok = ok && writer_end(writer, err);
    writer_free(writer);
    return ok;
}

static bool compare(struct apps_task *t, const struct signature_set *before,
                    const struct signature_set *after, struct error *err)
{
    struct diff diff = {0};
    bool ok = signature_diff(before, after, &diff, err) && write_rows(t, &diff, err);

    diff_free(&diff);
    return ok;
}

/* Both sides of a comparison. */
struct pair {
    struct signature_set *before, *after;
};

static void free_pair(struct pair *pair)
{
    signature_set_free(pair->before);
    signature_set_free(pair->after);
    *pair = (struct pair){NULL, NULL};
}

/* Two folders by themselves; or, where one names apps that stand in none of its files, both laid
 * over the built-in signatures, which have them. */
static bool load_pair(const struct apps_task *t, const char *before, const char *after,
                      struct pair *out, struct error *err)
{
    struct error alone = {0};

    out->before = load_folder(before, &alone);
    out->after = out->before == NULL ? NULL : load_folder(after, &alone);
    if (out->after != NULL)
        return true;
    free_pair(out);
    out->before = load_over(t, before, err);
    out->after = out->before == NULL ? NULL : load_over(t, after, err);
    if (out->after != NULL)
        buf_printf(t->call->messages,
                   "kage: apps: %s; both folders are laid over the built-in signatures\n",
                   alone.text);
    return out->after != NULL;
}

bool apps_diff(struct apps_task *t, enum outcome *outcome, struct error *err)
{
    const struct text_list *operands = &t->words.operands;
    struct pair pair = {NULL, NULL};
    bool ok;

    (void)outcome;
    if (operands->count == 2) {
        ok = load_pair(t, operands->texts[0], operands->texts[1], &pair, err) &&
             compare(t, pair.before, pair.after, err);
    } else {
        pair.after = load_over(t, operands->texts[0], err);
        ok = pair.after != NULL && compare(t, t->signatures, pair.after, err);
    }
    free_pair(&pair);
    return ok;
}
