/* trail.c: a running digest from every place where a known piece may have begun. */
#include "trail.h"

#include "io/digest.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* That may still turn out to be known. The first is that of a file which has grown; of the others
 * the oldest gives way. */
enum { PIECES = 8 };

/* A place at which a known piece may have begun. */
struct piece {
    XXH3_state_t *state;
    uint64_t bytes; /* since then */
    struct ledger_points points;
    size_t next; /* of the points: the first that is not behind us */
};

struct trail {
    const struct trail_lookup *lookup;
    XXH3_state_t *state; /* of all content */
    struct piece pieces[PIECES];
    size_t count;
    struct trail_end end;
    struct prints prints; /* of the lines behind the known bytes */
    bool begin_piece;     /* the next line begins one */
    bool has_line;
};

static struct content_digest digest_of(const XXH3_state_t *state)
{
    struct content_digest digest;
    XXH128_canonical_t canonical;

    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
    memcpy(digest.bytes, canonical.digest, sizeof digest.bytes);
    return digest;
}

static XXH3_state_t *new_state(void)
{
    XXH3_state_t *state = XXH3_createState();

    if (state != NULL)
        XXH3_128bits_reset(state);
    return state;
}

struct trail *trail_create(const struct trail_lookup *lookup, struct error *err)
{
    struct trail *t = calloc(1, sizeof *t);

    if (t != NULL)
        t->state = new_state();
    if (t == NULL || t->state == NULL) {
        free(t);
        error_set_memory(err);
        return NULL;
    }
    t->lookup = lookup;
    t->begin_piece = true;
    t->end.content.digest = t->end.whole.digest = digest_of(t->state);
    return t;
}

static void drop_piece(struct trail *t, size_t index)
{
    XXH3_freeState(t->pieces[index].state);
    free(t->pieces[index].points.points);
    memmove(&t->pieces[index], &t->pieces[index + 1], (t->count - index - 1) * sizeof *t->pieces);
    t->count--;
}

/* The digest of the first line and its end; of one that has none too, for it may get that. */
static bool digest_first_line(struct slice bytes, struct content_digest *out, struct error *err)
{
    size_t length = slice_find(bytes, '\n');
    XXH3_state_t *state;

    if (length < bytes.len) {
        *out = digest_bytes(slice_of(bytes.ptr, length + 1));
        return true;
    }
    state = new_state();
    if (state == NULL)
        return error_set_memory(err);
    XXH3_128bits_update(state, bytes.ptr, bytes.len);
    XXH3_128bits_update(state, "\n", 1);
    *out = digest_of(state);
    XXH3_freeState(state);
    return true;
}

/* A piece may begin with the first line of ${bytes}. */
static bool begin_piece(struct trail *t, struct slice bytes, struct error *err)
{
    struct piece piece = {0};

    t->begin_piece = false;
    if (!digest_first_line(bytes, &t->end.piece, err))
        return false;
    if (!t->has_line)
        t->end.first_line = t->end.piece;
    t->has_line = true;
    if (!t->lookup->points(t->lookup->context, &t->end.piece, &piece.points, err)) {
        free(piece.points.points);
        return false;
    }
    if (piece.points.count == 0) {
        free(piece.points.points);
        return true;
    }
    piece.state = new_state();
    if (piece.state == NULL) {
        free(piece.points.points);
        return error_set_memory(err);
    }
    if (t->count == PIECES)
        drop_piece(t, 1);
    t->pieces[t->count++] = piece;
    return true;
}

/* Bytes up to the next point of any piece, at most ${limit}. */
static size_t next_stop(const struct trail *t, size_t limit)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct piece *p = &t->pieces[i];
        uint64_t distance = p->points.points[p->next].bytes - p->bytes;

        if (distance < limit)
            limit = (size_t)distance;
    }
    return limit;
}

