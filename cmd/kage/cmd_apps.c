/* cmd_apps.c: kage apps: the catalogue: its options, and which of its parts answers. */
#include "apps.h"
#include "command.h"
#include "help.h"
#include "printing.h"
#include "reading.h"
#include "report/output.h"
#include "signature/import/import.h"
#include "signature/lint/lint.h"
#include "signature/risk.h"
#include "spared.h"

#include <stdlib.h>

struct own_arguments {
    bool stats, risk, lint, diff;
    const char *import, *as, *role, *dead;
};

struct apps_arguments {
    struct reading_arguments reading;
    struct own_arguments own;
    struct printing_arguments printing;
};

static const struct option_row own_rows[] = {
    {'\0', "stats", NULL, OPTION_FLAG, offsetof(struct own_arguments, stats),
     "how many apps and domains there are, and of which kind"},
    {'\0', "risk", NULL, OPTION_FLAG, offsetof(struct own_arguments, risk),
     "all apps by what is missing of their control, below"},
    {'\0', "lint", NULL, OPTION_FLAG, offsetof(struct own_arguments, lint),
     "what is wrong with the signatures, by the checks below;\nstatus 1 where something is"},
    {'\0', "diff", NULL, OPTION_FLAG, offsetof(struct own_arguments, diff),
     "what folder B of signatures changes against folder A,\nor folder A against the catalogue"},
    {'\0', "import", "FORMAT", OPTION_TEXT, offsetof(struct own_arguments, import),
     "the list FILE (- for standard input) as rows for\ndomains.csv; FORMAT is one of those below"},
    {'\0', "as", "APP", OPTION_TEXT, offsetof(struct own_arguments, as),
     "the app of imported rows; default: the file's name"},
    {'\0', "role", "ROLE", OPTION_TEXT, offsetof(struct own_arguments, role),
     "their role; default: service"},
    {'\0', "dead", "STORE", OPTION_TEXT, offsetof(struct own_arguments, dead),
     "signatures (domains, networks, tenant patterns, rules)\nthat nothing in the store ever hit"},
    {0}};

static const struct option_group groups[] = {
    {"signatures", reading_catalogue_rows, offsetof(struct apps_arguments, reading)},
    {"catalogue", own_rows, offsetof(struct apps_arguments, own)},
    {"printing", printing_rows, offsetof(struct apps_arguments, printing)},
};

struct writer *apps_open_writer(struct apps_task *t, const struct column *columns, size_t count,
                                struct error *err)
{
    struct writer_task task = {t->out, columns, count, t->look};

    return writer_open(t->form, &task, err);
}

/* What one call can do; the list where no option asks for another. */
struct part {
    const char *option;
    bool asked;
    size_t operands_min, operands_max;
    const char *operands; /* what is expected of them */
    apps_part *run;
};

static bool check_operands(const struct part *part, size_t count, struct error *err)
{
    return (count >= part->operands_min && count <= part->operands_max) ||
           error_set(err, ERROR_USAGE, "--%s: expected %s", part->option, part->operands);
}

/* The part that is asked for; two are one too many. */
static bool choose_part(const struct apps_arguments *a, const struct text_list *operands,
                        apps_part **run, struct error *err)
{
    const struct part parts[] = {
        {"stats", a->own.stats, 0, 0, "no APP beside it", apps_stats},
        {"risk", a->own.risk, 0, 0, "no APP beside it", apps_risk},
        {"diff", a->own.diff, 1, 2, "one or two folders of signatures", apps_diff},
        {"import", a->own.import != NULL, 1, 1, "one FILE, or - for standard input", apps_import},
        {"dead", a->own.dead != NULL, 0, 0, "no APP beside it", apps_dead},
        {"lint", a->own.lint, 0, 0, "no APP beside it; --signatures DIR names a folder", apps_lint},
    };
    const struct part *chosen = NULL;

    *run = apps_list;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!parts[i].asked)
            continue;
        if (chosen != NULL)
            return error_set(err, ERROR_USAGE, "only one of --%s and --%s can be had",
                             chosen->option, parts[i].option);
        chosen = &parts[i];
        *run = chosen->run;
    }
    return chosen == NULL || check_operands(chosen, operands->count, err);
}

