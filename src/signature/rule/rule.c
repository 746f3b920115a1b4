/* rule.c: checks the fields of rules.csv. */
#include "signature/rule/rule.h"

#include "base/num.h"
#include "net/domain.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { PORT_MAX = 65535 };

static bool is_word(struct slice s, const char *bytes)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == '\0' || strchr(bytes, s.ptr[i]) == NULL)
            return false;
    return s.len > 0;
}

enum severity rule_severity(struct slice name)
{
    static const char *const names[SEVERITY_COUNT] = {[SEVERITY_INFO] = "info",
                                                      [SEVERITY_LOW] = "low",
                                                      [SEVERITY_MEDIUM] = "medium",
                                                      [SEVERITY_HIGH] = "high",
                                                      [SEVERITY_CRITICAL] = "critical"};
    unsigned s = 0;

    while (s < SEVERITY_COUNT && !slice_is(name, names[s]))
        s++;
    return (enum severity)s;
}

static bool check_words(const struct csv_row *row, struct error *err)
{
    static const char lower[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

    if (!is_word(row->fields[RULE_ID], lower))
        return csv_fail(row, err, "rule '%s': expected lower-case letters, digits and '-'",
                        row->fields[RULE_ID].ptr);
    if (!is_word(row->fields[RULE_CATEGORY], lower))
        return csv_fail(row, err, "category '%s': expected lower-case letters, digits and '-'",
                        row->fields[RULE_CATEGORY].ptr);
    if (rule_severity(row->fields[RULE_SEVERITY]) != SEVERITY_COUNT)
        return true;
    return csv_fail(row, err, "severity '%s': expected info, low, medium, high or critical",
                    row->fields[RULE_SEVERITY].ptr);
}

static bool check_lists(const struct csv_row *row, struct error *err)
{
    struct slice methods = row->fields[RULE_METHOD], ports = row->fields[RULE_PORT], item;
    uint64_t port;

    while (methods.len > 0) {
        slice_cut(methods, ' ', &item, &methods);
        if (!is_word(item, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-"))
            return csv_fail(row, err, "method '%s': expected HTTP methods, apart by one blank",
                            row->fields[RULE_METHOD].ptr);
    }
    while (ports.len > 0) {
        slice_cut(ports, ' ', &item, &ports);
        if (!num_parse(item, PORT_MAX, &port) || port == 0)
            return csv_fail(row, err, "port '%s': expected numbers up to 65535, apart by one blank",
                            row->fields[RULE_PORT].ptr);
    }
    return true;
}

static bool check_host(const struct csv_row *row, struct error *err)
{
    struct slice host = row->fields[RULE_HOST];
    const char *why;

    if (host.len > 0 && host.ptr[0] == '=')
        host = slice_from(host, 1);
    if (row->fields[RULE_HOST].len == 0 || domain_valid(host, &why))
        return true;
    return csv_fail(row, err, "host '%s': %s", row->fields[RULE_HOST].ptr, why);
}

static bool check_regex(const struct csv_row *row, const char *column, struct slice text,
                        struct error *err)
{
    PCRE2_UCHAR message[128] = "";
    PCRE2_SIZE at = 0;
    int code = 0;
    pcre2_code *regex =
        pcre2_compile((PCRE2_SPTR)text.ptr, text.len, PCRE2_NEVER_BACKSLASH_C, &code, &at, NULL);

    if (regex != NULL) {
        pcre2_code_free(regex);
        return true;
    }
    pcre2_get_error_message(code, message, sizeof message);
    return csv_fail(row, err, "%s '%s': %s at byte %zu", column, text.ptr, (const char *)message,
                    (size_t)at);
}

bool rule_check(const struct csv_row *row, struct error *err)
{
    struct slice path = row->fields[RULE_PATH], user_agent = row->fields[RULE_USER_AGENT];

    if (!check_words(row, err) || !check_lists(row, err) || !check_host(row, err))
        return false;
    if (row->fields[RULE_HOST].len + path.len + user_agent.len == 0)
        return csv_fail(row, err, "rule '%s' has no host, path or user_agent: it would fit all",
                        row->fields[RULE_ID].ptr);
    return check_regex(row, "path", path, err) && check_regex(row, "user_agent", user_agent, err);
}

bool rule_goes_before(const struct rule *a, const struct rule *b)
{
    return a->severity > b->severity || (a->severity == b->severity && a < b);
}
