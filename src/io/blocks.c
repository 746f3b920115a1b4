/* blocks.c: one buffer, filled with whole lines; the begun line moves to its front. */
#include "io/blocks.h"

#include "io/packing.h"
#include "text/recoder.h"
#include "text/transcoder.h"

#include <stdlib.h>
#include <string.h>

typedef unsigned char vector __attribute__((vector_size(32)));

enum { ROUND_BYTES = 4 * sizeof(vector) };

/* A transcoder at work. */
struct stage {
    const struct transcoder *transcoder;
    void *self;
    char *raw;                /* what it is to convert is read to here, BLOCK_BYTES */
    struct slice unconverted; /* of it */
    bool at_end;              /* nothing comes behind */
};

/* UTF-16 may hold JSON documents, and these lines that a shipper put into them. */
enum { STAGES = 3 };

struct blocks {
    struct reader *reader;
    char *buffer;
    size_t capacity;             /* without the slack behind it */
    size_t begin, end;           /* what was read and not handed out */
    uint64_t next_line;          /* number of the line at begin, but for */
    struct slice uncounted;      /* the last block, whose lines nobody has counted */
    bool started;                /* the encoding is known */
    bool at_end;                 /* nothing comes behind end */
    bool passing_over;           /* begin is inside an overlong line, cut there */
    bool peeked;                 /* there is room for more than blocks need, once */
    struct stage stages[STAGES]; /* what makes text of the archive, the first of its bytes */
    size_t stage_count;          /* 0: it is text */
    struct recoder *recoder;
    char *recoded; /* what a block in another encoding became, `recoded_capacity` bytes */
    size_t recoded_capacity;
    bool (*has_high)(struct slice s); /* as wide as the processor can */
};

/* Are there bytes from 0x80 on? */
static inline __attribute__((always_inline)) bool has_high_wide(struct slice s)
{
    const char *p = s.ptr, *end = s.ptr + s.len / ROUND_BYTES * ROUND_BYTES;
    vector a, b, c, d, all = {0};
    unsigned char bits = 0;

    for (; p < end; p += ROUND_BYTES) {
        memcpy(&a, p, sizeof a);
        memcpy(&b, p + sizeof a, sizeof a);
        memcpy(&c, p + 2 * sizeof a, sizeof a);
        memcpy(&d, p + 3 * sizeof a, sizeof a);
        all |= a | b | c | d;
    }
    for (size_t i = 0; i < sizeof all; i++)
        bits |= all[i];
    for (; p < s.ptr + s.len; p++)
        bits |= (unsigned char)*p;
    return bits >= 0x80;
}

static bool has_high(struct slice s)
{
    return has_high_wide(s);
}

#if defined(__x86_64__) && defined(__SSE2__)
__attribute__((target("avx2"))) static bool has_high_avx2(struct slice s)
{
    return has_high_wide(s);
}
#endif

/* Behind the slack stands room for what a transcoder may write more. */
static char *allocate(char *old, size_t capacity)
{
    return realloc(old, capacity + (size_t)BLOCK_SLACK + TRANSCODER_SLACK);
}

struct blocks *blocks_create(struct reader *reader, struct error *err)
{
    struct blocks *b = calloc(1, sizeof *b);

    if (b != NULL) {
        b->buffer = allocate(NULL, BLOCK_BYTES);
        b->recoder = recoder_create(ENCODING_UNKNOWN);
    }
    if (b == NULL || b->buffer == NULL || b->recoder == NULL) {
        blocks_free(b);
        error_set_memory(err);
        return NULL;
    }
    b->reader = reader;
    b->capacity = BLOCK_BYTES;
    b->next_line = 1;
    b->has_high = has_high;
#if defined(__x86_64__) && defined(__SSE2__)
    if (__builtin_cpu_supports("avx2"))
        b->has_high = has_high_avx2;
#endif
    return b;
}

/* Up to ${room} bytes (and a few more of a transcoder) that the first ${stages} make; nothing only
 * at the end. */
static bool read_stages(struct blocks *b, size_t stages, char *out, size_t room, size_t *got,
                        struct error *err)
{
    struct stage *s;
    size_t read;

    if (stages == 0)
        return reader_read(b->reader, out, room, got, err);
    s = &b->stages[stages - 1];
    for (;;) {
        if (s->unconverted.len == 0 && !s->at_end) {
            if (!read_stages(b, stages - 1, s->raw, BLOCK_BYTES, &read, err))
                return false;
            s->unconverted = slice_of(s->raw, read);
            s->at_end = read == 0;
        }
        *got = s->transcoder->convert(s->self, &s->unconverted, s->at_end, out, room);
        if (*got > 0)
            return true;
        if (s->at_end)
            break;
    }
    if (s->transcoder->damage(s->self) != NULL)
        reader_note_damage(b->reader, s->transcoder->damage(s->self));
    return true;
}

