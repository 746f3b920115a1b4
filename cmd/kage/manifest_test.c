/* manifest_test.c: the account as JSON. */
#include "manifest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

struct arguments {
    const char *format, *policy;
    struct text_list signatures;
    bool quiet, verbose;
};

static const struct option_row rows[] = {
    {'f', "format", "ID", OPTION_TEXT, offsetof(struct arguments, format), ""},
    {'\0', "policy", "FILE", OPTION_TEXT, offsetof(struct arguments, policy), ""},
    {'\0', "signatures", "DIR", OPTION_LIST, offsetof(struct arguments, signatures), ""},
    {'q', "quiet", NULL, OPTION_FLAG, offsetof(struct arguments, quiet), ""},
    {'v', "verbose", NULL, OPTION_FLAG, offsetof(struct arguments, verbose), ""},
    {'\0', "excel", NULL, OPTION_LATER, 0, ""},
    {0}};

static const struct option_group group = {"all", rows, 0};

static const char expected[] =
    "{\n"
    "  \"kage\": \"" KAGE_VERSION "\",\n"
    "  \"command\": \"scan\",\n"
    "  \"options\": {\n"
    "    \"format\": \"squid\",\n"
    "    \"policy\": \"/dev/null\",\n"
    "    \"signatures\": [\n"
    "      \"/a\",\n"
    "      \"/b\"\n"
    "    ],\n"
    "    \"quiet\": true\n"
    "  },\n"
    "  \"arguments\": [\n"
    "    \"x.gz\"\n"
    "  ],\n"
    "  \"files\": [\n"
    "    {\n"
    "      \"option\": \"policy\",\n"
    "      \"path\": \"/dev/null\",\n"
    "      \"bytes\": 0,\n"
    "      \"sha256\": \"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca49"
    "5991b7852b855\"\n"
    "    }\n"
    "  ],\n"
    "  \"signatures\": \"0123\",\n"
    "  \"report_timezone\": \"UTC\",\n"
    "  \"timezone\": \"UTC\",\n"
    "  \"status\": 3,\n"
    "  \"total\": {\n"
    "    \"lines\": 10,\n"
    "    \"records\": 7,\n"
    "    \"skipped\": 1,\n"
    "    \"rejected\": 2,\n"
    "    \"rejected_by\": {\n"
    "      \"time\": 2\n"
    "    },\n"
    "    \"first\": \"2026-09-30T01:00:12+00:00\",\n"
    "    \"last\": \"2026-09-30T01:00:13+00:00\",\n"
    "    \"matched\": 4,\n"
    "    \"unmatched\": 3,\n"
    "    \"excluded\": 0,\n"
    "    \"filtered\": 0,\n"
    "    \"challenged\": 0,\n"
    "    \"elapsed_ignored\": 0\n"
    "  },\n"
    "  \"archives\": [\n"
    "    {\n"
    "      \"name\": \"x.gz\",\n"
    "      \"sha256\": \"abcd\",\n"
    "      \"packing\": \"gzip\",\n"
    "      \"bytes\": 99,\n"
    "      \"unpacked_bytes\": 500,\n"
    "      \"format\": \"squid-native\",\n"
    "      \"read_alike\": null,\n"
    "      \"year\": 2026,\n"
    "      \"lines\": 10,\n"
    "      \"records\": 7,\n"
    "      \"skipped\": 1,\n"
    "      \"rejected\": 2,\n"
    "      \"rejected_by\": {\n"
    "        \"time\": 2\n"
    "      },\n"
    "      \"first\": \"2026-09-30T01:00:12+00:00\",\n"
    "      \"last\": \"2026-09-30T01:00:13+00:00\",\n"
    "      \"damage\": \"gzip: cut off\",\n"
    "      \"failure\": null\n"
    "    }\n"
    "  ]\n"
    "}\n";

static void test_manifest(void **state)
{
    struct error err = {0};
    struct arena arena = {0};
    struct zone *zone = zone_load("UTC", &err);
    struct arguments arguments = {.format = "squid", .policy = "/dev/null", .quiet = true};
    const struct options options = {&group, 1, &arguments, &arena};
    struct text_list operands = {0};
    struct archive_result archive = {.name = "x.gz",
                                     .format = "squid-native",
                                     .packing = "gzip",
                                     .tally = {.lines = 10,
                                               .records = 7,
                                               .skipped = 1,
                                               .rejected = 2,
                                               .matched = 4,
                                               .unmatched = 3,
                                               .bytes = 500,
                                               .first_us = INT64_C(1790730012049000),
                                               .last_us = INT64_C(1790730013000000)},
                                     .compressed_bytes = 99,
                                     .year_of_last = 2026};
    struct ingest_result result = {.archives = &archive, .count = 1};
    const struct manifest manifest = {"scan", &options, &operands,          "0123", zone,
                                      zone,   &result,  OUTCOME_INCOMPLETE, NULL};
    struct buf out = {0};

    (void)state;
    archive.tally.rejected_by[REJECT_TIME] = 2;
    (void)snprintf(archive.sha256, sizeof archive.sha256, "abcd");
    (void)snprintf(archive.damage, sizeof archive.damage, "gzip: cut off");
    result.total = archive.tally;
    assert_true(text_list_add(&arguments.signatures, &arena, "/a"));
    assert_true(text_list_add(&arguments.signatures, &arena, "/b"));
    assert_true(text_list_add(&operands, &arena, "x.gz"));
    manifest_append(&out, &manifest);
    buf_append_byte(&out, '\0');
    assert_string_equal(out.ptr, expected);
    buf_free(&out);
    arena_free(&arena);
    zone_free(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_manifest)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
