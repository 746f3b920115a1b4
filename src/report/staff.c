/* staff.c: users to departments, small departments into one. */
#include "report/staff.h"

#include "identity/identity.h"
#include "usage/usage.h"

#include <stdlib.h>

/* A department on its way. */
struct heads {
    uint64_t count;
    uint32_t number;
};

static struct slice department_of(const struct person *person)
{
    return person == NULL ? SLICE("") : person->department;
}

bool staff_count_without(void *without, struct slice user)
{
    struct staff_without *w = without;

    w->count += department_of(identity_person(w->identity, user)).len == 0;
    return true;
}

/* Every department of the directory gets a number, then "small", then those that the store knows.
 */
static bool number_departments(struct staff *s, const struct usage *stored)
{
    const struct directory *d = s->identity == NULL ? NULL : identity_directory(s->identity);
    uint32_t others = stored == NULL ? 0 : usage_name_count(stored, NAME_CLIENT);
    bool ok = text_map_add(&s->numbers, SLICE(""), NULL) == 0;

    for (uint32_t i = 0; ok && d != NULL && i < directory_count(d); i++)
        ok = text_map_add(&s->numbers, directory_person(d, i)->department, NULL) != TEXT_MAP_NONE;
    ok = ok && text_map_add(&s->numbers, SLICE(STAFF_SMALL), NULL) != TEXT_MAP_NONE;
    for (uint32_t i = 0; ok && i < others; i++)
        ok = text_map_add(&s->numbers, usage_name(stored, NAME_CLIENT, i), NULL) != TEXT_MAP_NONE;
    return ok;
}

/* People of each department, users or not. */
static void count_heads(const struct staff *s, struct heads *heads)
{
    const struct directory *d = s->identity == NULL ? NULL : identity_directory(s->identity);

    for (uint32_t i = 0; d != NULL && i < directory_count(d); i++) {
        const struct person *person = directory_person(d, i);

        if (person->department.len > 0 && person->kind == KIND_PERSON)
            heads[text_map_find(&s->numbers, person->department)].count++;
    }
}

static int by_count(const void *a, const void *b)
{
    const struct heads *x = a, *y = b;
    int order = (x->count > y->count) - (x->count < y->count);

    return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

/* The smallest departments become one, until it is large enough. */
static bool join_small(struct staff *s, uint64_t without, uint64_t suppress)
{
    uint32_t small = text_map_find(&s->numbers, SLICE(STAFF_SMALL)), joined = 0;
    struct heads *heads = calloc(s->numbers.count, sizeof *heads);
    uint64_t together = 0;

    if (heads == NULL)
        return false;
    for (uint32_t i = 0; i < s->numbers.count; i++)
        heads[i].number = i;
    heads[0].count = without;
    count_heads(s, heads);
    qsort(heads, s->numbers.count, sizeof *heads, by_count);
    for (uint32_t i = 0; i < s->numbers.count; i++) {
        uint64_t count = heads[i].count;
        bool joins = (count > 0 || heads[i].number > small) &&
                     (count < suppress || (joined > 0 && together < suppress));

        if (joins)
            s->shown[heads[i].number] = small;
        joined += joins;
        together += joins ? count : 0;
    }
    free(heads);
    return true;
}

static bool make(struct staff *s, const struct staff_world *world, const struct filter_list *filter,
                 uint64_t suppress)
{
    if (!number_departments(s, world->stored))
        return false;
    s->shown = calloc(s->numbers.count, sizeof *s->shown);
    s->kept = calloc(s->numbers.count, sizeof *s->kept);
    if (s->shown == NULL || s->kept == NULL)
        return false;
    for (uint32_t i = 0; i < s->numbers.count; i++) {
        s->shown[i] = i;
        s->kept[i] = filter == NULL || filter_passes(filter, staff_name(s, i));
    }
    return suppress == 0 || join_small(s, world->without, suppress);
}

bool staff_make(const struct staff_world *world, const struct filter_list *filter,
                uint64_t suppress, struct staff *out, struct error *err)
{
    *out = (struct staff){.identity = world->identity};
    return make(out, world, filter, suppress) || error_set_memory(err);
}

struct staff_member staff_find(const struct staff *s, struct slice user)
{
    const struct person *person = s->identity == NULL ? NULL : identity_person(s->identity, user);
    uint32_t own = person == NULL ? 0 : text_map_find(&s->numbers, person->department);

    if (own == TEXT_MAP_NONE)
        own = 0;
    return (struct staff_member){
        .own = own,
        .shown = s->shown[own],
        .left_on = person != NULL && person->has_left ? (int32_t)person->left_on : INT32_MAX};
}

struct staff_member staff_find_stored(const struct staff *s, struct slice user,
                                      struct slice department)
{
    struct staff_member member = staff_find(s, user);
    uint32_t own = text_map_find(&s->numbers, department);

    if (own != TEXT_MAP_NONE) {
        member.own = own;
        member.shown = s->shown[own];
    }
    return member;
}

struct slice staff_name(const struct staff *s, uint32_t number)
{
    return s->numbers.texts[number];
}

void staff_free(struct staff *s)
{
    text_map_free(&s->numbers);
    free(s->shown);
    free(s->kept);
    *s = (struct staff){0};
}
