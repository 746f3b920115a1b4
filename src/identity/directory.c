/* directory.c: people by all the names they have. */
#include "identity/directory.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/room.h"
#include "base/text_map.h"
#include "identity/directory_internal.h"
#include "identity/table.h"

#include <stdlib.h>
#include <string.h>

/* How a name belongs to a person; the stronger one holds. */
enum claim {
    CLAIM_LOCAL, /* a name of the person's without its domain */
    CLAIM_ALIAS,
    CLAIM_USER
};

struct key {
    uint32_t person; /* NOBODY: two have it */
    enum claim claim;
};

struct directory {
    struct arena arena;
    struct person *people;
    size_t count, capacity;
    struct text_map names; /* folded */
    struct key *keys;      /* by number of the name */
    size_t key_capacity;
    struct text_map domains; /* of e-mail addresses */
    size_t ambiguous;
    struct slice first_ambiguous;
    size_t nameless, first_nameless; /* rows, line */
    struct buf scratch;
};

static const struct table_column columns[DIRECTORY_COLUMNS] = {
    [COLUMN_USER] = {"user",
                     "user|samaccountname|username|user id|login|login name|login id|logon name|"
                     "account|account name|uid|ユーザー|ユーザ|ユーザー名|ユーザ名|ユーザーID|"
                     "ユーザID|アカウント|アカウント名|ログインID|ログイン名|ログオン名|"
                     "userprincipalname",
                     false},
    [COLUMN_NAME] = {"name",
                     "name|displayname|full name|cn|氏名|名前|表示名|社員名|職員名|従業員名", true},
    [COLUMN_DEPARTMENT] = {"department",
                           "department|dept|department name|division|section|部署|部署名|部門|"
                           "部門名|所属|所属名|所属部署|所属部門|組織|組織名|ou|department number",
                           true},
    [COLUMN_EMAIL] = {"email",
                      "email|mail|email address|mail address|primary smtp address|メール|"
                      "メールアドレス|Eメール|電子メール",
                      true},
    [COLUMN_ALIASES] = {"aliases", "aliases|alias|別名|mail nickname", true},
    [COLUMN_PRINCIPALS] = {"aliases", "userprincipalname|upn", true},
    [COLUMN_ADDRESSES] = {"aliases", "proxyaddresses|email addresses", true},
    [COLUMN_LEFT_ON] = {"left_on",
                        "left_on|left|leaving date|leave date|termination date|退職日|退社日|"
                        "退職年月日|退社年月日|離職日",
                        true},
    [COLUMN_KIND] = {"kind", "kind", true},
    [COLUMN_CLASS] = {"kind", "objectclass", true},
};

static void note_ambiguous(struct directory *d, struct slice name)
{
    if (d->ambiguous++ == 0)
        d->first_ambiguous = arena_copy(&d->arena, name);
}

/* ${name} is one of the person's. A user name is nobody else's alias; what two have as alias is
 * neither's. */
static bool add_key(struct directory *d, struct slice name, uint32_t person, enum claim claim)
{
    struct slice folded = name_fold(name, &d->scratch);
    struct key *key;
    uint32_t number;
    bool fresh;

    if (!ROOM_FOR_ONE(d->keys, d->names.count, d->key_capacity))
        return false;
    if (folded.len == 0)
        return !d->scratch.failed;
    number = text_map_add(&d->names, folded, &fresh);
    if (number == TEXT_MAP_NONE)
        return false;
    key = &d->keys[number];
    if (!fresh && key->person != person && key->claim > CLAIM_LOCAL && claim > CLAIM_LOCAL)
        note_ambiguous(d, folded);
    if (fresh || claim > key->claim)
        *key = (struct key){person, claim};
    else if (claim == key->claim && key->person != person && claim < CLAIM_USER)
        key->person = NOBODY;
    return true;
}

/* So is what stands in it without the domain, if nobody has that for a name. */
static bool add_local(struct directory *d, struct slice name, uint32_t person)
{
    struct buf folded = {0};
    struct name_parts parts = name_cut(name_fold(name, &folded));
    bool ok = parts.domain.len == 0 || add_key(d, parts.local, person, CLAIM_LOCAL);

    buf_free(&folded);
    return ok;
}

