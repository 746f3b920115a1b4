/* lint_private.c: networks and AS numbers that are nobody's on the internet. Inside a company they
 * are somebody's: a folder of its own may name parts of them. */
#include "signature/lint/lint_checks.h"

#include "net/address.h"
#include "signature/network_table.h"

/* RFC 6890 and its like: for use inside, for examples, for machines themselves, for many at once.
 */
static const struct block {
    const char *text;
    int inside_bits; /* companies use it; from so few bits on a network is all of it. 0: nobody does
                      */
} blocks[] = {
    {"0.0.0.0/8", 0},      {"10.0.0.0/8", 8},      {"100.64.0.0/10", 10}, {"127.0.0.0/8", 0},
    {"169.254.0.0/16", 0}, {"172.16.0.0/12", 12},  {"192.0.2.0/24", 0},   {"192.168.0.0/16", 16},
    {"198.18.0.0/15", 0},  {"198.51.100.0/24", 0}, {"203.0.113.0/24", 0}, {"224.0.0.0/4", 0},
    {"240.0.0.0/4", 0},    {"::/127", 0},          {"64:ff9b::/96", 0},   {"2001:db8::/32", 0},
    {"2002::/16", 0},      {"fc00::/7", 8},        {"fe80::/10", 0},      {"ff00::/8", 0}};

/* The block around ${network}; NULL: it is of the internet. */
static const struct block *block_around(const struct network *network)
{
    struct network other;
    const char *why;

    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (network_parse(slice_of_string(blocks[i].text), &other, &why) &&
            network->bits >= other.bits && network_has(&other, &network->base))
            return &blocks[i];
    return NULL;
}

/* Lengths of networks count from the front of an IPv6 address; those of people do not. */
static int written_bits(const struct network *network)
{
    return network->bits - (address_is_v4(&network->base) ? 96 : 0);
}

/* RFC 5398, 6996, 7300 and 4893: for examples, for use inside, or none at all. */
static bool is_private_as(uint32_t number)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {{23456, 23456}, {64496, 65551}, {4200000000, UINT32_MAX}};

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (number >= ranges[i].first && number <= ranges[i].last)
            return true;
    return false;
}

static void check_block(struct lint *l, const struct lint_network *n, const struct network *network)
{
    const struct block *around = block_around(network);
    bool inside = around != NULL && n->own && around->inside_bits > 0;

    if (around == NULL)
        return;
    if (!inside)
        lint_add(l, LINT_PRIVATE, n->place, n->text, "%s is nobody's on the internet",
                 around->text);
    else if (n->service && written_bits(network) <= around->inside_bits)
        lint_add(l, LINT_PRIVATE, n->place, n->text,
                 "every machine inside would be the app's: expected the part where it runs, or the "
                 "role shared");
}

void lint_private(struct lint *l, const struct lint_network *n)
{
    struct network_row row = {0};
    const char *why;

    if (!network_row_parse(slice_of_string(n->text), &row, &why))
        return;
    if (row.as_number == 0)
        check_block(l, n, &row.network);
    else if (is_private_as(row.as_number))
        lint_add(l, LINT_PRIVATE, n->place, n->text, "no network has that number");
}
