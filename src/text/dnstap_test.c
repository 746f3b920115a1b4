/* dnstap_test.c: streams in pieces of any size, their messages, and what is wrong with them. */
#include "base/buf.h"
#include "text/transcoder.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* A string literal that may hold NUL. */
#define BYTES(literal)                                                                             \
    {                                                                                              \
        (literal), sizeof(literal) - 1                                                             \
    }

#define CONTENT "protobuf:dnstap.Dnstap"
#define START   "\0\0\0\0\0\0\0\x22\0\0\0\2\0\0\0\1\0\0\0\x16" CONTENT
#define READY   "\0\0\0\0\0\0\0\x22\0\0\0\4\0\0\0\1\0\0\0\x16" CONTENT
#define FINISH  "\0\0\0\0\0\0\0\4\0\0\0\5"
#define STOP    "\0\0\0\0\0\0\0\4\0\0\0\3"

/* DNS messages: a head, www.Example.com IN HTTPS; the same refused; refused without the question.
 */
#define HEAD(flags, questions) "\x12\x34" flags "\0" questions "\0\0\0\0\0\0"
#define NAME                   "\3www\7Example\3com\0"
#define ASKED                  HEAD("\1\0", "\1") NAME "\0\x41\0\1"
#define REFUSED                HEAD("\x81\5", "\1") NAME "\0\x41\0\1"
#define REFUSED_BARE           HEAD("\x81\5", "\0")

/* Fields of a message: its type, a client 192.0.2.9 or 2001:db8::9, port 53000, a time. */
#define TYPE(t) "\x08" t
#define CLIENT  "\x22\4\xc0\0\2\x09"
#define CLIENT6 "\x22\x10\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x09"
#define PORT    "\x30\x88\x9e\3"
#define ASKED_AT                                                                                   \
    "\x40\x80\xde\xf1\xd5\6"                                                                       \
    "\x4d\1\0\0\0"
#define ANSWERED_AT                                                                                \
    "\x60\x80\xde\xf1\xd5\6"                                                                       \
    "\x6d\2\0\0\0"

/* ${dns} in the field of that tag. */
static void append_bytes_field(struct buf *out, char tag, struct slice bytes)
{
    buf_append_byte(out, tag);
    assert_true(bytes.len < 1 << 14);
    buf_append_byte(out, (char)((bytes.len & 0x7f) | 0x80));
    buf_append_byte(out, (char)(bytes.len >> 7));
    buf_append(out, bytes);
}

static void append_frame(struct buf *out, struct slice frame)
{
    for (unsigned shift = 32; shift > 0; shift -= 8)
        buf_append_byte(out, (char)(frame.len >> (shift - 8)));
    buf_append(out, frame);
}

struct message {
    struct slice fields; /* of the message but its DNS message */
    char tag;            /* of that: 'R' (10) of a query, 'r' (14) of a response */
    struct slice dns;
};

static void append_message(struct buf *out, const struct message *m)
{
    struct buf message = {0}, frame = {0};

    buf_append(&message, m->fields);
    if (m->tag != '\0')
        append_bytes_field(&message, m->tag, m->dns);
    buf_append_string(&frame, "\x0a\3ns1");
    append_bytes_field(&frame, 'r', buf_slice(&message));
    buf_append(&frame, slice_of("\x78\1", 2));
    append_frame(out, buf_slice(&frame));
    buf_free(&frame);
    buf_free(&message);
}

/* All of ${in} in pieces of ${size} bytes, into rooms of as many; `|` and the damage behind it. */
static void convert(struct slice in, size_t size, struct buf *out)
{
    const struct transcoder *t = transcoder_find(in);
    char room[64 + TRANSCODER_SLACK];
    size_t made = 1;
    void *self;

    assert_ptr_equal(t, &dnstap_transcoder);
    self = t->create(in);
    assert_non_null(self);
    buf_reset(out);
    while (in.len > 0 || made > 0) {
        struct slice piece = slice_of(in.ptr, size < in.len ? size : in.len);
        bool at_end = piece.len == in.len;

        in = slice_from(in, piece.len);
        while ((made = t->convert(self, &piece, at_end, room, size < 64 ? size : 64)) > 0)
            buf_append(out, slice_of(room, made));
        assert_int_equal(piece.len, 0);
    }
    if (t->damage(self) != NULL)
        buf_printf(out, "|%s", t->damage(self));
    buf_append_byte(out, '\0');
    t->destroy(self);
}

