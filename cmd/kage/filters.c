/* filters.c: words of the filter options into patterns, checked against what there is. */
#include "filters.h"

#include "base/buf.h"
#include "base/calendar.h"
#include "base/period.h"
#include "report/plan.h"

#define FILTER(name, member, help)                                                                 \
    {                                                                                              \
        '\0', name, "WORDS", OPTION_LIST, offsetof(struct filter_arguments, member), help          \
    }

const struct option_row filter_rows[] = {
    {'\0', "since", "T", OPTION_TEXT, offsetof(struct filter_arguments, since),
     "from then on: 2026-09-30, 2026-09, yesterday,\n7d or RFC 3339"},
    {'\0', "until", "T", OPTION_TEXT, offsetof(struct filter_arguments, until),
     "a date or month to its end, an instant exclusive"},
    FILTER("user", user, "keep only these users; `a,b` is or, `!a` not,\n`*` any text; so below"),
    FILTER("department", department, "departments of the directory (--users)"),
    FILTER("app", app, "apps by id: line,discord"),
    FILTER("category", category, "categories of apps"),
    FILTER("vendor", vendor, "vendors of apps"),
    FILTER("managed", managed, "no, both or yes"),
    FILTER("status", status, "unsanctioned, unreviewed, tolerated, sanctioned"),
    FILTER("tenant", tenant, "tenants: acme of acme.slack.com"),
    FILTER("host", host, "hosts asked for"),
    FILTER("client", client, "addresses that asked: 10.1.2.3, 10.1.0.0/16"),
    FILTER("country", country, "of the destination, by --geoip: JP,US"),
    FILTER("source", source, "[source] names, else archives"),
    FILTER("use", use, "used, likely, background, denied, resolved,\nembedded"),
    {'\0', "left", NULL, OPTION_FLAG, offsetof(struct filter_arguments, left),
     "use by people who had left before that day"},
    {0}};

/* The ${index}th text that a dimension can have; NULL past the last. */
typedef const char *name_at(const struct filter_world *world, size_t index);

/* A filter being parsed. */
struct filter_parse {
    const char *option;
    const struct text_list *given;
    bool lower;     /* are all texts of the dimension in lower case? */
    name_at *names; /* NULL: any text may occur */
    struct filter_list *out;
};

static const char *app_at(const struct filter_world *world, size_t index)
{
    if (index >= signature_app_count(world->signatures))
        return NULL;
    return signature_app(world->signatures, (uint32_t)index)->id;
}

static const char *category_at(const struct filter_world *world, size_t index)
{
    if (index >= signature_app_count(world->signatures))
        return NULL;
    return signature_app(world->signatures, (uint32_t)index)->category;
}

static const char *managed_at(const struct filter_world *world, size_t index)
{
    (void)world;
    return index < MANAGED_COUNT ? managed_name((enum managed)index) : NULL;
}

static const char *status_at(const struct filter_world *world, size_t index)
{
    (void)world;
    return index < STATUSES ? plan_status_name((enum app_status)index) : NULL;
}

static const char *use_at(const struct filter_world *world, size_t index)
{
    (void)world;
    return index < USES ? plan_use_name((enum use)index) : NULL;
}

/* Are there so few that a message can name them all? */
static bool is_short_list(name_at *names)
{
    return names != app_at && names != category_at;
}

/* With all that is known: "a, b or c". */
static bool unknown_name(const struct filter_parse *parse, const struct filter_world *world,
                         const char *pattern, struct error *err)
{
    struct buf names = {0};
    const char *name;

    for (size_t i = 0; (name = parse->names(world, i)) != NULL; i++) {
        const char *join = parse->names(world, i + 1) == NULL ? " or " : ", ";

        buf_append_string(&names, i == 0 ? "" : join);
        buf_append_string(&names, name);
    }
    buf_append_byte(&names, '\0');
    if (names.failed)
        error_set_memory(err);
    else
        error_set(err, ERROR_USAGE, "--%s: '%s': expected %s", parse->option, pattern, names.ptr);
    buf_free(&names);
    return false;
}

