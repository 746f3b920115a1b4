/* options.c: GNU-style command lines from tables of options. */
#include "options.h"

#include "base/buf.h"

enum { WORD_LIMIT = 64 }; /* longer words are not compared */

bool text_list_add(struct text_list *list, struct arena *arena, const char *text)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 8 : list->capacity * 2;
        const char **texts = ARENA_NEW(arena, const char *, capacity);

        if (texts == NULL)
            return false;
        for (size_t i = 0; i < list->count; i++)
            texts[i] = list->texts[i];
        list->texts = texts;
        list->capacity = capacity;
    }
    list->texts[list->count++] = text;
    return true;
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;

    return least < c ? least : c;
}

/* Both stand for themselves: main has dealt with them where they are written in full. */
static const char *const general_names[] = {"help", "version"};

enum { GENERAL_NAMES = sizeof general_names / sizeof *general_names };

static char lower(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return c;
}

/* Letters to change, add or take away until ${a} is ${b} but for case (Levenshtein). */
static size_t edit_distance(struct slice a, struct slice b)
{
    size_t row[WORD_LIMIT + 1];

    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t change = diagonal + (lower(a.ptr[i - 1]) == lower(b.ptr[j - 1]) ? 0 : 1);

            diagonal = row[j];
            row[j] = smallest(row[j] + 1, row[j - 1] + 1, change);
        }
    }
    return row[b.len];
}

void nearest_offer(struct nearest *n, const char *candidate)
{
    struct slice text = slice_of_string(candidate);
    size_t distance, letters;

    if (text.len > WORD_LIMIT || n->word.len > WORD_LIMIT || n->word.len == 0)
        return;
    distance = letters = edit_distance(n->word, text);
    if (slice_starts_with(text, n->word) && distance > 1)
        distance = 1;
    if (distance <= 1 + n->word.len / 4 && (n->best == NULL || distance < n->distance ||
                                            (distance == n->distance && letters < n->letters))) {
        n->best = candidate;
        n->distance = distance;
        n->letters = letters;
    }
}

const struct option_row *options_find(const struct options *o, struct slice name,
                                      const struct option_group **group)
{
    for (size_t g = 0; g < o->group_count; g++)
        for (const struct option_row *row = o->groups[g].rows; row->name != NULL; row++)
            if (slice_is(name, row->name)) {
                *group = &o->groups[g];
                return row;
            }
    return NULL;
}

static const struct option_row *find_letter(const struct options *o, char letter,
                                            const struct option_group **group)
{
    for (size_t g = 0; g < o->group_count; g++)
        for (const struct option_row *row = o->groups[g].rows; row->name != NULL; row++)
            if (row->letter == letter) {
                *group = &o->groups[g];
                return row;
            }
    return NULL;
}

static void *target_of(const struct options *o, const struct option_group *group,
                       const struct option_row *row)
{
    return (char *)o->arguments + group->offset + row->offset;
}

static bool parse_flag(const char *text, bool *out)
{
    static const char *const words[] = {"no", "yes", "off", "on", "false", "true", "0", "1"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_is(slice_of_string(text), words[i])) {
            *out = i % 2 == 1;
            return true;
        }
    return false;
}

bool options_set(const struct options *o, const struct option_group *group,
                 const struct option_row *row, const char *text, struct error *err)
{
    void *target = target_of(o, group, row);

    switch (row->type) {
    case OPTION_FLAG:
        return parse_flag(text, target) ||
               error_set(err, ERROR_USAGE, "%s: '%s': expected yes or no", row->name, text);
    case OPTION_TEXT:
        *(const char **)target = text;
        return text[0] != '\0' ||
               error_set(err, ERROR_USAGE, "--%s: '': expected %s", row->name, row->argument);
    case OPTION_LIST: return text_list_add(target, o->arena, text) || error_set_memory(err);
    case OPTION_LATER: break;
    }
    return error_set(err, ERROR_USAGE, "--%s: this version does not have it yet", row->name);
}

bool options_value(const struct options *o, const struct option_group *group,
                   const struct option_row *row, size_t index, const char **out)
{
    const void *target = target_of(o, group, row);
    const struct text_list *list;

    *out = NULL;
    switch (row->type) {
    case OPTION_FLAG:
        if (index == 0 && *(const bool *)target)
            *out = "yes";
        break;
    case OPTION_TEXT:
        if (index == 0)
            *out = *(const char *const *)target;
        break;
    case OPTION_LIST:
        list = target;
        if (index < list->count)
            *out = list->texts[index];
        break;
    case OPTION_LATER: break;
    }
    return *out != NULL;
}

/* Names that an abbreviation may stand for. */
struct candidates {
    const struct option_row *row; /* the last one found; NULL: none, or a general name */
    const struct option_group *group;
    struct buf names; /* "--a, --b" */
    size_t count;
};

static void add_candidate(struct candidates *c, struct slice name, const char *candidate)
{
    if (!slice_starts_with(slice_of_string(candidate), name))
        return;
    buf_printf(&c->names, "%s--%s", c->count == 0 ? "" : ", ", candidate);
    c->count++;
}

static struct candidates find_candidates(const struct options *o, struct slice name)
{
    struct candidates c = {0};

