/* query_sql.h: people's SQL on the store, printed like everything else. */
#ifndef KAGE_QUERY_SQL_H
#define KAGE_QUERY_SQL_H

#include "base/error.h"
#include "report/writer/writer.h"
#include "store/store.h"

#include <stdbool.h>

struct output;
struct pseudonyms;

/* What is asked and how it is printed. Borrowed for the call. */
struct query_sql {
    struct store *store;
    const char *text;
    enum writer_form form;
    struct look look;
    const struct pseudonyms *pseudonyms; /* for the columns archive and source; NULL: none */
};

/* Print the rows; the output is not committed. Errors: as ask_create, ask_next; ERROR_IO,
 * ERROR_MEMORY. */
bool query_sql_print(const struct query_sql *q, struct output *out, struct error *err);

#endif
