/* decode_template.c: literal text with holes and optional parts. */
#include "format/choice.h"
#include "format/decoder/template.h"
#include "format/decoder/trail.h"
#include "format/format.h"

#include <string.h>

enum { OPTIONAL_LIMIT = 10, TRAILS = 8 };

/* What lines before tell of how the next will be. */
struct expectation {
    /* A look for a text costs the good lines of the usual shape, which need none: the first shape
     * that may be is tried without, unless that did not do for the line before. */
    bool looks;
    bool first;                   /* the line before had the first shape */
    struct trails trails[TRAILS]; /* shapes share them: mostly few occur */
};

/* A template being compiled. */
struct compiler {
    struct format *f;
    struct template_item *items;
    size_t count;
    struct slice rest;
    size_t open[OPTIONAL_LIMIT]; /* optional parts not yet closed */
    size_t depth;
    struct error *err;
};

static bool hole_class_of(struct slice text, enum hole_class *class)
{
    static const char *const names[] = {
        [HOLE_WORD] = "word",   [HOLE_TEXT] = "text",       [HOLE_NUMBER] = "number",
        [HOLE_NAME] = "name",   [HOLE_ADDRESS] = "address", [HOLE_TIME] = "time",
        [HOLE_COUNT] = "count", [HOLE_QUOTED] = "quoted"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_is(text, names[i])) {
            *class = (enum hole_class)i;
            return true;
        }
    return false;
}

static struct template_item *add_item(struct compiler *c, enum item_kind kind)
{
    struct template_item *item = &c->items[c->count];

    if (c->count == TEMPLATE_ITEMS - 1) {
        error_set(c->err, ERROR_SYNTAX, "a template longer than kage takes");
        return NULL;
    }
    c->count++;
    *item = (struct template_item){.kind = kind, .slot = -1};
    return item;
}

/* Is a hole that takes any text up to what follows not directly before ${hole}? */
static bool ends_before(const struct compiler *c, const struct template_item *hole)
{
    const struct template_item *before = hole - 1;

    return c->count < 2 || before->kind != ITEM_HOLE ||
           (before->class != HOLE_WORD && before->class != HOLE_TEXT);
}

/* Is there a hole of that name that is always filled? */
static bool has_hole(const struct compiler *c, int column)
{
    size_t behind = 0; /* an optional part */

    for (size_t i = 0; i + 1 < c->count; i++) {
        if (c->items[i].kind == ITEM_OPTIONAL && c->items[i].next > behind)
            behind = c->items[i].next;
        if (i >= behind && c->items[i].kind == ITEM_HOLE && c->items[i].slot == column)
            return true;
    }
    return false;
}

/* {name:class}; the brace is behind us. */
static bool compile_hole(struct compiler *c)
{
    struct template_item *item = add_item(c, ITEM_HOLE);
    struct slice inside, name, class;
    int column;

    if (item == NULL)
        return false;
    if (!slice_cut(c->rest, '}', &inside, &c->rest) || slice_find(inside, '{') < inside.len)
        return error_set(c->err, ERROR_SYNTAX, "a hole of the template is not closed; expected }");
    if (slice_cut(inside, ':', &name, &class) && !hole_class_of(class, &item->class))
        return error_set(
            c->err, ERROR_SYNTAX,
            "hole '%.*s': expected word, text, number, count, name, address, time or quoted behind "
            "the colon",
            SLICE_FMT(inside));
    if (!ends_before(c, item))
        return error_set(c->err, ERROR_SYNTAX,
                         "hole '%.*s': nothing tells where the one before it ends; expected text "
                         "between them",
                         SLICE_FMT(inside));
    if (name.len == 0)
        return true;
    column = format_column(c->f, name);
    if (column < 0)
        return error_set(c->err, ERROR_SYNTAX, "more holes than kage takes");
    if (c->depth == 0 && has_hole(c, column))
        return error_set(c->err, ERROR_SYNTAX,
                         "hole '%.*s': the template has one of that name; expected another, or {} "
                         "for what nobody wants",
                         SLICE_FMT(inside));
    item->slot = column; /* columns become slots once all rules are known: see resolve */
    return true;
}

static bool compile_brace(struct compiler *c)
{
    struct template_item *item;

    if (c->rest.len > 0 && c->rest.ptr[0] == '?') {
        c->rest = slice_from(c->rest, 1);
        if (c->depth == OPTIONAL_LIMIT)
            return error_set(c->err, ERROR_SYNTAX, "optional parts nested too deep");
        c->open[c->depth++] = c->count;
        return add_item(c, ITEM_OPTIONAL) != NULL;
    }
    if (c->rest.len > 0 && c->rest.ptr[0] == '{') {
        item = add_item(c, ITEM_LITERAL);
        if (item != NULL)
            item->literal = slice_of(c->rest.ptr, 1);
        c->rest = slice_from(c->rest, 1);
        return item != NULL;
    }
    return compile_hole(c);
}

