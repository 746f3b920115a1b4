/* command.h: what a command is and what it gets; one cmd_x.c and one row of commands.def each. */
#ifndef KAGE_COMMAND_H
#define KAGE_COMMAND_H

#include "base/buf.h"
#include "base/error.h"
#include "options.h"
#include "report/writer/writer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KAGE_VERSION "0.1.0"

struct output_guard;

/* Exit statuses, as INTERFACE.md has them. */
enum outcome {
    OUTCOME_DONE = 0,
    OUTCOME_NOT_FOUND = 1,
    OUTCOME_WRONG_CALL = 2,
    OUTCOME_INCOMPLETE = 3,
    OUTCOME_FAILED = 4
};

/* What the process finds around it; a test sets its own. */
struct environment {
    const char *config;    /* KAGE_CONFIG, or NULL */
    const char *inflate;   /* KAGE_INFLATE, or NULL */
    const char *zone;      /* TZ, or NULL */
    const char *temporary; /* TMPDIR, or NULL */
    const char *geoip;     /* KAGE_GEOIP: folders of databases, or NULL: the system's */
    int64_t now_s;
    unsigned processors;
    struct look look; /* of standard output */
    bool progress;    /* is standard error a terminal? */
};

/* One call of a command. */
struct call {
    const struct environment *environment;
    int argc;
    char *const
        *argv; /* all of the program's arguments, ending in NULL; argv[1] names the command */
    struct output_guard *guard;
    struct buf *messages; /* for standard error, written when the command is done */
};

/* The arguments behind the command's name. */
static inline char *const *call_arguments(const struct call *call)
{
    return call->argv + (call->argc < 2 ? call->argc : 2);
}

/* A command as cmd_x.c defines it. */
struct command {
    const char *operands;                 /* as the usage line has them */
    const char *about;                    /* some sentences for the help */
    const char *examples;                 /* lines for the help */
    void (*append_more)(struct buf *out); /* what the help says below the options; may be NULL */
    const struct option_group *groups;
    size_t group_count;
    size_t arguments_size; /* of the struct that the groups' offsets count in */
    /* Does the work. What went wrong stands in ${err}; main prints it. */
    enum outcome (*run)(const struct call *call, struct error *err);
};

#define COMMAND(name, summary) extern const struct command cmd_##name;
#include "commands.def"
#undef COMMAND

/* A row of commands.def. */
struct command_row {
    const char *name;
    const char *summary;
    const struct command *command;
};

size_t command_count(void);
const struct command_row *command_at(size_t index);

/* The row of that name, or NULL. */
const struct command_row *command_find(const char *name);

/* Note in ${err} that no command is given, or that there is no such one, with the nearest or else
 * all of them. Returns: false. */
bool command_missing(struct error *err);
bool command_unknown(const char *name, struct error *err);

/* The exit status of a failure: ERROR_USAGE and ERROR_SYNTAX are 2, all others 4, but 0 where the
 * reader of the output has gone away: it has what it wanted. */
enum outcome command_outcome(const struct error *err);

/* As command_outcome for failures before anything was done: files that cannot be read are 2, too.
 */
enum outcome command_outcome_of_start(const struct error *err);

#endif
