/* lint.c: runs all checks and puts what they found in order. */
#include "signature/lint/lint.h"

#include "base/buf.h"
#include "base/room.h"
#include "signature/lint/lint_checks.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *help;
} checks[LINT_CHECKS] = {
#define LINT(id, name, help) [LINT_##id] = {name, help},
#include "signature/lint/lint.def"
#undef LINT
};

const char *lint_check_name(enum lint_check check)
{
    return checks[check].name;
}

const char *lint_check_help(enum lint_check check)
{
    return checks[check].help;
}

static struct lint_finding *new_finding(struct lint *l)
{
    struct lint_findings *out = l->out;

    if (!ROOM_FOR_ONE(out->findings, out->count, out->capacity))
        return NULL;
    return &out->findings[out->count];
}

/* Is it one of the program's own files, with folders laid over them? Rows there that a folder
 * leaves without effect are what the folder is for, and whoever wrote it cannot change them. */
static bool is_laid_over(const struct lint_input *input, const char *name)
{
    bool built_in = false;

    if (input->built_in_count == input->file_count)
        return false;
    for (size_t i = 0; i < input->file_count; i++)
        if (strcmp(input->files[i].name, name) == 0)
            built_in = i < input->built_in_count; /* a folder's may have the same name */
    return built_in;
}

void lint_add(struct lint *l, enum lint_check check, struct lint_place place, const char *entry,
              const char *format, ...)
{
    struct lint_finding *f;
    char text[1024];
    va_list args;
    int length;

    if (is_laid_over(l->input, place.file))
        return;
    f = new_finding(l);
    va_start(args, format);
    length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (f == NULL || length < 0) {
        l->failed = true;
        return;
    }
    f->check = check;
    f->line = place.line;
    f->file = arena_copy(&l->out->arena, slice_of_string(place.file)).ptr;
    f->entry = arena_copy(&l->out->arena, slice_of_string(entry)).ptr;
    f->text = arena_copy(&l->out->arena, slice_of_string(text)).ptr;
    if (f->file == NULL || f->entry == NULL || f->text == NULL)
        l->failed = true;
    else
        l->out->count++;
}

static int compare_findings(const void *left, const void *right)
{
    const struct lint_finding *a = left, *b = right;
    int order = slice_compare(slice_of_string(a->file), slice_of_string(b->file));

    if (order != 0)
        return order;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->check != b->check)
        return a->check < b->check ? -1 : 1;
    return slice_compare(slice_of_string(a->text), slice_of_string(b->text));
}

bool signature_lint(const struct lint_input *input, struct lint_findings *out, struct error *err)
{
    struct lint l = {.input = input, .out = out};
    bool ok = lint_rows(&l, err);

    if (ok) {
        lint_apps(&l);
        lint_signatures(&l);
        lint_tenants(&l);
    }
    if (l.failed)
        ok = error_set_memory(err);
    if (out->count > 0)
        qsort(out->findings, out->count, sizeof *out->findings, compare_findings);
    text_map_free(&l.app_ids);
    text_map_free(&l.keys);
    text_map_free(&l.replacing);
    free(l.app_places);
    return ok;
}

void lint_findings_free(struct lint_findings *findings)
{
    free(findings->findings);
    arena_free(&findings->arena);
    *findings = (struct lint_findings){0};
}