static bool add_aliases(struct directory *d, struct slice list, uint32_t person)
{
    while (list.len > 0) {
        struct slice alias = list;
        size_t n = 0;

        while (n < list.len && list.ptr[n] != ';' && list.ptr[n] != ',' && list.ptr[n] != '\n')
            n++;
        alias.len = n;
        list = slice_from(list, n < list.len ? n + 1 : n);
        alias = slice_trim(alias);
        if (alias.len > 5 && slice_equal_nocase(slice_of(alias.ptr, 5), SLICE("smtp:")))
            alias = slice_from(alias, 5);
        if (!add_key(d, alias, person, CLAIM_ALIAS) ||
            (slice_find(alias, '\\') < alias.len && !add_local(d, alias, person)))
            return false;
    }
    return true;
}

static bool add_email(struct directory *d, struct slice email, uint32_t person)
{
    struct slice folded;
    struct name_parts parts;

    if (email.len == 0)
        return true;
    if (!add_key(d, email, person, CLAIM_ALIAS))
        return false;
    folded = name_fold(email, &d->scratch);
    parts = name_cut(folded);
    return parts.domain.len == 0 || parts.before ||
           text_map_add(&d->domains, parts.domain, NULL) != TEXT_MAP_NONE;
}

/* The domain of a principal is the company's. */
static bool add_principals(struct directory *d, struct slice list, uint32_t person)
{
    while (list.len > 0) {
        struct slice name;

        slice_cut(list, ';', &name, &list);
        name = slice_trim(name);
        if (!add_email(d, name, person) || !add_local(d, name, person))
            return false;
    }
    return true;
}

static bool parse_kind(struct slice text, enum name_kind *kind)
{
    for (unsigned k = 0; k < KIND_COUNT; k++)
        if (slice_equal_nocase(text, slice_of_string(name_kind_text((enum name_kind)k)))) {
            *kind = (enum name_kind)k;
            return true;
        }
    return text.len == 0;
}

/* Is ${class} among the classes of an entry, which stand apart by `;`? */
static bool class_is(struct slice classes, const char *class)
{
    struct slice one;

    while (classes.len > 0) {
        slice_cut(classes, ';', &one, &classes);
        if (slice_equal_nocase(slice_trim(one), slice_of_string(class)))
            return true;
    }
    return false;
}

static bool fail(const struct directory_place *place, struct error *err, const char *what,
                 struct slice subject)
{
    return error_set(err, ERROR_SYNTAX, "%s:%zu: %s '%.*s'", place->file, place->line, what,
                     SLICE_FMT(subject));
}

static bool keep_person(struct directory *d, const struct slice *fields, struct person *person)
{
    struct slice *texts[] = {&person->user, &person->name, &person->department, &person->email};
    static const enum directory_column sources[] = {COLUMN_USER, COLUMN_NAME, COLUMN_DEPARTMENT,
                                                    COLUMN_EMAIL};

    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        *texts[i] = arena_copy(&d->arena, slice_trim(fields[sources[i]]));
        if (texts[i]->ptr == NULL)
            return false;
    }
    return true;
}

/* Who has that user name already, or NOBODY. */
static uint32_t find_user(struct directory *d, struct slice user)
{
    uint32_t number = text_map_find(&d->names, name_fold(user, &d->scratch));

    return number != TEXT_MAP_NONE && d->keys[number].claim == CLAIM_USER ? d->keys[number].person
                                                                          : NOBODY;
}

/* What exports write for no date. */
static bool is_no_date(struct slice text)
{
    return slice_is(text, "-") || slice_starts_with(text, SLICE("0000-00-00")) ||
           slice_starts_with(text, SLICE("0000/00/00"));
}

/* Everything of the entry but its names into ${person}. */
static bool describe(const struct directory_place *place, const struct slice *fields,
                     struct person *person, struct error *err)
{
    struct slice left = slice_trim(fields[COLUMN_LEFT_ON]), kind = slice_trim(fields[COLUMN_KIND]);
    bool machine = slice_ends_with(slice_trim(fields[COLUMN_USER]), SLICE("$")) ||
                   class_is(fields[COLUMN_CLASS], "computer");

    if (is_no_date(left))
        left.len = 0;
    if (left.len > 0 && !table_day(left, &person->left_on))
        return fail(place, err, "expected a date such as 2026-09-30, not", left);
    person->has_left = left.len > 0;
    person->kind = machine ? KIND_MACHINE : KIND_PERSON;
    return parse_kind(kind, &person->kind) ||
           fail(place, err, "expected the kind person, machine or service, not", kind);
}