/* A pattern must stand for something that can occur: a slip of the pen would keep nothing. */
static bool check_pattern(const struct filter_parse *parse, const struct filter_world *world,
                          const char *pattern, struct error *err)
{
    struct nearest nearest = {.word = slice_of_string(pattern)};
    const char *name;

    for (size_t i = 0; (name = parse->names(world, i)) != NULL; i++) {
        if (slice_glob(slice_of_string(pattern), slice_of_string(name)))
            return true;
        nearest_offer(&nearest, name);
    }
    if (is_short_list(parse->names))
        return unknown_name(parse, world, pattern, err);
    if (nearest.best == NULL)
        return error_set(err, ERROR_USAGE, "--%s: '%s' is none that is known", parse->option,
                         pattern);
    return error_set(err, ERROR_USAGE, "--%s: '%s' is none that is known; the nearest is '%s'",
                     parse->option, pattern, nearest.best);
}

static const char *make_pattern(struct slice word, bool lower, struct arena *arena)
{
    char *pattern = ARENA_NEW(arena, char, word.len + 1);

    for (size_t i = 0; pattern != NULL && i < word.len; i++) {
        pattern[i] = word.ptr[i];
        if (lower && pattern[i] >= 'A' && pattern[i] <= 'Z')
            pattern[i] = (char)(pattern[i] - 'A' + 'a');
    }
    return pattern;
}

/* What is wanted and what is not. */
struct patterns {
    struct text_list wanted, unwanted;
};

static bool add_word(const struct filter_parse *parse, const struct filter_world *world,
                     struct slice word, struct patterns *patterns, struct arena *arena,
                     struct error *err)
{
    bool without = slice_starts_with(word, SLICE("!"));
    struct slice text = slice_from(word, without ? 1 : 0);
    const char *pattern;

    if (text.len == 0)
        return error_set(err, ERROR_USAGE, "--%s: an empty word; expected words joined by commas",
                         parse->option);
    pattern = make_pattern(text, parse->lower, arena);
    if (pattern == NULL ||
        !text_list_add(without ? &patterns->unwanted : &patterns->wanted, arena, pattern))
        return error_set_memory(err);
    return parse->names == NULL || check_pattern(parse, world, pattern, err);
}

static bool parse_filter(const struct filter_parse *parse, const struct filter_world *world,
                         struct arena *arena, struct error *err)
{
    struct patterns patterns = {0};

    for (size_t i = 0; i < parse->given->count; i++) {
        struct slice rest = slice_of_string(parse->given->texts[i]), word;
        bool more = true;

        while (more) {
            more = slice_cut(rest, ',', &word, &rest);
            if (!add_word(parse, world, slice_trim(word), &patterns, arena, err))
                return false;
        }
    }
    *parse->out = (struct filter_list){patterns.wanted.texts, patterns.wanted.count,
                                       patterns.unwanted.texts, patterns.unwanted.count};
    return true;
}

static bool parse_period(const struct filter_arguments *a, const struct filter_world *world,
                         struct record_filter *records, struct error *err)
{
    struct period period;

    records->since_us = INT64_MIN;
    records->until_us = INT64_MAX;
    if (a->since != NULL) {
        if (!period_parse(a->since, world->report_zone, world->now_s, &period, err))
            return error_context(err, "--since");
        records->since_us = period.from_s * MICROSECONDS_PER_SECOND + period.fraction_us;
    }
    if (a->until != NULL) {
        if (!period_parse(a->until, world->report_zone, world->now_s, &period, err))
            return error_context(err, "--until");
        records->until_us = period.until_s * MICROSECONDS_PER_SECOND + period.fraction_us;
    }
    if (records->since_us >= records->until_us)
        return error_set(err, ERROR_USAGE,
                         "--since %s, --until %s: the period ends before it begins", a->since,
                         a->until);
    return true;
}

/* Bits of the names that pass. */
static unsigned mask_of(const struct filter_list *list, const struct filter_world *world,
                        name_at *names)
{
    unsigned mask = 0;
    const char *name;

    for (size_t i = 0; (name = names(world, i)) != NULL; i++)
        if (filter_passes(list, slice_of_string(name)))
            mask |= 1U << i;
    return mask;
}

