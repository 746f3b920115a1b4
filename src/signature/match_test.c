/* match_test.c: what is an app's host and what only looks like one. */
#include "signature/match.h"

#include "net/domain.h"
#include "signature/tenant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define APP(id)  id ",N,,c,,,no,,no,no,no,no,no,no,no,no,\n"

static const char apps[] =
    "app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,"
    "remote_wipe,password_reset,audit_log,sso,licence_management,business_terms,"
    "age_verification,note\n" APP("line") APP("line-works") APP("line-pay") APP("naver")
        APP("facebook") APP("facebook-messenger") APP("instagram") APP("slack") APP("dropbox")
            APP("box") APP("x") APP("sharepoint") APP("onedrive-business") APP("onedrive-personal")
                APP("outlook") APP("google-drive") APP("google-shared") APP("amazon-s3")
                    APP("amazonaws") APP("github") APP("discord") APP("zoom") APP("telegram")
                        APP("copilot") APP("nihongo") APP("workday") APP("chatgpt")
                            APP("openai-api");

static const char domains[] = "domain,app,role\n"
                              "line.me,line,service\n"
                              "line.naver.jp,line,service\n"
                              "line-scdn.net,line,content\n"
                              "social-plugins.line.me,line,embed\n"
                              "pay.line.me,line-pay,service\n"
                              "developers.line.me,-,\n"
                              "console.developers.line.me,line,service\n"
                              "=lin.ee,line,service\n"
                              "worksmobile.com,line-works,service\n"
                              "line-works.com,line-works,service\n"
                              "naver.jp,naver,service\n"
                              "facebook.com,facebook,service\n"
                              "connect.facebook.net,facebook,embed\n"
                              "fbcdn.net,facebook,shared\n"
                              "messenger.com,facebook-messenger,service\n"
                              "m.me,facebook-messenger,service\n"
                              "edge-chat.facebook.com,facebook-messenger,service\n"
                              "=www.facebook.com,facebook,content\n"
                              "instagram.com,instagram,service\n"
                              "slack.com,slack,service\n"
                              "dropbox.com,dropbox,service\n"
                              "box.com,box,service\n"
                              "x.com,x,service\n"
                              "t.co,x,service\n"
                              "sharepoint.com,sharepoint,service\n"
                              "onedrive.live.com,onedrive-personal,service\n"
                              "1drv.ms,onedrive-personal,service\n"
                              "outlook.office.com,outlook,service\n"
                              "drive.google.com,google-drive,service\n"
                              "google.com,google-shared,shared\n"
                              "amazonaws.com,amazonaws,shared\n"
                              "s3.amazonaws.com,amazon-s3,service\n"
                              "s3.ap-northeast-1.amazonaws.com,amazon-s3,service\n"
                              "github.com,github,service\n"
                              "discord.com,discord,service\n"
                              "discord.gg,discord,service\n"
                              "zoom.us,zoom,service\n"
                              "copilot.microsoft,copilot,service\n"
                              "日本語.jp,nihongo,service\n"
                              "myworkday.com,workday,service\n"
                              "chatgpt.com,chatgpt,service\n"
                              "api.openai.com,openai-api,service\n"
                              "xn--slak-2oa.example,line,service\n";

static const char networks[] = "network,app,role\n"
                               "149.154.160.0/20,telegram,service\n"
                               "149.154.161.0/24,-,\n"
                               "2001:67c:4e8::/48,telegram,service\n"
                               "203.104.128.0/20,line,shared\n"
                               "AS62041,telegram,service\n";

