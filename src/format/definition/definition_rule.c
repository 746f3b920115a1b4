/* definition_rule.c: mapping lines of a definition: FIELD = COLUMN STEP … */
#include "base/buf.h"
#include "base/num.h"
#include "format/definition/definition_parser.h"
#include "format/mapping/transform.h"

#include <stdio.h>
#include <string.h>

enum { SHOWN_COLUMNS = 12 };

bool format_has_room_for_columns(struct format *f, struct arena *arena)
{
    f->columns = ARENA_NEW(arena, struct slice, COLUMN_LIMIT);
    f->slot_of = ARENA_NEW(arena, int, COLUMN_LIMIT);
    return f->columns != NULL && f->slot_of != NULL;
}

int format_column(struct format *f, struct slice name)
{
    for (size_t i = 0; i < f->column_count; i++)
        if (slice_equal(f->columns[i], name))
            return (int)i;
    if (f->column_count == COLUMN_LIMIT)
        return -1;
    f->columns[f->column_count] = name;
    f->slot_of[f->column_count] = -1;
    return (int)f->column_count++;
}

/* None of the columns that the line `columns` names, up to some of which are told. */
static int fail_column(struct parser *p, struct slice name)
{
    const struct format *f = p->f;
    struct buf what = {0};

    if (f->columns_line == 0) {
        parser_fail(p, name.ptr, "the line `columns` must stand before", name);
        return -1;
    }
    buf_append_string(&what, "no such column (there are");
    for (size_t i = 0, shown = 0; i < f->named_columns && shown <= SHOWN_COLUMNS; i++) {
        bool more = shown == SHOWN_COLUMNS;

        if (slice_is(f->columns[i], "-"))
            continue;
        buf_printf(&what, "%s %.*s", shown++ == 0 ? "" : ",",
                   SLICE_FMT(more ? slice_of_string("…") : f->columns[i]));
    }
    buf_append(&what, slice_of("):", sizeof "):"));
    if (what.failed)
        parser_fail_memory(p);
    else
        parser_fail(p, name.ptr, what.ptr, name);
    buf_free(&what);
    return -1;
}

/* Does a place of an array, [0], begin at ${at}? */
static bool is_index(struct slice path, size_t at)
{
    size_t i = at + 1;

    while (i < path.len && path.ptr[i] >= '0' && path.ptr[i] <= '9')
        i++;
    return path.ptr[at] == '[' && i > at + 1 && i < path.len && path.ptr[i] == ']';
}

/* Is it a path as other tools write them ($.a, a[0], .a), or one with an empty key? */
static bool is_foreign_path(struct slice path)
{
    char before = '.';

    if (slice_starts_with(path, SLICE("$")))
        return true;
    for (size_t i = 0; i < path.len; before = path.ptr[i++])
        if (before != '\\' && ((path.ptr[i] == '.' && before == '.') || is_index(path, i)))
            return true;
    return before == '.';
}

int parser_slot(struct parser *p, struct slice name)
{
    static const char *const envelope[] = {[SLOT_TIME] = "@time",
                                           [SLOT_TAG] = "@tag",
                                           [SLOT_MACHINE] = "@machine",
                                           [SLOT_PROCESS] = "@process"};
    int column;

    for (int slot = 0; slot < ENVELOPE_SLOTS; slot++)
        if (slice_is(name, envelope[slot]))
            return slot;
    if (p->f->decoder == NULL) {
        parser_fail(p, name.ptr, "the line `decoder` must stand before", name);
        return -1;
    }
    if (p->f->decoder == &decode_json && is_foreign_path(name)) {
        parser_fail(p, name.ptr,
                    "expected a path as in event.url or answers.0.rdata, a backslash before a sign "
                    "of the key itself, not",
                    name);
        return -1;
    }
    if (p->f->decoder == &decode_delimited) { /* its columns are all named before */
        for (column = 0; column < (int)p->f->column_count; column++)
            if (slice_equal(p->f->columns[column], name))
                break;
        if (column == (int)p->f->column_count)
            return fail_column(p, name);
    } else {
        column = format_column(p->f, arena_copy(&p->f->arena, name));
    }
    if (column < 0 || (p->f->slot_of[column] < 0 && p->f->slot_count == SLOT_LIMIT)) {
        parser_fail(p, name.ptr, "more columns than kage takes; from", name);
        return -1;
    }
    if (p->f->slot_of[column] < 0)
        p->f->slot_of[column] = p->f->slot_count++;
    return p->f->slot_of[column];
}

