/* transform_undo.h: the conversions of transforms.def that undo an encoding. */
#ifndef FORMAT_TRANSFORM_UNDO_H
#define FORMAT_TRANSFORM_UNDO_H

#include "base/arena.h"
#include "base/slice.h"

#include <stdbool.h>

struct step;

/* transform_undo_x(step, value, scratch): see `apply` in transform.h; ${step} is not looked at. */
#define TEXT(id, name, least, most, help)
#define MAP(name, help)
#define TIME(name, least, most, help)
#define DURATION(name, unit_us, help)
#define UNDO(id, name, help)                                                                       \
    bool transform_undo_##id(const struct step *step, struct slice *value, struct arena *scratch);
#include "format/mapping/transforms.def"
#undef UNDO
#undef DURATION
#undef TIME
#undef MAP
#undef TEXT

#endif
