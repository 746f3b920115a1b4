/* error.h: the first failure of a call, with the context its callers add. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

enum error_code {
    ERROR_NONE,
    ERROR_USAGE,  /* the call is wrong: unknown option, impossible combination */
    ERROR_SYNTAX, /* a file that people write is wrong: signatures, definitions, configuration */
    ERROR_IO,     /* the system refused: open, read, write */
    ERROR_DATA,   /* an archive is damaged or fits no format */
    ERROR_LIMIT,  /* beyond a documented limit */
    ERROR_MEMORY, /* out of memory */
    ERROR_BUG     /* our own invariant is broken */
};

/* Zero-initialise before use. The first failure wins; later ones are ignored. */
struct error {
    enum error_code code;
    int sys_errno;   /* errno of an ERROR_IO, else 0 */
    char text[1024]; /* one line, no newline at its end, no control bytes */
};

/*
 * error_set(err, code, format, ...):
 * Note a failure. Does nothing where ${err} holds one already. Control bytes of the text become
 * `?`. Returns: false, always, so that a caller can `return error_set(…)`.
 */
bool error_set(struct error *err, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As error_set with ERROR_IO; ": " and the text of ${sys_errno} are added. Returns: false. */
bool error_set_errno(struct error *err, int sys_errno, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Out of memory. Returns: false. */
bool error_set_memory(struct error *err);

/* Put context in front of the text: "context: text". Does nothing where there is no failure.
 * Returns: false. */
bool error_context(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Forget the failure. */
void error_clear(struct error *err);

#endif
