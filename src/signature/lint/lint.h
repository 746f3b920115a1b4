/* lint.h: what is wrong with signatures that load: rows that contradict, repeat or never apply. */
#ifndef SIGNATURE_LINT_H
#define SIGNATURE_LINT_H

#include "base/arena.h"
#include "base/error.h"
#include "signature/signature.h"

#include <stdbool.h>
#include <stddef.h>

struct psl;

enum lint_check {
#define LINT(id, name, help) LINT_##id,
#include "signature/lint/lint.def"
#undef LINT
    LINT_CHECKS
};

/* Borrowed for the call. */
struct lint_input {
    const struct signature_file *files; /* all that were laid over ${set}, in order */
    size_t file_count;
    size_t built_in_count; /* the first ones; those behind are of folders of a company's own */
    const struct signature_set *set; /* finished */
    const struct psl *psl;
};

struct lint_finding {
    enum lint_check check;
    const char *file;
    size_t line;
    const char *entry; /* the row's key: an app, a domain, a pattern … */
    const char *text;  /* what is wrong, in words */
};

/* Zero-initialise before use. */
struct lint_findings {
    struct lint_finding *findings; /* by name of file, line and check */
    size_t count, capacity;
    struct arena arena;
};

/*
 * signature_lint(input, out, err):
 * All that is wrong, row by row. A row of a later file that replaces one of an earlier file is no
 * fault: that is how folders are laid over one another. With such files behind the built-in ones
 * only they are found fault with. Errors:  ERROR_SYNTAX, ERROR_MEMORY. Owns:    the caller frees
 * with lint_findings_free, also after a failure.
 */
bool signature_lint(const struct lint_input *input, struct lint_findings *out, struct error *err);

void lint_findings_free(struct lint_findings *findings);

const char *lint_check_name(enum lint_check check);
const char *lint_check_help(enum lint_check check);

#endif
