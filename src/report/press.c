/* press.c: a thread takes the next rows as bytes, prints them into memory while others do the same,
 * and puts its text out when the texts before it are. */
#include "report/press.h"

#include "base/buf.h"
#include "report/output.h"
#include "sort/pack.h"

#include <pthread.h>

enum {
    PRINTERS = 4,
    SHEET_ROWS = 256, /* taken at a time: few enough to stay near the processor */
    FEW_ROWS = 4096   /* not worth a thread */
};

/* What the printers share. */
struct press {
    const struct report *report;
    const struct writer_task *task;
    pthread_mutex_t lock; /* over the rows and all that follows */
    pthread_cond_t turned;
    uint64_t left;       /* rows to be taken yet */
    uint64_t taken, out; /* sheets taken, and put out */
    struct error error;  /* of any printer: all stop */
};

/* One thread's. */
struct printer {
    struct press *press;
    struct output *text;
    struct writer *writer;
    uint64_t number; /* of the sheet */
    struct buf rows; /* of the sheet, packed */
    struct row_scratch scratch;
    pthread_t thread;
};

bool press_is_worth_it(const struct report *r)
{
    return r->threads > 1 && r->keep == NULL && writer_splits(r->form) &&
           report_row_count(r) >= FEW_ROWS;
}

/* The next rows. Returns: false where there are none, or somebody failed. */
static bool take_sheet(struct printer *p)
{
    struct press *press = p->press;
    struct slice packed;
    bool any;

    buf_reset(&p->rows);
    pthread_mutex_lock(&press->lock);
    for (int i = 0; i < SHEET_ROWS && press->left > 0 && press->error.code == ERROR_NONE &&
                    rows_next_packed(press->report->rows, &packed, &press->error);
         i++) {
        pack_text(&p->rows, packed);
        press->left--;
    }
    if (p->rows.failed)
        error_set_memory(&press->error);
    any = p->rows.len > 0 && press->error.code == ERROR_NONE;
    if (press->error.code != ERROR_NONE)
        pthread_cond_broadcast(&press->turned);
    p->number = press->taken;
    press->taken += any;
    pthread_mutex_unlock(&press->lock);
    return any;
}

static bool print_sheet(struct printer *p, struct error *err)
{
    const struct report *report = p->press->report;
    struct slice rest = buf_slice(&p->rows), packed;
    struct row row;

    buf_reset(output_buf(p->text));
    while (rest.len > 0 && unpack_text(&rest, &packed))
        if (!rows_unpack(packed, &row, err) ||
            !report_print_row(report, &row, &p->scratch, p->writer, err))
            return false;
    return true;
}

/* Whoever has the turn is alone at the output, without the lock. */
static bool wait_for_turn(const struct printer *p)
{
    struct press *press = p->press;
    bool ok;

    pthread_mutex_lock(&press->lock);
    while (press->out != p->number && press->error.code == ERROR_NONE)
        pthread_cond_wait(&press->turned, &press->lock);
    ok = press->error.code == ERROR_NONE;
    pthread_mutex_unlock(&press->lock);
    return ok;
}

static void end_turn(const struct printer *p, const struct error *failure)
{
    struct press *press = p->press;

    pthread_mutex_lock(&press->lock);
    press->out++;
    if (failure->code != ERROR_NONE && press->error.code == ERROR_NONE)
        press->error = *failure;
    pthread_cond_broadcast(&press->turned);
    pthread_mutex_unlock(&press->lock);
}

static void *print_sheets(void *argument)
{
    struct printer *p = argument;
    struct output *out = p->press->task->out;
    struct error err = {0};

    while (err.code == ERROR_NONE && take_sheet(p)) {
        bool printed = print_sheet(p, &err);

        if (!wait_for_turn(p))
            break;
        if (printed) {
            buf_append(output_buf(out), buf_slice(output_buf(p->text)));
            output_drain(out, &err);
        }
        end_turn(p, &err);
    }
    return NULL;
}

static bool start_printer(struct printer *p, struct press *press, struct error *err)
{
    struct writer_task task = *press->task;

    p->press = press;
    p->text = task.out = output_open_memory(err);
    if (p->text != NULL)
        p->writer = writer_open_rows(press->report->form, &task, err);
    return p->writer != NULL;
}

static void end_printer(struct printer *p)
{
    writer_free(p->writer);
    output_close(p->text);
    buf_free(&p->rows);
    row_scratch_free(&p->scratch);
}

/* The first printer is this thread; where others cannot be, it does their part. */
static void print_all(struct printer *printers, size_t count)
{
    size_t running = 1;

    while (running < count &&
           pthread_create(&printers[running].thread, NULL, print_sheets, &printers[running]) == 0)
        running++;
    print_sheets(&printers[0]);
    while (--running > 0)
        pthread_join(printers[running].thread, NULL);
}

bool press_print(const struct report *r, const struct writer_task *task, struct error *err)
{
    struct press press = {.report = r, .task = task, .left = report_row_count(r)};
    struct printer printers[PRINTERS] = {{.press = &press}};
    size_t count = r->threads < PRINTERS ? r->threads : PRINTERS, started = 0;

    pthread_mutex_init(&press.lock, NULL);
    pthread_cond_init(&press.turned, NULL);
    while (started < count && start_printer(&printers[started], &press, &press.error))
        started++;
    if (started == count)
        print_all(printers, count);
    for (size_t i = 0; i < count; i++)
        end_printer(&printers[i]);
    pthread_cond_destroy(&press.turned);
    pthread_mutex_destroy(&press.lock);
    if (press.error.code != ERROR_NONE)
        *err = press.error;
    return err->code == ERROR_NONE;
}
