/* progress.c: a line on the terminal that is rewritten while archives are read. */
#include "progress.h"

#include "base/buf.h"
#include "report/display.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/ioctl.h>
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

size_t progress_append_over(struct buf *out, struct slice line, size_t columns, size_t shown)
{
    if (columns > 0 && line.len >= columns)
        line.len = columns - 1;
    buf_append_byte(out, '\r');
    buf_append(out, line);
    for (size_t i = line.len; i < shown; i++)
        buf_append_byte(out, ' ');
    return line.len;
}

static size_t terminal_columns(void)
{
    struct winsize size;

    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* Whether it is seen does not matter to the run. */
static void show(const struct buf *line)
{
    ssize_t written = write(STDERR_FILENO, line->ptr, line->len);

    (void)written;
}

/* Returns: its letters, which took the place of ${shown}. */
static size_t show_state(const struct progress *p, struct buf *line, struct buf *bytes,
                         size_t shown)
{
    uint64_t done = atomic_load_explicit(&p->done->done_bytes, memory_order_relaxed);

    buf_reset(line);
    buf_reset(bytes);
    progress_append_line(line, done, p->total_bytes, milliseconds_since(&p->start));
    shown = progress_append_over(bytes, buf_slice(line), terminal_columns(), shown);
    show(bytes);
    return shown;
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
    struct buf line = {0}, bytes = {0};
    size_t shown = 0;

    pthread_mutex_lock(&p->mutex);
    while (!p->stop) {
        struct timespec until = next_moment();

        pthread_cond_timedwait(&p->stopped, &p->mutex, &until);
        if (!p->stop)
            shown = show_state(p, &line, &bytes, shown);
    }
    pthread_mutex_unlock(&p->mutex);
    buf_reset(&bytes);
    progress_append_over(&bytes, slice_of(NULL, 0), 0, shown);
    buf_append_byte(&bytes, '\r');
    if (shown > 0)
        show(&bytes);
    buf_free(&line);
    buf_free(&bytes);
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
