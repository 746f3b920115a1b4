/* display.h: text of logs made safe to show, and its width on a terminal. */
#ifndef REPORT_DISPLAY_H
#define REPORT_DISPLAY_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * display_append(out, text):
 * Append ${text} so that it cannot steer a terminal or mislead its reader: control bytes and bytes
 * that are no UTF-8 become \xNN, invisible and direction-changing characters (Unicode Cf, Zl, Zp)
 * \u{NNNN}. Everything else stands as it is, a backslash too. The result is valid UTF-8.
 */
void display_append(struct buf *out, struct slice text);

/* Columns that ${text}, as display_append left it, takes on a terminal; East Asian wide characters
 * take two. */
size_t display_width(struct slice text);

/* The longest front of ${text}, as display_append left it, that takes no more than so many columns.
 */
struct slice display_front(struct slice text, size_t columns);

/* What stands in front of a line of an account, in a column of its own. */
void display_append_label(struct buf *out, const char *label);

/* Before each item of such a line of which there may be none: the label before the first, where
 * ${*any} becomes true, ${separator} before the others. */
void display_append_next(struct buf *out, const char *label, const char *separator, bool *any);

/* ${number} with its digits in groups of three: 1,234,567. */
void display_append_number(struct buf *out, uint64_t number);

/* The same; `+` behind a ${partial} sum: only some have added to it, it may be more. */
void display_append_sum(struct buf *out, uint64_t number, bool partial);

/* ${bytes} with a unit, for messages: 512 B, 1.5 KiB, 141.2 MiB. */
void display_append_bytes(struct buf *out, uint64_t bytes);

#endif
