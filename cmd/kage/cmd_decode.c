/* cmd_decode.c: kage decode: the records of logs as JSON lines. */
#include "command.h"
#include "manifest.h"
#include "reading.h"
#include "record/record.h"
#include "report/json.h"
#include "report/output.h"
#include "run.h"

struct output_arguments {
    const char *output;
};

struct decode_arguments {
    struct reading_arguments reading;
    struct output_arguments output;
};

struct decode {
    const struct call *call;
    struct decode_arguments arguments;
    struct reading_words words;
    struct reading reading;
    struct output *out;
    struct run run;
};

static const struct option_row output_rows[] = {{'o', "output", "FILE", OPTION_TEXT,
                                                 offsetof(struct output_arguments, output),
                                                 "write there, whole or not at all"},
                                                {0}};

static const struct option_group groups[] = {
    {"reading", reading_rows, offsetof(struct decode_arguments, reading)},
    {"printing", output_rows, offsetof(struct decode_arguments, output)},
};

static void append_time(struct json *j, int64_t time_us)
{
    struct buf text = {0};

    zone_append_rfc3339(&text, NULL, time_us);
    json_text(j, buf_slice(&text));
    buf_free(&text);
}

static void append_field(struct json *j, const struct record *record, enum field field)
{
    const struct field_info *info = field_info(field);
    const void *member = (const char *)record + info->offset;

    json_key(j, info->key);
    switch (info->type) {
    case TYPE_DURATION:
    case TYPE_TIME: append_time(j, *(const int64_t *)member); break;
    case TYPE_NUMBER: json_number(j, *(const uint64_t *)member); break;
    case TYPE_TEXT: json_text(j, *(const struct slice *)member); break;
    case TYPE_KIND: json_string(j, record_kind_name(record->kind)); break;
    case TYPE_ACTION: json_string(j, record_action_name(record->action)); break;
    }
}

/* Is the field one of the keys of `kage decode`, and does the line give it? */
static bool is_shown(const struct record *record, enum field field)
{
    const struct field_info *info = field_info(field);
    const void *member = (const char *)record + info->offset;

    if (field == FIELD_KIND)
        return true;
    if (!record_has(record, field) || info->type == TYPE_DURATION)
        return false;
    if (info->type == TYPE_TEXT)
        return ((const struct slice *)member)->len > 0;
    return info->type != TYPE_ACTION || record->action != ACTION_NONE;
}

static bool write_record(void *context, const char *archive, const struct record *record,
                         struct error *err)
{
    struct decode *d = context;
    struct json json = {.out = output_buf(d->out)};

    json_open(&json, '{');
    json_key(&json, "archive");
    json_string(&json, archive);
    json_key(&json, "line");
    json_number(&json, record->line);
    for (unsigned f = 0; f < FIELD_COUNT; f++)
        if (is_shown(record, (enum field)f))
            append_field(&json, record, (enum field)f);
    json_close(&json, '}');
    buf_append_byte(json.out, '\n');
    return output_drain(d->out, err);
}

static bool prepare(struct decode *d, struct error *err)
{
    if (!reading_parse(d->call, &cmd_decode, &d->arguments, &d->words, err) ||
        !reading_open(&d->reading, d->call, &d->arguments.reading, &d->words, err))
        return false;
    d->out = output_open(d->arguments.output.output, d->call->guard, err);
    return d->out != NULL && run_check_outputs(&d->reading, d->out, err);
}

static bool read_archives(struct decode *d, struct error *err)
{
    struct record_sink sink = {write_record, d};

    d->run =
        (struct run){.call = d->call, .arguments = &d->arguments.reading, .reading = &d->reading};
    run_prepare(&d->run);
    return run_ingest(&d->run, &sink, err);
}

static void append_account(const struct decode *d)
{
    struct account account = run_account(&d->run);

    if (d->arguments.reading.verbose)
        account_append(d->call->messages, &account);
    account_append_problems(d->call->messages, &account);
}

static void write_manifest(struct decode *d, enum outcome outcome)
{
    struct options options = {groups, cmd_decode.group_count, &d->arguments, NULL};
    struct manifest manifest = {.command = "decode",
                                .options = &options,
                                .operands = &d->words.operands,
                                .report_zone = d->reading.report_zone,
                                .stamp_zone = reading_stamp_zone(&d->reading),
                                .result = &d->run.result,
                                .outcome = outcome};

    manifest_append(output_buf(d->reading.manifest), &manifest);
}

static bool deliver(struct decode *d, enum outcome outcome, struct error *err)
{
    if (outcome != OUTCOME_FAILED) {
        if (d->reading.manifest != NULL)
            write_manifest(d, outcome);
        if (!run_deliver(&d->run, d->out, err))
            return false;
    }
    append_account(d);
    return true;
}

static void free_decode(struct decode *d)
{
    run_free(&d->run);
    output_close(d->out);
    reading_close(&d->reading);
    arena_free(&d->words.arena);
}

static enum outcome run(const struct call *call, struct error *err)
{
    struct decode decode = {.call = call};
    enum outcome outcome;

    if (!prepare(&decode, err))
        outcome = command_outcome_of_start(err);
    else if (!read_archives(&decode, err))
        outcome = command_outcome(err);
    else {
        outcome = run_outcome(&decode.run);
        if (!deliver(&decode, outcome, err))
            outcome = output_reader_is_gone(err) ? outcome : command_outcome(err);
    }
    free_decode(&decode);
    return outcome;
}

const struct command cmd_decode = {
    .operands = "[options] ARCHIVE...",
    .about =
        "Prints what kage reads in logs: one JSON object a record, in the order of archives and\n"
        "lines, times in UTC. A key that a line does not give is absent. A byte that is no UTF-8\n"
        "stands as the four characters \\xNN.",
    .examples = "  kage decode access.log.gz | head\n"
                "  kage decode -f bind -z Asia/Tokyo query.log | jq -r .host | sort | uniq -c\n",
    .groups = groups,
    .group_count = sizeof groups / sizeof *groups,
    .arguments_size = sizeof(struct decode_arguments),
    .run = run,
};
