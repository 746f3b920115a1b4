/* join.c: a queue of open records with an index by each key. */
#include "format/join.h"

#include "base/arena.h"
#include "format/map.h"

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

/* FIELD_BITs of those that are text. */
#define TEXT_BIT_TEXT(id) | FIELD_BIT(FIELD_##id)
#define TEXT_BIT_TIME(id)
#define TEXT_BIT_NUMBER(id)
#define TEXT_BIT_KIND(id)
#define TEXT_BIT_ACTION(id)
#define TEXT_BIT_DURATION(id)
static const uint32_t TEXT_FIELDS = 0
#define FIELD(id, member, key, type, help) TEXT_BIT_##type(id)
#include "record/fields.def"
#undef FIELD
    ;

#define NO_RECORD UINT64_MAX

/* Where a record stands in the index of one key. */
struct entry {
    struct slice columns; /* of the key, each behind its length; until the record is in the index */
    XXH128_hash_t key;    /* from then on */
    uint64_t older;       /* the record before it in the same slot of the index */
    bool known;           /* it has that key */
};

struct open_record {
    struct record record;
    struct entry entries[KEY_LIMIT];
    uint32_t seen; /* bits of the shapes that were added */
    bool closed;   /* nothing is added any more */
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

/* At the first record: most formats are only tried on an archive's first lines. */
static bool make_index(struct join *j, struct error *err)
{
    size_t bytes = j->format->join_count * INDEX_SLOTS * sizeof *j->index;

    j->index = malloc(bytes);
    if (j->index == NULL)
        return error_set_memory(err);
    memset(j->index, 0xff, bytes); /* NO_RECORD */
    return true;
}

/* The first and the last ${size} bytes, which may overlap. */
static inline void put_ends(struct slice text, size_t size, char *to)
{
    memcpy(to, text.ptr, size);
    memcpy(to + text.len - size, text.ptr + text.len - size, size);
}

/* Texts are short: most need no call. Returns: behind the copy. */
static inline char *put_text(struct slice text, char *to)
{
    if (text.len > 32)
        memcpy(to, text.ptr, text.len);
    else if (text.len >= 16)
        put_ends(text, 16, to);
    else if (text.len >= 8)
        put_ends(text, 8, to);
    else if (text.len >= 4)
        put_ends(text, 4, to);
    else
        for (size_t i = 0; i < text.len; i++)
            to[i] = text.ptr[i];
    return to + text.len;
}

/* The first text field of ${which}. */
static inline struct slice *first_text(struct record *r, uint32_t which)
{
    size_t offset = field_info((enum field)__builtin_ctz(which))->offset;

    return (struct slice *)(void *)((char *)r + offset);
}

static size_t texts_size(struct record *r, uint32_t which)
{
    size_t size = 0;

    for (which &= TEXT_FIELDS; which != 0; which &= which - 1)
        size += first_text(r, which)->len;
    return size;
}

/* Copy them to ${p}, where the record has them from now on. Returns: behind them. */
static char *put_texts(struct record *r, uint32_t which, char *p)
{
    for (which &= TEXT_FIELDS; which != 0; which &= which - 1) {
        struct slice *text = first_text(r, which);
        char *end = put_text(*text, p);

        text->ptr = p;
        p = end;
    }
    return p;
}

bool join_keep_texts(struct record *r, uint32_t which, struct arena *texts)
{
    char *p = arena_text(texts, texts_size(r, which));

    if (p != NULL)
        put_texts(r, which, p);
    return p != NULL;
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

/* A line with its shape, as it is looked up. */
struct looking {
    const struct record *record;
    const struct slice *slots;
    size_t shape;
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
        size += sizeof size + column_of(l, how->slots[i]).len;
    return size;
}

/* Returns: behind them. */
static char *put_columns(const struct join *j, size_t k, const struct looking *l, char *p)
{
    const struct join_key *how = &j->format->joins[k];

    for (size_t i = 0; i < how->count; i++) {
        struct slice column = column_of(l, how->slots[i]);

        memcpy(p, &column.len, sizeof column.len);
        p = put_text(column, p + sizeof column.len);
    }
    return p;
}

static XXH128_hash_t key_of_columns(struct slice columns)
{
    struct key_text text;
    struct slice column;

    start_key(&text);
    while (columns.len > 0) {
        memcpy(&column.len, columns.ptr, sizeof column.len);
        column.ptr = columns.ptr + sizeof column.len;
        add_column(&text, column);
        columns = slice_from(columns, sizeof column.len + column.len);
    }
    return end_key(&text);
}

/* Make the record known under key number ${k}. */
static void enter(struct join *j, uint64_t number, size_t k, XXH128_hash_t key)
{
    struct entry *entry = &record_at(j, number)->entries[k];

    entry->key = key;
    entry->known = true;
    entry->older = *index_slot(j, k, key);
    *index_slot(j, k, key) = number;
}

/* Have all open records in the index. Many logs never need it: it is brought up to date when a line
 * is to be added. */
static void catch_up(struct join *j)
{
    if (j->entered < j->released)
        j->entered = j->released;
    for (; j->entered < j->next; j->entered++)
        for (size_t k = 0; k < j->format->join_count; k++) {
            const struct entry *entry = &record_at(j, j->entered)->entries[k];

            if (entry->columns.ptr != NULL)
                enter(j, j->entered, k, key_of_columns(entry->columns));
        }
}

/* The keys that the line gives and its record, which is in the index, does not have yet. */
static void enter_more(struct join *j, uint64_t number, const struct looking *l)
{
    XXH128_hash_t key;

    for (size_t k = 0; k < j->format->join_count; k++)
        if (!record_at(j, number)->entries[k].known && key_of(j, k, l, &key))
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
        const struct open_record *open = record_at(j, number);

        if (XXH128_isEqual(open->entries[k].key, key) && fits(open, role, shape, &go_on))
            found = number;
        number = open->entries[k].older;
    }
    return found;
}

/* What was open under the first key of the line ends: its descriptor is used again. */
static void close_older(struct join *j, const struct looking *l)
{
    XXH128_hash_t key;
    uint64_t number;

    if (!key_of(j, 0, l, &key))
        return;
    catch_up(j);
    number = *index_slot(j, 0, key);
    for (int walked = 0; number != NO_RECORD && number >= j->released && walked < WALK_LIMIT;
         walked++) {
        struct open_record *open = record_at(j, number);

        if (XXH128_isEqual(open->entries[0].key, key)) {
            open->closed = true;
            return;
        }
        number = open->entries[0].older;
    }
}

/* Copy the texts of the record and the columns of its keys, all at once. Returns: false where
 * memory is out. */
static bool keep_record(const struct join *j, struct open_record *open, const struct looking *l,
                        struct arena *texts)
{
    size_t size = texts_size(&open->record, open->record.has);
    char *p;

