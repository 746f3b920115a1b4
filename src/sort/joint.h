/* joint.h: sorters that several threads filled, read as one. */
#ifndef SORT_JOINT_H
#define SORT_JOINT_H

#include "sort/sorter.h"

enum { JOINT_PARTS = 2 };

/* Zero-initialise; the first `count` sorters are there and belong to it. */
struct joint {
    struct sorter *sorters[JOINT_PARTS];
    size_t count;
    struct slice keys[JOINT_PARTS], values[JOINT_PARTS]; /* the next record of each */
    bool there[JOINT_PARTS];                             /* has it one? */
    size_t given;                                        /* whose was handed out; count: none yet */
};

/* Records of all. */
uint64_t joint_count(const struct joint *j);

/* As sorter_start and sorter_next, over the records of all. */
bool joint_start(struct joint *j, struct error *err);
bool joint_next(struct joint *j, struct slice *key, struct slice *value, struct error *err);

/* Frees the sorters. */
void joint_free(struct joint *j);

#endif
