/* intake_model.h: for intake_test.c: logs as they are written, renamed, copied, packed, damaged and
 * removed from night to night, by a model that knows nothing but their lines. */
#ifndef INTAKE_MODEL_H
#define INTAKE_MODEL_H

#include "intake_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <zlib.h>

enum {
    LINES = 4000, /* of a sequence, at most */
    FILES = 40,   /* made in a sequence, at most */
    DAYS = 3,
    USERS = 3,
    APPS = 2,
    FIRST_DAY = 20726,
    LINE_BYTES = 128,
    LEAST_PART = 3, /* lines: fewer may be alike by right, */
    SURE_PART = 16  /* so may fewer between lines that are not */
};

/* One line of a log: no two are alike. */
struct line {
    int64_t ts_ms;
    unsigned user, app, bytes;
    bool counted;   /* it stands in a file that was ingested */
    unsigned night; /* in which it was */
    bool purged;
};

/* What is wrong with a packed file. All but one say so behind all of their lines. */
enum damage { DAMAGE_NONE, DAMAGE_CUT, DAMAGE_SUM, DAMAGE_GARBAGE, DAMAGES };

struct file {
    char name[32];
    size_t lines[LINES / 4];
    size_t count;
    bool packed;
    bool half, open; /* its last line has no end: it lacks some of it, or but that */
    enum damage damage;
    size_t cut; /* lines before it */
    bool one;   /* all of its lines were new when it was made, and it has not grown */
    bool few;   /* lines from within another; new ones beside them would hide where they are from */
    bool cut_begin, cut_end; /* enough lines from within another, but so few more at that end */
    bool merged;             /* of two, line by line, or within new lines, or grown by too few: */
                             /* known as a whole only */
    bool there;
};

struct model {
    struct intake_world world;
    struct line lines[LINES];
    size_t line_count;
    struct file files[FILES];
    size_t file_count;
    uint64_t random;
    unsigned night;
};

/* xorshift64*: sequences are told by their seed. */
static inline unsigned pick(struct model *m, unsigned limit)
{
    m->random ^= m->random >> 12;
    m->random ^= m->random << 25;
    m->random ^= m->random >> 27;
    return (unsigned)(m->random * UINT64_C(0x2545f4914f6cdd1d) >> 33) % limit;
}

static inline void print_line(const struct line *l, char *out)
{
    static const char *const hosts[APPS] = {"chat.example", "drive.example"};

    (void)snprintf(out, LINE_BYTES,
                   "%lld.%03d    50 10.0.0.%u TCP_MISS/200 %u GET http://%s/x user%u "
                   "DIRECT/192.0.2.1 text/html\n",
                   (long long)(l->ts_ms / 1000), (int)(l->ts_ms % 1000), l->user + 1, l->bytes,
                   hosts[l->app], l->user);
}

/* What lies behind the lines that can be read, or the checksum, is not what gzip wrote. */
static inline void damage_file(const struct file *f, const char *path, off_t cut)
{
    static const char garbage[] = "garbage that no unpacker knows";
    int fd = open(path, O_RDWR);
    off_t size = lseek(fd, 0, SEEK_END);
    char byte;

    assert_true(size > 8);
    if (f->damage == DAMAGE_CUT)
        assert_int_equal(ftruncate(fd, cut), 0);
    if (f->damage == DAMAGE_GARBAGE)
        assert_int_equal(write(fd, garbage, sizeof garbage), sizeof garbage);
    if (f->damage == DAMAGE_SUM) {
        assert_int_equal(pread(fd, &byte, 1, size - 8), 1);
        byte = (char)~byte;
        assert_int_equal(pwrite(fd, &byte, 1, size - 8), 1);
    }
    assert_int_equal(close(fd), 0);
}

/* The file as it is to be. */
static inline void write_file(const struct model *m, const struct file *f)
{
    char path[128], line[LINE_BYTES];
    off_t cut = 0;
    gzFile out;

    (void)snprintf(path, sizeof path, "%s/%s", m->world.folder, f->name);
    out = gzopen(path, f->packed ? "wb1" : "wbT");
    assert_non_null(out);
    for (size_t i = 0; i < f->count; i++) {
        size_t length;

        if (f->damage == DAMAGE_CUT && i == f->cut) { /* so that all before it can be read */
            assert_int_equal(gzflush(out, Z_FULL_FLUSH), Z_OK);
            cut = gzoffset(out);
        }
        print_line(&m->lines[f->lines[i]], line);
        length = strlen(line);
        if (i + 1 == f->count)
            length -= f->half ? 40 : f->open;
        assert_int_equal(gzwrite(out, line, (unsigned)length), length);
    }
    assert_int_equal(gzclose(out), Z_OK);
    if (f->damage != DAMAGE_NONE)
        damage_file(f, path, cut);
}

/* Lines that count. */
static inline size_t readable(const struct file *f)
{
    bool waits = f->half || (f->open && (!f->packed || f->damage != DAMAGE_NONE));

    return f->damage == DAMAGE_CUT ? f->cut : f->count - waits;
}

