/* pseudonym.c: HMAC of libcrypto over names and addresses. */
#include "report/pseudonym.h"

#include "base/num.h"
#include "base/text_map.h"
#include "net/address.h"
#include "report/display.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    KEY_LIMIT = PSEUDONYM_LARGEST_KEY,
    SHOWN_BYTES = PSEUDONYM_DIGITS / 2,
    LEAST_NAME = 2, /* bytes of a word that is the whole of a person's name */
    LEAST_WORD = 3,
    LEAST_PART = 5, /* of a word that is hidden inside others, too */
    MOST_PART = 63,
    ADDRESS_NUMBERS = 4,
    LARGEST_NUMBER = 255
};

struct pseudonyms {
    unsigned char key[KEY_LIMIT + 1]; /* one more, to see that it is too long */
    size_t key_length;
    bool is_exposed;        /* anybody may read the key's file */
    struct text_map hidden; /* words in lower case */
    struct text_map parts;  /* likewise, those that are hidden inside others */
    uint64_t part_lengths;  /* a bit for each of their lengths that occurs */
};

static bool read_key(struct pseudonyms *p, const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = 1;
    struct stat status;

    if (fd < 0)
        return error_set_errno(err, errno, "%s: cannot open the key", path);
    p->is_exposed =
        fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & S_IROTH) != 0;
    while (got > 0 && p->key_length < sizeof p->key) {
        got = read(fd, p->key + p->key_length, sizeof p->key - p->key_length);
        if (got < 0)
            error_set_errno(err, errno, "%s: cannot read the key", path);
        else
            p->key_length += (size_t)got;
    }
    close(fd);
    if (err->code == ERROR_NONE && p->key_length < PSEUDONYM_LEAST_KEY)
        error_set(err, ERROR_USAGE,
                  "%s: a key of %zu bytes; expected at least %d, such as of "
                  "`openssl rand -hex 32`",
                  path, p->key_length, PSEUDONYM_LEAST_KEY);
    if (err->code == ERROR_NONE && p->key_length > KEY_LIMIT)
        error_set(err, ERROR_USAGE,
                  "%s: more than %d bytes, which is no key; expected a file such "
                  "as of `openssl rand -hex 32`",
                  path, KEY_LIMIT);
    return err->code == ERROR_NONE;
}

struct pseudonyms *pseudonym_open(const char *path, struct error *err)
{
    struct pseudonyms *p = calloc(1, sizeof *p);

    if (p == NULL) {
        error_set_memory(err);
        return NULL;
    }
    if (read_key(p, path, err))
        return p;
    pseudonym_free(p);
    return NULL;
}

bool pseudonym_key_is_exposed(const struct pseudonyms *p)
{
    return p->is_exposed;
}

/* Takes the next word off the front: letters, digits and all beyond ASCII; other bytes part words.
 */
static struct slice next_word(struct slice *rest)
{
    struct slice word = {NULL, 0};

    while (rest->len > 0) {
        unsigned char c = (unsigned char)rest->ptr[0];
        bool part = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0x80;

        if (!part && word.len > 0)
            break;
        if (part && word.len++ == 0)
            word.ptr = rest->ptr;
        *rest = slice_from(*rest, 1);
    }
    return word;
}

/* ${word} in lower case into ${out}. */
static struct slice lower(struct slice word, struct buf *out)
{
    buf_reset(out);
    for (size_t i = 0; i < word.len; i++)
        buf_append_byte(out,
                        (char)(word.ptr[i] >= 'A' && word.ptr[i] <= 'Z' ? word.ptr[i] - 'A' + 'a'
                                                                        : word.ptr[i]));
    return buf_slice(out);
}

bool pseudonym_hide(struct pseudonyms *p, struct slice text)
{
    struct buf scratch = {0};
    bool ok = true;

    for (struct slice word = next_word(&text); ok && word.len > 0; word = next_word(&text))
        if (word.len >= LEAST_WORD)
            ok = text_map_add(&p->hidden, lower(word, &scratch), NULL) != TEXT_MAP_NONE;
    ok = ok && !scratch.failed;
    buf_free(&scratch);
    return ok;
}

/* ${word} is hidden inside others. */
static bool hide_part(struct pseudonyms *p, struct slice word, struct buf *scratch)
{
    if (word.len < LEAST_PART || word.len > MOST_PART)
        return true;
    p->part_lengths |= UINT64_C(1) << word.len;
    return text_map_add(&p->parts, lower(word, scratch), NULL) != TEXT_MAP_NONE;
}

