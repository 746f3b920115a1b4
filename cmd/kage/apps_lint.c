/* apps_lint.c: kage apps --lint: what is wrong with the signatures. */
#include "apps.h"
#include "base/buf.h"
#include "base/embedded.h"
#include "net/psl.h"
#include "report/output.h"
#include "signature/folder.h"
#include "signature/lint/lint.h"

#include <stdlib.h>

/* All files that make up the catalogue. */
struct files {
    struct signature_file *files;
    size_t count;
    struct signature_folder *folders;
    size_t folder_count;
};

static void free_files(struct files *f)
{
    for (size_t i = 0; i < f->folder_count; i++)
        signature_folder_free(&f->folders[i]);
    free(f->folders);
    free(f->files);
}

static bool read_files(struct files *f, const struct text_list *folders, struct error *err)
{
    f->files = calloc(embedded_signatures_count + folders->count * SIGNATURE_FOLDER_FILES + 1,
                      sizeof *f->files);
    f->folders = calloc(folders->count + 1, sizeof *f->folders);
    if (f->files == NULL || f->folders == NULL)
        return error_set_memory(err);
    for (size_t i = 0; i < embedded_signatures_count; i++) {
        const struct embedded_file *file = &embedded_signatures[i];

        f->files[f->count++] =
            (struct signature_file){file->name, slice_of(file->bytes, file->len)};
    }
    for (size_t i = 0; i < folders->count; i++) {
        struct signature_folder *folder = &f->folders[f->folder_count++];

        if (!signature_folder_read(folders->texts[i], folder, err))
            return false;
        for (size_t k = 0; k < folder->count; k++)
            f->files[f->count++] = folder->files[k];
    }
    return true;
}

static bool write_findings(struct apps_task *t, const struct lint_findings *found,
                           struct error *err)
{
    static const struct column columns[] = {{"file", "file", false, 1},
                                            {"line", "line", true, 1},
                                            {"check", "check", false, 1},
                                            {"entry", "entry", false, 1},
                                            {"finding", "finding", false, 1}};
    struct writer *writer = apps_open_writer(t, columns, sizeof columns / sizeof *columns, err);
    bool ok = writer != NULL;

    for (size_t i = 0; ok && i < found->count; i++) {
        const struct lint_finding *f = &found->findings[i];

        ok = writer_string(writer, f->file, err) && writer_number(writer, f->line, err) &&
             writer_string(writer, lint_check_name(f->check), err) &&
             writer_string(writer, f->entry, err) && writer_string(writer, f->text, err);
    }
    ok = ok && writer_end(writer, err);
    writer_free(writer);
    return ok;
}

/* Nothing found is nothing printed, but for forms that have a frame. */
static bool print(struct apps_task *t, const struct lint_findings *found, struct error *err)
{
    size_t inactive = signature_inactive_networks(t->signatures);

    if (found->count == 0 && t->form == WRITER_TABLE)
        buf_printf(output_buf(t->out), "%zu apps, %zu domains: nothing to find fault with\n",
                   signature_app_count(t->signatures), signature_count(t->signatures));
    else if (!write_findings(t, found, err))
        return false;
    if (inactive > 0)
        buf_printf(
            t->call->messages,
            "kage: apps: %zu networks are AS numbers; nothing matches them without --geoip\n",
            inactive);
    return true;
}

bool apps_lint(struct apps_task *t, enum outcome *outcome, struct error *err)
{
    struct psl *psl = psl_open();
    struct lint_input input = {.set = t->signatures, .psl = psl};
    struct lint_findings found = {0};
    struct files files = {0};
    bool ok;

    if (psl == NULL)
        return error_set(err, ERROR_IO,
                         "--lint: no list of public suffixes; expected the one of "
                         "the package publicsuffix or of libpsl");
    ok = read_files(&files, t->folders, err);
    input.files = files.files;
    input.file_count = files.count;
    input.built_in_count = embedded_signatures_count;
    ok = ok && signature_lint(&input, &found, err) && print(t, &found, err);
    if (found.count > 0)
        *outcome = OUTCOME_NOT_FOUND;
    lint_findings_free(&found);
    free_files(&files);
    psl_close(psl);
    return ok;
}