static inline struct file *new_file(struct model *m)
{
    struct file *f = &m->files[m->file_count];

    *f = (struct file){.there = true};
    (void)snprintf(f->name, sizeof f->name, "%02u-%zu.log", pick(m, 100), m->file_count++);
    return f;
}

/* New lines at the end; a last line without its end gets that. */
static inline void add_lines(struct model *m, struct file *f, unsigned count)
{
    const size_t before = f->count, night = readable(f);

    for (; count > 0 && m->line_count < LINES && f->count < LINES / 4; count--) {
        int64_t serial = (int64_t)m->line_count;
        struct line *l = &m->lines[m->line_count];

        *l = (struct line){.ts_ms = ((int64_t)FIRST_DAY + pick(m, DAYS)) * 86400000 +
                                    (int64_t)pick(m, 86400) * 1000 + serial % 1000,
                           .user = pick(m, USERS),
                           .app = pick(m, APPS),
                           .bytes = 1000 + (unsigned)serial};
        f->lines[f->count++] = m->line_count++;
    }
    f->merged = f->merged || (before > 0 && f->count > before &&
                              (night < LEAST_PART || f->count - before < LEAST_PART));
    f->half = f->open = f->one = false;
    f->cut_end = f->cut_end && f->count == before;
}

static inline struct file *any_file(struct model *m)
{
    for (unsigned tries = 0; m->file_count > 0 && tries < 20; tries++) {
        struct file *f = &m->files[pick(m, (unsigned)m->file_count)];

        if (f->there && f->count > 0)
            return f;
    }
    return NULL;
}

static inline void path_of(const struct model *m, const struct file *f, char *out, size_t size)
{
    (void)snprintf(out, size, "%s/%s", m->world.folder, f->name);
}

static inline void rename_file(struct model *m, struct file *f)
{
    char from[128], to[128];

    path_of(m, f, from, sizeof from);
    (void)snprintf(f->name, sizeof f->name, "%02u-%u.1", pick(m, 100), pick(m, 1000000));
    path_of(m, f, to, sizeof to);
    assert_int_equal(rename(from, to), 0);
}

static inline void remove_file(const struct model *m, struct file *f)
{
    char path[128];

    path_of(m, f, path, sizeof path);
    assert_int_equal(unlink(path), 0);
    f->there = false;
}

/* Are all of its lines counted? What has not been ingested yet is not copied: half of it could then
 * be known, and the other not. */
static inline bool is_counted(const struct model *m, const struct file *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (!m->lines[f->lines[i]].counted)
            return false;
    return !f->half && !f->open;
}

/* Another file of the same lines, packed or not; with those of ${more} behind them, where not NULL.
 */
static inline void copy_files(struct model *m, const struct file *f, const struct file *more)
{
    struct file *copy = new_file(m);
    const char name_end = copy->name[0];

    memcpy(copy->lines, f->lines, f->count * sizeof *f->lines);
    copy->count = f->count;
    copy->packed = name_end % 2 == 0;
    copy->few = f->few || (more != NULL && more->few);
    copy->merged = f->merged || (more != NULL && (f->cut_end || more->cut_begin || more->merged));
    copy->cut_begin = f->cut_begin;
    copy->cut_end = more != NULL ? more->cut_end : f->cut_end;
    for (size_t i = 0; more != NULL && i < more->count && copy->count < LINES / 4; i++)
        copy->lines[copy->count++] = more->lines[i];
    if (more != NULL && copy->count < f->count + more->count)
        copy->count = f->count; /* not the whole of it: rather none */
    write_file(m, copy);
}

/* Two files in one, line by line. */
static inline void merge_files(struct model *m, const struct file *f, const struct file *more)
{
    struct file *merged = new_file(m);
    size_t i = 0, k = 0;

    merged->packed = pick(m, 2) == 0;
    merged->few = merged->merged = true;
    while (i < f->count || k < more->count) {
        bool first = k == more->count || (i < f->count && pick(m, 2) == 0);

        merged->lines[merged->count++] = first ? f->lines[i++] : more->lines[k++];
    }
    write_file(m, merged);
}

/* A part of it could have so few lines twice that these may be alike by right. */
static inline bool has_doubles(const struct file *f)
{
    for (size_t i = 0; i < f->count; i++)
        for (size_t k = 0; k < i; k++)
            if (f->lines[k] == f->lines[i])
                return true;
    return false;
}

/* Is there an end of a night between so few lines that these may be alike by right? */
static inline bool is_torn(const struct model *m, const struct file *f, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (m->lines[f->lines[i]].night != m->lines[f->lines[from]].night)
            return true;
    return false;
}

/* Some lines of a file in another, from anywhere in it, or new ones and then all of its lines; and
 * new ones behind. */