static const char tenants[] = "app,pattern\n"
                              "slack,{tenant}.slack.com\n"
                              "slack,{tenant}.enterprise.slack.com\n"
                              "slack,app.slack.com\n"
                              "slack,enterprise.slack.com\n"
                              "slack,app.slack.com/client/{tenant}/\n"
                              "sharepoint,{tenant}.sharepoint.com\n"
                              "sharepoint,{tenant}-my.sharepoint.com\n"
                              "sharepoint,www.sharepoint.com\n"
                              "amazon-s3,{tenant...}.s3.amazonaws.com\n"
                              "amazon-s3,{tenant...}.s3.*.amazonaws.com\n"
                              "amazon-s3,s3.*.amazonaws.com/{tenant}/\n"
                              "amazon-s3,s3.amazonaws.com/{tenant}/\n"
                              "box,{tenant}.app.box.com\n"
                              "box,{tenant}.box.com\n"
                              "box,app.box.com\n"
                              "zoom,{tenant}.zoom.us\n"
                              "zoom,us*web.zoom.us\n"
                              "github,github.com/{tenant}/\n"
                              "github,github.com/orgs/{tenant}/\n"
                              "github,github.com/features/\n"
                              "discord,discord.com/channels/{tenant}/\n"
                              "discord,discord.com/channels/@me\n"
                              "workday,wd*.myworkday.com/{tenant}/\n"
                              "workday,{tenant}.myworkday.com\n"
                              "workday,wd*.myworkday.com\n"
                              "chatgpt,{tenant}.slack.com\n";

static struct signature_set *create(void)
{
    const struct signature_file files[] = {
        {"apps.csv", slice_of_string(apps)},
        {"domains.csv", slice_of_string(domains)},
        {"networks.csv", slice_of_string(networks)},
        {"tenants.csv", slice_of_string(tenants)},
    };
    struct error err = {0};
    struct signature_set *set = signature_set_create(&err);

    for (size_t i = 0; i < COUNT(files); i++)
        if (!signature_set_add(set, &files[i], &err))
            fail_msg("%s", err.text);
    if (!signature_set_finish(set, &err))
        fail_msg("%s", err.text);
    return set;
}

