/* account.c: the account of a run as some aligned lines. */
#include "account.h"

#include "geo.h"
#include "people.h"
#include "report/display.h"
#include "report/pseudonym.h"

#include <inttypes.h>
#include <string.h>

enum { WHOLE_PPM = 1000000 };

bool account_is_answer(const struct archive_result *archive)
{
    return archive->failure.code == ERROR_NONE &&
           (archive->damage[0] == '\0' || archive->tally.lines > 0 || archive->known);
}

bool account_has_too_many_rejects(const struct account *a)
{
    const struct tally *total = &a->result->total;

    return (double)total->rejected * WHOLE_PPM > (double)total->lines * a->max_rejects_ppm;
}

/* "1,234 records" with ${join} before it. */
static void append_count(struct buf *out, const char *join, uint64_t count, const char *what)
{
    buf_append_string(out, join);
    display_append_number(out, count);
    buf_append_byte(out, ' ');
    buf_append_string(out, what);
}

static void append_archives(struct buf *out, const struct account *a)
{
    uint64_t read = 0, known = 0, damaged = 0, missing = 0, bytes = 0;

    for (size_t i = 0; i < a->result->count; i++) {
        const struct archive_result *archive = &a->result->archives[i];

        read += archive->failure.code == ERROR_NONE && !archive->known;
        known += archive->known;
        missing += archive->failure.code != ERROR_NONE;
        damaged += archive->damage[0] != '\0';
        bytes += archive->compressed_bytes;
    }
    display_append_label(out, "archives");
    append_count(out, "", read, "read");
    if (known > 0)
        append_count(out, ", ", known, "known already");
    if (damaged > 0)
        append_count(out, ", ", damaged, "damaged");
    if (missing > 0)
        append_count(out, ", ", missing, "not read");
    if (a->repeated > 0)
        append_count(out, ", ", a->repeated, "named again");
    buf_append_string(out, "; ");
    display_append_bytes(out, bytes);
    if (a->result->total.bytes != bytes) {
        buf_append_string(out, ", unpacked ");
        display_append_bytes(out, a->result->total.bytes);
    }
    buf_append_byte(out, '\n');
}

static bool same_format(const struct archive_result *a, const struct archive_result *b)
{
    return a->format != NULL && b->format != NULL && strcmp(a->format, b->format) == 0 &&
           strcmp(a->twins, b->twins) == 0;
}

/* Was the archive's format met before it? */
static bool is_repeated(const struct ingest_result *result, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (same_format(&result->archives[i], &result->archives[index]))
            return true;
    return false;
}

static void append_format(struct buf *out, const struct ingest_result *result, size_t index)
{
    const struct archive_result *archive = &result->archives[index];
    uint64_t count = 0;

    for (size_t i = index; i < result->count; i++)
        count += same_format(archive, &result->archives[i]);
    buf_printf(out, "%s %" PRIu64, archive->format, count);
    if (archive->twins[0] != '\0')
        buf_printf(out, " (read alike: %s)", archive->twins);
}

static void append_formats(struct buf *out, const struct ingest_result *result)
{
    bool any = false;

    for (size_t i = 0; i < result->count; i++) {
        if (result->archives[i].format == NULL || is_repeated(result, i))
            continue;
        display_append_next(out, "formats", ", ", &any);
        append_format(out, result, i);
    }
    if (any)
        buf_append_byte(out, '\n');
}

static void append_rejected(struct buf *out, const struct tally *total)
{
    const char *join = "";

    if (total->rejected == 0)
        return;
    display_append_label(out, "rejected");
    for (int why = 0; why < REJECT_COUNT; why++)
        if (total->rejected_by[why] > 0) {
            append_count(out, join, total->rejected_by[why], reject_text((enum reject)why));
            join = ", ";
        }
    buf_append_byte(out, '\n');
}

static void append_sums(struct buf *out, const struct account *a)
{
    const struct tally *t = &a->result->total;

    display_append_label(out, "lines");
    display_append_number(out, t->lines);
    append_count(out, " = ", t->records, "records");
    append_count(out, " + ", t->skipped, "skipped");
    append_count(out, " + ", t->rejected, "rejected\n");
    append_rejected(out, t);
    if (a->signatures == NULL)
        return;
    display_append_label(out, "records");
    display_append_number(out, t->records);
    append_count(out, " = ", t->matched, "matched");
    append_count(out, " + ", t->unmatched, "unmatched");
    append_count(out, " + ", t->excluded, "excluded");
    append_count(out, " + ", t->filtered, "filtered");
    append_count(out, " + ", t->challenged, "challenged\n");
    if (t->elapsed_ignored > 0) {
        display_append_label(out, "elapsed");
        append_count(out, "", t->elapsed_ignored, "durations beyond 24 h passed over\n");
    }
}

