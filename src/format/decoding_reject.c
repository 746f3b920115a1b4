/* decoding_reject.c: a rejected line, and why it is, in words. */
#include "format/decoding_internal.h"
#include "format/envelope/envelope.h"
#include "format/mapping/reason.h"

#include <string.h>

/* The slots are those of the line's last try: it is cut once more as the outcome has it. */
static void append_reason(struct decoding *d, const struct outcome *o, struct slice line)
{
    const struct format *f = d->format;
    struct arena *scratch = d->mapping.scratch;
    struct uncut uncut = {f, d->state, line, 0, false};

    memset(d->slots, 0, (size_t)f->slot_count * sizeof *d->slots);
    if (o->refusal.why != REJECT_SHAPE) {
        if (o->enveloped)
            envelope_strip_of(f, line, d->slots, &uncut.body);
        f->decoder->cut(f, d->state, uncut.body, d->slots, scratch);
        reason_append_refusal(&d->reason, f, &o->refusal, d->slots, scratch);
        return;
    }
    if ((f->envelope || d->enveloped) && /* else what begins alike may be columns */
        !envelope_strip_of(f, line, d->slots, &uncut.body) && f->untagged)
        uncut.body = line;
    uncut.offset = (size_t)(uncut.body.ptr - line.ptr);
    explain_shape(&uncut, &d->probes, scratch, &d->reason);
}

void decoding_reject_line(struct decoding *d, struct batch *out, const struct outcome *o)
{
    decoding_reject(out, o->record->line, o->refusal.why, o->text);
    if (d->explains == 0 || o->refusal.why == REJECT_TOO_LONG)
        return;
    d->explains--;
    buf_reset(&d->reason);
    append_reason(d, o, o->text);
    out->rejects[out->reject_count - 1].detail =
        arena_copy(d->mapping.scratch, buf_slice(&d->reason));
}
