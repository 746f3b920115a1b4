/* config.c: inih with line numbers, and the sources of logs. */
#include "config.h"

#include "base/buf.h"

#include <errno.h>
#include <fnmatch.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECTION_LIMIT = 48 }; /* inih cuts longer names silently */

/* The file being read. Debian's inih tells its handler no line numbers: the reader counts. */
struct reading_config {
    const struct config *config;
    struct arena *arena;
    struct error *err;
    FILE *file;
    size_t line;
    struct text_list seen; /* "section\nkey" of [kage] keys that may stand once */
};

static bool fail(struct reading_config *r, const char *what)
{
    return error_set(r->err, ERROR_SYNTAX, "%s:%zu: %s", r->config->path, r->line, what);
}

/* A line for inih, as fgets. A line that does not fit would be cut silently: it ends the reading.
 */
static char *next_line(char *line, int size, void *context)
{
    struct reading_config *r = context;

    if (r->err->code != ERROR_NONE || fgets(line, size, r->file) == NULL)
        return NULL;
    r->line++;
    if (line[0] == '[' && strchr(line, ']') == NULL) {
        error_set(r->err, ERROR_SYNTAX, "%s:%zu: expected [section] or key = value",
                  r->config->path, r->line);
        return NULL;
    }
    if (line[0] == '[' && strcspn(line, "]") > SECTION_LIMIT) {
        error_set(r->err, ERROR_SYNTAX, "%s:%zu: the section's name is longer than %d bytes",
                  r->config->path, r->line, SECTION_LIMIT);
        return NULL;
    }
    if (strchr(line, '\n') != NULL || feof(r->file))
        return line;
    error_set(r->err, ERROR_SYNTAX,
              "%s:%zu: the line is longer than %d bytes; expected a shorter one", r->config->path,
              r->line, size - 2);
    return NULL;
}

static const char *copy(struct reading_config *r, const char *text)
{
    const char *copied = arena_copy(r->arena, slice_of_string(text)).ptr;

    if (copied == NULL)
        error_set_memory(r->err);
    return copied;
}

/* Note that ${name} of [kage] was given. */
static bool is_first(struct reading_config *r, const char *name)
{
    for (size_t i = 0; i < r->seen.count; i++)
        if (strcmp(r->seen.texts[i], name) == 0)
            return error_set(r->err, ERROR_SYNTAX, "%s:%zu: key '%s' is given twice",
                             r->config->path, r->line, name);
    return text_list_add(&r->seen, r->arena, name) || error_set_memory(r->err);
}

static bool unknown_key(struct reading_config *r, const char *section, const char *name)
{
    return error_set(r->err, ERROR_SYNTAX, "%s:%zu: unknown key '%s' in [%s]; expected %s",
                     r->config->path, r->line, name, section,
                     strcmp(section, "kage") == 0
                         ? "the long name of a reading option (`kage help scan`)"
                         : "path, format, timezone, encoding or date-order");
}

/* Remember where ${value} stands; what it is for is called ${name} in messages. */
static bool note_place(struct reading_config *r, const char *name, const char *value)
{
    struct config_places *p = r->config->places;
    struct buf text = {0};
    const char *place;
    bool ok;

    buf_printf(&text, "%s:%zu", r->config->path, r->line);
    place = text.failed ? NULL : arena_copy(r->arena, buf_slice(&text)).ptr;
    buf_free(&text);
    ok = place != NULL && text_list_add(&p->names, r->arena, name) &&
         text_list_add(&p->values, r->arena, value) && text_list_add(&p->places, r->arena, place);
    return ok || error_set_memory(r->err);
}

/* "--NAME" */
static const char *option_name(struct reading_config *r, const char *name)
{
    struct buf text = {0};
    const char *copied;

    buf_printf(&text, "--%s", name);
    buf_append_byte(&text, '\0');
    copied = text.failed ? NULL : copy(r, text.ptr);
    buf_free(&text);
    return copied;
}

static bool set_option(struct reading_config *r, const char *name, const char *value)
{
    const struct option_group *group = NULL;
    const struct option_row *row = options_find(r->config->options, slice_of_string(name), &group);
    bool of_the_call = strcmp(name, "config") == 0 || strcmp(name, "no-config") == 0;

    if (row == NULL || of_the_call)
        return unknown_key(r, "kage", name);
    if (row->type != OPTION_LIST && !is_first(r, row->name))
        return false;
    if (options_set(r->config->options, group, row, value, r->err)) {
        const char *option = option_name(r, row->name);

        return option != NULL && note_place(r, option, value);
    }
    r->err->code = r->err->code == ERROR_USAGE ? ERROR_SYNTAX : r->err->code;
    return error_context(r->err, "%s:%zu", r->config->path, r->line);
}

