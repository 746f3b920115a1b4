/* embed.c: build tool: files into one C file of string literals. */

#include "base/embedded.h"

#include <stdio.h>
#include <string.h>

static void print_literal_byte(int c)
{
    switch (c) {
    case '\n': fputs("\\n\"\n\"", stdout); break;
    case '"': fputs("\\\"", stdout); break;
    case '\\': fputs("\\\\", stdout); break;
    default:
        if (c < ' ' || c > '~' || c == '?') /* `?`: no trigraphs */
            printf("\\%03o", (unsigned)c);
        else
            putchar(c);
    }
}

static int print_bytes(const char *path, size_t index)
{
    FILE *in = fopen(path, "rb");
    size_t len = 0;
    int c, failed;

    if (in == NULL) {
        perror(path);
        return 0;
    }
    printf("\nstatic const char bytes_%zu[] =\n\"", index);
    for (; (c = getc(in)) != EOF; len++)
        print_literal_byte(c);
    for (int i = 0; i < EMBEDDED_SLACK; i++)
        print_literal_byte('\0');
    printf("\";\nenum { LEN_%zu = %zu };\n", index, len);
    failed = ferror(in);
    fclose(in);
    if (failed)
        fprintf(stderr, "%s: cannot be read\n", path);
    return !failed;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

/* The paths come sorted (the Makefile's $(sort)), of one folder. */
int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: embed TABLE PREFIX [FILE]...\n", stderr);
        return 2;
    }
    const char *table = argv[1], *prefix = argv[2];
    size_t count = (size_t)argc - 3;

    printf("/* Made by embed; edit the files of %s instead. */\n\n", prefix);
    puts("#include \"base/embedded.h\"");
    for (size_t i = 0; i < count; i++)
        if (!print_bytes(argv[i + 3], i))
            return 1;
    printf("\nconst struct embedded_file %s[] = {\n", table);
    for (size_t i = 0; i < count; i++)
        printf("    {\"%s/%s\", bytes_%zu, LEN_%zu},\n", prefix, base_name(argv[i + 3]), i, i);
    printf("    {NULL, NULL, 0} /* an array has at least one element */\n};\n");
    printf("const size_t %s_count = %zu;\n", table, count);
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
