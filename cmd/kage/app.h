/* app.h: all that the catalogue says of one app. */
#ifndef KAGE_APP_H
#define KAGE_APP_H

#include "base/buf.h"
#include "signature/signature.h"

#include <stdint.h>

/* Lines of label and text, for people; what is empty is left out. */
void app_append_text(struct buf *out, const struct signature_set *signatures, uint32_t app);

/* A JSON object on one line: the columns of apps.csv, null where empty, and `domains`, each with
 * its role. */
void app_append_json(struct buf *out, const struct signature_set *signatures, uint32_t app);

#endif
