/* cmd_match.c: kage match: which app a host belongs to, and which signature says so. */
#include "command.h"
#include "net/domain.h"
#include "net/url.h"
#include "reading.h"
#include "report/display.h"
#include "report/json.h"
#include "report/output.h"
#include "signature/match.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

struct form_arguments {
    bool ndjson;
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
    struct output *out;
    struct buf shown; /* the host as it is shown */
    size_t width;     /* of the widest host given */
    bool any;         /* was an app found? */
};

/* What is said of one host. */
struct answer {
    struct slice given;
    const char *app, *role; /* NULL: none */
    struct slice signature; /* empty: none, or a network decided */
    bool exact;             /* the signature is written with `=` */
    struct slice tenant;
};

static const struct option_row form_rows[] = {{'\0', "ndjson", NULL, OPTION_FLAG,
                                               offsetof(struct form_arguments, ndjson),
                                               "a JSON object a host, with its tenant"},
                                              {0}};

static const struct option_group groups[] = {
    {"signatures", reading_catalogue_rows, offsetof(struct match_arguments, reading)},
    {"printing", form_rows, offsetof(struct match_arguments, form)},
};

/* Look ${given}, a host or a URL, up; ${host} has room for HOST_LIMIT bytes. */
static struct answer look_up(const struct signature_set *signatures, struct slice given, char *host)
{
    struct slice name = url_has_scheme(given) ? url_authority(given) : given;
    struct slice normal = domain_normalise(name, host);
    struct match match = signature_match(signatures, normal);
    struct answer answer = {.given = given};
    const struct signature *signature;

    if (match.app == SIGNATURE_NO_APP)
        return answer;
    answer.app = signature_app(signatures, match.app)->id;
    answer.role = role_name(match.role);
    answer.tenant = match.tenant;
    if (answer.tenant.len == 0 && match.url_tenant)
        answer.tenant = signature_url_tenant(signatures, match.app, normal, given);
    if (match.signature != MATCH_NO_SIGNATURE) {
        signature = signature_at(signatures, match.signature);
        answer.signature = slice_of_string(signature->domain);
        answer.exact = signature->exact;
    }
    return answer;
}

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

static void append_line(struct matching *m, const struct answer *answer)
{
    struct buf *out = output_buf(m->out);

    append_padded(m, answer->given);
    if (answer->app == NULL) {
        buf_append_string(out, "  -\n");
        return;
    }
    buf_printf(out, "  %s  %s  ", answer->app, answer->role);
    if (answer->signature.len == 0)
        buf_append_byte(out, '-');
    else
        buf_printf(out, "%s%.*s", answer->exact ? "=" : "", SLICE_FMT(answer->signature));
    buf_append_byte(out, '\n');
}

static void append_text_or_null(struct json *j, const char *key, const char *text)
{
    json_key(j, key);
    if (text == NULL)
        json_null(j);
    else
        json_string(j, text);
}

static void append_json(struct matching *m, const struct answer *answer)
{
    struct json json = {.out = output_buf(m->out)};
    struct buf signature = {0};

    buf_append_string(&signature, answer->exact ? "=" : "");
    buf_append(&signature, answer->signature);
    json_open(&json, '{');
    json_key(&json, "host");
    json_text(&json, answer->given);
    append_text_or_null(&json, "app", answer->app);
    append_text_or_null(&json, "role", answer->role);
    json_key(&json, "signature");
    if (signature.len == 0)
        json_null(&json);
    else
        json_text(&json, buf_slice(&signature));
    json_key(&json, "tenant");
    if (answer->tenant.len == 0)
        json_null(&json);
    else
        json_text(&json, answer->tenant);
    json_close(&json, '}');
    buf_append_byte(json.out, '\n');
    buf_free(&signature);
}

static bool answer_host(struct matching *m, struct slice given, struct error *err)
{
    char host[HOST_LIMIT];
    struct answer answer = look_up(m->signatures, given, host);

    m->any = m->any || answer.app != NULL;
    if (m->arguments.form.ndjson)
        append_json(m, &answer);
    else
        append_line(m, &answer);
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
        if (!answer_host(m, clean(slice_of_string(hosts->texts[i])), err))
            return false;
    return true;
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

static bool prepare(struct matching *m, struct error *err)
{
    if (!reading_parse(m->call, &cmd_match, &m->arguments, &m->words, err))
        return false;
    m->signatures = reading_load_signatures(&m->arguments.reading.signatures, err);
    if (m->signatures == NULL)
        return false;
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
    signature_set_free(matching.signatures);
    buf_free(&matching.shown);
    arena_free(&matching.words.arena);
    return outcome;
}

const struct command cmd_match = {
    .operands = "[options] [HOST...]",
    .about =
        "Says for each host (or URL) its app, its role and the signature that decides; `-` where\n"
        "no app is known, and for the signature where an address range decides. Without HOST:\n"
        "one a line from standard input. Exit status 1 where no app was found for any host.",
    .examples = "  kage match gateway.discord.gg notdiscord.gg\n"
                "  kage decode query.log | jq -r .host | sort -u | kage match --ndjson\n",
    .groups = groups,
    .group_count = sizeof groups / sizeof *groups,
    .arguments_size = sizeof(struct match_arguments),
    .run = run,
};
