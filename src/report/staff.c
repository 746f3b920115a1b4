/* staff.c: users to departments, small departments into one. */
#include "report/staff.h"

#include "base/text_map.h"
#include "identity/identity.h"

#include <stdlib.h>

/* A department on its way. */
struct heads {
    uint64_t count;
    uint32_t number;
};

struct making {
    const struct identity *identity;
    const struct usage *usage;
    struct staff *out;
    struct text_map names; /* number 0 is the empty text */
    struct heads *heads;
    uint32_t capacity; /* of heads */
};

static bool number_of(struct making *m, struct slice name, uint32_t *number)
{
    *number = text_map_add(&m->names, name, NULL);
    if (*number == TEXT_MAP_NONE)
        return false;
    if (*number >= m->capacity) {
        uint32_t capacity = m->capacity == 0 ? 64 : m->capacity * 2;
        struct heads *heads = realloc(m->heads, capacity * sizeof *heads);

        if (heads == NULL)
            return false;
        for (uint32_t i = m->capacity; i < capacity; i++)
            heads[i] = (struct heads){0, i};
        m->heads = heads;
        m->capacity = capacity;
    }
    return true;
}

static bool place_user(struct making *m, uint32_t user)
{
    const struct person *person =
        identity_person(m->identity, usage_name(m->usage, NAME_USER, user));
    struct slice department = person == NULL ? SLICE("") : person->department;

    m->out->left_on[user] =
        person != NULL && person->has_left ? (int32_t)person->left_on : INT32_MAX;
    if (!number_of(m, department, &m->out->own[user]))
        return false;
    m->out->department[user] = m->out->own[user];
    m->heads[0].count += department.len == 0;
    return true;
}

/* People of each department, users or not. */
static bool count_heads(struct making *m)
{
    const struct directory *d = identity_directory(m->identity);
    uint32_t number;

    for (uint32_t i = 0; d != NULL && i < directory_count(d); i++) {
        const struct person *person = directory_person(d, i);

        if (person->department.len == 0 || person->kind != KIND_PERSON)
            continue;
        if (!number_of(m, person->department, &number))
            return false;
        m->heads[number].count++;
    }
    return true;
}

static int by_count(const void *a, const void *b)
{
    const struct heads *x = a, *y = b;
    int order = (x->count > y->count) - (x->count < y->count);

    return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

/* The smallest departments become one, until it is large enough. */
static bool join_small(struct making *m, uint64_t suppress)
{
    uint64_t together = 0;
    uint32_t small, joined = 0, *target;

    if (!number_of(m, SLICE(STAFF_SMALL), &small))
        return false;
    target = calloc(m->names.count, sizeof *target);
    if (target == NULL)
        return false;
    qsort(m->heads, m->names.count, sizeof *m->heads, by_count);
    for (uint32_t i = 0; i < m->names.count; i++) {
        const struct heads *heads = &m->heads[i];
        bool joins =
            heads->count > 0 && (heads->count < suppress || (joined > 0 && together < suppress));

        target[heads->number] = joins ? small : heads->number;
        joined += joins;
        together += joins ? heads->count : 0;
    }
    for (uint32_t user = 0; user < usage_name_count(m->usage, NAME_USER); user++)
        m->out->department[user] = target[m->out->department[user]];
    free(target);
    return true;
}

/* Names and filter by number. */
static bool finish(struct making *m, const struct filter_list *filter)
{
    struct staff *out = m->out;

    out->count = m->names.count;
    out->names = ARENA_NEW(&out->arena, struct slice, out->count);
    out->kept = ARENA_NEW(&out->arena, bool, out->count);
    if (out->names == NULL || out->kept == NULL)
        return false;
    for (uint32_t i = 0; i < out->count; i++) {
        out->names[i] = arena_copy(&out->arena, m->names.texts[i]);
        if (out->names[i].ptr == NULL)
            return false;
        out->kept[i] = filter == NULL || filter_passes(filter, out->names[i]);
    }
    return true;
}

bool staff_make(const struct identity *identity, const struct usage *usage,
                const struct filter_list *filter, uint64_t suppress, struct staff *out,
                struct error *err)
{
    struct making m = {.identity = identity, .usage = usage, .out = out};
    uint32_t users = usage_name_count(usage, NAME_USER), none;
    bool ok = number_of(&m, SLICE(""), &none);

    out->department = ARENA_NEW(&out->arena, uint32_t, (size_t)users + 1);
    out->own = ARENA_NEW(&out->arena, uint32_t, (size_t)users + 1);
    out->left_on = ARENA_NEW(&out->arena, int32_t, (size_t)users + 1);
    ok = ok && out->department != NULL && out->own != NULL && out->left_on != NULL;
    for (uint32_t user = 1; ok && user < users; user++)
        ok = place_user(&m, user);
    ok = ok && count_heads(&m) && (suppress == 0 || join_small(&m, suppress)) && finish(&m, filter);
    text_map_free(&m.names);
    free(m.heads);
    return ok || error_set_memory(err);
}

bool staff_has_left(const struct staff *s, uint32_t user, int32_t day)
{
    return day > s->left_on[user];
}

void staff_free(struct staff *s)
{
    arena_free(&s->arena);
    *s = (struct staff){0};
}
