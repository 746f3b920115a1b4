/* cli_test.c: the cases of testdata/cli: a command line, and all that it must print and leave; and
 * the logs of testdata/formats, with all that is read in them. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * A case is a folder: `args` is what follows `kage ` on a shell's command line (pipes and other
 * commands may follow), `stdin` its input (none: empty), `stdout` and `stderr` what it must print
 * (none: nothing), `status` its exit status (none: 0), `files` names of output files: each stands
 * in the case's folder as it must come out, or must not be there where its line begins with `!`. It
 * runs in an empty folder, where `testdata` and `signatures` lead to those of the source tree.
 *
 * A folder of testdata/formats is a case as well: it has the name of a format and holds logs in
 * place of `args`, for one command that reads them all. The format is found from the content. Its
 * records are `stdout`, the account of every log and the rejected lines `stderr`.
 */
#define CASES   "cli"
#define FORMATS "formats"
#define FORMATS_ARGS                                                                               \
    "decode --no-config -v -z UTC --year 2026 --max-rejects 100%% --rejects rejects "              \
    "testdata/%s/*.log; cat rejects >&2"

enum { CASE_LIMIT = 2000, CASE_SECONDS = 300, ARGS_LIMIT = 16384 };

struct runner {
    char root[PATH_MAX];                  /* the source tree */
    char bin[PATH_MAX];                   /* the folder of the program */
    char cases[CASE_LIMIT][2 * NAME_MAX]; /* their folders, below testdata */
    size_t count;
    bool update;
};

/* One case while it runs. */
struct run {
    const struct runner *runner;
    const char *name;
    char top[sizeof "/tmp/kage-cli-XXXXXX"]; /* holds work/, stdout and stderr */
};

struct path {
    char text[3 * PATH_MAX];
};

static struct path path_join(const char *a, const char *b, const char *c)
{
    struct path p;
    int n = snprintf(p.text, sizeof p.text, "%s%s%s%s%s", a, *b == '\0' ? "" : "/", b,
                     *c == '\0' ? "" : "/", c);

    if (n < 0 || (size_t)n >= sizeof p.text) {
        fprintf(stderr, "%s: expected a shorter path\n", a);
        exit(EXIT_FAILURE);
    }
    return p;
}

static struct path case_file(const struct run *run, const char *file)
{
    const struct path folder = path_join(run->runner->root, "testdata", run->name);

    return path_join(folder.text, file, "");
}