static bool compile_close(struct compiler *c)
{
    struct template_item *item;

    if (c->rest.len > 0 && c->rest.ptr[0] == '}') {
        item = add_item(c, ITEM_LITERAL);
        if (item != NULL)
            item->literal = slice_of(c->rest.ptr, 1);
        c->rest = slice_from(c->rest, 1);
        return item != NULL;
    }
    if (c->depth == 0)
        return error_set(c->err, ERROR_SYNTAX,
                         "a brace of the template closes nothing; expected }} for one of the text");
    c->items[c->open[--c->depth]].next = c->count;
    return true;
}

static bool compile_literal(struct compiler *c)
{
    const struct slice special = SLICE("{} ");
    struct template_item *item = add_item(c, ITEM_LITERAL);
    size_t n = 0;

    if (item == NULL)
        return false;
    while (n < c->rest.len && slice_find(special, c->rest.ptr[n]) == special.len)
        n++;
    item->literal = slice_of(c->rest.ptr, n);
    c->rest = slice_from(c->rest, n);
    return true;
}

/* However many, they are one item: it takes all blanks there are. */
static bool compile_blanks(struct compiler *c)
{
    while (c->rest.len > 0 && c->rest.ptr[0] == ' ')
        c->rest = slice_from(c->rest, 1);
    return add_item(c, ITEM_BLANK) != NULL;
}

static bool compile_items(struct compiler *c)
{
    while (c->rest.len > 0) {
        char byte = c->rest.ptr[0];
        bool ok;

        if (byte != '{' && byte != '}' && byte != ' ') {
            ok = compile_literal(c);
        } else {
            c->rest = slice_from(c->rest, 1);
            ok = byte == '{'   ? compile_brace(c)
                 : byte == '}' ? compile_close(c)
                               : compile_blanks(c);
        }
        if (!ok)
            return false;
    }
    if (c->depth > 0)
        return error_set(c->err, ERROR_SYNTAX,
                         "an optional part of the template is not closed; expected }");
    return add_item(c, ITEM_END) != NULL;
}

/* The items as they are matched. Columns that no rule and no join wants are cut and dropped. */
static bool keep_items(struct format *f, const struct compiler *c, struct shape *shape,
                       const struct hole_halts **halts)
{
    shape->items = ARENA_NEW(&f->arena, struct template_item, c->count);
    if (shape->items == NULL)
        return false;
    memcpy(shape->items, c->items, c->count * sizeof *c->items);
    for (size_t i = 0; i < c->count; i++)
        if (shape->items[i].kind == ITEM_HOLE && shape->items[i].slot >= 0)
            shape->items[i].slot = f->slot_of[shape->items[i].slot];
    if (!template_prepare(shape->items, c->count, halts, &f->arena))
        return false;
    shape->lead = template_lead(shape->items);
    if (shape->lead.mask == 0) /* else that tells */
        shape->needle = template_needle(shape->items);
    return true;
}

static bool compile(struct format *f, struct shape *shape, const struct hole_halts **halts,
                    struct error *err)
{
    struct template_item items[TEMPLATE_ITEMS];
    struct compiler c = {.f = f, .items = items, .rest = shape->text, .err = err};

    if (!compile_items(&c)) {
        f->fault_line = shape->line;
        f->fault_column = shape->column + shape->text.len - c.rest.len;
        return false;
    }
    return keep_items(f, &c, shape, halts) || error_set_memory(err);
}

static bool passes_over(enum shape_role role)
{
    return role == SHAPE_SKIP || role == SHAPE_OWN;
}

/* Skips and claims may be plain patterns with `*`. */
static bool is_template(const struct shape *shape)
{
    return (!passes_over(shape->role) && shape->role != SHAPE_CLAIM) ||
           (passes_over(shape->role) && slice_find(shape->text, '{') < shape->text.len);
}

static void compile_pattern(struct shape *shape)
{
    struct slice rest = shape->text, part;

    glob_compile(shape->text, &shape->glob);
    while (!shape->glob.decided && rest.len > 0) {
        slice_cut(rest, '*', &part, &rest);
        if (part.len > shape->needle.len)
            shape->needle = part;
    }
}

static bool shape_fault(struct format *f, const struct shape *shape, struct error *err)
{
    f->fault_line = shape->line;
    f->fault_column = shape->column;
    return error_set(err, ERROR_SYNTAX,
                     "`open`, `reply`, `outcome`, `note` and `end` need a `join`");
}

/* No hole fills the column. Its first mapping line is to blame; a join or condition has none. */
static bool column_fault(struct format *f, size_t column, struct error *err)
{
    for (size_t i = f->rule_count; i-- > 0;)
        if (f->rules[i].slot == f->slot_of[column]) {
            f->fault_line = f->rules[i].line;
            f->fault_column = 1;
        }
    return error_set(err, ERROR_SYNTAX, "no template has a hole named '%.*s'",
                     SLICE_FMT(f->columns[column]));
}

static bool prepare_choice(struct format *f, struct error *err)
{
    struct choice *choice = ARENA_NEW(&f->arena, struct choice, 1);

    if (choice == NULL)
        return error_set_memory(err);
    choice_make(f, choice);
    f->prepared = choice;
    return true;
}