static void append_period(struct buf *out, const struct account *a)
{
    const struct tally *total = &a->result->total;

    if (total->first_us <= total->last_us) {
        display_append_label(out, "period");
        zone_append_rfc3339(out, a->report_zone, total->first_us);
        buf_append_string(out, " to ");
        zone_append_rfc3339(out, a->report_zone, total->last_us);
        buf_append_byte(out, '\n');
    }
    display_append_label(out, "zone");
    buf_printf(out, "%s\n", zone_name(a->report_zone));
}

/* Years that were chosen for stamps without one. */
static void append_years(struct buf *out, const struct ingest_result *result)
{
    int first = 0, last = 0;

    for (size_t i = 0; i < result->count; i++) {
        int year = result->archives[i].year_of_last;

        if (year != 0 && (first == 0 || year < first))
            first = year;
        if (year > last)
            last = year;
    }
    if (first == 0)
        return;
    display_append_label(out, "year");
    buf_printf(out, "%d", first);
    if (last != first)
        buf_printf(out, " to %d", last);
    buf_append_string(out, ", taken for the last stamp without one; --year says another\n");
}

/* Orders of month and day that were chosen by the time of archives whose dates do not show them. */
static void append_orders(struct buf *out, const struct ingest_result *result)
{
    static const char *const texts[ORDER_COUNT] = {
        [ORDER_MONTH_FIRST] = "month before day", [ORDER_DAY_FIRST] = "day before month"};

    for (int order = ORDER_MONTH_FIRST; order < ORDER_COUNT; order++) {
        uint64_t archives = 0;

        for (size_t i = 0; i < result->count; i++)
            archives += result->archives[i].date_order_by_time &&
                        result->archives[i].date_order == (enum stamp_order)order;
        if (archives == 0)
            continue;
        display_append_label(out, "dates");
        buf_append_string(out, texts[order]);
        append_count(out, " in ", archives,
                     archives == 1 ? "archive by its own date" : "archives by their own dates");
        buf_append_string(out, "; --date-order says another\n");
    }
}

/* What was done to text that is no UTF-8. */
static void append_recoded(struct buf *out, const struct archive_result *archive)
{
    for (int e = ENCODING_CP932; e < ENCODING_COUNT; e++)
        if (archive->recoded[e] > 0) {
            append_count(out, "; ", archive->recoded[e],
                         archive->recoded[e] == 1 ? "word read as " : "words read as ");
            buf_append_string(out, encoding_name((enum encoding)e));
        }
    if (archive->recoded[ENCODING_UNKNOWN] > 0)
        append_count(out, "; ", archive->recoded[ENCODING_UNKNOWN],
                     archive->recoded[ENCODING_UNKNOWN] == 1 ? "word of no known encoding"
                                                             : "words of no known encoding");
}

/* Paths of archives may name people. */
static void append_archive(struct buf *out, const struct account *a,
                           const struct archive_result *archive)
{
    display_append_label(out, "archive");
    pseudonym_show(a->pseudonyms, PSEUDONYM_TEXT, slice_of_string(archive->name), out);
    buf_append_string(out, ": ");
    if (archive->failure.code != ERROR_NONE) {
        buf_append_string(out, "not read\n");
        return;
    }
    if (archive->known) {
        buf_append_string(out, "known already\n");
        return;
    }
    buf_printf(out, "%s, %s, ", archive->format == NULL ? "empty" : archive->format,
               archive->packing);
    append_count(out, "", archive->tally.lines, "lines");
    append_count(out, ", ", archive->tally.records, "records");
    append_count(out, ", ", archive->tally.skipped, "skipped");
    append_count(out, ", ", archive->tally.rejected, "rejected");
    append_recoded(out, archive);
    buf_append_byte(out, '\n');
}

static void append_geo(struct buf *out, const struct account *a)
{
    struct buf text = {0};

    if (a->catalogue != NULL)
        geo_append(&text, a->catalogue);
    if (text.len > 0) {
        display_append_label(out, "geoip");
        buf_append(out, buf_slice(&text));
        buf_append_byte(out, '\n');
    }
    buf_free(&text);
}

