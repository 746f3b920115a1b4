/* help.h: how the program and its commands are used, from their tables. */
#ifndef KAGE_HELP_H
#define KAGE_HELP_H

#include "base/buf.h"
#include "command.h"

/* A name and what it means, on as many lines as that takes. */
void help_append_entry(struct buf *out, const char *name, const char *text);

/* The commands, one a line. */
void help_append_overview(struct buf *out);

/* Usage, options by group and examples of one command. */
void help_append_command(struct buf *out, const struct command_row *row);

#endif
