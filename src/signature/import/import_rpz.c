/* import_rpz.c: zone files of response policies, a record a line. */
#include "signature/import/import_lines.h"

/* The next word of ${rest}, which shrinks by it; empty at the end. */
static struct slice next_word(struct slice *rest)
{
    struct slice word;

    *rest = slice_trim(*rest);
    word.ptr = rest->ptr;
    for (word.len = 0; word.len < rest->len; word.len++)
        if (rest->ptr[word.len] == ' ' || rest->ptr[word.len] == '\t')
            break;
    *rest = slice_from(*rest, word.len);
    return word;
}

static struct slice keep(struct import *im, struct slice text)
{
    struct slice copy = arena_copy(&im->out->arena, text);

    im->failed = im->failed || copy.ptr == NULL;
    return copy;
}

static struct slice without_dot(struct slice name)
{
    if (name.len > 0 && name.ptr[name.len - 1] == '.')
        name.len--;
    return name;
}

static bool is_absolute(struct slice name)
{
    return name.len > 0 && name.ptr[name.len - 1] == '.';
}

/* ${name} below the zone's own: what the policy is about. */
static struct slice relative(const struct import *im, struct slice name)
{
    if (!is_absolute(name))
        return name;
    name = without_dot(name);
    if (im->origin.len > 0 && name.len > im->origin.len && slice_ends_with(name, im->origin) &&
        name.ptr[name.len - im->origin.len - 1] == '.')
        name.len -= im->origin.len + 1;
    return name;
}

/* Numbers (with the units of times) and classes stand before the type. */
static bool is_before_type(struct slice word)
{
    return word.len > 0 &&
           ((word.ptr[0] >= '0' && word.ptr[0] <= '9') || slice_equal_nocase(word, SLICE("IN")));
}

/* rpz-ip and the like: the owner is no name that is asked for. */
static bool is_other_trigger(struct slice name)
{
    static const char *const ends[] = {"rpz-ip", "rpz-nsip", "rpz-client-ip", "rpz-nsdname"};

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (slice_ends_with(name, slice_of_string(ends[i])))
            return true;
    return false;
}

static void take_rule(struct import *im, struct slice target)
{
    struct slice owner = relative(im, im->owner);
    struct import_name name = {.role = im->source->role, .exact = true};

    if (is_other_trigger(owner)) {
        import_skip(im, IMPORT_SKIP_TRIGGER);
        return;
    }
    if (slice_starts_with(owner, SLICE("*."))) {
        name.exact = false;
        owner = slice_from(owner, 2);
    }
    name.name = owner;
    name.exception = slice_equal_nocase(target, SLICE("rpz-passthru.")) ||
                     slice_equal(without_dot(target), owner);
    import_add(im, &name);
}

static void take_record(struct import *im, struct slice type, struct slice rest)
{
    static const char *const data[] = {"CNAME", "A", "AAAA", "TXT", "MX", "DNAME"};

    if (slice_equal_nocase(type, SLICE("SOA"))) {
        if (im->origin.len == 0 && is_absolute(im->owner))
            im->origin = keep(im, without_dot(im->owner));
        im->in_soa = slice_find(rest, '(') < rest.len && slice_find(rest, ')') == rest.len;
        import_remark(im);
        return;
    }
    for (size_t i = 0; i < sizeof data / sizeof *data; i++)
        if (slice_equal_nocase(type, slice_of_string(data[i]))) {
            take_rule(im, next_word(&rest));
            return;
        }
    if (type.len == 0)
        import_skip(im, IMPORT_SKIP_NAME);
    else
        import_remark(im); /* NS and what else a zone has of its own */
}

/* $ORIGIN is the only one that changes names. */
static void take_directive(struct import *im, struct slice line)
{
    struct slice word = next_word(&line);

    if (slice_equal_nocase(word, SLICE("$ORIGIN")))
        im->origin = keep(im, without_dot(next_word(&line)));
    if (slice_equal_nocase(word, SLICE("$INCLUDE")))
        import_skip(im, IMPORT_SKIP_INCLUDE);
    else
        import_remark(im);
}

void import_line_rpz(struct import *im, struct slice line)
{
    bool same_owner = line.len > 0 && (line.ptr[0] == ' ' || line.ptr[0] == '\t');
    struct slice rest = slice_of(line.ptr, slice_find(line, ';')), type;

    if (im->in_soa || slice_trim(rest).len == 0) {
        im->in_soa = im->in_soa && slice_find(rest, ')') == rest.len;
        import_remark(im);
        return;
    }
    if (rest.ptr[0] == '$') {
        take_directive(im, rest);
        return;
    }
    if (!same_owner)
        im->owner = keep(im, next_word(&rest));
    do
        type = next_word(&rest);
    while (is_before_type(type));
    if (!im->failed)
        take_record(im, type, rest);
}