static void expect(struct slice in, const char *expected)
{
    static const size_t sizes[] = {1, 3, 7, 64, 4096};
    struct buf out = {0};

    for (size_t i = 0; i < COUNT(sizes); i++) {
        convert(in, sizes[i], &out);
        assert_string_equal(out.ptr, expected);
    }
    buf_free(&out);
}

#define ASKS       TYPE("\5")
#define ANSWERS    TYPE("\6")
#define QUERY      "dnstap CLIENT_QUERY 1790734080.000000001 192.0.2.9 53000 "
#define NO_QUERY   BYTES(HEAD("\1\0", "\0"))
#define LONG_LABEL "\x3f_______________________________________________________________"

static const struct {
    struct message message;
    const char *expected;
} messages[] = {
    {{BYTES(ASKS CLIENT PORT ASKED_AT), 'R', BYTES(ASKED)},
     QUERY "4660 www.example.com IN HTTPS - -\n"},
    {{BYTES(ASKS CLIENT6 PORT ASKED_AT), 'R', BYTES(ASKED)},
     "dnstap CLIENT_QUERY 1790734080.000000001 2001:db8::9 53000 4660 www.example.com IN HTTPS - "
     "-\n"},
    {{BYTES(ANSWERS CLIENT PORT ANSWERED_AT), 'r', BYTES(REFUSED)},
     "dnstap CLIENT_RESPONSE 1790734080.000000002 192.0.2.9 53000 4660 www.example.com IN HTTPS "
     "REFUSED -\n"},
    {{BYTES(ANSWERS CLIENT PORT ASKED_AT ANSWERED_AT), 'r', BYTES(REFUSED)},
     "dnstap CLIENT_RESPONSE 1790734080.000000001 192.0.2.9 53000 4660 www.example.com IN HTTPS "
     "REFUSED -\n"},
    {{BYTES(ANSWERS CLIENT PORT ANSWERED_AT "\x7a\2\x18\6"), 'r', BYTES(REFUSED)},
     "dnstap CLIENT_RESPONSE 1790734080.000000002 192.0.2.9 53000 4660 www.example.com IN HTTPS "
     "REFUSED LOCAL_DATA\n"},
    {{BYTES(ANSWERS CLIENT PORT ANSWERED_AT), 'r', BYTES(REFUSED_BARE)},
     "dnstap CLIENT_RESPONSE 1790734080.000000002 192.0.2.9 53000 question: none\n"},
    {{BYTES(ASKS), 'R', BYTES(ASKED)},
     "dnstap CLIENT_QUERY - - 0 4660 www.example.com IN HTTPS - -\n"},
    {{BYTES(ASKS CLIENT PORT ASKED_AT), 'R', NO_QUERY}, QUERY "question: none\n"},
    {{BYTES(ASKS CLIENT PORT ASKED_AT), 'R', BYTES("")}, QUERY "question: no whole head\n"},
    {{BYTES(ASKS CLIENT PORT ASKED_AT), 'R', BYTES(HEAD("\1\0", "\1") "\0\0\1\0\1")},
     QUERY "4660 . IN A - -\n"},
    {{BYTES(ASKS CLIENT PORT ASKED_AT), 'R',
      BYTES(HEAD("\1\0", "\1") "\4a.b \2\xe3\\\0\xff\xf0\0\3")},
     QUERY "4660 a\\.b\\032.\\227\\\\ CH TYPE65520 - -\n"},
    {{BYTES(ASKS CLIENT PORT ASKED_AT), 'R', BYTES(HEAD("\1\0", "\1") "\xc0\x0c\0\1\0\1")},
     QUERY "question: name compressed\n"},
    {{BYTES(ASKS CLIENT PORT ASKED_AT), 'R', BYTES(HEAD("\1\0", "\1") "\7example\0\0\1\0")},
     QUERY "question: no whole name\n"},
    {{BYTES(ASKS CLIENT PORT ASKED_AT), 'R', BYTES(HEAD("\1\0", "\1") "\7exam")},
     QUERY "question: no whole name\n"},
    {{BYTES(ASKS CLIENT PORT ASKED_AT), 'R',
      BYTES(HEAD("\1\0", "\1") LONG_LABEL LONG_LABEL LONG_LABEL LONG_LABEL "\0\0\1\0\1")},
     QUERY "question: name longer than 255 bytes\n"},
    {{BYTES(TYPE("\1") CLIENT), 'R', BYTES(ASKED)}, "dnstap other AUTH_QUERY\n"},
    {{BYTES(TYPE("\x0e") CLIENT), 'R', BYTES(ASKED)}, "dnstap other UPDATE_RESPONSE\n"},
    {{BYTES(TYPE("\x7f") CLIENT), 'R', BYTES(ASKED)}, "dnstap other UNKNOWN\n"},
    {{BYTES(CLIENT), '\0', BYTES("")},
     "dnstap damaged no dnstap message\n|dnstap: 1 damaged frame, number 1: no dnstap message"},
    {{BYTES(ASKS "\x22\3\1\2\3"), 'R', BYTES(ASKED)},
     "dnstap damaged no IP address\n|dnstap: 1 damaged frame, number 1: no IP address"},
    {{BYTES(ASKS "\x40\1\x4d\xff\xff\xff\xff"), 'R', BYTES(ASKED)},
     "dnstap damaged no such time\n|dnstap: 1 damaged frame, number 1: no such time"},
    {{BYTES(ASKS "\x22\x7f"), 'R', BYTES(ASKED)},
     "dnstap damaged no dnstap message\n|dnstap: 1 damaged frame, number 1: no dnstap message"},
    {{BYTES(ASKS "\x20\1"), 'R', BYTES(ASKED)},
     "dnstap damaged no dnstap message\n|dnstap: 1 damaged frame, number 1: no dnstap message"},
    {{BYTES(ASKS "\x0b"), 'R', BYTES(ASKED)},
     "dnstap damaged no dnstap message\n|dnstap: 1 damaged frame, number 1: no dnstap message"},
};