    for (size_t k = 0; k < j->format->join_count; k++) {
        struct entry *entry = &open->entries[k];

        entry->known = false;
        entry->columns = slice_of(NULL, has_key(j, k, l) ? columns_size(j, k, l) : 0);
        size += entry->columns.len;
    }
    p = arena_text(texts, size);
    if (p == NULL)
        return false;
    p = put_texts(&open->record, open->record.has, p);
    for (size_t k = 0; k < j->format->join_count; k++)
        if (has_key(j, k, l)) {
            open->entries[k].columns.ptr = p;
            p = put_columns(j, k, l, p);
        }
    return true;
}

bool join_add(struct join *j, const struct record *record, size_t shape, const struct slice *slots,
              struct error *err)
{
    const struct looking l = {record, slots, shape};
    struct chunk *chunk = chunk_of(j, j->next);
    struct open_record *open;

    if (j->index == NULL && !make_index(j, err))
        return false;
    if (j->next % CHUNK_RECORDS == 0)
        arena_reset(&chunk->texts);
    if (chunk->records == NULL)
        chunk->records = calloc(CHUNK_RECORDS, sizeof *chunk->records);
    if (chunk->records == NULL)
        return error_set_memory(err);
    if (j->format->shapes[shape].role == SHAPE_OPEN)
        close_older(j, &l);
    open = record_at(j, j->next);
    open->record = *record;
    open->seen = UINT32_C(1) << shape;
    open->closed = false;
    if (!keep_record(j, open, &l, &chunk->texts))
        return error_set_memory(err);
    j->next++;
    return true;
}

static bool merge(struct join *j, uint64_t number, const struct record *addition, struct error *err)
{
    struct open_record *open = record_at(j, number);
    uint32_t fresh = record_add(&open->record, addition);

    return join_keep_texts(&open->record, fresh, &chunk_of(j, number)->texts) ||
           error_set_memory(err);
}

void join_end(struct join *j)
{
    j->ended = j->next;
}

bool join_amend(struct join *j, const struct record *addition, size_t shape,
                const struct slice *slots, bool *amended, struct error *err)
{
    const struct looking l = {addition, slots, shape};
    uint64_t number = NO_RECORD;
    XXH128_hash_t key;
    size_t k = 0;

    catch_up(j);
    while (k < j->format->join_count && !key_of(j, k, &l, &key))
        k++;
    if (j->index != NULL && k < j->format->join_count)
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
        const struct record *record = &record_at(j, j->released++)->record;

        if (map_names_place(record))
            out[n++] = *record;
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
        arena_free(&j->chunks[i].texts);
    }
    free(j->index);
    free(j);
}
