/* definition_parser.h: what the files that read definitions share; private to them. */
#ifndef FORMAT_DEFINITION_PARSER_H
#define FORMAT_DEFINITION_PARSER_H

#include "base/error.h"
#include "base/slice.h"
#include "format/format.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    RULE_LIMIT = 96,
    STEP_LIMIT = 8,
    ARG_LIMIT = 64,
    NOTE_LIMIT = 16,
    KEYWORD_LIMIT = 48,
    CONTINUED_LIMIT = 64
};

/* Where something stands in the definition; line 0: nowhere. */
struct place {
    size_t line, column;
};

/* The definition being read. */
struct parser {
    struct format *f;
    struct arena lists; /* those of the format, until it is known how long they are */
    struct slice line;  /* the whole line, for columns of messages */
    size_t number;
    const char *joined; /* a line that goes on in others, put together; NULL: none */
    size_t begins[CONTINUED_LIMIT], continued; /* where in it these others begin */
    struct slice rest;                         /* what is left of it */
    struct slice notes[NOTE_LIMIT];
    bool has_time;  /* a rule for ts stood there */
    bool generated; /* the line is made of a server's log format, not the author's */
    struct place seen[KEYWORD_LIMIT]; /* where keywords stood first */
    struct error *err;
};

/* Note the failure `FILE:LINE:COLUMN: what 'subject'` at the place ${at} of the line; without a
 * subject, a ", not" or colon at the end of ${what} is left out. Returns: false. */
bool parser_fail(struct parser *p, const char *at, const char *what, struct slice subject);

/*
 * parser_fail_name(p, word, what, help, name_at):
 * The same of a ${word} that is none of the names ${name_at} gives, up to its first NULL: with the
 * name that is near, if any, and where they are listed.
 */
bool parser_fail_name(struct parser *p, struct slice word, const char *what, const char *help,
                      const char *(*name_at)(size_t index));

/* Returns: false. */
bool parser_fail_memory(struct parser *p);

void parser_skip_blanks(struct parser *p);

/* The next word, up to a blank; empty at the end of the line. */
struct slice parser_word(struct parser *p);

/* A word or a text in quotes, with \" and \\ undone; ${quoted} tells. */
bool parser_token(struct parser *p, struct slice *out, bool *quoted);

/* The slot of the column ${name}, given now where it had none; -1 with a message. */
int parser_slot(struct parser *p, struct slice name);

/* The rest of a line `alias COLUMN NAME …`: other names that logs give the column. */
bool parser_alias(struct parser *p);

/* Can the field have that value? Says no only for actions and kinds, whose words are few. */
bool parser_fits(enum field field, struct slice value);

/* What is wrong where it cannot: "expected …, not". */
const char *parser_values(enum field field);

/* The record kind of that name. Returns: false where there is none. */
bool parser_kind(struct slice text, enum record_kind *kind);

/* 1 << its kind, 0 for a text that is none. */
unsigned parser_kind_bit(struct slice text);

/* The rest of the lines `record`, `open`, `reply` …: the template of a shape of that role. */
bool parser_shape(struct parser *p, enum shape_role role);

/* The rest of a line `news PATTERN`. */
bool parser_news(struct parser *p);

/* The rest of a line `set FIELD VALUE`. */
bool parser_set(struct parser *p);

/* The rest of a line `join COLUMN …`; the column @host is the host that the line names. */
bool parser_join(struct parser *p);

/* The rest of a line `where COLUMN "glob" …`: lines that do not match (${negated}: that do) are
 * passed over, or with ${rejects} rejected. */
bool parser_condition(struct parser *p, bool negated, bool rejects);

/* The rest of a line `heading COLUMN "Other" …`. */
bool parser_heading(struct parser *p);

/* The rest of a line that begins with the keyword ${word}. */
bool parser_keyword(struct parser *p, struct slice word);

/* At the end: does every keyword belong to the decoder? */
bool parser_check_keywords(struct parser *p);

/* A line of the definition; it counts as line `number`. */
bool parser_line(struct parser *p, struct slice line);

/* The rest of a mapping line FIELD = COLUMN STEP …; the sign is behind us. */
bool parser_rule(struct parser *p, enum field field);

#endif
