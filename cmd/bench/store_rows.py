"""store_rows.py: what a store costs: an ingest beside a scan, a second night, its size, questions to it.

BENCH_STORE=small (for every day) or year: as a company of 5,000 has it, 4 GB of disk and some minutes."""

import os
import statistics
import subprocess

import generated

# archives lie there as 50 GB of which most are holes: what ends an archive is no part of it
SIZES = {"small": {"lines": None, "archive_bytes": 1 << 20, "days": 30, "users": 500, "apps": 100},
         "year": {"lines": 20000000, "archive_bytes": 137 << 20, "days": 365, "users": 5000, "apps": 200}}
NIGHTS = 365
LINES_A_NIGHT = 2000
CELL_BYTES = 120         # 1.2 GB for 10 M
DETAIL_BYTES = 15000000  # a day
DETAIL_LINES = 1000000   # of it: 200 a user
MEGABYTES = (1e-6, "MB")
BY_APP = ("SELECT app, sum(queries), sum(requests), sum(denied), sum(bytes_up), sum(bytes_down), sum(active_minutes), "
          "count(DISTINCT user), min(first_seen), max(last_seen) FROM usage WHERE day >= '2026-01-01' GROUP BY app")


def add(bench, work, against, value, bar, unit=None):
    bench.rows.append({"work": work, "against": against, "seconds": value, "ratio": value / against, "bar": bar,
                       "peak_mib": None, "unit": unit})


def path(bench, name):
    return os.path.join(bench.folder, name)


def ingest(bench, store, *more):
    return [bench.program("kage"), "ingest", "--no-config", "-z", "UTC", "--store", store, *more]


def size_of(bench, store):
    subprocess.run([bench.program("kage"), "store", "compact", "--no-config", "--store", store], check=True)
    return os.path.getsize(store)


ANEW = "rm -f \"$1\"*; shift; exec \"$@\""


def first_night(bench, lines):
    """Against a scan of the same."""
    log, store = generated.log(bench.build, "squid", lines, 5000, 60000)[0], path(bench, "day.db")
    scan = [bench.program("kage"), "scan", "--no-config", "--quiet", "--csv", "-z", "UTC", log]
    bench.compare("ingest %d lines, default threads, wall / scan" % lines, scan,
                  ["sh", "-c", ANEW, "sh", store, *ingest(bench, store, log)], 0, 1.6)


def detail(bench, lines):
    """What hosts and unknown domains add to a day."""
    log, store = generated.log(bench.build, "squid", lines, 5000, 60000)[0], path(bench, "day.db")
    sizes = []
    for days in ("40", "0"):
        subprocess.run(["sh", "-c", ANEW, "sh", store, *ingest(bench, store, "--keep-detail", days, log)], check=True)
        sizes.append(size_of(bench, store))
    add(bench, "detail of a day of %d lines / 15 MB" % lines, DETAIL_BYTES, sizes[0] - sizes[1], 1.0, MEGABYTES)


def make_nights(bench, size):
    folder = path(bench, "nights-%d" % size)
    if not os.path.exists(folder):
        os.makedirs(folder + ".part", exist_ok=True)
        for night in range(NIGHTS):
            name = os.path.join(folder + ".part", "access.log-%03d.gz" % night)
            with open(name, "wb") as out:
                source = subprocess.Popen(generated.command(bench.build, "squid", LINES_A_NIGHT, 200, 500, night + 1),
                                          stdout=subprocess.PIPE)
                subprocess.run(["gzip", "-1"], stdin=source.stdout, stdout=out, check=True)
            os.truncate(name, size)
        os.rename(folder + ".part", folder)
    return folder


def second_night(bench, measure, size):
    folder, store = make_nights(bench, size), path(bench, "nights.db")
    command = ingest(bench, store, folder)
    for name in (store, store + "-wal", store + "-shm"):
        if os.path.exists(name):
            os.remove(name)
    measure(command)
    again = statistics.median(measure(command)[0] for _ in range(bench.pairs))
    add(bench, "ingest of %d archives, %.1f GB, a second time / 2 s" % (NIGHTS, NIGHTS * size / 1e9), 2.0, again, 1.0)


def questions(bench, measure, size):
    store = path(bench, "store-%(days)d-%(users)d-%(apps)d.db" % size)
    if not os.path.exists(store):
        subprocess.run([bench.program("bench-store"), store + ".part", *(str(size[n]) for n in ("days", "users", "apps"))],
                       check=True)
        os.rename(store + ".part", store)
    subprocess.run(ingest(bench, store, "/dev/null"), check=True)  # of this schema, with the sums of its days
    cells = int(subprocess.run(["sqlite3", store, "SELECT count(*) FROM cell"], stdout=subprocess.PIPE,
                               check=True).stdout)
    add(bench, "store of %d cells without detail / %d bytes a cell" % (cells, CELL_BYTES), cells * CELL_BYTES,
        os.path.getsize(store), 1.0, MEGABYTES)
    last = subprocess.run(["sqlite3", store, "SELECT date(max(day) * 86400, 'unixepoch', '-6 days') FROM cell"],
                          stdout=subprocess.PIPE, check=True).stdout.decode().strip()
    query = [bench.program("kage"), "query", "--no-config", "--store", store, "--csv"]
    for what, asked in (("--by user --app line, 7 days / 50 ms", ["--by", "user", "--app", "line", "--since", last]),
                        ("--by app since 2026-01 / 1 s", ["--by", "app", "--since", "2026-01"])):
        seconds = statistics.median(measure(query + asked)[0] for _ in range(bench.pairs))
        limit = 0.05 if "user" in asked else 1.0
        add(bench, "query %s" % what, limit, seconds, 1.0)
    add(bench, "the same / that SQL in the sqlite3 shell", measure(["sqlite3", store, BY_APP])[0], seconds, 1.3)


def run(bench, measure):
    size = SIZES[os.environ.get("BENCH_STORE", "small")]
    first_night(bench, size["lines"] or bench.lines)
    detail(bench, DETAIL_LINES)
    second_night(bench, measure, size["archive_bytes"])
    questions(bench, measure, size)
