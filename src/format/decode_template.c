/* decode_template.c: literal text with holes and optional parts. */
#include "format/format.h"
#include "format/scan.h"

#include <string.h>

/*
 * A template is a list of items. `{name}` is a hole that takes bytes up to the literal that
 * follows; {name:text} may hold blanks, {name:number} only digits, {name:name} only letters,
 * digits,
 * - and _, {name:address} only what stands in IP addresses; `{}` is a hole that nobody wants.
 * `{?…}` may be there or not; `{{` and `}}` stand for braces. A blank stands for one or more blanks
 * or tabs.
 */
enum item_kind { ITEM_LITERAL, ITEM_BLANK, ITEM_HOLE, ITEM_OPTIONAL, ITEM_END };
enum hole_class { HOLE_WORD, HOLE_TEXT, HOLE_NUMBER, HOLE_NAME, HOLE_ADDRESS, HOLE_TIME };

enum {
    ITEM_LIMIT = 96,
    TRIES_LIMIT = 256,
    BYTES_PER_TRY = 16384, /* looking at so many costs as much as a try */
    OPTIONAL_LIMIT = 10
};

struct template_item {
    enum item_kind kind;
    enum hole_class class;
    struct slice literal; /* of a literal; of a hole: the literal that must follow, empty for the
                             end of the line */
    bool blank_follows;   /* of a hole: a blank follows */
    int slot;             /* of a hole, -1: nobody wants it */
    size_t next;          /* of an optional part: the item behind it */
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
        [HOLE_WORD] = "word", [HOLE_TEXT] = "text",       [HOLE_NUMBER] = "number",
        [HOLE_NAME] = "name", [HOLE_ADDRESS] = "address", [HOLE_TIME] = "time"};

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

    if (c->count == ITEM_LIMIT - 1) {
        error_set(c->err, ERROR_SYNTAX, "a template longer than kage takes");
        return NULL;
    }
    c->count++;
    *item = (struct template_item){.kind = kind, .slot = -1};
    return item;
}

/* {name:class}; the brace is behind us. */
static bool compile_hole(struct compiler *c)
{
    struct template_item *item = add_item(c, ITEM_HOLE);
    struct slice inside, name, class;
    int column;

    if (item == NULL)
        return false;
    if (!slice_cut(c->rest, '}', &inside, &c->rest))
        return error_set(c->err, ERROR_SYNTAX, "a hole of the template is not closed");
    if (slice_cut(inside, ':', &name, &class) && !hole_class_of(class, &item->class))
        return error_set(
            c->err, ERROR_SYNTAX,
            "hole '%.*s': expected word, text, number, name, address or time behind the colon",
            SLICE_FMT(inside));
    if (name.len == 0)
        return true;
    column = format_column(c->f, name);
    if (column < 0)
        return error_set(c->err, ERROR_SYNTAX, "more holes than kage takes");
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
        return error_set(c->err, ERROR_SYNTAX, "a brace of the template closes nothing");
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
        return error_set(c->err, ERROR_SYNTAX, "an optional part of the template is not closed");
    return add_item(c, ITEM_END) != NULL;
}

/* What must follow each hole, where that is certain; else every end is tried. */
static void find_followers(struct compiler *c)
{
    for (size_t i = 0; i + 1 < c->count; i++) {
        const struct template_item *next = &c->items[i + 1];

        if (next->kind == ITEM_LITERAL)
            c->items[i].literal =
                c->items[i].kind == ITEM_HOLE ? next->literal : c->items[i].literal;
        c->items[i].blank_follows = next->kind == ITEM_BLANK;
    }
}