static inline void copy_part(struct model *m, const struct file *f)
{
    struct file *copy = new_file(m);
    size_t from = pick(m, 3) == 0 ? pick(m, (unsigned)f->count) : 0;
    size_t to = pick(m, 3) == 0 ? f->count : from + pick(m, (unsigned)(f->count - from)), least;
    bool sure;

    sure = f->one && to - from >= SURE_PART;
    least = sure ? SURE_PART : LEAST_PART;
    if (to - from < LEAST_PART || is_torn(m, f, from, from + least) ||
        is_torn(m, f, to - least, to)) {
        from = 0;
        to = f->count;
    }
    copy->packed = pick(m, 2) == 0;
    copy->few = !sure && (f->few || from > 0 || to < f->count);
    copy->cut_begin = from > 0 || f->cut_begin;
    if (pick(m, 2) == 0 && ((!copy->cut_begin && to - from >= LEAST_PART && !f->few) || sure)) {
        add_lines(m, copy, pick(m, 30));
        sure = sure && (from == 0 || copy->count == 0); /* one end tells where they are from */
        copy->cut_begin = copy->cut_begin && copy->count == 0;
    }
    for (size_t i = from; i < to && copy->count < LINES / 4; i++)
        copy->lines[copy->count++] = f->lines[i];
    copy->cut_end = to < f->count || f->cut_end;
    if (pick(m, 2) == 0 && ((!copy->cut_end && to - from >= LEAST_PART && !f->few) || sure)) {
        copy->merged = copy->lines[0] != f->lines[from];
        add_lines(m, copy, pick(m, 30));
    }
    write_file(m, copy);
}

/* A new file of new lines. Files that will be whole some night are cut before their first one. */
static inline void make_file(struct model *m, struct file *f)
{
    f->packed = pick(m, 3) == 0;
    add_lines(m, f, 1 + pick(m, 60));
    f->one = true;
    f->half = !f->packed && pick(m, 3) == 0;
    f->open = pick(m, 4) == 0 && !f->half;
    if (f->packed && pick(m, 2) == 0) {
        f->damage = (enum damage)pick(m, DAMAGES);
        f->cut = f->count <= LEAST_PART ? 0 : LEAST_PART + pick(m, (unsigned)f->count - LEAST_PART);
    }
    write_file(m, f);
}

/* A packed file takes damage behind its lines, or is mended. */
static inline void damage_or_mend(struct model *m, struct file *f)
{
    if (f->damage != DAMAGE_NONE)
        f->damage = DAMAGE_NONE;
    else
        f->damage = pick(m, 2) == 0 ? DAMAGE_SUM : DAMAGE_GARBAGE;
    write_file(m, f);
}

/* One thing that happens to logs between two nights. */
static inline void disturb(struct model *m)
{
    struct file *f = m->file_count >= FILES - 2 ? any_file(m) : NULL, *more;
    unsigned what = pick(m, 10);

    if (f == NULL && (what < 2 || m->file_count < 2)) {
        f = new_file(m);
        make_file(m, f);
        return;
    }
    f = any_file(m);
    more = any_file(m);
    if (f == NULL)
        return;
    if (what < 4 && (!f->packed || f->open) && f->damage == DAMAGE_NONE && !f->few) { /* grows */
        add_lines(m, f, pick(m, 40));
        f->half = !f->packed && pick(m, 3) == 0 && !m->lines[f->lines[f->count - 1]].counted;
        write_file(m, f);
    } else if (what == 4) { /* rotated */
        rename_file(m, f);
    } else if (f->packed && (what == 9 || f->damage == DAMAGE_CUT)) {
        damage_or_mend(m, f);
    } else if (what == 5 && !f->packed && !f->half && !f->open) { /* packed in its place */
        f->packed = true;
        write_file(m, f);
    } else if (m->file_count < FILES - 2 && is_counted(m, f)) {
        if (what == 8 && !has_doubles(f) && !f->merged) {
            copy_part(m, f);
        } else if (what == 6 && !f->packed) { /* copied, then emptied */
            copy_files(m, f, NULL);
            f->count = 0;
            f->cut_begin = false;
            add_lines(m, f, 1 + pick(m, 30));
            write_file(m, f);
        } else if (what == 7) {
            copy_files(m, f, NULL);
        } else if (f != more && f->one && more->one && is_counted(m, more) && pick(m, 2) == 0) {
            merge_files(m, f, more);
        } else if (is_counted(m, more) && more->count >= LEAST_PART && !f->merged &&
                   !more->merged) { /* put together */
            copy_files(m, f, more);
        }
    } else if (is_counted(m, f)) {
        remove_file(m, f);
    }
}

/* All whole lines of all files that can be read count now. */
static inline void note_counted(struct model *m)
{
    m->night++;
    for (size_t i = 0; i < m->file_count; i++) {
        const struct file *f = &m->files[i];

        for (size_t k = 0; f->there && k < readable(f); k++) {
            struct line *l = &m->lines[f->lines[k]];

            l->night = l->counted ? l->night : m->night;
            l->counted = true;
        }
    }
}

#endif
