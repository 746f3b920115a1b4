/* reader.h: the decompressed bytes of one archive, whatever it was packed with. */
#ifndef IO_READER_H
#define IO_READER_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One archive being read: plain, gzip, zstd, xz or bzip2, recognised by its first bytes. Opaque. */
struct reader;

enum inflate {
    INFLATE_BEST, /* ISA-L where the processor has what it needs, else zlib; pipes: always zlib */
    INFLATE_ZLIB,
    INFLATE_ISAL
};

/* Called with the archive's bytes as they are on disk, in order; for digests. */
typedef void reader_tap(void *context, struct slice bytes);

/*
 * reader_open(path, inflate, err):
 * Open the file ${path} (`-`: standard input) and look at its first bytes. The file is announced to
 * the system as read from front to back (posix_fadvise). An empty file is a plain archive of no
 * bytes. Returns: the reader, or NULL. Errors:  ERROR_IO naming ${path}. Owns:    the caller closes
 * with reader_close.
 */
struct reader *reader_open(const char *path, enum inflate inflate, struct error *err);

/* Let ${tap} see every compressed byte from the start; call before the first reader_read. */
void reader_set_tap(struct reader *r, reader_tap *tap, void *context);

/*
 * reader_read(r, out, cap, got, err):
 * Unpack up to ${cap} bytes into ${out}; ${got} is 0 only at the end. Damage in the archive is not
 * an error: what is readable is handed out, reading ends there (or goes on at the next gzip member
 * where one can be found after a bad CRC), and reader_damage says what and where. Errors: ERROR_IO,
 * ERROR_MEMORY only.
 */
bool reader_read(struct reader *r, char *out, size_t cap, size_t *got, struct error *err);

/* From now on unpack a regular file in a thread of its own, ahead of reader_read; what may wait for
 * ever, a pipe, is read as before. Until reader_read was at the
 * end, only it, reader_done_bytes and what does not change may be called. Errors:  ERROR_MEMORY. */
bool reader_read_ahead(struct reader *r, struct error *err);

/*
 * What is wrong with the archive so far, e.g. "gzip: cut off after 12345 bytes", "gzip: bad CRC in
 * member 3 at byte 4711", "gzip: 12 bytes of garbage after the last member". NULL where all is
 * well; several are joined by "; ". NUL padding after the last gzip member (stream, frame) is no
 * damage. Borrowed from ${r}.
 */
const char *reader_damage(const struct reader *r);

/* Add what a reader of the bytes found wrong with them. */
void reader_note_damage(struct reader *r, const char *what);

/* "plain", "gzip", "zstd", "xz" or "bzip2". */
const char *reader_packing(const struct reader *r);

/* Compressed bytes read so far, and in all (0 where unknown: pipes). May be read from another
 * thread. */
uint64_t reader_done_bytes(const struct reader *r);
uint64_t reader_size_bytes(const struct reader *r);

/* Time in the header of the first gzip member, else of the file's last change; seconds since 1970,
 * 0 where unknown. */
int64_t reader_gzip_time(const struct reader *r);
int64_t reader_file_time(const struct reader *r);

/* Read to the end for the tap alone: what cannot be read is passed over. */
void reader_read_rest(struct reader *r);

void reader_close(struct reader *r);

#endif
