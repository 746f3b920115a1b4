/* error.c: keeps the first failure, puts context in front of it. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void make_printable(char *text)
{
    for (unsigned char *p = (unsigned char *)text; *p != '\0'; p++)
        if (*p < 0x20 || *p == 0x7f)
            *p = '?';
}

static bool __attribute__((format(printf, 4, 0)))
set(struct error *err, enum error_code code, int sys_errno, const char *format, va_list args)
{
    if (err->code != ERROR_NONE)
        return false;
    err->code = code;
    err->sys_errno = sys_errno;
    vsnprintf(err->text, sizeof err->text, format, args);
    make_printable(err->text);
    return false;
}

bool error_set(struct error *err, enum error_code code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    set(err, code, 0, format, args);
    va_end(args);
    return false;
}

bool error_set_errno(struct error *err, int sys_errno, const char *format, ...)
{
    va_list args;
    size_t used;

    if (err->code != ERROR_NONE)
        return false;
    va_start(args, format);
    set(err, ERROR_IO, sys_errno, format, args);
    va_end(args);
    used = strlen(err->text);
    snprintf(err->text + used, sizeof err->text - used, ": %s", strerror(sys_errno));
    return false;
}

bool error_set_memory(struct error *err)
{
    return error_set(err, ERROR_MEMORY, "out of memory");
}

bool error_context(struct error *err, const char *format, ...)
{
    char text[sizeof err->text];
    va_list args;
    int used;

    if (err->code == ERROR_NONE)
        return false;
    va_start(args, format);
    used = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (used < 0 || (size_t)used >= sizeof text - 3)
        return false; /* no room for both: the cause matters more than its context */
    snprintf(text + used, sizeof text - (size_t)used, ": %.*s",
             (int)(sizeof text - (size_t)used - 3), err->text);
    make_printable(text);
    memcpy(err->text, text, sizeof err->text);
    return false;
}

void error_clear(struct error *err)
{
    memset(err, 0, sizeof *err);
}
