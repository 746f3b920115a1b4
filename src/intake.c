/* intake.c: asks the ledger before an archive is read, and writes it together with its cells. */
#include "intake.h"

#include "base/buf.h"
#include "io/digest.h"
#include "record/record.h"
#include "report/display.h"
#include "store/cells/cells.h"
#include "store/ledger.h"
#include "store/members.h"
#include "store/seen.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    LEAST_SHARED = 3,
    PRINTS_DAYS = 40 /* for which the lines of an archive are known */
};

/* What is noted of an archive before it is read. */
struct waiting {
    struct ledger_file file; /* no inode: not a regular file */
    int64_t last;            /* newest entry of the ledger then */
    int64_t entry;           /* of the transaction that has begun with some of it; 0: none has */
    /* Lines of it that others have, what was looked for in entries up to ${searched}; the entry
     * that has most of them in one run. */
    struct line_ranges known;
    int64_t searched, like;
};

struct intake {
    struct intake_options options;
    pthread_mutex_t mutex; /* over the store; held by who has begun a transaction */
    struct waiting *waiting;
    uint64_t added;
    struct buf notes; /* what people must know of archives, a line each */
};

struct intake *intake_create(const struct intake_options *options, struct error *err)
{
    struct intake *in = calloc(1, sizeof *in);
    pthread_mutexattr_t again;

    if (in != NULL)
        in->waiting = calloc(options->archives->count + 1, sizeof *in->waiting);
    if (in == NULL || in->waiting == NULL) {
        free(in);
        error_set_memory(err);
        return NULL;
    }
    in->options = *options;
    pthread_mutexattr_init(&again);
    pthread_mutexattr_settype(&again, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&in->mutex, &again);
    pthread_mutexattr_destroy(&again);
    return in;
}

void intake_free(struct intake *in)
{
    if (in == NULL)
        return;
    pthread_mutex_destroy(&in->mutex);
    for (size_t i = 0; i < in->options.archives->count; i++)
        free(in->waiting[i].known.ranges);
    free(in->waiting);
    buf_free(&in->notes);
    free(in);
}

void intake_append_notes(const struct intake *in, struct buf *out)
{
    buf_append(out, buf_slice(&in->notes));
}

uint64_t intake_added(const struct intake *in)
{
    return in->added;
}

