/* import_lines.c: lists of a domain a line: v2fly, AdGuard, hosts and squidGuard. */
#include "signature/import/import_lines.h"

#include "net/address.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The next word of ${rest}, which shrinks by it; empty at the end. */
static struct slice next_word(struct slice *rest)
{
    struct slice word;
    size_t from = 0, to;

    while (from < rest->len && is_blank(rest->ptr[from]))
        from++;
    for (to = from; to < rest->len && !is_blank(rest->ptr[to]);)
        to++;
    word = slice_of(rest->ptr + from, to - from);
    *rest = slice_from(*rest, to);
    return word;
}

/* What stands before a `#`, trimmed. */
static struct slice without_comment(struct slice line)
{
    return slice_trim(slice_of(line.ptr, slice_find(line, '#')));
}

static void add(struct import *im, struct slice name, bool exact)
{
    const struct import_name n = {.name = name, .exact = exact, .role = im->source->role};

    import_add(im, &n);
}

/* --- v2fly --- */

/* Is it one that the list marks as advertising? */
static bool has_attribute(struct slice rest, const char *attribute)
{
    struct slice word;

    while ((word = next_word(&rest)).len > 0)
        if (slice_is(word, attribute))
            return true;
    return false;
}

void import_line_v2fly(struct import *im, struct slice line)
{
    struct slice rest = without_comment(line), rule = next_word(&rest), kind, value;
    struct import_name name = {.role = im->source->role};

    if (rule.len == 0) {
        import_remark(im);
        return;
    }
    if (!slice_cut(rule, ':', &kind, &value)) {
        value = kind;
        kind = SLICE("domain");
    }
    if (has_attribute(rest, "@ads"))
        name.role = ROLE_EMBED;
    name.name = value;
    name.exact = slice_is(kind, "full");
    if (name.exact || slice_is(kind, "domain"))
        import_add(im, &name);
    else if (slice_is(kind, "include"))
        import_skip(im, IMPORT_SKIP_INCLUDE);
    else if (slice_is(kind, "keyword"))
        import_skip(im, IMPORT_SKIP_KEYWORD);
    else if (slice_is(kind, "regexp"))
        import_skip(im, IMPORT_SKIP_REGEX);
    else
        import_skip(im, IMPORT_SKIP_NAME);
}

/* --- hosts --- */

void import_line_hosts(struct import *im, struct slice line)
{
    struct slice rest = without_comment(line), name = next_word(&rest);
    struct address address;

    if (name.len == 0) {
        import_remark(im);
        return;
    }
    name.len = slice_find(name, '%'); /* the interface of fe80::1%lo0 */
    if (!address_parse(name, &address)) {
        import_skip(im, IMPORT_SKIP_NAME);
        return;
    }
    while ((name = next_word(&rest)).len > 0)
        add(im, name, true);
}

/* --- AdGuard and Adblock Plus --- */

/* ## #@# #?# #$#: what follows is about elements of a page. */
static bool is_cosmetic(struct slice line)
{
    static const char *const marks[] = {"##", "#@#", "#?#", "#$#", "#%#", "$$"};

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (slice_find_slice(line, slice_of_string(marks[i])) < line.len)
            return true;
    return false;
}

/* Options that leave the meaning of a row as it is; false: it has others. */
static bool read_options(struct slice options, enum role *role)
{
    static const struct {
        const char *option;
        bool embed; /* loaded by other sites only */
    } known[] = {{"third-party", true}, {"3p", true},   {"important", false}, {"all", false},
                 {"document", false},   {"doc", false}, {"popup", false}};
    struct slice option;

    while (options.len > 0) {
        size_t i = 0;

        slice_cut(options, ',', &option, &options);
        while (i < sizeof known / sizeof *known && !slice_is(option, known[i].option))
            i++;
        if (i == sizeof known / sizeof *known)
            return false;
        if (known[i].embed)
            *role = ROLE_EMBED;
    }
    return true;
}

