/* rule_matcher_test.c: records on rules. */
#include "signature/rule/rule_matcher.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char rules[] =
    "rule,app,category,severity,method,port,host,path,user_agent,detail\n"
    "cut,-,p2p,low,GET,,,/announce(\\.php)?\\?$,,\n"
    "announce,-,p2p,high,GET,,,[?&]info_hash=,,info_hash hex\n"
    "agent,-,p2p,medium,,,,,^Tool/\\d,\n"
    "agent-two,-,p2p,medium,,,,,^Tool/1,\n"
    "group,-,p2p,info,,,,,^(One|Two)/,\n"
    "malware,-,threat,critical,POST,80 443 8080,,\"^(/[a-z]+){1,3}/$\",MSIE 7\\.0,\n"
    "host,-,p2p,info,,6969,tracker.example,,,\n"
    "exact,-,p2p,info,PUT POST,,=up.example,^/up,,\n"
    "short,-,p2p,info,,7000,t.co,,,\n"
    "slow,-,p2p,info,,,,^/slow(a|a)+$,,\n";

struct fixture {
    struct signature_set *set;
    struct rule_matcher *matcher;
};

static int set_up(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);
    struct error err = {0};
    struct signature_file file = {"rules.csv", slice_of_string(rules)};

    *state = f;
    f->set = signature_set_create(&err);
    if (!signature_set_add(f->set, &file, &err) || !signature_set_finish(f->set, &err))
        fail_msg("%s", err.text);
    f->matcher = rule_matcher_create(f->set, &err);
    return f->matcher == NULL;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    rule_matcher_free(f->matcher);
    signature_set_free(f->set);
    test_free(f);
    return 0;
}

/* What a log says of a request; NULL: nothing. */
struct request {
    const char *method, *host, *url, *agent;
};

static struct record record_of(const struct request *q)
{
    const char *const texts[] = {q->method, q->host, q->url, q->agent};
    static const enum field fields[] = {FIELD_METHOD, FIELD_HOST, FIELD_URL, FIELD_USER_AGENT};
    struct record r = {.method = slice_of_string(q->method),
                       .host = slice_of_string(q->host),
                       .url = slice_of_string(q->url),
                       .user_agent = slice_of_string(q->agent)};

    for (size_t i = 0; i < COUNT(texts); i++)
        r.has |= texts[i] == NULL ? 0 : FIELD_BIT(fields[i]);
    return r;
}

/* As counting does it: rules are tried only where something hints at one. */
static const char *find(struct fixture *f, const struct request *q)
{
    struct record r = record_of(q);
    struct slice host = slice_of(q->host, slice_find(slice_of_string(q->host), ':'));
    const struct rule *whole = rule_matcher_find(f->matcher, &r, host), *rule = NULL;

    if ((rule_matcher_watches_host(f->matcher, host) &&
         (r.has & rule_matcher_watching_fields(f->matcher)) != 0) ||
        rule_matcher_hints(f->matcher, &r))
        rule = rule_matcher_find(f->matcher, &r, host);
    assert_ptr_equal(rule, whole);
    return rule == NULL ? "" : rule->texts[RULE_ID];
}

static void test_requests(void **state)
{
    static const struct {
        struct request request;
        const char *rule;
    } rows[] = {
        {{"GET", "a.example", "http://a.example/", "Mozilla/5.0"}, ""},
        {{"GET", "a.example", "http://a.example:6969/x/announce?info_hash=%01&port=1", NULL},
         "announce"},
        {{"POST", "a.example", "http://a.example/announce?info_hash=%01", NULL}, ""},
        {{NULL, "a.example", "http://a.example/announce?info_hash=%01", NULL}, ""},
        {{"GET", "a.example", "http://a.example/announce?xinfo_hash=%01", NULL}, ""},
        {{"GET", "a.example", "http://a.example/announce?", NULL}, "cut"},
        {{"GET", "a.example", "http://a.example/announce", NULL}, ""},
        {{"GET", "a.example", "http://a.example/?info_hash=/announce?", NULL}, "announce"},
        {{"GET", "info_hash=", "http://user:?info_hash=@a.example/", NULL}, ""},
        /* user agents; the gravest decides, of equals the first */
        {{"GET", "a.example", NULL, "Tool/1.0"}, "agent"},
        {{"CONNECT", "a.example:443", NULL, "Tool/2"}, "agent"},
        {{"GET", "a.example", NULL, "NoTool/1.0"}, ""},
        {{"GET", "a.example", "http://a.example/?info_hash=", "Tool/1.0"}, "announce"},
        {{"GET", "a.example", "http://a.example/announce?", "Tool/1.0"}, "agent"},
        {{"GET", "a.example", NULL, "Two/1.0"}, "group"},
        /* all conditions together; ports written, of the scheme, unknown */
        {{"POST", "192.0.2.1", "http://192.0.2.1/ab/cd/", "X (MSIE 7.0; Y)"}, "malware"},
        {{"POST", "192.0.2.1", "https://192.0.2.1/ab/", "X (MSIE 7.0; Y)"}, "malware"},
        {{"POST", "192.0.2.1", "http://192.0.2.1:8080/ab/", "X (MSIE 7.0; Y)"}, "malware"},
        {{"POST", "192.0.2.1", "http://192.0.2.1:81/ab/", "X (MSIE 7.0; Y)"}, ""},
        {{"POST", "192.0.2.1", "192.0.2.1/ab/", "X (MSIE 7.0; Y)"}, ""},
        {{"POST", "192.0.2.1:80", "192.0.2.1/ab/", "X (MSIE 7.0; Y)"}, "malware"},
        {{"POST", "[2001:db8::1]", "http://[2001:db8::1]:443/ab/", "X (MSIE 7.0; Y)"}, "malware"},
        {{"GET", "192.0.2.1", "http://192.0.2.1/ab/", "X (MSIE 7.0; Y)"}, ""},
        {{"POST", "192.0.2.1", "http://192.0.2.1/ab/", "X (MSIE 8.0; Y)"}, ""},
        {{"POST", "192.0.2.1", "http://192.0.2.1/a/b/c/d/", "X (MSIE 7.0; Y)"}, ""},
        /* hosts */
        {{"CONNECT", "tracker.example:6969", NULL, NULL}, "host"},
        {{"CONNECT", "a.tracker.example:6969", NULL, NULL}, "host"},
        {{"CONNECT", "nottracker.example:6969", NULL, NULL}, ""},
        {{"CONNECT", "tracker.example", NULL, NULL}, ""},
        {{"PUT", "up.example", "http://up.example/upload", NULL}, "exact"},
        {{"PUT", "x.up.example", "http://x.up.example/upload", NULL}, ""},
        {{"GET", "up.example", "http://up.example/upload", NULL}, ""},
        {{NULL, "tracker.example", NULL, NULL}, ""}, /* a DNS question */
        {{"CONNECT", "t.co:7000", NULL, NULL}, "short"},
        {{"CONNECT", "a.t.co:7000", NULL, NULL}, "short"},
        {{"CONNECT", "T.CO:7000", NULL, NULL}, "short"},
        {{"CONNECT", "xt.co:7000", NULL, NULL}, ""},
        {{"CONNECT", "co:7000", NULL, NULL}, ""},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *rule = find(*state, &rows[i].request);

        if (strcmp(rule, rows[i].rule) != 0)
            fail_msg("row %zu: '%s' instead of '%s'", i, rule, rows[i].rule);
    }
}

