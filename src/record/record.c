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

static void add_field(struct record *r, const struct record *addition, enum field field)
{
    const struct field_info *info = field_info(field);
    void *into = (char *)r + info->offset;
    const void *from = (const char *)addition + info->offset;

    switch (info->type) {
    case TYPE_TEXT: *(struct slice *)into = *(const struct slice *)from; break;
    case TYPE_KIND: *(enum record_kind *)into = *(const enum record_kind *)from; break;
    case TYPE_ACTION: *(enum record_action *)into = *(const enum record_action *)from; break;
    case TYPE_TIME:
    case TYPE_DURATION: *(int64_t *)into = *(const int64_t *)from; break;
    case TYPE_NUMBER: *(uint64_t *)into = *(const uint64_t *)from; break;
    }
}

uint32_t record_add(struct record *r, const struct record *addition)
{
    uint32_t fresh = addition->has & ~r->has;

    for (uint32_t which = fresh; which != 0; which &= which - 1)
        add_field(r, addition, (enum field)__builtin_ctz(which));
    r->has |= fresh;
    if (record_has(addition, FIELD_ACTION) && addition->action == ACTION_BLOCKED)
        r->action = ACTION_BLOCKED;
    return fresh;
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
