/* join.c: a queue of open records with an index by each key. */
#include "format/join.h"

#include "base/arena.h"
#include "format/mapping/map.h"
#include "format/packed.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum {
    OPEN_LIMIT = 65536,
    CHUNK_RECORDS = 1024, /* records whose text is freed together */
    CHUNKS = OPEN_LIMIT / CHUNK_RECORDS +
             2, /* a chunk is used again only when all its records were handed out */
    INDEX_SLOTS = 2 * OPEN_LIMIT,
    WALK_LIMIT = 4096,   /* records of one key looked at for one line */
    KEY_TEXT_BYTES = 512 /* of a key that are hashed at once */
};

#define NO_RECORD UINT64_MAX

/* Where a record stands in the index of one key. */
struct entry {
    enum { KEY_NONE, KEY_COLUMNS, KEY_HASHED } state;
    union {
        struct slice columns; /* each behind its length; until the record is in the index */
        XXH128_hash_t key;    /* of them, from then on */
    };
    uint64_t older; /* the record before it in the same slot of the index */
};

struct open_record {
    const char *packed; /* see packed.h */
    uint32_t seen;      /* bits of the shapes that were added */
    bool closed;        /* nothing is added any more */
};

struct chunk {
    struct open_record *records; /* CHUNK_RECORDS of them, made at first use */
    struct entry *entries;       /* one for each key, of each record */
    struct arena texts;
};

struct join {
    const struct format *format;
    struct chunk chunks[CHUNKS];
    uint64_t next;     /* number of the next record */
    uint64_t released; /* records below were handed out */
    uint64_t ended;    /* records below take no additions */
    uint64_t entered;  /* records below are in the index */
    uint64_t *index;   /* newest record of a slot; INDEX_SLOTS for each key; NULL: no record yet */
};

struct join *join_create(const struct format *f, struct error *err)
{
    struct join *j = calloc(1, sizeof *j);

    if (j == NULL) {
        error_set_memory(err);
        return NULL;
    }
    j->format = f;
    return j;
}

static bool make_index(struct join *j, struct error *err)
{
    size_t bytes = j->format->join_count * INDEX_SLOTS * sizeof *j->index;

    j->index = malloc(bytes);
    if (j->index == NULL)
        return error_set_memory(err);
    memset(j->index, 0xff, bytes); /* NO_RECORD */
    return true;
}

bool join_keep_texts(struct record *r, uint32_t which, struct arena *texts)
{
    size_t size = 0;
    char *p;

    for (uint32_t left = packed_texts(which); left != 0; left &= left - 1)
        size += packed_first_text(r, left)->len;
    p = arena_text(texts, size);
    if (p == NULL)
        return false;
    for (uint32_t left = packed_texts(which); left != 0; left &= left - 1) {
        struct slice *text = packed_first_text(r, left);
        char *end = packed_put_text(*text, p);

        text->ptr = p;
        p = end;
    }
    return true;
}

static struct chunk *chunk_of(struct join *j, uint64_t number)
{
    return &j->chunks[number / CHUNK_RECORDS % CHUNKS];
}

static struct open_record *record_at(struct join *j, uint64_t number)
{
    return &chunk_of(j, number)->records[number % CHUNK_RECORDS];
}

static struct entry *entry_at(struct join *j, uint64_t number, size_t k)
{
    return &chunk_of(j, number)->entries[number % CHUNK_RECORDS * j->format->join_count + k];
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* A line as its keys are made of it. */
struct looking {
    const struct record *record;
    const struct slice *slots;
};

static struct slice column_of(const struct looking *l, int slot)
{
    const struct slice none = {"", 0};

