/* json.c: commas, indentation and escapes of JSON. */
#include "report/json.h"

#include <unistr.h>

static void new_line(struct json *j)
{
    if (!j->pretty)
        return;
    buf_append_byte(j->out, '\n');
    for (unsigned i = 0; i < j->depth; i++)
        buf_append_string(j->out, "  ");
}

/* What stands between the last value and the next. */
static void begin_value(struct json *j)
{
    if (j->after_value)
        buf_append_byte(j->out, ',');
    if (!j->after_key && j->depth > 0)
        new_line(j);
    j->after_value = true;
    j->after_key = false;
}

void json_open(struct json *j, char bracket)
{
    begin_value(j);
    buf_append_byte(j->out, bracket);
    j->after_value = false;
    j->depth++;
}

void json_close(struct json *j, char bracket)
{
    bool filled = j->after_value;

    j->depth--;
    if (filled)
        new_line(j);
    buf_append_byte(j->out, bracket);
    j->after_value = true;
}

/* Append the character at the front of ${text}, which is not plain; returns its bytes. */
static size_t append_character(struct buf *out, struct slice text)
{
    unsigned char c = (unsigned char)text.ptr[0];
    ucs4_t character;
    int length;

    if (c == '"' || c == '\\') {
        buf_append_byte(out, '\\');
        buf_append_byte(out, (char)c);
        return 1;
    }
    if (c < 0x20 || c == 0x7f) {
        buf_printf(out, "\\u%04x", c);
        return 1;
    }
    length = u8_mbtoucr(&character, (const uint8_t *)text.ptr, text.len);
    if (length <= 0) {
        buf_printf(out, "\\\\x%02x", c);
        return 1;
    }
    buf_append(out, slice_of(text.ptr, (size_t)length));
    return (size_t)length;
}

static void append_quoted(struct buf *out, struct slice text)
{
    buf_append_byte(out, '"');
    while (text.len > 0) {
        size_t plain = 0;

        while (plain < text.len && text.ptr[plain] >= 0x20 && text.ptr[plain] < 0x7f &&
               text.ptr[plain] != '"' && text.ptr[plain] != '\\')
            plain++;
        buf_append(out, slice_of(text.ptr, plain));
        text = slice_from(text, plain);
        if (text.len > 0)
            text = slice_from(text, append_character(out, text));
    }
    buf_append_byte(out, '"');
}

void json_key(struct json *j, const char *key)
{
    begin_value(j);
    append_quoted(j->out, slice_of_string(key));
    buf_append_string(j->out, j->pretty ? ": " : ":");
    j->after_value = false;
    j->after_key = true;
}

void json_text(struct json *j, struct slice text)
{
    begin_value(j);
    append_quoted(j->out, text);
}

void json_string(struct json *j, const char *text)
{
    json_text(j, slice_of_string(text));
}

void json_number(struct json *j, uint64_t number)
{
    begin_value(j);
    buf_append_uint(j->out, number);
}

void json_boolean(struct json *j, bool value)
{
    begin_value(j);
    buf_append_string(j->out, value ? "true" : "false");
}

void json_null(struct json *j)
{
    begin_value(j);
    buf_append_string(j->out, "null");
}

void json_key_text(struct json *j, const char *key, struct slice text)
{
    json_key(j, key);
    if (text.len == 0)
        json_null(j);
    else
        json_text(j, text);
}

void json_key_string(struct json *j, const char *key, const char *text)
{
    json_key_text(j, key, text == NULL ? slice_of(text, 0) : slice_of_string(text));
}

void json_key_number(struct json *j, const char *key, uint64_t number)
{
    json_key(j, key);
    json_number(j, number);
}
