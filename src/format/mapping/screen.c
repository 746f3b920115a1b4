/* screen.c: a table of texts in which a new one takes the place of the old. */
#include "format/mapping/screen.h"

#include <stdlib.h>

struct screen *screen_create(enum field field, const struct screen_judges *judges,
                             struct error *err)
{
    struct screen *s = calloc(1, sizeof *s);
    struct screen_entry *entries = calloc((size_t)1 << SCREEN_BITS, sizeof *entries);

    if (s == NULL || entries == NULL) {
        free(s);
        free(entries);
        error_set_memory(err);
        return NULL;
    }
    s->field = field;
    s->judges = *judges;
    s->entries = entries;
    return s;
}

uint32_t screen_add_reader(struct screen *s)
{
    return ++s->readers;
}

enum screen_verdict screen_learn(struct screen *s, uint32_t reader, struct slice raw,
                                 struct slice text)
{
    struct screen_entry *entry = screen_entry_of(s, raw);
    enum screen_verdict verdict = SCREEN_ABSENT;

    if (text.len > 0)
        verdict = s->judges.matters(s->judges.judge, text) ? SCREEN_MATTERS : SCREEN_IDLE;
    if (raw.len > SCREEN_TEXT_BYTES)
        return verdict;
    entry->reader = reader;
    entry->len = (uint16_t)raw.len;
    entry->verdict = (uint8_t)verdict;
    memcpy(entry->text, raw.ptr, raw.len);
    return verdict;
}

void screen_learn_head(struct screen *s, uint32_t reader, struct slice raw)
{
    struct screen_head *head = screen_head_of(s, raw);

    if (raw.len < SCREEN_HEAD_BYTES || s->judges.head_is_idle == NULL ||
        !s->judges.head_is_idle(s->judges.judge, slice_of(raw.ptr, SCREEN_HEAD_BYTES)))
        return;
    head->reader = reader;
    memcpy(head->text, raw.ptr, SCREEN_HEAD_BYTES);
}

void screen_free(struct screen *s)
{
    if (s == NULL)
        return;
    free(s->entries);
    free(s);
}
