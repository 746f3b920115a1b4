/* cmd_help.c: kage help [COMMAND]. */
#include "base/embedded.h"
#include "command.h"
#include "help.h"
#include "report/output.h"

#include <string.h>

/* A page that is about no single command: "formats-guide". */
static const struct embedded_file *find_guide(const char *name)
{
    for (size_t i = 0; i < embedded_guides_count; i++) {
        const char *file = strrchr(embedded_guides[i].name, '/') + 1;
        size_t length = strlen(name);

        if (strncmp(file, name, length) == 0 && strcmp(file + length, ".txt") == 0)
            return &embedded_guides[i];
    }
    return NULL;
}

static bool append_help(struct buf *text, const struct text_list *operands, struct error *err)
{
    if (operands->count == 0) {
        help_append_overview(text);
        return true;
    }
    for (size_t i = 0; i < operands->count; i++) {
        const struct command_row *row = command_find(operands->texts[i]);

        const struct embedded_file *guide = find_guide(operands->texts[i]);

        if (row == NULL && guide == NULL)
            return command_unknown(operands->texts[i], err);
        buf_append_string(text, i == 0 ? "" : "\n");
        if (row != NULL)
            help_append_command(text, row);
        else
            buf_append(text, slice_of(guide->bytes, guide->len));
    }
    return true;
}

static enum outcome run(const struct call *call, struct error *err)
{
    struct arena arena = {0};
    struct text_list operands = {0};
    struct options options = {.arena = &arena};
    struct output *out = NULL;

    if (options_parse(&options, call_arguments(call), &operands, err))
        out = output_open(NULL, call->guard, err);
    if (out != NULL && append_help(output_buf(out), &operands, err))
        output_commit(out, err);
    output_close(out);
    arena_free(&arena);
    return command_outcome(err);
}

const struct command cmd_help = {
    .operands = "[COMMAND...]",
    .about =
        "Says how the commands are used. formats-guide: how to write a log format of your own;\n"
        "identity-guide: how names, addresses and machines become people.",
    .examples = "  kage help scan\n"
                "  kage help formats-guide\n"
                "  kage help identity-guide\n",
    .run = run,
};