    for (size_t g = 0; g < o->group_count; g++)
        for (const struct option_row *row = o->groups[g].rows; row->name != NULL; row++) {
            size_t before = c.count;

            if (row->type != OPTION_LATER)
                add_candidate(&c, name, row->name);
            if (c.count == before)
                continue;
            c.row = row;
            c.group = &o->groups[g];
        }
    for (size_t i = 0; i < GENERAL_NAMES; i++)
        add_candidate(&c, name, general_names[i]);
    buf_append_byte(&c.names, '\0');
    return c;
}

static bool unknown_option(const struct options *o, struct slice name, struct error *err)
{
    struct nearest nearest = {.word = name};

    for (size_t g = 0; g < o->group_count; g++)
        for (const struct option_row *row = o->groups[g].rows; row->name != NULL; row++)
            if (row->type != OPTION_LATER)
                nearest_offer(&nearest, row->name);
    for (size_t i = 0; i < GENERAL_NAMES; i++)
        nearest_offer(&nearest, general_names[i]);
    if (nearest.best == NULL)
        return error_set(err, ERROR_USAGE, "unknown option '--%.*s'", SLICE_FMT(name));
    return error_set(err, ERROR_USAGE, "unknown option '--%.*s'; the nearest is '--%s'",
                     SLICE_FMT(name), nearest.best);
}

/* The option ${row} was met; its value is ${joined} (behind `=` or its letter; NULL: none) or the
 * next argument. Returns: how many arguments it took beyond its own; -1 on a failure. */
static int take_option(const struct options *o, const struct option_group *group,
                       const struct option_row *row, const char *joined, const char *next,
                       struct error *err)
{
    const char *value = joined != NULL ? joined : next;

    if (row->type == OPTION_LATER)
        return options_set(o, group, row, "", err) ? 0 : -1;
    if (row->type == OPTION_FLAG && joined != NULL) {
        error_set(err, ERROR_USAGE, "option '--%s' takes no value", row->name);
        return -1;
    }
    if (row->type == OPTION_FLAG)
        return options_set(o, group, row, "yes", err) ? 0 : -1;
    if (value == NULL) {
        error_set(err, ERROR_USAGE, "option '--%s' lacks its value; expected --%s %s", row->name,
                  row->name, row->argument);
        return -1;
    }
    if (!options_set(o, group, row, value, err))
        return -1;
    return joined == NULL ? 1 : 0;
}

/* The option that ${name} is, or is the beginning of, as GNU programs have it. */
static const struct option_row *find_long(const struct options *o, struct slice name,
                                          const struct option_group **group, struct error *err)
{
    const struct option_row *row = options_find(o, name, group);
    struct candidates c;

    if (row != NULL)
        return row;
    c = find_candidates(o, name);
    *group = c.group;
    if (c.names.failed)
        error_set_memory(err);
    else if (name.len > 0 && c.count > 1)
        error_set(err, ERROR_USAGE, "option '--%.*s' is short for several: %s", SLICE_FMT(name),
                  c.names.ptr);
    else if (name.len > 0 && c.row != NULL)
        row = c.row;
    else
        unknown_option(o, name, err);
    buf_free(&c.names);
    return row;
}

static int take_long(const struct options *o, const char *argument, const char *next,
                     struct error *err)
{
    const struct option_group *group = NULL;
    const struct option_row *row;
    struct slice name, value;
    bool joined = slice_cut(slice_of_string(argument), '=', &name, &value);

    row = find_long(o, name, &group, err);
    if (row == NULL)
        return -1;
    return take_option(o, group, row, joined ? value.ptr : NULL, next, err);
}

/* Letters of flags may be joined; the first that takes a value takes the rest. */
static int take_letters(const struct options *o, const char *letters, const char *next,
                        struct error *err)
{
    const struct option_group *group = NULL;

    for (; *letters != '\0'; letters++) {
        const struct option_row *row = find_letter(o, *letters, &group);
        const char *rest = letters[1] == '\0' ? NULL : letters + 1;
        bool takes_value = row != NULL && row->type != OPTION_FLAG;

        if (row == NULL) {
            error_set(err, ERROR_USAGE, "unknown option '-%c'", *letters);
            return -1;
        }
        if (takes_value)
            return take_option(o, group, row, rest, next, err);
        if (take_option(o, group, row, NULL, NULL, err) < 0)
            return -1;
    }
    return 0;
}

bool options_parse(const struct options *o, char *const *argv, struct text_list *operands,
                   struct error *err)
{
    bool ended = false;

    for (; *argv != NULL; argv++) {
        struct slice argument = slice_of_string(*argv);
        int taken = 0;

        if (ended || argument.len < 2 || argument.ptr[0] != '-') {
            if (!text_list_add(operands, o->arena, *argv))
                return error_set_memory(err);
        } else if (slice_is(argument, "--"))
            ended = true;
        else if (slice_starts_with(argument, SLICE("--")))
            taken = take_long(o, *argv + 2, argv[1], err);
        else
            taken = take_letters(o, *argv + 1, argv[1], err);
        if (taken < 0)
            return false;
        argv += taken;
    }
    return true;
}
