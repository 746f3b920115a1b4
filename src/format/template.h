/* template.h: a compiled template, and holding a line against it. */
#ifndef FORMAT_TEMPLATE_H
#define FORMAT_TEMPLATE_H

#include "base/arena.h"
#include "base/slice.h"

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

enum { TEMPLATE_ITEMS = 320 };

/* Some of the 256 bytes, and perhaps the end of the line. */
struct byte_set {
    uint64_t bytes[4];
    bool end;
};

struct template_item {
    enum item_kind kind;
    enum hole_class class;
    struct slice literal;  /* of a literal */
    uint64_t head, mask;   /* of a literal: its first eight bytes */
    int slot;              /* of a hole, -1: nobody wants it */
    size_t next;           /* of an optional part: the item behind it */
    struct byte_set first; /* what it, or what follows where it may be empty, begins with */
    const bool *halts;     /* of a hole, by byte: what may stand behind it, and what it cannot hold;
                              NULL: it is few bytes */
    char halt[3];          /* these; one several times */
    bool sure; /* of a hole: it ends at the first byte that may follow, no later one will do */
    bool own;  /* … or where its class says, whatever follows */
    bool last; /* of a hole: nothing but perhaps a literal stands between it and the end of the line
                */
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

/* Where the second word of ${line} begins, or would. */
static inline const char *template_second_word(struct slice line)
{
    const char *p = line.ptr, *end = line.ptr + line.len;

    while (p < end && *p != ' ' && *p != '\t')
        p++;
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return p;
}

/* Work out `first` and what depends on it, of items that end with ITEM_END. Owns: ${arena}.
 * Returns: false where memory is out. */
bool template_prepare(struct template_item *items, size_t count, struct arena *arena);

/*
 * template_match(items, line, slots):
 * Holes take as little as they can, optional parts are there where they can be. Slots that the
 * template does not fill are left as they are; none is filled where the line does not fit.
 * ${line} has WIDE_SLACK readable bytes behind it. Takes a bounded time, whatever the line: one
 * that asks for more does not fit.
 */
bool template_match(const struct template_item *items, struct slice line, struct slice *slots);

/* As template_match for a template with a lead, its mask is not 0; ${second}: where the second word
 * of the line begins. Most lines that are none of it are told by eight bytes. */
bool template_match_lead(const struct template_item *items, const struct template_lead *lead,
                         struct slice line, const char *second, struct slice *slots);

#endif
