/* import_fuzz.c: any bytes as a list of any kind; what comes out must be rows of domains.csv. */
#include "net/domain.h"
#include "signature/import/import.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Sorted, each once, and a name that signatures may have. */
static void check_rows(const struct imported *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *domain = list->rows[i].domain, *why;

        if (i > 0 && strcmp(list->rows[i - 1].domain, domain) >= 0)
            abort();
        if (!domain_valid(slice_of_string(domain[0] == '=' ? domain + 1 : domain), &why))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct import_source source = {.name = "fuzz", .app = "app", .role = ROLE_SERVICE};
    struct imported list = {0};
    struct error err = {0};
    size_t formats = 1;

    if (size == 0)
        return 0;
    while (import_format_name(formats) != NULL)
        formats++;
    source.format = import_format_name(data[0] % formats);
    source.bytes = slice_of((const char *)data + 1, size - 1);
    if (signature_import(&source, &list, &err))
        check_rows(&list);
    imported_free(&list);
    return 0;
}
