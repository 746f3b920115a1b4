/* image.h: apps.csv, domains.csv and tenants.csv as tables that were made when the program was
 * built: what they hold is checked then, and loading is copying. */
#ifndef SIGNATURE_IMAGE_H
#define SIGNATURE_IMAGE_H

#include "base/buf.h"
#include "base/error.h"
#include "signature/signature.h"
#include "signature/tenant.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IMAGE_APP_TEXTS = 8 };

/* Texts are offsets of NUL-terminated ones in signature_image.texts. */
struct image_app {
    uint32_t texts[IMAGE_APP_TEXTS]; /* id, name, name_ja, category, vendor, country, … */
    uint8_t managed, traits[TRAIT_COUNT];
};

/* A name of the suffix tree, parents before children. */
struct image_name {
    uint32_t text, parent, hash; /* hash: see suffix_tree_hash */
    uint32_t below, exact;       /* rows of domains.csv, or SUFFIX_NONE */
    uint8_t label_len;
};

struct image_signature {
    uint32_t name, app, line; /* name: number in the tree */
    uint8_t role, exact;
};

struct image_tenant {
    uint32_t text, app, name, line; /* name: of the pattern's literal end */
    struct tenant_shape shape;
};

struct signature_image {
    const char *texts;
    const struct image_app *apps;
    const struct image_name *names; /* without the root */
    const struct image_signature *signatures;
    const struct image_tenant *tenants; /* in the order of a finished set */
    size_t text_bytes, app_count, name_count, signature_count, tenant_count;
};

/* That of the built-in files; generated. */
extern const struct signature_image signature_builtin_image;

/* C source of `signature_builtin_image` for ${set}, into which apps.csv, domains.csv and
 * tenants.csv were laid and nothing else, and which is finished. Errors: ERROR_MEMORY. */
bool signature_image_write(const struct signature_set *set, struct buf *out, struct error *err);

/* Lay the built-in signatures over ${set}: over an empty one the image and the files that are not
 * in it, else all files. Owns: the set borrows the image. Errors: as signature_set_add. */
bool signature_set_add_builtin(struct signature_set *set, struct error *err);

#endif
