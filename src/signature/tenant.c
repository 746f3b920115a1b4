/* tenant.c: patterns label by label; the literal end is the suffix tree's. */
#include "signature/tenant.h"

#include "net/domain.h"

static const struct slice one = {"{tenant}", 8}, many = {"{tenant...}", 11};

static size_t count_labels(struct slice s)
{
    size_t n = s.len > 0;

    for (size_t i = 0; i < s.len; i++)
        n += s.ptr[i] == '.';
    return n;
}

/* Length of the placeholder or `*` at the start of ${s}, 0 where there is none. */
static size_t wild_length(struct slice s)
{
    if (s.len == 0 || (s.ptr[0] != '{' && s.ptr[0] != '*'))
        return 0;
    if (slice_starts_with(s, one))
        return one.len;
    if (slice_starts_with(s, many))
        return many.len;
    return s.ptr[0] == '*';
}

/* What walking over a pattern has seen. */
struct scan {
    size_t literal; /* bytes */
    bool tenant;    /* a placeholder */
    size_t last;    /* length of the placeholder or `*` that ended just before, else 0 */
};

/* What is wrong with the piece of ${n} bytes (0: a literal byte ${c}) at ${at}; NULL: nothing. */
static const char *fault_of(const struct scan *s, size_t n, char c, size_t at)
{
    if (n == 0 && (c == '{' || c == '}'))
        return "only {tenant} and {tenant...} may stand in braces";
    if (n == many.len && at > 0)
        return "{tenant...} may only be the first label";
    if (n > 1 && s->tenant)
        return "{tenant} stands twice";
    if ((n > 1 && s->last == 1) || (n == 1 && s->last > 1))
        return "'*' directly beside {tenant} is ambiguous";
    return NULL;
}

/* Placeholders: at most one, and nothing else in braces. */
static bool check_placeholders(struct slice text, struct scan *s, const char **why)
{
    for (size_t i = 0, n; i < text.len; i += n == 0 ? 1 : n) {
        char c = text.ptr[i];

        n = wild_length(slice_from(text, i));
        *why = fault_of(s, n, c, i);
        if (*why != NULL)
            return false;
        s->literal += n == 0;
        s->tenant = s->tenant || n > 1;
        s->last = n;
    }
    return true;
}

/* With an `x` for each placeholder and `*`, the host must be a host name. */
static bool check_host(struct slice host, const char **why)
{
    char name[TENANT_PATTERN_LIMIT_BYTES];
    size_t len = 0;

    for (size_t i = 0, n; i < host.len; i += n == 0 ? 1 : n) {
        n = wild_length(slice_from(host, i));
        name[len++] = host.ptr[i];
        if (n > 0)
            name[len - 1] = 'x';
    }
    return domain_valid(slice_of(name, len), why);
}

/* Bytes of the labels behind the last one with a placeholder or `*`. */
static size_t literal_end(struct slice host)
{
    size_t start = host.len, at;

    while (start > 0 && host.ptr[start - 1] != '*' && host.ptr[start - 1] != '}')
        start--;
    if (start == 0)
        return host.len;
    at = slice_find(slice_from(host, start), '.');
    return at == host.len - start ? 0 : host.len - start - at - 1;
}

/* The labels before the literal end, but for {tenant...}. */
static struct slice front_of(const struct tenant_pattern *p)
{
    size_t skip = p->many_labels ? many.len + 1 : 0;
    size_t len = p->host.len > skip + p->tail_len ? p->host.len - skip - p->tail_len - 1 : 0;

    return slice_of(p->host.ptr + skip, len);
}

/* Find the literal end and what stands before it. */
static bool split_host(struct tenant_pattern *p, const char **why)
{
    p->many_labels = slice_starts_with(p->host, many);
    p->tail_len = literal_end(p->host);
    if (p->tail_len == 0) {
        *why = "the host must end in a literal domain";
        return false;
    }
    if (p->many_labels && p->host.ptr[many.len] != '.') {
        *why = "{tenant...} must be a whole label";
        return false;
    }
    p->front = front_of(p);
    p->front_labels = count_labels(p->front);
    return true;
}

bool tenant_compile(struct slice text, struct tenant_pattern *out, const char **why)
{
    struct tenant_pattern p = {.text = text};
    struct scan scan = {0};

    if (text.len > TENANT_PATTERN_LIMIT_BYTES) {
        *why = "longer than 1024 bytes";
        return false;
    }
    p.has_path = slice_cut(text, '/', &p.host, &p.path);
    if (p.path.len > 0 && p.path.ptr[p.path.len - 1] == '/')
        p.path.len--;
    if (p.has_path && p.path.len == 0) {
        *why = "nothing stands behind the '/'";
        return false;
    }
    if (!check_placeholders(text, &scan, why) || !check_host(p.host, why) || !split_host(&p, why))
        return false;
    p.rank = (uint32_t)scan.literal * 2 + !scan.tenant;
    *out = p;
    return true;
}

_Static_assert(TENANT_PATTERN_LIMIT_BYTES <= UINT16_MAX, "lengths fit into a shape");

