/* recoder.h: Japanese text in CP932 (Shift_JIS) or EUC-JP into UTF-8, word by word. */
#ifndef TEXT_RECODER_H
#define TEXT_RECODER_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How text that is no UTF-8 is encoded. */
enum encoding { ENCODING_UNKNOWN, ENCODING_UTF8, ENCODING_CP932, ENCODING_EUC_JP, ENCODING_COUNT };

/* "cp932", "euc-jp" or "utf-8", and other names of them. Returns: ENCODING_UNKNOWN for any other.
 */
enum encoding encoding_find(struct slice name);

const char *encoding_name(enum encoding encoding);

/*
 * The words of one archive. A word is what stands between two bytes below 0x40 (blanks, quotes,
 * commas, = / : ; & and digits), which are no part of a longer character in any of these encodings;
 * so one archive, one line even, may hold several. A word of valid UTF-8 stays as it is. Any other
 * is of the encoding that was said; where none was, of the one that most words so far can only be.
 * A word that could as well be Latin-1 or cut UTF-8 is no evidence, and stays unless there is some.
 * Bytes that fit nothing stay, too: who shows them escapes them. Opaque.
 */
struct recoder;

/* ${said}: ENCODING_UNKNOWN: guess; ENCODING_UTF8: change nothing. NULL where memory is out. */
struct recoder *recoder_create(enum encoding said);

void recoder_say(struct recoder *r, enum encoding said);
enum encoding recoder_said(const struct recoder *r);

/* Is all of ${s} UTF-8? */
bool recoder_is_utf8(struct slice s);

/* The most that recoder_convert writes for ${n} bytes. */
#define RECODER_BYTES(n) (3 * (n))

/*
 * recoder_convert(r, in, out):
 * Learn from the words of ${in}, then convert them into ${out}.
 * A backslash that doubles the second byte of a CP932 character (products that escape byte by byte
 * write 0x95 0x5c 0x5c) goes. Returns: the bytes written.
 */
size_t recoder_convert(struct recoder *r, struct slice in, char *out);

/* Words converted from ${from}; ENCODING_UNKNOWN: words that stayed though they are no UTF-8. */
uint64_t recoder_count(const struct recoder *r, enum encoding from);

void recoder_free(struct recoder *r);

#endif
