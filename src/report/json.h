/* json.h: JSON text, one value after the other; owns commas and escapes. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* Zero-initialise but for `out`. `pretty`: a value a line, indented; else all on one line. */
struct json {
    struct buf *out;
    bool pretty;
    bool after_value; /* a comma is due before the next value */
    bool after_key;   /* the value of a key is due */
    unsigned depth;
};

/* ${bracket} is `{` or `[`, and its counterpart at the end. */
void json_open(struct json *j, char bracket);
void json_close(struct json *j, char bracket);

void json_key(struct json *j, const char *key);

/*
 * Text in quotes. The result is valid UTF-8 whatever the bytes are: a byte that is no UTF-8 stands
 * as the four characters \xNN (in JSON: \\xNN), so that different names stay different.
 */
void json_text(struct json *j, struct slice text);
void json_string(struct json *j, const char *text);
void json_number(struct json *j, uint64_t number);
void json_boolean(struct json *j, bool value);
void json_null(struct json *j);

/* A key with its value. There is none, and null stands for it, where ${text} is NULL or empty. */
void json_key_text(struct json *j, const char *key, struct slice text);
void json_key_string(struct json *j, const char *key, const char *text);
void json_key_number(struct json *j, const char *key, uint64_t number);

#endif
