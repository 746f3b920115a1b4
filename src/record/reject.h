/* reject.h: why a line is no record though it should be. */
#ifndef RECORD_REJECT_H
#define RECORD_REJECT_H

/* Why a line is rejected. */
enum reject {
    REJECT_NONE,
    REJECT_SHAPE,    /* the line does not have the format's shape */
    REJECT_TIME,     /* its time cannot be read */
    REJECT_HOST,     /* no host where the format has one */
    REJECT_NUMBER,   /* a number is none */
    REJECT_TOO_LONG, /* beyond LINE_LIMIT_BYTES */
    REJECT_CLIENT,   /* neither user nor client */
    REJECT_VALUE,    /* another column or key holds what it cannot */
    REJECT_COUNT
};

/* A short text for the account: "no such shape", … */
const char *reject_text(enum reject why);

#endif
