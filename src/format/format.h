/* format.h: one log format as its definition says; what decoders, mapping and detection share. */
#ifndef FORMAT_FORMAT_H
#define FORMAT_FORMAT_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"
#include "format/decoder/split.h"
#include "format/decoder/template.h"
#include "format/mapping/glob.h"
#include "format/stamp/stamp.h"
#include "record/record.h"
#include "text/recoder.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    COLUMN_LIMIT = 160, /* names a definition may use */
    SLOT_LIMIT = 48,    /* of them, what its mapping wants */
    SHAPE_LIMIT = 32,   /* a bit each */
    SAMPLE_LIMIT = 64,
    COMMENT_LIMIT = 4,
    KEY_LIMIT = 3,     /* joins of a definition */
    JOIN_LIMIT = 6,    /* columns of a join */
    NEWS_LIMIT = 16,   /* patterns of known lines that are no request */
    HEADING_LIMIT = 8, /* columns of a definition that have other headings */
    PART_LIMIT = 8     /* columns that a mapping line puts together */
};

/* Slots that the envelope fills. */
enum { SLOT_TIME, SLOT_TAG, SLOT_MACHINE, SLOT_PROCESS, ENVELOPE_SLOTS };

/* What stands for a slot: none, and in a join the host that the line names. */
enum { NO_SLOT = -1, JOIN_HOST = -2 };

/* What a line turned out to be. Values from 0 are the index of a shape. */
enum { CUT_SKIP = -1, CUT_REJECT = -2, CUT_OWN = -3 };

/* One conversion of a mapping line, with its arguments. */
struct step {
    const struct transform *transform;
    const struct slice *args;
    size_t arg_count;
    struct stamp_pattern pattern; /* of a time */
    size_t column;                /* of its name, on the line of the definition */
};

/* One mapping line: FIELD = COLUMN STEPS, where COLUMN may be several joined by +: put together
 * with blanks, nothing where one of them is empty. Several lines of one field are tried in order.
 */
struct rule {
    enum field field;
    enum field_type type; /* of the field, and where it stands in a record */
    size_t offset;
    int slot;
    int more[PART_LIMIT - 1]; /* slots of further columns */
    size_t more_count;
    const struct step *steps;
    size_t step_count;
    size_t line;       /* of the definition */
    struct slice text; /* as written there; empty where it is made of a log format */
};

/* What a line of a certain shape is good for. */
enum shape_role {
    SHAPE_RECORD, /* a record */
    SHAPE_OPEN,   /* a record that needs no host yet: later lines add it, else it is passed over.
                     What was open under its first key is closed */
    SHAPE_REPLY,  /* adds to the oldest open record of its key that had none; else it is a record */
    SHAPE_OUTCOME, /* adds to the newest open record of its key that had none; else it is a record
                    */
    SHAPE_NOTE,    /* adds to the newest open record of its key; else it is passed over */
    SHAPE_END,     /* ends the record before: later lines add nothing to it */
    SHAPE_SKIP,    /* a known line that is no request */
    SHAPE_OWN,     /* the same, that only this product writes: not looked at as another's */
    SHAPE_CLAIM    /* must be a record: where no shape above took it, it is rejected */
};

/* What lines of one request have in common. Of several keys a line is looked up by the first whose
 * last column it fills. */
struct join_key {
    int slots[JOIN_LIMIT]; /* or JOIN_HOST */
    size_t count;          /* 0: a line belongs to the record before it */
};

/* A value that lines of one shape give without a column: `set action blocked`. */
struct constant {
    enum field field;
    struct slice value;
};

/* One kind of line of a template format. Other decoders have a single one, a record. */
struct shape {
    enum shape_role role;
    struct slice text;           /* as written */
    size_t line;                 /* of the definition */
    size_t column;               /* of the text, on that line */
    size_t number;               /* among the format's shapes, from 1; 0: none of them */
    struct template_item *items; /* NULL: a plain pattern, */
    struct glob glob;            /* compiled */
    struct template_lead lead;
    struct slice needle; /* every line of it holds this, where nothing else tells as quickly */
    struct constant constant;
    bool has_constant;
};

/* `where COLUMN "glob" …`: lines that do not match are passed over; with `must` they are rejected.
 */
struct condition {
    int slot;
    bool negated, rejects;
    const struct slice *globs;
    size_t glob_count;
};

/* `heading COLUMN "Other" …`: the column by the headings of others, the first of them before the
 * next and all before its own name. */
struct heading {
    int slot;
    const struct slice *names;
    size_t name_count;
};

struct sample {
    struct slice line, expect;
    size_t definition_line;
};

struct decoder;

struct format {
    const char *id, *family, *title, *file;
    struct slice source;
    struct arena arena; /* of all that follows */
    enum record_kind kind;
    uint32_t fields; /* FIELD_BITs that it can give */
    unsigned kinds;
    bool has_zone, has_year;
    bool has_orders; /* a stamp of it may have the month or the day first */
    const struct slice *notes;
    size_t note_count;

