/* directory_test.c: people from CSV and LDIF. */
#include "identity/directory.h"

#include "base/buf.h"
#include "identity/testing.h"

#include <inttypes.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* People as "user|name|department|email|kind|left;", then for each of ${names} who it is. */
static void load(const char *text, const char *names, struct buf *out)
{
    struct error err = {0};
    char path[TESTING_PATH];
    struct directory *d;
    struct slice rest = slice_of_string(names), name;

    buf_reset(out);
    testing_file(slice_of_string(text), path);
    d = directory_load(path, NULL, &err);
    unlink(path);
    if (d == NULL) {
        buf_append_string(out, err.text + strlen(path));
        return;
    }
    for (uint32_t i = 0; i < directory_count(d); i++) {
        const struct person *p = directory_person(d, i);

        buf_printf(out, "%.*s|%.*s|%.*s|%.*s|%s|", SLICE_FMT(p->user), SLICE_FMT(p->name),
                   SLICE_FMT(p->department), SLICE_FMT(p->email), name_kind_text(p->kind));
        if (p->has_left)
            buf_printf(out, "%" PRId64, p->left_on);
        buf_append_byte(out, ';');
    }
    while (rest.len > 0) {
        uint32_t person;

        slice_cut(rest, ',', &name, &rest);
        person = directory_find(d, name);
        buf_printf(out, " %.*s=", SLICE_FMT(name));
        if (person != NOBODY)
            buf_append(out, directory_person(d, person)->user);
    }
    directory_free(d);
}

