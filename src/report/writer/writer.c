/* writer.c: picks the form, hides the columns that brief forms do not show. */
#include "report/writer/writer.h"

#include <stdlib.h>

/* A row of writers.def. */
struct form {
    bool brief;
    const struct writer_ops *ops;
};

struct writer {
    const struct writer_ops *ops;
    void *self;
    struct column *shown;
    size_t *places; /* of every column given: its number among those shown, or HIDDEN */
    size_t count;   /* columns given */
    bool takes_texts;
    size_t at; /* the next cell's column */
};

#define HIDDEN SIZE_MAX

static const struct form *form_of(enum writer_form form)
{
    static const struct form forms[WRITER_FORMS] = {
#define WRITER(id, brief, ops) [WRITER_##id] = {brief, ops},
#include "report/writer/writers.def"
#undef WRITER
    };

    return &forms[form];
}

static struct writer *open_writer(enum writer_form form, const struct writer_task *task,
                                  void *(*begin)(const struct writer_task *, struct error *),
                                  struct error *err)
{
    struct writer *w = calloc(1, sizeof *w);
    struct writer_task shown = *task;

    if (w != NULL) {
        w->shown = calloc(task->count + 1, sizeof *w->shown);
        w->places = calloc(task->count + 1, sizeof *w->places);
    }
    if (w == NULL || w->shown == NULL || w->places == NULL) {
        error_set_memory(err);
        writer_free(w);
        return NULL;
    }
    shown.columns = w->shown;
    shown.count = 0;
    for (size_t i = 0; i < task->count; i++) {
        bool hidden = form_of(form)->brief && task->columns[i].weight == 0;

        w->places[i] = hidden ? HIDDEN : shown.count;
        if (!hidden)
            w->shown[shown.count++] = task->columns[i];
    }
    w->count = task->count;
    w->ops = form_of(form)->ops;
    w->self = begin(&shown, err);
    if (w->self != NULL) {
        w->takes_texts = w->ops->takes_texts != NULL && w->ops->takes_texts(w->self) &&
                         shown.count == task->count;
        return w;
    }
    writer_free(w);
    return NULL;
}

struct writer *writer_open(enum writer_form form, const struct writer_task *task, struct error *err)
{
    return open_writer(form, task, form_of(form)->ops->begin, err);
}

bool writer_splits(enum writer_form form)
{
    return form_of(form)->ops->begin_rows != NULL;
}

struct writer *writer_open_rows(enum writer_form form, const struct writer_task *task,
                                struct error *err)
{
    return open_writer(form, task, form_of(form)->ops->begin_rows, err);
}

bool writer_cell(struct writer *w, const struct value *value, struct error *err)
{
    size_t place = w->places[w->at];

    w->at = w->at + 1 == w->count ? 0 : w->at + 1;
    return place == HIDDEN || w->ops->cell(w->self, place, value, err);
}

bool writer_takes_texts(const struct writer *w)
{
    return w->takes_texts;
}

bool writer_texts(struct writer *w, struct slice text, const uint32_t *ends, struct error *err)
{
    return w->ops->texts(w->self, text, ends, err);
}

bool writer_string(struct writer *w, const char *text, struct error *err)
{
    struct value value = value_string(text);

    if (value.text.len == 0)
        value.type = VALUE_EMPTY;
    return writer_cell(w, &value, err);
}

bool writer_number(struct writer *w, uint64_t number, struct error *err)
{
    struct value value = value_number(number);

    return writer_cell(w, &value, err);
}

bool writer_end(struct writer *w, struct error *err)
{
    return w->ops->end(w->self, err);
}

void writer_free(struct writer *w)
{
    if (w == NULL)
        return;
    if (w->self != NULL)
        w->ops->free(w->self);
    free(w->shown);
    free(w->places);
    free(w);
}
