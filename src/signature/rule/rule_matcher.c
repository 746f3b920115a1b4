/* rule_matcher.c: rules tried on records, the cheap conditions first. */
#include "signature/rule/rule_matcher.h"

#include "base/num.h"
#include "base/word.h"
#include "net/url.h"
#include "signature/rule/rule.h"
#include "signature/rule/rule_literal.h"
#include "signature/set.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { STEP_LIMIT = 100000 /* of one match, so that no text can stop the run */ };

/* What must be seen before a rule is tried. */
enum gate { GATE_HOST, GATE_AGENT, GATE_URL, GATE_NONE };

struct regex {
    struct slice text; /* empty: anything */
    struct rule_literal literal;
    pcre2_code *code; /* NULL: not compiled yet */
    bool fast;        /* into machine code, too */
};

/* A host as in domains.csv. */
struct host_pattern {
    struct slice name; /* empty: any */
    bool exact;
    uint64_t tail, tail_mask; /* its last eight bytes, and which of them it has */
};

struct tried_rule {
    const struct rule *rule;
    enum gate gate;
    struct host_pattern host;
    struct regex path, user_agent;
};

struct rule_matcher {
    const struct rule *first; /* of the set */
    struct tried_rule *rules; /* the gravest first */
    size_t count;
    bool gates[GATE_NONE + 1];  /* is there a rule behind it? */
    struct host_pattern *hosts; /* of the rules behind GATE_HOST, */
    size_t host_count;          /* all of which look at paths where `hosts_need_url` */
    bool hosts_need_url;
    struct rule_literal *url_literals; /* of the rules behind GATE_URL */
    size_t url_literal_count;
    bool wants_user_agent;
    pcre2_match_data *match;
    pcre2_match_context *limits;
};

static struct slice column(const struct rule *rule, enum rule_column c)
{
    return slice_of_string(rule->texts[c]);
}

static struct regex regex_of(const struct rule *rule, enum rule_column c)
{
    struct slice text = column(rule, c);

    return (struct regex){.text = text, .literal = rule_literal_of(text)};
}

/* The last eight bytes of ${s}, without what tells small letters from large: the last one highest,
 * nothing below what is shorter. */
static uint64_t tail_of(struct slice s)
{
    char text[8] = {0};

    if (s.len > 0 && s.len < sizeof text)
        memcpy(text + sizeof text - s.len, s.ptr, s.len);
    return word_load(s.len < sizeof text ? text : s.ptr + s.len - sizeof text) |
           UINT64_C(0x2020202020202020);
}

static struct host_pattern host_of(const struct rule *rule)
{
    struct host_pattern p = {.name = column(rule, RULE_HOST)};

    p.exact = slice_starts_with(p.name, SLICE("="));
    if (p.exact)
        p.name = slice_from(p.name, 1);
    p.tail = tail_of(p.name);
    p.tail_mask = ~word_mask(p.name.len < 8 ? 8 - p.name.len : 0);
    return p;
}

static struct tried_rule prepare(const struct rule *rule)
{
    struct tried_rule t = {.rule = rule,
                           .gate = GATE_NONE,
                           .host = host_of(rule),
                           .path = regex_of(rule, RULE_PATH),
                           .user_agent = regex_of(rule, RULE_USER_AGENT)};

    if (t.host.name.len > 0)
        t.gate = GATE_HOST;
    else if (t.user_agent.text.len > 0)
        t.gate = GATE_AGENT;
    else if (t.path.literal.len > 0)
        t.gate = GATE_URL;
    return t;
}

static int compare_rules(const void *left, const void *right)
{
    const struct rule *a = ((const struct tried_rule *)left)->rule;
    const struct rule *b = ((const struct tried_rule *)right)->rule;

    return rule_goes_before(b, a) - rule_goes_before(a, b);
}

static void add_rule(struct rule_matcher *m, size_t index, const struct rule *rule)
{
    struct tried_rule *t = &m->rules[index];

    *t = prepare(rule);
    m->gates[t->gate] = true;
    m->wants_user_agent = m->wants_user_agent || t->user_agent.text.len > 0;
    if (t->gate == GATE_URL)
        m->url_literals[m->url_literal_count++] = t->path.literal;
    if (t->gate != GATE_HOST)
        return;
    m->hosts[m->host_count++] = t->host;
    m->hosts_need_url = m->hosts_need_url && t->path.text.len > 0;
}

struct rule_matcher *rule_matcher_create(const struct signature_set *set, struct error *err)
{
    struct rule_matcher *m = calloc(1, sizeof *m);