bool filters_parse(const struct filter_arguments *a, const struct filter_world *world,
                   struct record_filter *records, struct rows_filter *rows, struct arena *arena,
                   struct error *err)
{
    struct filter_list status, use;
    const struct filter_parse filters[] = {
        {"user", &a->user, false, NULL, &records->user},
        {"department", &a->department, false, NULL, &rows->departments},
        {"app", &a->app, true, app_at, &records->app},
        {"category", &a->category, true, category_at, &records->category},
        {"vendor", &a->vendor, false, NULL, &records->vendor},
        {"managed", &a->managed, true, managed_at, &records->managed},
        {"status", &a->status, true, status_at, &status},
        {"tenant", &a->tenant, false, NULL, &records->tenant},
        {"host", &a->host, true, NULL, &records->host},
        {"client", &a->client, true, NULL, &records->client},
        {"country", &a->country, true, NULL, &records->country},
        {"source", &a->source, false, NULL, &records->source},
        {"use", &a->use, true, use_at, &use},
    };

    if (!parse_period(a, world, records, err))
        return false;
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
        if (!parse_filter(&filters[i], world, arena, err))
            return false;
    rows->left = a->left;
    rows->statuses = mask_of(&status, world, status_at);
    rows->uses = mask_of(&use, world, use_at);
    return true;
}

/* The list, and behind it what its people are counted as. */
static bool add_people(const char *const **patterns, size_t *count, const struct identity *identity,
                       struct arena *arena)
{
    struct text_list all = {0};
    struct buf name = {0};
    bool ok = true;

    for (size_t i = 0; ok && i < *count; i++)
        ok = text_list_add(&all, arena, (*patterns)[i]);
    for (size_t i = 0; ok && i < *count; i++) {
        struct slice own;

        buf_reset(&name);
        identity_append_user(identity, slice_of_string((*patterns)[i]), &name);
        if (identity_person(identity, buf_slice(&name)) == NULL)
            continue;
        own = arena_copy(arena, buf_slice(&name));
        ok = own.ptr != NULL && text_list_add(&all, arena, own.ptr);
    }
    ok = ok && !name.failed;
    buf_free(&name);
    *patterns = all.texts;
    *count = all.count;
    return ok;
}

bool filters_add_people(struct record_filter *records, const struct identity *identity,
                        struct arena *arena, struct error *err)
{
    struct filter_list *list = &records->user;

    if (identity == NULL || identity_directory(identity) == NULL)
        return true;
    return (add_people(&list->wanted, &list->wanted_count, identity, arena) &&
            add_people(&list->unwanted, &list->unwanted_count, identity, arena)) ||
           error_set_memory(err);
}

bool filters_check_unknown(const struct filter_arguments *a, bool unknown, struct error *err)
{
    const struct {
        const char *option;
        const struct text_list *given;
    } of_apps[] = {{"app", &a->app},         {"category", &a->category}, {"vendor", &a->vendor},
                   {"managed", &a->managed}, {"status", &a->status},     {"tenant", &a->tenant},
                   {"use", &a->use}};

    for (size_t i = 0; unknown && i < sizeof of_apps / sizeof *of_apps; i++)
        if (of_apps[i].given->count > 0)
            return error_set(err, ERROR_USAGE,
                             "--%s: with --unknown there are no apps to choose from",
                             of_apps[i].option);
    return true;
}

bool filters_check_departments(const struct filter_arguments *a, const char *users,
                               struct error *err)
{
    return users != NULL || a->department.count == 0 ||
           error_set(
               err, ERROR_USAGE,
               "--department: departments stand in the file of people; expected --users FILE");
}

bool filters_ask_left(const struct filter_arguments *a, const struct plan *plan)
{
    return a->left || plan_has(plan, DIMENSION_LEFT);
}

bool filters_check_left(const struct filter_arguments *a, const struct plan *plan,
                        const char *users, struct error *err)
{
    return users != NULL || !filters_ask_left(a, plan) ||
           error_set(err, ERROR_USAGE,
                     "--%s: who has left stands in the file of people; expected --users FILE",
                     a->left ? "left" : "by: left");
}
