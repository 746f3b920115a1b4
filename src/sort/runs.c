/* runs.c: the list of runs, those of one level merged into one of the next. */
#include "sort/runs.h"

#include "base/room.h"
#include "base/word.h"
#include "sort/run_file.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct runs {
    const char *folder;
    pthread_mutex_t lock; /* of the list */
    struct run_file *files;
    size_t count, capacity;
};

struct run_writer {
    struct runs *runs;
    struct run_output output;
};

/* A heap of inputs, the one with the smallest key at its root. */
struct merge {
    struct run_input *inputs;
    size_t opened;
    uint32_t *heap;
    size_t count;
    bool begun; /* the root's record was handed out */
};

struct runs *runs_create(const char *folder, struct error *err)
{
    struct runs *r = calloc(1, sizeof *r);

    if (r == NULL) {
        error_set_memory(err);
        return NULL;
    }
    r->folder = folder;
    pthread_mutex_init(&r->lock, NULL);
    return r;
}

size_t runs_count(const struct runs *r)
{
    return r->count;
}

void runs_clear(struct runs *r)
{
    for (size_t i = 0; i < r->count; i++)
        close(r->files[i].fd);
    r->count = 0;
}

void runs_free(struct runs *r)
{
    if (r == NULL)
        return;
    runs_clear(r);
    pthread_mutex_destroy(&r->lock);
    free(r->files);
    free(r);
}

static bool keep_file(struct runs *r, const struct run_file *file, struct error *err)
{
    if (!ROOM_FOR_ONE(r->files, r->count, r->capacity))
        return error_set_memory(err);
    r->files[r->count++] = *file;
    return true;
}

/* As slice_compare says, most keys being short. */
static inline bool is_before(struct slice a, struct slice b)
{
    size_t limit = a.len < b.len ? a.len : b.len, at = 0;

    for (; at + sizeof(uint64_t) <= limit; at += sizeof(uint64_t)) {
        uint64_t of_a = word_load(a.ptr + at), of_b = word_load(b.ptr + at);

        if (of_a != of_b)
            return __builtin_bswap64(of_a) < __builtin_bswap64(of_b);
    }
    return slice_compare(slice_from(a, at), slice_from(b, at)) < 0;
}

static bool is_less(const struct merge *m, size_t a, size_t b)
{
    return is_before(buf_slice(&m->inputs[m->heap[a]].key), buf_slice(&m->inputs[m->heap[b]].key));
}

static void sift_down(struct merge *m, size_t at)
{
    for (size_t child; (child = 2 * at + 1) < m->count; at = child) {
        uint32_t held = m->heap[at];

        if (child + 1 < m->count && is_less(m, child + 1, child))
            child++;
        if (!is_less(m, child, at))
            return;
        m->heap[at] = m->heap[child];
        m->heap[child] = held;
    }
}

void merge_free(struct merge *m)
{
    if (m == NULL)
        return;
    for (size_t i = 0; i < m->opened; i++)
        run_input_close(&m->inputs[i]);
    free(m->inputs);
    free(m->heap);
    free(m);
}

/* Every file opened and at its first record, as far as it has one. */
static bool start(struct merge *m, const struct run_file *files, size_t count, struct error *err)
{
    m->inputs = calloc(count + 1, sizeof *m->inputs);
    m->heap = calloc(count + 1, sizeof *m->heap);
    if (m->inputs == NULL || m->heap == NULL)
        return error_set_memory(err);
    for (; m->opened < count; m->opened++) {
        struct run_input *input = &m->inputs[m->opened];

        if (!run_input_open(input, &files[m->opened], err))
            return false;
        if (run_input_next(input, err))
            m->heap[m->count++] = (uint32_t)m->opened;
        else if (err->code != ERROR_NONE) {
            m->opened++;
            return false;
        }
    }
    for (size_t i = m->count; i-- > 0;)
        sift_down(m, i);
    return true;
}

static struct merge *merge_files(const struct run_file *files, size_t count, struct error *err)
{
    struct merge *m = calloc(1, sizeof *m);

    if (m == NULL) {
        error_set_memory(err);
        return NULL;
    }
    if (start(m, files, count, err))
        return m;
    merge_free(m);
    return NULL;
}

struct merge *merge_open(const struct runs *r, struct error *err)
{
    return merge_files(r->files, r->count, err);
}

bool merge_next(struct merge *m, struct slice *key, struct slice *value, struct error *err)
{
    const struct run_input *root;

    if (m->begun) {
        if (!run_input_next(&m->inputs[m->heap[0]], err)) {
            if (err->code != ERROR_NONE)
                return false;
            m->heap[0] = m->heap[--m->count];
        }
        sift_down(m, 0);
    }
    m->begun = m->count > 0;
    if (!m->begun)
        return false;
    root = &m->inputs[m->heap[0]];
    *key = buf_slice(&root->key);
    *value = root->value;
    return true;
}

static bool copy_merged(const struct run_file *files, size_t count, struct run_output *out,
                        struct error *err)
{
    struct merge *m = merge_files(files, count, err);
    struct slice key, value;
    bool ok = m != NULL;

    while (ok && merge_next(m, &key, &value, err))
        ok = run_output_add(out, key, value, err);
    merge_free(m);
    return ok && err->code == ERROR_NONE && run_output_flush(out, err);
}

/* The last RUNS_MERGED files become one. */
static bool merge_last(struct runs *r, struct error *err)
{
    struct run_file *last = r->files + r->count - RUNS_MERGED;
    struct run_output out;

    if (!run_output_open(&out, r->folder, err))
        return false;
    out.file.level = last->level + 1;
    if (!copy_merged(last, RUNS_MERGED, &out, err)) {
        run_output_close(&out, false);
        return false;
    }
    for (size_t i = 0; i < RUNS_MERGED; i++)
        close(last[i].fd);
    r->count -= RUNS_MERGED;
    r->files[r->count++] = out.file;
    run_output_close(&out, true);
    return true;
}

/* Levels fall from front to back; where RUNS_MERGED of the last one are there, they are merged. */
static bool is_full(const struct runs *r)
{
    return r->count >= RUNS_MERGED &&
           r->files[r->count - RUNS_MERGED].level == r->files[r->count - 1].level;
}

struct run_writer *run_writer_open(struct runs *r, struct error *err)
{
    struct run_writer *w = calloc(1, sizeof *w);

    if (w == NULL) {
        error_set_memory(err);
        return NULL;
    }
    w->runs = r;
    if (run_output_open(&w->output, r->folder, err))
        return w;
    free(w);
    return NULL;
}

bool run_writer_add(struct run_writer *w, struct slice key, struct slice value, struct error *err)
{
    return run_output_add(&w->output, key, value, err);
}

void run_writer_drop(struct run_writer *w)
{
    if (w == NULL)
        return;
    run_output_close(&w->output, false);
    free(w);
}

bool run_writer_finish(struct run_writer *w, struct error *err)
{
    struct runs *r = w->runs;
    bool ok;

    if (!run_output_flush(&w->output, err)) {
        run_writer_drop(w);
        return false;
    }
    pthread_mutex_lock(&r->lock);
    ok = keep_file(r, &w->output.file, err);
    run_output_close(&w->output, ok);
    while (ok && is_full(r))
        ok = merge_last(r, err);
    pthread_mutex_unlock(&r->lock);
    free(w);
    return ok;
}
