/* explain_template.c: the byte at which a line leaves the template that it follows furthest. */
#include "format/explain/explain_shape.h"

#include "format/mapping/reason.h"

#include <stdlib.h>
#include <string.h>

enum { PROBE_LIMIT = 640 };

/* The begin of a template: all up to a part of it, and the part. */
struct template_probe {
    size_t shape;        /* its index in the definition */
    size_t line;         /* of the definition */
    struct slice wanted; /* the part, as written */
    size_t letters;      /* literal ones up to its end: what shows that a line is the template's */
    bool whole;          /* it is the template's last, and ends in a hole */
    const struct template_item *items;
};

/* The end of the part of a template that begins at ${at}: behind the next literal text that stands
 * on its own, so that what comes before is sure to be there. */
static size_t next_end(struct slice text, size_t at)
{
    int depth = 0;
    bool literal = false;

    for (; at < text.len; at++) {
        char c = text.ptr[at];
        bool doubled = (c == '{' || c == '}') && at + 1 < text.len && text.ptr[at + 1] == c &&
                       (c == '{' || depth == 0);

        if (!doubled && c == '{' && depth == 0 && literal)
            return at;
        if (doubled)
            at++;
        else if (c == '{' || c == '}')
            depth += c == '{' ? 1 : -1;
        literal |= depth == 0 && (doubled || c != '}');
    }
    return text.len;
}

/* The signs of ${text} that a line must have, but for blanks. */
static size_t count_letters(struct slice text)
{
    size_t letters = 0;
    int depth = 0;

    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '{' || text.ptr[i] == '}')
            depth += text.ptr[i] == '{' ? 1 : -1;
        else
            letters += depth == 0 && text.ptr[i] != ' ';
    return letters;
}

/* A shape that takes the first ${end} bytes of ${text} and whatever follows. */
static bool add_begin(struct format *f, struct slice text, size_t end, bool whole)
{
    static const char rest[] = "{@rest:text}";
    size_t tail = whole ? 0 : sizeof rest - 1; /* what ends in a hole has to take all there is */
    char *begin = ARENA_NEW(&f->arena, char, end + sizeof rest);

    if (begin == NULL || f->shape_count == PROBE_LIMIT)
        return false;
    memcpy(begin, text.ptr, end);
    memcpy(begin + end, rest, tail);
    f->shapes[f->shape_count++] =
        (struct shape){.role = SHAPE_RECORD, .text = slice_of(begin, end + tail)};
    return true;
}

/* The begins of one template. */
static bool add_probes(struct format *to, const struct format *f, size_t index,
                       struct template_probe *probes)
{
    const struct shape *shape = &f->shapes[index];
    size_t end;

    for (size_t at = 0; at < shape->text.len; at = end) {
        struct template_probe *probe = &probes[to->shape_count];

        end = next_end(shape->text, at);
        *probe = (struct template_probe){.shape = index,
                                         .line = shape->line,
                                         .wanted = slice_of(shape->text.ptr + at, end - at),
                                         .letters = count_letters(slice_of(shape->text.ptr, end))};
        probe->whole = end == shape->text.len && slice_ends_with(probe->wanted, SLICE("}"));
        if (!add_begin(to, shape->text, end, probe->whole))
            return false;
    }
    return true;
}

/* One format whose shapes are all begins of all templates. */
static struct format *compile(const struct format *f, struct template_probe *probes)
{
    struct format *to = calloc(1, sizeof *to);
    struct error ignored = {0};
    bool ok = to != NULL && format_has_room_for_columns(to, &to->arena) &&
              (to->shapes = ARENA_NEW(&to->arena, struct shape, PROBE_LIMIT)) != NULL;

    for (size_t i = 0; ok && i < f->shape_count; i++)
        if (f->shapes[i].role != SHAPE_SKIP && f->shapes[i].role != SHAPE_OWN &&
            f->shapes[i].role != SHAPE_CLAIM)
            ok = add_probes(to, f, i, probes);
    if (ok) {
        int rest = format_column(to, SLICE("@rest"));

        to->decoder = &decode_template;
        to->slot_count = ENVELOPE_SLOTS + 1;
        to->slot_of[rest] = ENVELOPE_SLOTS;
        ok = to->decoder->prepare(to, &ignored);
    }
    for (size_t i = 0; ok && i < to->shape_count; i++)
        probes[i].items = to->shapes[i].items;
    return to;
}

