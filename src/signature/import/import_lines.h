/* import_lines.h: one line of each kind of list; for the files of this folder only. */
#ifndef SIGNATURE_IMPORT_LINES_H
#define SIGNATURE_IMPORT_LINES_H

#include "signature/import/import.h"

/* A list being read. */
struct import {
    const struct import_source *source;
    struct imported *out;
    struct slice origin,
        owner;   /* rpz: the zone's name, and that of the last record; of the arena */
    bool in_soa; /* rpz: between the parentheses of its SOA */
    bool failed; /* memory is out */
};

/* What a line says of a name. */
struct import_name {
    struct slice name;
    bool exact;     /* that host alone */
    bool exception; /* takes it out */
    enum role role;
};

/* Add a row, or count why there is none. */
void import_add(struct import *im, const struct import_name *name);

void import_skip(struct import *im, enum import_skip skip);

/* A comment or the like. */
void import_remark(struct import *im);

/* Take one line, without blanks at its end; comments of the kind may follow. */
typedef void import_line(struct import *im, struct slice line);

#define IMPORT_FORMAT(name, help) import_line import_line_##name;
#include "signature/import/import.def"
#undef IMPORT_FORMAT

#endif