/* Does the row say the same of the person as one before? Addresses and aliases may be others. */
static bool is_same(const struct person *a, const struct person *b, const struct slice *fields)
{
    return a->kind == b->kind && a->has_left == b->has_left && a->left_on == b->left_on &&
           slice_equal(a->name, slice_trim(fields[COLUMN_NAME])) &&
           slice_equal(a->department, slice_trim(fields[COLUMN_DEPARTMENT]));
}

static bool add_names(struct directory *d, const struct slice *fields, uint32_t person)
{
    return add_email(d, slice_trim(fields[COLUMN_EMAIL]), person) &&
           add_aliases(d, fields[COLUMN_ALIASES], person) &&
           add_principals(d, fields[COLUMN_PRINCIPALS], person) &&
           add_aliases(d, fields[COLUMN_ADDRESSES], person);
}

static bool add_person(struct directory *d, const struct slice *fields, struct person *person)
{
    struct slice user = slice_trim(fields[COLUMN_USER]);
    uint32_t number = (uint32_t)d->count;

    if (d->count >= NOBODY || !ROOM_FOR_ONE(d->people, d->count, d->capacity) ||
        !keep_person(d, fields, person))
        return false;
    d->people[d->count++] = *person;
    return add_key(d, user, number, CLAIM_USER) && add_local(d, user, number) &&
           (slice_find(user, '@') == user.len || add_email(d, user, number)) &&
           add_names(d, fields, number);
}

bool directory_add(struct directory *d, const struct directory_place *place,
                   const struct slice *fields, struct error *err)
{
    struct person person = {0};
    struct slice user = slice_trim(fields[COLUMN_USER]);
    uint32_t before;

    if (class_is(fields[COLUMN_CLASS], "group"))
        return true;
    if (user.len == 0) {
        if (d->nameless++ == 0)
            d->first_nameless = place->line;
        return true;
    }
    if (!describe(place, fields, &person, err))
        return false;
    before = find_user(d, user);
    if (before == NOBODY)
        return add_person(d, fields, &person) || error_set_memory(err);
    if (!is_same(&d->people[before], &person, fields))
        return fail(place, err, "this user stands in a line before:", user);
    return add_names(d, fields, before) || error_set_memory(err);
}

static bool load(struct directory *d, const char *path, const char *renamed, struct error *err)
{
    struct table table = {columns, DIRECTORY_COLUMNS, renamed};
    struct arena arena = {0};
    struct slice text;
    bool ok = table_check_renamed(&table, err) && table_text(path, &arena, &text, err) &&
              (directory_is_ldif(text) ? directory_read_ldif(d, &table, path, text, err)
                                       : directory_read_csv(d, &table, path, text, err));

    arena_free(&arena);
    if (ok && d->count == 0 && d->nameless > 0)
        return error_set(err, ERROR_SYNTAX, "%s:%zu: no user name, and none in any other row", path,
                         d->first_nameless);
    return ok;
}

struct directory *directory_load(const char *path, const char *renamed, struct error *err)
{
    struct directory *d = calloc(1, sizeof *d);

    if (d == NULL) {
        error_set_memory(err);
        return NULL;
    }
    if (load(d, path, renamed, err))
        return d;
    directory_free(d);
    return NULL;
}

uint32_t directory_find(const struct directory *d, struct slice folded)
{
    uint32_t number = text_map_find(&d->names, folded);

    return number == TEXT_MAP_NONE ? NOBODY : d->keys[number].person;
}

bool directory_has_domain(const struct directory *d, struct slice folded)
{
    return text_map_find(&d->domains, folded) != TEXT_MAP_NONE;
}

bool directory_knows_domains(const struct directory *d)
{
    return d->domains.count > 0;
}

size_t directory_count(const struct directory *d)
{
    return d->count;
}

const struct person *directory_person(const struct directory *d, uint32_t number)
{
    return &d->people[number];
}

bool directory_name(const struct directory *d, uint32_t index, struct slice *name)
{
    if (index >= d->names.count)
        return false;
    *name = d->names.texts[index];
    return true;
}

size_t directory_nameless(const struct directory *d, size_t *line)
{
    *line = d->first_nameless;
    return d->nameless;
}

size_t directory_ambiguous(const struct directory *d, struct slice *first)
{
    *first = d->first_ambiguous;
    return d->ambiguous;
}

void directory_free(struct directory *d)
{
    if (d == NULL)
        return;
    text_map_free(&d->names);
    text_map_free(&d->domains);
    free(d->keys);
    free(d->people);
    arena_free(&d->arena);
    buf_free(&d->scratch);
    free(d);
}
