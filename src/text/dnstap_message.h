/* dnstap_message.h: one dnstap message into the words of a line. */
#ifndef TEXT_DNSTAP_MESSAGE_H
#define TEXT_DNSTAP_MESSAGE_H

#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

enum { DNSTAP_ASKED = 1024 };      /* questions kept */
enum { DNSTAP_LINE_BYTES = 1536 }; /* the longest line: a name of 255 bytes, each as \DDD */

struct dnstap_line {
    char bytes[DNSTAP_LINE_BYTES];
    size_t len;
};

/* A question as on the wire: name, type, class. */
struct dnstap_question {
    unsigned char bytes[255 + 4];
    uint16_t len; /* 0: none */
};

/* Who asked what lately, for answers that do not repeat the question (Unbound refuses so);
 * zero-initialise. A newer question takes the place of an older one of the same hash. */
struct dnstap_asked {
    struct dnstap_place {
        unsigned char client[16];
        size_t client_len;
        uint64_t port;
        unsigned id;
        struct dnstap_question question;
    } places[DNSTAP_ASKED];
};

/*
 * dnstap_line_of(asked, frame, out):
 * Write the line of the message ${frame}, its newline included, into ${out}.
 * Returns: NULL, or what is wrong with the message (the line says so too).
 */
const char *dnstap_line_of(struct dnstap_asked *asked, struct slice frame, struct dnstap_line *out);

#endif
