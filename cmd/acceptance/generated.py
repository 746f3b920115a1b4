"""generated.py: a scan of what kage-gen writes against what kage-gen says is true of it, row by row."""

import csv
import io
import os
import subprocess
import tempfile

from common import Count, run_kage

KINDS = ("squid", "bind", "csv", "zeek-http-json", "bluecoat-w3c", "fortigate-kv")
SIZE = ["--lines", "60000", "--users", "300", "--hosts", "5000", "--days", "3", "--seed", "11"]


def rows_by_key(text, columns):
    return {(row["user"], row["app"]): [row[column] for column in columns] for row in csv.DictReader(text)}


def compare(kage, kind):
    with tempfile.TemporaryDirectory() as folder:
        log, truth = os.path.join(folder, "log"), os.path.join(folder, "truth.csv")
        with open(log, "wb") as out:
            subprocess.run([os.path.join(os.path.dirname(kage), "kage-gen"), "--format", kind, *SIZE, "--truth", truth],
                           stdout=out, check=True)
        with open(truth, newline="", encoding="utf-8") as file:
            columns = next(csv.reader(file))[2:]
            file.seek(0)
            want = rows_by_key(file, columns)
        out = run_kage(kage, ["scan", "--no-config", "--quiet", "--csv", "-z", "UTC", log]).decode("utf-8")
    got = rows_by_key(io.StringIO(out, newline=""), columns)
    count = Count("generated", kind, len(want))
    for key in sorted(got.keys() | want.keys()):
        if got.get(key) == want.get(key):
            count.right += 1
        else:
            count.fail("%s: %s, expected %s" % (key, got.get(key), want.get(key)))
    return count


def compare_all(kage):
    for kind in KINDS:
        yield compare(kage, kind)
