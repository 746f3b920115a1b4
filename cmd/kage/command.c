/* command.c: the table of commands. */
#include "command.h"

#include "report/output.h"

#include <string.h>

static const struct command_row rows[] = {
#define COMMAND(name, summary) {#name, summary, &cmd_##name},
#include "commands.def"
#undef COMMAND
};

/* All names, a comma behind each. */
static const char names[] =
#define COMMAND(name, summary) #name ", "
#include "commands.def"
#undef COMMAND
    ;

enum { NAMES_LEN = sizeof names - sizeof ", " }; /* without the last one's */

size_t command_count(void)
{
    return sizeof rows / sizeof *rows;
}

const struct command_row *command_at(size_t index)
{
    return &rows[index];
}

const struct command_row *command_find(const char *name)
{
    for (size_t i = 0; i < command_count(); i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

bool command_missing(struct error *err)
{
    return error_set(err, ERROR_USAGE, "no command given; expected one of %.*s", NAMES_LEN, names);
}

bool command_unknown(const char *name, struct error *err)
{
    struct nearest nearest = {.word = slice_of_string(name)};

    for (size_t i = 0; i < command_count(); i++)
        nearest_offer(&nearest, rows[i].name);
    if (nearest.best == NULL)
        return error_set(err, ERROR_USAGE, "unknown command '%s'; expected one of %.*s", name,
                         NAMES_LEN, names);
    return error_set(err, ERROR_USAGE, "unknown command '%s'; the nearest is '%s'", name,
                     nearest.best);
}

enum outcome command_outcome(const struct error *err)
{
    switch (err->code) {
    case ERROR_NONE: return OUTCOME_DONE;
    case ERROR_USAGE:
    case ERROR_SYNTAX: return OUTCOME_WRONG_CALL;
    case ERROR_IO: return output_reader_is_gone(err) ? OUTCOME_DONE : OUTCOME_FAILED;
    case ERROR_DATA:
    case ERROR_LIMIT:
    case ERROR_MEMORY:
    case ERROR_BUG: break;
    }
    return OUTCOME_FAILED;
}

enum outcome command_outcome_of_start(const struct error *err)
{
    bool about_files = err->code == ERROR_IO || err->code == ERROR_DATA || err->code == ERROR_LIMIT;

    return about_files ? OUTCOME_WRONG_CALL : command_outcome(err);
}
