/* packed.c: what every record has, then its numbers and times, then its texts, each behind its
 * length. */
#include "format/packed.h"

#include <stdint.h>

/* What every record has: the number of its line, what it has, kind and action, a byte each. */
enum { HEAD_BYTES = sizeof(uint64_t) + sizeof(uint32_t) + 2 };

/* FIELD_BITs by how a field is packed. */
#define TEXT_BIT_TEXT(id) | FIELD_BIT(FIELD_##id)
#define TEXT_BIT_TIME(id)
#define TEXT_BIT_NUMBER(id)
#define TEXT_BIT_KIND(id)
#define TEXT_BIT_ACTION(id)
#define TEXT_BIT_DURATION(id)
#define WORD_BIT_TEXT(id)
#define WORD_BIT_TIME(id)   | FIELD_BIT(FIELD_##id)
#define WORD_BIT_NUMBER(id) | FIELD_BIT(FIELD_##id)
#define WORD_BIT_KIND(id)
#define WORD_BIT_ACTION(id)
#define WORD_BIT_DURATION(id)              | FIELD_BIT(FIELD_##id)
#define FIELD(id, member, key, type, help) TEXT_BIT_##type(id)
static const uint32_t TEXT_FIELDS = 0
#include "record/fields.def"
    ;
#undef FIELD
#define FIELD(id, member, key, type, help) WORD_BIT_##type(id)
static const uint32_t WORD_FIELDS = 0
#include "record/fields.def"
    ;
#undef FIELD
enum { MOST_BYTES = HEAD_BYTES + FIELD_COUNT * sizeof(uint64_t) }; /* before the texts */

uint32_t packed_texts(uint32_t which)
{
    return which & TEXT_FIELDS;
}

/* Where fields stand in a record. */
static const uint16_t offsets[] = {
#define FIELD(id, member, key, type, help) [FIELD_##id] = offsetof(struct record, member),
#include "record/fields.def"
#undef FIELD
};

/* Where the first field of ${which} does. */
static inline size_t first_offset(uint32_t which)
{
    return offsets[__builtin_ctz(which)];
}

struct slice *packed_first_text(struct record *r, uint32_t which)
{
    return (struct slice *)(void *)((char *)r + first_offset(which));
}

static inline struct slice text_of(const struct record *r, uint32_t which)
{
    return *(const struct slice *)(const void *)((const char *)r + first_offset(which));
}

size_t packed_room(const struct record *r)
{
    size_t size = MOST_BYTES;

    for (uint32_t which = r->has & TEXT_FIELDS; which != 0; which &= which - 1)
        size += sizeof(uint32_t) + text_of(r, which).len;
    return size;
}

/* Returns: behind it. */
static inline char *put_head(const struct record *r, char *to)
{
    memcpy(to, &r->line, sizeof r->line);
    memcpy(to + sizeof r->line, &r->has, sizeof r->has);
    to[HEAD_BYTES - 2] = (char)r->kind;
    to[HEAD_BYTES - 1] = (char)r->action;
    return to + HEAD_BYTES;
}

char *packed_put(const struct record *r, char *to, const char *end)
{
    if (end - to < MOST_BYTES)
        return NULL;
    to = put_head(r, to);
    for (uint32_t which = r->has & WORD_FIELDS; which != 0; which &= which - 1) {
        memcpy(to, (const char *)r + first_offset(which), sizeof(uint64_t));
        to += sizeof(uint64_t);
    }
    for (uint32_t which = r->has & TEXT_FIELDS; which != 0; which &= which - 1) {
        to = packed_put_long(text_of(r, which), to, end);
        if (to == NULL)
            return NULL;
    }
    return to;
}

static inline const char *get_head(const char *from, struct record *out)
{
    memcpy(&out->line, from, sizeof out->line);
    memcpy(&out->has, from + sizeof out->line, sizeof out->has);
    out->kind = (enum record_kind)(unsigned char)from[HEAD_BYTES - 2];
    out->action = (enum record_action)(unsigned char)from[HEAD_BYTES - 1];
    return from + HEAD_BYTES;
}

void packed_get(const char *from, struct record *out)
{
    from = get_head(from, out);
    for (uint32_t which = out->has & WORD_FIELDS; which != 0; which &= which - 1) {
        memcpy((char *)out + first_offset(which), from, sizeof(uint64_t));
        from += sizeof(uint64_t);
    }
    for (uint32_t which = out->has & TEXT_FIELDS; which != 0; which &= which - 1)
        *packed_first_text(out, which) = packed_get_long(&from);
}
