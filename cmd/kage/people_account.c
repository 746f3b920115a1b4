/* people_account.c: what the files about people hold, for the account. */
#include "people.h"

#include "identity/identity.h"
#include "report/display.h"
#include "report/pseudonym.h"
#include "usage/exclude.h"
#include "usage/sharing.h"
#include "usage/workhours.h"

#include <inttypes.h>
#include <stdlib.h>

enum { SHOWN_SHARED = 5 };

static void append_count(struct buf *out, uint64_t count, const char *what)
{
    display_append_number(out, count);
    buf_append_string(out, what);
}

static void append_network(struct buf *out, const struct network *network,
                           const struct pseudonyms *pseudonyms)
{
    struct buf text = {0};
    int whole = address_is_v4(&network->base) ? 32 : 128;

    address_append(&text, &network->base);
    pseudonym_show(pseudonyms, PSEUDONYM_ADDRESS, buf_slice(&text), out);
    if (network->bits < 128)
        buf_printf(out, "/%d", network->bits - 128 + whole);
    buf_free(&text);
}

static void append_directory(struct buf *out, const struct directory *d)
{
    struct slice first;
    size_t line, ambiguous = directory_ambiguous(d, &first),
                 nameless = directory_nameless(d, &line);

    display_append_label(out, "users");
    append_count(out, directory_count(d), " in the directory");
    if (ambiguous > 0) {
        buf_append_string(out, "; ");
        append_count(out, ambiguous,
                     ambiguous == 1 ? " alias of two people left alone"
                                    : " aliases of two people left alone");
    }
    if (nameless > 0) {
        buf_append_string(out, "; ");
        append_count(out, nameless, nameless == 1 ? " row" : " rows");
        buf_printf(out, " without a user name passed over, from line %zu", line);
    }
    buf_append_byte(out, '\n');
}

static void append_owner(struct buf *out, const struct leases *l, uint32_t owner,
                         const struct pseudonyms *pseudonyms)
{
    if (owner == LEASE_NOBODY)
        buf_append_string(out, "others");
    else if (pseudonyms != NULL)
        pseudonym_append_user(pseudonyms, leases_owner(l, owner), out);
    else
        display_append(out, leases_owner(l, owner));
}

/* Where two had an address at once, the first few. */
static void append_conflicts(struct buf *out, const struct leases *l,
                             const struct people_account *a)
{
    struct lease_notice notice;

    display_append_label(out, "overlaps");
    for (size_t i = 0; leases_conflict(l, i, &notice); i++) {
        buf_append_string(out, i == 0 ? "" : "; ");
        append_network(out, &notice.network, a->pseudonyms);
        buf_append_string(out, " from ");
        zone_append_rfc3339(out, a->zone, notice.from_us);
        buf_append_string(out, " (");
        append_owner(out, l, notice.owner, a->pseudonyms);
        buf_append_string(out, ", ");
        append_owner(out, l, notice.other, a->pseudonyms);
        buf_append_string(out, ")");
    }
    buf_append_byte(out, '\n');
}

/* Addresses that the leases give to many people at once. */
static void append_held(struct buf *out, const struct leases *l, const struct people_account *a)
{
    struct lease_notice notice;

    display_append_label(out, "held");
    for (size_t i = 0; leases_shared(l, i, &notice); i++) {
        buf_append_string(out, i == 0 ? "" : "; ");
        append_network(out, &notice.network, a->pseudonyms);
        buf_printf(out, " by %zu people at once", notice.people);
    }
    buf_append_byte(out, '\n');
}

/* Addresses from which many people ask, by the names in the logs. */
static void append_shared(struct buf *out, const struct people *p, const struct people_account *a)
{
    struct shared_client *list = NULL;
    struct error err = {0};
    size_t count = 0;

    if (!sharing_list(p->sharing, p->shared, &list, &count, &err) || count == 0) {
        free(list);
        return;
    }
    display_append_label(out, "shared");
    for (size_t i = 0; i < count && i < SHOWN_SHARED; i++) {
        buf_append_string(out, i == 0 ? "" : "; ");
        pseudonym_show(a->pseudonyms, PSEUDONYM_ADDRESS, list[i].client, out);
        buf_printf(out, " by %" PRIu32 " people", list[i].users);
    }
    if (count > SHOWN_SHARED)
        buf_printf(out, "; and %zu more", count - SHOWN_SHARED);
    buf_append_byte(out, '\n');
    free(list);
}

static void append_leases(struct buf *out, const struct leases *l, const struct people_account *a)
{
    struct lease_stats stats;

    leases_stats(l, &stats);
    display_append_label(out, "leases");
    append_count(out, stats.claims, " on ");
    append_count(out, stats.addresses, stats.addresses == 1 ? " address" : " addresses");
    buf_append_string(out, "; ");
    append_count(out, stats.conflicts, stats.conflicts == 1 ? " overlap" : " overlaps");
    buf_append_string(out, ", ");
    append_count(out, a->undecided, " records undecided\n");
    if (stats.conflicts > 0)
        append_conflicts(out, l, a);
    if (stats.shared > 0)
        append_held(out, l, a);
}

/* Each reason with what it held for. */
static void append_exclusions(struct buf *out, const struct exclusions *e,
                              const struct pseudonyms *pseudonyms)
{
    struct slice reason;
    uint64_t count;
    bool any = false;

    for (size_t i = 0; exclude_row(e, i, &reason, &count); i++) {
        if (count == 0)
            continue;
        display_append_next(out, "excluded", "; ", &any);
        append_count(out, count, " ");
        pseudonym_show(pseudonyms, PSEUDONYM_TEXT, reason, out); /* may name anybody */
    }
    if (any)
        buf_append_byte(out, '\n');
}

void people_append_account(struct buf *out, const struct people *p, const struct people_account *a)
{
    int32_t first, last;

    if (p->exclusions != NULL)
        append_exclusions(out, p->exclusions, a->pseudonyms);
    if (identity_directory(p->identity) != NULL)
        append_directory(out, identity_directory(p->identity));
    if (identity_leases(p->identity) != NULL)
        append_leases(out, identity_leases(p->identity), a);
    if (p->sharing != NULL)
        append_shared(out, p, a);
    if (p->workhours == NULL)
        return;
    workhours_years(p->workhours, &first, &last);
    display_append_label(out, "holidays");
    buf_printf(out, "%" PRId32 " to %" PRId32 "; --holidays FILE takes others\n", first, last);
}
