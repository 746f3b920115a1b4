/* press.h: rows printed by several threads at once, which come out in order all the same. */
#ifndef REPORT_PRESS_H
#define REPORT_PRESS_H

#include "base/error.h"
#include "report/report.h"
#include "report/writer/writer.h"

#include <stdbool.h>

/* Are the rows many, and of a form that lets threads share them? */
bool press_is_worth_it(const struct report *report);

/*
 * press_print(report, task, err):
 * Print the rows of ${report}, which have been started, to the output of ${task}; what stands
 * before and behind them is the caller's.
 * Errors:  ERROR_IO, ERROR_MEMORY.
 */
bool press_print(const struct report *report, const struct writer_task *task, struct error *err);

#endif
