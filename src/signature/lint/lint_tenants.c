/* lint_tenants.c: a pattern applies where a host that fits it belongs to its app. */
#include "signature/lint/lint_checks.h"

#include "base/buf.h"
#include "signature/match.h"
#include "signature/set.h"

/* What stands for a placeholder or `*` in a host that fits; no signature has such a label. */
#define SAMPLE_LABEL "kage--sample"

/* A host that fits the pattern, with a NUL. */
static void append_sample(struct buf *out, struct slice host)
{
    for (size_t i = 0; i < host.len; i++)
        if (host.ptr[i] == '*') {
            buf_append_string(out, SAMPLE_LABEL);
        } else if (host.ptr[i] == '{') {
            buf_append_string(out, SAMPLE_LABEL);
            i += slice_find(slice_from(host, i), '}');
        } else {
            buf_append_byte(out, host.ptr[i]);
        }
}

static size_t count_labels(struct slice name)
{
    size_t count = name.len > 0;

    for (size_t i = 0; i < name.len; i++)
        count += name.ptr[i] == '.';
    return count;
}

/* ${domain} with labels of ${sample} in front, so that it has as many. */
static void append_extended(struct buf *out, struct slice sample, struct slice domain)
{
    size_t wanted = count_labels(sample), have = count_labels(domain);
    struct slice label;

    for (; have < wanted; have++) {
        slice_cut(sample, '.', &label, &sample);
        buf_append(out, label);
        buf_append_byte(out, '.');
    }
    buf_append(out, domain);
}

/* Does ${host} fit the host of the pattern? */
static bool fits(const struct tenant_pattern *p, struct slice host)
{
    struct slice tail = tenant_tail(p), tenant;

    return slice_ends_with(host, tail) &&
           (host.len == tail.len || host.ptr[host.len - tail.len - 1] == '.') &&
           tenant_fits_host(p, host, &tenant);
}

static bool belongs(const struct signature_set *set, const struct tenant_row *row,
                    struct slice host)
{
    return fits(&row->pattern, host) && signature_match(set, host).app == row->app;
}

/* Some host that fits: one made up, or one of the app's own names. */
static bool applies(struct lint *l, const struct tenant_row *row)
{
    const struct signature_set *set = l->input->set;
    struct buf sample = {0}, host = {0};
    bool found;

    append_sample(&sample, row->pattern.host);
    found = belongs(set, row, buf_slice(&sample));
    for (uint32_t i = 0; !found && i < set->signature_count; i++) {
        const struct signature *s = &set->signatures[i];

        if (s->app != row->app)
            continue;
        buf_reset(&host);
        append_extended(&host, buf_slice(&sample), slice_of_string(s->domain));
        found = belongs(set, row, buf_slice(&host));
    }
    l->failed = l->failed || sample.failed || host.failed;
    buf_free(&sample);
    buf_free(&host);
    return found;
}

static bool has_placeholder(const struct tenant_pattern *p)
{
    return slice_find(p->text, '{') < p->text.len;
}

/* A pattern without {tenant} takes names out of another one's; is there such a one? */
static bool takes_out(const struct signature_set *set, const struct tenant_row *row)
{
    for (uint32_t i = 0; i < set->tenant_count; i++) {
        const struct tenant_pattern *other = &set->tenants[i].pattern;

        if (set->tenants[i].app != row->app || !has_placeholder(other) ||
            other->has_path != row->pattern.has_path)
            continue;
        if (fits(other, row->pattern.host))
            return true;
    }
    return false;
}

void lint_tenants(struct lint *l)
{
    const struct signature_set *set = l->input->set;

    for (uint32_t i = 0; i < set->tenant_count; i++) {
        const struct tenant_row *row = &set->tenants[i];
        const struct lint_place place = {row->file, row->line};
        struct buf text = {0};

        buf_append(&text, row->pattern.text);
        buf_append_byte(&text, '\0');
        if (text.failed)
            l->failed = true;
        else if (!applies(l, row))
            lint_add(l, LINT_TENANT, place, text.ptr, "no host that fits it belongs to '%s'",
                     set->apps[row->app].id);
        else if (!has_placeholder(&row->pattern) && !takes_out(set, row))
            lint_add(l, LINT_TENANT, place, text.ptr,
                     "'%s' has no pattern with {tenant} that it takes anything out of",
                     set->apps[row->app].id);
        buf_free(&text);
    }
}
