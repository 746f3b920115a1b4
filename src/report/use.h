/* use.h: how strong the evidence is that somebody used an app. */
#ifndef REPORT_USE_H
#define REPORT_USE_H

#include "report/plan.h"
#include "usage/documents.h"
#include "usage/usage.h"

/* The use of a documented cell; ${days} has the days with a proxy log. */
enum use use_of(const struct document *document, const struct usage *days);

#endif
