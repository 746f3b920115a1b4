/* reading_test.c: numbers with units, and which word on the command line wins. */
#include "reading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void test_sizes(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        uint64_t bytes;
    } cases[] = {
        {"1", true, 1},         {"512M", true, UINT64_C(512) << 20},
        {"1g", true, 1U << 30}, {"2T", true, UINT64_C(2) << 40},
        {"10K", true, 10240},   {"", false, 0},
        {"0", false, 0},        {"G", false, 0},
        {"1.5G", false, 0},     {"-1", false, 0},
        {"1GB", false, 0},      {"99999999999999T", false, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t bytes = 0;

        assert_int_equal(reading_parse_size(cases[i].text, &bytes), cases[i].ok);
        if (cases[i].ok)
            assert_int_equal(bytes, cases[i].bytes);
    }
}

static void test_shares(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        uint32_t ppm;
    } cases[] = {
        {"1%", true, 10000},     {"0.5 %", true, 5000},   {"100%", true, 1000000},
        {"0", true, 0},          {"0%", true, 0},         {"0.01", true, 10000},
        {"1", true, 1000000},    {"1.0", true, 1000000},  {"0.000001", true, 1},
        {" 2 % ", true, 20000},  {"2", false, 0},         {"101%", false, 0},
        {"", false, 0},          {"%", false, 0},         {".5", false, 0},
        {"1.", false, 0},        {"-1%", false, 0},       {"1%%", false, 0},
        {"0.0000001", false, 0}, {"99999999%", false, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t ppm = 0;

        if (reading_parse_share(cases[i].text, &ppm) != cases[i].ok)
            fail_msg("'%s'", cases[i].text);
        if (cases[i].ok)
            assert_int_equal(ppm, cases[i].ppm);
    }
}

/* A call of scan, up to the loaded options. */
struct world {
    struct environment environment;
    struct reading_arguments arguments;
    struct reading_words words;
    struct reading reading;
    struct error error;
};

static const struct option_group group = {"reading", reading_rows, 0};
static const struct command command = {
    .groups = &group, .group_count = 1, .arguments_size = sizeof(struct reading_arguments)};

static bool open_reading(struct world *w, char *const *argv)
{
    struct call call = {.environment = &w->environment, .argc = 2, .argv = argv};

    w->environment.processors = 3;
    return reading_parse(&call, &command, &w->arguments, &w->words, &w->error) &&
           reading_open(&w->reading, &call, &w->arguments, &w->words, &w->error);
}

static void leave(struct world *w)
{
    reading_close(&w->reading);
    arena_free(&w->words.arena);
}

static void test_zones(void **state)
{
    static const struct {
        const char *options[4]; /* with the archive */
        const char *environment;
        const char *report, *stamp;
    } cases[] = {
        {{"/dev/null"}, "Asia/Tokyo", "Asia/Tokyo", "Asia/Tokyo"},
        {{"/dev/null"}, "UTC", "UTC", "UTC"},
        {{"-zEurope/Berlin", "/dev/null"}, "Asia/Tokyo", "Europe/Berlin", "Europe/Berlin"},
        {{"--report-timezone=Asia/Tokyo", "/dev/null"}, "UTC", "Asia/Tokyo", "Asia/Tokyo"},
        {{"-zUTC", "--report-timezone=Asia/Tokyo", "/dev/null"},
         "Europe/Berlin",
         "Asia/Tokyo",
         "UTC"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w = {.environment.zone = cases[i].environment};
        char texts[6][64] = {"kage", "scan", "--no-config"};
        char *argv[7] = {texts[0], texts[1], texts[2]};

        for (size_t a = 0; a < 3 && cases[i].options[a] != NULL; a++) {
            memcpy(texts[3 + a], cases[i].options[a], strlen(cases[i].options[a]) + 1);
            argv[3 + a] = texts[3 + a];
        }
        assert_true(open_reading(&w, argv));
        assert_string_equal(zone_name(w.reading.report_zone), cases[i].report);
        assert_string_equal(zone_name(reading_stamp_zone(&w.reading)), cases[i].stamp);
        assert_int_equal(w.reading.threads, 3);
        assert_int_equal(w.reading.max_rejects_ppm, 10000);
        leave(&w);
    }
}

static void test_refused(void **state)
{
    static const struct {
        const char *option;
        const char *inflate;
        const char *message;
    } cases[] = {
        {"-zMars/Base", NULL, "--timezone: unknown time zone 'Mars/Base'"},
        {"-j0", NULL, "--threads: '0': expected a number from 1 to 1024"},
        {"--year=26", NULL, "--year: '26': expected a number from 1970 to 9999"},
        {"--max-memory=much", NULL, "--max-memory: 'much': expected a size"},
        {"--max-rejects=2", NULL, "--max-rejects: '2': expected a share"},
        {"-fsquid-nativ", NULL, "unknown format 'squid-nativ'; the nearest is 'squid-native'"},
        {"-q", "fast", "KAGE_INFLATE: 'fast': expected zlib or isal"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w = {.environment = {.zone = "UTC", .inflate = cases[i].inflate}};
        char program[] = "kage", scan[] = "scan", no_config[] = "--no-config";
        char archive[] = "/dev/null", option[64];
        char *argv[] = {program, scan, no_config, option, archive, NULL};

        memcpy(option, cases[i].option, strlen(cases[i].option) + 1);
        assert_false(open_reading(&w, argv));
        assert_int_equal(w.error.code, ERROR_USAGE);
        if (strstr(w.error.text, cases[i].message) == NULL)
            fail_msg("%s", w.error.text);
        leave(&w);
    }
}

static void test_no_archive(void **state)
{
    struct world w = {.environment.zone = "UTC"};
    char program[] = "kage", scan[] = "scan", no_config[] = "--no-config";
    char *argv[] = {program, scan, no_config, NULL};

    (void)state;
    assert_false(open_reading(&w, argv));
    assert_int_equal(w.error.code, ERROR_USAGE);
    leave(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),      cmocka_unit_test(test_shares),
        cmocka_unit_test(test_zones),      cmocka_unit_test(test_refused),
        cmocka_unit_test(test_no_archive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
