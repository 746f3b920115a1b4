/* join.c: a ring of open records with an index by each key. */
#include "format/join.h"

#include "base/pages.h"
#include "format/mapping/map.h"
#include "format/packed.h"
#include "format/slabs.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum {
    OPEN_LIMIT = 65536,
    PLACES = OPEN_LIMIT + 1024, /* of records, those that were just handed out among them */
    INDEX_SLOTS = 2 * OPEN_LIMIT,
    WALK_LIMIT = 4096,    /* records of one key looked at for one line */
    KEY_TEXT_BYTES = 512, /* of a key that are hashed at once */
    RECORD_BYTES = 1024   /* most records and their keys are shorter */
};

#define NO_RECORD UINT64_MAX

/* Where a record stands in the index of one key. */
struct entry {
    enum { KEY_NONE, KEY_COLUMNS, KEY_HASHED } state;
    union {
        const char *columns; /* see put_column; until the record is in the index */
        XXH128_hash_t key;   /* of them, from then on */
    };
    uint64_t older; /* the record before it in the same slot of the index */
};

struct open_record {
    const char *packed; /* see packed.h */
    uint32_t seen;      /* bits of the shapes that were added */
    bool closed;        /* nothing is added any more */
};

/* A column of a key, and the field that it mostly is, too. */
struct key_column {
    int slot;
    uint32_t twin;   /* its FIELD_BIT; 0: none */
    uint16_t offset; /* of its text */
    uint8_t number;
    bool looked; /* for one */
};