/* What follows `||`. */
static void add_anchored(struct import *im, struct slice rule, struct import_name *name)
{
    struct slice pattern, options;

    slice_cut(rule, '$', &pattern, &options);
    if (!read_options(options, &name->role)) {
        import_skip(im, IMPORT_SKIP_OPTION);
        return;
    }
    if (slice_starts_with(pattern, SLICE("*.")))
        pattern = slice_from(pattern, 2);
    name->name = slice_of(pattern.ptr, slice_find(pattern, '^'));
    pattern = slice_from(pattern, name->name.len);
    if (slice_find(name->name, '/') < name->name.len ||
        (pattern.len > 1 && !slice_is(pattern, "^|")))
        import_skip(im, IMPORT_SKIP_PATH);
    else if (slice_find(name->name, '*') < name->name.len ||
             (name->name.len > 0 && name->name.ptr[name->name.len - 1] == '.'))
        import_skip(im, IMPORT_SKIP_KEYWORD);
    else
        import_add(im, name);
}

/* A rule without `||`: a host by itself, a part of a name, or a path. */
static void add_plain(struct import *im, struct slice rule, struct import_name *name)
{
    struct slice rest = rule, word = next_word(&rest);
    struct address address;

    if (address_parse(word, &address) && rest.len > 0) {
        import_line_hosts(im, rule);
    } else if (slice_find(rule, '/') < rule.len || rule.ptr[0] == '|') {
        import_skip(im, IMPORT_SKIP_PATH);
    } else if (slice_find(rule, '*') < rule.len || slice_find(rule, '^') < rule.len ||
               slice_find(rule, '$') < rule.len) {
        import_skip(im, IMPORT_SKIP_KEYWORD);
    } else {
        name->name = rule;
        name->exact = true;
        import_add(im, name);
    }
}

void import_line_adguard(struct import *im, struct slice line)
{
    struct import_name name = {.role = im->source->role};

    line = slice_trim(line);
    if (line.len == 0 || line.ptr[0] == '!' || line.ptr[0] == '[' ||
        (line.ptr[0] == '#' && !is_cosmetic(line))) {
        import_remark(im);
        return;
    }
    if (is_cosmetic(line)) {
        import_skip(im, IMPORT_SKIP_COSMETIC);
        return;
    }
    name.exception = slice_starts_with(line, SLICE("@@"));
    if (name.exception)
        line = slice_from(line, 2);
    if (slice_starts_with(line, SLICE("||")))
        add_anchored(im, slice_from(line, 2), &name);
    else if (line.len > 1 && line.ptr[0] == '/' &&
             slice_find(slice_from(line, 1), '/') < line.len - 1)
        import_skip(im, IMPORT_SKIP_REGEX);
    else if (line.len == 0)
        import_skip(im, IMPORT_SKIP_NAME);
    else
        add_plain(im, line, &name);
}

/* --- squidGuard, Squid and dnsmasq --- */

/* dnsmasq: address=/name/name/0.0.0.0, server=/name/. False: it is no such line. */
static bool add_between_slashes(struct import *im, struct slice line)
{
    struct slice key, rest, name;

    if (!slice_cut(line, '=', &key, &rest) || !slice_starts_with(rest, SLICE("/")))
        return false;
    rest = slice_from(rest, 1);
    do {
        slice_cut(rest, '/', &name, &rest);
        add(im, name, false);
    } while (slice_find(rest, '/') < rest.len);
    return true;
}

static bool is_expression(struct slice line)
{
    static const char marks[] = "()[]|\\^$+?";

    for (size_t i = 0; i < line.len; i++)
        if (line.ptr[i] != '\0' && strchr(marks, line.ptr[i]) != NULL)
            return true;
    return false;
}

void import_line_squidguard(struct import *im, struct slice line)
{
    struct network network;
    const char *why;

    line = without_comment(line);
    if (slice_starts_with(line, SLICE(".")))
        line = slice_from(line, 1);
    if (line.len == 0)
        import_remark(im);
    else if (add_between_slashes(im, line))
        return;
    else if (is_expression(line))
        import_skip(im, IMPORT_SKIP_REGEX);
    else if (network_parse(line, &network, &why))
        import_skip(im, IMPORT_SKIP_ADDRESS);
    else if (slice_find(line, '/') < line.len)
        import_skip(im, IMPORT_SKIP_PATH);
    else if (slice_find(line, '*') < line.len)
        import_skip(im, IMPORT_SKIP_KEYWORD);
    else
        add(im, line, false);
}
