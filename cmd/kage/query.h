/* query.h: what the parts of `kage query` share. */
#ifndef KAGE_QUERY_H
#define KAGE_QUERY_H

#include "command.h"
#include "filters.h"
#include "people.h"
#include "printing.h"
#include "privacy.h"
#include "reading.h"
#include "report/grouping.h"
#include "report/plan.h"
#include "report/policy.h"
#include "report/report.h"
#include "report/row/rows.h"
#include "store/cells/cells.h"
#include "store/store.h"
#include "storing.h"
#include "summary.h"

#include <stdbool.h>
#include <stdint.h>

struct output;

/* As given. */
struct question_arguments {
    bool fresh, gone, explain;
    const char *compare, *sql;
    const char *bundle; /* of report */
};

struct query_arguments {
    struct reading_arguments reading;
    struct storing_arguments storing;
    struct filter_arguments filter;
    struct summary_arguments summary;
    struct question_arguments question;
    struct printing_arguments printing;
    struct privacy_arguments privacy;
};

/* All that a query holds. */
struct query {
    const struct call *call;
    struct query_arguments arguments;
    struct reading_words words;
    struct store *store;
    bool at_store; /* it is the store that made trouble */
    struct zone *zone;
    struct signature_set *signatures;
    struct policy *policy; /* NULL: none is given */
    struct people people;
    struct privacy privacy;
    struct plan plan;
    struct record_filter filter;
    struct rows_filter rows_filter;
    enum writer_form form;
    struct output *out;
    bool gap_told;  /* that days asked for were taken out */
    bool lack_told; /* that of some no detail is kept */
};

/*
 * query_prepare(q, command, err), query_open(q, err):
 * Parse the call of ${command} and check what can be checked without the store, and open it; then
 * load what the options name. Errors: ERROR_USAGE, ERROR_SYNTAX, ERROR_IO, ERROR_DATA,
 * ERROR_MEMORY. Owns: the caller closes with query_close, after a failure too.
 */
bool query_prepare(struct query *q, const struct command *command, struct error *err);
bool query_open(struct query *q, struct error *err);

/* What a failure of these two amounts to: a store that cannot be read is no wrong call. */
enum outcome query_outcome_of_start(const struct query *q, const struct error *err);

void query_close(struct query *q);

/* Days, until exclusive. */
struct query_period {
    int32_t from_day, until_day;
};

/* The rows of some days. Zero-initialise. */
struct query_answer {
    struct usage *usage;
    struct rollup_reader *rollup; /* the cells, where sums over users will do; else NULL */
    struct grouping grouping;
    struct rows *rows;
    struct rows_witness witness; /* asked for before query_load */
};

/* The days that --since and --until leave. */
struct query_period query_period(const struct query *q);

/* Cells of those days, put together by the plan. Owns: the caller frees with query_answer_free,
 * after a failure too. */
bool query_load(struct query *q, struct query_period period, struct query_answer *answer,
                struct error *err);

/* Say it, once, where days that are asked for were taken out of the store. */
bool query_tell_gap(struct query *q, struct query_period period, struct error *err);

/* Say it where --user names somebody whom the store does not know. */
bool query_tell_strangers(const struct query *q, struct error *err);

/* How the answer is printed. */
struct report query_report(struct query *q, const struct query_answer *answer);

void query_answer_free(struct query_answer *answer);

/* Whole answers to --new and --gone, --compare, --explain. The output is not committed. */
bool query_print_new(struct query *q, struct error *err);
bool query_print_comparison(struct query *q, struct error *err);
bool query_print_explanation(struct query *q, struct error *err);

#endif