static bool prepare(struct format *f, struct error *err)
{
    const struct hole_halts *halts = NULL;
    size_t known = f->column_count;

    if (f->shape_count == 0)
        return error_set(err, ERROR_SYNTAX,
                         "the decoder template needs at least one `record` line");
    for (size_t i = 0; i < f->shape_count; i++) {
        enum shape_role role = f->shapes[i].role;

        if (f->join_count == 0 && role != SHAPE_RECORD && !passes_over(role) && role != SHAPE_CLAIM)
            return shape_fault(f, &f->shapes[i], err);
        if (!is_template(&f->shapes[i]))
            compile_pattern(&f->shapes[i]);
        else if (!compile(f, &f->shapes[i], &halts, err))
            return false;
    }
    for (size_t column = 0; column < known;
         column++) { /* named by a rule: some hole must fill it */
        bool filled = false;

        for (size_t i = 0; i < f->shape_count && !filled; i++)
            for (size_t k = 0; is_template(&f->shapes[i]) && f->shapes[i].items[k].kind != ITEM_END;
                 k++)
                filled |= f->shapes[i].items[k].kind == ITEM_HOLE &&
                          f->shapes[i].items[k].slot == f->slot_of[column];
        if (!filled)
            return column_fault(f, column, err);
    }
    return prepare_choice(f, err);
}

static bool has_pattern(const struct shape *shape, struct slice line)
{
    const struct glob_text text = glob_text_of(line);

    return glob_match(&shape->glob, &text);
}

static bool has_shape(const struct shape *shape, struct slice line, const char *second,
                      struct slice *slots, struct trails *trails)
{
    if (shape->items == NULL)
        return has_pattern(shape, line);
    if (shape->lead.mask == 0)
        return template_match(shape->items, line, slots, trails);
    return template_match_lead(shape->items, &shape->lead, line, second, slots, trails);
}

/* A line being held against shapes that hold a text: where it lacks that of one, it lacks it of the
 * next, too. */
struct search {
    struct slice line, absent;
};

/* A look for the shape's text spares most tries. */
static bool may_have_shape(const struct shape *shape, struct search *search)
{
    if (shape->needle.len == 0)
        return true;
    if (slice_equal(shape->needle, search->absent))
        return false;
    if (slice_find_slice(search->line, shape->needle) < search->line.len)
        return true;
    search->absent = shape->needle;
    return false;
}

/* What a line of that shape, which has the number ${number}, is. */
static int found(const struct shape *shape, int number)
{
    switch (shape->role) {
    case SHAPE_SKIP: return CUT_SKIP;
    case SHAPE_OWN: return CUT_OWN;
    case SHAPE_CLAIM: return CUT_REJECT;
    case SHAPE_RECORD:
    case SHAPE_OPEN:
    case SHAPE_REPLY:
    case SHAPE_OUTCOME:
    case SHAPE_NOTE:
    case SHAPE_END: break;
    }
    return number;
}

/* As cut, where more than one shape may be. */
static int choose(const struct format *f, struct expectation *expected, struct slice line,
                  struct slice *slots)
{
    const struct choice *choice = f->prepared;
    const char *second = choice->looks ? template_second_word(line) : line.ptr;
    uint32_t shapes = choice_of(choice, line, second);
    struct search search = {line, slice_of(NULL, 0)};
    bool looks = expected->looks;

    for (uint32_t left = shapes; left != 0; left &= left - 1) {
        int i = __builtin_ctz(left);
        const struct shape *shape = &f->shapes[i];

        if ((!looks || may_have_shape(shape, &search)) &&
            has_shape(shape, line, second, slots, &expected->trails[i % TRAILS])) {
            expected->looks = left != shapes;
            expected->first = i == 0 && shape->items != NULL && shape->lead.mask == 0;
            return found(shape, i);
        }
        looks = true;
    }
    expected->looks = true;
    expected->first = false;
    return CUT_REJECT;
}

static int cut(const struct format *f, void *state, struct slice line, struct slice *slots,
               struct arena *scratch)
{
    struct expectation *expected = state;

    (void)scratch;
    if (expected->first && trails_follow(&expected->trails[0], f->shapes->items, line, slots))
        return found(f->shapes, 0); /* no other is asked before the first */
    return choose(f, expected, line, slots);
}

bool template_has_own(const struct format *f)
{
    return f->decoder == &decode_template && ((const struct choice *)f->prepared)->own != 0;
}

bool template_is_own(const struct format *f, struct slice line)
{
    const struct choice *choice = f->prepared;
    const char *second = choice->looks ? template_second_word(line) : line.ptr;
    uint32_t shapes = choice_of(choice, line, second), first = shapes & -shapes;
    struct slice none[SLOT_LIMIT];

    return (first & choice->own) != 0 &&
           has_shape(&f->shapes[__builtin_ctz(first)], line, second, none, NULL);
}

bool template_claims(const struct format *f, struct slice line)
{
    for (size_t i = 0; i < f->shape_count; i++)
        if (f->shapes[i].role == SHAPE_CLAIM && slice_glob(f->shapes[i].text, line))
            return true;
    return false;
}

const struct decoder decode_template = {"template", prepare, cut, sizeof(struct expectation),
                                        false};
