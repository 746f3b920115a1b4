/* relay.c: lots handed over from thread to thread, each with all that its records borrow from. */
#include "relay.h"

#include "base/arena.h"
#include "base/handover.h"
#include "base/room.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    LOTS = 4,
    LOT_BYTES = 64 * 1024, /* of text: it and its records stay in the second-level cache */
    LOT_BATCHES = 32       /* of records that waited for further lines; others as the text gives */
};

/* A lot and what its records borrow from. */
struct place {
    struct lot lot;
    size_t capacity; /* batches */
    char *text;
    size_t text_capacity;
    struct arena scratch;
};

struct relay {
    struct blocks *blocks;
    struct decoding *decoding;
    struct relay_tap tap;
    pthread_t thread;
    struct handover handover;
    struct error error;
    struct place places[LOTS];
};

/* --- the thread --- */

/* The next place, once it is free, emptied; NULL where the user has gone. */
static struct place *wait_for_room(struct relay *r)
{
    struct place *place;
    size_t number;

    if (!handover_room(&r->handover, &number))
        return NULL;
    place = &r->places[number];
    arena_reset(&place->scratch);
    place->lot.count = 0;
    place->lot.text.bytes = slice_of(NULL, 0);
    return place;
}

/* Room for one batch behind the others; NULL where memory is out. */
static struct batch *batch_behind(struct place *p, struct error *err)
{
    if (!ROOM_FOR_ONE(p->lot.batches, p->lot.count, p->capacity)) {
        error_set_memory(err);
        return NULL;
    }
    return &p->lot.batches[p->lot.count];
}

/* A copy of ${text} that stays as long as the lot. */
static bool keep_text(struct place *p, struct slice text, struct error *err)
{
    if (text.len > p->text_capacity) {
        free(p->text);
        p->text = malloc(text.len + BLOCK_SLACK);
        p->text_capacity = p->text == NULL ? 0 : text.len;
    }
    if (p->text == NULL)
        return error_set_memory(err);
    memcpy(p->text, text.ptr, text.len);
    memset(p->text + text.len, 0, BLOCK_SLACK);
    return true;
}

/* Whole lines for one lot; a line that is longer, alone. */
static struct slice first_lines(struct slice bytes)
{
    size_t n = bytes.len < LOT_BYTES ? bytes.len : LOT_BYTES;

    if (n == bytes.len)
        return bytes;
    while (n > 0 && bytes.ptr[n - 1] != '\n')
        n--;
    if (n == 0)
        n = slice_find(bytes, '\n') + 1;
    return slice_of(bytes.ptr, n < bytes.len ? n : bytes.len);
}

/* Some lines into a lot. */
static bool decode_lines(struct relay *r, struct place *p, struct slice lines,
                         const struct block *block)
{
    struct batch *batch;

    if (!keep_text(p, lines, &r->error))
        return false;
    p->lot.text = (struct block){slice_of(p->text, lines.len), block->first_line, block->overlong};
    decoding_keep(r->decoding, &p->scratch);
    decoding_feed(r->decoding, slice_of(p->text, lines.len), block->first_line, block->overlong);
    while ((batch = batch_behind(p, &r->error)) != NULL &&
           decoding_next(r->decoding, batch, &r->error))
        p->lot.count++;
    return r->error.code == ERROR_NONE;
}

static bool decode_block(struct relay *r, struct block block)
{
    if (r->tap.look != NULL && !r->tap.look(r->tap.context, &block, &r->error))
        return false;
    while (block.bytes.len > 0) {
        struct slice lines = first_lines(block.bytes);
        struct place *place = wait_for_room(r);

        if (place == NULL || !decode_lines(r, place, lines, &block))
            return false;
        block.bytes = slice_from(block.bytes, lines.len);
        block.first_line = decoding_line(r->decoding);
        handover_give(&r->handover);
    }
    blocks_say_line(r->blocks, block.first_line);
    return true;
}

/* The records that were still open. */
static bool decode_rest(struct relay *r)
{
    bool more = true;

    while (more) {
        struct place *p = wait_for_room(r);

        if (p == NULL)
            return false;
        decoding_keep(r->decoding, &p->scratch);
        while (more && p->lot.count < LOT_BATCHES) {
            struct batch *batch = batch_behind(p, &r->error);

            if (batch == NULL)
                return false;
            more = decoding_flush(r->decoding, batch);
            p->lot.count += more;
        }
        handover_give(&r->handover);
    }
    return true;
}

static void *decode_all(void *argument)
{
    struct relay *r = argument;
    struct block block;
    bool go = true;

    while (go && blocks_next(r->blocks, &block, &r->error))
        go = decode_block(r, block);
    if (go && r->error.code == ERROR_NONE)
        decode_rest(r);
    handover_end(&r->handover);
    return NULL;
}

/* --- its user --- */

struct relay *relay_start(struct blocks *blocks, struct decoding *decoding, struct relay_tap tap,
                          struct error *err)
{
    struct relay *r = calloc(1, sizeof *r);

    if (r == NULL) {
        error_set_memory(err);
        return NULL;
    }
    r->blocks = blocks;
    r->decoding = decoding;
    r->tap = tap;
    handover_init(&r->handover, LOTS);
    if (pthread_create(&r->thread, NULL, decode_all, r) == 0)
        return r;
    handover_destroy(&r->handover);
    free(r);
    error_set_memory(err);
    return NULL;
}

struct lot *relay_next(struct relay *r, struct error *err)
{
    size_t number;

    if (handover_take(&r->handover, &number))
        return &r->places[number].lot;
    *err = r->error;
    return NULL;
}

void relay_free(struct relay *r)
{
    if (r == NULL)
        return;
    handover_stop(&r->handover);
    pthread_join(r->thread, NULL);
    decoding_keep(r->decoding, NULL);
    for (size_t i = 0; i < LOTS; i++) {
        free(r->places[i].lot.batches);
        free(r->places[i].text);
        arena_free(&r->places[i].scratch);
    }
    handover_destroy(&r->handover);
    free(r);
}
