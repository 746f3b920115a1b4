/* record.h: one event of a log, the contract between decoders and everything after. */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum record_kind { RECORD_PROXY, RECORD_DNS, RECORD_IDENTITY };

enum record_action { ACTION_NONE, ACTION_ALLOWED, ACTION_BLOCKED };

enum field {
#define FIELD(id, member, key, type, help) FIELD_##id,
#include "record/fields.def"
#undef FIELD
    FIELD_COUNT
};

enum field_type { TYPE_TIME, TYPE_NUMBER, TYPE_TEXT, TYPE_KIND, TYPE_ACTION, TYPE_DURATION };

#define FIELD_BIT(field) (UINT32_C(1) << (field))

/* What one line says. Text is borrowed until the next batch. A member counts only where its bit
 * stands in `has`. */
struct record {
    uint64_t line; /* of the archive, from 1 */
    uint32_t has;  /* FIELD_BITs */
    enum record_kind kind;
    enum record_action action;
    int64_t ts_us, ts_end_us, elapsed_us;
    uint64_t status, bytes_up, bytes_down;
    struct slice client, user, host, method, qtype, user_agent, dest_ip, url;
    struct slice event, mac, name;
};

struct field_info {
    const char *key;
    enum field_type type;
    size_t offset; /* of the member in struct record */
    const char *help;
};

/* The row of fields.def. */
const struct field_info *field_info(enum field field);

/* The field with that key, or FIELD_COUNT. */
enum field field_find(struct slice key);

static inline bool record_has(const struct record *r, enum field field)
{
    return (r->has & FIELD_BIT(field)) != 0;
}

/* A password prompt: not a use, makes no user. */
static inline bool record_is_challenge(const struct record *r)
{
    return r->kind == RECORD_PROXY && record_has(r, FIELD_STATUS) && r->status == 407;
}

/* Put what ${addition} has and ${r} lacks into ${r}; a refusal wins over an earlier verdict. Text
 * is borrowed from where ${addition} has it. Returns: FIELD_BITs of what was put. */
uint32_t record_add(struct record *r, const struct record *addition);

const char *record_kind_name(enum record_kind kind);
const char *record_action_name(enum record_action action);

#endif
