/* rejects.c: rejected lines spooled as they come, then put in order by archive. */
#include "rejects.h"

#include "base/buf.h"
#include "base/room.h"
#include "format/decoding.h"
#include "report/display.h"
#include "report/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

/* Lines of one archive that came one after the other. */
struct stretch {
    size_t archive;       /* its place in the list */
    uint64_t from, until; /* bytes of the spool */
};

struct rejects {
    const struct archive_list *archives;
    FILE *spool;
    uint64_t size;
    struct stretch *stretches;
    size_t count, capacity;
    struct buf line;
    struct error error; /* the sink cannot tell ingest: it is told at the end */
};

struct rejects *rejects_create(const struct archive_list *archives, struct error *err)
{
    struct rejects *r = calloc(1, sizeof *r);

    if (r == NULL) {
        error_set_memory(err);
        return NULL;
    }
    r->archives = archives;
    r->spool = tmpfile();
    if (r->spool != NULL)
        return r;
    error_set_errno(err, errno, "rejected lines: cannot make a temporary file");
    free(r);
    return NULL;
}

/* Archives are known by the list's own text; the last one is the likely one. */
static size_t place_of(const struct rejects *r, const char *archive)
{
    size_t place = r->count == 0 ? 0 : r->stretches[r->count - 1].archive;

    for (size_t i = 0; i < r->archives->count; i++) {
        if (r->archives->archives[place].name == archive)
            return place;
        place = place + 1 == r->archives->count ? 0 : place + 1;
    }
    return place;
}

static struct stretch *stretch_of(struct rejects *r, size_t place)
{
    if (r->count > 0 && r->stretches[r->count - 1].archive == place)
        return &r->stretches[r->count - 1];
    if (!ROOM_FOR_ONE(r->stretches, r->count, r->capacity))
        return NULL;
    r->stretches[r->count] = (struct stretch){place, r->size, r->size};
    return &r->stretches[r->count++];
}

static void collect(void *context, const char *archive, const struct rejected *rejected)
{
    struct rejects *r = context;
    struct stretch *stretch = stretch_of(r, place_of(r, archive));

    buf_reset(&r->line);
    display_append(&r->line, slice_of_string(archive));
    buf_append_byte(&r->line, '\t');
    buf_append_uint(&r->line, rejected->line);
    buf_append_byte(&r->line, '\t');
    buf_append_string(&r->line, reject_text(rejected->why));
    if (rejected->detail.len > 0)
        buf_append_string(&r->line, ": ");
    display_append(&r->line, rejected->detail);
    buf_append_byte(&r->line, '\t');
    buf_append(&r->line, rejected->text);
    buf_append_byte(&r->line, '\n');
    if (stretch == NULL || r->line.failed) {
        error_set_memory(&r->error);
        return;
    }
    if (fwrite(r->line.ptr, 1, r->line.len, r->spool) != r->line.len)
        error_set_errno(&r->error, errno, "rejected lines: cannot write the temporary file");
    r->size += r->line.len;
    stretch->until = r->size;
}

struct reject_sink rejects_sink(struct rejects *r)
{
    return (struct reject_sink){collect, r};
}

/* By archive, then as they came. */
static int compare_stretches(const void *a, const void *b)
{
    const struct stretch *left = a, *right = b;

    if (left->archive != right->archive)
        return left->archive < right->archive ? -1 : 1;
    return (left->from > right->from) - (left->from < right->from);
}

static bool copy_stretch(struct rejects *r, const struct stretch *stretch, struct output *out,
                         struct error *err)
{
    char bytes[16384];
    uint64_t left = stretch->until - stretch->from;

    if (fseeko(r->spool, (off_t)stretch->from, SEEK_SET) != 0)
        return error_set_errno(err, errno, "rejected lines: cannot read the temporary file");
    while (left > 0) {
        size_t want = left < sizeof bytes ? (size_t)left : sizeof bytes;
        size_t got = fread(bytes, 1, want, r->spool);

        if (got == 0)
            return error_set_errno(err, errno, "rejected lines: cannot read the temporary file");
        buf_append(output_buf(out), slice_of(bytes, got));
        if (!output_drain(out, err))
            return false;
        left -= got;
    }
    return true;
}

bool rejects_write(struct rejects *r, struct output *out, struct error *err)
{
    if (r->error.code == ERROR_NONE && fflush(r->spool) != 0)
        error_set_errno(&r->error, errno, "rejected lines: cannot write the temporary file");
    if (r->error.code != ERROR_NONE) {
        *err = r->error;
        return false;
    }
    if (r->count > 0)
        qsort(r->stretches, r->count, sizeof *r->stretches, compare_stretches);
    for (size_t i = 0; i < r->count; i++)
        if (!copy_stretch(r, &r->stretches[i], out, err))
            return false;
    return true;
}

void rejects_free(struct rejects *r)
{
    if (r == NULL)
        return;
    fclose(r->spool);
    free(r->stretches);
    buf_free(&r->line);
    free(r);
}
