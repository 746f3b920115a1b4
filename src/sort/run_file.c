/* run_file.c: keys without what they share with the one before, in blocks. */
#include "sort/run_file.h"

#include "base/word.h"
#include "sort/pack.h"
#include "sort/temporary.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 64 * 1024, HEAD_BYTES = 30 /* of three numbers */ };

bool run_output_open(struct run_output *out, const char *folder, struct error *err)
{
    memset(out, 0, sizeof *out);
    out->folder = folder;
    out->file.fd = temporary_open(folder, err);
    return out->file.fd >= 0;
}

bool run_output_flush(struct run_output *out, struct error *err)
{
    struct slice bytes = buf_slice(&out->bytes);

    if (out->bytes.failed || out->key.failed)
        return error_set_memory(err);
    if (!temporary_write(out->file.fd, bytes, out->folder, err))
        return false;
    out->file.bytes += bytes.len;
    buf_reset(&out->bytes);
    return true;
}

/* Bytes of the common beginning. */
static size_t shared_length(struct slice a, struct slice b)
{
    size_t limit = a.len < b.len ? a.len : b.len, at = 0;

    for (; at + sizeof(uint64_t) <= limit; at += sizeof(uint64_t)) {
        uint64_t differing = word_load(a.ptr + at) ^ word_load(b.ptr + at);

        if (differing != 0)
            return at + (size_t)__builtin_ctzll(differing) / 8;
    }
    while (at < limit && a.ptr[at] == b.ptr[at])
        at++;
    return at;
}

bool run_output_add(struct run_output *out, struct slice key, struct slice value, struct error *err)
{
    size_t shared = shared_length(buf_slice(&out->key), key);
    struct slice rest = slice_from(key, shared);

    if (buf_reserve(&out->bytes, HEAD_BYTES + rest.len + value.len)) {
        pack_number(&out->bytes, shared);
        pack_number(&out->bytes, rest.len);
        pack_number(&out->bytes, value.len);
        buf_append(&out->bytes, rest);
        buf_append(&out->bytes, value);
    }
    out->key.len = shared;
    buf_append(&out->key, rest);
    return out->bytes.len < BLOCK || run_output_flush(out, err);
}

void run_output_close(struct run_output *out, bool keep)
{
    if (!keep && out->file.fd >= 0)
        close(out->file.fd);
    buf_free(&out->bytes);
    buf_free(&out->key);
}

bool run_input_open(struct run_input *in, const struct run_file *file, struct error *err)
{
    memset(in, 0, sizeof *in);
    in->fd = file->fd;
    in->left = file->bytes;
    in->capacity = BLOCK;
    in->buffer = malloc(in->capacity);
    return in->buffer != NULL || error_set_memory(err);
}

static bool read_more(struct run_input *in, struct error *err)
{
    size_t room = in->capacity - in->end;
    size_t want = in->left < room ? (size_t)in->left : room;
    ssize_t got = pread(in->fd, in->buffer + in->end, want, (off_t)in->offset);

    if (got < 0 && errno == EINTR)
        return true;
    if (got <= 0)
        return error_set_errno(err, got == 0 ? EIO : errno, "reading a temporary file");
    in->end += (size_t)got;
    in->offset += (uint64_t)got;
    in->left -= (uint64_t)got;
    return true;
}

static bool need_more(struct run_input *in, size_t want, struct error *err)
{
    char *grown;

    memmove(in->buffer, in->buffer + in->begin, in->end - in->begin);
    in->end -= in->begin;
    in->begin = 0;
    if (want > in->capacity) {
        grown = realloc(in->buffer, want);
        if (grown == NULL)
            return error_set_memory(err);
        in->buffer = grown;
        in->capacity = want;
    }
    while (in->end < want && in->left > 0)
        if (!read_more(in, err))
            return false;
    return true;
}

/* Hold ${want} bytes, unless the run ends before. */
static inline bool need(struct run_input *in, size_t want, struct error *err)
{
    return in->end - in->begin >= want || need_more(in, want, err);
}

static bool spoiled(struct error *err)
{
    return error_set(err, ERROR_IO, "reading a temporary file: it was changed");
}

bool run_input_next(struct run_input *in, struct error *err)
{
    uint64_t shared, rest, value;
    struct slice head;
    size_t head_bytes;

    if (!need(in, HEAD_BYTES, err) || in->end == in->begin)
        return false;
    head = slice_of(in->buffer + in->begin, in->end - in->begin);
    if (!unpack_number(&head, &shared) || !unpack_number(&head, &rest) ||
        !unpack_number(&head, &value) || shared > in->key.len || rest > UINT32_MAX ||
        value > UINT32_MAX)
        return spoiled(err);
    head_bytes = in->end - in->begin - head.len;
    if (!need(in, head_bytes + (size_t)(rest + value), err))
        return false;
    if (in->end - in->begin < head_bytes + (size_t)(rest + value))
        return spoiled(err);
    in->begin += head_bytes;
    in->key.len = (size_t)shared;
    buf_append(&in->key, slice_of(in->buffer + in->begin, (size_t)rest));
    in->value = slice_of(in->buffer + in->begin + (size_t)rest, (size_t)value);
    in->begin += (size_t)(rest + value);
    return !in->key.failed || error_set_memory(err);
}

void run_input_close(struct run_input *in)
{
    free(in->buffer);
    buf_free(&in->key);
}