static int64_t nanoseconds(struct timespec t)
{
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Standard input and what cannot be looked at has no inode. */
static struct ledger_file look_at(const char *name)
{
    struct stat st;

    if (strcmp(name, "-") == 0 || stat(name, &st) != 0 || !S_ISREG(st.st_mode))
        return (struct ledger_file){0};
    return (struct ledger_file){st.st_dev, st.st_ino, (uint64_t)st.st_size, nanoseconds(st.st_mtim),
                                nanoseconds(st.st_ctim)};
}

/* Its bytes on disk are known: note where they lie now. */
static bool note_file(struct intake *in, const struct waiting *w, struct error *err)
{
    struct store *store = in->options.store;
    bool ok;

    if (!store_begin(store, err))
        return false;
    ok = ledger_add_file(store, &w->file, err) && store_commit(store, err);
    if (!ok)
        store_rollback(store);
    return ok;
}

/* ${hash}: only the digest of its bytes can tell. */
static bool ask_ledger(struct intake *in, struct waiting *w, bool *known, bool *hash,
                       struct error *err)
{
    struct store *store = in->options.store;

    *hash = false;
    if (!ledger_last(store, &w->last, err))
        return false;
    if (w->file.inode == 0)
        return true;
    if (!in->options.rehash && !ledger_knows_file(store, &w->file, known, err))
        return false;
    return *known || ledger_has_packed_size(store, w->file.bytes, hash, err);
}

/* Hashed without holding up others. What cannot be read will say so when it is. */
static bool ask_digest(struct intake *in, size_t index, bool *known, struct error *err)
{
    const char *name = in->options.archives->archives[index].name;
    struct content_point packed;
    struct error ignored = {0};
    bool ok;

    if (!digest_file(name, &packed, &ignored))
        return true;
    pthread_mutex_lock(&in->mutex);
    ok = ledger_knows_packed(in->options.store, &packed, known, err) &&
         (!*known || packed.bytes != in->waiting[index].file.bytes ||
          note_file(in, &in->waiting[index], err));
    pthread_mutex_unlock(&in->mutex);
    return ok;
}

static bool begin(void *context, size_t index, bool *known, struct error *err)
{
    struct intake *in = context;
    struct waiting *w = &in->waiting[index];
    bool ok, hash = false;

    *known = false;
    w->file = look_at(in->options.archives->archives[index].name);
    pthread_mutex_lock(&in->mutex);
    ok = ask_ledger(in, w, known, &hash, err);
    pthread_mutex_unlock(&in->mutex);
    return ok && (*known || !hash || ask_digest(in, index, known, err));
}

static const struct line_ranges *skipped(void *context, size_t index)
{
    const struct intake *in = context;
    const struct line_ranges *known = &in->waiting[index].known;

    return known->count > 0 ? known : NULL;
}

static bool points(void *context, const struct content_digest *first_line,
                   struct ledger_points *out, struct error *err)
{
    struct intake *in = context;
    bool ok;

    pthread_mutex_lock(&in->mutex);
    ok = ledger_points(in->options.store, first_line, 0, out, err);
    pthread_mutex_unlock(&in->mutex);
    return ok;
}

/* Is there an entry, newer than when reading began, that may be part of the archive? */
static bool came_between(struct intake *in, const struct waiting *w, const struct trail_end *end,
                         bool *again, struct error *err)
{
    const struct content_digest lines[] = {end->first_line, end->piece};

    for (size_t i = 0; i < sizeof lines / sizeof *lines && !*again; i++) {
        struct ledger_points points;
        bool ok = ledger_points(in->options.store, &lines[i], w->last, &points, err);

        for (size_t k = 0; ok && k < points.count; k++)
            *again = *again || points.points[k].bytes <= end->content.bytes;
        free(points.points);
        if (!ok)
            return false;
    }
    return true;
}

/* Lines that no time is known of are looked for nowhere. */
static bool has_times(const struct archive_kept *kept)
{
    return kept->result->format != NULL &&
           kept->result->tally.first_us <= kept->result->tally.last_us;
}

/* The known lines behind the known bytes, counted from there. */
static bool of_new_part(const struct waiting *w, const struct archive_kept *kept,
                        struct line_ranges *out, struct error *err)
{
    if (!line_ranges_join(out, &w->known, err))
        return false;
    line_ranges_move(out, -(int64_t)kept->end->known_lines);
    return true;
}

static void append_fields(struct buf *out, uint32_t fields)
{
    for (unsigned f = 0; f < FIELD_COUNT; f++)
        if ((fields & FIELD_BIT(f)) != 0) {
            buf_append_string(out, out->len > 0 ? " " : "");
            buf_append_string(out, field_info((enum field)f)->key);
        }
    buf_append_byte(out, '\0');
}

static struct ledger_entry entry_of(const struct intake *in, size_t index,
                                    const struct archive_kept *kept, const char *fields)
{
    const struct archive_result *result = kept->result;

    return (struct ledger_entry){
        .name = result->name,
        .source = in->options.hints[index].source,
        .format = result->format == NULL ? "" : result->format,
        .fields = fields,
        .packing = result->packing,
        .damage = result->damage,
        .sha256 = result->sha256,
        .signatures = in->options.signature_digest,
        .version = in->options.version,
        .from_bytes = kept->end->known_bytes,
        .content = kept->end->content,
        .whole = kept->end->whole,
        .first_line = kept->end->first_line,
        .open_end = kept->open_end,
        .file_bytes = result->compressed_bytes,
        .tally = result->tally,
        .year = result->year_of_last,
        .taken_s = in->options.now_s,
    };
}

/* Some lines may be alike by chance: not those of many. */
static bool is_overlap(const struct sketch *sketch, size_t shared)
{
    return shared >= LEAST_SHARED && shared * 16 >= sketch->count;
}

/* Some of its lines, or all, stand in another archive. */
static bool note_known_lines(struct intake *in, const struct waiting *w,
                             const struct archive_kept *kept, struct error *err)
{
    struct line_ranges known = {0};
    bool ok = of_new_part(w, kept, &known, err);
    size_t lines = line_ranges_sum(&known);
    char *other = ok && lines > 0 ? ledger_name(in->options.store, w->like, err) : NULL;
    uint64_t rejected = 0;

    free(known.ranges);
    if (other == NULL || !ledger_rejected(in->options.store, w->like, &rejected, err)) {
        free(other);
        return err->code == ERROR_NONE;
    }
    buf_append_string(&in->notes, "kage: ");
    display_append(&in->notes, slice_of_string(kept->result->name));
    buf_printf(&in->notes, ": %zu of %zu lines were in the store, as of ", lines,
               kept->end->prints.count);
    display_append(&in->notes, slice_of_string(other));
    buf_append_string(&in->notes, "; they count once");
    if (rejected > 0) /* by a definition that was mended since, perhaps */
        buf_printf(&in->notes, ", but not those among the %" PRIu64 " lines that it had rejected",
                   rejected);
    buf_append_byte(&in->notes, '\n');
    free(other);
    return true;
}

/* Does another archive have lines of this one, without being the same? */
static bool note_overlap(struct intake *in, const struct archive_kept *kept, struct error *err)
{
    const struct sketch *sketch = &kept->end->sketch;
    struct ledger_samples samples = {sketch->hashes, sketch->count};
    const char *format = kept->result->format;
    struct ledger_overlap overlap;

    if (!ledger_find_overlap(in->options.store, format == NULL ? "" : format, samples, &overlap,
                             err))
        return false;
    if (overlap.name != NULL && is_overlap(sketch, overlap.shared)) {
        buf_append_string(&in->notes, "kage: ");
        display_append(&in->notes, slice_of_string(kept->result->name));
        buf_append_string(&in->notes, ": shares lines with ");
        display_append(&in->notes, slice_of_string(overlap.name));
        buf_printf(&in->notes,
                   ", which is in the store: %zu of %zu that were compared; they count twice\n",
                   overlap.shared, sketch->count);
    }
    free(overlap.name);
    return true;
}

/* ${from_day}: of which detail is kept. */
static bool add_detail(struct intake *in, const struct archive_kept *kept, int64_t archive,
                       int32_t *from_day, struct error *err)
{
    struct detail_part part = {kept->detail, kept->usage, in->options.signatures, archive,
                               in->options.threads};

    return kept->detail == NULL ||
           (detail_keep(in->options.store, kept->detail, &in->options.detail, from_day, err) &&
            detail_add(in->options.store, &part, *from_day, err) &&
            seen_add(in->options.store, detail_hits(kept->detail), in->options.signatures, err));
}

/* What was counted, without the ledger's entry of it. */
static bool add_counted(struct intake *in, const struct archive_kept *kept, int64_t entry,
                        struct error *err)
{
    struct cells_archive archive = {entry, kept->result->name, INT32_MAX, in->options.threads};

    return add_detail(in, kept, archive.id, &archive.hours_from, err) &&
           cells_add(in->options.store, kept->usage, in->options.signatures, &archive, err) &&
           members_note(in->options.store, kept->usage, in->options.identity, kept->coverage, err);
}

/* The entry gets the number that it was promised when some of it was taken. */
static bool add_entry(struct intake *in, size_t index, const struct ledger_entry *entry,
                      int64_t *id, struct error *err)
{
    int64_t promised = in->waiting[index].entry;

    if (!ledger_add(in->options.store, entry, id, err))
        return false;
    return promised == 0 || promised == *id ||
           error_set(err, ERROR_BUG, "%s: the ledger counts otherwise; please report this bug",
                     entry->name);
}

/* The lines that were counted, so that they are known when they come again. */
static bool add_prints(struct intake *in, const struct waiting *w, const struct archive_kept *kept,
                       int64_t id, struct error *err)
{
    struct line_ranges left_out = {0};
    struct buf bits = {0};
    struct prints_view prints;
    bool ok;

    if (!has_times(kept))
        return true;
    ok = of_new_part(w, kept, &left_out, err);
    if (ok) {
        prints = prints_pack(&kept->end->prints, &left_out, &bits);
        ok = bits.failed
                 ? error_set_memory(err)
                 : ledger_add_prints(in->options.store, id, &prints, err) &&
                       ledger_prune_prints(in->options.store, in->options.now_s, PRINTS_DAYS, err);
    }
    free(left_out.ranges);
    buf_free(&bits);
    return ok;
}

static bool add_new(struct intake *in, size_t index, const struct archive_kept *kept,
                    struct error *err)
{
    const struct waiting *w = &in->waiting[index];
    struct store *store = in->options.store;
    const struct sketch *sketch = &kept->end->sketch;
    struct ledger_entry entry;
    struct buf fields = {0};
    int64_t id = 0;
    bool ok;

    append_fields(&fields, kept->fields);
    if (fields.failed) {
        buf_free(&fields);
        return error_set_memory(err);
    }
    entry = entry_of(in, index, kept, fields.ptr);
    ok = (w->known.count > 0 ? note_known_lines(in, w, kept, err) : note_overlap(in, kept, err)) &&
         add_entry(in, index, &entry, &id, err) && add_prints(in, w, kept, id, err) &&
         ledger_add_samples(store, id, sketch->hashes, sketch->count, err) &&
         ledger_add_coverage(store, entry.source, kept->coverage, err) &&
         add_counted(in, kept, id, err);
    buf_free(&fields);
    return ok;
}

/* Inside a transaction. Of what is known only because of its lines, that is said once. */
static bool keep_archive(struct intake *in, size_t index, const struct archive_kept *kept,
                         bool known, struct error *err)
{
    struct store *store = in->options.store;
    const struct waiting *w = &in->waiting[index];

    if (!known && !add_new(in, index, kept, err))
        return false;
    if (known && w->known.count > 0 && !note_known_lines(in, w, kept, err))
        return false;
    if (w->file.inode != 0 && !ledger_add_file(store, &w->file, err))
        return false;
    return kept->packed.bytes == 0 || kept->packed.bytes != w->file.bytes ||
           ledger_add_packed(store, &kept->packed, err);
}

/* The transaction of an archive of which some was taken; of others there is none. Once it has begun
 * nobody else gets at the store until it has ended. */
static bool open_taken(struct intake *in, size_t index, struct error *err)
{
    struct waiting *w = &in->waiting[index];
    int64_t last;

    pthread_mutex_lock(&in->mutex);
    if (ledger_last(in->options.store, &last, err) && store_begin(in->options.store, err)) {
        w->entry = last + 1;
        return true;
    }
    pthread_mutex_unlock(&in->mutex);
    return false;
}

static void give_up(void *context, size_t index)
{
    struct intake *in = context;
    struct waiting *w = &in->waiting[index];

    if (w->entry == 0)
        return;
    w->entry = 0;
    store_rollback(in->options.store);
    pthread_mutex_unlock(&in->mutex);
}

static bool take(void *context, size_t index, const struct archive_kept *part, struct error *err)
{
    struct intake *in = context;
    const struct waiting *w = &in->waiting[index];

    return (w->entry != 0 || open_taken(in, index, err)) && add_counted(in, part, w->entry, err);
}

/* ${known}, ${again}: is all of it counted already; may part of it have been, meanwhile? */
static bool look_again(struct intake *in, size_t index, const struct archive_kept *kept,
                       bool *known, bool *again, struct error *err)
{
    const struct trail_end *end = kept->end;

    *again = false;
    *known = kept->result->known || end->content.bytes == 0;
    return (*known || ledger_knows_content(in->options.store, &end->content, known, err)) &&
           (*known || came_between(in, &in->waiting[index], end, again, err));
}

/* All lines of the new part stand in entries already, if in another order. */
static bool find_merged(struct intake *in, struct waiting *w, struct ledger_search search,
                        const struct archive_kept *kept, struct error *err)
{
    struct line_range all = {kept->end->known_lines, kept->end->known_lines + search.prints->count};
    struct line_ranges ranges = {&all, 1, 1};
    int64_t like = 0;

    search.after = 0;
    if (search.prints->count < LEAST_SHARED || w->known.count > 0)
        return true;
    if (!ledger_find_merged(in->options.store, &search, &like, err))
        return false;
    w->like = like;
    return like == 0 || line_ranges_join(&w->known, &ranges, err);
}

/* Lines that stand in entries already, in the same order. */
static bool find_runs(struct intake *in, struct waiting *w, const struct ledger_search *search,
                      const struct archive_kept *kept, struct error *err)
{
    struct line_ranges found = {0};
    struct repeats runs = {0};
    int64_t like = 0;
    bool ok = ledger_last(in->options.store, &w->searched, err) &&
              ledger_find_repeats(in->options.store, search, &runs, err) &&
              repeats_believe(&runs, search->prints, &found, &like, err);

    if (ok && found.count > 0) {
        line_ranges_move(&found, (int64_t)kept->end->known_lines);
        ok = line_ranges_join(&w->known, &found, err);
        w->like = w->like == 0 ? like : w->like;
    }
    free(found.ranges);
    repeats_free(&runs);
    return ok;
}

/* Lines that stand in entries already: ${known}, where these are all; ${again}, where it is to be
 * read once more without them. */
static bool find_known_lines(struct intake *in, size_t index, const struct archive_kept *kept,
                             bool *known, bool *again, struct error *err)
{
    struct waiting *w = &in->waiting[index];
    const struct tally *tally = &kept->result->tally;
    const char *source = in->options.hints[index].source;
    bool own = strcmp(source, kept->result->name) == 0; /* none is configured */
    struct ledger_search search = {&kept->end->prints, kept->result->format, own ? "" : source,
                                   tally->first_us,    tally->last_us,       w->searched};
    struct line_ranges of_new = {0};
    size_t before = line_ranges_sum(&w->known), all;
    bool ok;

    if (!has_times(kept))
        return true;
    ok = find_merged(in, w, search, kept, err) && find_runs(in, w, &search, kept, err) &&
         of_new_part(w, kept, &of_new, err);
    all = line_ranges_sum(&of_new);
    free(of_new.ranges);
    if (!ok || line_ranges_sum(&w->known) == before)
        return ok;
    *known = all == search.prints->count;
    *again = !*known;
    return true;
}

/* In the transaction of what was taken, else in one of its own. */
static bool commit(struct intake *in, size_t index, const struct archive_kept *kept, bool known,
                   struct error *err)
{
    struct store *store = in->options.store;
    bool ok;

    if (in->waiting[index].entry == 0 && !store_begin(store, err))
        return false;
    ok = keep_archive(in, index, kept, known, err) && store_commit(store, err);
    if (!ok)
        store_rollback(store);
    in->added += ok && !known;
    return ok;
}

static bool keep_locked(struct intake *in, size_t index, const struct archive_kept *kept,
                        enum archive_fate *fate, struct error *err)
{
    bool known, again;

    if (!look_again(in, index, kept, &known, &again, err) ||
        (!known && !again && !find_known_lines(in, index, kept, &known, &again, err)))
        return false;
    *fate = again ? FATE_AGAIN : known ? FATE_KNOWN : FATE_NEW;
    if (known || again)
        give_up(in, index);
    return again ? ledger_last(in->options.store, &in->waiting[index].last, err)
                 : commit(in, index, kept, known, err);
}

static bool keep(void *context, size_t index, const struct archive_kept *kept,
                 enum archive_fate *fate, struct error *err)
{
    struct intake *in = context;
    bool ok;

    pthread_mutex_lock(&in->mutex);
    ok = keep_locked(in, index, kept, fate, err);
    if (!ok)
        give_up(in, index);
    if (in->waiting[index].entry != 0) { /* it has ended */
        in->waiting[index].entry = 0;
        pthread_mutex_unlock(&in->mutex);
    }
    pthread_mutex_unlock(&in->mutex);
    return ok;
}

struct archive_keeper intake_keeper(struct intake *in)
{
    return (struct archive_keeper){begin, skipped, {points, in}, take, give_up, keep, in};
}
