/* rows.c: cells in the order of their rows are added up one row after the other; finished rows wait
 * in a sorter. Two threads have a half of the rows each. */
#include "report/row/rows.h"

#include "base/buf.h"
#include "base/num.h"
#include "report/row/row_order.h"
#include "report/row/row_sum.h"
#include "report/staff.h"
#include "sort/joint.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    MEMORY_SHARES = 8,                 /* of which distinct names of a row may take one each */
    KINDS_OF_ROW = USES * STATUSES * 2 /* for a department: by use, status, left or not */
};

#define NO_USER UINT32_MAX

struct rows {
    struct joint sorted;
    uint64_t dropped_records;
};

/* What is known of the user of the cell in work. */
struct who {
    uint32_t user;       /* number of the name, NO_USER: none yet */
    uint32_t department; /* of the cell's day, by number of the name; 0: as the directory says */
    struct staff_member member;
};

/* A row in work, and what tells it from others of its group. */
struct part {
    struct row_sum sum;
    uint32_t department;
    bool left;
    uint32_t *number; /* its place in the table of numbers */
};

/* A dimension that is a name. */
struct named {
    enum dimension dimension;
    enum usage_name kind;
    size_t number; /* offset in struct usage_key */
};

static const struct named named[] = {
    {DIMENSION_USER, NAME_USER, offsetof(struct usage_key, user)},
    {DIMENSION_CLIENT, NAME_CLIENT, offsetof(struct usage_key, client)},
    {DIMENSION_TENANT, NAME_TENANT, offsetof(struct usage_key, tenant)},
    {DIMENSION_DOMAIN, NAME_TENANT, offsetof(struct usage_key, tenant)},
    {DIMENSION_HOST, NAME_HOST, offsetof(struct usage_key, host)},
    {DIMENSION_SOURCE, NAME_SOURCE, offsetof(struct usage_key, source)},
    {DIMENSION_COUNTRY, NAME_COUNTRY, offsetof(struct usage_key, country)}};

enum { NAMED = sizeof named / sizeof *named };

/* Rows being built: a group of cells that agree in what their keys say, in parts by what is found
 * out of them: use, status, department, left or not. */
struct build {
    const struct rows_input *input;
    struct sorter *sorter;
    uint64_t dropped_records;
    struct row_view view;
    struct row_order order;
    struct staff staff;
    struct who who;
    uint32_t *numbers; /* of parts + 1, by department, use, status and left; 0: not in the group */
    struct part **parts; /* those made so far; the group has the first `count` */
    size_t count, made;
    struct row_place place;
    struct usage_key key;             /* of the group's first cell; the names are in `names` */
    const struct named *named[NAMED]; /* the plan's */
    size_t named_count;
    struct slice kept[NAME_KINDS]; /* of the group; others stay empty */
    struct buf names;
    struct buf sort_key, value;
    struct row_scratch scratch;
};

static bool start_build(struct build *b, const struct rows_input *input, struct sorter *sorter,
                        struct error *err)
{
    struct staff_world world = {input->identity, input->departments ? input->archives : NULL,
                                input->without};

    memset(b, 0, sizeof *b);
    b->input = input;
    b->sorter = sorter;
    b->view = (struct row_view){.archives = input->archives,
                                .signatures = input->signatures,
                                .pseudonyms = input->pseudonyms};
    b->order = row_order_of(input->plan, input->pseudonyms != NULL);
    b->who.user = NO_USER;
    for (size_t i = 0; i < NAMED; i++)
        if (plan_has(input->plan, named[i].dimension))
            b->named[b->named_count++] = &named[i];
    if (!staff_make(&world, &input->filter.departments, input->suppress, &b->staff, err))
        return false;
    b->numbers = calloc((size_t)b->staff.numbers.count * KINDS_OF_ROW, sizeof *b->numbers);
    return b->numbers != NULL || error_set_memory(err);
}

static void end_build(struct build *b)
{
    for (size_t i = 0; i < b->made; i++) {
        row_sum_free(&b->parts[i]->sum);
        free(b->parts[i]);
    }
    free(b->parts);
    free(b->numbers);
    staff_free(&b->staff);
    buf_free(&b->names);
    buf_free(&b->sort_key);
    buf_free(&b->value);
    row_scratch_free(&b->scratch);
}