    if (m == NULL) {
        error_set_memory(err);
        return NULL;
    }
    m->first = set->rules;
    m->count = signature_rule_count(set);
    m->rules = calloc(m->count + 1, sizeof *m->rules);
    m->url_literals = calloc(m->count + 1, sizeof *m->url_literals);
    m->hosts = calloc(m->count + 1, sizeof *m->hosts);
    m->hosts_need_url = true;
    m->match = pcre2_match_data_create(1, NULL);
    m->limits = pcre2_match_context_create(NULL);
    if (m->rules == NULL || m->url_literals == NULL || m->hosts == NULL || m->match == NULL ||
        m->limits == NULL) {
        rule_matcher_free(m);
        error_set_memory(err);
        return NULL;
    }
    pcre2_set_match_limit(m->limits, STEP_LIMIT);
    for (size_t i = 0; i < m->count; i++)
        add_rule(m, i, &set->rules[i]);
    qsort(m->rules, m->count, sizeof *m->rules, compare_rules);
    return m;
}

bool rule_matcher_wants_user_agent(const struct rule_matcher *m)
{
    return m->wants_user_agent;
}

uint32_t rule_matcher_hinting_fields(const struct rule_matcher *m)
{
    return (m->url_literal_count > 0 ? FIELD_BIT(FIELD_URL) : 0) |
           (m->gates[GATE_AGENT] ? FIELD_BIT(FIELD_USER_AGENT) : 0);
}

/* --- conditions --- */

static bool fits_method(const struct rule *rule, const struct record *r)
{
    struct slice methods = column(rule, RULE_METHOD), method;

    if (methods.len == 0)
        return true;
    while (record_has(r, FIELD_METHOD) && methods.len > 0) {
        slice_cut(methods, ' ', &method, &methods);
        if (slice_equal(method, r->method))
            return true;
    }
    return false;
}

/* The number behind the last colon of host:port or [address]:port, or 0. */
static uint64_t written_port(struct slice authority)
{
    size_t colon = authority.len;
    uint64_t port;

    while (colon > 0 && authority.ptr[colon - 1] != ':' && authority.ptr[colon - 1] != ']')
        colon--;
    if (colon == 0 || authority.ptr[colon - 1] != ':' ||
        !num_parse(slice_from(authority, colon), UINT16_MAX, &port))
        return 0;
    /* an address without brackets has no port */
    return slice_find(authority, ':') == colon - 1 || authority.ptr[0] == '[' ? port : 0;
}

/* The port asked for, 0 where the record does not say it. */
static uint64_t port_of(const struct record *r)
{
    uint64_t port = record_has(r, FIELD_URL) ? written_port(url_authority(r->url)) : 0;

    if (port == 0 && record_has(r, FIELD_HOST))
        port = written_port(r->host);
    if (port > 0)
        return port;
    if ((record_has(r, FIELD_URL) && slice_starts_with(r->url, SLICE("https://"))) ||
        (record_has(r, FIELD_METHOD) && slice_is(r->method, "CONNECT")))
        return 443;
    return record_has(r, FIELD_URL) && slice_starts_with(r->url, SLICE("http://")) ? 80 : 0;
}

static bool fits_port(const struct rule *rule, const struct record *r)
{
    struct slice ports = column(rule, RULE_PORT), item;
    uint64_t asked = ports.len > 0 ? port_of(r) : 0, port;

    if (ports.len == 0)
        return true;
    while (asked > 0 && ports.len > 0) {
        slice_cut(ports, ' ', &item, &ports);
        if (num_parse(item, UINT16_MAX, &port) && port == asked)
            return true;
    }
    return false;
}

/* As in domains.csv: the name and all below it, `=name` itself alone. ${tail}: of ${host}. */
static inline bool fits_host(const struct host_pattern *p, struct slice host, uint64_t tail)
{
    if (((tail ^ p->tail) & p->tail_mask) != 0)
        return false;
    if (host.len < p->name.len ||
        !slice_equal_nocase(slice_from(host, host.len - p->name.len), p->name))
        return false;
    return host.len == p->name.len || p->name.len == 0 ||
           (!p->exact && host.ptr[host.len - p->name.len - 1] == '.');
}

/* The expression compiles: rule_check saw to that. Without memory it matches nothing. */
static bool compile(struct regex *regex)
{
    PCRE2_SIZE at;
    int code;

    regex->code = pcre2_compile((PCRE2_SPTR)regex->text.ptr, regex->text.len,
                                PCRE2_NEVER_BACKSLASH_C, &code, &at, NULL);
    return regex->code != NULL;
}

