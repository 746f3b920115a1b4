"""peers.py: what people use now, on the same question as a scan, once its answer is the same: requests, refusals and bytes
a user and app. GoAccess knows no apps; it counts lines. A program that is not there is left out with a word."""

import collections
import csv
import io
import json
import os
import shutil
import statistics
import subprocess

ARCHIVES = 8
GOACCESS_SHARE = 5  # it takes a fifth of the lines: it is that slow
GOACCESS_FORMAT = "%x.%^ %~%L %h %^/%s %b %m %U"  # its own of Squid, which has a syslog prefix before it
HERE = os.path.dirname(os.path.abspath(__file__))


def signatures(bench):
    """domains.csv as the peers read it."""
    path = os.path.join(bench.folder, "signatures.tsv")
    with open(os.path.join(HERE, "../../signatures/domains.csv"), newline="", encoding="utf-8") as rows, \
            open(path, "w", encoding="utf-8") as out:
        for row in csv.DictReader(rows):
            out.write("%(domain)s\t%(app)s\t%(role)s\n" % row)
    return path


def cells_of_peer(text):
    """By user and app; requests for `embed` hosts only where there are no others, as in a scan."""
    cells = collections.defaultdict(dict)
    for line in text.splitlines():
        user, app, embedded, *counts = line.split("\t")
        cells[user, app][embedded] = [int(count) for count in counts]
    return {key: of.get("0") or of["1"] for key, of in cells.items()}


def cells_of_scan(bench, logs):
    out = subprocess.run(bench.scan(1, *logs), stdout=subprocess.PIPE, check=True).stdout.decode("utf-8")
    return {(row["user"], row["app"]): [int(row[column]) for column in ("requests", "denied", "bytes_down")]
            for row in csv.DictReader(io.StringIO(out))}


def expect_equal(name, got, want):
    if got != want:
        other = sorted(key for key in got.keys() | want.keys() if got.get(key) != want.get(key))
        raise RuntimeError("%s: %d of %d rows differ, such as %s: %s, expected %s" % (
            name, len(other), len(want), other[0], got.get(other[0]), want.get(other[0])))


def add(bench, work, pairs, bar):
    """A row of (seconds of the peer, seconds of the scan)."""
    bench.rows.append({"work": work, "against": statistics.median(peer for peer, _ in pairs),
                       "seconds": statistics.median(scan for _, scan in pairs),
                       "ratio": statistics.median(scan / peer for peer, scan in pairs), "bar": bar, "peak_mib": None})


def mawk(bench, table):
    log, _ = bench.generate("squid", bench.lines, 7, True)
    command = ["sh", "-c", "zcat \"$1\" | mawk -v signatures=\"$2\" -f \"$3\"", "sh", log, table,
               os.path.join(HERE, "peers.awk")]
    answer = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode()
    expect_equal("mawk", cells_of_peer(answer), cells_of_scan(bench, [log]))
    bench.compare("scan squid, cpu / zcat | mawk", command, bench.scan(1, log), 1, 0.125)


def goaccess(bench, _):
    lines = bench.lines // GOACCESS_SHARE
    log, _ = bench.generate("squid", lines, 7, True)
    answer = os.path.join(bench.folder, "goaccess.json")
    command = ["sh", "-c", "zcat \"$1\" | goaccess - --no-global-config --date-format=%s --time-format=%s --log-format=\"$2\" "
               "--no-progress -o \"$3\"", "sh", log, GOACCESS_FORMAT, answer]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    with open(answer, encoding="utf-8") as file:
        general = json.load(file)["general"]
    if general["valid_requests"] != lines:
        raise RuntimeError("goaccess: %d hits, expected %d" % (general["valid_requests"], lines))
    bench.compare("scan squid, %d lines, cpu / zcat | goaccess" % lines, command, bench.scan(1, log), 1)


def duckdb(bench, table):
    """Wall time with two threads each; what it takes to start node is not DuckDB's."""
    logs = bench.archives()
    command = ["node", os.path.join(HERE, "peers.js"), modules(bench), table, *logs]

    def ask():
        seconds, _, answer = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode().partition("\n")
        return float(seconds), answer

    expect_equal("DuckDB", cells_of_peer(ask()[1]), cells_of_scan(bench, logs))
    add(bench, "scan squid, 8 archives, 2 threads, wall / DuckDB",
        [(ask()[0], bench.measure(bench.scan(2, *logs))[0]) for _ in range(bench.pairs)], 0.167)


def modules(bench):
    return os.path.join(bench.folder, "node_modules")


def has_duckdb(bench):
    return shutil.which("node") and os.path.exists(os.path.join(modules(bench), "@duckdb"))


PEERS = (("mawk", lambda bench: shutil.which("mawk"), mawk), ("GoAccess", lambda bench: shutil.which("goaccess"), goaccess),
         ("DuckDB", has_duckdb, duckdb))


def run(bench):
    table = signatures(bench)
    for name, is_there, ask in PEERS:
        if is_there(bench):
            ask(bench, table)
        else:
            bench.left_out.append("%s: not installed (PEERS=1 does)" % name)
