/* packed.c: what every record has, then its numbers and times, then its texts, each behind its
 * length. */
#include "format/packed.h"

#include <stdint.h>

/* What every record has. */
struct head {
    uint64_t line;
    uint32_t has;
    uint8_t kind, action;
};
enum { HEAD_BYTES = offsetof(struct head, action) + 1 };

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

size_t packed_size(const struct record *r)
{
    size_t size = HEAD_BYTES;

    for (uint32_t which = r->has & WORD_FIELDS; which != 0; which &= which - 1)
        size += sizeof(uint64_t);
    for (uint32_t which = r->has & TEXT_FIELDS; which != 0; which &= which - 1)
        size += sizeof(uint32_t) + text_of(r, which).len;
    return size;
}

char *packed_put(const struct record *r, char *to)
{
    const struct head head = {r->line, r->has, (uint8_t)r->kind, (uint8_t)r->action};

    memcpy(to, &head, HEAD_BYTES);
    to += HEAD_BYTES;
    for (uint32_t which = r->has & WORD_FIELDS; which != 0; which &= which - 1) {
        memcpy(to, (const char *)r + first_offset(which), sizeof(uint64_t));
        to += sizeof(uint64_t);
    }
    for (uint32_t which = r->has & TEXT_FIELDS; which != 0; which &= which - 1) {
        const struct slice text = text_of(r, which);
        const uint32_t len = (uint32_t)text.len; /* a line is shorter than 4 GiB */

        memcpy(to, &len, sizeof len);
        to = packed_put_text(text, to + sizeof len);
    }
    return to;
}

void packed_get(const char *from, struct record *out)
{
    struct head head;

    memcpy(&head, from, HEAD_BYTES);
    from += HEAD_BYTES;
    out->line = head.line;
    out->has = head.has;
    out->kind = (enum record_kind)head.kind;
    out->action = (enum record_action)head.action;
    for (uint32_t which = head.has & WORD_FIELDS; which != 0; which &= which - 1) {
        memcpy((char *)out + first_offset(which), from, sizeof(uint64_t));
        from += sizeof(uint64_t);
    }
    for (uint32_t which = head.has & TEXT_FIELDS; which != 0; which &= which - 1) {
        uint32_t len;

        memcpy(&len, from, sizeof len);
        from += sizeof len;
        *packed_first_text(out, which) = slice_of(from, len);
        from += len;
    }
}