    if (slot != JOIN_HOST)
        return l->slots[slot];
    return record_has(l->record, FIELD_HOST) ? l->record->host : none;
}

/* The columns of a key, each behind its length, in one piece or several. */
struct key_text {
    char text[KEY_TEXT_BYTES];
    size_t len;
    XXH128_hash_t before; /* of the pieces that are done */
};

static void start_key(struct key_text *t)
{
    t->len = 0;
    t->before = (XXH128_hash_t){0, 0};
}

static void end_piece(struct key_text *t)
{
    t->before = XXH3_128bits_withSeed(t->text, t->len, t->before.low64);
    t->len = 0;
}

static void add_column(struct key_text *t, struct slice column)
{
    if (t->len + sizeof column.len > sizeof t->text)
        end_piece(t);
    memcpy(t->text + t->len, &column.len, sizeof column.len);
    t->len += sizeof column.len;
    for (size_t i = 0; i < column.len; i++) {
        if (t->len == sizeof t->text)
            end_piece(t);
        t->text[t->len++] = lower(column.ptr[i]);
    }
}

static XXH128_hash_t end_key(struct key_text *t)
{
    end_piece(t);
    return t->before;
}

static bool has_key(const struct join *j, size_t k, const struct looking *l)
{
    const struct join_key *how = &j->format->joins[k];

    return j->format->join_count == 1 || column_of(l, how->slots[how->count - 1]).len > 0;
}

/*
 * The columns of key number ${k}, each by itself, so that ("ab", "c") is not ("a", "bc"). ASCII
 * case does not count: resolvers log a name in one line as asked and in the next as found. Returns:
 * false where the line has no such key.
 */
static bool key_of(const struct join *j, size_t k, const struct looking *l, XXH128_hash_t *key)
{
    const struct join_key *how = &j->format->joins[k];
    struct key_text text;

    if (!has_key(j, k, l))
        return false;
    start_key(&text);
    for (size_t i = 0; i < how->count; i++)
        add_column(&text, column_of(l, how->slots[i]));
    *key = end_key(&text);
    return true;
}

static uint64_t *index_slot(struct join *j, size_t k, XXH128_hash_t key)
{
    return &j->index[k * INDEX_SLOTS + key.low64 % INDEX_SLOTS];
}

/* Room for the columns of key number ${k}, each behind its length, to be hashed once they are
 * needed. */
static size_t columns_size(const struct join *j, size_t k, const struct looking *l)
{
    const struct join_key *how = &j->format->joins[k];
    size_t size = 0;

    for (size_t i = 0; i < how->count; i++)
        size += sizeof(uint32_t) + column_of(l, how->slots[i]).len;
    return size;
}

/* Returns: behind them. */
static char *put_columns(const struct join *j, size_t k, const struct looking *l, char *p)
{
    const struct join_key *how = &j->format->joins[k];

    for (size_t i = 0; i < how->count; i++) {
        struct slice column = column_of(l, how->slots[i]);
        const uint32_t len = (uint32_t)column.len; /* a line is shorter than 4 GiB */

        memcpy(p, &len, sizeof len);
        p = packed_put_text(column, p + sizeof len);
    }
    return p;
}

static XXH128_hash_t key_of_columns(struct slice columns)
{
    struct key_text text;
    uint32_t len;

    start_key(&text);
    while (columns.len > 0) {
        memcpy(&len, columns.ptr, sizeof len);
        add_column(&text, slice_of(columns.ptr + sizeof len, len));
        columns = slice_from(columns, sizeof len + len);
    }
    return end_key(&text);
}

/* Make the record known under key number ${k}. */
static void enter(struct join *j, uint64_t number, size_t k, XXH128_hash_t key)
{
    struct entry *entry = entry_at(j, number, k);

    entry->key = key;
    entry->state = KEY_HASHED;
    entry->older = *index_slot(j, k, key);
    *index_slot(j, k, key) = number;
}

/* Have all open records in the index. Many logs never need it: it is made and brought up to date
 * when a line is to be added. */
static bool catch_up(struct join *j, struct error *err)
{
    if (j->index == NULL && !make_index(j, err))
        return false;
    if (j->entered < j->released)
        j->entered = j->released;
    for (; j->entered < j->next; j->entered++)
        for (size_t k = 0; k < j->format->join_count; k++) {
            const struct entry *entry = entry_at(j, j->entered, k);

            if (entry->state == KEY_COLUMNS)
                enter(j, j->entered, k, key_of_columns(entry->columns));
        }
    return true;
}

/* The keys that the line gives and its record, which is in the index, does not have yet. */
static void enter_more(struct join *j, uint64_t number, const struct looking *l)
{
    XXH128_hash_t key;

    for (size_t k = 0; k < j->format->join_count; k++)
        if (entry_at(j, number, k)->state == KEY_NONE && key_of(j, k, l, &key))
            enter(j, number, k, key);
}

/* May an addition of ${shape} go to a record with that key, and may an older one be better? */
static bool fits(const struct open_record *open, enum shape_role role, size_t shape, bool *go_on)
{
    bool had = (open->seen >> shape & 1) != 0;

    /* replies come in order: behind a record that had its reply all others had theirs */
    *go_on = role == SHAPE_REPLY ? !had : role == SHAPE_OUTCOME && had;
    return !open->closed && (role == SHAPE_NOTE || !had);
}

/* The record with key number ${k} that an addition of ${shape} belongs to, or NO_RECORD. */
static uint64_t find_open(struct join *j, size_t k, XXH128_hash_t key, size_t shape)
{
    enum shape_role role = j->format->shapes[shape].role;
    uint64_t number = *index_slot(j, k, key), found = NO_RECORD;
    bool go_on = true;

    for (int walked = 0; go_on && number != NO_RECORD && number >= j->released &&
                         number >= j->ended && walked < WALK_LIMIT;
         walked++) {
        const struct entry *entry = entry_at(j, number, k);

        if (XXH128_isEqual(entry->key, key) && fits(record_at(j, number), role, shape, &go_on))
            found = number;
        number = entry->older;
    }
    return found;
}

/* What was open under the first key of the line ends: its descriptor is used again. */
static bool close_older(struct join *j, const struct looking *l, struct error *err)
{
    XXH128_hash_t key;
    uint64_t number;

    if (!key_of(j, 0, l, &key))
        return true;
    if (!catch_up(j, err))
        return false;
    number = *index_slot(j, 0, key);
    for (int walked = 0; number != NO_RECORD && number >= j->released && walked < WALK_LIMIT;
         walked++) {
        const struct entry *entry = entry_at(j, number, 0);

        if (XXH128_isEqual(entry->key, key)) {
            record_at(j, number)->closed = true;
            return true;
        }
        number = entry->older;
    }
    return true;
}

/* Make room for the next records, as many as a chunk has. */
static bool start_chunk(const struct join *j, struct chunk *chunk)
{
    arena_reset(&chunk->texts);
    if (chunk->records == NULL)
        chunk->records = calloc(CHUNK_RECORDS, sizeof *chunk->records);
    if (chunk->entries == NULL)
        chunk->entries = calloc(CHUNK_RECORDS * j->format->join_count, sizeof *chunk->entries);
    return chunk->records != NULL && chunk->entries != NULL;
}

/* Keep the record and the columns of its keys. Returns: false where memory is out. */
static bool keep_record(struct join *j, const struct looking *l, struct open_record *open)
{
    struct entry *entries = entry_at(j, j->next, 0);
    size_t size = packed_size(l->record);
    char *p;

    for (size_t k = 0; k < j->format->join_count; k++) {
        entries[k].state = has_key(j, k, l) ? KEY_COLUMNS : KEY_NONE;
        entries[k].columns.len = entries[k].state == KEY_NONE ? 0 : columns_size(j, k, l);
        size += entries[k].columns.len;
    }
    p = arena_text(&chunk_of(j, j->next)->texts, size);
    if (p == NULL)
        return false;
    open->packed = p;
    p = packed_put(l->record, p);
    for (size_t k = 0; k < j->format->join_count; k++) {
        entries[k].columns.ptr = p;
        if (entries[k].state == KEY_COLUMNS)
            p = put_columns(j, k, l, p);
    }
    return true;
}

bool join_add(struct join *j, const struct record *record, size_t shape, const struct slice *slots,
              struct error *err)
{
    const struct looking l = {record, slots};
    struct open_record *open;

