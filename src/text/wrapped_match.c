/* wrapped_match.c: are the lines of a log within others? */
#include "text/wrapped_internal.h"

/* Does the object that begins with ${line}, and is longer, look like a shipper's? */
static bool match_begin(struct slice line)
{
    static const char *const shippers[] = {"*\"@version\"*:*", "*\"beat\"*:*", "*\"input\":{*",
                                           "*\"source_type\"*:*"};
    bool shipper = false;

    for (size_t i = 0; i < sizeof shippers / sizeof *shippers; i++)
        shipper |= slice_glob(slice_of_string(shippers[i]), line);
    return slice_glob(SLICE("*\"_raw\"*:*\"*"), line) ||
           slice_glob(SLICE("{\"_index\":*\"_source\"*:*{*"), line) ||
           (shipper && slice_glob(SLICE("*\"message\"*:*\"*"), line) &&
            !slice_glob(SLICE("*\"winlog*"), line) && !slice_glob(SLICE("*\"event_data\"*"), line));
}

/* Is it a shipper's? The members of a whole object tell, not what stands in its line. */
static bool match_shipped(struct slice object, bool tagged)
{
    struct slice m[MEMBER_COUNT] = {{NULL, 0}}, inner = wrapped_without_export(object);

    if (wrapped_read_members(inner, m))
        return wrapped_is_document(inner, object) || wrapped_shipped_line(m) != NULL ||
               wrapped_is_relayed(m, tagged) ||
               (m[MEMBER_LOG].len > 0 && m[MEMBER_TIME].len > 0 && m[MEMBER_STREAM].len > 0);
    return match_begin(object);
}

static bool match_line(struct slice line)
{
    struct slice tagged = wrapped_tagged(line);
    struct container_line container;

    if (wrapped_read_container(line, &container))
        return true;
    if (tagged.len > 0)
        return match_shipped(tagged, true);
    line = wrapped_without_array(line);
    return slice_starts_with(line, SLICE("{\"log\":\"")) ||
           (slice_starts_with(line, SLICE("{")) &&
            (slice_glob(SLICE("*\"__CURSOR\"*:*"), line) ||
             slice_glob(SLICE("*\"__REALTIME_TIMESTAMP\"*:*"), line) ||
             slice_glob(SLICE("*\"_BOOT_ID\"*:*"), line) || match_shipped(line, false)));
}

bool wrapped_match(struct slice head)
{
    struct slice m[MEMBER_COUNT] = {{NULL, 0}}, line;

    for (int lines = 0; lines < 2 && head.len > 0;) {
        slice_cut(head, '\n', &line, &head);
        wrapped_skip_blanks(&line);
        if (line.len == 0 || slice_is(line, "\r"))
            continue;
        if (match_line(line))
            return true;
        if (wrapped_read_members(wrapped_without_array(line), m))
            return false;
        lines++;
    }
    return false;
}
