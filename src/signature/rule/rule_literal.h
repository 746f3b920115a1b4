/* rule_literal.h: text that whatever a regular expression matches must hold: a cheap first look. */
#ifndef SIGNATURE_RULE_LITERAL_H
#define SIGNATURE_RULE_LITERAL_H

#include "base/slice.h"

#include <stdbool.h>

enum { RULE_LITERAL_LIMIT = 32 }; /* bytes; of longer literals the beginning is enough */

/* With bit 0x20 set in every byte, which makes letters lower case; empty: the expression asks for
 * no certain text. */
struct rule_literal {
    char text[RULE_LITERAL_LIMIT];
    unsigned char len;
    char first[16], middle[16], last[16]; /* those bytes of it, sixteen times each */
};

/*
 * rule_literal_of(regex):
 * The longest text that stands in ${regex} (PCRE2 syntax, known to compile) outside of groups,
 * classes and alternatives and is not optional. Where a construct is not understood the answer is
 * empty: a first look may let too much pass, never too little.
 */
struct rule_literal rule_literal_of(struct slice regex);

/* Does ${text} hold the literal, whatever the case of ASCII letters? Sixteen places at a time where
 * the processor can. */
bool rule_literal_in(const struct rule_literal *literal, struct slice text);

#endif
