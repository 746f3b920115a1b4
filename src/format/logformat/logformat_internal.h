/* logformat_internal.h: what the files that read format strings share. */
#ifndef FORMAT_LOGFORMAT_INTERNAL_H
#define FORMAT_LOGFORMAT_INTERNAL_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct parser;

enum { LOGFORMAT_PIECES = 160, LOGFORMAT_STAMPS = 8, LOGFORMAT_NAME_BYTES = 32 };

/* What a code gives. */
struct logformat_code {
    const char *code; /* without signs and modifiers */
    const char *hole; /* what the column is called; its class behind a colon */
};

/* A mapping line for the columns that a string has. */
struct logformat_rule {
    const char *line;   /* FIELD = COLUMN STEPS; @ stands for undoing the column's escapes. Left out
                           where one of its columns is not there */
    const char *unless; /* left out where that column is there; NULL: never */
};

/* Times, by what they are in `struct logformat_piece`. */
enum logformat_time {
    LOGFORMAT_NO_TIME,
    LOGFORMAT_EPOCH, /* seconds */
    LOGFORMAT_EPOCH_MS,
    LOGFORMAT_EPOCH_US,
    LOGFORMAT_FRACTION, /* digits of a second, alone */
    LOGFORMAT_STAMP     /* `pattern` */
};

/* One part of a format string. Texts are borrowed from the definition. */
struct logformat_piece {
    bool is_code;
    struct slice text; /* of a literal; the code with its argument otherwise */
    struct slice code, argument;
    const char *undo;  /* the conversions that undo its quoting, joined by blanks */
    const char *class; /* of its hole, where that of its code will not do; NULL: that will */
    char open;         /* the quote or bracket of the string that it stands in; NUL: none */
    bool escaped;      /* a quote in it has a backslash before it */
    bool padded;       /* blanks may stand before or behind it */
    bool bracketed;    /* the value stands in [ ] of its own */
    bool quoted;       /* … in quotes of its own */
    bool vanishes;     /* where it is empty, the blank behind it is missing, too */
    enum logformat_time time;
    struct slice pattern; /* as strftime, of LOGFORMAT_STAMP; %f: digits of a second */
    bool utc;             /* it is of no zone but UTC */
    bool zone_may_follow; /* +0000 behind a blank */
};

/* A string being read. */
struct logformat_scan {
    struct slice rest;
    struct logformat_piece *piece; /* to be filled */
    const char *why;               /* what is wrong with it */
    bool *quotes; /* values are in quotes from here on, unless they say otherwise */
};

/* How one server writes its strings. */
struct logformat_dialect {
    const char *keyword;
    const char *undo;                              /* of values whose code says nothing else */
    const char *undo_in_quotes, *undo_in_brackets; /* where they stand in those; NULL: as well */
    bool escapes_quotes; /* … puts a backslash before quotes in quotes */
    char sign;           /* that codes begin with */
    /* The string itself from the rest of its line; ${out} has room for all of it. Returns: NULL, or
     * what is wrong. */
    const char *(*unwrap)(struct slice line, struct buf *out);
    /* The code that the sign stands before: fills `piece`, moves on. Returns: false, `why` says. */
    bool (*take)(struct logformat_scan *scan);
    const struct logformat_code *codes; /* the one without a code ends them */
    const struct logformat_rule *rules; /* the one without a line ends them */
};

extern const struct logformat_dialect logformat_squid;
extern const struct logformat_dialect logformat_apache;
extern const struct logformat_dialect logformat_apache_custom;
extern const struct logformat_dialect logformat_nginx;
extern const struct logformat_dialect logformat_nginx_raw;
extern const struct logformat_dialect logformat_haproxy;

/* Does NAME 'STRING' … go on behind its ${line}? */
bool logformat_nginx_goes_on(struct slice line);

/* Does it escape nothing? */
bool logformat_nginx_is_raw(struct slice line);

/* {argument} at the begin of the rest, into ${out}; nothing where there is none. Returns: false
 * where it is not closed. */
bool logformat_take_argument(struct logformat_scan *scan, struct slice *out);

/* Letters, digits and what ${more} has, from the begin of the rest. */
struct slice logformat_take_word(struct logformat_scan *scan, const char *more);

/* A request's header, named by the argument, that means something gets a code of its own: agent,
 * host_header, forwarded. */
void logformat_name_header(struct logformat_piece *piece);

/* A code that is a time. */
struct logformat_time_code {
    const char *code;
    enum logformat_time time;
    const char *pattern; /* of LOGFORMAT_STAMP */
};

/* The time that the code stands for, if it is one of ${times}; the one without a code ends them. */
void logformat_read_time(struct logformat_piece *piece, const struct logformat_time_code *times);

/* What strftime writes, as a time pattern of definitions. */
struct logformat_stamp {
    struct buf pattern;
    bool has_date, has_clock, has_zone, is_epoch;
    bool names_zone; /* by letters, where the pattern has %z: they may be unknown */
};

/* Returns: NULL, or what of it cannot be read. The caller frees the pattern. */
const char *logformat_stamp_of(struct slice format, struct logformat_stamp *out);

/* A column of the record. */
struct logformat_column {
    char name[LOGFORMAT_NAME_BYTES];
    const char *undo;
};

/* A time among them. */
struct logformat_when {
    struct buf columns; /* joined by + */
    const struct logformat_piece *piece;
    struct logformat_stamp parts; /* of LOGFORMAT_STAMP */
};

/* A definition being made of a format string. */
struct logformat_builder {
    struct parser *p;
    const struct logformat_dialect *dialect;
    struct logformat_piece pieces[LOGFORMAT_PIECES];
    size_t count;
    struct buf record; /* the template, then each other line */
    struct logformat_column columns[LOGFORMAT_PIECES];
    size_t column_count;
    struct logformat_when whens[LOGFORMAT_STAMPS];
    size_t when_count;
};

/* The failure ${why}; ${subject} is where it stands first on the line, if it does. Returns: false.
 */
bool logformat_fail(struct logformat_builder *b, const char *why, struct slice subject);

/* Read one of the lines made, and empty it, as if it stood in the definition. */
bool logformat_put_line(struct logformat_builder *b, struct buf *line);

/* The string ${text} as pieces, what belongs to one time joined. */
bool logformat_split(struct logformat_builder *b, struct slice text);

/* The pieces as lines `record`, and their columns. */
bool logformat_put_record(struct logformat_builder *b);

/* NULL where there is none of that name. */
const struct logformat_column *logformat_find_column(const struct logformat_builder *b,
                                                     struct slice name);

/* The mapping lines for `ts`. */
bool logformat_put_times(struct logformat_builder *b);

#endif