struct tenant_shape tenant_shape_of(const struct tenant_pattern *p)
{
    return (struct tenant_shape){.rank = p->rank,
                                 .text_len = (uint16_t)p->text.len,
                                 .host_len = (uint16_t)p->host.len,
                                 .path_len = (uint16_t)p->path.len,
                                 .tail_len = (uint16_t)p->tail_len,
                                 .front_labels = (uint8_t)p->front_labels,
                                 .many_labels = p->many_labels};
}

struct tenant_pattern tenant_of_shape(const char *text, const struct tenant_shape *shape)
{
    struct tenant_pattern p = {.text = slice_of(text, shape->text_len),
                               .host = slice_of(text, shape->host_len),
                               .has_path = shape->path_len > 0,
                               .many_labels = shape->many_labels != 0,
                               .tail_len = shape->tail_len,
                               .front_labels = shape->front_labels,
                               .rank = shape->rank};

    p.path = slice_of(text + shape->host_len + p.has_path, shape->path_len);
    p.front = front_of(&p);
    return p;
}

struct slice tenant_tail(const struct tenant_pattern *p)
{
    return slice_from(p->host, p->host.len - p->tail_len);
}

/* {tenant} from ${start} on, as few bytes as leave what fits ${after}. */
static bool fits_from(size_t start, struct slice after, struct slice text, struct slice *tenant)
{
    for (size_t end = start + 1; end <= text.len; end++)
        if (slice_glob(after, slice_from(text, end))) {
            *tenant = slice_of(text.ptr + start, end - start);
            return true;
        }
    return false;
}

/* One label or segment. */
static bool fits(struct slice pattern, struct slice text, struct slice *tenant)
{
    size_t at = slice_find(pattern, '{');
    struct slice before = slice_of(pattern.ptr, at), after;

    if (text.len > TENANT_LIMIT_BYTES)
        return false;
    if (at == pattern.len)
        return slice_glob(pattern, text);
    after = slice_from(pattern, slice_find(pattern, '}') + 1);
    if (slice_find(before, '*') == before.len)
        return slice_starts_with(text, before) && fits_from(at, after, text, tenant);
    for (size_t start = text.len; start-- > 0;)
        if (slice_glob(before, slice_of(text.ptr, start)) && fits_from(start, after, text, tenant))
            return true;
    return false;
}

/* Bytes of the first ${count} labels of ${s}, which has as many. */
static size_t labels_length(struct slice s, size_t count)
{
    size_t end = 0;

    while (count-- > 0)
        end += slice_find(slice_from(s, end), '.') + 1;
    return end - 1;
}

bool tenant_fits_host(const struct tenant_pattern *p, struct slice host, struct slice *tenant)
{
    struct slice front = p->front, rest, label, pattern;
    size_t labels;

    if (host.len <= p->tail_len)
        return front.len == 0 && !p->many_labels;
    rest = slice_of(host.ptr, host.len - p->tail_len - 1);
    labels = count_labels(rest);
    if (p->many_labels ? labels <= p->front_labels : labels != p->front_labels)
        return false;
    if (p->many_labels) {
        *tenant = slice_of(rest.ptr, labels_length(rest, labels - p->front_labels));
        rest = slice_from(rest, tenant->len + (tenant->len < rest.len));
        if (tenant->len == 0 || tenant->len > TENANT_LIMIT_BYTES)
            return false;
    }
    while (front.len > 0) {
        slice_cut(front, '.', &pattern, &front);
        slice_cut(rest, '.', &label, &rest);
        if (!fits(pattern, label, tenant))
            return false;
    }
    return true;
}

bool tenant_fits_path(const struct tenant_pattern *p, struct slice path, struct slice *tenant)
{
    struct slice wanted = p->path, segment, pattern;
    bool more = true;

    if (path.len == 0 || path.ptr[0] != '/')
        return false;
    while (more) {
        if (path.len == 0)
            return false;
        while (path.len > 0 && path.ptr[0] == '/') /* servers take many for one */
            path = slice_from(path, 1);
        segment = slice_of(path.ptr, slice_find(path, '/'));
        path = slice_from(path, segment.len);
        more = slice_cut(wanted, '/', &pattern, &wanted);
        if (!fits(pattern, segment, tenant))
            return false;
    }
    return true;
}

static int digit_value(char c)
{
    char lower = (char)(c | 0x20);

    if (c >= '0' && c <= '9')
        return c - '0';
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* The byte that is escaped at the start of ${s}; -1 where none is, or one that may not stand in a
 * name: a blank or control byte. */
static int escaped_byte(struct slice s)
{
    int high, low, byte;

    if (s.len < 3 || s.ptr[0] != '%')
        return -1;
    high = digit_value(s.ptr[1]);
    low = digit_value(s.ptr[2]);
    byte = high * 16 + low;
    return high < 0 || low < 0 || byte <= ' ' || byte == 0x7f ? -1 : byte;
}

struct slice tenant_decode(struct slice segment, char *text)
{
    size_t n = 0;

    if (slice_find(segment, '%') == segment.len)
        return segment;
    for (size_t i = 0; i < segment.len; i++) {
        int byte = escaped_byte(slice_from(segment, i));

        text[n] = segment.ptr[i];
        if (byte >= 0) {
            text[n] = (char)byte;
            i += 2;
        }
        n++;
    }
    return slice_of(text, n);
}