static bool make_part(struct build *b, struct error *err)
{
    const struct rows_input *input = b->input;
    struct part *part = calloc(1, sizeof *part);
    struct part **parts = realloc(b->parts, (b->made + 1) * sizeof(struct part *));

    if (parts != NULL)
        b->parts = parts;
    if (part == NULL || parts == NULL) {
        free(part);
        return error_set_memory(err);
    }
    part->sum.archives = input->archives;
    part->sum.signatures = input->signatures;
    part->sum.hosts.kind = NAME_HOST;
    part->sum.tenants.kind = NAME_TENANT;
    part->sum.hosts.folder = part->sum.tenants.folder = input->folder;
    part->sum.hosts.memory = part->sum.tenants.memory = input->memory / MEMORY_SHARES;
    row_sum_start(&part->sum);
    b->parts[b->made++] = part;
    return true;
}

static bool has_left(const struct build *b, const struct usage_key *key)
{
    return key->day > b->who.member.left_on;
}

/* The place in `numbers` of the part that the cell belongs to; only dimensions tell. */
static uint32_t *number_of(const struct build *b, const struct usage_key *key, struct judged judged)
{
    const struct plan *plan = b->input->plan;
    size_t at = plan_has(plan, DIMENSION_DEPARTMENT) ? b->who.member.shown : 0;

    at = at * USES + (plan_has(plan, DIMENSION_USE) ? (size_t)judged.use : 0);
    at = at * STATUSES + (plan_has(plan, DIMENSION_STATUS) ? (size_t)judged.status : 0);
    at = at * 2 + (plan_has(plan, DIMENSION_LEFT) && has_left(b, key));
    return &b->numbers[at];
}

/* The part of the group; NULL where memory is out. */
static struct part *part_of(struct build *b, const struct usage_key *key, struct judged judged,
                            struct error *err)
{
    uint32_t *number = number_of(b, key, judged);
    struct part *part;

    if (*number > 0)
        return b->parts[*number - 1];
    if (b->count == b->made && !make_part(b, err))
        return NULL;
    part = b->parts[b->count++];
    part->department = b->who.member.shown;
    part->left = has_left(b, key);
    *number = (uint32_t)b->count;
    part->number = number;
    return part;
}

/* The group's dimensions; their names outlive the table that they are from. */
static bool keep_dimensions(struct build *b, const struct usage_key *key, struct error *err)
{
    const struct usage *names = documents_names(b->input->documents);
    size_t from[NAME_KINDS] = {0};

    b->key = *key;
    buf_reset(&b->names);
    for (size_t i = 0; i < b->named_count; i++) {
        const struct named *n = b->named[i];
        uint32_t id;

        memcpy(&id, (const char *)key + n->number, sizeof id);
        b->kept[n->kind] = usage_name(names, n->kind, id);
        from[n->kind] = b->names.len;
        buf_append(&b->names, b->kept[n->kind]);
    }
    for (size_t i = 0; i < b->named_count && !b->names.failed; i++) {
        enum usage_name kind = b->named[i]->kind;

        b->kept[kind] = b->kept[kind].len == 0
                            ? slice_of(NULL, 0)
                            : slice_of(b->names.ptr + from[kind], b->kept[kind].len);
    }
    return !b->names.failed || error_set_memory(err);
}

/* A finished row into the sorter. */
static bool emit(struct build *b, struct part *part, struct error *err)
{
    struct row *row = &part->sum.row;

    if (!row_sum_finish(&part->sum, documents_names(b->input->documents), err))
        return false;
    row->blank |= b->input->hidden;
    row->partial &= ~b->input->hidden;
    row->day = b->key.day;
    row->hour = b->key.hour;
    row->workhours = b->key.workhours;
    row->app = b->key.app;
    row->left = part->left;
    row->department = staff_name(&b->staff, part->department);
    for (size_t i = 0; i < b->named_count; i++)
        row->names[b->named[i]->kind] = b->kept[b->named[i]->kind];
    buf_reset(&b->sort_key);
    buf_reset(&b->value);
    row_order_append(&b->sort_key, &b->order, &b->view, row, &b->scratch);
    row_pack(&b->value, row);
    if (b->sort_key.failed || b->value.failed || b->scratch.text.failed)
        return error_set_memory(err);
    return sorter_add(b->sorter, buf_slice(&b->sort_key), buf_slice(&b->value), err);
}

