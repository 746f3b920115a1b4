/* join.c: a queue of open records with an index by key. */
#include "format/join.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum {
    OPEN_LIMIT = 65536,
    CHUNK_RECORDS = 1024, /* records whose text is freed together */
    CHUNKS = OPEN_LIMIT / CHUNK_RECORDS +
             2, /* a chunk is used again only when all its records were handed out */
    INDEX_SLOTS = 2 * OPEN_LIMIT,
    WALK_LIMIT = 4096 /* records of one key looked at for one line */
};

#define NO_RECORD UINT64_MAX

struct open_record {
    struct record record;
    XXH128_hash_t key;
    uint64_t older; /* the record before it in the same slot of the index */
    uint32_t seen;  /* bits of the shapes that were added */
};

struct chunk {
    struct open_record *records; /* CHUNK_RECORDS of them, made at first use */
    struct arena texts;
};

struct join {
    const struct format *format;
    struct chunk chunks[CHUNKS];
    uint64_t next;     /* number of the next record */
    uint64_t released; /* records below were handed out */
    uint64_t ended;    /* records below take no additions */
    uint64_t *index;   /* newest record of a slot */
};

struct join *join_create(const struct format *f, struct error *err)
{
    struct join *j = calloc(1, sizeof *j);

    if (j == NULL) {
        error_set_memory(err);
        return NULL;
    }
    j->format = f;
    j->index = malloc(INDEX_SLOTS * sizeof *j->index);
    if (j->index == NULL) {
        free(j);
        error_set_memory(err);
        return NULL;
    }
    memset(j->index, 0xff, INDEX_SLOTS * sizeof *j->index); /* NO_RECORD */
    return j;
}

static struct chunk *chunk_of(struct join *j, uint64_t number)
{
    return &j->chunks[number / CHUNK_RECORDS % CHUNKS];
}

static struct open_record *record_at(struct join *j, uint64_t number)
{
    return &chunk_of(j, number)->records[number % CHUNK_RECORDS];
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* One column of a key, piece by piece, and how long it is. */
static XXH128_hash_t hash_column(struct slice column, XXH64_hash_t seed)
{
    XXH128_hash_t hash = {seed, 0};
    char text[512];

    text[0] = '\0'; /* an empty column is hashed too */
    for (;;) {
        size_t n = column.len < sizeof text ? column.len : sizeof text;

        for (size_t i = 0; i < n; i++)
            text[i] = lower(column.ptr[i]);
        hash = XXH3_128bits_withSeed(text, n, hash.low64 + column.len);
        if (n == column.len)
            return hash;
        column = slice_from(column, n);
    }
}

/* The key's columns, each by itself, so that ("ab", "c") is not ("a", "bc"). ASCII case does not
 * count: resolvers log a name in one line as asked and in the next as found. */
static XXH128_hash_t key_of(const struct format *f, const struct slice *slots)
{
    XXH128_hash_t hash = {0, 0};

    for (size_t i = 0; i < f->join_count; i++)
        hash = hash_column(slots[f->join[i]], hash.low64);
    return hash;
}

/* Copy the text of the fields in ${which}, so that it outlives its line. */
static bool keep_texts(struct record *r, uint32_t which, struct arena *texts)
{
    for (unsigned f = 0; f < FIELD_COUNT; f++) {
        const struct field_info *info = field_info((enum field)f);
        struct slice *text = (struct slice *)(void *)((char *)r + info->offset);

        if ((which & FIELD_BIT(f)) == 0 || info->type != TYPE_TEXT)
            continue;
        *text = arena_copy(texts, *text);
        if (text->ptr == NULL)
            return false;
    }
    return true;
}

bool join_add(struct join *j, const struct record *record, size_t shape, const struct slice *slots,
              struct error *err)
{
    struct chunk *chunk = chunk_of(j, j->next);
    struct open_record *open;
    uint64_t *slot;

    if (j->next % CHUNK_RECORDS == 0)
        arena_reset(&chunk->texts);
    if (chunk->records == NULL)
        chunk->records = calloc(CHUNK_RECORDS, sizeof *chunk->records);
    if (chunk->records == NULL)
        return error_set_memory(err);
    open = record_at(j, j->next);
    open->record = *record;
    open->key = key_of(j->format, slots);
    open->seen = UINT32_C(1) << shape;
    if (!keep_texts(&open->record, record->has, &chunk->texts))
        return error_set_memory(err);
    slot = &j->index[open->key.low64 % INDEX_SLOTS];
    open->older = *slot;
    *slot = j->next++;
    return true;
}

/* The record that an addition of ${shape} belongs to, or NO_RECORD: for a note the newest of its
 * key, for a reply the oldest that had none; replies come in order, so behind one that had its
 * reply all others had theirs. */
static uint64_t find_open(struct join *j, XXH128_hash_t key, size_t shape)
{
    bool note = j->format->shapes[shape].role == SHAPE_NOTE;
    uint64_t number = j->index[key.low64 % INDEX_SLOTS], found = NO_RECORD;

    for (int walked = 0;
         number != NO_RECORD && number >= j->released && number >= j->ended && walked < WALK_LIMIT;
         walked++) {
        const struct open_record *open = record_at(j, number);

        if (XXH128_isEqual(open->key, key)) {
            if (note)
                return number;
            if ((open->seen >> shape & 1) != 0)
                break;
            found = number;
        }
        number = open->older;
    }
    return found;
}

bool join_amend(struct join *j, const struct record *addition, size_t shape,
                const struct slice *slots, bool *amended, struct error *err)
{
    uint64_t number = find_open(j, key_of(j->format, slots), shape);
    struct open_record *open;
    struct record merged;
    uint32_t fresh;

    *amended = number != NO_RECORD;
    if (!*amended)
        return true;
    open = record_at(j, number);
    open->seen |= UINT32_C(1) << shape;
    fresh = addition->has & ~open->record.has;
    merged = *addition;
    if (!keep_texts(&merged, fresh, &chunk_of(j, number)->texts))
        return error_set_memory(err);
    for (unsigned f = 0; f < FIELD_COUNT; f++) {
        const struct field_info *info = field_info((enum field)f);
        size_t size = info->type == TYPE_TEXT                                ? sizeof(struct slice)
                      : info->type == TYPE_KIND || info->type == TYPE_ACTION ? sizeof(int)
                                                                             : sizeof(int64_t);

        if ((fresh & FIELD_BIT(f)) != 0)
            memcpy((char *)&open->record + info->offset, (const char *)&merged + info->offset,
                   size);
    }
    open->record.has |= fresh;
    if (record_has(addition, FIELD_ACTION) && addition->action == ACTION_BLOCKED)
        open->record.action = ACTION_BLOCKED;
    return true;
}

void join_end(struct join *j)
{
    j->ended = j->next;
}

size_t join_release(struct join *j, bool all, struct record *out, size_t limit)
{
    uint64_t until = all ? j->next : j->next > OPEN_LIMIT ? j->next - OPEN_LIMIT : 0;
    size_t n = 0;

    while (j->released < until && n < limit)
        out[n++] = record_at(j, j->released++)->record;
    return n;
}

void join_free(struct join *j)
{
    if (j == NULL)
        return;
    for (size_t i = 0; i < CHUNKS; i++) {
        free(j->chunks[i].records);
        arena_free(&j->chunks[i].texts);
    }
    free(j->index);
    free(j);
}