/* The same behind what is there. */
static bool read_behind(struct blocks *b, size_t room, struct error *err)
{
    size_t got;

    if (!read_stages(b, b->stage_count, b->buffer + b->end, room, &got, err))
        return false;
    b->at_end = got == 0;
    b->end += got;
    return true;
}

/* Room for ${want} bytes, which is more than what is held. */
static bool resize(struct blocks *b, size_t want, struct error *err)
{
    char *buffer = allocate(b->buffer, want);

    if (buffer == NULL)
        return error_set_memory(err);
    b->buffer = buffer;
    b->capacity = want;
    return true;
}

/* Hold ${want} bytes, unless the archive ends before. */
static bool fill(struct blocks *b, size_t want, struct error *err)
{
    if (b->end - b->begin >= want || b->at_end)
        return true;
    memmove(b->buffer, b->buffer + b->begin, b->end - b->begin);
    b->end -= b->begin;
    b->begin = 0;
    if ((want > b->capacity || (b->peeked && want < b->capacity)) && !resize(b, want, err))
        return false;
    b->peeked = false;
    while (b->end < want && !b->at_end)
        if (!read_behind(b, want - b->end, err))
            return false;
    memset(b->buffer + b->end, 0, BLOCK_SLACK);
    return true;
}

/* The first bytes were read as they are: they go the way of what follows. */
static bool add_stage(struct blocks *b, const struct transcoder *transcoder, struct error *err)
{
    struct slice first = slice_of(b->buffer + b->begin, b->end - b->begin);
    struct stage *s = &b->stages[b->stage_count];

    if (transcoder->refusal != NULL)
        return error_set(err, ERROR_DATA, "%s", transcoder->refusal);
    *s = (struct stage){.transcoder = transcoder,
                        .self = transcoder->create(first),
                        .raw = malloc(BLOCK_BYTES + TRANSCODER_SLACK)};
    b->stage_count++;
    if (s->self == NULL || s->raw == NULL)
        return error_set_memory(err);
    memcpy(s->raw, first.ptr, first.len);
    s->unconverted = slice_of(s->raw, first.len);
    s->at_end = b->at_end;
    b->at_end = false;
    b->begin = b->end = 0;
    return true;
}

/* Is it there already? */
static bool has_stage(const struct blocks *b, const struct transcoder *transcoder)
{
    for (size_t i = 0; i < b->stage_count; i++)
        if (b->stages[i].transcoder == transcoder)
            return true;
    return false;
}

/* What makes text of the archive, as the first bytes tell. */
static bool add_stages(struct blocks *b, struct error *err)
{
    const struct transcoder *transcoder;
    bool more = true;

    while (more && b->stage_count < STAGES) {
        transcoder = transcoder_find(slice_of(b->buffer + b->begin, b->end - b->begin));
        if (transcoder == NULL || has_stage(b, transcoder))
            return true;
        if (!add_stage(b, transcoder, err) || !fill(b, BLOCK_BYTES, err))
            return false;
        more = transcoder->holds_others;
    }
    return true;
}

/* Read the first bytes and find out their encoding. */
static bool start(struct blocks *b, struct error *err)
{
    const char *other;
    struct slice head;

    if (b->started)
        return true;
    if (!fill(b, BLOCK_BYTES, err))
        return false;
    b->started = true;
    head = slice_of(b->buffer, b->end);
    other = packing_unread(head);
    if (other != NULL)
        return error_set(err, ERROR_DATA, "its content is %s", other);
    if (slice_starts_with(head, SLICE("\xef\xbb\xbf")))
        b->begin = 3;
    return add_stages(b, err);
}

/* ${bytes} in UTF-8, by ${recoder}; kept until the next call. */
static bool recode(struct blocks *b, struct recoder *recoder, struct slice *bytes,
                   struct error *err)
{
    size_t want = RECODER_BYTES(bytes->len);

    if (recoder_is_utf8(*bytes))
        return true;
    if (want > b->recoded_capacity) {
        free(b->recoded);
        b->recoded = malloc(want + BLOCK_SLACK);
        b->recoded_capacity = b->recoded == NULL ? 0 : want;
    }
    if (b->recoded == NULL)
        return error_set_memory(err);
    *bytes = slice_of(b->recoded, recoder_convert(recoder, *bytes, b->recoded));
    memset(b->recoded + bytes->len, 0, BLOCK_SLACK);
    return true;
}