bool parser_alias(struct parser *p)
{
    int slot = parser_slot(p, parser_word(p));
    struct slice word = parser_word(p);

    if (slot < 0)
        return false;
    if (word.len == 0)
        return parser_fail(p, word.ptr, "expected another name of the column behind it", word);
    for (; word.len > 0; word = parser_word(p)) {
        int column = format_column(p->f, arena_copy(&p->f->arena, word));

        if (column < 0)
            return parser_fail(p, word.ptr, "more columns than kage takes; from", word);
        if (p->f->slot_of[column] >= 0)
            return parser_fail(p, word.ptr, "this is a column of its own:", word);
        p->f->slot_of[column] = slot;
    }
    return true;
}

/* Are the arguments as many, and such, as the conversion takes? */
static bool check_args(struct parser *p, const struct step *step)
{
    const struct transform *t = step->transform;
    size_t least = t->least_args, most = t->most_args;
    char expected[96];
    bool searches = slice_starts_with(slice_of_string(t->name), SLICE("after")) ||
                    slice_starts_with(slice_of_string(t->name), SLICE("before"));
    uint64_t bytes;

    if (t->kind == TRANSFORM_MAP && step->arg_count == 0)
        return parser_fail(p, p->rest.ptr, "expected a pattern in quotes and its value behind",
                           slice_of_string(t->name));
    if (step->arg_count < least || step->arg_count > most) {
        snprintf(expected, sizeof expected, "expected %zu%s%.0zu text%s in quotes behind", least,
                 least == most ? "" : " to ", least == most ? 0 : most, most == 1 ? "" : "s");
        return parser_fail(p, p->rest.ptr, expected, slice_of_string(t->name));
    }
    if (strcmp(t->name, "first") == 0 &&
        (!num_parse(step->args[0], SIZE_MAX, &bytes) || bytes == 0))
        return parser_fail(p, p->rest.ptr, "expected a number of bytes in quotes, not",
                           step->args[0]);
    if (searches && step->args[0].len == 0)
        return parser_fail(p, p->rest.ptr, "expected a text between the quotes behind",
                           slice_of_string(t->name));
    return true;
}

/* The arguments of ${step}: quoted ones, and for map the bare value behind each. */
static bool parse_args(struct parser *p, struct step *step)
{
    struct slice args[ARG_LIMIT];
    bool quoted, map = step->transform->kind == TRANSFORM_MAP;

    for (parser_skip_blanks(p); p->rest.len > 0 && step->arg_count + 2 <= ARG_LIMIT;
         parser_skip_blanks(p)) {
        if (p->rest.ptr[0] != '"')
            break;
        if (!parser_token(p, &args[step->arg_count++], &quoted))
            return false;
        if (!map)
            continue;
        if (!parser_token(p, &args[step->arg_count], &quoted))
            return false;
        args[step->arg_count] = arena_copy(&p->f->arena, args[step->arg_count]);
        if (args[step->arg_count++].len == 0)
            return parser_fail(p, p->rest.ptr, "expected a value behind the pattern",
                               slice_of("", 0));
    }
    step->args = arena_copy_array(&p->f->arena, args, sizeof *args, step->arg_count);
    return step->args == NULL ? parser_fail_memory(p) : check_args(p, step);
}

static const char *transform_name(size_t index)
{
    const struct transform *transform = transform_at(index);

    return transform == NULL ? NULL : transform->name;
}