/* Hosts as logs write them. An app of NULL: nobody's. */
static const struct {
    const char *host, *app, *role, *tenant;
} hosts[] = {
    /* LINE and what is not */
    {"line.me", "line", "service", ""},
    {"LINE.ME", "line", "service", ""},
    {"line.me.", "line", "service", ""},
    {"line.me:443", "line", "service", ""},
    {"legy-jp.line.me", "line", "service", ""},
    {"gd2.line.naver.jp", "line", "service", ""},
    {"obs.line-scdn.net", "line", "content", ""},
    {"social-plugins.line.me", "line", "embed", ""},
    {"a.social-plugins.line.me", "line", "embed", ""},
    {"pay.line.me", "line-pay", "service", ""},
    {"notline.me", NULL, NULL, ""},
    {"airline.me", NULL, NULL, ""},
    {"on-line.me", NULL, NULL, ""},
    {"line.me.evil.example", NULL, NULL, ""},
    {"line.me.com", NULL, NULL, ""},
    {"line.mex", NULL, NULL, ""},
    {"me", NULL, NULL, ""},
    {"line", NULL, NULL, ""},
    {"line..me", NULL, NULL, ""},
    {"line.me..", NULL, NULL, ""},
    {"line-me.example", NULL, NULL, ""},
    {"line.naver.jp.example", NULL, NULL, ""},
    {"xn--lne-jhd.me", NULL, NULL, ""},
    {"lıne.me", NULL, NULL, ""},
    {"l%69ne.me", "line", "service", ""},
    {"line%2eme", "line", "service", ""},
    {"line%2eme%2eevil.example", NULL, NULL, ""},
    {"evil%2fline.me", NULL, NULL, ""},
    {"ｌｉｎｅ．ｍｅ", "line", "service", ""},
    {"linefriends.com", NULL, NULL, ""},
    {"linecorp.com", NULL, NULL, ""},
    /* `=host` and `-` */
    {"lin.ee", "line", "service", ""},
    {"www.lin.ee", NULL, NULL, ""},
    {"developers.line.me", NULL, NULL, ""},
    {"api.developers.line.me", NULL, NULL, ""},
    {"console.developers.line.me", "line", "service", ""},
    /* LINE WORKS, NAVER */
    {"talk.worksmobile.com", "line-works", "service", ""},
    {"line-works.com", "line-works", "service", ""},
    {"line-works.com.example", NULL, NULL, ""},
    {"line.worksmobile.com", "line-works", "service", ""},
    {"blog.naver.jp", "naver", "service", ""},
    {"online.naver.jp", "naver", "service", ""},
    {"naver.com", NULL, NULL, ""},
    /* Facebook, Messenger, Instagram */
    {"facebook.com", "facebook", "service", ""},
    {"www.facebook.com", "facebook", "content", ""},
    {"m.www.facebook.com", "facebook", "service", ""},
    {"edge-chat.facebook.com", "facebook-messenger", "service", ""},
    {"5-edge-chat.facebook.com", "facebook", "service", ""},
    {"www.messenger.com", "facebook-messenger", "service", ""},
    {"m.me", "facebook-messenger", "service", ""},
    {"am.me", NULL, NULL, ""},
    {"connect.facebook.net", "facebook", "embed", ""},
    {"facebook.net", NULL, NULL, ""},
    {"scontent.xx.fbcdn.net", "facebook", "shared", ""},
    {"i.instagram.com", "instagram", "service", ""},
    {"notfacebook.com", NULL, NULL, ""},
    {"facebook.com.login.example", NULL, NULL, ""},
    /* names that hold another's */
    {"fakedropbox.com", NULL, NULL, ""},
    {"www.dropbox.com", "dropbox", "service", ""},
    {"dropbox.com-files.example", NULL, NULL, ""},
    {"xbox.com", NULL, NULL, ""},
    {"dropbox.com.box.com", "box", "service", ""},
    {"netflix.com", NULL, NULL, ""},
    {"api.x.com", "x", "service", ""},
    {"x.com.mx", NULL, NULL, ""},
    {"at.co", NULL, NULL, ""},
    {"pinterest.com", NULL, NULL, ""},
    {"slack.com-login.example", NULL, NULL, ""},
    {"slack.community", NULL, NULL, ""},
    {"myslack.com", NULL, NULL, ""},
    {"slaçk.example", "line", "service", ""},
    {"discordapp.gg", NULL, NULL, ""},
    {"gateway.discord.gg", "discord", "service", ""},
    {"notdiscord.gg", NULL, NULL, ""},
    {"google.com", "google-shared", "shared", ""},
    {"drive.google.com", "google-drive", "service", ""},
    {"overdrive.google.com", "google-shared", "shared", ""},
    {"google.com.example", NULL, NULL, ""},
    {"api.openai.com", "openai-api", "service", ""},
    {"openai.com", NULL, NULL, ""},
    {"copilot.microsoft", "copilot", "service", ""},
    {"日本語.jp", "nihongo", "service", ""},
    {"www.xn--wgv71a119e.jp", "nihongo", "service", ""},
    {"日本.jp", NULL, NULL, ""},
    /* Microsoft */
    {"sharepoint.com", "sharepoint", "service", ""},
    {"acme.sharepoint.com", "sharepoint", "service", "acme"},
    {"acme-my.sharepoint.com", "sharepoint", "service", "acme"},
    {"www.sharepoint.com", "sharepoint", "service", ""},
    {"a.acme.sharepoint.com", "sharepoint", "service", ""},
    {"acme-my.sharepoint.com.example", NULL, NULL, ""},
    {"notsharepoint.com", NULL, NULL, ""},
    {"onedrive.live.com", "onedrive-personal", "service", ""},
    {"live.com", NULL, NULL, ""},
    {"skyonedrive.live.com", NULL, NULL, ""},
    {"outlook.office.com", "outlook", "service", ""},
    {"office.com", NULL, NULL, ""},
    /* tenants */
    {"acme.slack.com", "slack", "service", "acme"},
    {"ACME.Slack.com.", "slack", "service", "acme"},
    {"app.slack.com", "slack", "service", ""},
    {"slack.com", "slack", "service", ""},
    {"acme.enterprise.slack.com", "slack", "service", "acme"},
    {"enterprise.slack.com", "slack", "service", ""},
    {"a.b.slack.com", "slack", "service", ""},
    {"acme.app.box.com", "box", "service", "acme"},
    {"acme.box.com", "box", "service", "acme"},
    {"app.box.com", "box", "service", ""},
    {"acme.zoom.us", "zoom", "service", "acme"},
    {"us02web.zoom.us", "zoom", "service", ""},
    {"acme.s3.amazonaws.com", "amazon-s3", "service", "acme"},
    {"my.bucket.s3.amazonaws.com", "amazon-s3", "service", "my.bucket"},
    {"acme.s3.ap-northeast-1.amazonaws.com", "amazon-s3", "service", "acme"},
    {"s3.ap-northeast-1.amazonaws.com", "amazon-s3", "service", ""},
    {"acme.s3.eu-west-1.amazonaws.com", "amazonaws", "shared", ""},
    {"acme.myworkday.com", "workday", "service", "acme"},
    {"wd3.myworkday.com", "workday", "service", ""},
    /* addresses */
    {"149.154.167.50", "telegram", "service", ""},
    {"149.154.167.50:443", "telegram", "service", ""},
    {"149.154.161.1", NULL, NULL, ""},
    {"149.154.176.1", NULL, NULL, ""},
    {"[2001:67c:4e8:f004::9]:443", "telegram", "service", ""},
    {"2001:67c:4e9::1", NULL, NULL, ""},
    {"203.104.130.1", "line", "shared", ""},
    {"::ffff:203.104.130.1", "line", "shared", ""},
    {"149.154.167.50.example", NULL, NULL, ""},
    {"149.154.167", NULL, NULL, ""},
    /* nothing at all */
    {"", NULL, NULL, ""},
    {".", NULL, NULL, ""},
    {"..", NULL, NULL, ""},
    {"-", NULL, NULL, ""},
    {"com", NULL, NULL, ""},
    {"localhost", NULL, NULL, ""},
    {"a b.line.me", "line", "service", ""},
    {"line.me x", NULL, NULL, ""},
};

