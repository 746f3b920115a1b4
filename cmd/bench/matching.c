/* matching.c: how long it takes to load the signatures and to find a host's app. */

#include "base/buf.h"
#include "base/hash.h"
#include "measure.h"
#include "signature/image.h"
#include "signature/match.h"
#include "signature/signature.h"
#include "usage/hosts.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    DOMAINS = 50000,
    ZIPF_HOSTS = 20000, /* as the logs of the other rows have */
    RECORDS = 2000000,
    NEW_HOSTS = 1000000,
    BATCH = 64,
    SLOTS = 1 << 17,
    HOST_BYTES = 48,
    EXIT_USAGE = 2,
    EXIT_FAILED = 4
};

struct figures {
    double load_s, probe, known, walk, insert; /* s; ns each */
    uint64_t found;                            /* so that nothing is optimised away */
};

/* A domain of the catalogue for the first ${DOMAINS} numbers, one that is in none for others. */
static size_t put_domain(char out[HOST_BYTES], uint64_t number)
{
    static const char *const suffixes[] = {"com", "co.jp", "example", "ne.jp", "io", "net"};

    return (size_t)snprintf(out, HOST_BYTES, "s%" PRIx64 "-app.%s", number * 2654435761U,
                            suffixes[number % (sizeof suffixes / sizeof *suffixes)]);
}

/* Every third host is below a domain of the catalogue. */
static size_t put_host(char out[HOST_BYTES], uint64_t number)
{
    char domain[HOST_BYTES];
    int n = (int)put_domain(domain, number % 3 == 0 ? number % DOMAINS : DOMAINS + number);

    return (size_t)snprintf(out, HOST_BYTES, "api%" PRIu64 ".%.*s", number % 7, n, domain);
}

/* One app, and the domains. */
static bool add_domains(struct signature_set *set, struct error *err)
{
    struct buf apps = {0}, domains = {0};
    char domain[HOST_BYTES];
    bool ok;

    buf_append_string(&apps, "app,name,name_ja,category,vendor,country,managed,alternative,"
                             "account_suspension,remote_wipe,password_reset,audit_log,sso,"
                             "licence_management,business_terms,age_verification,note\n"
                             "benched,Benched,,other,Bench,JP,no,,no,no,no,no,no,no,no,no,\n");
    buf_append_string(&domains, "domain,app,role\n");
    for (uint64_t i = 0; i < DOMAINS; i++) {
        size_t n = put_domain(domain, i);

        buf_append(&domains, slice_of(domain, n));
        buf_append_string(&domains, ",benched,service\n");
    }
    ok = (!apps.failed && !domains.failed) || error_set_memory(err);
    if (ok) {
        struct signature_file files[] = {{"apps.csv", buf_slice(&apps)},
                                         {"domains.csv", buf_slice(&domains)}};

        ok = signature_set_add(set, &files[0], err) && signature_set_add(set, &files[1], err);
    }
    buf_free(&apps);
    buf_free(&domains);
    return ok;
}

static struct signature_set *make_set(bool more, struct error *err)
{
    struct signature_set *set = signature_set_create(err);

    if (set != NULL && signature_set_add_builtin(set, err) && (!more || add_domains(set, err)) &&
        signature_set_finish(set, err))
        return set;
    signature_set_free(set);
    return NULL;
}

static bool measure_load(struct figures *f, struct error *err)
{
    double start = now_ns();
    struct signature_set *set = make_set(false, err);

    f->load_s = (now_ns() - start) / 1e9;
    signature_set_free(set);
    return set != NULL;
}

/* Hosts in the order in which they are asked for, one behind the other as in a block of a log. */
struct stream {
    char *bytes;
    struct slice *hosts;
    size_t count;
};

/* The ${count} hosts whose numbers ${number} gives. Owns: the caller frees with stream_free. */
static bool stream_make(struct stream *s, size_t count, uint64_t (*number)(uint64_t *state),
                        struct error *err)
{
    uint64_t state = 88172645463325252U;
    size_t used = 0;

    s->bytes = malloc(count * HOST_BYTES);
    s->hosts = calloc(count, sizeof *s->hosts);
    s->count = count;
    if (s->bytes == NULL || s->hosts == NULL)
        return error_set_memory(err);
    for (size_t i = 0; i < count; i++) {
        size_t n = put_host(s->bytes + used, number(&state));

        s->hosts[i] = slice_of(s->bytes + used, n);
        used += n;
    }
    return true;
}

static void stream_free(struct stream *s)
{
    free(s->bytes);
    free(s->hosts);
}