/* What is matched once may be again. */
static bool matches(struct rule_matcher *m, struct regex *regex, struct slice text)
{
    if (!regex->fast)
        pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE); /* else it is interpreted */
    regex->fast = true;
    return pcre2_match(regex->code, (PCRE2_SPTR)text.ptr, text.len, 0, 0, m->match, m->limits) >= 0;
}

static bool fits_regex(struct rule_matcher *m, struct regex *regex, struct slice text)
{
    if (regex->text.len == 0)
        return true;
    return text.len > 0 && rule_literal_in(&regex->literal, text) &&
           (regex->code != NULL || compile(regex)) && matches(m, regex, text);
}

static struct slice agent_of(const struct record *r)
{
    return record_has(r, FIELD_USER_AGENT) ? r->user_agent : slice_of(NULL, 0);
}

const struct rule *rule_matcher_find(struct rule_matcher *m, const struct record *r,
                                     struct slice host)
{
    struct slice path = record_has(r, FIELD_URL) ? url_path(r->url) : slice_of(NULL, 0);
    const uint64_t tail = tail_of(host);

    for (size_t i = 0; i < m->count; i++) {
        struct tried_rule *t = &m->rules[i];

        if (fits_method(t->rule, r) && fits_host(&t->host, host, tail) && fits_port(t->rule, r) &&
            fits_regex(m, &t->path, path) && fits_regex(m, &t->user_agent, agent_of(r)))
            return t->rule;
    }
    return NULL;
}

/* --- the first look --- */

uint32_t rule_matcher_row(const struct rule_matcher *m, const struct rule *rule)
{
    return (uint32_t)(rule - m->first);
}

bool rule_matcher_watches_host(const struct rule_matcher *m, struct slice host)
{
    const uint64_t tail = tail_of(host);

    if (m->gates[GATE_NONE])
        return true;
    for (size_t i = 0; i < m->host_count; i++)
        if (fits_host(&m->hosts[i], host, tail))
            return true;
    return false;
}

uint32_t rule_matcher_watching_fields(const struct rule_matcher *m)
{
    return m->gates[GATE_NONE] || !m->hosts_need_url ? UINT32_MAX : FIELD_BIT(FIELD_URL);
}

/* Rules look at paths: what host:port alone says, as CONNECT does, hints at nothing. */
static bool url_hints(const struct rule_matcher *m, struct slice url)
{
    for (size_t i = 0; i < m->url_literal_count; i++)
        if (rule_literal_in(&m->url_literals[i], url))
            return slice_find(url, '/') < url.len;
    return false;
}

bool rule_matcher_fits_agent(struct rule_matcher *m, struct slice agent)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->rules[i].user_agent.text.len > 0 && fits_regex(m, &m->rules[i].user_agent, agent))
            return true;
    return false;
}

/* May an agent fit that begins with ${head}? What a partial match leaves open, is. */
static bool may_fit(struct rule_matcher *m, struct regex *regex, struct slice head)
{
    uint32_t options;

    if (regex->code == NULL && !compile(regex))
        return true;
    return pcre2_pattern_info(regex->code, PCRE2_INFO_ALLOPTIONS, &options) != 0 ||
           (options & PCRE2_ANCHORED) == 0 ||
           pcre2_match(regex->code, (PCRE2_SPTR)head.ptr, head.len, 0, PCRE2_PARTIAL_HARD, m->match,
                       m->limits) != PCRE2_ERROR_NOMATCH;
}

bool rule_matcher_fits_none_that_begins(struct rule_matcher *m, struct slice head)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->rules[i].user_agent.text.len > 0 && may_fit(m, &m->rules[i].user_agent, head))
            return false;
    return true;
}

bool rule_matcher_hints(struct rule_matcher *m, const struct record *r)
{
    return (record_has(r, FIELD_URL) && url_hints(m, r->url)) ||
           (agent_of(r).len > 0 && m->gates[GATE_AGENT]);
}

void rule_matcher_free(struct rule_matcher *m)
{
    if (m == NULL)
        return;
    for (size_t i = 0; m->rules != NULL && i < m->count; i++) {
        pcre2_code_free(m->rules[i].path.code);
        pcre2_code_free(m->rules[i].user_agent.code);
    }
    pcre2_match_data_free(m->match);
    pcre2_match_context_free(m->limits);
    free(m->rules);
    free(m->url_literals);
    free(m->hosts);
    free(m);
}
