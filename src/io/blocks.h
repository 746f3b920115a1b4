/* blocks.h: an archive as blocks of whole lines. */
#ifndef IO_BLOCKS_H
#define IO_BLOCKS_H

#include "base/error.h"
#include "base/slice.h"
#include "base/word.h"
#include "io/reader.h"
#include "text/recoder.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    BLOCK_BYTES = 256 * 1024,  /* about what a block holds: stays in the second-level cache */
    BLOCK_SLACK = WIDE_SLACK,  /* readable bytes behind a block's end */
    LINE_LIMIT_BYTES = 1 << 20 /* a longer line is handed out cut, alone, and marked */
};

/* Whole lines, each ending in LF but perhaps the archive's last. Borrowed until the next
 * blocks_next. */
struct block {
    struct slice bytes;
    uint64_t first_line; /* number of its first line, from 1 */
    bool overlong;       /* one line, cut at LINE_LIMIT_BYTES; the rest of it was passed over */
};

struct blocks;

/* Owns: borrows ${reader}, which must outlive it; the caller frees with blocks_free. NULL where
 * memory is out. */
struct blocks *blocks_create(struct reader *reader, struct error *err);

/*
 * blocks_peek(b, want, out, err):
 * The first bytes of the archive, at least ${want} where it has so many, without consuming them.
 * Call before the first blocks_next. A byte-order mark is not part of them; what text/transcoder.h
 * knows (UTF-16, dnstap) is handed out as lines of UTF-8.
 * Errors:  ERROR_DATA for content that is known and no log kage can read.
 */
bool blocks_peek(struct blocks *b, size_t want, struct slice *out, struct error *err);

/* Have the reader unpack ahead in a thread of its own, where the archive is text. After the first
 * blocks_peek. Errors:  ERROR_MEMORY. */
bool blocks_read_ahead(struct blocks *b, struct error *err);

/* The encoding of what is no UTF-8; it is guessed where nothing is said. */
void blocks_say_encoding(struct blocks *b, enum encoding encoding);

/* What was done about it so far. */
const struct recoder *blocks_recoder(const struct blocks *b);

/* The next block, in UTF-8 but for what cannot be converted: see text/recoder.h. Returns: false at
 * the end (no failure in ${err}) or on a failure. */
bool blocks_next(struct blocks *b, struct block *out, struct error *err);

/* The next block will begin with ${line}, as whoever took the last one has counted: else its lines
 * are counted once more. */
void blocks_say_line(struct blocks *b, uint64_t line);

void blocks_free(struct blocks *b);

#endif