static void reads_messages(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(messages); i++) {
        struct buf stream = {0};

        buf_append(&stream, SLICE(START));
        append_message(&stream, &messages[i].message);
        buf_append(&stream, SLICE(STOP));
        expect(buf_slice(&stream), messages[i].expected);
        buf_free(&stream);
    }
}

static void answers_get_the_question_that_they_lack(void **state)
{
    static const struct message asked = {BYTES(ASKS CLIENT PORT ASKED_AT), 'R', BYTES(ASKED)},
                                refused = {BYTES(ANSWERS CLIENT PORT ANSWERED_AT), 'r',
                                           BYTES(REFUSED_BARE)},
                                to_another = {BYTES(ANSWERS CLIENT6 PORT ANSWERED_AT), 'r',
                                              BYTES(REFUSED_BARE)};
    struct buf stream = {0};

    (void)state;
    buf_append(&stream, SLICE(START));
    append_message(&stream, &asked);
    append_message(&stream, &to_another);
    append_message(&stream, &refused);
    expect(buf_slice(&stream),
           QUERY "4660 www.example.com IN HTTPS - -\n"
                 "dnstap CLIENT_RESPONSE 1790734080.000000002 2001:db8::9 53000 question: none\n"
                 "dnstap CLIENT_RESPONSE 1790734080.000000002 192.0.2.9 53000 4660 "
                 "www.example.com IN HTTPS REFUSED -\n");
    buf_free(&stream);
}

/* Streams; Q stands for a frame with a question. */
static const struct {
    struct slice before, between, after;
    const char *expected; /* behind the two lines */
} streams[] = {
    {BYTES(START), BYTES(""), BYTES(STOP), ""},
    {BYTES(START), BYTES(""), BYTES(""), ""},
    {BYTES(READY START), BYTES(""), BYTES(STOP FINISH), ""},
    {BYTES(START), BYTES(STOP START), BYTES(STOP), ""},
    {BYTES(START), BYTES(STOP "\0\0\0\0\0\0\0\0" START), BYTES(STOP "\0\0\0\0\0\0\0\0\0\0\0\0"),
     ""},
    {BYTES(START), BYTES(""), BYTES("\0\0\0\x10xyz"),
     "|dnstap: cut off behind frame 2, at byte 195"},
    {BYTES(START), BYTES(""), BYTES("\0\0"), "|dnstap: cut off behind frame 2, at byte 190"},
    {BYTES(START), BYTES(""), BYTES("garbage"),
     "|dnstap: a length beyond 1 MiB behind frame 2, at byte 192"},
    {BYTES(START), BYTES(""), BYTES("\0\0\0\0\0\0\2\1xxxx"),
     "|dnstap: no control frame behind frame 2, at byte 196"},
    {BYTES(START), BYTES(""), BYTES("\0\0\0\0\0\0\0\x0d\0\0\0\2\0\0\0\1\0\0\0\1x"),
     "|dnstap: a stream of another content behind frame 2, at byte 209"},
};