static void append_people(struct buf *out, const struct account *a)
{
    const struct people_account account = {a->report_zone, a->pseudonyms,
                                           a->result->total.undecided};

    people_append_account(out, a->people, &account);
}

void account_append(struct buf *out, const struct account *a)
{
    for (size_t i = 0; a->verbose && i < a->result->count; i++)
        append_archive(out, a, &a->result->archives[i]);
    append_archives(out, a);
    append_formats(out, a->result);
    append_sums(out, a);
    append_period(out, a);
    append_years(out, a->result);
    append_orders(out, a->result);
    if (a->people != NULL)
        append_people(out, a);
    if (a->signatures == NULL)
        return;
    display_append_label(out, "signatures");
    buf_printf(out, "%s\n", a->signatures);
    append_geo(out, a);
    if (a->stored)
        return;
    display_append_label(out, "rows");
    display_append_number(out, a->rows);
    if (a->shown < a->rows)
        append_count(out, ", ", a->shown, "shown (--top)");
    buf_append_byte(out, '\n');
}

/* Does ${text} begin with "NAME: "? A struct error has `?` for the control bytes of the name. */
static bool is_named(struct slice text, struct slice name)
{
    for (size_t i = 0; i < name.len && i < text.len; i++) {
        bool control = (unsigned char)name.ptr[i] < 0x20 || name.ptr[i] == 0x7f;

        if (text.ptr[i] != (control ? '?' : name.ptr[i]))
            return false;
    }
    return text.len > name.len && slice_starts_with(slice_from(text, name.len), SLICE(": "));
}

/* "kage: ARCHIVE: what", the name once and always shown in the same way. */
static void append_problem(struct buf *out, const struct account *a, const char *archive,
                           const char *text)
{
    struct slice name = slice_of_string(archive), what = slice_of_string(text);

    if (is_named(what, name))
        what = slice_from(what, name.len + 2);
    buf_append_string(out, "kage: ");
    pseudonym_show(a->pseudonyms, PSEUDONYM_TEXT, slice_of_string(archive), out);
    buf_append_string(out, ": ");
    display_append(out, what);
    buf_append_byte(out, '\n');
}

const char *account_guess(const struct archive_result *archive)
{
    static const char *const texts[ORDER_COUNT] = {
        [ORDER_MONTH_FIRST] = "its dates were read as month before day, which nothing shows; "
                              "expected --date-order mdy or dmy",
        [ORDER_DAY_FIRST] = "its dates were read as day before month, which nothing shows; "
                            "expected --date-order mdy or dmy"};

    return archive->date_order_by_time ? NULL : texts[archive->date_order];
}

/* Of the archive with most rejected lines the first of them: it mostly shows what is wrong. Not
 * where names are hidden: it holds what stands in the log. */
static void append_first_reject(struct buf *out, const struct account *a)
{
    const struct archive_result *worst = NULL;
    const struct first_reject *first;

    for (size_t i = 0; a->pseudonyms == NULL && i < a->result->count; i++)
        if (a->result->archives[i].first_reject.line > 0 &&
            (worst == NULL || a->result->archives[i].tally.rejected > worst->tally.rejected))
            worst = &a->result->archives[i];
    if (worst == NULL)
        return;
    first = &worst->first_reject;
    buf_append_string(out, "kage: ");
    pseudonym_show(a->pseudonyms, PSEUDONYM_TEXT, slice_of_string(worst->name), out);
    buf_printf(out, ":%" PRIu64 ": rejected: %s", first->line, reject_text(first->why));
    if (first->detail[0] != '\0')
        buf_append_string(out, ": ");
    display_append(out, slice_of_string(first->detail));
    buf_append_byte(out, '\n');
}

void account_append_problems(struct buf *out, const struct account *a)
{
    const struct ingest_result *result = a->result;

    for (size_t i = 0; i < result->count; i++) {
        if (result->archives[i].failure.code != ERROR_NONE)
            append_problem(out, a, result->archives[i].name, result->archives[i].failure.text);
        if (result->archives[i].damage[0] != '\0')
            append_problem(out, a, result->archives[i].name, result->archives[i].damage);
        if (account_guess(&result->archives[i]) != NULL)
            append_problem(out, a, result->archives[i].name, account_guess(&result->archives[i]));
    }
    if (account_has_too_many_rejects(a)) {
        append_count(out, "kage: ", result->total.rejected, "of ");
        append_count(out, "", result->total.lines,
                     "lines rejected, more than --max-rejects allows; --rejects FILE keeps them\n");
        append_first_reject(out, a);
    }
}