/* Which of the hosts is asked for, more often the lower its number: the inverse of Zipf's law of
 * exponent 1 is exponential. */
static uint64_t zipf(uint64_t *random)
{
    double share = (double)(next(random) >> 11) / (double)(UINT64_C(1) << 53);

    return (uint64_t)pow(ZIPF_HOSTS, share) % ZIPF_HOSTS;
}

static uint64_t never_seen(uint64_t *state)
{
    return ZIPF_HOSTS + (*state)++ % (UINT64_C(1) << 32);
}

/* One look-up as hosts are remembered: the hash of the text and a slot. */
static double probe(const struct stream *s, uint64_t *found)
{
    uint64_t *slots = calloc(SLOTS, sizeof *slots);
    double start = now_ns();

    for (size_t i = 0; slots != NULL && i < s->count; i++) {
        uint64_t hash = hash_text(s->hosts[i]);

        *found += slots[hash & (SLOTS - 1)] == hash;
    }
    free(slots);
    return (now_ns() - start) / (double)s->count;
}

/* As counting does: the memory of a batch is fetched before it is looked at. Returns: false where
 * memory is out. */
static bool find_all(struct hosts *h, const struct stream *s, uint64_t *found)
{
    struct record r = {.kind = RECORD_PROXY, .has = FIELD_BIT(FIELD_HOST)};
    struct hosts_key keys[BATCH];
    struct known_host host;

    for (size_t at = 0; at + BATCH <= s->count; at += BATCH) {
        for (size_t i = 0; i < BATCH; i++) {
            r.host = s->hosts[at + i];
            keys[i] = hosts_key_of(h, &r);
        }
        for (size_t i = 0; i < BATCH; i++) {
            r.host = s->hosts[at + i];
            if (!hosts_find(h, &r, keys[i], &host))
                return false;
            *found += host.app != SIGNATURE_NO_APP;
        }
    }
    return true;
}

static bool measure_known(struct hosts *h, struct figures *f, struct error *err)
{
    struct stream s = {0};
    bool ok = stream_make(&s, RECORDS, zipf, err);
    double start;

    if (ok)
        f->probe = probe(&s, &f->found);
    ok = ok && (find_all(h, &s, &f->found) || error_set_memory(err));
    start = now_ns();
    ok = ok && (find_all(h, &s, &f->found) || error_set_memory(err));
    f->known = (now_ns() - start) / RECORDS;
    stream_free(&s);
    return ok;
}

static bool measure_new(const struct signature_set *set, struct hosts *h, struct figures *f,
                        struct error *err)
{
    struct stream s = {0};
    bool ok = stream_make(&s, NEW_HOSTS, never_seen, err);
    double start = now_ns();

    for (size_t i = 0; ok && i < NEW_HOSTS; i++)
        f->found += signature_match(set, s.hosts[i]).app != SIGNATURE_NO_APP;
    f->walk = (now_ns() - start) / NEW_HOSTS;
    hosts_forget(h);
    start = now_ns();
    ok = ok && (find_all(h, &s, &f->found) || error_set_memory(err));
    f->insert = (now_ns() - start) / NEW_HOSTS;
    stream_free(&s);
    return ok;
}

static bool run(struct figures *f, struct error *err)
{
    struct signature_set *set = NULL;
    struct usage *usage = NULL;
    struct hosts *h = NULL;
    struct counting_options options = {0};
    bool ok = measure_load(f, err);

    if (ok)
        set = make_set(true, err);
    options.signatures = set;
    if (set != NULL)
        usage = usage_create(err);
    if (usage != NULL)
        h = hosts_create(&options, usage, err);
    ok = h != NULL && measure_known(h, f, err) && measure_new(set, h, f, err);
    hosts_free(h);
    usage_free(usage);
    signature_set_free(set);
    return ok;
}

int main(int argc, char **argv)
{
    struct error err = {0};
    struct figures f = {0};

    (void)argv;
    if (argc != 1) {
        fprintf(stderr, "bench-matching: prints seconds to load the built-in signatures, and with "
                        "50,000 domains more ns of a hash probe, of a host met before, of the walk "
                        "for a host never seen, of that with its noting, and hosts with an app\n");
        return EXIT_USAGE;
    }
    if (run(&f, &err)) {
        printf("%.5f,%.1f,%.1f,%.1f,%.1f,%" PRIu64 "\n", f.load_s, f.probe, f.known, f.walk,
               f.insert, f.found);
        return 0;
    }
    fprintf(stderr, "bench-matching: %s\n", err.text);
    return EXIT_FAILED;
}
