/* progress.c: a line on the terminal that is rewritten while archives are read. */
#include "progress.h"

#include "base/buf.h"
#include "report/display.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { INTERVAL_MS = 200 };

struct progress {
    const struct ingest_progress *done;
    uint64_t total_bytes;
    struct timespec start;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t stopped;
    bool stop;
};

static uint64_t milliseconds_since(const struct timespec *start)
{
    struct timespec now;
    int64_t ms;

    clock_gettime(CLOCK_MONOTONIC, &now);
    ms = (int64_t)(now.tv_sec - start->tv_sec) * 1000 + (now.tv_nsec - start->tv_nsec) / 1000000;
    return ms < 0 ? 0 : (uint64_t)ms;
}

void progress_append_line(struct buf *out, uint64_t done_bytes, uint64_t total_bytes,
                          uint64_t elapsed_ms)
{
    uint64_t rate = elapsed_ms == 0 ? 0 : (uint64_t)((double)done_bytes / (double)elapsed_ms * 1e3);

    display_append_bytes(out, done_bytes);
    if (total_bytes > 0) {
        buf_append_string(out, " of ");
        display_append_bytes(out, total_bytes);
    }
    if (rate == 0)
        return;
    buf_append_string(out, ", ");
    display_append_bytes(out, rate);
    buf_append_string(out, "/s");
    if (total_bytes > done_bytes)
        buf_printf(out, ", %llu s left", (unsigned long long)((total_bytes - done_bytes) / rate));
}

/* Whether it is seen does not matter to the run. */
static void show(const struct buf *line)
{
    ssize_t written = write(STDERR_FILENO, line->ptr, line->len);

    (void)written;
}

static void show_state(const struct progress *p, struct buf *line)
{
    uint64_t done = atomic_load_explicit(&p->done->done_bytes, memory_order_relaxed);

    buf_reset(line);
    buf_append_string(line, "\r\033[K");
    progress_append_line(line, done, p->total_bytes, milliseconds_since(&p->start));
    show(line);
}

static struct timespec next_moment(void)
{
    struct timespec when;

    clock_gettime(CLOCK_MONOTONIC, &when);
    when.tv_nsec += INTERVAL_MS * 1000000L;
    if (when.tv_nsec >= 1000000000L) {
        when.tv_nsec -= 1000000000L;
        when.tv_sec++;
    }
    return when;
}

static void *run(void *argument)
{
    struct progress *p = argument;
    struct buf line = {0};
    bool shown = false;

    pthread_mutex_lock(&p->mutex);
    while (!p->stop) {
        struct timespec until = next_moment();

        pthread_cond_timedwait(&p->stopped, &p->mutex, &until);
        if (!p->stop) {
            show_state(p, &line);
            shown = true;
        }
    }
    pthread_mutex_unlock(&p->mutex);
    buf_reset(&line);
    buf_append_string(&line, "\r\033[K");
    if (shown)
        show(&line);
    buf_free(&line);
    return NULL;
}

static void init_condition(struct progress *p)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&p->stopped, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&p->mutex, NULL);
}

static void free_progress(struct progress *p)
{
    pthread_cond_destroy(&p->stopped);
    pthread_mutex_destroy(&p->mutex);
    free(p);
}

struct progress *progress_start(const struct ingest_progress *done, uint64_t total_bytes)
{
    struct progress *p = calloc(1, sizeof *p);

    if (p == NULL)
        return NULL;
    p->done = done;
    p->total_bytes = total_bytes;
    clock_gettime(CLOCK_MONOTONIC, &p->start);
    init_condition(p);
    if (pthread_create(&p->thread, NULL, run, p) == 0)
        return p;
    free_progress(p);
    return NULL;
}

void progress_stop(struct progress *p)
{
    if (p == NULL)
        return;
    pthread_mutex_lock(&p->mutex);
    p->stop = true;
    pthread_cond_signal(&p->stopped);
    pthread_mutex_unlock(&p->mutex);
    pthread_join(p->thread, NULL);
    free_progress(p);
}
