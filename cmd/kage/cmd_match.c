/* cmd_match.c: kage match: which app a host belongs to, and which signature says so. */
#include "command.h"
#include "match_answer.h"
#include "net/psl.h"
#include "reading.h"
#include "report/display.h"
#include "report/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

struct form_arguments {
    bool ndjson, verbose;
};

struct match_arguments {
    struct reading_arguments reading;
    struct form_arguments form;
};

struct matching {
    const struct call *call;
    struct match_arguments arguments;
    struct reading_words words;
    struct signature_set *signatures;
    struct rule_matcher *rules;
    struct psl *psl; /* NULL where reasons are not asked for */
    struct match_world world;
    struct output *out;
    struct buf shown; /* the host as it is shown */
    size_t width;     /* of the widest host given */
    bool any;         /* was an app found? */
};

static const struct option_row form_rows[] = {
    {'v', "verbose", NULL, OPTION_FLAG, offsetof(struct form_arguments, verbose),
     "and why: the signature's file and line, what it proves,\nthe tenant, the registrable "
     "domain, what else would\nhave matched"},
    {'\0', "ndjson", NULL, OPTION_FLAG, offsetof(struct form_arguments, ndjson),
     "a JSON object a host, with all of that"},
    {0}};

static const struct option_group groups[] = {
    {"signatures", reading_catalogue_rows, offsetof(struct match_arguments, reading)},
    {"printing", form_rows, offsetof(struct match_arguments, form)},
};

static void append_padded(struct matching *m, struct slice host)
{
    struct buf *out = output_buf(m->out);
    size_t width;

    buf_reset(&m->shown);
    display_append(&m->shown, host);
    buf_append(out, buf_slice(&m->shown));
    for (width = display_width(buf_slice(&m->shown)); width < m->width; width++)
        buf_append_byte(out, ' ');
}

static bool answer_host(struct matching *m, struct slice given, struct error *err)
{
    struct buf *out = output_buf(m->out);
    struct match_answer answer;

    match_answer_find(&m->world, given, &answer);
    m->any = m->any || answer.app != SIGNATURE_NO_APP;
    if (m->arguments.form.ndjson) {
        match_answer_append_json(out, &answer);
        return output_drain(m->out, err);
    }
    append_padded(m, given);
    buf_append_string(out, "  ");
    match_answer_append(out, &answer);
    buf_append_byte(out, '\n');
    if (m->arguments.form.verbose)
        match_answer_append_reasons(out, &answer);
    return output_drain(m->out, err);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A word as it was meant, whatever surrounds it. */
static struct slice clean(struct slice word)
{
    while (word.len > 0 && is_blank(word.ptr[word.len - 1]))
        word.len--;
    return slice_trim(word);
}

/* One host a line; blank lines are passed over. Whoever types them waits for each answer. */
static bool answer_input(struct matching *m, struct error *err)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    bool ok = true, first = true, typed = m->call->environment->look.width > 0;

    while (ok && (length = getline(&line, &capacity, stdin)) >= 0) {
        struct slice host = slice_of(line, (size_t)length);

        if (first && slice_starts_with(host, SLICE(BYTE_ORDER_MARK)))
            host = slice_from(host, sizeof BYTE_ORDER_MARK - 1);
        first = false;
        host = clean(host);
        ok = host.len == 0 || (answer_host(m, host, err) && (!typed || output_flush(m->out, err)));
    }
    if (ok && ferror(stdin))
        ok = error_set_errno(err, errno, "standard input: cannot read");
    free(line);
    return ok;
}

static bool answer_operands(struct matching *m, struct error *err)
{
    const struct text_list *hosts = &m->words.operands;

    for (size_t i = 0; i < hosts->count; i++) {
        size_t width;

        buf_reset(&m->shown);
        display_append(&m->shown, clean(slice_of_string(hosts->texts[i])));
        width = display_width(buf_slice(&m->shown));
        if (width > m->width)
            m->width = width;
    }
    for (size_t i = 0; i < hosts->count; i++)
        if (!(strcmp(hosts->texts[i], "-") == 0
                  ? answer_input(m, err)
                  : answer_host(m, clean(slice_of_string(hosts->texts[i])), err)))
            return false;
    return true;
}

static bool prepare(struct matching *m, struct error *err)
{
    if (!reading_parse(m->call, &cmd_match, &m->arguments, &m->words, err))
        return false;
    m->signatures = reading_load_signatures(m->call, &m->arguments.reading, err);
    if (m->signatures == NULL)
        return false;
    if (m->arguments.form.verbose || m->arguments.form.ndjson)
        m->psl = psl_open();
    m->rules = rule_matcher_create(m->signatures, err);
    if (m->rules == NULL)
        return false;
    m->world = (struct match_world){m->signatures, m->rules, m->psl};
    m->out = output_open(NULL, m->call->guard, err);
    return m->out != NULL;
}

static bool answer_all(struct matching *m, struct error *err)
{
    bool ok = m->words.operands.count > 0 ? answer_operands(m, err) : answer_input(m, err);

    return ok && output_commit(m->out, err);
}

static enum outcome run(const struct call *call, struct error *err)
{
    struct matching matching = {.call = call};
    enum outcome outcome;

    if (!prepare(&matching, err))
        outcome = command_outcome_of_start(err);
    else if (!answer_all(&matching, err) && !output_reader_is_gone(err))
        outcome = command_outcome(err);
    else
        outcome = matching.any ? OUTCOME_DONE : OUTCOME_NOT_FOUND;
    output_close(matching.out);
    rule_matcher_free(matching.rules);
    signature_set_free(matching.signatures);
    psl_close(matching.psl);
    buf_free(&matching.shown);
    arena_free(&matching.words.arena);
    return outcome;
}

const struct command cmd_match = {
    .operands = "[options] [HOST...]",
    .about =
        "Says for each host (or URL) its app, its role and the signature that decides: a name,\n"
        "the network of an address, or a rule that a URL fits whatever its method and user agent;\n"
        "`-` where no app is known. Without HOST, or for -: one a line from standard input.\n"
        "Exit status 1 where no app was found for any host.",
    .examples = "  kage match gateway.discord.gg notdiscord.gg\n"
                "  kage match -v social-plugins.line.me acme.slack.com\n"
                "  kage decode query.log | jq -r .host | sort -u | kage match --ndjson\n",
    .groups = groups,
    .group_count = sizeof groups / sizeof *groups,
    .arguments_size = sizeof(struct match_arguments),
    .run = run,
};