static bool compile(struct format *f, struct shape *shape, struct error *err)
{
    struct compiler c = {.f = f, .rest = shape->text, .err = err};

    c.items = ARENA_NEW(&f->arena, struct template_item, ITEM_LIMIT);
    if (c.items == NULL)
        return error_set_memory(err);
    if (!compile_items(&c)) {
        f->fault_line = shape->line;
        f->fault_column = shape->column + shape->text.len - c.rest.len;
        return false;
    }
    find_followers(&c);
    shape->items = c.items;
    for (size_t i = 0; i < c.count;
         i++) /* columns that no rule and no join wants are cut and dropped */
        if (c.items[i].kind == ITEM_HOLE && c.items[i].slot >= 0)
            c.items[i].slot = f->slot_of[c.items[i].slot];
    return true;
}

/* Skips and claims may be plain patterns with `*`. */
static bool is_template(const struct shape *shape)
{
    return (shape->role != SHAPE_SKIP && shape->role != SHAPE_CLAIM) ||
           (shape->role == SHAPE_SKIP && slice_find(shape->text, '{') < shape->text.len);
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

static bool prepare(struct format *f, struct error *err)
{
    size_t known = f->column_count;

    if (f->shape_count == 0)
        return error_set(err, ERROR_SYNTAX,
                         "the decoder template needs at least one `record` line");
    for (size_t i = 0; i < f->shape_count; i++) {
        enum shape_role role = f->shapes[i].role;

        if (f->join_count == 0 && role != SHAPE_RECORD && role != SHAPE_SKIP && role != SHAPE_CLAIM)
            return shape_fault(f, &f->shapes[i], err);
        if (is_template(&f->shapes[i]) && !compile(f, &f->shapes[i], err))
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
    return true;
}

/* One line being held against one template. */
struct matching {
    const struct template_item *items;
    const char *end;
    struct slice *slots;
    unsigned tries; /* ends of holes and optional parts tried; bounded, so that hostile lines cost
                       little */
};

/* The bytes [from, to) were looked at. */
static void charge(struct matching *m, const char *from, const char *to)
{
    m->tries += (unsigned)((size_t)(to - from) / BYTES_PER_TRY);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Date and clock: a digit first, one blank at most, no brackets. */
static bool fits_time(const char *p, const char *end)
{
    int blanks = 0;

    if (p < end && !is_digit(*p))
        return false;
    for (; p < end; p++) {
        blanks += is_blank(*p);
        if (blanks > 1 || *p == '[' || *p == '(' || *p == '<')
            return false;
    }
    return true;
}

/* What stands behind the % of fe80::1%eth0. */
static bool is_zone_id(const char *p, const char *end)
{
    for (; p < end; p++)
        if (is_blank(*p) || *p == '#' || *p == '/')
            return false;
    return true;
}

static bool is_name(const char *p, const char *end)
{
    for (; p < end; p++)
        if (!is_digit(*p) && !(*p >= 'a' && *p <= 'z') && !(*p >= 'A' && *p <= 'Z') && *p != '-' &&
            *p != '_')
            return false;
    return true;
}

/* Are the bytes [p, end) such as the class allows? */
static bool fits_class(enum hole_class class, const char *p, const char *end)
{
    if (class == HOLE_TEXT)
        return true;
    if (class == HOLE_TIME)
        return fits_time(p, end);
    if (class == HOLE_NAME)
        return is_name(p, end);
    for (; p < end; p++)
        if (class == HOLE_WORD ? is_blank(*p) : !is_hex(*p) && *p != '.' && *p != ':')
            return class == HOLE_ADDRESS && *p == '%' && is_zone_id(p + 1, end);
    return true;
}

/* The first place from ${p} on where what follows the hole may stand; the line's end where it is
 * not there. */
static const char *hole_stop(const struct matching *m, const struct template_item *hole,
                             const char *p)
{
    if (hole->blank_follows)
        return scan_byte(p, scan_byte(p, m->end, ' '), '\t');
    if (hole->literal.len == 1)
        return scan_byte(p, m->end, hole->literal.ptr[0]);
    if (hole->literal.len > 1)
        return p + slice_find_slice(slice_of(p, (size_t)(m->end - p)), hole->literal);
    return p;
}

static bool match_items(struct matching *m, size_t at, const char *p);

/* A hole for a number takes all digits there are. */
static bool match_number(struct matching *m, size_t at, const char *p)
{
    const char *stop = p;

    while (stop < m->end && is_digit(*stop))
        stop++;
    charge(m, p, stop);
    if (stop == p || !match_items(m, at + 1, stop))
        return false;
    if (m->items[at].slot >= 0)
        m->slots[m->items[at].slot] = slice_of(p, (size_t)(stop - p));
    return true;
}

/* Another hole takes bytes from ${p}; its ends are tried from the nearest on. Slots are filled only
 * once all behind them fits. */
static bool match_hole(struct matching *m, size_t at, const char *p)
{
    const struct template_item *hole = &m->items[at];
    bool last = m->items[at + 1].kind == ITEM_END;
    bool certain = hole->literal.len > 0 || hole->blank_follows;
    const char *stop = last ? m->end : p, *checked = p;

    for (;; stop++) {
        if (certain)
            stop = hole_stop(m, hole, stop);
        charge(m, checked, stop);
        if ((certain && stop == m->end) ||
            !fits_class(hole->class,
                        hole->class == HOLE_TIME || hole->class == HOLE_ADDRESS ? p : checked,
                        stop))
            return false;
        checked = stop;
        if ((stop > p || hole->class == HOLE_TEXT || hole->slot < 0) &&
            match_items(m, at + 1, stop)) {
            if (hole->slot >= 0)
                m->slots[hole->slot] = slice_of(p, (size_t)(stop - p));
            return true;
        }
        if (stop == m->end || ++m->tries > TRIES_LIMIT)
            return false;
    }
}

static const char *skip_blanks(struct matching *m, const char *p)
{
    const char *stop = p;

    while (stop < m->end && is_blank(*stop))
        stop++;
    charge(m, p, stop);
    return stop;
}

/* Recursion ends with the template, not with the line. */
static bool match_items(struct matching *m, size_t at, const char *p)
{
    for (;; at++) {
        const struct template_item *item = &m->items[at];

        switch (item->kind) {
        case ITEM_LITERAL:
            if ((size_t)(m->end - p) < item->literal.len ||
                memcmp(p, item->literal.ptr, item->literal.len) != 0)
                return false;
            p += item->literal.len;
            break;
        case ITEM_BLANK:
            if (p == m->end || !is_blank(*p))
                return false;
            p = skip_blanks(m, p);
            break;
        case ITEM_HOLE:
            return item->class == HOLE_NUMBER ? match_number(m, at, p) : match_hole(m, at, p);
        case ITEM_OPTIONAL:
            if (match_items(m, at + 1, p))
                return true;
            if (++m->tries > TRIES_LIMIT)
                return false;
            at = item->next - 1; /* without it */
            break;
        case ITEM_END: return p == m->end;
        }
    }
}

static int cut(const struct format *f, void *state, struct slice line, struct slice *slots,
               struct arena *scratch)
{
    (void)state;
    (void)scratch;
    for (size_t i = 0; i < f->shape_count; i++) {
        const struct shape *shape = &f->shapes[i];
        struct matching m = {shape->items, line.ptr + line.len, slots, 0};

        if (is_template(shape)) {
            if (match_items(&m, 0, line.ptr))
                return shape->role == SHAPE_SKIP ? CUT_SKIP : (int)i;
        } else if (slice_glob(shape->text, line)) {
            return shape->role == SHAPE_SKIP ? CUT_SKIP : CUT_REJECT;
        }
    }
    return CUT_REJECT;
}

bool template_claims(const struct format *f, struct slice line)
{
    for (size_t i = 0; i < f->shape_count; i++)
        if (f->shapes[i].role == SHAPE_CLAIM && slice_glob(f->shapes[i].text, line))
            return true;
    return false;
}

const struct decoder decode_template = {"template", prepare, cut, 0};
