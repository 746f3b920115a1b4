/* geoip_test.c: databases made by MaxMind's own writer, and broken ones. */
#include "signature/geoip.h"

#include "base/buf.h"
#include "signature/match.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* What make.pl is told. */
struct recipe {
    const char *type;
    int ip_version, record_size;
    const char *networks;
};

struct fixture {
    char folder[32];
    char path[128];
};

static int set_up(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);

    strcpy(f->folder, "/tmp/kage-geoip-XXXXXX");
    *state = f;
    return mkdtemp(f->folder) == NULL;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    DIR *dir = opendir(f->folder);
    const struct dirent *entry;

    while ((entry = readdir(dir)) != NULL)
        (void)unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
    (void)rmdir(f->folder);
    test_free(f);
    return 0;
}

static void write_file(const char *path, const char *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

/* A database of that name in the fixture's folder; its path is kept. */
static const char *make(struct fixture *f, const char *name, const struct recipe *recipe)
{
    char networks[64], ip_version[16], record_size[16];
    char script[] = "testdata/geoip/make.pl", type[64];
    char *const argv[] = {script, f->path, type, ip_version, record_size, NULL};
    posix_spawn_file_actions_t actions;
    int status = -1;
    pid_t child;

    snprintf(f->path, sizeof f->path, "%s/%s", f->folder, name);
    snprintf(type, sizeof type, "%s", recipe->type);
    snprintf(ip_version, sizeof ip_version, "%d", recipe->ip_version);
    snprintf(record_size, sizeof record_size, "%d", recipe->record_size);
    snprintf(networks, sizeof networks, "%s/networks", f->folder);
    write_file(networks, recipe->networks, strlen(recipe->networks));
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, networks, O_RDONLY, 0);
    assert_int_equal(posix_spawn(&child, script, &actions, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    return f->path;
}

static const struct recipe sample = {
    "GeoLite2-Country", 6, 24,
    "192.0.2.0/24 country.iso_code=JP\n2001:db8::/32 country.iso_code=US\n"};

static struct address address(const char *text)
{
    struct address a;

    assert_true(address_parse(slice_of_string(text), &a));
    return a;
}

/* "JP AS123", a dash for what is unknown. */
static void expect(const struct geoip *g, const char *where, const char *expected)
{
    struct address a = address(where);
    uint16_t country = geoip_country(g, &a);
    char text[32];

    snprintf(text, sizeof text, "%c%c AS%u", country == 0 ? '-' : country >> 8,
             country == 0 ? '-' : country & 0xff, (unsigned)geoip_as_number(g, &a));
    if (strcmp(text, expected) != 0)
        fail_msg("%s: '%s' instead of '%s'", where, text, expected);
}

static void test_answers(void **state)
{
    static const struct {
        struct recipe recipe;
        const char *address, *expected;
    } rows[] = {
        {{"GeoLite2-Country", 6, 24, "192.0.2.0/24 country.iso_code=JP\n"}, "192.0.2.9", "JP AS0"},
        {{"GeoLite2-Country", 6, 28, "192.0.2.0/24 country.iso_code=JP\n"}, "192.0.3.9", "-- AS0"},
        {{"GeoLite2-Country", 6, 32, "2001:db8::/32 country.iso_code=JP\n"},
         "2001:db8::1",
         "JP AS0"},
        {{"GeoIP2-City", 4, 24, "192.0.2.0/24 registered_country.iso_code=DE\n"},
         "192.0.2.9",
         "DE AS0"},
        {{"GeoIP2-City", 4, 24, "192.0.2.0/24 country.iso_code=DE\n"}, "2001:db8::1", "-- AS0"},
        {{"GeoLite2-ASN", 6, 24, "192.0.2.0/24 autonomous_system_number=4294967295\n"},
         "192.0.2.9",
         "-- AS4294967295"},
        {{"DBIP-ASN-Lite", 4, 28, "192.0.2.0/24 autonomous_system_number=64496\n"},
         "192.0.2.9",
         "-- AS64496"},
        {{"flat_country_asn", 4, 24, "192.0.2.0/24 country=JP asn=AS64496\n"},
         "192.0.2.9",
         "JP AS64496"},
        {{"flat_country_asn", 4, 24, "192.0.2.0/24 country_code=JP as_number=65000\n"},
         "192.0.2.9",
         "JP AS65000"},
        {{"flat_country", 4, 24, "192.0.2.0/24 country=Japan\n"}, "192.0.2.9", "-- AS0"},
        {{"flat_country", 4, 24, "192.0.2.0/24 country_code=jp\n"}, "192.0.2.9", "-- AS0"},
        {{"flat_asn", 4, 24, "192.0.2.0/24 asn=ASX\n"}, "192.0.2.9", "-- AS0"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {0};
        struct geoip *g = geoip_create(&err);

        if (!geoip_add(g, make(*state, "x.mmdb", &rows[i].recipe), &err))
            fail_msg("row %zu: %s", i, err.text);
        expect(g, rows[i].address, rows[i].expected);
        geoip_free(g);
    }
}

/* The first database that knows an address answers. */
static void test_order(void **state)
{
    static const struct recipe recipes[] = {
        {"A-Country", 4, 24, "192.0.2.0/25 country.iso_code=JP\n"},
        {"B-Country-ASN", 4, 24,
         "192.0.2.0/24 country.iso_code=US autonomous_system_number=64496\n"}};
    struct error err = {0};
    struct geoip *g = geoip_create(&err);

    expect(g, "192.0.2.9", "-- AS0");
    assert_int_equal(geoip_answers(g), 0);
    assert_true(geoip_add(g, make(*state, "a.mmdb", &recipes[0]), &err));
    assert_int_equal(geoip_answers(g), GEOIP_COUNTRY);
    assert_true(geoip_add(g, make(*state, "b.mmdb", &recipes[1]), &err));
    assert_int_equal(geoip_answers(g), GEOIP_COUNTRY | GEOIP_AS);
    expect(g, "192.0.2.9", "JP AS64496");
    expect(g, "192.0.2.200", "US AS64496");
    assert_int_equal(geoip_count(g), 2);
    assert_string_equal(geoip_at(g, 1).type, "B-Country-ASN");
    assert_int_equal(geoip_at(g, 1).built_s, 1793404800);
    geoip_free(g);
}

static void expect_refused(const char *path, enum error_code code, const char *part)
{
    struct error err = {0};
    struct geoip *g = geoip_create(&err);

    if (geoip_add(g, path, &err))
        fail_msg("%s: accepted", path);
    assert_int_equal(err.code, code);
    if (strstr(err.text, part) == NULL || strstr(err.text, path) == NULL)
        fail_msg("'%s' does not say '%s'", err.text, part);
    assert_int_equal(geoip_count(g), 0);
    expect(g, "192.0.2.1", "-- AS0");
    geoip_free(g);
}

static void test_refused(void **state)
{
    static const struct recipe other = {"GeoIP2-Anonymous-IP", 4, 24, "192.0.2.0/24 is_tor=1\n"};
    struct fixture *f = *state;

    expect_refused("testdata/geoip/missing.mmdb", ERROR_IO, "No such file");
    expect_refused(f->folder, ERROR_IO, "not a file; expected a MaxMind DB");
    expect_refused("testdata/geoip/sample.txt", ERROR_SYNTAX, "not a MaxMind DB");
    expect_refused(make(f, "x.mmdb", &other), ERROR_SYNTAX,
                   "type 'GeoIP2-Anonymous-IP': expected one of countries, cities or AS numbers");
}

static size_t read_file(const char *path, char *bytes, size_t size)
{
    FILE *file = fopen(path, "rb");
    size_t len;

    assert_non_null(file);
    len = fread(bytes, 1, size, file);
    fclose(file);
    return len;
}

/* Cut anywhere, or with any byte wrong: refused, or answered without harm. */
static void test_damaged(void **state)
{
    struct fixture *f = *state;
    char bytes[8192];
    size_t len = read_file(make(f, "x.mmdb", &sample), bytes, sizeof bytes), refused = 0;

    for (size_t cut = 0; cut < len; cut += 7) {
        write_file(f->path, bytes, cut);
        expect_refused(f->path, ERROR_SYNTAX, "");
    }
    for (size_t at = 0; at < len; at++) {
        struct error err = {0};
        struct geoip *g = geoip_create(&err);
        struct address a = address("192.0.2.1");

        bytes[at] = (char)~bytes[at];
        write_file(f->path, bytes, len);
        refused += !geoip_add(g, f->path, &err);
        (void)geoip_country(g, &a);
        geoip_free(g);
        bytes[at] = (char)~bytes[at];
    }
    assert_true(refused > len / 10);
}

/* Of a folder the best name, of those the last; the first folder that has one. */
static void test_folders(void **state)
{
    static const char *const names[] = {"dbip-country-lite-2026-11.mmdb", "GeoLite2-City.mmdb",
                                        "dbip-country-lite-2026-10.mmdb", "GeoLite2-Country.txt",
                                        "other-asn.mmdb"};
    struct fixture *f = *state;
    char folders[128], expected[64];
    struct error err = {0};
    struct geoip *g = geoip_create(&err);

    assert_true(geoip_add_folders(g, "", &err));
    assert_true(geoip_add_folders(g, "/nonexistent:", &err));
    assert_true(geoip_add_folders(g, f->folder, &err));
    assert_int_equal(geoip_count(g), 0);
    for (size_t i = 0; i < COUNT(names); i++)
        make(f, names[i], &sample);
    snprintf(folders, sizeof folders, "/nonexistent:%s:/tmp", f->folder);
    assert_true(geoip_add_folders(g, folders, &err));
    assert_int_equal(geoip_count(g), 1);
    snprintf(expected, sizeof expected, "%s/%s", f->folder, names[0]);
    assert_string_equal(geoip_at(g, 0).path, expected);
    geoip_free(g);
}

/* Rows of networks.csv that name AS numbers, behind those that name networks. */
static void test_networks(void **state)
{
    static const struct {
        const char *address, *app;
    } rows[] = {{"192.0.2.1", "a"},  {"192.0.2.200", "b"},  {"192.0.2.130", NULL},
                {"192.0.3.1", NULL}, {"2001:db8::1", NULL}, {"x.example", NULL}};
    static const struct recipe recipe = {"X-ASN", 4, 24,
                                         "192.0.2.0/24 autonomous_system_number=64496\n"
                                         "192.0.3.0/24 autonomous_system_number=64497\n"};
    struct signature_file apps = {"apps.csv", {NULL, 0}};
    struct signature_file networks = {
        "networks.csv", SLICE("network,app,role\nAS64496,a,service\n192.0.2.192/26,b,content\n"
                              "192.0.2.128/26,-,\n")};
    struct error err = {0};
    struct signature_set *set = signature_set_create(&err);
    struct geoip *g = geoip_create(&err);

    apps.bytes =
        SLICE("app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,"
              "remote_wipe,password_reset,audit_log,sso,licence_management,business_terms,"
              "age_verification,note\na,A,,c,V,JP,no,,no,no,no,no,no,no,no,no,\n"
              "b,B,,c,V,JP,no,,no,no,no,no,no,no,no,no,\n");
    assert_true(signature_set_add(set, &apps, &err) && signature_set_add(set, &networks, &err) &&
                signature_set_finish(set, &err));
    assert_int_equal(signature_match(set, SLICE("192.0.2.1")).app, SIGNATURE_NO_APP);
    assert_int_equal(signature_inactive_networks(set), 1);
    assert_true(geoip_add(g, make(*state, "x.mmdb", &recipe), &err));
    signature_set_use_geoip(set, g);
    assert_ptr_equal(signature_geoip(set), g);
    assert_int_equal(signature_inactive_networks(set), 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint32_t app = signature_match(set, slice_of_string(rows[i].address)).app;
        enum role role;

        assert_int_equal(
            signature_match_address(set, slice_of_string(rows[i].address), &role, NULL), app);
        assert_int_equal(app, rows[i].app == NULL
                                  ? SIGNATURE_NO_APP
                                  : signature_find_app(set, slice_of_string(rows[i].app)));
    }
    signature_set_free(set);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_answers), TEST(test_order),   TEST(test_refused),
                                       TEST(test_damaged), TEST(test_folders), TEST(test_networks)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