    if (j->next % CHUNK_RECORDS == 0 && !start_chunk(j, chunk_of(j, j->next)))
        return error_set_memory(err);
    if (j->format->shapes[shape].role == SHAPE_OPEN && !close_older(j, &l, err))
        return false;
    open = record_at(j, j->next);
    open->seen = UINT32_C(1) << shape;
    open->closed = false;
    if (!keep_record(j, &l, open))
        return error_set_memory(err);
    j->next++;
    return true;
}

/* A record that gets nothing new stays where it is: there may be any number of lines for it. */
static bool merge(struct join *j, uint64_t number, const struct record *addition, struct error *err)
{
    struct open_record *open = record_at(j, number);
    struct record record;
    enum record_action action;
    char *p;

    packed_get(open->packed, &record);
    action = record.action;
    if (record_add(&record, addition) == 0 && record.action == action)
        return true;
    p = arena_text(&chunk_of(j, number)->texts, packed_size(&record));
    if (p == NULL)
        return error_set_memory(err);
    open->packed = p;
    packed_put(&record, p);
    return true;
}

void join_end(struct join *j)
{
    j->ended = j->next;
}

bool join_amend(struct join *j, const struct record *addition, size_t shape,
                const struct slice *slots, bool *amended, struct error *err)
{
    const struct looking l = {addition, slots};
    uint64_t number = NO_RECORD;
    XXH128_hash_t key;
    size_t k = 0;

    *amended = false;
    if (j->next == j->released) /* there is none */
        return true;
    if (!catch_up(j, err))
        return false;
    while (k < j->format->join_count && !key_of(j, k, &l, &key))
        k++;
    if (k < j->format->join_count)
        number = find_open(j, k, key, shape);
    *amended = number != NO_RECORD;
    if (!*amended)
        return true;
    record_at(j, number)->seen |= UINT32_C(1) << shape;
    enter_more(j, number, &l);
    return merge(j, number, addition, err);
}

size_t join_release(struct join *j, bool all, struct record *out, size_t limit, uint64_t *dropped)
{
    uint64_t until = all ? j->next : j->next > OPEN_LIMIT ? j->next - OPEN_LIMIT : 0;
    size_t n = 0;

    while (j->released < until && n < limit) {
        packed_get(record_at(j, j->released++)->packed, &out[n]);
        if (map_names_place(&out[n]))
            n++;
        else
            ++*dropped;
    }
    return n;
}

void join_free(struct join *j)
{
    if (j == NULL)
        return;
    for (size_t i = 0; i < CHUNKS; i++) {
        free(j->chunks[i].records);
        free(j->chunks[i].entries);
        arena_free(&j->chunks[i].texts);
    }
    free(j->index);
    free(j);
}
