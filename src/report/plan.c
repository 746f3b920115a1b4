/* plan.c: the tables of dimensions and measures, and which of them a summary shows. */
#include "report/plan.h"

#include "base/buf.h"
#include "base/slice.h"

enum dimension_state { STATE_PICK, STATE_KNOWN, STATE_UNKNOWN, STATE_BROUGHT, STATE_LATER };

enum unit { UNIT_COUNT, UNIT_BYTES, UNIT_MINUTES, UNIT_DAYS, UNIT_TIME, UNIT_TEXT };

struct dimension_row {
    const char *name, *heading;
    enum dimension_state state;
    enum dimension owner;
    uint8_t weight;
};

struct measure_row {
    const char *name, *heading;
    enum unit unit;
    uint8_t weight;
};

_Static_assert(DIMENSIONS <= 32, "each has a bit");

static const struct dimension_row dimension_rows[DIMENSIONS] = {
#define DIMENSION(id, name, heading, state, owner, weight)                                         \
    [DIMENSION_##id] = {name, heading, STATE_##state, DIMENSION_##owner, weight},
#include "report/dimensions.def"
#undef DIMENSION
};

static const struct measure_row measure_rows[MEASURES] = {
#define MEASURE(id, name, heading, unit, weight)                                                   \
    [MEASURE_##id] = {name, heading, UNIT_##unit, weight},
#include "report/columns.def"
#undef MEASURE
};

/* What may stand in --by, and with --unknown: ", day, hour" and so on. */
#define JOINED(name) ", " name
static const char known_names[] = ""
#define DIMENSION(id, name, heading, state, owner, weight) NAME_##state(name)
#define NAME_PICK(name)                                    JOINED(name)
#define NAME_KNOWN(name)                                   JOINED(name)
#define NAME_UNKNOWN(name)                                 ""
#define NAME_BROUGHT(name)                                 ""
#define NAME_LATER(name)                                   ""
#include "report/dimensions.def"
    ;
static const char unknown_names[] = ""
#undef NAME_KNOWN
#undef NAME_UNKNOWN
#define NAME_KNOWN(name)   ""
#define NAME_UNKNOWN(name) JOINED(name)
#include "report/dimensions.def"
    ;
#undef DIMENSION

const char *plan_dimensions(bool unknown)
{
    return (unknown ? unknown_names : known_names) + sizeof JOINED("") - 1;
}

const char *plan_measure_name(enum measure measure)
{
    return measure_rows[measure].name;
}

struct slice plan_use_text(enum use use)
{
    static const struct slice names[USES] = {[USE_USED] = {"used", 4},
                                             [USE_LIKELY] = {"likely", 6},
                                             [USE_BACKGROUND] = {"background", 10},
                                             [USE_DENIED] = {"denied", 6},
                                             [USE_RESOLVED] = {"resolved", 8},
                                             [USE_EMBEDDED] = {"embedded", 8}};

    return names[use];
}

struct slice plan_status_text(enum app_status status)
{
    static const struct slice names[STATUSES] = {[STATUS_UNSANCTIONED] = {"unsanctioned", 12},
                                                 [STATUS_UNREVIEWED] = {"unreviewed", 10},
                                                 [STATUS_TOLERATED] = {"tolerated", 9},
                                                 [STATUS_SANCTIONED] = {"sanctioned", 10}};

    return names[status];
}

const char *plan_use_name(enum use use)
{
    return plan_use_text(use).ptr;
}

const char *plan_status_name(enum app_status status)
{
    return plan_status_text(status).ptr;
}

static bool has_column(const struct plan *plan, unsigned column)
{
    for (size_t i = 0; i < plan->column_count; i++)
        if (plan->columns[i] == column)
            return true;
    return false;
}

static void add_column(struct plan *plan, unsigned column)
{
    if (!has_column(plan, column))
        plan->columns[plan->column_count++] = column;
}

static enum dimension find_dimension(struct slice name)
{
    unsigned d = 0;

    while (d < DIMENSIONS && !slice_is(name, dimension_rows[d].name))
        d++;
    return (enum dimension)d;
}

/* Those of apps and those of unknown hosts do not meet. */
static bool check_state(const struct plan *plan, const struct dimension_row *row, struct error *err)
{
    switch (row->state) {
    case STATE_KNOWN:
        return !plan->unknown ||
               error_set(err, ERROR_USAGE,
                         "--by: %s: with --unknown there are no apps; expected some of %s",
                         row->name, plan_dimensions(true));
    case STATE_UNKNOWN:
        return plan->unknown ||
               error_set(err, ERROR_USAGE, "--by: %s: only with --unknown", row->name);
    case STATE_LATER:
        return error_set(err, ERROR_USAGE, "--by: %s: this version does not have it yet",
                         row->name);
    case STATE_PICK:
    case STATE_BROUGHT: break;
    }
    return true;
}

static bool add_dimension(struct plan *plan, struct slice name, struct error *err)
{
    enum dimension d = find_dimension(name);

    if (d == DIMENSION_NONE || dimension_rows[d].state == STATE_BROUGHT)
        return error_set(err, ERROR_USAGE,
                         "--by: unknown dimension '%.*s'; expected some of %s, joined by commas",
                         SLICE_FMT(name), plan_dimensions(plan->unknown));
    if (!check_state(plan, &dimension_rows[d], err))
        return false;
    if (plan_has(plan, d))
        return error_set(err, ERROR_USAGE, "--by: '%s' is named twice", dimension_rows[d].name);
    plan->by[plan->by_count++] = d;
    plan->by_bits |= UINT32_C(1) << d;
    return true;
}

static bool shows_measure(const struct plan *plan, enum measure m)
{
    if (m == MEASURE_USERS)
        return !plan_has(plan, DIMENSION_USER);
    if (m == MEASURE_USE)
        return !plan->unknown && !plan_has(plan, DIMENSION_USE);
    return m != MEASURE_TENANTS || !plan->unknown;
}

bool plan_set_by(struct plan *plan, const char *dimensions, struct error *err)
{
    struct slice rest = slice_of_string(dimensions), name;
    bool more = true;

    while (more) {
        more = slice_cut(rest, ',', &name, &rest);
        if (!add_dimension(plan, slice_trim(name), err))
            return false;
    }
    for (size_t i = 0; i < plan->by_count; i++) {
        add_column(plan, plan->by[i]);
        for (unsigned d = 0; d < DIMENSIONS; d++)
            if (dimension_rows[d].owner == plan->by[i])
                add_column(plan, d);
    }
    for (unsigned m = 0; m < MEASURES; m++)
        if (shows_measure(plan, (enum measure)m))
            add_column(plan, DIMENSIONS + m);
    plan->sort = PLAN_COLUMNS;
    return true;
}

/* Where it is brought along: one that has nothing to say is not in brief forms. */
static uint8_t brought_weight(const struct plan *plan, enum dimension dimension)
{
    enum { WEIGHT_STATUS = 3, WEIGHT_DEPARTMENT = 6 };

    if (dimension == DIMENSION_STATUS && plan->has_policy)
        return WEIGHT_STATUS;
    if (dimension == DIMENSION_DEPARTMENT && plan->has_directory)
        return WEIGHT_DEPARTMENT;
    return dimension_rows[dimension].weight;
}

struct column plan_column(const struct plan *plan, unsigned column)
{
    const struct measure_row *measure;

    if (column < DIMENSIONS) {
        const struct dimension_row *row = &dimension_rows[column];
        enum dimension dimension = (enum dimension)column;

        return (struct column){.name = row->name,
                               .heading = row->heading,
                               .weight =
                                   plan_has(plan, dimension) ? 1 : brought_weight(plan, dimension)};
    }
    measure = &measure_rows[column - DIMENSIONS];
    return (struct column){.name = measure->name,
                           .heading = measure->heading,
                           .number = measure->unit != UNIT_TIME && measure->unit != UNIT_TEXT,
                           .weight = measure->weight};
}

static bool unknown_column(const struct plan *plan, const char *name, struct error *err)
{
    struct buf names = {0};

    for (size_t i = 0; i < plan->column_count; i++)
        buf_printf(&names, "%s%s", i == 0 ? "" : ", ", plan_column(plan, plan->columns[i]).name);
    buf_append_byte(&names, '\0');
    if (names.failed)
        error_set_memory(err);
    else
        error_set(
            err, ERROR_USAGE,
            "--sort: unknown column '%s'; expected one of %s; `-` in front: the largest first",
            name, names.ptr);
    buf_free(&names);
    return false;
}

bool plan_set_sort(struct plan *plan, const char *column, struct error *err)
{
    const char *name = column[0] == '-' ? column + 1 : column;

    for (size_t i = 0; i < plan->column_count; i++)
        if (slice_is(slice_of_string(plan_column(plan, plan->columns[i]).name), name)) {
            plan->sort = plan->columns[i];
            plan->descending = column[0] == '-';
            return true;
        }
    return unknown_column(plan, name, err);
}
