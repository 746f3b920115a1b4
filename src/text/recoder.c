/* recoder.c: finds words that are no UTF-8, guesses their encoding, converts them. */
#include "text/recoder.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORD_BYTES = 4096, /* a longer word stays as it is */
    KANA_WORDS = 2,    /* so many that can only be CP932 are no accident */
    KANA_SHARE = 4,    /* half of the words of half-width kana could be EUC-JP, too: see usual_of */
    EUC_WORDS = 8
};

struct recoder {
    enum encoding said;
    iconv_t
        converters[ENCODING_COUNT]; /* opened where `opened` says so; (iconv_t)-1: there is none */
    bool opened[ENCODING_COUNT];
    uint64_t votes[ENCODING_COUNT]; /* words that can only be that */
    uint64_t kana;                  /* that can only be half-width kana, or broken EUC-JP */
    uint64_t common_euc;            /* that can be both */
    uint64_t counts[ENCODING_COUNT];
};

/* What a word could be. */
struct reading {
    bool fits[ENCODING_COUNT];
    enum encoding likely; /* of its own; ENCODING_UNKNOWN where it may be no Japanese at all */
    bool kana;            /* as CP932 it has half-width kana, and it is no EUC-JP */
};

enum encoding encoding_find(struct slice name)
{
    static const struct {
        const char *name;
        enum encoding encoding;
    } names[] = {
        {"utf-8", ENCODING_UTF8},        {"utf8", ENCODING_UTF8},   {"cp932", ENCODING_CP932},
        {"shift_jis", ENCODING_CP932},   {"sjis", ENCODING_CP932},  {"shift-jis", ENCODING_CP932},
        {"windows-31j", ENCODING_CP932}, {"ms932", ENCODING_CP932}, {"euc-jp", ENCODING_EUC_JP},
        {"eucjp", ENCODING_EUC_JP},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_equal_nocase(name, slice_of_string(names[i].name)))
            return names[i].encoding;
    return ENCODING_UNKNOWN;
}

const char *encoding_name(enum encoding encoding)
{
    static const char *const names[ENCODING_COUNT] = {[ENCODING_UNKNOWN] = "unknown",
                                                      [ENCODING_UTF8] = "utf-8",
                                                      [ENCODING_CP932] = "cp932",
                                                      [ENCODING_EUC_JP] = "euc-jp"};

    return names[encoding];
}

struct recoder *recoder_create(enum encoding said)
{
    struct recoder *r = calloc(1, sizeof *r);

    if (r != NULL)
        r->said = said;
    return r;
}

void recoder_say(struct recoder *r, enum encoding said)
{
    r->said = said;
}

enum encoding recoder_said(const struct recoder *r)
{
    return r->said;
}

static unsigned byte_at(struct slice s, size_t at)
{
    return at < s.len ? (unsigned char)s.ptr[at] : 0;
}

/* The index of the first byte from 0x80 on at or behind ${at}; the length where there is none. */
static size_t find_high(struct slice s, size_t at)
{
    uint64_t eight;

    for (; s.len - at >= sizeof eight; at += sizeof eight) {
        memcpy(&eight, s.ptr + at, sizeof eight);
        if ((eight & UINT64_C(0x8080808080808080)) != 0)
            break;
    }
    while (at < s.len && byte_at(s, at) < 0x80)
        at++;
    return at;
}