static void matches_hosts(void **state)
{
    struct signature_set *set = create();
    (void)state;

    for (size_t i = 0; i < COUNT(hosts); i++) {
        char out[HOST_LIMIT];
        struct slice host = domain_normalise(slice_of_string(hosts[i].host), out);
        struct match m = signature_match(set, host);
        bool found = m.app != SIGNATURE_NO_APP;
        const char *app = found ? signature_app(set, m.app)->id : "nobody";

        if (strcmp(app, hosts[i].app == NULL ? "nobody" : hosts[i].app) != 0)
            fail_msg("%s: %s", hosts[i].host, app);
        if (found && strcmp(role_name(m.role), hosts[i].role) != 0)
            fail_msg("%s: %s", hosts[i].host, role_name(m.role));
        if (!slice_is(m.tenant, hosts[i].tenant))
            fail_msg("%s: tenant %.*s", hosts[i].host, SLICE_FMT(m.tenant));
    }
    signature_set_free(set);
}

static void matches_no_host(void **state)
{
    struct signature_set *set = create();
    struct slice none = {NULL, 0};
    char text[TENANT_LIMIT_BYTES];
    (void)state;

    assert_int_equal(signature_match(set, none).app, SIGNATURE_NO_APP);
    assert_int_equal(signature_covering(set, none, 0), MATCH_NO_SIGNATURE);
    assert_int_equal(signature_url_tenant(set, 0, none, none, text, NULL).len, 0);
    signature_set_free(set);
}

static void names_the_signature(void **state)
{
    static const struct {
        const char *host, *domain; /* NULL: no row */
    } rows[] = {
        {"w.line.me", "line.me"},
        {"developers.line.me", "developers.line.me"},
        {"lin.ee", "lin.ee"},
        {"www.facebook.com", "www.facebook.com"},
        {"x.www.facebook.com", "facebook.com"},
        {"notline.me", NULL},
        {"149.154.167.50", NULL},
    };
    struct signature_set *set = create();
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct match m = signature_match(set, slice_of_string(rows[i].host));

        assert_int_equal(m.signature != MATCH_NO_SIGNATURE, rows[i].domain != NULL);
        if (rows[i].domain != NULL)
            assert_string_equal(signature_at(set, m.signature)->domain, rows[i].domain);
    }
    signature_set_free(set);
}

static void lists_what_covers_a_host(void **state)
{
    static const struct {
        const char *host, *domains[4];
    } rows[] = {
        {"x.console.developers.line.me",
         {"console.developers.line.me", "developers.line.me", "line.me"}},
        {"pay.line.me", {"pay.line.me", "line.me"}},
        {"www.facebook.com", {"www.facebook.com", "facebook.com"}},
        {"x.www.facebook.com", {"facebook.com"}},
        {"www.lin.ee", {NULL}},
        {"me", {NULL}},
    };
    struct signature_set *set = create();
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t n = 0;

        for (; rows[i].domains[n] != NULL; n++) {
            uint32_t s = signature_covering(set, slice_of_string(rows[i].host), n);

            assert_int_not_equal(s, MATCH_NO_SIGNATURE);
            assert_string_equal(signature_at(set, s)->domain, rows[i].domains[n]);
        }
        assert_int_equal(signature_covering(set, slice_of_string(rows[i].host), n),
                         MATCH_NO_SIGNATURE);
    }
    signature_set_free(set);
}

