/* transcoder.c: finds out by the first bytes what content is no plain text. */
#include "text/transcoder.h"

#include "text/dnsdist.h"
#include "text/dnstap.h"

static const struct transcoder foreign_frames = {
    .name = "Frame Streams",
    .match = dnstap_is_foreign,
    .refusal = "frames that hold something else than dnstap; expected the content type "
               "protobuf:dnstap.Dnstap",
};

static const struct transcoder dnsdist_binary = {
    .name = "dnsdist",
    .match = dnsdist_is_binary,
    .refusal = "dnsdist's binary log, which has no times; expected text with times "
               "(LogAction(FILE, false, true, false, false, true)) or dnstap (DnstapLogAction)",
};

const struct transcoder *transcoder_find(struct slice head)
{
    static const struct transcoder *const transcoders[] = {&utf16_transcoder,
                                                           &dnstap_transcoder,
                                                           &documents_transcoder,
                                                           &wrapped_transcoder,
                                                           &foreign_frames,
                                                           &dnsdist_binary,
                                                           NULL};

    for (size_t i = 0; transcoders[i] != NULL; i++)
        if (transcoders[i]->match(head))
            return transcoders[i];
    return NULL;
}
