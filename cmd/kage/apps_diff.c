/* apps_diff.c: kage apps --diff: what one folder of signatures changes against another. */
#include "apps.h"
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

bool apps_diff(struct apps_task *t, enum outcome *outcome, struct error *err)
{
    const struct text_list *operands = &t->words.operands;
    bool alone = operands->count == 2;
    struct signature_set *before = NULL, *after;
    bool ok;

    (void)outcome;
    if (alone)
        before = load_folder(operands->texts[0], err);
    if (alone && before == NULL)
        return false;
    after = alone ? load_folder(operands->texts[1], err) : load_over(t, operands->texts[0], err);
    ok = after != NULL && compare(t, alone ? before : t->signatures, after, err);
    signature_set_free(before);
    signature_set_free(after);
    return ok;
}
