/* template_test.c: what a look ahead leaves out would have failed: the same as trying every end of
 * every hole. */
#include "format/decoder/template.h"

#include "base/word.h"
#include "format/decoder/trail.h"
#include "format/format.h"
#include "format/testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum {
    TEMPLATES = 6000,
    LINES = 120,
    LINE_BYTES = 14,
    PARTS = 7,
    TRIES = 256,
    TIMED_LINES = 100000
};

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* --- the slow way --- */

static bool is_one_of(char c, const char *bytes)
{
    return c != '\0' && strchr(bytes, c) != NULL;
}

static bool is_address(struct slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (is_one_of(s.ptr[i], "0123456789abcdefABCDEF.:"))
            continue;
        if (s.ptr[i] != '%')
            return false;
        while (++i < s.len)
            if (is_one_of(s.ptr[i], " \t#/"))
                return false;
    }
    return true;
}

static bool is_time(struct slice s)
{
    int blanks = 0;

    for (size_t i = 0; i < s.len; i++) {
        blanks += is_one_of(s.ptr[i], " \t");
        if (is_one_of(s.ptr[i], "[(<"))
            return false;
    }
    return blanks <= 1 && (s.len == 0 || is_one_of(s.ptr[0], "0123456789"));
}

static bool has_none_of(struct slice s, const char *bytes)
{
    for (size_t i = 0; i < s.len; i++)
        if (is_one_of(s.ptr[i], bytes))
            return false;
    return true;
}

static bool is_of_class(enum hole_class class, struct slice s)
{
    switch (class) {
    case HOLE_WORD: return has_none_of(s, " \t");
    case HOLE_NAME: return has_none_of(s, " \t:.#/%[]()<>'\"+\\");
    case HOLE_ADDRESS: return is_address(s);
    case HOLE_TIME: return is_time(s);
    case HOLE_NUMBER:
    case HOLE_COUNT:
    case HOLE_QUOTED:
    case HOLE_TEXT: break;
    }
    return true;
}

/* What is left of the line, and where holes go. */
struct naive {
    const struct template_item *items;
    struct slice *slots;
    unsigned *tries;
};

static bool naive_match(const struct naive *n, size_t at, struct slice rest);

/* A hole of ${len} bytes, and what follows. */
static bool naive_hole(const struct naive *n, size_t at, struct slice rest, size_t len)
{
    const struct template_item *hole = &n->items[at];
    struct slice part = slice_of(rest.ptr, len);

    if ((len == 0 && hole->class != HOLE_TEXT && hole->class != HOLE_QUOTED && hole->slot >= 0) ||
        !is_of_class(hole->class, part) || !naive_match(n, at + 1, slice_from(rest, len)))
        return false;
    if (hole->slot >= 0)
        n->slots[hole->slot] = part;
    return true;
}

static bool naive_number(const struct naive *n, size_t at, struct slice rest)
{
    size_t len = n->items[at].class == HOLE_COUNT && rest.len > 0 && rest.ptr[0] == '-';

    while (len < rest.len && is_one_of(rest.ptr[len], "0123456789"))
        len++;
    return len > 0 && naive_hole(n, at, rest, len);
}

static bool naive_quoted(const struct naive *n, size_t at, struct slice rest)
{
    size_t len = 0;

    while (len < rest.len && rest.ptr[len] != '"')
        len += rest.ptr[len] == '\\' && len + 1 < rest.len ? 2 : 1;
    return naive_hole(n, at, rest, len);
}

static bool naive_match(const struct naive *n, size_t at, struct slice rest)
{
    const struct template_item *item = &n->items[at];
    size_t len = 0;

    switch (item->kind) {
    case ITEM_END: return rest.len == 0;
    case ITEM_LITERAL:
        return slice_starts_with(rest, item->literal) &&
               naive_match(n, at + 1, slice_from(rest, item->literal.len));
    case ITEM_BLANK:
        while (len < rest.len && is_one_of(rest.ptr[len], " \t"))
            len++;
        return len > 0 && naive_match(n, at + 1, slice_from(rest, len));
    case ITEM_OPTIONAL:
        ++*n->tries;
        return naive_match(n, at + 1, rest) || naive_match(n, item->next, rest);
    case ITEM_HOLE: break;
    }
    if (item->class == HOLE_NUMBER || item->class == HOLE_COUNT)
        return naive_number(n, at, rest);
    if (item->class == HOLE_QUOTED)
        return naive_quoted(n, at, rest);
    for (; len <= rest.len; len++, ++*n->tries)
        if (naive_hole(n, at, rest, len))
            return true;
    return false;
}