/* The rows of the group that ends. */
static bool end_group(struct build *b, struct error *err)
{
    for (size_t i = 0; i < b->count; i++) {
        if (!emit(b, b->parts[i], err))
            return false;
        *b->parts[i]->number = 0;
        row_sum_start(&b->parts[i]->sum);
    }
    b->count = 0;
    return true;
}

/* Who it is; cells of one user often follow each other. */
static void find_user(struct build *b, const struct usage_key *key)
{
    const struct usage *names = documents_names(b->input->documents);
    uint32_t department = b->input->departments ? key->client : 0;
    struct slice user;

    if (key->user == b->who.user && department == b->who.department)
        return;
    b->who.user = key->user;
    b->who.department = department;
    user = usage_name(names, NAME_USER, key->user);
    b->who.member = department == 0 ? staff_find(&b->staff, user)
                                    : staff_find_stored(&b->staff, user,
                                                        usage_name(names, NAME_CLIENT, department));
}

/* What the company says of the cell; NULL: nothing. */
static const struct policy_line *policy_of(const struct build *b, const struct usage_key *key)
{
    const struct usage *names = documents_names(b->input->documents);
    struct policy_case asked = {.app = key->app, .day = key->day};

    if (b->input->policy == NULL || key->app == SIGNATURE_NO_APP)
        return NULL;
    asked.tenant = usage_name(names, NAME_TENANT, key->tenant);
    asked.user = usage_name(names, NAME_USER, key->user);
    asked.department = staff_name(&b->staff, b->who.member.own);
    return policy_decide(b->input->policy, &asked);
}

static bool tell(const struct build *b, const struct document *document,
                 const struct policy_line *line, struct error *err)
{
    const struct rows_witness *witness = &b->input->witness;

    return witness->kept == NULL || witness->kept(witness->context, document, line, err);
}

/* The strongest where it is many users'. */
static enum use judge_use(const struct build *b, const struct document *document)
{
    if (document->crowd != NULL)
        return (enum use)__builtin_ctz(document->crowd->uses | 1U << USE_EMBEDDED);
    return use_of(document, usage_has_proxy_day(b->input->archives, document->cells[0]->key.day));
}

static bool is_kept(const struct build *b, const struct usage_key *key, struct judged judged)
{
    const struct rows_filter *filter = &b->input->filter;

    return (filter->uses & 1U << judged.use) != 0 &&
           (filter->statuses & 1U << judged.status) != 0 && b->staff.kept[b->who.member.shown] &&
           (!filter->left || has_left(b, key));
}

static void drop(struct build *b, const struct document *document)
{
    for (size_t i = 0; i < document->count; i++) {
        const uint64_t *counts = document->cells[i]->counts;

        b->dropped_records =
            num_add(b->dropped_records, num_add(counts[COUNT_PASSED], counts[COUNT_DENIED]));
    }
}

/* Numbers of names are about to change their meaning. */
static bool forget_names(struct build *b, struct error *err)
{
    const struct usage *names = documents_names(b->input->documents);

    b->who.user = NO_USER;
    for (size_t i = 0; i < b->count; i++)
        if (!distinct_forget_numbers(&b->parts[i]->sum.hosts, names, err) ||
            !distinct_forget_numbers(&b->parts[i]->sum.tenants, names, err))
            return false;
    return documents_forget_names(b->input->documents, err);
}

static bool add_hosts(struct build *b, struct row_sum *s, struct error *err)
{
    uint32_t host;

    while (documents_next_host(b->input->documents, &host, err)) {
        if (!distinct_add(&s->hosts, host, err))
            return false;
        if (documents_have_many_names(b->input->documents) && !forget_names(b, err))
            return false;
    }
    return err->code == ERROR_NONE;
}