static void reads_tenants_of_paths(void **state)
{
    static const struct {
        const char *host, *url;
        bool asked; /* url_tenant */
        const char *tenant;
    } rows[] = {
        {"github.com", "https://github.com/acme/repo", true, "acme"},
        {"github.com", "https://github.com/acme?tab=repositories", true, "acme"},
        {"github.com", "https://github.com/orgs/acme/people", true, "acme"},
        {"github.com", "https://github.com/features/actions", true, ""},
        {"github.com", "https://github.com/", true, ""},
        {"github.com", "https://github.com", true, ""},
        {"github.com", "/acme/repo", true, "acme"},
        {"github.com", "", true, ""},
        {"github.com", "https://github.com/?q=/acme/", true, ""},
        {"gist.github.com", "https://gist.github.com/acme", false, ""},
        {"discord.com", "https://discord.com/channels/123/456", true, "123"},
        {"discord.com", "https://discord.com/channels/@me", true, ""},
        {"discord.com", "https://discord.com/app", true, ""},
        {"app.slack.com", "https://app.slack.com/client/T123/C1", true, "T123"},
        {"acme.slack.com", "https://acme.slack.com/client/T123/C1", false, ""},
        {"s3.ap-northeast-1.amazonaws.com", "http://s3.ap-northeast-1.amazonaws.com/b.c/k", true,
         "b.c"},
        {"s3.amazonaws.com", "http://s3.amazonaws.com/bucket", true, "bucket"},
        {"s3.amazonaws.com", "http://s3.amazonaws.com/a%2Db%2fc%20d%0a%zz%4", true,
         "a-b/c%20d%0a%zz%4"},
        {"github.com", "https://github.com//acme//repo", true, "acme"},
        {"github.com", "https://github.com//", true, ""},
        {"acme.s3.amazonaws.com", "http://acme.s3.amazonaws.com/key", false, ""},
        {"wd3.myworkday.com", "https://wd3.myworkday.com/acme/d/home.htmld", true, "acme"},
        {"line.me", "https://line.me/acme/", false, ""},
        {"notgithub.com", "https://notgithub.com/acme/", false, ""},
    };
    struct signature_set *set = create();
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct slice host = slice_of_string(rows[i].host);
        struct match m = signature_match(set, host);
        char text[TENANT_LIMIT_BYTES];
        struct slice tenant =
            signature_url_tenant(set, m.app, host, slice_of_string(rows[i].url), text, NULL);

        if (m.url_tenant != rows[i].asked || !slice_is(tenant, rows[i].tenant))
            fail_msg("%s: %.*s", rows[i].url, SLICE_FMT(tenant));
    }
    signature_set_free(set);
}

static void matches_addresses(void **state)
{
    struct signature_set *set = create();
    enum role role = ROLE_EMBED;
    uint32_t app = signature_match_address(set, SLICE("203.104.128.1"), &role, NULL);
    (void)state;

    assert_string_equal(signature_app(set, app)->id, "line");
    assert_int_equal(role, ROLE_SHARED);
    assert_int_equal(signature_match_address(set, SLICE("203.104.144.1"), &role, NULL),
                     SIGNATURE_NO_APP);
    assert_int_equal(signature_match_address(set, SLICE("line.me"), &role, NULL), SIGNATURE_NO_APP);
    assert_int_equal(signature_match_address(set, SLICE(""), &role, NULL), SIGNATURE_NO_APP);
    assert_int_equal(signature_match_address(set, SLICE("149.154.161.1"), &role, NULL),
                     SIGNATURE_NO_APP);
    signature_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_hosts),          cmocka_unit_test(matches_no_host),
        cmocka_unit_test(names_the_signature),    cmocka_unit_test(lists_what_covers_a_host),
        cmocka_unit_test(reads_tenants_of_paths), cmocka_unit_test(matches_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
