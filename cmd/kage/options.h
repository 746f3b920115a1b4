/* options.h: command lines by tables; the same rows give parsing, configuration keys and help. */
#ifndef KAGE_OPTIONS_H
#define KAGE_OPTIONS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

/* Texts in the order they were given; of an arena. */
struct text_list {
    const char **texts;
    size_t count, capacity;
};

bool text_list_add(struct text_list *list, struct arena *arena, const char *text);

enum option_type {
    OPTION_FLAG, /* bool */
    OPTION_TEXT, /* const char *: the last one given holds */
    OPTION_LIST, /* struct text_list: may be repeated */
    OPTION_LATER /* known, but not in this version; refused and not shown in the help */
};

/* One option. */
struct option_row {
    char letter;          /* '\0': none */
    const char *name;     /* without the dashes */
    const char *argument; /* as the help names it; NULL for flags */
    enum option_type type;
    size_t offset; /* of its target in the group's struct */
    const char *help;
};

/* Options that belong together; several commands may have the same group. */
struct option_group {
    const char *title;
    const struct option_row *rows; /* the one without a name ends them */
    size_t offset;                 /* of the group's struct in the command's */
};

/* The options of a command and where their values go. */
struct options {
    const struct option_group *groups;
    size_t group_count;
    void *arguments;     /* the command's struct, zeroed before the first value */
    struct arena *arena; /* for lists */
};

/*
 * options_parse(o, argv, operands, err):
 * Read the arguments ${argv} (ending in NULL) as GNU programs do: options and operands in any
 * order, `--name=value`, `--name value`, `-n value`, `-nvalue`, letters of flags joined, `--` ends
 * the options, `-` alone is an operand; the beginning of a long name will do where it is that of
 * one alone. Values are borrowed from ${argv}.
 * Errors:  ERROR_USAGE naming the option (unknown: with the nearest name; short for several: with
 * all of them; without its value; not in this version), ERROR_MEMORY.
 */
bool options_parse(const struct options *o, char *const *argv, struct text_list *operands,
                   struct error *err);

/* The option of that long name, or NULL; ${group} gets its group. */
const struct option_row *options_find(const struct options *o, struct slice name,
                                      const struct option_group **group);

/* Give an option its value from elsewhere (flags: yes or no; OPTION_TEXT: not the empty text).
 * ${text} must live as long as the arguments. Errors: ERROR_USAGE, ERROR_MEMORY. */
bool options_set(const struct options *o, const struct option_group *group,
                 const struct option_row *row, const char *text, struct error *err);

/* Has the option a value, and which? Appends the ${index}th to ${out}. Returns: false past the
 * last. */
bool options_value(const struct options *o, const struct option_group *group,
                   const struct option_row *row, size_t index, const char **out);

/* Keeps the candidate that is most like ${word}, whatever the case of letters; zero-initialise but
 * for `word`. */
struct nearest {
    struct slice word;
    const char *best; /* NULL while nothing is near enough */
    size_t distance;
    size_t letters; /* in which it differs: of equally near ones the one with fewest */
};

void nearest_offer(struct nearest *n, const char *candidate);

#endif