bool pseudonym_hide_person(struct pseudonyms *p, struct slice text)
{
    struct buf scratch = {0};
    struct slice rest = text, word = next_word(&rest);
    bool ok = pseudonym_hide(p, text);

    if (ok && word.len == text.len && word.len >= LEAST_NAME)
        ok = text_map_add(&p->hidden, lower(word, &scratch), NULL) != TEXT_MAP_NONE;
    for (; ok && word.len > 0; word = next_word(&rest))
        ok = hide_part(p, word, &scratch);
    ok = ok && !scratch.failed;
    buf_free(&scratch);
    return ok;
}

/* Does ${word}, which is in lower case, hold a part that is hidden? */
static bool holds_part(const struct pseudonyms *p, struct slice word)
{
    for (size_t from = 0; from + LEAST_PART <= word.len; from++)
        for (size_t n = LEAST_PART; n <= MOST_PART && from + n <= word.len; n++)
            if ((p->part_lengths >> n & 1) != 0 &&
                text_map_find(&p->parts, slice_of(word.ptr + from, n)) != TEXT_MAP_NONE)
                return true;
    return false;
}

static bool holds_hidden(const struct pseudonyms *p, struct slice text)
{
    struct buf scratch = {0};
    bool found = false;

    for (struct slice word = next_word(&text); !found && word.len > 0; word = next_word(&text)) {
        struct slice folded = lower(word, &scratch);

        found = text_map_find(&p->hidden, folded) != TEXT_MAP_NONE || holds_part(p, folded);
    }
    found |= scratch.failed;
    buf_free(&scratch);
    return found;
}

/* Are there four numbers of a byte side by side, parted by dots, hyphens or such, or is it the name
 * of an address? */
static bool holds_address(struct slice text)
{
    size_t row = 0;

    if (slice_ends_with(text, SLICE(".ip6.arpa")))
        return true;
    for (struct slice word = next_word(&text); word.len > 0 && row < ADDRESS_NUMBERS;
         word = next_word(&text)) {
        uint64_t number;

        row = word.len <= LEAST_WORD && num_parse(word, LARGEST_NUMBER, &number) ? row + 1 : 0;
    }
    return row == ADDRESS_NUMBERS;
}

void pseudonym_append(const struct pseudonyms *p, enum pseudonym_class class, struct slice text,
                      struct buf *out)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char mac[EVP_MAX_MD_SIZE];
    struct buf message = {0};

    buf_append_byte(&message, (char)('0' + (int)class));
    buf_append(&message, text);
    if (message.failed || HMAC(EVP_sha256(), p->key, (int)p->key_length,
                               (const unsigned char *)message.ptr, message.len, mac, NULL) == NULL)
        out->failed = true;
    else
        for (size_t i = 0; i < SHOWN_BYTES; i++) {
            buf_append_byte(out, digits[mac[i] >> 4]);
            buf_append_byte(out, digits[mac[i] & 15]);
        }
    buf_free(&message);
}

void pseudonym_show(const struct pseudonyms *p, enum pseudonym_class class, struct slice text,
                    struct buf *out)
{
    if (p != NULL)
        pseudonym_append(p, class, text, out);
    else
        display_append(out, text);
}

void pseudonym_append_user(const struct pseudonyms *p, struct slice user, struct buf *out)
{
    static const struct {
        const char *prefix;
        enum pseudonym_class class;
    } kinds[] = {{"ip:", PSEUDONYM_ADDRESS},
                 {"host:", PSEUDONYM_MACHINE},
                 {"mac:", PSEUDONYM_MACHINE},
                 {"machine:", PSEUDONYM_MACHINE},
                 {"service:", PSEUDONYM_USER}};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct slice prefix = slice_of_string(kinds[i].prefix);

        if (slice_starts_with(user, prefix)) {
            buf_append(out, prefix);
            pseudonym_append(p, kinds[i].class, slice_from(user, prefix.len), out);
            return;
        }
    }
    pseudonym_append(p, PSEUDONYM_USER, user, out);
}

void pseudonym_append_text(const struct pseudonyms *p, struct slice text, struct buf *out)
{
    struct address address;

    if (address_parse(text, &address))
        pseudonym_append(p, PSEUDONYM_ADDRESS, text, out);
    else if (holds_address(text) || holds_hidden(p, text))
        pseudonym_append(p, PSEUDONYM_TEXT, text, out);
    else
        buf_append(out, text);
}

void pseudonym_free(struct pseudonyms *p)
{
    if (p == NULL)
        return;
    OPENSSL_cleanse(p->key, sizeof p->key);
    text_map_free(&p->hidden);
    text_map_free(&p->parts);
    free(p);
}
