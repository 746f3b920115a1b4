/* main.c: from the command line to a command, from its outcome to the exit status. */
#include "base/num.h"
#include "command.h"
#include "heap.h"
#include "help.h"
#include "report/display.h"
#include "report/output.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { NARROWEST = 20, SIGNAL_STATUS = 128 };

/* Waits for signals that end the program, so that no unfinished file stays behind. */
struct watcher {
    pthread_t thread;
    sigset_t signals;
    struct output_guard guard;
    const char *end_progress; /* a line of it may stand on the terminal; NULL: not there */
    bool running;
};

static void *watch(void *argument)
{
    struct watcher *w = argument;
    ssize_t written = 0;
    int signal_number = 0;

    if (sigwait(&w->signals, &signal_number) != 0)
        return NULL;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    pthread_mutex_lock(&w->guard.mutex); /* for good: nothing is put into its place any more */
    output_guard_remove(&w->guard);
    if (w->end_progress != NULL)
        written = write(STDERR_FILENO, w->end_progress, strlen(w->end_progress));
    (void)written;
    _exit(SIGNAL_STATUS + signal_number);
}

/* A signal that was ignored when the program began stays ignored (nohup). */
static void start_watcher(struct watcher *w)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction now;

    sigemptyset(&w->signals);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (sigaction(signals[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
            sigaddset(&w->signals, signals[i]);
    pthread_sigmask(SIG_BLOCK, &w->signals, NULL);
    w->running = pthread_create(&w->thread, NULL, watch, w) == 0;
    if (!w->running)
        pthread_sigmask(SIG_UNBLOCK, &w->signals, NULL);
}

static void stop_watcher(struct watcher *w)
{
    if (!w->running)
        return;
    pthread_cancel(w->thread);
    pthread_join(w->thread, NULL);
}

/* A closed standard stream must not become the next file that is opened. */
static void hold_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        while (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
                break;
}

/* What COLUMNS says, as other programs have it, else the terminal. */
static unsigned terminal_width(void)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size;
    uint64_t width;

    if (columns != NULL && num_parse(slice_of_string(columns), UINT16_MAX, &width) &&
        width >= NARROWEST)
        return (unsigned)width;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < NARROWEST)
        return 80;
    return size.ws_col;
}

/* A variable that is set to nothing is as good as none. */
static const char *setting(const char *name)
{
    const char *value = getenv(name);

    return value == NULL || value[0] == '\0' ? NULL : value;
}

/* One that shows escapes as they are. */
static bool is_dumb_terminal(void)
{
    const char *terminal = getenv("TERM");

    return terminal != NULL && strcmp(terminal, "dumb") == 0;
}

static struct environment look_around(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct environment e = {
        .config = setting("KAGE_CONFIG"),
        .inflate = setting("KAGE_INFLATE"),
        .zone = getenv("TZ"),
        .geoip = getenv("KAGE_GEOIP"),
        .temporary = setting("TMPDIR"),
        .now_s = time(NULL),
        .processors = processors < 1 ? 1 : (unsigned)processors,
        .progress = isatty(STDERR_FILENO) == 1,
    };

    if (isatty(STDOUT_FILENO) == 1) {
        e.look.width = terminal_width();
        e.look.colour = setting("NO_COLOR") == NULL && !is_dumb_terminal();
    }
    return e;
}

static bool asks_for(const char *argument, const char *letter, const char *name)
{
    return strcmp(argument, letter) == 0 || strcmp(argument, name) == 0;
}

/* Is that among the command's arguments? */
static bool wants(char *const *arguments, const char *letter, const char *name)
{
    for (; *arguments != NULL && strcmp(*arguments, "--") != 0; arguments++)
        if (asks_for(*arguments, letter, name))
            return true;
    return false;
}

static void append_version(struct buf *out)
{
    buf_append_string(out, "kage " KAGE_VERSION "\n");
}

static enum outcome print(struct buf *text, struct error *err)
{
    struct output *out = output_open(NULL, NULL, err);

    if (out != NULL) {
        buf_append(output_buf(out), buf_slice(text));
        output_commit(out, err);
    }
    output_close(out);
    return command_outcome(err);
}

static enum outcome run_command(const struct command_row *row, const struct call *call,
                                struct error *err)
{
    struct buf text = {0};
    enum outcome outcome;

    if (wants(call_arguments(call), "-h", "--help"))
        help_append_command(&text, row);
    else if (wants(call_arguments(call), "-V", "--version"))
        append_version(&text);
    else
        return row->command->run(call, err);
    outcome = print(&text, err);
    buf_free(&text);
    return outcome;
}

/* What stands in place of a command. */
static enum outcome run_general(const char *word, struct error *err)
{
    struct buf text = {0};
    enum outcome outcome;

    if (word == NULL)
        command_missing(err);
    else if (asks_for(word, "-V", "--version"))
        append_version(&text);
    else if (asks_for(word, "-h", "--help"))
        help_append_overview(&text);
    else if (word[0] == '-')
        error_set(err, ERROR_USAGE, "unknown option '%s'; expected a command", word);
    else
        command_unknown(word, err);
    outcome = err->code == ERROR_NONE ? print(&text, err) : OUTCOME_WRONG_CALL;
    buf_free(&text);
    return outcome;
}

/* "kage: COMMAND: what went wrong", with where to look where the call is at fault. */
static void append_error(struct buf *out, const struct command_row *row, const struct error *err)
{
    if (err->code == ERROR_NONE || output_reader_is_gone(err))
        return;
    buf_append_string(out, "kage: ");
    if (row != NULL)
        buf_printf(out, "%s: ", row->name);
    display_append(out, slice_of_string(err->text));
    if (err->code == ERROR_USAGE && row != NULL && row->command != &cmd_help)
        buf_printf(out, " (see `kage help %s`)", row->name);
    else if (err->code == ERROR_USAGE)
        buf_append_string(out, " (see `kage help`)");
    buf_append_byte(out, '\n');
}

int main(int argc, char **argv)
{
    struct environment environment;
    struct watcher watcher = {.guard = OUTPUT_GUARD_EMPTY};
    struct buf messages = {0};
    struct error err = {0};
    const struct command_row *row = argc < 2 ? NULL : command_find(argv[1]);
    struct call call = {&environment, argc, argv, &watcher.guard, &messages};
    enum outcome outcome;

    heap_prepare();
    hold_standard_streams();
    signal(SIGPIPE, SIG_IGN);
    environment = look_around();
    if (environment.progress)
        watcher.end_progress = is_dumb_terminal() ? "\n" : "\r\033[K";
    start_watcher(&watcher);
    outcome =
        row != NULL ? run_command(row, &call, &err) : run_general(argc < 2 ? NULL : argv[1], &err);
    stop_watcher(&watcher);
    append_error(&messages, row, &err);
    if (messages.len > 0)
        fwrite(messages.ptr, 1, messages.len, stderr);
    buf_free(&messages);
    return (int)outcome;
}