/* ${name} is no transform. */
static bool fail_transform(struct parser *p, struct slice name)
{
    if (name.ptr[0] == '#')
        return parser_fail(p, name.ptr, "comments have lines of their own, not", name);
    if (name.ptr[0] == '+')
        return parser_fail(p, name.ptr,
                           "columns are put together without blanks, as in date+time, not", name);
    return parser_fail_name(p, name, "no transform", "kage help formats", transform_name);
}

static bool parse_step(struct parser *p, struct step *step)
{
    struct slice name = parser_word(p), pattern;

    step->column = (size_t)(name.ptr - p->line.ptr) + 1;
    step->transform = transform_find(name);
    if (step->transform == NULL)
        return fail_transform(p, name);
    if (!parse_args(p, step))
        return false;
    if (step->transform->kind != TRANSFORM_TIME)
        return true;
    pattern = step->arg_count > 0 ? step->args[0] : slice_of_string(step->transform->name);
    if (!stamp_pattern_of(pattern, &step->pattern))
        return parser_fail(
            p, name.ptr,
            "this is no time pattern; expected parts as strftime has them (%Y %y %m %d %b %B "
            "%H %I %M %S %p %a %z %Z, %f for a fraction, %s for seconds since 1970), not",
            pattern);
    return step->pattern.has_day ||
           parser_fail(p, name.ptr,
                       "a time pattern needs a day and its month (where these stand in a column of "
                       "their own: date+time), not",
                       pattern);
}

bool parser_fits(enum field field, struct slice value)
{
    bool fits = field != FIELD_ACTION && field != FIELD_KIND;

    for (int a = ACTION_ALLOWED; field == FIELD_ACTION && a <= ACTION_BLOCKED; a++)
        fits |= slice_is(value, record_action_name((enum record_action)a));
    for (int k = RECORD_PROXY; field == FIELD_KIND && k <= RECORD_IDENTITY; k++)
        fits |= slice_is(value, record_kind_name((enum record_kind)k));
    return fits;
}

const char *parser_values(enum field field)
{
    return field == FIELD_ACTION ? "expected allowed, blocked or none, not"
                                 : "expected proxy, dns, identity or none, not";
}

/* Are the values of a map such as the field can have? */
static bool check_map(struct parser *p, enum field field, const struct step *step)
{
    for (size_t i = 1; step->transform->kind == TRANSFORM_MAP && i < step->arg_count; i += 2)
        if (!slice_is(step->args[i], "none") && !parser_fits(field, step->args[i]))
            return parser_fail(p, p->line.ptr + step->column - 1, parser_values(field),
                               step->args[i]);
    return true;
}

/* The conversions of a field do not end in what it is. */
static bool fail_end(struct parser *p, const struct rule *rule)
{
    const char *at = rule->step_count == 0
                         ? p->line.ptr + p->line.len
                         : p->line.ptr + rule->steps[rule->step_count - 1].column - 1;
    const char *what = "expected no time and no duration among the conversions of";

    if (rule->type == TYPE_TIME)
        what = "expected a time as the last conversion (rfc3339, unix-seconds, time \"%Y-%m-%d "
               "%H:%M:%S\" or alike) of";
    else if (rule->type == TYPE_DURATION)
        what = "expected seconds, milliseconds or microseconds as the last conversion of";
    return parser_fail(p, at, what, slice_of_string(field_info(rule->field)->key));
}

