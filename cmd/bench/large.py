"""large.py: what a scan of very many lines needs. Some minutes, so only where asked for.

BENCH_LARGE=1: peak memory of a day of 5,000 users, and time a line against a fourth of it.
BENCH_HUGE=1 (or a number of lines): a million users through a pipe with little memory, held against the truth."""

import csv
import io
import os
import statistics
import subprocess
import threading
import time

import generated

COMPANY = (5000, 60000)  # users, hosts
LARGE, FOURTH = 20000000, 5000000
LARGE_MIB, LARGE_SLOWER = 96, 1.10
HUGE, HUGE_USERS, HUGE_HOSTS = 200000000, 1000000, 60000
HUGE_MEMORY, HUGE_MIB = "512M", 600
COUNTS = ("requests", "denied", "bytes_down", "active_minutes")
MIB = 1 << 20
MEBIBYTES = (1 / MIB, "Mi")


def add(bench, work, against, value, bar, unit=None):
    bench.rows.append({"work": work, "against": against, "seconds": value, "ratio": value / against, "bar": bar,
                       "peak_mib": None, "unit": unit})


def large(bench):
    made = [generated.log(bench.build, "squid", lines, *COMPANY) for lines in (FOURTH, LARGE)]
    logs = [log for log, _ in made]
    for log, truth in made:
        bench.check(log, truth)
    for threads in (1, 2):
        peak = bench.measure(bench.scan(threads, logs[1]))[2] * 1024
        add(bench, "peak of 20 M lines, 5,000 users, -j %d / %d MiB" % (threads, LARGE_MIB),
            LARGE_MIB * MIB, peak, 1.0, MEBIBYTES)
    pairs = [[bench.measure(bench.scan(1, log))[1] / lines for log, lines in zip(logs, (FOURTH, LARGE))]
             for _ in range(bench.pairs)]
    bench.rows.append({"work": "cpu a line, 20 M lines / 5 M", "against": statistics.median(p[0] for p in pairs),
                       "seconds": statistics.median(p[1] for p in pairs),
                       "ratio": statistics.median(p[1] / p[0] for p in pairs), "bar": LARGE_SLOWER, "peak_mib": None})


def sums(rows):
    """How many rows, and of each column the sum."""
    count, total = 0, [0] * len(COUNTS)
    header = next(rows)
    places = [header.index(column) for column in COUNTS]
    for row in rows:
        count += 1
        for i, place in enumerate(places):
            total[i] += int(row[place] or 0)
    return [count] + total


def sum_stream(stream, out):
    out.extend(sums(csv.reader(io.TextIOWrapper(stream, encoding="utf-8", newline=""))))


def huge(bench, lines):
    truth = os.path.join(bench.folder, "huge.csv")
    source = subprocess.Popen(generated.command(bench.build, "squid", lines, HUGE_USERS, HUGE_HOSTS, 7) + ["--truth", truth],
                              stdout=subprocess.PIPE)
    start, got = time.monotonic(), []
    scan = subprocess.Popen([*bench.scan(1), "--max-memory", HUGE_MEMORY, "-"], stdin=source.stdout, stdout=subprocess.PIPE)
    source.stdout.close()
    reader = threading.Thread(target=sum_stream, args=(scan.stdout, got))
    reader.start()
    _, status, usage = os.wait4(scan.pid, 0)
    scan.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - start
    reader.join()
    if source.wait() != 0 or scan.returncode != 0:
        raise RuntimeError("huge: kage-gen ended with %d, the scan with %d" % (source.returncode, scan.returncode))
    with open(truth, newline="", encoding="utf-8") as file:
        want = sums(csv.reader(file))
    os.remove(truth)
    if got != want:
        raise RuntimeError("huge: rows and sums are %s, expected %s" % (got, want))
    add(bench, "%d M lines by pipe, 1 M users, --max-memory %s: peak / %d MiB" % (lines // 1000000, HUGE_MEMORY, HUGE_MIB),
        HUGE_MIB * MIB, usage.ru_maxrss * 1024, 1.0, MEBIBYTES)
    add(bench, "the same, with %d rows: scan, cpu / wall with the generator" % got[0], seconds,
        usage.ru_utime + usage.ru_stime, None)


def run(bench):
    if os.environ.get("BENCH_LARGE", "0") != "0":
        large(bench)
    else:
        bench.left_out.append("peak memory at 20 M lines: BENCH_LARGE=1 asks for it")
    wanted = int(os.environ.get("BENCH_HUGE", "0"))
    if wanted:
        huge(bench, HUGE if wanted == 1 else wanted)
    else:
        bench.left_out.append("200 M lines through a pipe: BENCH_HUGE=1 asks for it")
