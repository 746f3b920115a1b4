/* apps.h: what the parts of `kage apps` share. */
#ifndef KAGE_APPS_H
#define KAGE_APPS_H

#include "base/error.h"
#include "command.h"
#include "reading.h"
#include "report/writer/writer.h"
#include "signature/signature.h"

#include <stdbool.h>
#include <stddef.h>

struct output;

/* One call of `kage apps`. */
struct apps_task {
    const struct call *call;
    const struct text_list *folders; /* of --signatures */
    struct reading_words words;
    enum writer_form form;
    struct look look;
    struct signature_set *signatures; /* the built-in ones with the folders laid over them */
    struct output *out;
    const char *import, *import_as,
        *import_role; /* of --import, --as and --role; NULL: not given */
    const char *dead; /* the store of --dead; NULL: not given */
};

/* Begin a table of ${count} columns on the task's output, in its form; see writer_open. */
struct writer *apps_open_writer(struct apps_task *task, const struct column *columns, size_t count,
                                struct error *err);

/* A part of the command: prints to the task's output, which is committed behind it. ${outcome} is
 * OUTCOME_DONE and may become another. */
typedef bool apps_part(struct apps_task *task, enum outcome *outcome, struct error *err);

/* The apps, or those named in full. Errors: ERROR_USAGE for one that is none. */
apps_part apps_list;

/* How many apps and domains there are, and of which kind. */
apps_part apps_stats;

/* All apps by what is missing of their control, the riskiest first. */
apps_part apps_risk;

/* What is wrong with the signatures, a row each; OUTCOME_NOT_FOUND where something is. */
apps_part apps_lint;

/* What the second folder of signatures changes against the first, or one against the catalogue. */
apps_part apps_diff;

/* A public list as rows of domains.csv; the account of its lines among the messages. */
apps_part apps_import;

/* Signatures that no host in the store hit, as far as it keeps hosts; and whether their app was
 * seen at all. */
apps_part apps_dead;

#endif
