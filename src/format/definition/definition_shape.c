/* definition_shape.c: lines of a definition that say what kinds of lines a log has, which of them
 * belong together and which do not count. */
#include "format/definition/definition_parser.h"

bool parser_kind(struct slice text, enum record_kind *kind)
{
    for (int k = RECORD_PROXY; k <= RECORD_IDENTITY; k++)
        if (slice_is(text, record_kind_name((enum record_kind)k))) {
            *kind = (enum record_kind)k;
            return true;
        }
    return false;
}

unsigned parser_kind_bit(struct slice text)
{
    enum record_kind kind;

    return parser_kind(text, &kind) ? 1U << kind : 0;
}

bool parser_shape(struct parser *p, enum shape_role role)
{
    struct shape *shape = &p->f->shapes[p->f->shape_count];

    parser_skip_blanks(p);
    if (p->f->shape_count == SHAPE_LIMIT)
        return parser_fail(p, p->line.ptr, "more shapes than kage takes", slice_of("", 0));
    if (p->rest.len == 0)
        return parser_fail(p, p->rest.ptr, "expected a template or pattern behind the keyword",
                           slice_of("", 0));
    shape->role = role;
    shape->line = p->number;
    shape->column = (size_t)(p->rest.ptr - p->line.ptr) + 1;
    shape->text = arena_copy(&p->f->arena, p->rest);
    shape->number = ++p->f->shape_count;
    return shape->text.ptr != NULL || parser_fail_memory(p);
}

bool parser_news(struct parser *p)
{
    struct slice *news = &p->f->news[p->f->news_count];

    parser_skip_blanks(p);
    if (p->f->news_count == NEWS_LIMIT)
        return parser_fail(p, p->line.ptr, "more news than kage takes", slice_of("", 0));
    if (p->rest.len == 0 || slice_find(p->rest, '{') < p->rest.len)
        return parser_fail(p, p->rest.ptr, "expected a pattern with * and no holes", p->rest);
    *news = arena_copy(&p->f->arena, p->rest);
    p->f->news_count++;
    return news->ptr != NULL || parser_fail_memory(p);
}

bool parser_set(struct parser *p)
{
    struct slice key = parser_word(p), value = parser_word(p);
    struct shape *shape;

    if (p->f->shape_count == 0)
        return parser_fail(p, p->line.ptr, "`set` belongs behind a shape", slice_of("", 0));
    shape = &p->f->shapes[p->f->shape_count - 1];
    shape->constant.field = field_find(key);
    shape->constant.value = arena_copy(&p->f->arena, value);
    shape->has_constant = true;
    if (shape->constant.field == FIELD_COUNT)
        return parser_fail(p, key.ptr, "no field", key);
    if (shape->constant.field != FIELD_ACTION && shape->constant.field != FIELD_EVENT &&
        shape->constant.field != FIELD_KIND)
        return parser_fail(p, key.ptr, "only action, kind and event can be set, not", key);
    if (!parser_fits(shape->constant.field, value))
        return parser_fail(p, value.ptr, parser_values(shape->constant.field), value);
    if (shape->constant.field == FIELD_KIND)
        p->f->kinds |= parser_kind_bit(value);
    p->f->fields |= FIELD_BIT(shape->constant.field);
    return shape->constant.value.ptr != NULL || parser_fail_memory(p);
}

bool parser_join(struct parser *p)
{
    struct join_key *key = &p->f->joins[p->f->join_count];

    if (p->f->join_count == KEY_LIMIT)
        return parser_fail(p, p->line.ptr, "more joins than kage takes", slice_of("", 0));
    p->f->join_count++;
    parser_skip_blanks(p);
    if (slice_is(slice_trim(p->rest), "previous"))
        return true;
    for (struct slice word = parser_word(p); word.len > 0; word = parser_word(p)) {
        if (key->count == JOIN_LIMIT)
            return parser_fail(p, word.ptr, "more columns in a join than kage takes; from", word);
        key->slots[key->count] = slice_is(word, "@host") ? JOIN_HOST : parser_slot(p, word);
        if (key->slots[key->count++] == NO_SLOT)
            return false;
    }
    return key->count > 0 || parser_fail(p, p->rest.ptr, "expected columns", slice_of("", 0));
}

/* Texts in quotes up to the next bare word; ${into} has room for ARG_LIMIT. */
static bool parse_globs(struct parser *p, const struct slice **out, size_t *count)
{
    struct slice *globs = ARENA_NEW(&p->f->arena, struct slice, ARG_LIMIT);
    bool quoted;

    *count = 0;
    *out = globs;
    if (globs == NULL)
        return parser_fail_memory(p);
    for (parser_skip_blanks(p); p->rest.len > 0 && *count < ARG_LIMIT; parser_skip_blanks(p)) {
        if (p->rest.ptr[0] != '"')
            break;
        if (!parser_token(p, &globs[(*count)++], &quoted))
            return false;
    }
    return true;
}

bool parser_condition(struct parser *p, bool negated, bool rejects)
{
    struct slice name = parser_word(p);
    struct condition *c = &p->f->conditions[p->f->condition_count];

    if (p->f->condition_count == SHAPE_LIMIT)
        return parser_fail(p, p->line.ptr, "more conditions than kage takes", slice_of("", 0));
    if (slice_find(name, '+') < name.len)
        return parser_fail(p, name.ptr, "a condition is about one column, not", name);
    c->slot = parser_slot(p, name);
    c->negated = negated;
    c->rejects = rejects;
    p->f->condition_count++;
    if (c->slot < 0 || !parse_globs(p, &c->globs, &c->glob_count))
        return false;
    if (p->rest.len > 0 || c->glob_count == 0)
        return parser_fail(p, p->rest.ptr, "expected patterns in quotes", slice_of("", 0));
    return true;
}

bool parser_heading(struct parser *p)
{
    struct slice name = parser_word(p);
    struct heading *h = &p->f->headings[p->f->heading_count];

    if (p->f->heading_count == HEADING_LIMIT)
        return parser_fail(p, p->line.ptr, "more columns with other headings than kage takes",
                           slice_of("", 0));
    h->slot = parser_slot(p, name);
    p->f->heading_count++;
    if (h->slot < 0 || !parse_globs(p, &h->names, &h->name_count))
        return false;
    if (p->rest.len > 0 || h->name_count == 0)
        return parser_fail(p, p->rest.ptr, "expected headings in quotes", slice_of("", 0));
    return true;
}
