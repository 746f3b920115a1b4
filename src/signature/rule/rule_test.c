/* rule_test.c: rows of rules.csv are checked whole. */
#include "signature/rule/rule.h"

#include "base/buf.h"
#include "signature/signature.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define HEADER   "rule,app,category,severity,method,port,host,path,user_agent,detail\n"
#define ROLES    "rule,app,category,severity,method,port,host,path,user_agent,detail,role\n"
#define GOOD     "emotet,-,threat,high,POST,80 443 8080,,^/[a-z]{3}/$,MSIE 7\\.0,why\n"

static bool load(const char *rows, struct signature_set *set, struct error *err)
{
    struct buf csv = {0};
    struct signature_file file = {"r/rules.csv", {NULL, 0}};
    bool ok;

    if (strncmp(rows, "rule,", 5) != 0)
        buf_append_string(&csv, HEADER);
    buf_append_string(&csv, rows);
    file.bytes = buf_slice(&csv);
    ok = signature_set_add(set, &file, err) && signature_set_finish(set, err);
    buf_free(&csv);
    return ok;
}

static void accepts(void **state)
{
    static const struct {
        const char *rows;
        size_t count;
    } rows[] = {
        {"", 0},
        {GOOD, 1},
        {GOOD GOOD, 1},
        {GOOD "tracker,-,p2p,info,,,tracker.example,,,\n", 2},
        {"tracker,-,p2p,low,GET HEAD,6969,=t.example,/announce\\?.*info_hash=,,info_hash hex\n", 1},
        {"tracker,-,p2p,low,,,,/announce,,event\n", 1},
        {ROLES "tracker,-,p2p,low,,,,/announce,,event,\n", 1},
        {ROLES "tracker,-,p2p,low,,,,/announce,,event,shared\n", 1},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {0};
        struct signature_set *set = signature_set_create(&err);

        if (!load(rows[i].rows, set, &err))
            fail_msg("%s", err.text);
        assert_int_equal(signature_rule_count(set), rows[i].count);
        signature_set_free(set);
    }
}

static void names_faults(void **state)
{
    static const struct {
        const char *row, *message;
    } rows[] = {
        {"E,-,t,high,,,,x,,\n",
         "r/rules.csv:2: rule 'E': expected lower-case letters, digits and '-'"},
        {",-,t,high,,,,x,,\n",
         "r/rules.csv:2: rule '': expected lower-case letters, digits and '-'"},
        {"e,E,t,high,,,,x,,\n",
         "r/rules.csv:2: app 'E': expected lower-case letters, digits and '-'"},
        {"e,nobody,t,high,,,,x,,\n", "r/rules.csv:2: app 'nobody' stands in no apps.csv"},
        {"e,-,,high,,,,x,,\n",
         "r/rules.csv:2: category '': expected lower-case letters, digits and '-'"},
        {"e,-,t,huge,,,,x,,\n",
         "r/rules.csv:2: severity 'huge': expected info, low, medium, high or critical"},
        {"e,-,t,high,post,,,x,,\n",
         "r/rules.csv:2: method 'post': expected HTTP methods, apart by one blank"},
        {"e,-,t,high,GET  PUT,,,x,,\n",
         "r/rules.csv:2: method 'GET  PUT': expected HTTP methods, apart by one blank"},
        {"e,-,t,high,,80/443,,x,,\n",
         "r/rules.csv:2: port '80/443': expected numbers up to 65535, apart by one blank"},
        {"e,-,t,high,,0,,x,,\n",
         "r/rules.csv:2: port '0': expected numbers up to 65535, apart by one blank"},
        {"e,-,t,high,,65536,,x,,\n",
         "r/rules.csv:2: port '65536': expected numbers up to 65535, apart by one blank"},
        {"e,-,t,high,,,*.x,x,,\n",
         "r/rules.csv:2: host '*.x': a byte that is neither letter, digit, '-' nor '_'"},
        {"e,-,t,high,,,=,x,,\n", "r/rules.csv:2: host '=': empty"},
        {"e,-,t,high,POST,80,,,,\n",
         "r/rules.csv:2: rule 'e' has no host, path or user_agent: it would fit all"},
        {"e,-,t,high,,,,a(b,,\n",
         "r/rules.csv:2: path 'a(b': missing closing parenthesis at byte 3"},
        {ROLES "e,-,t,high,,,,x,,,widget\n",
         "r/rules.csv:2: role 'widget': expected service, content, embed or shared"},
        {"e,-,t,high,,,,,[z-a],\n",
         "r/rules.csv:2: user_agent '[z-a]': range out of order in character class at byte 3"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {0};
        struct signature_set *set = signature_set_create(&err);

        if (load(rows[i].row, set, &err))
            fail_msg("accepted: %s", rows[i].row);
        assert_int_equal(err.code, ERROR_SYNTAX);
        assert_string_equal(err.text, rows[i].message);
        signature_set_free(set);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts),
        cmocka_unit_test(names_faults),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