static bool set_kage(struct reading_config *r, const char *name, const char *value)
{
    const char *text = copy(r, value);

    if (text == NULL)
        return false;
    if (strcmp(name, "store") == 0) {
        *r->config->store = text;
        return is_first(r, "store");
    }
    if (strcmp(name, "timezone") != 0)
        return set_option(r, name, text);
    *r->config->report_timezone = text;
    return is_first(r, "timezone") && note_place(r, "[kage] timezone", text);
}

static struct source *source_named(struct reading_config *r, const char *name)
{
    struct sources *s = r->config->sources;

    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->sources[i].name, name) == 0)
            return &s->sources[i];
    if (s->count == s->capacity) {
        size_t capacity = s->capacity == 0 ? 8 : s->capacity * 2;
        struct source *sources = ARENA_NEW(r->arena, struct source, capacity);

        if (sources == NULL) {
            error_set_memory(r->err);
            return NULL;
        }
        for (size_t i = 0; i < s->count; i++)
            sources[i] = s->sources[i];
        s->sources = sources;
        s->capacity = capacity;
    }
    name = copy(r, name);
    if (name == NULL)
        return NULL;
    s->sources[s->count] = (struct source){.name = name, .file = r->config->path, .line = r->line};
    return &s->sources[s->count++];
}

static bool set_source(struct reading_config *r, const char *section, const char *key,
                       const char *value)
{
    struct source *source = source_named(r, section + strlen("source "));
    const char **target = NULL;

    if (source == NULL)
        return false;
    if (strcmp(key, "path") == 0)
        target = &source->path;
    else if (strcmp(key, "format") == 0)
        target = &source->format;
    else if (strcmp(key, "timezone") == 0)
        target = &source->timezone;
    else if (strcmp(key, "encoding") == 0)
        target = &source->encoding;
    else if (strcmp(key, "date-order") == 0)
        target = &source->date_order;
    if (target == NULL)
        return unknown_key(r, section, key);
    if (*target != NULL)
        return error_set(r->err, ERROR_SYNTAX, "%s:%zu: key '%s' is given twice", r->config->path,
                         r->line, key);
    *target = copy(r, value);
    return *target != NULL;
}

/* Quotes would be taken for part of a path, and a store made under that name. */
static bool is_quoted(const char *value)
{
    size_t length = strlen(value);

    return length > 1 && (value[0] == '"' || value[0] == '\'') && value[length - 1] == value[0];
}

/* For inih. */
static int take_key(void *context, const char *section, const char *name, const char *value)
{
    struct reading_config *r = context;
    bool ok;

    if (r->err->code != ERROR_NONE)
        return 0;
    if (is_quoted(value))
        ok = error_set(r->err, ERROR_SYNTAX, "%s:%zu: %s: expected the value without quotes",
                       r->config->path, r->line, name);
    else if (strcmp(section, "kage") == 0)
        ok = set_kage(r, name, value);
    else if (strncmp(section, "source ", strlen("source ")) == 0 &&
             section[strlen("source ")] != '\0')
        ok = set_source(r, section, name, value);
    else
        ok = error_set(r->err, ERROR_SYNTAX,
                       "%s:%zu: unknown section [%s]; expected [kage] or [source NAME]",
                       r->config->path, r->line, section);
    return ok ? 1 : 0;
}

static bool check_sources(const struct sources *sources, struct error *err)
{
    for (size_t i = 0; i < sources->count; i++)
        if (sources->sources[i].path == NULL)
            return error_set(err, ERROR_SYNTAX, "%s:%zu: [source %s] has no path",
                             sources->sources[i].file, sources->sources[i].line,
                             sources->sources[i].name);
    return true;
}

bool config_read(const struct config *config, struct arena *arena, struct error *err)
{
    struct reading_config r = {.config = config, .arena = arena, .err = err};
    int bad_line;

    r.file = fopen(config->path, "re");
    if (r.file == NULL)
        return error_set_errno(err, errno, "%s: cannot read the configuration", config->path);
    bad_line = ini_parse_stream(next_line, &r, take_key, &r);
    if (ferror(r.file))
        error_set_errno(err, errno, "%s: cannot read the configuration", config->path);
    fclose(r.file);
    if (err->code != ERROR_NONE)
        return false;
    if (bad_line > 0) {
        r.line = (size_t)bad_line;
        return fail(&r, "expected [section] or key = value");
    }
    return check_sources(config->sources, err);
}

/* Does ${path}, a pattern or a folder, cover the file ${name}? */
static bool covers(const char *path, const char *name)
{
    size_t length = strlen(path);

    while (length > 1 && path[length - 1] == '/')
        length--;
    if (fnmatch(path, name, FNM_PATHNAME) == 0)
        return true;
    return strncmp(path, name, length) == 0 && name[length] == '/';
}

const struct source *config_source_of(const struct sources *sources, const char *name)
{
    char *whole = realpath(name, NULL);
    const struct source *found = NULL;

    for (size_t i = 0; found == NULL && i < sources->count; i++)
        if (covers(sources->sources[i].path, name) ||
            (whole != NULL && covers(sources->sources[i].path, whole)))
            found = &sources->sources[i];
    free(whole);
    return found;
}
