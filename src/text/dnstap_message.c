/* dnstap_message.c: one dnstap message (protobuf, with a DNS message inside) into words. */
#include "text/dnstap_message.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Wire types of protobuf; numbers of the fields wanted of dnstap.proto. */
enum { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };
enum { DNSTAP_MESSAGE = 14, POLICY_ACTION = 3 };
enum {
    MESSAGE_TYPE = 1,
    MESSAGE_QUERY_ADDRESS = 4,
    MESSAGE_QUERY_PORT = 6,
    MESSAGE_QUERY_S = 8,
    MESSAGE_QUERY_NS = 9,
    MESSAGE_QUERY = 10,
    MESSAGE_RESPONSE_S = 12,
    MESSAGE_RESPONSE_NS = 13,
    MESSAGE_RESPONSE = 14,
    MESSAGE_POLICY = 15,
    MESSAGE_FIELDS
};
enum { CLIENT_QUERY = 5, CLIENT_RESPONSE = 6 };

enum {
    DNS_HEAD_BYTES = 12,
    LABEL_LIMIT = 63,
    NAME_LIMIT = 255,
    QUESTION_TAIL_BYTES = 5, /* the end of the name, type, class */
    RESPONSE_FLAG = 0x8000,
    NANOSECONDS = 1000000000,
    LAST_SECOND = 1 << 30 /* times 256: the year 10680 */
};

struct field {
    uint64_t number, value; /* value of numbers */
    unsigned wire;
    struct slice bytes; /* of WIRE_BYTES */
};

/* A message by the numbers of its fields; `wire` is one more than the type, 0: not there. */
struct message {
    struct field fields[MESSAGE_FIELDS];
    bool has[MESSAGE_FIELDS];
};

struct question {
    unsigned id, flags, type, class;
    struct slice name; /* as on the wire, without its end */
};

