/* use.h: how strong the evidence is that somebody used an app. */
#ifndef USAGE_USE_H
#define USAGE_USE_H

#include "usage/documents.h"

#include <stdbool.h>

/* The evidence of use, the strongest first; the rule of each is in INTERFACE.md. The store keeps
 * their numbers. */
enum use { USE_USED, USE_LIKELY, USE_BACKGROUND, USE_DENIED, USE_RESOLVED, USE_EMBEDDED, USES };

/* The use of a documented cell; ${proxy_day}: was a proxy log read of its day? */
enum use use_of(const struct document *document, bool proxy_day);

#endif