/* Has the piece come to a point, and is it that of known content? */
static bool arrive(struct piece *p)
{
    const struct content_point *point = &p->points.points[p->next];
    bool known = false;

    for (; p->next < p->points.count && point->bytes <= p->bytes; point++, p->next++)
        if (point->bytes == p->bytes && !known) {
            struct content_digest digest = digest_of(p->state);

            known = content_equal(&digest, &point->digest);
        }
    return known;
}

static bool advance(struct trail *t, struct slice bytes)
{
    bool known = false;

    XXH3_128bits_update(t->state, bytes.ptr, bytes.len);
    t->end.content.bytes += bytes.len;
    for (size_t i = t->count; i-- > 0;) {
        struct piece *p = &t->pieces[i];

        XXH3_128bits_update(p->state, bytes.ptr, bytes.len);
        p->bytes += bytes.len;
        known = arrive(p) || known;
        if (p->next == p->points.count)
            drop_piece(t, i);
    }
    return known;
}

/* Length of the whole lines in ${bytes}. */
static size_t whole_lines(struct slice bytes)
{
    size_t length = bytes.len;

    while (length > 0 && bytes.ptr[length - 1] != '\n')
        length--;
    return length;
}

/* Go on by ${bytes}, or up to where all is known. Returns: the bytes taken. */
static size_t advance_to_known(struct trail *t, struct slice bytes, bool *known)
{
    size_t taken = 0;

    while (taken < bytes.len && !*known) {
        size_t step = next_stop(t, bytes.len - taken);

        *known = advance(t, slice_of(bytes.ptr + taken, step));
        taken += step;
    }
    if (*known && bytes.ptr[taken - 1] != '\n') { /* inside a line */
        struct slice rest = slice_from(bytes, taken);
        size_t length = slice_find(rest, '\n');

        length += length < rest.len;
        advance(t, slice_of(rest.ptr, length));
        taken += length;
    }
    return taken;
}

/* What its lines tell of the new part; headers, which begin with #, and empty lines are in no
 * sketch. */
static bool note_lines(struct trail *t, struct slice bytes)
{
    struct slice line;
    bool ok = true;

    while (ok && bytes.len > 0) {
        uint64_t print;

        slice_cut(bytes, '\n', &line, &bytes);
        print = prints_hash(line);
        ok = prints_add(&t->prints, print);
        if (line.len > 0 && line.ptr[0] != '#')
            sketch_add(&t->end.sketch, print);
    }
    return ok;
}

bool trail_take(struct trail *t, struct slice bytes, size_t *taken, bool *known, struct error *err)
{
    size_t whole = whole_lines(bytes);

    *taken = 0;
    *known = false;
    if (bytes.len == 0)
        return true;
    if (t->begin_piece && !begin_piece(t, bytes, err))
        return false;
    *taken = advance_to_known(t, slice_of(bytes.ptr, whole > 0 ? whole : bytes.len), known);
    if (bytes.ptr[*taken - 1] == '\n')
        t->end.whole = (struct content_point){t->end.content.bytes, digest_of(t->state)};
    if (!note_lines(t, slice_of(bytes.ptr, *taken)))
        return error_set_memory(err);
    if (*known) {
        t->end.sketch = (struct sketch){.count = 0};
        t->end.known_lines += t->prints.lines;
        prints_reset(&t->prints);
        t->end.known_bytes = t->end.content.bytes;
        t->begin_piece = true;
    }
    return true;
}

bool trail_may_know(const struct trail *t)
{
    return t->begin_piece || t->count > 0;
}

struct trail_end trail_end(const struct trail *t)
{
    struct trail_end end = t->end;

    end.content.digest = digest_of(t->state);
    end.prints = prints_view(&t->prints);
    return end;
}

void trail_free(struct trail *t)
{
    if (t == NULL)
        return;
    while (t->count > 0)
        drop_piece(t, t->count - 1);
    XXH3_freeState(t->state);
    prints_free(&t->prints);
    free(t);
}
