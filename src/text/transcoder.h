/* transcoder.h: what turns content that is no UTF-8 text into lines of UTF-8, piece by piece. */
#ifndef TEXT_TRANSCODER_H
#define TEXT_TRANSCODER_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

enum { TRANSCODER_SLACK = 64 }; /* bytes that convert may write behind its room */

/* One kind of content. ${self} is what create returned. */
struct transcoder {
    const char *name;
    /* Does content that begins with ${head} look like it? */
    bool (*match)(struct slice head);
    const char *refusal; /* why kage cannot read it, and what to do; NULL: it can */
    bool holds_others;   /* what it makes may be content of another kind again */
    /* NULL where memory is out. */
    void *(*create)(struct slice head);
    /*
     * Convert the begin of ${in}, which moves on, into ${room} bytes at ${out} and at most
     * TRANSCODER_SLACK more. ${at_end}: nothing comes behind ${in}.
     * Returns: the bytes written; 0 only where ${in} is used up.
     */
    size_t (*convert)(void *self, struct slice *in, bool at_end, char *out, size_t room);
    /* What was wrong with the content, once convert has made nothing at its end; NULL: all well. */
    const char *(*damage)(void *self);
    void (*destroy)(void *self);
};

/* The kind of the content that begins with ${head}; NULL for plain text. */
const struct transcoder *transcoder_find(struct slice head);

extern const struct transcoder utf16_transcoder;
extern const struct transcoder dnstap_transcoder;
extern const struct transcoder documents_transcoder;
extern const struct transcoder wrapped_transcoder;

#endif