/* The length of the UTF-8 character at ${at} (RFC 3629), 0 where there is none. */
static size_t utf8_length(struct slice s, size_t at)
{
    unsigned first = byte_at(s, at), second = byte_at(s, at + 1);
    size_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

    if (length < 2)
        return length;
    if (first > 0xf4 || (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
        (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f))
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((byte_at(s, at + i) & 0xc0) != 0x80)
            return 0;
    return length;
}

/* The index of the first byte that is no UTF-8, or the length. */
static size_t utf8_end(struct slice s)
{
    size_t at = 0, length;

    while ((at = find_high(s, at)) < s.len) {
        length = utf8_length(s, at);
        if (length == 0)
            return at;
        at += length;
    }
    return at;
}

bool recoder_is_utf8(struct slice s)
{
    return utf8_end(s) == s.len;
}

/* UTF-8 whose last character lost its end; ${begun} tells of whole ones before it. */
static bool is_cut_utf8(struct slice word, bool *begun)
{
    size_t end = utf8_end(word);

    *begun = end > find_high(word, 0);
    return word.len - end < 4 && byte_at(word, end) >= 0xc2 &&
           (word.len - end == 1 || (byte_at(word, end + 1) & 0xc0) == 0x80);
}

/* The length of the CP932 character at ${at}, without those for users to define; 0: none. */
static size_t cp932_length(struct slice s, size_t at)
{
    unsigned first = byte_at(s, at), second = byte_at(s, at + 1);
    bool leads = (first >= 0x81 && first <= 0x9f) || (first >= 0xe0 && first <= 0xea) ||
                 first == 0xed || first == 0xee || (first >= 0xfa && first <= 0xfc);

    if (first < 0x80 || (first >= 0xa1 && first <= 0xdf))
        return 1;
    return leads && second >= 0x40 && second != 0x7f && second <= 0xfc ? 2 : 0;
}

static size_t euc_length(struct slice s, size_t at)
{
    unsigned first = byte_at(s, at), second = byte_at(s, at + 1), third = byte_at(s, at + 2);

    if (first < 0x80)
        return 1;
    if (first == 0x8f)
        return second >= 0xa1 && second <= 0xfe && third >= 0xa1 && third <= 0xfe ? 3 : 0;
    if (first == 0x8e)
        return second >= 0xa1 && second <= 0xdf ? 2 : 0;
    return first >= 0xa1 && first <= 0xfe && second >= 0xa1 && second <= 0xfe ? 2 : 0;
}

static bool is_all(struct slice word, size_t (*length_at)(struct slice s, size_t at))
{
    size_t at = 0, length = 1;

    while (at < word.len && length > 0) {
        length = length_at(word, at);
        at += length;
    }
    return length > 0;
}

/* As EUC-JP: nothing but signs, kana and the kanji of level 1, which names are made of. */
static bool is_common_euc(struct slice word)
{
    for (size_t at = 0; at < word.len; at += euc_length(word, at)) {
        unsigned first = byte_at(word, at);

        if (first >= 0x80 &&
            !((first >= 0xa1 && first <= 0xa5) || (first >= 0xb0 && first <= 0xcf)))
            return false;
    }
    return true;
}

/* Half-width kana, as CP932: what two bytes of EUC-JP look like. */
static bool has_kana(struct slice word)
{
    size_t at = find_high(word, 0);

    while (at < word.len && cp932_length(word, at) == 2)
        at = find_high(word, at + 2);
    return at < word.len;
}

/* Single letters of Western Europe between ASCII ones. */
static bool may_be_latin1(struct slice word)
{
    for (size_t at = find_high(word, 0); at < word.len; at = find_high(word, at + 1))
        if (byte_at(word, at) < 0xc0 || byte_at(word, at + 1) >= 0x80)
            return false;
    return true;
}

static struct reading read_word(struct slice word)
{
    struct reading out = {.likely = ENCODING_UNKNOWN};
    bool cp932 = is_all(word, cp932_length), euc = is_all(word, euc_length), begun;
    bool cut = is_cut_utf8(word, &begun);

    if (cut && begun)
        return out;
    out.fits[ENCODING_CP932] = cp932;
    out.fits[ENCODING_EUC_JP] = euc;
    if (cut || may_be_latin1(word))
        return out;
    out.kana = cp932 && !euc && has_kana(word);
    if (cp932 != euc)
        out.likely = cp932 ? ENCODING_CP932 : ENCODING_EUC_JP;
    else if (cp932)
        out.likely = is_common_euc(word) ? ENCODING_EUC_JP : ENCODING_CP932;
    return out;
}

/* What the words so far are. Where no word can be only one of the two, a text may be EUC-JP, some
 * of it broken, or half-width kana: of these, about every second word has an odd number. */
static enum encoding usual_of(const struct recoder *r)
{
    uint64_t cp932 = r->votes[ENCODING_CP932], euc = r->votes[ENCODING_EUC_JP];

    if (cp932 != euc)
        return cp932 > euc ? ENCODING_CP932 : ENCODING_EUC_JP;
    if (r->common_euc >= EUC_WORDS && r->common_euc / EUC_WORDS >= r->kana)
        return ENCODING_EUC_JP;
    return r->kana >= KANA_WORDS && r->kana > r->common_euc / KANA_SHARE ? ENCODING_CP932
                                                                         : ENCODING_UNKNOWN;
}

/* The encoding of the word, ENCODING_UNKNOWN where it stays. */
static enum encoding encoding_of(const struct recoder *r, const struct reading *word)
{
    enum encoding usual = usual_of(r);

    if (r->said != ENCODING_UNKNOWN)
        return word->fits[r->said] ? r->said : ENCODING_UNKNOWN;
    if (usual == ENCODING_EUC_JP && word->kana) /* broken, more likely */
        return ENCODING_UNKNOWN;
    return word->fits[usual] ? usual : word->likely;
}

/* The word that holds the byte ${at}, but nothing before ${from}. */
static struct slice word_around(struct slice s, size_t from, size_t at)
{
    size_t begin = at, end = at;

    while (begin > from && byte_at(s, begin - 1) >= 0x40)
        begin--;
    while (end < s.len && byte_at(s, end) >= 0x40)
        end++;
    return slice_of(s.ptr + begin, end - begin);
}

/* The next word that is no UTF-8 from ${from} on; false where there is none. */
static bool next_word(struct slice s, size_t from, struct slice *word)
{
    size_t at = from;

    while ((at = find_high(s, at)) < s.len) {
        *word = word_around(s, from, at);
        if (!recoder_is_utf8(*word))
            return true;
        at = (size_t)(word->ptr - s.ptr) + word->len;
    }
    return false;
}

static size_t end_of(struct slice s, struct slice word)
{
    return (size_t)(word.ptr - s.ptr) + word.len;
}

static void learn(struct recoder *r, struct slice in)
{
    struct slice word;

    for (size_t at = 0; next_word(in, at, &word); at = end_of(in, word)) {
        struct reading reading = read_word(word);

        if (reading.kana)
            r->kana++;
        else if (reading.fits[ENCODING_CP932] != reading.fits[ENCODING_EUC_JP])
            r->votes[reading.likely]++;
        else if (reading.likely == ENCODING_EUC_JP)
            r->common_euc++;
    }
    r->votes[ENCODING_UNKNOWN] = 0;
}

/* The converter, opened at its first use. */
static iconv_t converter(struct recoder *r, enum encoding from)
{
    if (!r->opened[from])
        r->converters[from] = iconv_open("UTF-8", from == ENCODING_CP932 ? "CP932" : "EUC-JP-MS");
    r->opened[from] = true;
    return r->converters[from];
}

/* ${word} without the backslashes that double the second byte of a character. */
static struct slice undouble(struct slice word, char *out)
{
    size_t n = 0, at = 0;

    while (at < word.len) {
        size_t length = cp932_length(word, at), run = 0;

        if (length == 0)
            return word;
        memcpy(out + n, word.ptr + at, length);
        n += length;
        while (length == 2 && byte_at(word, at + 1 + run) == '\\')
            run++;
        at += length + (run > 0 && run % 2 == 0 ? 1 : 0);
    }
    return slice_of(out, n);
}

/* The word into ${out}; as it is where it cannot be converted. */
static size_t convert_word(struct recoder *r, struct slice word, char *out)
{
    struct reading reading = read_word(word);
    enum encoding from = word.len > WORD_BYTES ? ENCODING_UNKNOWN : encoding_of(r, &reading);
    iconv_t iconv_of_word = from == ENCODING_UNKNOWN ? (iconv_t)-1 : converter(r, from);
    char text[WORD_BYTES], *in = text, *to = out;
    struct slice source = word;
    size_t left, room = RECODER_BYTES(word.len);

    if (iconv_of_word != (iconv_t)-1) {
        if (from == ENCODING_CP932)
            source = undouble(word, text);
        left = source.len;
        if (source.ptr != text)
            memcpy(text, source.ptr, source.len);
        iconv(iconv_of_word, NULL, NULL, NULL, NULL);
        if (iconv(iconv_of_word, &in, &left, &to, &room) != (size_t)-1) {
            r->counts[from]++;
            return (size_t)(to - out);
        }
    }
    r->counts[ENCODING_UNKNOWN]++;
    memcpy(out, word.ptr, word.len);
    return word.len;
}

size_t recoder_convert(struct recoder *r, struct slice in, char *out)
{
    struct slice word;
    size_t at = 0, n = 0;

    if (r->said == ENCODING_UNKNOWN)
        learn(r, in);
    while (next_word(in, at, &word)) {
        size_t before = (size_t)(word.ptr - in.ptr) - at;

        memcpy(out + n, in.ptr + at, before);
        n += before;
        n += convert_word(r, word, out + n);
        at = end_of(in, word);
    }
    memcpy(out + n, in.ptr + at, in.len - at);
    return n + in.len - at;
}

uint64_t recoder_count(const struct recoder *r, enum encoding from)
{
    return r->counts[from];
}

void recoder_free(struct recoder *r)
{
    if (r == NULL)
        return;
    for (size_t i = 0; i < ENCODING_COUNT; i++)
        if (r->opened[i] && r->converters[i] != (iconv_t)-1)
            iconv_close(r->converters[i]);
    free(r);
}
