/* options.c: GNU-style command lines from tables of options. */
#include "options.h"

#include <stdint.h>
#include <stdlib.h>

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

/* Letters to change, add or take away until ${a} is ${b} (Levenshtein). */
static size_t edit_distance(struct slice a, struct slice b)
{
    size_t row[WORD_LIMIT + 1];

    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t change = diagonal + (a.ptr[i - 1] == b.ptr[j - 1] ? 0 : 1);

            diagonal = row[j];
            row[j] = smallest(row[j] + 1, row[j - 1] + 1, change);
        }
    }
    return row[b.len];
}

void nearest_offer(struct nearest *n, const char *candidate)
{
    struct slice text = slice_of_string(candidate);
    size_t distance;

    if (text.len > WORD_LIMIT || n->word.len > WORD_LIMIT || n->word.len == 0)
        return;
    distance = edit_distance(n->word, text);
    if (slice_starts_with(text, n->word) && distance > 1)
        distance = 1;
    if (distance <= 1 + n->word.len / 3 && (n->best == NULL || distance < n->distance)) {
        n->best = candidate;
        n->distance = distance;
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
    case OPTION_TEXT: *(const char **)target = text; return true;
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

static bool unknown_option(const struct options *o, struct slice name, struct error *err)
{
    struct nearest nearest = {.word = name};

    for (size_t g = 0; g < o->group_count; g++)
        for (const struct option_row *row = o->groups[g].rows; row->name != NULL; row++)
            if (row->type != OPTION_LATER)
                nearest_offer(&nearest, row->name);
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

static int take_long(const struct options *o, const char *argument, const char *next,
                     struct error *err)
{
    const struct option_group *group = NULL;
    const struct option_row *row;
    struct slice name, value;
    bool joined = slice_cut(slice_of_string(argument), '=', &name, &value);

    row = options_find(o, name, &group);
    if (row == NULL) {
        unknown_option(o, name, err);
        return -1;
    }
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