void blocks_say_encoding(struct blocks *b, enum encoding encoding)
{
    recoder_say(b->recoder, encoding);
}

const struct recoder *blocks_recoder(const struct blocks *b)
{
    return b->recoder;
}

bool blocks_peek(struct blocks *b, size_t want, struct slice *out, struct error *err)
{
    struct recoder *recoder; /* what it learns and counts is not of what is read */
    bool ok;

    if (!start(b, err) || !fill(b, want, err))
        return false;
    b->peeked = true;
    *out = slice_of(b->buffer + b->begin, b->end - b->begin);
    if (!b->has_high(*out))
        return true;
    recoder = recoder_create(recoder_said(b->recoder));
    ok = recoder == NULL ? error_set_memory(err) : recode(b, recoder, out, err);
    recoder_free(recoder);
    return ok;
}

/* How many of the bytes held are whole lines: what fits a block, or one line that does not; else 0.
 */
static size_t whole_lines(const struct blocks *b)
{
    struct slice held = slice_of(b->buffer + b->begin, b->end - b->begin);
    size_t length = held.len < BLOCK_BYTES ? held.len : BLOCK_BYTES, line;

    while (length > 0 && held.ptr[length - 1] != '\n')
        length--;
    if (length > 0 || held.len <= BLOCK_BYTES)
        return length;
    if (held.len > LINE_LIMIT_BYTES + 1)
        held.len = LINE_LIMIT_BYTES + 1;
    line = slice_find(held, '\n');
    return line == held.len ? 0 : line + 1;
}

/* Go on behind the end of a line that was handed out cut. */
static bool pass_over(struct blocks *b, struct error *err)
{
    const char *hit;

    while (b->passing_over) {
        if (!fill(b, BLOCK_BYTES, err))
            return false;
        hit = memchr(b->buffer + b->begin, '\n', b->end - b->begin);
        b->begin = hit == NULL ? b->end : (size_t)(hit - b->buffer) + 1;
        b->passing_over = hit == NULL && !b->at_end;
    }
    return true;
}

void blocks_say_line(struct blocks *b, uint64_t line)
{
    b->next_line = line;
    b->uncounted.len = 0;
}

/* The lines of the block before, unless somebody has counted them. */
static void count_last(struct blocks *b)
{
    for (struct slice rest = b->uncounted; rest.len > 0;) {
        size_t n = slice_find(rest, '\n');

        b->next_line += n < rest.len;
        rest = slice_from(rest, n < rest.len ? n + 1 : n);
    }
    b->uncounted.len = 0;
}

bool blocks_next(struct blocks *b, struct block *out, struct error *err)
{
    size_t want = BLOCK_BYTES, length = 0;

    count_last(b);
    if (!start(b, err) || !pass_over(b, err))
        return false;
    do {
        if (!fill(b, want, err))
            return false;
        length = whole_lines(b);
        want *= 2;
    } while (length == 0 && !b->at_end && b->end - b->begin <= LINE_LIMIT_BYTES);
    if (length == 0)
        length = b->end - b->begin; /* the last line, without its end, or an overlong one */
    if (length == 0)
        return false;
    out->overlong = length > LINE_LIMIT_BYTES + 1 ||
                    (length == LINE_LIMIT_BYTES + 1 && b->buffer[b->begin + length - 1] != '\n');
    b->passing_over = out->overlong;
    if (out->overlong)
        length = LINE_LIMIT_BYTES;
    out->bytes = slice_of(b->buffer + b->begin, length);
    out->first_line = b->next_line;
    b->uncounted = slice_of(out->bytes.ptr, out->overlong ? 0 : length);
    b->next_line += out->overlong;
    b->begin += length;
    return !b->has_high(out->bytes) || recode(b, b->recoder, &out->bytes, err);
}

bool blocks_read_ahead(struct blocks *b, struct error *err)
{
    return b->stage_count > 0 || b->at_end || reader_read_ahead(b->reader, err);
}

void blocks_free(struct blocks *b)
{
    if (b == NULL)
        return;
    for (size_t i = 0; i < b->stage_count; i++) {
        if (b->stages[i].self != NULL)
            b->stages[i].transcoder->destroy(b->stages[i].self);
        free(b->stages[i].raw);
    }
    recoder_free(b->recoder);
    free(b->recoded);
    free(b->buffer);
    free(b);
}