static bool add_document(struct build *b, const struct document *document, struct error *err)
{
    struct documents *documents = b->input->documents;
    const struct usage_key *key = &document->cells[0]->key;
    const struct policy_line *line;
    struct judged judged = {.status = STATUS_UNREVIEWED};
    struct part *part;
    bool counts;

    b->place.user += document->new_user;
    b->place.day += document->new_day;
    if (document->new_row && !(end_group(b, err) && keep_dimensions(b, key, err)))
        return false;
    find_user(b, key);
    line = policy_of(b, key);
    judged.use = judge_use(b, document);
    if (line != NULL)
        judged.status = line->status;
    if (!is_kept(b, key, judged)) {
        drop(b, document);
        return true;
    }
    part = part_of(b, key, judged, err);
    return part != NULL && tell(b, document, line, err) &&
           row_sum_add(&part->sum, document, judged, b->place, &counts, err) &&
           (!counts || add_hosts(b, &part->sum, err)) &&
           (!documents_have_many_names(documents) || forget_names(b, err));
}

static bool build_all(struct build *b, struct error *err)
{
    struct document document;

    while (documents_next(b->input->documents, &document, err))
        if (!add_document(b, &document, err))
            return false;
    return err->code == ERROR_NONE && end_group(b, err);
}

/* What one thread does. */
struct share {
    struct rows_input input;
    struct sorter *sorter;
    uint64_t dropped_records;
    struct error error;
};

static void *build_share(void *argument)
{
    struct share *s = argument;
    struct build b;

    if (start_build(&b, &s->input, s->sorter, &s->error) && build_all(&b, &s->error))
        sorter_start(s->sorter, &s->error); /* sorted here, beside the other's */
    s->dropped_records = b.dropped_records;
    end_build(&b);
    return NULL;
}

/* Both shares, the second in a thread of its own; where there can be none, one after the other. */
static bool build_shares(struct rows *rows, struct share *shares, size_t count, struct error *err)
{
    pthread_t thread;
    bool beside = count > 1 && pthread_create(&thread, NULL, build_share, &shares[1]) == 0;

    build_share(&shares[0]);
    if (beside)
        pthread_join(thread, NULL);
    else if (count > 1)
        build_share(&shares[1]);
    for (size_t i = count; i-- > 0;) {
        rows->dropped_records = num_add(rows->dropped_records, shares[i].dropped_records);
        if (shares[i].error.code != ERROR_NONE)
            *err = shares[i].error;
    }
    return err->code == ERROR_NONE;
}

static bool build_rows(struct rows *rows, const struct rows_input *input, struct documents *half,
                       struct error *err)
{
    struct share shares[JOINT_PARTS] = {{.input = *input}, {.input = *input}};
    size_t count = half == NULL ? 1 : 2;

    shares[1].input.documents = half;
    for (size_t i = 0; i < count; i++) {
        shares[i].input.memory /= count;
        shares[i].sorter = sorter_create(input->folder, shares[i].input.memory, err);
        if (shares[i].sorter == NULL)
            return false;
        rows->sorted.sorters[rows->sorted.count++] = shares[i].sorter;
    }
    return build_shares(rows, shares, count, err);
}

struct rows *rows_build(const struct rows_input *input, struct error *err)
{
    struct rows *rows = calloc(1, sizeof *rows);
    struct documents *half = NULL;
    bool ok;

    if (rows == NULL) {
        error_set_memory(err);
        return NULL;
    }
    ok = (input->threads <= 1 || documents_split(input->documents, &half, err)) &&
         build_rows(rows, input, half, err);
    documents_free(half);
    if (ok)
        return rows;
    rows_free(rows);
    return NULL;
}

uint64_t rows_count(const struct rows *rows)
{
    return joint_count(&rows->sorted);
}

uint64_t rows_dropped_records(const struct rows *rows)
{
    return rows->dropped_records;
}

bool rows_start(struct rows *rows, struct error *err)
{
    return joint_start(&rows->sorted, err);
}

bool rows_next_packed(struct rows *rows, struct slice *packed, struct error *err)
{
    struct slice key;

    return joint_next(&rows->sorted, &key, packed, err);
}

bool rows_unpack(struct slice packed, struct row *out, struct error *err)
{
    return row_unpack(packed, out) ||
           error_set(err, ERROR_IO, "reading a temporary file: it was changed");
}

bool rows_next(struct rows *rows, struct row *out, struct error *err)
{
    struct slice packed;

    return rows_next_packed(rows, &packed, err) && rows_unpack(packed, out, err);
}

void rows_free(struct rows *rows)
{
    if (rows == NULL)
        return;
    joint_free(&rows->sorted);
    free(rows);
}
