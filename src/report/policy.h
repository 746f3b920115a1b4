/* policy.h: what the company allows: a CSV of people's decisions, asked for each cell. */
#ifndef REPORT_POLICY_H
#define REPORT_POLICY_H

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"
#include "report/plan.h"
#include "signature/signature.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a line speaks of, and whom; the one that goes before others first. */
enum policy_subject { SUBJECT_TENANT, SUBJECT_TENANTS, SUBJECT_APP, SUBJECT_CATEGORY };
enum policy_scope { SCOPE_USER, SCOPE_DEPARTMENT, SCOPE_ALL };

#define POLICY_FOREVER INT32_MAX

/* One line. Texts are borrowed from the policy. */
struct policy_line {
    enum policy_subject subject;
    struct slice name;   /* category; of an app: its id */
    struct slice tenant; /* of a tenant; with `*` for SUBJECT_TENANTS */
    uint32_t app;        /* SIGNATURE_NO_APP for a category */
    enum app_status status;
    enum policy_scope scope;
    struct slice who; /* user or department; `*` stands for any text */
    int32_t until;    /* the last day (since 1970) on which it holds, or POLICY_FOREVER */
    struct slice approver, reason;
    size_t line; /* of the file */
};

/* A cell to be decided. */
struct policy_case {
    uint32_t app;
    struct slice tenant, user, department;
    int32_t day;
};

/* A policy; immutable once read. Opaque. */
struct policy;

/*
 * policy_read(name, bytes, signatures, err):
 * Read the CSV ${bytes} (subject,status,scope,until,approver,reason) of the file ${name}. A subject
 * is category:ID, app:ID or tenant:APP/NAME, in whose NAME `*` stands for any text; a scope is
 * nothing, user:NAME or department:NAME.
 * Errors:  ERROR_SYNTAX "FILE:LINE: …": an unknown category, app, status or scope; a date that is
 *          none; the same subject, scope and until as an earlier line. ERROR_MEMORY.
 * Owns:    copies all; the caller frees with policy_free.
 */
struct policy *policy_read(const char *name, struct slice bytes,
                           const struct signature_set *signatures, struct error *err);

/* The same of a file. Errors also: ERROR_IO. */
struct policy *policy_load(const char *path, const struct signature_set *signatures,
                           struct error *err);

/*
 * policy_decide(policy, c):
 * The line that decides: of those that hold on the day, tenant before app before category, then
 * user before department before none, then the one that ends first. Returns: NULL where none does:
 * unreviewed. ${policy} may be NULL.
 */
const struct policy_line *policy_decide(const struct policy *policy, const struct policy_case *c);

/* Does any line ask for more than app and day: a tenant, a user, a department? ${policy} may be
 * NULL. */
bool policy_is_personal(const struct policy *policy);

/* Does any line hold for a department alone? ${policy} may be NULL. */
bool policy_is_of_departments(const struct policy *policy);

size_t policy_line_count(const struct policy *policy);
const struct policy_line *policy_line_at(const struct policy *policy, size_t index);
const char *policy_name(const struct policy *policy);

/* The subject and the scope of a line as they are written. */
void policy_append_subject(struct buf *out, const struct policy_line *line);
void policy_append_scope(struct buf *out, const struct policy_line *line);

void policy_free(struct policy *policy);

#endif
