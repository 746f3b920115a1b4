/* dnstap.h: a stream of dnstap frames into one line of text a frame. */
#ifndef TEXT_DNSTAP_H
#define TEXT_DNSTAP_H

#include "base/slice.h"

#include <stdbool.h>

/*
 * The content is a Frame Stream (github.com/farsightsec/fstrm, one- or two-way, several behind one
 * another too) of protobuf messages (dnstap.info, dnstap.proto). Frame n becomes line n, in words
 * that the definition `dnstap` reads:
 *
 *     dnstap CLIENT_QUERY SECONDS.NANOSECONDS CLIENT PORT ID NAME CLASS TYPE RCODE POLICY
 *     dnstap CLIENT_RESPONSE …
 *     dnstap other TYPE             what is no client's question, or has none
 *     dnstap damaged REASON         no such message
 *
 * with - for what a message lacks, names in lower case and escaped as in zone files (\DDD, \.).
 * A damaged frame is told by damage(), so is a stream that is cut off. libfstrm reads no two
 * streams in one file and says neither where nor why it fails; protobuf-c allocates each message
 * and would bring a code generator into the build: both are read here, within bounds.
 */

/* Is ${head} the begin of a Frame Stream of another content than dnstap? */
bool dnstap_is_foreign(struct slice head);

#endif