static bool take_varint(struct slice *s, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 64 && s->len > 0; shift += 7) {
        unsigned char byte = (unsigned char)s->ptr[0];

        *s = slice_from(*s, 1);
        *value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

static bool take_fixed(struct slice *s, size_t bytes, uint64_t *value)
{
    *value = 0;
    if (s->len < bytes)
        return false;
    for (size_t i = bytes; i-- > 0;)
        *value = *value << 8 | (unsigned char)s->ptr[i];
    *s = slice_from(*s, bytes);
    return true;
}

static bool take_field(struct slice *s, struct field *out)
{
    uint64_t tag;

    if (!take_varint(s, &tag))
        return false;
    out->number = tag >> 3;
    out->wire = tag & 7;
    out->bytes = slice_of(NULL, 0);
    switch (out->wire) {
    case WIRE_VARINT: return take_varint(s, &out->value);
    case WIRE_FIXED32: return take_fixed(s, 4, &out->value);
    case WIRE_FIXED64: return take_fixed(s, 8, &out->value);
    case WIRE_BYTES: break;
    default: return false;
    }
    if (!take_varint(s, &out->value) || out->value > s->len)
        return false;
    out->bytes = slice_of(s->ptr, (size_t)out->value);
    *s = slice_from(*s, out->bytes.len);
    return true;
}

/* The last field ${number} of ${s}, which must be of the type ${wire}. Returns: false where ${s} is
 * no message; ${found} tells. */
static bool find_field(struct slice s, uint64_t number, unsigned wire, struct field *out,
                       bool *found)
{
    struct field field = {0};

    *found = false;
    while (s.len > 0) {
        if (!take_field(&s, &field) || (field.number == number && field.wire != wire))
            return false;
        if (field.number == number) {
            *out = field;
            *found = true;
        }
    }
    return true;
}

static bool read_message(struct slice s, struct message *m)
{
    static const unsigned char wires[MESSAGE_FIELDS] = {
        [MESSAGE_QUERY_ADDRESS] = WIRE_BYTES, [MESSAGE_QUERY] = WIRE_BYTES,
        [MESSAGE_RESPONSE] = WIRE_BYTES,      [MESSAGE_POLICY] = WIRE_BYTES,
        [MESSAGE_QUERY_NS] = WIRE_FIXED32,    [MESSAGE_RESPONSE_NS] = WIRE_FIXED32,
    };
    static const bool wanted[MESSAGE_FIELDS] = {
        [MESSAGE_TYPE] = true,       [MESSAGE_QUERY_ADDRESS] = true, [MESSAGE_QUERY_PORT] = true,
        [MESSAGE_QUERY_S] = true,    [MESSAGE_QUERY_NS] = true,      [MESSAGE_QUERY] = true,
        [MESSAGE_RESPONSE_S] = true, [MESSAGE_RESPONSE_NS] = true,   [MESSAGE_RESPONSE] = true,
        [MESSAGE_POLICY] = true,
    };
    struct field field = {0};

    while (s.len > 0) {
        if (!take_field(&s, &field))
            return false;
        if (field.number >= MESSAGE_FIELDS || !wanted[field.number])
            continue;
        if (field.wire != wires[field.number])
            return false;
        m->fields[field.number] = field;
        m->has[field.number] = true;
    }
    return m->has[MESSAGE_TYPE];
}

static void put(struct dnstap_line *out, const char *bytes, size_t n)
{
    if (n > sizeof out->bytes - out->len)
        n = sizeof out->bytes - out->len;
    memcpy(out->bytes + out->len, bytes, n);
    out->len += n;
}

static void put_string(struct dnstap_line *out, const char *text)
{
    put(out, text, strlen(text));
}

/* ${value} in at least ${digits} digits. */
static void put_number(struct dnstap_line *out, uint64_t value, size_t digits)
{
    char text[20];
    size_t at = sizeof text;

    while (value > 0 || sizeof text - at < digits) {
        text[--at] = (char)('0' + value % 10);
        value /= 10;
    }
    put(out, text + at, sizeof text - at);
}

/* As zone files write them, so that a dot of a label is none between labels. */
static void put_label_byte(struct dnstap_line *out, unsigned char byte)
{
    static const char special[] = "@$.;()\"\\";
    char c = (char)byte;

    if (byte >= 'A' && byte <= 'Z') {
        c = (char)(byte + ('a' - 'A'));
        put(out, &c, 1);
    } else if (byte <= ' ' || byte >= 0x7f) {
        put(out, "\\", 1);
        put_number(out, byte, 3);
    } else {
        if (memchr(special, c, sizeof special - 1) != NULL)
            put(out, "\\", 1);
        put(out, &c, 1);
    }
}

static void put_name(struct dnstap_line *out, struct slice name)
{
    if (name.len == 0)
        put(out, ".", 1);
    for (size_t at = 0; at < name.len;) {
        size_t end = at + 1 + (unsigned char)name.ptr[at];

        if (at > 0)
            put(out, ".", 1);
        for (at++; at < end; at++)
            put_label_byte(out, (unsigned char)name.ptr[at]);
    }
}

static const char *type_name(unsigned type)
{
    static const struct {
        unsigned number;
        const char *name;
    } types[] = {
#define QTYPE(number, name) {number, name},
#include "text/qtypes.def"
#undef QTYPE
    };
    size_t low = 0, high = sizeof types / sizeof *types;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (types[middle].number == type)
            return types[middle].name;
        if (types[middle].number < type)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* One of ${names}, or ${otherwise} and the number. */
static void put_named(struct dnstap_line *out, const char *name, const char *otherwise,
                      unsigned number)
{
    if (name != NULL) {
        put_string(out, name);
        return;
    }
    put_string(out, otherwise);
    put_number(out, number, 1);
}

static void put_class(struct dnstap_line *out, unsigned class)
{
    put_named(out,
              class == 1     ? "IN"
              : class == 3   ? "CH"
              : class == 4   ? "HS"
              : class == 255 ? "ANY"
                             : NULL,
              "CLASS", class);
}

static void put_rcode(struct dnstap_line *out, unsigned rcode)
{
    static const char *const names[] = {"NOERROR",  "FORMERR", "SERVFAIL",
                                        "NXDOMAIN", "NOTIMP",  "REFUSED"};

    put_named(out, rcode < sizeof names / sizeof *names ? names[rcode] : NULL, "RCODE", rcode);
}

static void put_type(struct dnstap_line *out, uint64_t type)
{
    static const char *const names[] = {
        "UNKNOWN",         "AUTH_QUERY",        "AUTH_RESPONSE",
        "RESOLVER_QUERY",  "RESOLVER_RESPONSE", "CLIENT_QUERY",
        "CLIENT_RESPONSE", "FORWARDER_QUERY",   "FORWARDER_RESPONSE",
        "STUB_QUERY",      "STUB_RESPONSE",     "TOOL_QUERY",
        "TOOL_RESPONSE",   "UPDATE_QUERY",      "UPDATE_RESPONSE"};

    put_string(out, names[type < sizeof names / sizeof *names ? type : 0]);
}

/* The moment of the question; of an answer that does not tell it, its own. Returns: false for no
 * time that exists. */
static bool put_time(struct dnstap_line *out, const struct message *m)
{
    bool query = m->has[MESSAGE_QUERY_S];
    uint64_t s = m->fields[query ? MESSAGE_QUERY_S : MESSAGE_RESPONSE_S].value;
    uint64_t ns = m->fields[query ? MESSAGE_QUERY_NS : MESSAGE_RESPONSE_NS].value;

    if (!query && !m->has[MESSAGE_RESPONSE_S]) {
        put_string(out, " -");
        return true;
    }
    if (s / 256 > LAST_SECOND || ns >= NANOSECONDS)
        return false;
    put(out, " ", 1);
    put_number(out, s, 1);
    put(out, ".", 1);
    put_number(out, ns, 9);
    return true;
}

static bool put_client(struct dnstap_line *out, const struct message *m)
{
    struct slice address = m->fields[MESSAGE_QUERY_ADDRESS].bytes;
    char text[INET6_ADDRSTRLEN + 1] = " -";

    if (address.len != 0 && address.len != 4 && address.len != 16)
        return false;
    if (address.len > 0)
        inet_ntop(address.len == 4 ? AF_INET : AF_INET6, address.ptr, text + 1, sizeof text - 1);
    put_string(out, text);
    put(out, " ", 1);
    put_number(out, m->fields[MESSAGE_QUERY_PORT].value, 1);
    return true;
}

/* The action of a response policy, in its own words. */
static bool put_policy(struct dnstap_line *out, const struct message *m)
{
    static const char *const names[] = {"-",    "NXDOMAIN", "NODATA",    "PASS",
                                        "DROP", "TRUNCATE", "LOCAL_DATA"};
    struct field action = {0};
    bool found = false;

    if (m->has[MESSAGE_POLICY] &&
        !find_field(m->fields[MESSAGE_POLICY].bytes, POLICY_ACTION, WIRE_VARINT, &action, &found))
        return false;
    put(out, " ", 1);
    put_string(out, names[found && action.value < sizeof names / sizeof *names ? action.value : 0]);
    return true;
}

static unsigned big_endian(struct slice s, size_t at)
{
    return (unsigned)(unsigned char)s.ptr[at] << 8 | (unsigned char)s.ptr[at + 1];
}

/* The question that ${s} begins with. Returns: NULL, or why it cannot be read. */
static const char *read_question(struct slice s, struct question *q)
{
    size_t at = 0;

    while (at < s.len && s.ptr[at] != '\0') {
        unsigned length = (unsigned char)s.ptr[at];

        if (length > LABEL_LIMIT) /* no name stands before it that it could point to */
            return "name compressed";
        at += 1 + length;
        if (at >= NAME_LIMIT)
            return "name longer than 255 bytes";
    }
    if (at + QUESTION_TAIL_BYTES > s.len)
        return "no whole name";
    q->name = slice_of(s.ptr, at);
    q->type = big_endian(s, at + 1);
    q->class = big_endian(s, at + 3);
    return NULL;
}

static struct dnstap_place *place_of(struct dnstap_asked *asked, const struct message *m,
                                     unsigned id)
{
    struct slice client = m->fields[MESSAGE_QUERY_ADDRESS].bytes;
    uint64_t port = m->fields[MESSAGE_QUERY_PORT].value, hash = port << 16 ^ id;

    for (size_t i = 0; i < client.len; i++)
        hash = (hash ^ (unsigned char)client.ptr[i]) * 0x100000001b3;
    return &asked->places[(hash ^ hash >> 32) % DNSTAP_ASKED];
}

static void remember(struct dnstap_asked *asked, const struct message *m, const struct question *q)
{
    struct dnstap_place *place = place_of(asked, m, q->id);
    struct slice client = m->fields[MESSAGE_QUERY_ADDRESS].bytes;

    if (client.len > 0)
        memcpy(place->client, client.ptr, client.len);
    place->client_len = client.len;
    place->port = m->fields[MESSAGE_QUERY_PORT].value;
    place->id = q->id;
    place->question.len = (uint16_t)(q->name.len + QUESTION_TAIL_BYTES);
    memcpy(place->question.bytes, q->name.ptr, place->question.len);
}

/* What that client asked with that id. */
static struct slice asked_before(struct dnstap_asked *asked, const struct message *m, unsigned id)
{
    const struct dnstap_place *place = place_of(asked, m, id);
    struct slice client = slice_of((const char *)place->client, place->client_len);

    if (place->id != id || place->port != m->fields[MESSAGE_QUERY_PORT].value ||
        !slice_equal(client, m->fields[MESSAGE_QUERY_ADDRESS].bytes))
        return slice_of("", 0);
    return slice_of((const char *)place->question.bytes, place->question.len);
}

/* The first question of a DNS message (RFC 1035, 4.1). Returns: NULL, or why there is none. */
static const char *read_dns(struct dnstap_asked *asked, const struct message *m, struct slice dns,
                            struct question *q)
{
    struct slice question;
    const char *why;

    if (dns.len < DNS_HEAD_BYTES)
        return "no whole head";
    q->id = big_endian(dns, 0);
    q->flags = big_endian(dns, 2);
    question = slice_from(dns, DNS_HEAD_BYTES);
    if (big_endian(dns, 4) == 0)
        question = asked_before(asked, m, q->id);
    if (question.len == 0)
        return "none";
    why = read_question(question, q);
    if (why == NULL && (q->flags & RESPONSE_FLAG) == 0)
        remember(asked, m, q);
    return why;
}

static void put_question(struct dnstap_line *out, const struct question *q)
{
    put(out, " ", 1);
    put_number(out, q->id, 1);
    put(out, " ", 1);
    put_name(out, q->name);
    put(out, " ", 1);
    put_class(out, q->class);
    put(out, " ", 1);
    put_named(out, type_name(q->type), "TYPE", q->type);
    put(out, " ", 1);
    if ((q->flags & RESPONSE_FLAG) != 0)
        put_rcode(out, q->flags & 0xf);
    else
        put(out, "-", 1);
}

/* What stands behind the kind of a client's question or its answer. */
static const char *put_exchange(struct dnstap_asked *asked, struct dnstap_line *out,
                                const struct message *m, bool response)
{
    struct slice dns = m->fields[response ? MESSAGE_RESPONSE : MESSAGE_QUERY].bytes;
    struct question q = {0};
    const char *why;

    if (response && dns.len == 0)
        dns = m->fields[MESSAGE_QUERY].bytes;
    if (!put_time(out, m))
        return "no such time";
    if (!put_client(out, m))
        return "no IP address";
    why = read_dns(asked, m, dns, &q);
    if (why != NULL) { /* the client's fault, not the archive's */
        put_string(out, " question: ");
        put_string(out, why);
        return NULL;
    }
    put_question(out, &q);
    return put_policy(out, m) ? NULL : "no policy message";
}

/* A frame that is sound, or why it is not. */
static const char *put_frame(struct dnstap_asked *asked, struct dnstap_line *out,
                             struct slice frame)
{
    struct message m = {.has = {false}};
    struct field inner = {0};
    uint64_t type;
    bool found, client;

    if (!find_field(frame, DNSTAP_MESSAGE, WIRE_BYTES, &inner, &found))
        return "no dnstap frame";
    if (found && !read_message(inner.bytes, &m))
        return "no dnstap message";
    type = m.fields[MESSAGE_TYPE].value;
    client = type == CLIENT_QUERY || type == CLIENT_RESPONSE;
    put_string(out, client ? "dnstap " : "dnstap other ");
    put_type(out, type);
    return client ? put_exchange(asked, out, &m, type == CLIENT_RESPONSE) : NULL;
}

const char *dnstap_line_of(struct dnstap_asked *asked, struct slice frame, struct dnstap_line *out)
{
    const char *why;

    out->len = 0;
    why = put_frame(asked, out, frame);
    if (why != NULL) {
        out->len = 0;
        put_string(out, "dnstap damaged ");
        put_string(out, why);
    }
    put(out, "\n", 1);
    return why;
}