/* --- random templates and lines --- */

/* Holes of every class, literals that they may hold, and optional parts. */
static void append_template(struct buf *out, uint32_t *random)
{
    static const char *const parts[] = {"{host}",
                                        "{url:text}",
                                        "{user:name}",
                                        "{client:address}",
                                        "{stamp:time}",
                                        "{code:number}",
                                        "{size:count}",
                                        "{agent:quoted}\"",
                                        "\"{agent:quoted}\"",
                                        "{:quoted}",
                                        "{}",
                                        "{:text}",
                                        "{:number}",
                                        "a",
                                        "a1",
                                        ":",
                                        "#",
                                        ": ",
                                        " ",
                                        " ",
                                        "("};
    unsigned open = 0, count = 1 + next_random(random) % PARTS;

    for (unsigned i = 0; i < count; i++) {
        if (next_random(random) % 4 == 0) {
            buf_append_string(out, "{?");
            open++;
        }
        buf_append_string(out, parts[next_random(random) % (sizeof parts / sizeof *parts)]);
        if (open > 0 && next_random(random) % 2 == 0) {
            buf_append_byte(out, '}');
            open--;
        }
    }
    for (; open > 0; open--)
        buf_append_byte(out, '}');
}

/* A definition whose first line is the template; the second has all holes, so that none lacks. */
static void append_definition(struct buf *out, uint32_t *random)
{
    buf_append_string(out, TESTING_HEAD("template") "record ");
    append_template(out, random);
    buf_append_string(out, "\nrecord ~{host} {url} {user} {client} {stamp} {code} {size} {agent}\n"
                           "host = host\nurl = url\nuser = user\nclient = client\n"
                           "method = stamp\nqtype = code\nbytes_down = size\nuser_agent = agent\n");
}

static const char BYTES[] = "aa112::  #(.%-b\t\"\"\\";

static size_t make_line(char *line, uint32_t *random)
{
    size_t len = next_random(random) % LINE_BYTES;

    for (size_t i = 0; i < len; i++)
        line[i] = BYTES[next_random(random) % (sizeof BYTES - 1)];
    return len;
}

static void check_slots(struct slice line, const struct slice *got, const struct slice *expected,
                        const char *definition)
{
    for (size_t i = 0; i < SLOT_LIMIT; i++)
        if (got[i].ptr != expected[i].ptr || got[i].len != expected[i].len)
            fail_msg("'%.*s': '%.*s', expected '%.*s'\n%s", SLICE_FMT(line), SLICE_FMT(got[i]),
                     SLICE_FMT(expected[i]), definition);
}

/* The ways to hold a line against the first template of ${f}: alone, from its lead on, and as the
 * decoder chooses among templates, also behind a line that did not fit the first of them. */
enum way { ALONE, BY_LEAD, BY_CHOICE, IN_DOUBT, WAYS };
enum { FOLLOWERS = 4, MUTANTS = 12 };

/* The ways that lines before went, one for each way to look whether the next goes them, and those
 * of the decoder, whose state begins with whether it is in doubt. */
static struct {
    struct trails trails[FOLLOWERS];
    bool *state;
    uint64_t gone; /* lines that went a trail */
} before;

static void forget(const struct format *f)
{
    memset(before.trails, 0, sizeof before.trails);
    free(before.state);
    before.state = calloc(1, f->decoder->state_size);
    assert_non_null(before.state);
}

static bool match_by(enum way way, const struct format *f, struct slice line, struct slice *slots)
{
    const struct shape *shape = &f->shapes[0];
    struct arena none = {0};

    if (way == BY_LEAD && shape->lead.mask != 0)
        return template_match_lead(shape->items, &shape->lead, line, template_second_word(line),
                                   slots, NULL);
    before.state[0] = way == IN_DOUBT; /* `looks` */
    if ((way == BY_CHOICE || way == IN_DOUBT) && line.len > 0)
        return f->decoder->cut(f, before.state, line, slots, &none) == 0;
    return template_match(shape->items, line, slots, NULL);
}