struct join {
    const struct format *format;
    struct entry *entries;       /* of each place, one for each key; made for the first record */
    struct open_record *records; /* behind them: of each place */
    struct slabs texts;
    struct key_column columns[KEY_LIMIT][JOIN_LIMIT];
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
    for (size_t k = 0; k < f->join_count; k++)
        for (size_t i = 0; i < f->joins[k].count; i++)
            j->columns[k][i].slot = f->joins[k].slots[i];
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

static struct open_record *record_at(struct join *j, uint64_t number)
{
    return &j->records[number % PLACES];
}

static struct entry *entry_at(struct join *j, uint64_t number, size_t k)
{
    return &j->entries[number % PLACES * j->format->join_count + k];
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

static inline const struct slice *text_at(const struct record *r, size_t offset)
{
    return (const struct slice *)(const void *)((const char *)r + offset);
}

static inline bool is_same(const struct slice *a, struct slice b)
{
    return a->ptr == b.ptr && a->len == b.len;
}

/* Which of the record's texts is the column? */
static __attribute__((noinline)) void find_twin(struct key_column *column, const struct record *r,
                                                struct slice value)
{
    column->looked = value.len > 0;
    for (uint32_t left = packed_texts(r->has); left != 0; left &= left - 1) {
        const enum field field = (enum field)__builtin_ctz(left);

        if (!is_same(text_at(r, field_info(field)->offset), value))
            continue;
        column->twin = FIELD_BIT(field);
        column->offset = (uint16_t)field_info(field)->offset;
        column->number = (uint8_t)field;
    }
}

enum { NO_TWIN = FIELD_COUNT };

/* The columns of key number ${k}, to be hashed once that is needed: each the number of the record's
 * field that it is, too, or NO_TWIN, its length and text. Returns: behind them; NULL: there is no
 * room before ${end}, but for a byte each behind it. */
static inline char *put_columns(struct join *j, size_t k, const struct looking *l, char *p,
                                const char *end)
{
    struct key_column *column = j->columns[k];

    for (size_t left = j->format->joins[k].count; left > 0; left--, column++) {
        const struct slice value = column_of(l, column->slot);

        if (!column->looked)
            find_twin(column, l->record, value);
        if ((l->record->has & column->twin) != 0 &&
            is_same(text_at(l->record, column->offset), value)) {
            *p++ = (char)column->number;
            continue;
        }
        *p = NO_TWIN;
        if (p + 1 > end || (p = packed_put_long(value, p + 1, end)) == NULL)
            return NULL;
    }
    return p;
}

/* Of ${count} columns at ${p} of the record. */
static XXH128_hash_t key_of_columns(const char *p, size_t count, struct record *r)
{
    struct key_text text;

    start_key(&text);
    for (size_t i = 0; i < count; i++) {
        const unsigned field = (unsigned char)*p++;

        add_column(&text, field == NO_TWIN ? packed_get_long(&p)
                                           : *packed_first_text(r, FIELD_BIT(field)));
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

static void enter_columns(struct join *j, uint64_t number)
{
    struct record record;

    packed_get(record_at(j, number)->packed, &record);
    for (size_t k = 0; k < j->format->join_count; k++) {
        const struct entry *entry = entry_at(j, number, k);

        if (entry->state == KEY_COLUMNS)
            enter(j, number, k, key_of_columns(entry->columns, j->format->joins[k].count, &record));
    }
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
        enter_columns(j, j->entered);
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

/* The oldest record that anything is added to. Records are handed out a batch at a time: which of
 * those beyond the bound are there still must not matter. */
static uint64_t oldest_open(const struct join *j)
{
    uint64_t oldest = j->next > OPEN_LIMIT ? j->next - OPEN_LIMIT : 0;

    oldest = oldest < j->ended ? j->ended : oldest;
    return oldest < j->released ? j->released : oldest; /* all were, at the end of the archive */
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
    uint64_t number = *index_slot(j, k, key), found = NO_RECORD, oldest = oldest_open(j);
    bool go_on = true;

    for (int walked = 0; go_on && number != NO_RECORD && number >= oldest && walked < WALK_LIMIT;
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
    for (int walked = 0; number != NO_RECORD && number >= oldest_open(j) && walked < WALK_LIMIT;
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

static bool make_places(struct join *j)
{
    size_t count = PLACES * j->format->join_count;

    j->entries = pages_take(count * sizeof *j->entries + PLACES * sizeof *j->records);
    j->records = j->entries == NULL ? NULL : (struct open_record *)(void *)(j->entries + count);
    return j->entries != NULL;
}

/* Room for ${size} bytes. Returns: false where memory is out. */
static bool make_room(struct join *j, size_t size)
{
    return slabs_make_room(&j->texts, size, j->next, j->released);
}

enum { KEY_MARKS = KEY_LIMIT * JOIN_LIMIT };

/* The record and the columns of its keys where there is room. Returns: behind them; NULL: it is too
 * little. */
static inline char *put_record(struct join *j, const struct looking *l, struct open_record *open,
                               struct entry *entry)
{
    const char *end = j->texts.end - KEY_MARKS;
    char *p = j->texts.room;

    open->packed = p;
    p = packed_put(l->record, p, end);
    for (size_t k = 0; k < j->format->join_count && p != NULL; k++, entry++) {
        entry->state = has_key(j, k, l) ? KEY_COLUMNS : KEY_NONE;
        entry->columns = p;
        if (entry->state == KEY_COLUMNS)
            p = put_columns(j, k, l, p, end);
    }
    return p;
}

/* What put_record may need at most. */
static size_t room_for(struct join *j, const struct looking *l)
{
    size_t size = packed_room(l->record) + KEY_MARKS;

    for (size_t k = 0; k < j->format->join_count; k++)
        for (size_t i = 0; i < j->format->joins[k].count; i++)
            size += 1 + sizeof(uint32_t) + column_of(l, j->columns[k][i].slot).len;
    return size < RECORD_BYTES ? RECORD_BYTES : size;
}

bool join_add(struct join *j, const struct record *record, size_t shape, const struct slice *slots,
              struct error *err)
{
    const struct looking l = {record, slots};
    struct open_record *open;
    struct entry *entries;
    char *end = NULL;

    if (j->entries == NULL && !make_places(j))
        return error_set_memory(err);
    if (j->format->shapes[shape].role == SHAPE_OPEN && !close_older(j, &l, err))
        return false;
    open = record_at(j, j->next);
    open->seen = UINT32_C(1) << shape;
    open->closed = false;
    entries = entry_at(j, j->next, 0);
    while (end == NULL) {
        if (j->texts.end - j->texts.room >= RECORD_BYTES)
            end = put_record(j, &l, open, entries);
        if (end == NULL && !make_room(j, room_for(j, &l)))
            return error_set_memory(err);
    }
    j->texts.room = end;
    j->next++;
    return true;
}

/* A record that gets nothing new stays where it is: there may be any number of lines for it. */
static bool merge(struct join *j, uint64_t number, const struct record *addition, struct error *err)
{
    struct open_record *open = record_at(j, number);
    struct record record;
    enum record_action action;
    size_t room;

    packed_get(open->packed, &record);
    action = record.action;
    if (record_add(&record, addition) == 0 && record.action == action)
        return true;
    room = packed_room(&record);
    if (!make_room(j, room))
        return error_set_memory(err);
    open->packed = j->texts.room;
    j->texts.room = packed_put(&record, j->texts.room, j->texts.end);
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
    slabs_free(&j->texts);
    free(j->entries);
    free(j->index);
    free(j);
}