/* The whole file with a NUL behind it, or NULL where there is none. The caller frees. */
static char *read_file(const char *path)
{
    FILE *in = fopen(path, "rb");
    char *text = NULL;
    size_t len = 0, cap;

    if (in == NULL)
        return NULL;
    FILE *out = open_memstream(&text, &cap);
    assert_non_null(out);
    for (int c; (c = getc(in)) != EOF; len++)
        (void)putc(c, out);
    fclose(in);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* What follows `kage ` on the command line. The caller frees. */
static char *case_args(const struct run *run)
{
    char *args;

    if (strncmp(run->name, FORMATS "/", strlen(FORMATS "/")) != 0)
        return read_file(case_file(run, "args").text);
    return asprintf(&args, FORMATS_ARGS, run->name) < 0 ? NULL : args;
}

static void copy_file(const char *from, const char *to)
{
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");

    assert_non_null(in);
    assert_non_null(out);
    for (int c; (c = getc(in)) != EOF;)
        (void)putc(c, out);
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

static int wait_for(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        assert_int_equal(errno, EINTR);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void redirect(int fd, const char *path, int flags)
{
    const int opened = open(path, flags, 0600);

    if (opened < 0 || dup2(opened, fd) < 0)
        _exit(126);
    close(opened);
}

/* In the child: the same surroundings on every machine. Never returns. */
static void exec_case(const struct run *run, const char *args)
{
    const struct path work = path_join(run->top, "work", ""), in = case_file(run, "stdin");
    const char *asan = getenv("ASAN_OPTIONS"), *path = getenv("PATH");
    char command[ARGS_LIMIT], search[ARGS_LIMIT], asan_copy[ARGS_LIMIT];

    redirect(STDIN_FILENO, access(in.text, R_OK) == 0 ? in.text : "/dev/null", O_RDONLY);
    redirect(STDOUT_FILENO, path_join(run->top, "stdout", "").text, O_WRONLY | O_CREAT | O_TRUNC);
    redirect(STDERR_FILENO, path_join(run->top, "stderr", "").text, O_WRONLY | O_CREAT | O_TRUNC);
    (void)snprintf(command, sizeof command, "kage %s", args);
    (void)snprintf(search, sizeof search, "%s:%s", run->runner->bin, path == NULL ? "" : path);
    (void)snprintf(asan_copy, sizeof asan_copy, "%s", asan == NULL ? "" : asan);
    if (chdir(work.text) != 0 || clearenv() != 0 || setenv("PATH", search, 1) != 0 ||
        setenv("LANG", "C.UTF-8", 1) != 0 || setenv("TZ", "UTC", 1) != 0 ||
        setenv("HOME", work.text, 1) != 0 || setenv("KAGE_GEOIP", "", 1) != 0 ||
        setenv("ASAN_OPTIONS", asan_copy, 1) != 0)
        _exit(126);
    alarm(CASE_SECONDS); /* lives on in what is executed */
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

static void run_tool(const char *tool, const char *option, const char *a, const char *b)
{
    const pid_t pid = fork();

    if (pid == 0) {
        execlp(tool, tool, option, a, b, (char *)NULL);
        _exit(127);
    }
    if (pid > 0)
        (void)wait_for(pid);
}

/* Is the file ${actual} as the case's ${name} says? With --update make it so. */
static bool same_file(const struct run *run, const char *name, const char *actual)
{
    const struct path expected = case_file(run, name);
    char *want = read_file(expected.text), *got = read_file(actual);
    const bool same = got != NULL && strcmp(want == NULL ? "" : want, got) == 0;

    if (!same && got != NULL && run->runner->update) {
        if (*got == '\0')
            (void)remove(expected.text);
        else
            copy_file(actual, expected.text);
    } else if (!same) {
        print_error("%s: %s %s\n", run->name, name, got == NULL ? "is missing" : "differs");
        fflush(NULL);
        if (got != NULL)
            run_tool("diff", "-u", want == NULL ? "/dev/null" : expected.text, actual);
    }
    free(want);
    free(got);
    return same || run->runner->update;
}

static bool same_output(const struct run *run, const char *name)
{
    return same_file(run, name, path_join(run->top, name, "").text);
}

static bool same_status(const struct run *run, int status)
{
    const struct path actual = path_join(run->top, "status", "");
    FILE *out = fopen(actual.text, "w");

    assert_non_null(out);
    if (status != 0)
        (void)fprintf(out, "%d\n", status);
    assert_int_equal(fclose(out), 0);
    return same_output(run, "status");
}

static bool same_files(const struct run *run)
{
    char *list = read_file(case_file(run, "files").text), *rest = list, *name;
    bool same = true;

    while (list != NULL && (name = strsep(&rest, "\n")) != NULL) {
        const bool absent = *name == '!';
        const struct path actual = path_join(run->top, "work", name + absent);

        if (*name == '\0')
            continue;
        if (!absent)
            same = same_file(run, name, actual.text) && same;
        else if (access(actual.text, F_OK) == 0) {
            print_error("%s: %s must not be there\n", run->name, name + 1);
            same = false;
        }
    }
    free(list);
    return same;
}

static void link_tree(const struct run *run, const char *name)
{
    const struct path from = path_join(run->runner->root, name, "");
    const struct path to = path_join(run->top, "work", name);

    assert_int_equal(symlink(from.text, to.text), 0);
}

static void run_case(void **state)
{
    struct run run = *(struct run *)*state;
    char *args = case_args(&run);

    assert_non_null(args);
    assert_non_null(mkdtemp(run.top));
    assert_int_equal(mkdir(path_join(run.top, "work", "").text, 0700), 0);
    link_tree(&run, "testdata");
    link_tree(&run, "signatures");

    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        exec_case(&run, args);
    bool same = same_status(&run, wait_for(pid));
    same = same_output(&run, "stdout") && same;
    same = same_output(&run, "stderr") && same;
    same = same_files(&run) && same;
    free(args);
    run_tool("rm", "-rf", run.top, NULL);
    assert_true(same);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

static bool is_case(const char *group, const char *name)
{
    return access(path_join("testdata", group, name).text, F_OK) == 0;
}

static void add_case(struct runner *r, const char *group, const char *name)
{
    if (r->count < CASE_LIMIT)
        (void)snprintf(r->cases[r->count++], sizeof r->cases[0], "%s/%s", group, name);
}

static void find_cases(struct runner *r, const char *group)
{
    DIR *dir = opendir(path_join("testdata", group, "").text);

    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;)
        if (e->d_name[0] != '.')
            add_case(r, group, e->d_name);
    if (dir != NULL)
        closedir(dir);
}

/* The programs of the same build: BUILD/kage for BUILD/test/cmd/kage/cli_test. */
static bool find_programs(struct runner *r, const char *self)
{
    const char *slash = strrchr(self, '/');
    const int folder = slash == NULL ? 0 : (int)(slash - self + 1);
    struct path top;

    (void)snprintf(top.text, sizeof top.text, "%.*s../../..", folder, self);
    return getcwd(r->root, sizeof r->root) != NULL && realpath(top.text, r->bin) != NULL &&
           access(path_join(r->bin, "kage", "").text, X_OK) == 0;
}

static bool run_all(const struct runner *r)
{
    struct run *runs = calloc(r->count + 1, sizeof *runs);
    struct CMUnitTest *tests = calloc(r->count + 1, sizeof *tests);
    bool failed = true;

    for (size_t i = 0; runs != NULL && tests != NULL && i < r->count; i++) {
        runs[i] = (struct run){r, r->cases[i], "/tmp/kage-cli-XXXXXX"};
        tests[i] = (struct CMUnitTest){r->cases[i], run_case, NULL, NULL, &runs[i]};
    }
    if (runs != NULL && tests != NULL)
        failed = _cmocka_run_group_tests("cli", tests, r->count, NULL, NULL) != 0;
    free(runs);
    free(tests);
    return failed;
}

/* From the top of the source tree: cli_test [--update] [CASE | FORMAT]... */
int main(int argc, char **argv)
{
    struct runner *r = calloc(1, sizeof *r);
    bool failed = true;
    int first = 1;

    if (r == NULL)
        return 1;
    if (argc > 1 && strcmp(argv[1], "--update") == 0) {
        r->update = true;
        first = 2;
    }
    for (int i = first; i < argc; i++)
        add_case(r, is_case(CASES, argv[i]) ? CASES : FORMATS, argv[i]);
    if (r->count == 0) {
        find_cases(r, CASES);
        find_cases(r, FORMATS);
    }
    qsort(r->cases, r->count, sizeof r->cases[0], compare_names);
    if (find_programs(r, argv[0]))
        failed = run_all(r);
    else
        perror("the program beside the test");
    free(r);
    return failed;
}