/* As lines before it went, if it fits so, else as found by trying. */
static void compare_trails(const struct format *f, struct slice line, bool fits,
                           const struct slice *expected, const char *definition)
{
    const struct shape *shape = &f->shapes[0];

    for (size_t n = 0; trail_follower_at(n) != NULL; n++) {
        struct slice got[SLOT_LIMIT] = {{NULL, 0}};
        struct trails *trails = &before.trails[n];
        unsigned hits = trails->ways[0].hits + trails->ways[1].hits;
        bool found;

        assert_true(n < FOLLOWERS);
        trails->follow = trail_follower_at(n);
        trails->misses = 0;
        found = shape->lead.mask != 0 ? template_match_lead(shape->items, &shape->lead, line,
                                                            template_second_word(line), got, trails)
                                      : template_match(shape->items, line, got, trails);
        if (found != fits)
            fail_msg("'%.*s' %s (follower %zu)\n%s", SLICE_FMT(line),
                     fits ? "fits" : "does not fit", n, definition);
        check_slots(line, got, expected, definition);
        before.gone += trails->ways[0].hits + trails->ways[1].hits > hits;
    }
}

static void compare(const struct format *f, struct slice line, const char *definition)
{
    struct slice expected[SLOT_LIMIT] = {{NULL, 0}}, kept[SLOT_LIMIT] = {{NULL, 0}};
    unsigned tries = 0;
    const struct naive naive = {f->shapes[0].items, expected, &tries};
    bool fits = naive_match(&naive, 0, line);

    if (tries > TRIES) /* a line that asks for too much does not fit */
        return;
    for (int way = 0; way < WAYS; way++) {
        struct slice got[SLOT_LIMIT] = {{NULL, 0}};

        if (match_by((enum way)way, f, line, got) != fits)
            fail_msg("'%.*s' %s (way %d)\n%s", SLICE_FMT(line), fits ? "fits" : "does not fit", way,
                     definition);
        check_slots(line, got, fits ? expected : kept, definition);
    }
    compare_trails(f, line, fits, fits ? expected : kept, definition);
}

/* The line and such as differ from it by a byte: they go its way, or nearly. */
static void compare_like(const struct format *f, char *line, size_t len, const char *definition,
                         uint32_t *random)
{
    compare(f, slice_of(line, len), definition);
    for (int i = 0; i < MUTANTS && len > 0; i++) {
        size_t at = next_random(random) % len;
        char was = line[at];

        line[at] = BYTES[next_random(random) % (sizeof BYTES - 1)];
        compare(f, slice_of(line, len), definition);
        if (i % 2 == 0)
            line[at] = was;
    }
}

static void test_random(void **state)
{
    uint32_t random = 1;
    size_t compiled = 0;

    (void)state;
    for (int t = 0; t < TEMPLATES; t++) {
        struct buf definition = {0};
        struct error err = {0};
        struct format *f;

        append_definition(&definition, &random);
        buf_append_byte(&definition, '\0');
        f = definition_parse("test.format", slice_of_string(definition.ptr), &err);
        if (f != NULL)
            forget(f);
        for (int i = 0; f != NULL && i < LINES; i++) {
            char line[LINE_BYTES + WIDE_SLACK] = {0};
            size_t len = make_line(line, &random);

            compare_like(f, line, len, definition.ptr, &random);
        }
        compiled += f != NULL;
        definition_free(f);
        buf_free(&definition);
    }
    assert_true(compiled > TEMPLATES / 2);
    assert_true(before.gone > TEMPLATES);
    free(before.state);
    before.state = NULL;
}

/* Words and what stands between them, as times have them. */
static void append_timed(struct buf *out, uint32_t *random)
{
    static const char *const parts[] = {"1", "1:1", "11-1", "a:", "1:", "a",  " ",   " ",
                                        " ", " ",   "  ",   "\t", "(",  "1(", "go ", "go "};

    for (uint32_t count = next_random(random) % 9; count > 0; count--)
        buf_append_string(out, parts[next_random(random) % (sizeof parts / sizeof *parts)]);
}