static const struct {
    const char *text, *names, *expected;
} rows[] = {
    {"user,name,department,email,aliases,left_on\n"
     "Tanaka,田中 太郎,営業部,T.Tanaka@corp.example,ttanaka;CORP\\tt,2026-09-30\n",
     "tanaka,t.tanaka@corp.example,ttanaka,corp\\tt,t.tanaka,tt",
     "Tanaka|田中 太郎|営業部|T.Tanaka@corp.example|person|20726; tanaka=Tanaka "
     "t.tanaka@corp.example=Tanaka ttanaka=Tanaka corp\\tt=Tanaka t.tanaka= tt=Tanaka"},
    {"user,kind\nscan,service\npc01$,Machine\n", "scan",
     "scan||||service|;pc01$||||machine|; scan=scan"},
    /* an alias of two people is nobody's; a user name goes before an alias */
    {"user,aliases\nann,x\nbob,x;y\ncid,bob\n", "x,y,bob",
     "ann||||person|;bob||||person|;"
     "cid||||person|; x= y=bob bob=bob"},
    {"user,aliases\ncid,bob\nbob,\n", "bob", "cid||||person|;bob||||person|; bob=bob"},
    {"user,name\nann,Ann\nANN,Anna\n", "", ":3: this user stands in a line before: 'ANN'"},
    {"user,name\n,Ann\n", "", ":2: no user name, and none in any other row"},
    {"user,name\n,Ann\nbob,\n,\n", "ann,bob", "bob||||person|; ann= bob=bob"},
    /* the same row again, with another address */
    {"user,name,email\nann,Ann,a@corp.example\nANN,Ann,b@corp.example\n",
     "a@corp.example,b@corp.example",
     "ann|Ann||a@corp.example|person|; a@corp.example=ann b@corp.example=ann"},
    /* what stands before or behind the domain, where it is nobody's own name */
    {"user,aliases\nann,CORP\\x\nbob,CORP\\y;EAST\\z\ny,WEST\\z\n", "x,y,z,corp\\x,east\\z",
     "ann||||person|;bob||||person|;y||||person|; x=ann y=y z= corp\\x=ann east\\z=bob"},
    /* exports of Active Directory: principals, addresses, classes, csvde's hexadecimal */
    {"Name,SamAccountName,UserPrincipalName,proxyAddresses,objectClass\n"
     "Ann,ann,a.ann@corp.local,SMTP:ann@corp.example;smtp:a@corp.example,user\n"
     "PC1,PC1$,,,computer\nPC2$,PC2$,,,\nAll,all,,,group\n",
     "a.ann@corp.local,a.ann,a@corp.example,all",
     "ann|Ann|||person|;PC1$|PC1|||machine|;PC2$|PC2$|||machine|; a.ann@corp.local=ann a.ann=ann "
     "a@corp.example=ann all="},
    {"userPrincipalName,displayName,mail\nann@corp.local,Ann,\n", "ann@corp.local,ann",
     "ann@corp.local|Ann|||person|; ann@corp.local=ann@corp.local ann=ann@corp.local"},
    {"DN,objectClass,sAMAccountName,department,displayName,mailNickname\n"
     "\"CN=X'e794b0',DC=x\",user,ann,X'e596b6e6a5ad',X'zz',X'e794b0';t\n",
     "田,t", "ann|X'zz'|営業||person|; 田=ann t=ann"},
    /* a column of other kinds is none of ours; no date is no date */
    {"社員番号;ログインID;氏名;所属;種別;退職年月日\n1;ann;田中;営業;正社員;2026年9月30日\n"
     "2;bob;佐藤;営業;派遣;0000-00-00\n",
     "ann", "ann|田中|営業||person|20726;bob|佐藤|営業||person|; ann=ann"},
    {"user,left_on\nann,soon\n", "", ":2: expected a date such as 2026-09-30, not 'soon'"},
    {"user,kind\nann,boss\n", "", ":2: expected the kind person, machine or service, not 'boss'"},
    {"name\nAnn\n", "",
     ":1: no column 'user'; expected the columns user,name,department,email,aliases,left_on,kind"},
    {"user,name\nann,\"Ann\n", "", ":2: a quote is opened in this row and never closed"},
    /* LDIF */
    {"# extended LDIF\n#\nversion: 1\n\n# Tanaka, People\ndn: CN=Tanaka,OU=People,DC=corp,DC=ex\n"
     " ample\nobjectClass: top\nobjectClass: user\nsAMAccountName: tanaka\n"
     "displayName:: 55Sw5LitIOWkqumDjg==\ndepartment:: 5Za25qWt6YOo\nmail: tanaka@corp.exa\n"
     " mple\nproxyAddresses: SMTP:tanaka@corp.example\nproxyAddresses: smtp:tt@corp.example\n"
     "\ndn: OU=People,DC=corp,DC=example\nou: People\n\ndn: CN=PC01\r\nobjectClass: computer\r\n"
     "sAMAccountName: PC01$\r\n\nsearch: 2\nresult: 0 Success\n",
     "tanaka,tt@corp.example,pc01$,people",
     "tanaka|田中 太郎|営業部|tanaka@corp.example|person|;PC01$||||machine|; tanaka=tanaka "
     "tt@corp.example=tanaka pc01$=PC01$ people="},
    /* several values, and the attribute that is preferred wherever it stands */
    {"dn: x\nuid: ann\nuid: ann2\nmail: ann@corp.example\nmail: a@corp.example\nou: Sales\n",
     "ann,ann2,ann@corp.example,a@corp.example",
     "ann||Sales|ann@corp.example|person|; ann=ann ann2=ann ann@corp.example=ann "
     "a@corp.example=ann"},
    {"dn: x\nuserPrincipalName: ann@corp.local\nuid: 17\ncn: Ann A\nou: X\nsAMAccountName: ann\n"
     "displayName: Ann\ndepartment: Sales\n",
     "ann,17,ann@corp.local", "ann|Ann|Sales||person|; ann=ann 17=ann ann@corp.local=ann"},
    {"dn: x\nobjectClass: top\nobjectClass: group\nsAMAccountName: all\n\ndn: y\nuid: b\n", "all",
     "b||||person|; all="},
    {"dn: x\nuid: a\nou:< file:///srv/ou.txt\n", "a", "a||||person|; a=a"},
    {"dn: x\nuid:: ====\n", "", ":2: expected `attribute: value`"},
    {"dn: x\nuid\n", "", ":2: expected `attribute: value`"},
    {"dn: x\nuid: a\n\ndn: y\nuid: A\nou: B\n", "", ":4: this user stands in a line before: 'A'"},
};

static void test_rows(void **state)
{
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        load(rows[i].text, rows[i].names, &out);
        if (!slice_is(buf_slice(&out), rows[i].expected))
            fail_msg("%s\nexpected %s\nis       %.*s", rows[i].text, rows[i].expected,
                     SLICE_FMT(buf_slice(&out)));
    }
    buf_free(&out);
}

static void test_ambiguous(void **state)
{
    struct error err = {0};
    char path[TESTING_PATH];
    struct directory *d;
    struct slice first;

    (void)state;
    testing_file(SLICE("user,email,aliases\nann,a@corp.example,X\nbob,b@corp.example,x\n"), path);
    d = directory_load(path, NULL, &err);
    unlink(path);
    assert_non_null(d);
    assert_int_equal(directory_ambiguous(d, &first), 1);
    assert_true(slice_is(first, "x"));
    assert_true(directory_has_domain(d, SLICE("corp.example")));
    assert_false(directory_has_domain(d, SLICE("example")));
    assert_true(directory_knows_domains(d));
    directory_free(d);
    assert_null(directory_load("/nonexistent", NULL, &err));
    assert_int_equal(err.code, ERROR_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows),
                                       cmocka_unit_test(test_ambiguous)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
