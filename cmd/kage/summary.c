/* summary.c: --by, --sort, --top and --unknown into a plan. */
#include "summary.h"

#include "base/num.h"

#include <stddef.h>
#include <stdint.h>

#define DEFAULT_BY         "user,app"
#define DEFAULT_BY_UNKNOWN "domain"

const struct option_row summary_rows[] = {
    {'\0', "by", "DIMS", OPTION_TEXT, offsetof(struct summary_arguments, by),
     "rows by these; default: user,app; any of "
     "day,hour,\nworkhours,user,department,left,client,app,"
     "category,\nvendor,managed,status,tenant,host,country,source,\nuse"},
    {'\0', "sort", "[-]COLUMN", OPTION_TEXT, offsetof(struct summary_arguments, sort),
     "order by a column, empty values last; `-`: the\nlargest first"},
    {'\0', "top", "N", OPTION_TEXT, offsetof(struct summary_arguments, top),
     "print the first N rows only"},
    {0}};

const struct option_row summary_unknown_rows[] = {
    {'\0', "unknown", NULL, OPTION_FLAG, offsetof(struct summary_arguments, unknown),
     "registrable domains that no signature knows, instead\nof apps; below"},
    {0}};

bool summary_plan(const struct summary_arguments *a, struct plan *plan, struct error *err)
{
    const char *by = a->unknown ? DEFAULT_BY_UNKNOWN : DEFAULT_BY;

    plan->unknown = a->unknown;
    if (!plan_set_by(plan, a->by == NULL ? by : a->by, err))
        return false;
    if (a->sort != NULL && !plan_set_sort(plan, a->sort, err))
        return false;
    if (a->top != NULL &&
        (!num_parse(slice_of_string(a->top), UINT32_MAX, &plan->top) || plan->top == 0))
        return error_set(err, ERROR_USAGE, "--top: '%s': expected a number from 1", a->top);
    return true;
}
