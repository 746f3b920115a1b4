/* news.h: lines that are no request, told by what the definition says of them. */
#ifndef FORMAT_NEWS_H
#define FORMAT_NEWS_H

#include "base/slice.h"
#include "format/format.h"

#include <stdbool.h>

/* Is the line, with or without a syslog prefix, one of those that the definition of ${f} calls its
 * news: no request, but only this product writes such? */
bool news_is(const struct format *f, struct slice line);

/* A line of syslog that is none of the format is another program's, or other news of this one. */
bool news_is_other(const struct format *f, struct slice line);

#endif