static bool prepare(struct apps_task *t, struct apps_arguments *a, apps_part **run,
                    struct error *err)
{
    if (!reading_parse(t->call, &cmd_apps, a, &t->words, err) ||
        !printing_form(&a->printing, &t->form, err) ||
        !choose_part(a, &t->words.operands, run, err) ||
        (*run != apps_list && !spared_check_operands(a->printing.output, &t->words.operands, err)))
        return false;
    t->import = a->own.import;
    t->import_as = a->own.as;
    t->import_role = a->own.role;
    t->dead = a->own.dead;
    t->folders = &a->reading.signatures;
    t->look = printing_look(t->call, &a->printing);
    t->signatures = reading_load_signatures(t->call, &a->reading, err);
    if (t->signatures == NULL)
        return false;
    t->out = output_open(a->printing.output, t->call->guard, err);
    return t->out != NULL;
}

static enum outcome run(const struct call *call, struct error *err)
{
    struct apps_task task = {.call = call};
    struct apps_arguments arguments = {0};
    enum outcome outcome = OUTCOME_DONE;
    apps_part *part;

    if (!prepare(&task, &arguments, &part, err))
        outcome = command_outcome_of_start(err);
    else if (!part(&task, &outcome, err) || !output_commit(task.out, err))
        outcome = command_outcome(err);
    output_close(task.out);
    signature_set_free(task.signatures);
    arena_free(&task.words.arena);
    return outcome;
}

/* The tables behind --risk, --lint and --import. */
static void append_more(struct buf *out)
{
    buf_append_string(out, "\nrisk: points of each attribute that is `no`. Where `managed` is\n"
                           "`both` the attributes are those of the free or personal tier:\n");
    for (size_t t = 0; t < TRAIT_COUNT; t++)
        buf_printf(out, "  %u  %s\n     %s\n", risk_weight_of(t)->points,
                   risk_weight_of(t)->attribute, risk_weight_of(t)->words);
    for (unsigned l = RISK_LEVELS - 1; l > 0; l--)
        buf_printf(out, "%s from %u points, ", risk_level_name((enum risk_level)l),
                   risk_level_points((enum risk_level)l));
    buf_printf(out, "%s below; what is unknown may raise it: \"low to high\".\n",
               risk_level_name((enum risk_level)0));
    buf_append_string(out, "\nchecks of --lint:\n");
    for (int check = 0; check < LINT_CHECKS; check++)
        help_append_entry(out, lint_check_name((enum lint_check)check),
                          lint_check_help((enum lint_check)check));
    buf_append_string(out, "\nlists to import:\n");
    for (size_t i = 0; import_format_name(i) != NULL; i++)
        help_append_entry(out, import_format_name(i), import_format_help(i));
}

const struct command cmd_apps = {
    .operands = "[options] [APP...|FILE|DIR...]",
    .about =
        "Lists the catalogue. With APP, an id: shows each in full, with what an administrator can\n"
        "do and what follows from it, its domains with their roles, tenant patterns, networks and\n"
        "rules; with --json and --ndjson, too. --csv and --markdown "
        "give\n"
        "the columns of the list.",
    .examples = "  kage apps --csv -o apps.csv\n"
                "  kage apps line discord\n"
                "  kage apps --stats\n"
                "  kage apps --risk --csv -o risk.csv\n"
                "  kage apps --import adguard --as acme-ads --role embed blocklist.txt\n"
                "  kage apps --diff signatures.old signatures\n"
                "  kage apps --dead usage.db --csv -o dead.csv\n"
                "  kage apps --lint --signatures my-signatures\n",
    .append_more = append_more,
    .groups = groups,
    .group_count = sizeof groups / sizeof *groups,
    .arguments_size = sizeof(struct apps_arguments),
    .run = run,
};
