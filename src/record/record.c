/* record.c: the table of fields. */
#include "record/record.h"

#include <stddef.h>

const struct field_info *field_info(enum field field)
{
    static const struct field_info infos[] = {
#define FIELD(id, member, key, type, help)                                                         \
    [FIELD_##id] = {key, TYPE_##type, offsetof(struct record, member), help},
#include "record/fields.def"
#undef FIELD
    };

    return &infos[field];
}

enum field field_find(struct slice key)
{
    for (unsigned f = 0; f < FIELD_COUNT; f++)
        if (slice_is(key, field_info((enum field)f)->key))
            return (enum field)f;
    return FIELD_COUNT;
}

const char *record_kind_name(enum record_kind kind)
{
    static const char *const names[] = {
        [RECORD_PROXY] = "proxy", [RECORD_DNS] = "dns", [RECORD_IDENTITY] = "identity"};

    return names[kind];
}

const char *record_action_name(enum record_action action)
{
    static const char *const names[] = {
        [ACTION_NONE] = "", [ACTION_ALLOWED] = "allowed", [ACTION_BLOCKED] = "blocked"};

    return names[action];
}
