/* name.c: folding and cutting of user names. */
#include "identity/name.h"

#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>
#include <unicase.h>
#include <uninorm.h>
#include <unistr.h>

/* Windows writes these before accounts that are nobody's. */
#define SYSTEM_DOMAINS                                                                             \
    "nt authority,nt service,window manager,font driver host,iis apppool,nt virtual machine"
#define SYSTEM_NAMES                                                                               \
    "system,anonymous logon,local service,network service,dwm-*,umfd-*,krbtgt,defaultapppool"

/* Kerberos names a computer host/pc01.corp.example, and services of a computer like this. */
#define HOST_PRINCIPALS "host/*,restrictedkrbhost/*"
#define SERVICE_PRINCIPALS                                                                         \
    "http/*,https/*,cifs/*,ldap/*,gc/*,dns/*,nfs/*,ftp/*,imap/*,pop/*,smtp/*,proxy/*,squid/*,"     \
    "termsrv/*,wsman/*,rpcss/*,mssqlsvc/*,postgres/*,krbtgt/*,kadmin/*"

const char *name_kind_text(enum name_kind kind)
{
    static const char *const texts[KIND_COUNT] = {
        [KIND_PERSON] = "person", [KIND_MACHINE] = "machine", [KIND_SERVICE] = "service"};

    return texts[kind];
}

static bool is_utf8(struct slice s)
{
    return s.len == 0 || u8_check((const uint8_t *)s.ptr, s.len) == NULL;
}

/* Bytes of CP932 as UTF-8 into ${out}. */
static bool from_cp932(struct slice raw, struct buf *out)
{
    iconv_t to_utf8 = iconv_open("UTF-8", "CP932");
    struct buf copy = {0};
    size_t left = raw.len, room = raw.len * 3;
    bool ok = false;

    if (to_utf8 == (iconv_t)-1)
        return false;
    buf_append(&copy, raw);
    if (!copy.failed && buf_reserve(out, room)) {
        char *from = copy.ptr, *into = out->ptr;

        ok = iconv(to_utf8, &from, &left, &into, &room) != (size_t)-1;
        out->len = ok ? (size_t)(into - out->ptr) : 0;
    }
    iconv_close(to_utf8);
    buf_free(&copy);
    return ok;
}

static void append_lower(struct buf *out, struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        buf_append_byte(
            out, (char)(s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? s.ptr[i] - 'A' + 'a' : s.ptr[i]));
}

static bool is_ascii(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 0x80)
            return false;
    return true;
}

struct slice name_fold(struct slice raw, struct buf *out)
{
    struct buf converted = {0};
    struct slice text = slice_trim(raw);
    uint8_t *folded;
    size_t n;

    buf_reset(out);
    if (!is_utf8(text) && from_cp932(text, &converted))
        text = slice_trim(buf_slice(&converted));
    if (is_ascii(text) || !is_utf8(text)) {
        append_lower(out, text);
    } else {
        folded = u8_casefold((const uint8_t *)text.ptr, text.len, NULL, UNINORM_NFKC, NULL, &n);
        if (folded != NULL)
            buf_append(out, slice_trim(slice_of((const char *)folded, n)));
        free(folded);
    }
    buf_free(&converted);
    return out->failed ? slice_of("", 0) : buf_slice(out);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool name_percent(struct slice raw, struct buf *out)
{
    bool any = false;

    buf_reset(out);
    for (size_t i = 0; i < raw.len; i++) {
        int high = i + 2 < raw.len ? hex_digit(raw.ptr[i + 1]) : -1;
        int low = i + 2 < raw.len ? hex_digit(raw.ptr[i + 2]) : -1;

        if (raw.ptr[i] != '%' || high < 0 || low < 0) {
            buf_append_byte(out, raw.ptr[i]);
            continue;
        }
        if (high * 16 + low < ' ')
            return false;
        buf_append_byte(out, (char)(high * 16 + low));
        i += 2;
        any = true;
    }
    return any && !out->failed;
}

struct name_parts name_cut(struct slice name)
{
    struct name_parts parts = {.local = name};
    size_t backslash = slice_find(name, '\\'), at = name.len;

    if (backslash > 0 && backslash + 1 < name.len) {
        parts.before = true;
        parts.domain = slice_of(name.ptr, backslash);
        parts.local = slice_from(name, backslash + 1);
        return parts;
    }
    while (at > 0 && name.ptr[at - 1] != '@')
        at--;
    if (at > 1 && at < name.len) {
        parts.local = slice_of(name.ptr, at - 1);
        parts.domain = slice_from(name, at);
    }
    return parts;
}

struct slice name_of_machine(struct slice account)
{
    struct slice head, rest = account, label, domain;

    if (slice_ends_with(account, SLICE("$")))
        return slice_of(account.ptr, account.len - 1);
    if (!slice_cut(account, '/', &head, &rest))
        return account;
    slice_cut(rest, '.', &label, &domain);
    return label;
}

bool name_in_list(const char *list, struct slice name)
{
    struct slice rest = slice_of_string(list), glob;

    while (rest.len > 0) {
        slice_cut(rest, ',', &glob, &rest);
        glob = slice_trim(glob);
        if (glob.len > 0 && slice_glob(glob, name))
            return true;
    }
    return false;
}

enum name_kind name_kind_of(const struct name_parts *folded, const char *services)
{
    if (name_in_list(SYSTEM_DOMAINS, folded->domain) || name_in_list(SYSTEM_NAMES, folded->local))
        return KIND_SERVICE;
    if ((folded->local.len > 1 && folded->local.ptr[folded->local.len - 1] == '$') ||
        name_in_list(HOST_PRINCIPALS, folded->local))
        return KIND_MACHINE;
    if (name_in_list(SERVICE_PRINCIPALS, folded->local))
        return KIND_SERVICE;
    return name_in_list(services, folded->local) ? KIND_SERVICE : KIND_PERSON;
}
