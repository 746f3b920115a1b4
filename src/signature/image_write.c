/* image_write.c: a set as C source, for the build. */
#include "signature/image.h"
#include "signature/set.h"

#include <inttypes.h>

/* What is being written; texts stand once each, one behind the other. */
struct writing {
    const struct signature_set *set;
    struct buf *out;
    struct text_map texts;
    struct buf offsets; /* a uint32_t a text */
    uint32_t size;      /* of all texts */
};

/* The offset of ${text} among the texts. */
static uint32_t offset_of(struct writing *w, const char *text)
{
    struct slice s = slice_of_string(text);
    bool fresh;
    uint32_t number = text_map_add(&w->texts, s, &fresh), offset = w->size;

    if (number == TEXT_MAP_NONE) {
        w->out->failed = true;
        return 0;
    }
    if (fresh) {
        buf_append(&w->offsets, slice_of((const char *)&w->size, sizeof w->size));
        w->size += (uint32_t)s.len + 1;
    } else if (!w->offsets.failed) {
        memcpy(&offset, w->offsets.ptr + number * sizeof offset, sizeof offset);
    }
    return offset;
}

static void write_app(struct writing *w, const struct app *app)
{
    const char *const texts[IMAGE_APP_TEXTS] = {app->id,          app->name,   app->name_ja,
                                                app->category,    app->vendor, app->country,
                                                app->alternative, app->note};

    buf_append_string(w->out, "{{");
    for (size_t t = 0; t < IMAGE_APP_TEXTS; t++)
        buf_printf(w->out, "%" PRIu32 "u,", offset_of(w, texts[t]));
    buf_printf(w->out, "},%u,{", (unsigned)app->managed);
    for (size_t t = 0; t < TRAIT_COUNT; t++)
        buf_printf(w->out, "%u,", (unsigned)app->traits[t]);
    buf_append_string(w->out, "}},\n");
}

static void write_name(struct writing *w, uint32_t node)
{
    const struct suffix_node *n = &w->set->tree.nodes[node];
    const struct suffix_rows *rows = &w->set->tree.rows[node];

    buf_printf(w->out, "{%" PRIu32 "u,%" PRIu32 "u,%" PRIu32 "u,%" PRIu32 "u,%" PRIu32 "u,%u},\n",
               offset_of(w, rows->name), n->parent, suffix_tree_hash(&w->set->tree, node),
               rows->below, rows->exact, (unsigned)n->label_len);
}

/* The node of each signature, which does not know it itself. */
static bool find_nodes(const struct signature_set *set, uint32_t *nodes)
{
    for (uint32_t i = 0; i < set->tree.count; i++) {
        const struct suffix_rows *rows = &set->tree.rows[i];

        if (rows->below != SUFFIX_NONE)
            nodes[rows->below] = i;
        if (rows->exact != SUFFIX_NONE)
            nodes[rows->exact] = i;
    }
    return true;
}

static bool write_signatures(struct writing *w)
{
    struct arena arena = {0};
    uint32_t *nodes = ARENA_NEW(&arena, uint32_t, w->set->signature_count + 1);
    bool ok = nodes != NULL && find_nodes(w->set, nodes);

    for (uint32_t i = 0; ok && i < w->set->signature_count; i++) {
        const struct signature *s = &w->set->signatures[i];

        buf_printf(w->out, "{%" PRIu32 "u,%" PRIu32 "u,%zuu,%u,%u},\n", nodes[i], s->app, s->line,
                   (unsigned)s->role, (unsigned)s->exact);
    }
    arena_free(&arena);
    return ok;
}

static void write_tenant(struct writing *w, const struct tenant_row *row)
{
    struct tenant_shape s = tenant_shape_of(&row->pattern);

    buf_printf(w->out,
               "{%" PRIu32 "u,%" PRIu32 "u,%" PRIu32 "u,%zuu,{%" PRIu32 "u,%u,%u,%u,%u,%u,%u}},\n",
               offset_of(w, row->pattern.text.ptr), row->app, row->node, row->line, s.rank,
               (unsigned)s.text_len, (unsigned)s.host_len, (unsigned)s.path_len,
               (unsigned)s.tail_len, (unsigned)s.front_labels, (unsigned)s.many_labels);
}

static void write_literal(struct buf *out, struct slice text)
{
    buf_append_byte(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (c < ' ' || c > '~' || c == '"' || c == '\\' || c == '?') /* `?`: no trigraphs */
            buf_printf(out, "\\%03o", (unsigned)c);
        else
            buf_append_byte(out, text.ptr[i]);
    }
    buf_append_string(out, "\\000\"\n");
}

/* Each table ends in a row of zeros: an array has at least one element. */
static bool write_tables(struct writing *w)
{
    struct buf *out = w->out;
    bool ok;

    buf_append_string(out,
                      "/* Made by embed_signatures; edit the files of signatures instead. */\n\n"
                      "#include \"signature/image.h\"\n\n"
                      "static const struct image_app apps[] = {\n");
    for (uint32_t i = 0; i < w->set->app_ids.count; i++)
        write_app(w, &w->set->apps[i]);
    buf_append_string(out, "{{0},0,{0}}};\n\nstatic const struct image_name names[] = {\n");
    for (uint32_t i = 1; i < w->set->tree.count; i++)
        write_name(w, i);
    buf_append_string(out,
                      "{0,0,0,0,0,0}};\n\nstatic const struct image_signature signatures[] = {\n");
    ok = write_signatures(w);
    buf_append_string(out, "{0,0,0,0,0}};\n\nstatic const struct image_tenant tenants[] = {\n");
    for (uint32_t i = 0; i < w->set->tenant_count; i++)
        write_tenant(w, &w->set->tenants[i]);
    buf_append_string(out, "{0,0,0,0,{0,0,0,0,0,0,0}}};\n\nstatic const char texts[] =\n");
    for (uint32_t i = 0; i < w->texts.count; i++)
        write_literal(out, w->texts.texts[i]);
    buf_printf(out,
               "\"\";\n\nconst struct signature_image signature_builtin_image = {\n"
               "    texts, apps, names, signatures, tenants,\n"
               "    sizeof texts, %" PRIu32 "u, %" PRIu32 "u, %" PRIu32 "u, %" PRIu32 "u};\n",
               w->set->app_ids.count, w->set->tree.count - 1, w->set->signature_count,
               w->set->tenant_count);
    return ok && !out->failed && !w->offsets.failed;
}

bool signature_image_write(const struct signature_set *set, struct buf *out, struct error *err)
{
    struct writing w = {.set = set, .out = out};
    bool ok = write_tables(&w);

    text_map_free(&w.texts);
    buf_free(&w.offsets);
    return ok || error_set_memory(err);
}
