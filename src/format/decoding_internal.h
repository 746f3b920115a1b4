/* decoding_internal.h: what decoding.c shares with decoding_plain.c and the like. */
#ifndef FORMAT_DECODING_INTERNAL_H
#define FORMAT_DECODING_INTERNAL_H

#include "base/buf.h"
#include "format/decoder/layout.h"
#include "format/decoder/lines.h"
#include "format/decoding.h"
#include "format/explain/explain_shape.h"
#include "format/follow.h"
#include "format/format.h"
#include "format/join.h"
#include "format/mapping/map.h"
#include "format/passed.h"
#include "format/strays.h"

/* How a line may begin that is cut as most are. */
enum plain_begin {
    BEGIN_ODD,
    BEGIN_PLAIN,
    BEGIN_QUOTED,   /* the next byte tells */
    BEGIN_AS_SYSLOG /* unless a prefix of it stands there */
};

/* Lines that are cut as most are: at once, from what lines.h found. */
struct plain {
    const struct layout *layout; /* of the next line; NULL: it is none */
    unsigned version;            /* of the layout */
    bool any;                    /* the format may have such lines */
    bool clean;                  /* the slots hold nothing but what such a line leaves there */
    unsigned odd;                /* other lines, one after the other, */
    uint64_t odd_before;         /* before this one */
    unsigned resting;            /* so many lines more are not looked at for such ones */
    uint8_t begin[256];          /* enum plain_begin of each first byte */
};

struct decoding {
    const struct format *format;
    struct stamp_clock clock;
    struct mapping mapping;
    uint32_t wanted;       /* FIELD_BITs; others are left out, dest_ip only where there is a host */
    struct screen *screen; /* NULL: nothing is left out for its text */
    struct arena plans;    /* of the mapping's plan, compiled for the first batch */
    struct arena scratch;  /* of the current batch */
    void *state;           /* the decoder's, of this archive */
    struct join *join;     /* NULL where a line is a record, or adds to the one before */
    struct follow follow;
    bool follows;           /* lines add to the record before them */
    bool several;           /* or to one of those before them: records may be of several lines */
    const char *next, *end; /* what is left of the block */
    struct lines lines;     /* of the block */
    struct slice piece;     /* second part of a line that held two records; empty: none */
    uint64_t line;          /* number of the next line */
    struct passed passed;   /* lines between records */
    struct strays strays;   /* a line of every kind that was passed over, */
    bool no_strays;         /* unless nobody asks for them */
    struct plain plain;
    bool overlong;
    bool needs_time;
    bool has_tabs;  /* between values */
    bool has_own;   /* the format has lines that are passed over at once */
    bool enveloped; /* the last record had a syslog prefix: tried first */
    struct slice slots[SLOT_LIMIT + LAYOUT_BEHIND];
    uint64_t explains; /* so many rejected lines are still to be explained */
    struct template_probes probes;
    struct buf reason; /* of the current line */
};

/* One line on its way. */
struct outcome {
    struct slice text;
    const char *at; /* where it begins */
    enum verdict verdict;
    struct refusal refusal; /* where it is rejected */
    struct record *record;
    size_t shape;
    bool enveloped; /* a syslog prefix was taken for one */
    bool own;       /* of a skip: no other product writes such a line */
};

static inline enum shape_role decoding_role(const struct decoding *d, const struct outcome *o)
{
    return d->format->shape_count > 0 ? d->format->shapes[o->shape].role : SHAPE_RECORD;
}

static inline bool decoding_lacks_time(const struct decoding *d, const struct record *record)
{
    return d->needs_time && record->kind != RECORD_IDENTITY && !record_has(record, FIELD_TS);
}

static inline void decoding_reject(struct batch *out, uint64_t number, enum reject why,
                                   struct slice text)
{
    out->rejects[out->reject_count++] = (struct rejected){number, why, text, slice_of(NULL, 0)};
}

/* --- decoding_plain.c: lines that are cut as most are --- */

/* For lines of ${format}; zeroed before. */
void plain_prepare(struct plain *p, const struct format *format);

/* What lines.h is to find. */
const struct lines_rules *plain_rules(const struct plain *p);

/* The slots were filled by another line. */
void plain_clean(struct decoding *d);

/* What plain_choose does where there may be any. */
void plain_choose_layout(struct decoding *d, bool odd);

/* A line was ${odd}, or gave no record: what must the next ones look like to be plain? */
static inline void plain_choose(struct decoding *d, bool odd)
{
    if (d->plain.any)
        plain_choose_layout(d, odd);
}

/* Does the line begin with no syslog prefix? */
bool plain_lacks_prefix(struct slice line);

/* Does the line [line, end), with a newline behind it, begin so that it can be plain: neither a
 * comment, nor a heading, nor with a syslog prefix, nor blank? */
static inline bool plain_begins(const struct plain *p, const char *line, const char *end)
{
    uint8_t begin = p->begin[(unsigned char)*line];

    if (begin == BEGIN_QUOTED)
        begin = p->begin[(unsigned char)line[1]];
    return begin == BEGIN_PLAIN ||
           (begin == BEGIN_AS_SYSLOG && plain_lacks_prefix(slice_of(line, (size_t)(end - line))));
}

/* --- decoding_mend.c: lines as they were --- */

/* ${line} with what the product's cut took from its end, as the definition has it. Returns: false
 * where memory is out. */
bool mend_cut(struct decoding *d, struct slice line, struct slice *whole);

/* ${line} with tabs for the #011 that rsyslog writes for them. Returns: false where it has none, or
 * memory is out. */
bool mend_tabs(struct decoding *d, struct slice line, struct slice *whole);

/* --- decoding_reject.c --- */

/* A line that is rejected, and where that is asked for the reason in words. */
void decoding_reject_line(struct decoding *d, struct batch *out, const struct outcome *o);

/* --- decoding_several.c: requests of several lines --- */

/* The batch, which is empty, begins with what is still open, where there are lines for it. Returns:
 * false where memory is out. */
bool several_begin(struct decoding *d, struct batch *out);

/* The line's record stands at the end of the batch already: hold it back, or add it to an earlier
 * one. ${held} counts those that were held back. */
bool several_place(struct decoding *d, struct batch *out, const struct outcome *o, size_t *held,
                   struct error *err);

/* The batch ends: records that nothing can be added to any more come to stand in it. */
bool several_end(struct decoding *d, struct batch *out, struct error *err);

/* The archive has ended: into the batch, which is empty, what was still open. */
void several_flush(struct decoding *d, struct batch *out);

#endif