/* Many user agents, of which some are a rule's. */
static void test_many_agents(void **state)
{
    struct request q = {"GET", "a.example", NULL, NULL};
    char agent[32];

    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 5000; i++) {
            snprintf(agent, sizeof agent, i % 7 == 0 ? "Tool/%d" : "Fool/%d", i);
            q.agent = agent;
            assert_string_equal(find(*state, &q), i % 7 == 0 ? "agent" : "");
        }
}

/* Long ones that differ in a byte. */
static void test_long_agents(void **state)
{
    static const size_t lengths[] = {8, 249, 250, 251, 600};
    struct request q = {"GET", "a.example", NULL, NULL};
    char agent[601];

    q.agent = agent;
    for (size_t i = 0; i < COUNT(lengths); i++)
        for (size_t at = 0; at < lengths[i]; at++) {
            memset(agent, 'x', lengths[i]);
            agent[lengths[i]] = '\0';
            assert_string_equal(find(*state, &q), "");
            memcpy(agent, at % 2 == 0 ? "Tool/1" : "Fool/1", 6);
            if (at >= 6)
                agent[at] = 'y';
            assert_string_equal(find(*state, &q), at % 2 == 0 ? "agent" : "");
        }
}

/* What begins so fits none: told where all expressions on user agents are anchored. */
static void test_beginnings(void **state)
{
    static const char anchored[] =
        "rule,app,category,severity,method,port,host,path,user_agent,detail\n"
        "tool,-,p2p,low,,,,,^Tool/\\d,\n"
        "either,-,p2p,low,,,,,^(One|Two)/,\n"
        "inner,-,p2p,low,,,,,^(Mozilla/5\\.0 \\(\\w+\\) )?sync/\\d.*Cloud$,\n"
        "path,-,p2p,low,,,,/a,,\n";
    static const struct {
        const char *head;
        bool none;
    } cases[] = {{"Tool/1", false},
                 {"Tool/", false},
                 {"Too", false},
                 {"Tool/x", true},
                 {"xTool/1", true},
                 {"One", false},
                 {"Three/", true},
                 {"Mozilla/5.0 (Windows", false},
                 {"Mozilla/5.0 (Windows NT", true},
                 {"Mozilla/5.0 (Windows) syn", false},
                 {"Mozilla/5.0 (Windows) sync/3 (Fog)", false},
                 {"Mozilla/5.0 (Windows) sink/3", true},
                 {"sync/3 Cloud", false}};
    struct fixture *f = *state;
    struct error err = {0};
    struct signature_file file = {"rules.csv", slice_of_string(anchored)};
    struct signature_set *set = signature_set_create(&err);
    struct rule_matcher *m;

    assert_true(signature_set_add(set, &file, &err) && signature_set_finish(set, &err));
    m = rule_matcher_create(set, &err);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct slice head = slice_of_string(cases[i].head);

        if (rule_matcher_fits_none_that_begins(m, head) != cases[i].none)
            fail_msg("%s", cases[i].head);
        /* one of the fixture's is not anchored */
        assert_false(rule_matcher_fits_none_that_begins(f->matcher, head));
    }
    rule_matcher_free(m);
    signature_set_free(set);
}

/* An expression that takes exponential time on hostile text comes to an end. */
static void test_slow(void **state)
{
    char url[200] = "http://a.example/slow";
    struct request q = {"GET", "a.example", url, NULL};

    for (size_t n = strlen(url); n < sizeof url - 2; n++)
        url[n] = 'a';
    assert_string_equal(find(*state, &q), "slow");
    url[sizeof url - 2] = 'b';
    assert_string_equal(find(*state, &q), "");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_requests), TEST(test_many_agents),
                                       TEST(test_long_agents), TEST(test_beginnings),
                                       TEST(test_slow)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