    const struct decoder *decoder;
    size_t fault_line, fault_column; /* of the definition: what prepare finds fault with; at first
                                        the line `decoder` */
    size_t last_line;                /* of the definition */
    bool of_user;                    /* a definition file, not built in */
    bool from_server;                /* made of the string that a server has in its configuration */
    size_t columns_line, columns_column;  /* where `columns` has its first name */
    enum encoding encoding;               /* of text that is no UTF-8; ENCODING_UNKNOWN: guess */
    bool envelope;                        /* a syslog prefix may stand before, */
    bool untagged;                        /* one without a program's name */
    struct slice comments[COMMENT_LIMIT]; /* lines that begin so are passed over */
    size_t comment_count;
    size_t cut_at; /* a longer line may hold two records: the product cuts there and loses the
                      newline; 0: no */
    struct slice cut_tail; /* what completes the first of them: separators, and - for each value */
    size_t precedence;     /* among formats that read the same lines alike, the larger is taken */

    struct slice *columns; /* names, in the order of the line for positional ones */
    int *slot_of;          /* -1: not wanted */
    size_t column_count;
    size_t named_columns; /* of them, those of the line `columns` */
    size_t least_columns; /* those behind `...` may be missing */
    int slot_count;
    int spread_column; /* the positional column that may hold separators, -1: none */
    char separator;    /* of delimited: ' ' stands for runs of blanks */
    enum quoting quoting;
    bool brackets;       /* [ … ] holds separators */
    bool open_end;       /* more columns may follow */
    struct slice header; /* of headed: what header lines begin with; empty: the first line is one */
    struct slice assign; /* of kv: what stands between key and value */
    bool open_values;    /* of kv: a value ends where the next key begins, not at a separator */
    struct heading headings[HEADING_LIMIT]; /* of headed */
    size_t heading_count;
    const void *prepared; /* what the decoder compiled */

    struct rule *rules;
    size_t rule_count;
    struct condition *conditions;
    size_t condition_count;
    struct shape *shapes;
    size_t shape_count;
    struct join_key joins[KEY_LIMIT];
    size_t join_count;
    struct slice news[NEWS_LIMIT]; /* patterns of lines that are no request, but show the format */
    size_t news_count;
    struct sample *samples;
    size_t sample_count;
};

/* Of a line that is not empty. */
static inline bool format_is_comment(const struct format *f, struct slice line)
{
    for (size_t i = 0; i < f->comment_count; i++)
        if (line.ptr[0] == f->comments[i].ptr[0] && slice_starts_with(line, f->comments[i]))
            return true;
    return false;
}

/* Cuts lines into slots; knows no vendor. A row of the table in definition.c. */
struct decoder {
    const char *name;
    /* Check the definition and compile what cut needs; ${err} gets what is wrong, the format's
     * fault_line and fault_column where. */
    bool (*prepare)(struct format *f, struct error *err);
    /*
     * Cut ${line} into ${slots} (cleared by the caller but for `clears`, borrowed from the line or
     * from ${scratch}); ${state} is the archive's. Returns: the index of its shape, CUT_SKIP,
     * CUT_OWN or CUT_REJECT.
     */
    int (*cut)(const struct format *f, void *state, struct slice line, struct slice *slots,
               struct arena *scratch);
    size_t state_size; /* bytes of state that an archive needs, zeroed at its start; 0: none */
    bool clears;       /* cut clears the slots that it does not fill, but for the envelope's */
};

extern const struct decoder decode_delimited;
extern const struct decoder decode_headed;
extern const struct decoder decode_kv;
extern const struct decoder decode_json;
extern const struct decoder decode_template;

/* Does a `claim` of the template format ${f} say that ${line} must be a record? */
bool template_claims(const struct format *f, struct slice line);

/* Has a format with the decoder template any `own` lines? */
bool template_has_own(const struct format *f);

/* Is ${line}, which is not empty, an `own` line of the format? Cheap; some of them it does not
 * know. */
bool template_is_own(const struct format *f, struct slice line);

/* How many of the wanted columns the last header of an archive named, that is the decoder headed's
 * and no `header` line of the definition tells; 0: there was none. */
size_t headed_columns(const struct format *f, const void *state);

/* The same where a `header` line of the definition tells the headings. */
size_t headed_led(const struct format *f, const void *state);

struct layout;

/* What plain lines of the decoders delimited and headed look like, of this one with what its
 * archive has shown: cutting such a line gives what its layout has, and changes nothing. NULL: none
 * are plain. Borrowed; of the decoder headed it changes with the lines that are cut. */
const struct layout *delimited_layout(const struct format *f);
const struct layout *headed_plain(const void *state);

/* How the decoder headed cuts the next line of an archive. Returns: how many columns its heading
 * has, 0 where none came. */
size_t headed_layout(const struct format *f, const void *state, struct split *how);

/* The key of the decoder kv whose value has a quote that is not closed; empty: there is none. */
struct slice kv_open_quote(const struct format *f, struct slice line, struct arena *scratch);

/* How many bytes of ${line} the decoder json reads before it finds that they are no object, or
 * where in them the string begins that it cannot read. */
size_t json_reach(const struct format *f, struct slice line, struct arena *scratch);

/* Room for COLUMN_LIMIT columns. Returns: false where memory is out. Owns: ${arena}. */
bool format_has_room_for_columns(struct format *f, struct arena *arena);

/* The number of the column ${name}, added where it is new; -1 beyond COLUMN_LIMIT. */
int format_column(struct format *f, struct slice name);

#endif