/* Lines of random words against the template. */
static void compare_timed(const struct format *f, const char *definition, uint32_t *random)
{
    struct buf line = {0};

    for (int i = 0; i < TIMED_LINES; i++) {
        char *padded;

        buf_reset(&line);
        append_timed(&line, random);
        padded = testing_pad(buf_slice(&line));
        memset(padded + line.len, i % 2 == 0 ? '1' : ' ', WIDE_SLACK); /* must not matter */
        if (i % 8 == 0)
            compare_like(f, padded, line.len, definition, random);
        else
            compare(f, slice_of(padded, line.len), definition);
        free(padded);
    }
    buf_free(&line);
}

/* Times before words that may be missing, which end is told by how the next word ends. */
static void test_times(void **state)
{
    static const char *const templates[] = {
        "{?{stamp:time} }{?{}: }{?{}: }go {host:text}", "{?{stamp:time} }{?{}: }go #{host}",
        "{stamp:time} {?{user:name}: }{?#}a{host:text}", "{stamp:time} {?a:}{?1:}go {host}"};
    uint32_t random = 1;
    size_t timed = 0;

    (void)state;
    for (size_t t = 0; t < sizeof templates / sizeof *templates; t++) {
        struct buf definition = {0};
        struct error err = {0};
        struct format *f;

        buf_printf(&definition, TESTING_HEAD("template") "record %s\n%s%c", templates[t],
                   "record ~{host} {user} {stamp}\nhost = host\nuser = user\nmethod = stamp\n",
                   '\0');
        f = definition_parse("test.format", slice_of_string(definition.ptr), &err);
        assert_non_null(f);
        forget(f);
        for (const struct template_item *i = f->shapes[0].items; i->kind != ITEM_END; i++)
            timed += i->match == MATCH_TIME;
        compare_timed(f, definition.ptr, &random);
        definition_free(f);
        buf_free(&definition);
    }
    assert_true(timed >= 3);
    free(before.state);
    before.state = NULL;
}

/* Lines in turn: what tells that an optional part is not there may stand behind a blank, or
 * several.
 */
static void test_blanks(void **state)
{
    static const char definition[] =
        TESTING_HEAD("template") "record {?(} {?{size:count}}{:text}\n"
                                 "record ~{host} {size}\nhost = host\nbytes_down = size\n";
    static const char *const lines[] = {" :", "  -  :", " -:", "   1", " 2", "\t:", "( :", "(  3"};
    struct error err = {0};
    struct format *f = definition_parse("test.format", SLICE(definition), &err);

    (void)state;
    assert_non_null(f);
    forget(f);
    for (size_t i = 0; i < 3 * sizeof lines / sizeof *lines; i++) {
        size_t at = i * 5 % (sizeof lines / sizeof *lines);
        char *padded = testing_pad(slice_of_string(lines[at]));

        compare(f, slice_of(padded, strlen(lines[at])), definition);
        free(padded);
    }
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char *padded = testing_pad(slice_of_string(lines[i]));

        compare(f, slice_of(padded, strlen(lines[i])), definition);
        free(padded);
    }
    definition_free(f);
    free(before.state);
    before.state = NULL;
}

/* A time costs a line as many tries as its ends that do not do, whichever way it is found. */
static void test_tries_of_times(void **state)
{
    static const char definition[] =
        TESTING_HEAD("template") "record {url:text}|{stamp:time} {?{code:number} }end {host}\n"
                                 "host = host\nurl = url\nmethod = stamp\nqtype = code\n";
    struct error err = {0};
    struct format *f = definition_parse("test.format", SLICE(definition), &err);

    (void)state;
    assert_non_null(f);
    for (unsigned bars = TRIES - 1; bars < TRIES + 3; bars++) {
        struct slice slots[SLOT_LIMIT] = {{NULL, 0}};
        struct buf line = {0};
        char *padded;

        for (unsigned i = 0; i < bars; i++)
            buf_append_string(&line, "x|");
        buf_append_string(&line, "2026-01-01 10:00PM 5 end line.me");
        padded = testing_pad(buf_slice(&line));
        assert_int_equal(
            template_match(f->shapes[0].items, slice_of(padded, line.len), slots, NULL),
            bars <= TRIES);
        free(padded);
        buf_free(&line);
    }
    definition_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random), cmocka_unit_test(test_times),
                                       cmocka_unit_test(test_blanks),
                                       cmocka_unit_test(test_tries_of_times)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
