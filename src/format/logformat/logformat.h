/* logformat.h: a server's own format string as a definition. */
#ifndef FORMAT_LOGFORMAT_H
#define FORMAT_LOGFORMAT_H

#include "base/slice.h"

#include <stdbool.h>

struct parser;

/* Does the line of a format string go on in the next: nginx's until its semicolon, the others'
 * behind a backslash? */
bool logformat_goes_on(struct slice line);

/*
 * logformat_parse(keyword, p, known):
 * Is ${keyword} that of a server's format line: `logformat` (Squid), `LogFormat` (Apache),
 * `log_format` (nginx) or `log-format` (HAProxy)? ${known} tells. Then the rest of the line, as it
 * stands in the server's configuration, becomes lines of the definition: the decoder template, its
 * `record`, and a mapping line for each field that the string gives; mapping lines that stand
 * before it win.
 * Sources: Squid's squid.conf "logformat", Apache's mod_log_config and mod_logio, nginx's
 * ngx_http_log_module and ngx_stream_log_module, HAProxy's configuration manual 8.2.4.
 * Errors:  as parser_fail: an unfinished code, a time that cannot be read, no code at all.
 */
bool logformat_parse(struct slice keyword, struct parser *p, bool *known);

#endif
