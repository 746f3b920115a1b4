/* template.h: a compiled template, and holding a line against it. */
#ifndef FORMAT_TEMPLATE_H
#define FORMAT_TEMPLATE_H

#include "base/arena.h"
#include "base/slice.h"
#include "format/decoder/scan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A template is a list of items. `{name}` is a hole that takes bytes up to what follows it;
 * {name:text} may hold blanks, {name:number} only digits, {name:count} is a whole number, perhaps
 * below zero, or a - alone, {name:name} only letters, digits, - and _, {name:address} only what
 * stands in IP addresses, {name:quoted} goes on to a quote with no backslash before it; `{}` is a
 * hole that nobody wants. `{?…}` may
 * be there or not; `{{` and `}}` stand for braces. A blank stands for one or more blanks or tabs.
 */
enum item_kind { ITEM_LITERAL, ITEM_BLANK, ITEM_HOLE, ITEM_OPTIONAL, ITEM_END };
enum hole_class {
    HOLE_WORD,
    HOLE_TEXT,
    HOLE_NUMBER,
    HOLE_NAME,
    HOLE_ADDRESS,
    HOLE_TIME,
    HOLE_COUNT,
    HOLE_QUOTED
};

/* How an item is matched: of holes, where they end. */
enum item_match {
    MATCH_LITERAL,
    MATCH_BLANK,
    MATCH_OPTIONAL,
    MATCH_END,
    MATCH_DIGITS, /* at the first byte that is no digit */
    MATCH_QUOTED, /* at the first quote with no backslash before it */
    MATCH_WORD,   /* before the literal that ends at the first blank or with the line */
    MATCH_LINE,   /* before the literal that ends with the line */
    MATCH_HALT,   /* at the first byte that may follow: no later one will do */
    MATCH_TRIED,  /* at one of those, from the nearest on */
    MATCH_TIME    /* likewise, of a time that has `word` */
};

enum { TEMPLATE_ITEMS = 320, FEW_HALTS = 6 };

/* Some of the 256 bytes, and perhaps the end of the line. */
struct byte_set {
    uint64_t bytes[4];
    bool end;
};

/* Where a hole may end or must: at what may stand behind it, and at what it cannot hold. */
enum { BYTE_HALTS = 1, BYTE_HELD = 2 };
struct hole_halts {
    enum hole_class class;
    struct byte_set follow;             /* what may stand behind */
    const struct hole_halts *older;     /* those of other holes of the format */
    char few[FEW_HALTS][16];            /* bytes that halt, each sixteen times */
    unsigned count;                     /* of them; 0: they are many or none */
    unsigned char bytes[UINT8_MAX + 1]; /* each: BYTE_HALTS, BYTE_HELD where the hole may hold it */
};

/* An item is matched together with the text and blanks that always follow it. */
struct template_item {
    enum item_kind kind;
    enum hole_class class;
    enum item_match match;
    int slot;              /* of a hole, -1: nobody wants it */
    bool may_be_empty;     /* the hole */
    bool blank;            /* blanks stand behind it and its literal */
    bool commits;          /* of an optional part: where it may begin, what is behind it may not */
    struct slice literal;  /* of a literal; of a hole: all text up to the next item of other kind */
    uint64_t head, mask;   /* its first eight bytes */
    size_t next;           /* of an optional part: the item behind it */
    struct byte_set first; /* what it, or what follows where it may be empty, begins with */
    const struct template_item *then; /* what is matched next; for an optional part without it */
    const struct hole_halts *halts;   /* of a hole */
    const struct byte_set *word; /* of a time before blanks: what the next word ends with, where
                                    that tells more than its beginning; NULL: it does not */
};

/* A literal behind the first word, `{} literal`, or behind one that may be missing, `{?{}
 * }literal`: its first eight bytes tell most lines from those of the template. No mask: it begins
 * otherwise. */
struct template_lead {
    uint64_t head, mask;
    size_t behind;     /* the item behind the literal */
    bool may_be_first; /* the literal may also begin the line */
};

struct template_lead template_lead(const struct template_item *items);

/* The byte that every line of the template ends with; -1: there is none. */
int template_last_byte(const struct template_item *items);

/* The longest literal that every line of the template holds somewhere, the last of several; empty:
 * there is none. */
struct slice template_needle(const struct template_item *items);

/* Where the second word of ${line} begins, or would. It has WIDE_SLACK readable bytes behind it. */
static inline const char *template_second_word(struct slice line)
{
    const char *end = line.ptr + line.len;

    return scan_blanks(scan_either(line.ptr, end, ' ', '\t'), end);
}

/* Work out `first` and what depends on it, of items that end with ITEM_END. ${*halts}, at first
 * NULL: those of the templates before it in ${arena}, most of which holes have again. Owns:
 * ${arena}. Returns: false where memory is out. */
bool template_prepare(struct template_item *items, size_t count, const struct hole_halts **halts,
                      struct arena *arena);

struct trails;

/*
 * template_match(items, line, slots, trails):
 * Holes take as little as they can, optional parts are there where they can be. Slots that the
 * template does not fill are left as they are; none is filled where the line does not fit.
 * ${line} has WIDE_SLACK readable bytes behind it. Takes a bounded time, whatever the line: one
 * that asks for more does not fit. ${trails}: those of the template, for lines that go the way of
 * one before, or NULL; with them, slots that the template may fill are empty before.
 */
bool template_match(const struct template_item *items, struct slice line, struct slice *slots,
                    struct trails *trails);

/* As template_match for a template with a lead, its mask is not 0; ${second}: where the second word
 * of the line begins. Most lines that are none of it are told by eight bytes. */
bool template_match_lead(const struct template_item *items, const struct template_lead *lead,
                         struct slice line, const char *second, struct slice *slots,
                         struct trails *trails);

#endif
