/* help.c: usage texts from the tables of commands and options. */
#include "help.h"

enum { HELP_COLUMN = 30, NAME_COLUMN = 12, ENTRY_COLUMN = 19, LINE_COLUMNS = 90 };

static void pad_to(struct buf *out, size_t line_start, size_t column)
{
    do
        buf_append_byte(out, ' ');
    while (out->len - line_start < column);
}

/* How much of ${text} fits in ${columns}, up to a blank. */
static size_t line_length(struct slice text, size_t columns)
{
    size_t end = columns;

    if (text.len <= columns)
        return text.len;
    while (end > 0 && text.ptr[end] != ' ')
        end--;
    return end > 0 ? end : columns;
}

void help_append_entry(struct buf *out, const char *name, const char *text)
{
    struct slice rest = slice_of_string(text);
    size_t start = out->len, length;

    buf_printf(out, "  %s", name);
    while (rest.len > 0) {
        pad_to(out, start, ENTRY_COLUMN);
        length = line_length(rest, LINE_COLUMNS - ENTRY_COLUMN);
        buf_append(out, slice_of(rest.ptr, length));
        buf_append_byte(out, '\n');
        rest = slice_trim(slice_from(rest, length));
        start = out->len;
    }
}

void help_append_overview(struct buf *out)
{
    buf_append_string(out, "usage: kage COMMAND [options] [arguments]\n\n"
                           "Finds in proxy and DNS logs who uses which app.\n\ncommands:\n");
    for (size_t i = 0; i < command_count(); i++) {
        size_t start = out->len;

        buf_printf(out, "  %s", command_at(i)->name);
        pad_to(out, start, NAME_COLUMN);
        buf_printf(out, "%s\n", command_at(i)->summary);
    }
    buf_append_string(out,
                      "\n`kage help COMMAND` or `kage COMMAND --help` says more of one; "
                      "`kage --version` prints the version.\n"
                      "`kage help formats-guide` tells how to write a log format of your own,\n"
                      "`kage help identity-guide` how names and addresses become people.\n");
}

/* The text of an option; its further lines stand under the first. */
static void append_text(struct buf *out, const char *help)
{
    for (; *help != '\0'; help++) {
        size_t start = out->len + 1;

        buf_append_byte(out, *help);
        if (*help == '\n')
            pad_to(out, start, HELP_COLUMN);
    }
    buf_append_byte(out, '\n');
}

static void append_option(struct buf *out, const struct option_row *row)
{
    size_t start = out->len;

    if (row->letter == '\0')
        buf_append_string(out, "      ");
    else
        buf_printf(out, "  -%c, ", row->letter);
    buf_printf(out, "--%s", row->name);
    if (row->argument != NULL)
        buf_printf(out, " %s", row->argument);
    if (out->len - start + 1 > HELP_COLUMN) {
        buf_append_byte(out, '\n');
        start = out->len;
    }
    pad_to(out, start, HELP_COLUMN);
    append_text(out, row->help);
}

/* The title stands only where there is an option to show. */
static void append_group(struct buf *out, const struct option_group *group)
{
    bool titled = false;

    for (const struct option_row *row = group->rows; row->name != NULL; row++) {
        if (row->type == OPTION_LATER)
            continue;
        if (!titled)
            buf_printf(out, "\n%s:\n", group->title);
        titled = true;
        append_option(out, row);
    }
}

void help_append_command(struct buf *out, const struct command_row *row)
{
    const struct command *command = row->command;

    buf_printf(out, "usage: kage %s %s\n\n%s\n", row->name, command->operands, command->about);
    for (size_t i = 0; i < command->group_count; i++)
        append_group(out, &command->groups[i]);
    if (command->append_more != NULL)
        command->append_more(out);
    if (command->examples != NULL)
        buf_printf(out, "\nexamples:\n%s", command->examples);
}