static void reads_streams(void **state)
{
    static const struct message question = {BYTES(ASKS CLIENT PORT ASKED_AT), 'R', BYTES(ASKED)};

    (void)state;
    for (size_t i = 0; i < COUNT(streams); i++) {
        struct buf stream = {0}, expected = {0};

        buf_append(&stream, streams[i].before);
        append_message(&stream, &question);
        buf_append(&stream, streams[i].between);
        append_message(&stream, &question);
        buf_append(&stream, streams[i].after);
        for (int line = 0; line < 2; line++)
            buf_append_string(&expected, QUERY "4660 www.example.com IN HTTPS - -\n");
        buf_append_string(&expected, streams[i].expected);
        buf_append_byte(&expected, '\0');
        expect(buf_slice(&stream), expected.ptr);
        buf_free(&expected);
        buf_free(&stream);
    }
}

static void counts_damaged_frames(void **state)
{
    struct buf stream = {0};

    (void)state;
    buf_append(&stream, SLICE(START "\0\0\0\2\x72\5\0\0\0\1\xff"));
    expect(buf_slice(&stream), "dnstap damaged no dnstap frame\ndnstap damaged no dnstap frame\n"
                               "|dnstap: 2 damaged frames, the first is 1: no dnstap frame");
    buf_free(&stream);
}

static const struct {
    struct slice head;
    const char *name; /* NULL: text */
} heads[] = {
    {BYTES(START), "dnstap"},
    {BYTES(READY), "dnstap"},
    {BYTES("\0\0\0\0\0\0\0\4\0\0\0\2"), "dnstap"},
    {BYTES("\0\0\0\0\0\0\0\x0d\0\0\0\2\0\0\0\1\0\0\0\1x"), "Frame Streams"},
    {BYTES("\0\0\0\0\0\0\0\4\0\0\0\x09"), NULL},
    {BYTES("\0\0\0\0\0\0\0\3\0\0\0\2"), NULL},
    {BYTES("\0\0\0\0\0\0\0\x22\0\0\0\2"), NULL},
    {BYTES("\xff\xfe"), "UTF-16"},
    {BYTES("\xfe\xff\0a"), "UTF-16"},
    {BYTES("\x0d\x6c\3www\7example\3com\0\1\0\2\0\xc0\0\2\x09\xbc\xc5"), "dnsdist"},
    {BYTES("\x0d\x6c\0\1\0\x0a\0\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x09\xbc\xc5"), "dnsdist"},
    {BYTES("\x0d\x6c\3www\7example\3com\0\1\0\2\0\xc0\0\2\x09\xbc"), NULL},
    {BYTES("\x0d\x6c\3www\7example\3com\0\1\0\3\0\xc0\0\2\x09\xbc\xc5"), NULL},
    {BYTES("\x0d\x6c\x40www\7example\3com\0\1\0\2\0\xc0\0\2\x09\xbc\xc5"), NULL},
    {BYTES(""), NULL},
    {BYTES("2026-09-30 09:00:00 text"), NULL},
};

static void knows_kinds_by_their_begin(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(heads); i++) {
        const struct transcoder *t = transcoder_find(heads[i].head);

        assert_string_equal(t == NULL ? "" : t->name, heads[i].name == NULL ? "" : heads[i].name);
        if (t != NULL)
            assert_true((t->create == NULL) == (t->refusal != NULL));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_messages),
        cmocka_unit_test(answers_get_the_question_that_they_lack),
        cmocka_unit_test(reads_streams),
        cmocka_unit_test(counts_damaged_frames),
        cmocka_unit_test(knows_kinds_by_their_begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