/* Returns: are there any? */
static bool prepare(struct template_probes *p, const struct format *f)
{
    struct template_probe *probes;

    if (p->compiled != NULL)
        return p->count > 0;
    probes = calloc(PROBE_LIMIT, sizeof *probes);
    if (probes == NULL)
        return false;
    p->compiled = compile(f, probes);
    p->probes = probes;
    for (p->count = 0; p->count < PROBE_LIMIT && probes[p->count].items != NULL;)
        p->count++;
    return p->count > 0;
}

/* The bytes of ${body} that the begin takes; SIZE_MAX where it does not fit. */
static size_t taken_by(const struct template_probe *probe, struct slice body)
{
    struct slice slots[ENVELOPE_SLOTS + 1] = {{NULL, 0}};

    if (!template_match(probe->items, body, slots, NULL))
        return SIZE_MAX;
    return probe->whole ? body.len : body.len - slots[ENVELOPE_SLOTS].len;
}

/* How far a line follows a template. */
struct reach {
    size_t letters;      /* literal ones of it that the line has */
    size_t fits;         /* bytes of the line */
    struct slice wanted; /* what the template has there */
    size_t line;         /* of the definition; 0: no template */
};

/* How far it follows the template whose first probe is ${at}, which moves behind its last. */
static struct reach reach_of(const struct template_probes *p, size_t *at, struct slice body)
{
    const struct template_probe *first = &p->probes[*at];
    struct reach reach = {0, 0, slice_of("", 0), first->line};
    bool follows = true;

    for (; *at < p->count && p->probes[*at].shape == first->shape; ++*at) {
        size_t taken = follows ? taken_by(&p->probes[*at], body) : SIZE_MAX;

        if (follows && taken == SIZE_MAX)
            reach.wanted = p->probes[*at].wanted;
        else if (follows) {
            reach.fits = taken;
            reach.letters = p->probes[*at].letters;
        }
        follows &= taken != SIZE_MAX;
    }
    return reach;
}

/* A hole may take any text: the letters between them tell more than how much they took. */
static bool is_further(const struct reach *a, const struct reach *b)
{
    if (b->line == 0 || a->letters != b->letters)
        return b->line == 0 || a->letters > b->letters;
    return a->fits > b->fits;
}

/* How far it follows the template that it follows furthest. */
static struct reach furthest(const struct template_probes *p, struct slice body)
{
    struct reach best = {0};

    for (size_t at = 0; at < p->count;) {
        struct reach reach = reach_of(p, &at, body);

        if (is_further(&reach, &best))
            best = reach;
    }
    return best;
}

void explain_template(const struct uncut *line, struct template_probes *probes, struct buf *out)
{
    struct slice whole = slice_of(line->body.ptr - line->offset, line->body.len + line->offset);
    struct slice body = line->body;
    struct reach best, other;

    if (!prepare(probes, line->format))
        return;
    best = furthest(probes, body);
    other = furthest(probes, whole);
    if (line->offset > 0 &&
        other.letters > best.letters) { /* what was taken for a prefix is none */
        best = other;
        body = whole;
    }
    buf_printf(out, "byte %zu, '", (size_t)(body.ptr - whole.ptr) + best.fits + 1);
    reason_append_text(out, slice_from(body, best.fits));
    if (best.wanted.len > 0)
        buf_printf(out, "': expected '%.*s'", SLICE_FMT(best.wanted));
    else
        buf_append_string(out, "': expected the end of the line");
    if (line->name_line)
        buf_printf(out, " (line %zu of the definition)", best.line);
}

void template_probes_free(struct template_probes *p)
{
    if (p->compiled != NULL) {
        struct arena arena = p->compiled->arena;

        arena_free(&arena);
    }
    free(p->compiled);
    free(p->probes);
    *p = (struct template_probes){0};
}