/* Do the conversions end in what the field is? */
static bool check_rule(struct parser *p, const struct rule *rule)
{
    enum field_type type = field_info(rule->field)->type;
    const struct step *last = rule->step_count == 0 ? NULL : &rule->steps[rule->step_count - 1];
    bool time = last != NULL && last->transform->kind == TRANSFORM_TIME;
    bool duration = last != NULL && last->transform->kind == TRANSFORM_DURATION;

    for (size_t i = 0; i + 1 < rule->step_count; i++)
        if (rule->steps[i].transform->kind == TRANSFORM_TIME ||
            rule->steps[i].transform->kind == TRANSFORM_DURATION)
            return parser_fail(p, p->line.ptr + rule->steps[i].column - 1,
                               "a time or duration is the last conversion of its line, unlike",
                               slice_of_string(rule->steps[i].transform->name));
    if (time != (type == TYPE_TIME) || duration != (type == TYPE_DURATION))
        return fail_end(p, rule);
    if (last != NULL && !check_map(p, rule->field, last))
        return false;
    p->f->has_orders |= last != NULL && last->pattern.has_orders;
    if (rule->field == FIELD_TS && last != NULL) {
        bool year = last->pattern.has_year, zone = last->pattern.has_zone;

        p->f->has_year = p->has_time ? p->f->has_year && year : year;
        p->f->has_zone = p->has_time ? p->f->has_zone && zone : zone;
        p->has_time = true;
    }
    return true;
}

/* COLUMN or COLUMN+COLUMN */
static bool parse_sources(struct parser *p, struct rule *rule)
{
    struct slice rest = parser_word(p), name;

    if (rest.len == 0)
        return parser_fail(p, rest.ptr, "expected a column behind =", rest);
    if (slice_ends_with(rest, SLICE("+")) || slice_starts_with(rest, SLICE("+")))
        return parser_fail(p, rest.ptr, "expected a column before and behind +, not", rest);
    if (rest.ptr[0] == '"')
        return parser_fail(p, rest.ptr,
                           "expected a column without quotes; `heading NAME \"Its heading\"` gives "
                           "one a name of its own, not",
                           rest);
    slice_cut(rest, '+', &name, &rest);
    rule->slot = parser_slot(p, name);
    if (rule->slot < 0)
        return false;
    while (rest.len > 0) {
        if (rule->more_count == PART_LIMIT - 1)
            return parser_fail(p, rest.ptr, "more columns put together than kage takes; from",
                               rest);
        slice_cut(rest, '+', &name, &rest);
        rule->more[rule->more_count] = parser_slot(p, name);
        if (rule->more[rule->more_count++] < 0)
            return false;
    }
    return true;
}

/* Is the line another than those before it? */
static bool check_new(struct parser *p, struct rule *rule)
{
    char what[64];

    rule->text = slice_trim(p->line);
    for (const struct rule *before = p->f->rules; before < rule && !p->generated; before++)
        if (slice_equal(before->text, rule->text)) {
            snprintf(what, sizeof what,
                     "this line stands there twice, first as line %zu:", before->line);
            return parser_fail(p, rule->text.ptr, what, rule->text);
        }
    return true;
}

/* FIELD = COLUMN STEP … */
bool parser_rule(struct parser *p, enum field field)
{
    struct rule *rule = &p->f->rules[p->f->rule_count];
    struct step steps[STEP_LIMIT] = {{0}};

    if (p->f->rule_count == RULE_LIMIT)
        return parser_fail(p, p->line.ptr, "more mapping lines than kage takes", slice_of("", 0));
    rule->field = field;
    rule->type = field_info(field)->type;
    rule->offset = field_info(field)->offset;
    rule->line = p->number;
    if (!parse_sources(p, rule))
        return false;
    for (parser_skip_blanks(p); p->rest.len > 0; parser_skip_blanks(p)) {
        if (rule->step_count == STEP_LIMIT)
            return parser_fail(p, p->rest.ptr, "more conversions than kage takes", slice_of("", 0));
        if (!parse_step(p, &steps[rule->step_count++]))
            return false;
    }
    rule->steps = arena_copy_array(&p->f->arena, steps, sizeof *steps, rule->step_count);
    if (rule->steps == NULL)
        return parser_fail_memory(p);
    p->f->rule_count++;
    p->f->fields |= FIELD_BIT(field);
    return check_rule(p, rule) && check_new(p, rule);
}
