/* glob.c: compiles patterns with `*`. */
#include "format/mapping/glob.h"

#include "format/decoder/scan.h"

#include <stdint.h>

/* The first eight bytes of ${s}, zeros behind them where it is shorter. */
static uint64_t first_bytes(struct slice s)
{
    char bytes[8] = {0};

    if (s.len > 0)
        memcpy(bytes, s.ptr, s.len < 8 ? s.len : 8);
    return word_load(bytes);
}

/* The last eight bytes of ${s}, zeros before them where it is shorter. */
static uint64_t last_bytes(struct slice s)
{
    if (s.len >= 8)
        return word_load(s.ptr + s.len - 8);
    return s.len == 0 ? 0 : first_bytes(s) << 8 * (8 - s.len);
}

void glob_compile(struct slice pattern, struct glob *out)
{
    size_t first = slice_find(pattern, '*'), stars = 0, last = first;
    struct slice head = slice_of(pattern.ptr, first), tail = head;

    for (size_t i = first; i < pattern.len; i++)
        if (pattern.ptr[i] == '*') {
            stars++;
            last = i;
        }
    if (stars > 0)
        tail = slice_from(pattern, last + 1);
    *out = (struct glob){.pattern = pattern, .least = pattern.len - stars, .most = SIZE_MAX};
    out->head = first_bytes(head);
    out->head_mask = word_mask(head.len);
    out->tail = last_bytes(tail);
    out->tail_mask = tail.len == 0 ? 0 : ~UINT64_C(0) << 8 * (8 - (tail.len < 8 ? tail.len : 8));
    if (stars == 0)
        out->most = pattern.len;
    out->decided = stars == 0   ? pattern.len <= 16
                   : stars == 1 ? head.len <= 8 && tail.len <= 8
                                : false;
    if (stars == 2 && head.len <= 8 && tail.len <= 8) {
        out->middle = slice_of(pattern.ptr + first + 1, last - first - 1);
        out->skip = first;
    }
}

static void add_byte(uint64_t bits[4], bool known, unsigned char byte)
{
    if (known)
        bits[byte / 64] |= UINT64_C(1) << byte % 64;
    else
        memset(bits, 0xff, 4 * sizeof *bits);
}

void glob_set_of(const struct glob *globs, size_t count, struct glob_set *out)
{
    *out = (struct glob_set){.globs = globs, .count = count};
    for (size_t i = 0; i < count; i++) {
        const struct glob *g = &globs[i];

        if (g->most > out->most)
            out->most = g->most;
        add_byte(out->first, (g->head_mask & 0xff) != 0, (unsigned char)g->head);
        add_byte(out->last, g->tail_mask >> 56 != 0, (unsigned char)(g->tail >> 56));
    }
}

bool glob_match_inner(const struct glob *g, struct slice text)
{
    const char *p = text.ptr + g->skip, *end;

    if (g->middle.len == 0)
        return slice_glob(g->pattern, text);
    end = glob_middle_end(g, text);
    for (; (p = scan_slack(p, end, g->middle.ptr[0])) < end; p++)
        if (memcmp(p, g->middle.ptr, g->middle.len) == 0)
            return true;
    return false;
}

/* From pattern ${i} on. */
static __attribute__((noinline)) size_t search_from(const struct glob_set *set, size_t i,
                                                    struct slice text)
{
    const struct glob_text t = glob_text_of(text);

    while (i < set->count && !glob_match(&set->globs[i], &t))
        i++;
    return i;
}

/* The first pattern, which often decides, needs no loop and no call. */
size_t glob_set_search(const struct glob_set *set, struct slice text)
{
    const struct glob_text t = glob_text_of(text);
    bool sure;

    if (set->count == 0)
        return 0;
    if (glob_may_match(&set->globs[0], &t, &sure))
        return sure ? 0 : search_from(set, 0, text);
    return set->count == 1 ? 1 : search_from(set, 1, text);
}
