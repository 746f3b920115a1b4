/* rule_detail.h: the part of a query that a rule keeps as tenant: which torrent, which account. */
#ifndef SIGNATURE_RULE_DETAIL_H
#define SIGNATURE_RULE_DETAIL_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>

/* The column `detail`: "info_hash hex", "account"; several words are for people and keep nothing.
 */
struct rule_detail {
    struct slice parameter; /* of the query; empty: none */
    bool hex;               /* its bytes as hexadecimal digits */
};

struct rule_detail rule_detail_of(struct slice text);

/*
 * rule_detail_append(detail, url, out):
 * The parameter's value in ${url}, percent-decoded, to the end of ${out}. As hexadecimal digits 20
 * bytes become 40; a value that is written as 40 or more digits already is kept, in lower case (the
 * info_hash of BEP 3, and of clients that differ from it). Control bytes and bytes above 127 make
 * digits of any value. Nothing where the parameter is not there or longer than a tenant may be.
 */
void rule_detail_append(const struct rule_detail *detail, struct slice url, struct buf *out);

#endif
